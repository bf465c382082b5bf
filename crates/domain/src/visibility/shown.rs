//! How a fact is shown to a viewer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Category;
use crate::agreements::obligation::Obligation;
use crate::trajectory::FactType;

/// How a fact is shown. Withheld data is always marked as withheld, never silently left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Whole,
    /// Without these fields, by JSON pointer. An optional field is named whether the fact has it or
    /// not.
    InPart {
        /// The withheld fields.
        withheld: Vec<String>,
    },
    /// Only that there is a fact.
    Withheld,
}

impl Shown {
    /// Removes the withheld data from a fact on the wire.
    pub fn strip(&self, fact: &mut Value) {
        match self {
            Self::Whole => {}
            Self::InPart { withheld } => withheld.iter().for_each(|pointer| take_out(fact, pointer)),
            Self::Withheld => *fact = Value::Null,
        }
    }
}

/// The categories of data that an obligation shows: those of the facts that start and keep it.
#[must_use]
pub fn shown_categories_of(obligation: &Obligation) -> BTreeSet<Category> {
    let patterns = obligation.starts_with.iter().chain(obligation.kept_by.patterns());
    patterns.flat_map(|pattern| pattern.facts.iter()).map(FactType::category).collect()
}

fn take_out(fact: &mut Value, pointer: &str) {
    let (parent, field) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    if let Some(Value::Object(parent)) = fact.pointer_mut(parent) {
        parent.remove(field);
    }
}

/// The JSON pointers in one fact to a field in the notation of [`Fields`](super::Fields): one for each
/// element of a list.
pub(super) fn pointers(fact: &Value, field: &str) -> Vec<String> {
    let mut found = vec![(String::new(), fact)];
    let (path, last) = field.rsplit_once('/').map_or((None, field), |(path, last)| (Some(path), last));
    for part in path.into_iter().flat_map(|path| path.split('/')) {
        found = found.into_iter().flat_map(|(at, value)| inside(&at, value, part)).collect();
    }
    found.into_iter().map(|(at, _)| format!("{at}/{last}")).collect()
}

/// Leaves out pointers to parts of a field that is withheld itself: they would show what is there.
pub(super) fn outermost(pointers: &[String]) -> Vec<String> {
    let is_inside =
        |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    let is_outermost = |pointer: &&String| !pointers.iter().any(|outer| is_inside(pointer, outer));
    pointers.iter().filter(is_outermost).cloned().collect()
}

fn inside<'a>(at: &str, value: &'a Value, part: &str) -> Vec<(String, &'a Value)> {
    match value {
        Value::Array(elements) if part == "*" => {
            elements.iter().enumerate().map(|(index, element)| (format!("{at}/{index}"), element)).collect()
        }
        _ => value.get(part).map(|value| (format!("{at}/{part}"), value)).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_withheld_field_is_removed_from_every_element_of_a_list() {
        let mut fact = json!({"areas": [{"place": "a", "reason": "b"}, {"place": "c", "reason": "d"}]});
        let withheld = pointers(&fact, "areas/*/reason");
        assert_eq!(withheld, ["/areas/0/reason", "/areas/1/reason"]);
        Shown::InPart { withheld }.strip(&mut fact);
        assert_eq!(fact, json!({"areas": [{"place": "a"}, {"place": "c"}]}));
    }

    #[test]
    fn a_field_inside_a_withheld_field_is_not_named() {
        let withheld = ["/cases/0/kind", "/cases", "/casesClosed"].map(str::to_owned);
        assert_eq!(outermost(&withheld), ["/cases", "/casesClosed"]);
    }

    #[test]
    fn an_absent_field_is_named_unless_its_parent_is_absent_too() {
        let fact = json!({"place": "a"});
        assert_eq!(pointers(&fact, "reporter"), ["/reporter"]);
        assert!(pointers(&fact, "lease/terms/unit").is_empty());
    }
}
