//! Reads the facts that an obligation refers to.

use super::fields::{self, Shape};
use super::table::{Faults, Table, Value, items, leaf};
use crate::agreements::field::{FieldPath, Scalar};
use crate::agreements::pattern::{Condition, FactTypes, HOUSED, Pattern};
use crate::day::Day;
use crate::likeness::most_like;
use crate::trajectory::FactType;
use toml::de::DeValue;

/// A fact by its name, or a table `{ fact = …, where = { … }, has = [ … ] }`.
pub(super) fn pattern(value: Value<'_>, faults: &Faults<'_>) -> Option<Pattern> {
    if matches!(value.get_ref(), DeValue::String(_)) {
        return Some(Pattern { facts: fact_types(value, faults)?, conditions: Vec::new() });
    }
    let table = Table::of(value, faults)?;
    if table.value("fact").is_none() {
        table.missing("fact");
    }
    let facts = table.value("fact").and_then(|name| fact_types(name, faults));
    let wheres = table.value("where").and_then(|wheres| Table::of(wheres, faults));
    let has = table.list("has");
    table.done();
    let facts = facts?;
    let mut conditions = Vec::new();
    for (name, value) in wheres.iter().flat_map(Table::entries) {
        conditions.extend(equals(facts, name, value, faults));
    }
    for name in has {
        let path: Option<String> = leaf(name, faults);
        let path = path.map(|path| FieldPath::named(&path)).filter(|path| exists(facts, path, name, faults));
        conditions.extend(path.map(|field| Condition { field, one_of: Vec::new() }));
    }
    Some(Pattern { facts, conditions })
}

pub(super) fn patterns(values: Vec<Value<'_>>, faults: &Faults<'_>) -> Vec<Pattern> {
    values.into_iter().filter_map(|value| pattern(value, faults)).collect()
}

/// The kinds of fact that a name refers to.
pub(super) fn fact_types(value: Value<'_>, faults: &Faults<'_>) -> Option<FactTypes> {
    let name: String = leaf(value, faults)?;
    let found = FactTypes::named(&name);
    if found.is_none() {
        let like = nearest(&name).map(|like| format!("; did you mean `{like}`?")).unwrap_or_default();
        faults.at(&value.span(), format!("no fact is called `{name}`{like}"));
    }
    if found.is_some_and(|found| found.contains(FactType::EventCorrected)) {
        faults
            .at(&value.span(), "a correction cannot start or keep anything: name the fact that it corrects");
        return None;
    }
    found
}

/// One name of a fact, or a list of names.
pub(super) fn facts_listed(value: Value<'_>, faults: &Faults<'_>) -> FactTypes {
    let values =
        if matches!(value.get_ref(), DeValue::Array(_)) { items(value, faults) } else { vec![value] };
    values.into_iter().filter_map(|value| fact_types(value, faults)).fold(FactTypes::default(), FactTypes::or)
}

/// A field that each of these facts must have.
pub(super) fn field(facts: FactTypes, value: Value<'_>, faults: &Faults<'_>) -> Option<FieldPath> {
    let path = FieldPath::named(&leaf::<String>(value, faults)?);
    exists(facts, &path, value, faults).then_some(path)
}

/// Whether each of these facts has a field. Reports a fault if one does not.
pub(super) fn exists(facts: FactTypes, path: &FieldPath, at: Value<'_>, faults: &Faults<'_>) -> bool {
    let without = facts.iter().find(|kind| fields::shape(*kind, path).is_none());
    if let Some(kind) = without {
        let known = fields::names(kind).join(", ");
        faults.at(&at.span(), format!("`{kind}` has no field `{path}`; it has {known}"));
    }
    without.is_none()
}

fn equals(facts: FactTypes, name: &str, value: Value<'_>, faults: &Faults<'_>) -> Option<Condition> {
    let field = FieldPath::named(name);
    if !exists(facts, &field, value, faults) {
        return None;
    }
    let values =
        if matches!(value.get_ref(), DeValue::Array(_)) { items(value, faults) } else { vec![value] };
    if values.is_empty() {
        faults.at(&value.span(), "this list is empty, so no value can match");
    }
    let one_of = values.into_iter().filter_map(|value| scalar(facts, &field, value, faults)).collect();
    Some(Condition { field, one_of })
}

fn scalar(facts: FactTypes, field: &FieldPath, value: Value<'_>, faults: &Faults<'_>) -> Option<Scalar> {
    let said = match value.get_ref() {
        DeValue::Boolean(yes) => Scalar::Bool(*yes),
        DeValue::Integer(_) => Scalar::Number(leaf(value, faults)?),
        DeValue::String(text) => Scalar::Text(text.to_string().into()),
        other => {
            faults.at(&value.span(), format!("a field cannot be {}", other.type_str()));
            return None;
        }
    };
    for shape in facts.iter().filter_map(|kind| fields::shape(kind, field)) {
        if let Some(fault) = cannot_say(&shape, &said, field) {
            faults.at(&value.span(), fault);
            return None;
        }
    }
    Some(said)
}

fn cannot_say(shape: &Shape, said: &Scalar, field: &FieldPath) -> Option<String> {
    match (shape, said) {
        (Shape::Choice(words), Scalar::Text(text)) if words.iter().all(|word| word != text) => {
            Some(format!("`{field}` cannot be `{text}`; it must be one of {}", words.join(", ")))
        }
        (Shape::Number(range), Scalar::Number(number)) if !range.contains(number) => Some(format!(
            "`{field}` cannot be {number}; it must be from {} to {}",
            range.start(),
            range.end()
        )),
        (Shape::Date, Scalar::Text(text)) if text.parse::<Day>().is_err() => {
            Some(format!("`{field}` cannot be `{text}`; it must be a date, such as 2026-03-01"))
        }
        (Shape::Private, _) => {
            Some(format!("`{field}` is private text, which no event contains; only `has` can test it"))
        }
        (Shape::Bool, Scalar::Bool(_))
        | (Shape::Number(_), Scalar::Number(_))
        | (Shape::Text | Shape::Choice(_) | Shape::Date, Scalar::Text(_)) => None,
        (Shape::Parts, _) => Some(format!("`{field}` has fields of its own; only `has` can test it")),
        (Shape::Bool, _) => Some(format!("`{field}` must be true or false")),
        (Shape::Number(_), _) => Some(format!("`{field}` must be a number")),
        (Shape::Text | Shape::Choice(_) | Shape::Date, _) => Some(format!("`{field}` must be a text")),
    }
}

/// The fact name that is most like this one, if any is.
fn nearest(name: &str) -> Option<&'static str> {
    most_like(name, FactType::ALL.iter().map(|kind| kind.as_str()).chain([HOUSED]))
}
