//! The fields of a kind of fact, as the published API describes them.

use serde_json::Value;

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the fact.
    pub name: String,
    /// Whether a fact without it is incomplete.
    pub is_required: bool,
    /// What is typed or chosen.
    pub kind: Kind,
}

/// What is typed or chosen in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A day.
    Day,
    /// An amount, in euros on the page and in cents in the fact.
    Euros,
    /// A whole number.
    Number,
    /// Yes or no.
    YesNo,
    /// One of these codes.
    Choice(Vec<String>),
    /// Any of these codes.
    Several(Vec<String>),
    /// An id: chosen from the case, or drawn.
    Id,
    /// A short text or a code, of at most so many characters.
    Line(Option<u64>),
    /// A text of at most so many characters.
    Text(Option<u64>),
    /// Several of the same.
    List(Box<Kind>),
    /// Fields that belong together.
    Group(Vec<Field>),
    /// A whole fact: the one that replaces a corrected one.
    Fact,
}

/// The published description of the API.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a>(pub &'a Value);

/// How deep one description may refer to another.
const DEEPEST: u8 = 12;

/// Texts of one line, by their name.
const SHORT: [&str; 4] = ["clientName", "name", "contact", "clientContact"];

impl Document<'_> {
    /// The fields of this kind of fact, without its type; none if there is no such kind.
    pub fn fields(self, kind: &str) -> Option<Vec<Field>> {
        let schemas = self.0.pointer("/components/schemas")?.as_object()?;
        let of_kind =
            |schema: &&Value| schema.pointer("/properties/type/const").and_then(Value::as_str) == Some(kind);
        schemas.values().find(of_kind).map(|schema| self.group(schema, 0))
    }

    /// The fields of an object: the required ones in their order, then the others.
    fn group(self, schema: &Value, depth: u8) -> Vec<Field> {
        let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let others = properties.keys().map(String::as_str).filter(|name| !required.contains(name));
        let names = required.iter().copied().chain(others).filter(|name| *name != "type");
        let field = |name: &str| {
            let kind = self.kind(name, properties.get(name)?, depth);
            Some(Field { name: name.to_owned(), is_required: required.contains(&name), kind })
        };
        names.filter_map(field).collect()
    }

    fn kind(self, name: &str, schema: &Value, depth: u8) -> Kind {
        if depth > DEEPEST {
            return Kind::Line(None);
        }
        if let Some(reference) = schema["$ref"].as_str() {
            return self.referred(name, reference, depth);
        }
        for several in ["allOf", "oneOf", "anyOf"] {
            let parts = schema[several].as_array().into_iter().flatten();
            if let Some(part) = parts.into_iter().find(|part| part["type"] != "null") {
                return self.kind(name, part, depth + 1);
            }
        }
        if let Some(codes) = schema["enum"].as_array() {
            return Kind::Choice(codes.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        }
        let most = schema["maxLength"].as_u64();
        match (type_of(schema), schema["format"].as_str()) {
            ("boolean", _) => Kind::YesNo,
            ("integer" | "number", _) if name.ends_with("Cents") => Kind::Euros,
            ("integer" | "number", _) => Kind::Number,
            ("array", _) => match self.kind(name, &schema["items"], depth + 1) {
                Kind::Choice(codes) => Kind::Several(codes),
                other => Kind::List(Box::new(other)),
            },
            ("object", _) => Kind::Group(self.group(schema, depth + 1)),
            (_, Some("date")) => Kind::Day,
            (_, Some("uuid")) => Kind::Id,
            _ => Kind::Line(most),
        }
    }

    fn referred(self, name: &str, reference: &str, depth: u8) -> Kind {
        let Some(schema) = reference.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer)) else {
            return Kind::Line(None);
        };
        match reference.rsplit('/').next() {
            Some("Fact") => Kind::Fact,
            Some("PrivateText") if !SHORT.contains(&name) => Kind::Text(schema["maxLength"].as_u64()),
            _ => self.kind(name, schema, depth + 1),
        }
    }
}

fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default()
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const PUBLISHED: &str = include_str!("../../../../../api-spec/openapi.json");

    #[test]
    fn a_signal_has_the_fields_that_are_published() {
        let document: Value = serde_json::from_str(PUBLISHED).expect("JSON");
        let fields = Document(&document).fields("signal-reported").expect("a kind of fact");
        let kinds: BTreeMap<_, _> = fields.iter().map(|field| (field.name.as_str(), &field.kind)).collect();
        assert_eq!(kinds["occurredOn"], &Kind::Day);
        assert_eq!(kinds["signalId"], &Kind::Id);
        assert_eq!(kinds["asksForGuidance"], &Kind::YesNo);
        assert_eq!(kinds["observation"], &Kind::Text(Some(4000)));
        assert!(matches!(kinds["asked"], Kind::Choice(parties) if parties.contains(&"client".to_owned())));
        assert!(Document(&document).fields("no-such-kind").is_none());
    }

    #[test]
    fn every_published_kind_of_fact_has_a_form() {
        let document: Value = serde_json::from_str(PUBLISHED).expect("JSON");
        let kinds = document["components"]["schemas"]["FactType"]["enum"].as_array().expect("kinds");
        for kind in kinds.iter().filter_map(Value::as_str) {
            let fields = Document(&document).fields(kind).unwrap_or_default();
            assert_eq!(fields.first().map(|field| field.name.as_str()), Some("occurredOn"), "{kind}");
        }
    }
}
