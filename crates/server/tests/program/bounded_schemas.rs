//! Every part of a request has a bound in the published schema, which is also the check: no list
//! and no text can be so long that every later reader pays for it. The schema of a text in a body
//! also says that U+0000 is refused, so that generated clients know.

use std::collections::BTreeSet;

use omklap::http::documents::openapi::document;
use omklap::http::problem::Complaint;
use omklap::http::request::schema_check::Vocabulary;
use omklap_domain::allocation::StreamKind;
use serde_json::{Value, json};

/// Formats whose texts all have about the same length.
const OF_FIXED_LENGTH: [&str; 3] = ["uuid", "date", "date-time"];

/// Everything that is published about requests: the schemas of bodies and parameters, each where it
/// was found.
struct Published {
    document: Value,
    seen: BTreeSet<String>,
    unbounded: Vec<String>,
    takes_nul: Vec<String>,
    lists: usize,
    texts: usize,
}

impl Published {
    fn walked() -> Self {
        let document = serde_json::to_value(document()).expect("a document is JSON");
        let paths = document["paths"].clone();
        let mut published = Self {
            document,
            seen: BTreeSet::new(),
            unbounded: Vec::new(),
            takes_nul: Vec::new(),
            lists: 0,
            texts: 0,
        };
        for (path, item) in paths.as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let place = format!("{method} {path}");
                let contents = operation["requestBody"]["content"].as_object().into_iter().flatten();
                contents.for_each(|(_, content)| published.walk(&content["schema"], &place));
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    published.walk(&parameter["schema"], &format!("{place} {}", parameter["name"]));
                }
            }
        }
        published
    }

    fn walk(&mut self, schema: &Value, place: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|at| at.strip_prefix("#/components/schemas/")) {
            if self.seen.insert(name.to_owned()) {
                let component = self.document["components"]["schemas"][name].clone();
                self.walk(&component, name);
            }
            return;
        }
        self.list(schema, place);
        self.text(schema, place);
        self.map(schema, place);
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            self.walk(field, &format!("{place}.{name}"));
        }
        for part in ["oneOf", "anyOf", "allOf"] {
            schema[part].as_array().into_iter().flatten().for_each(|one| self.walk(one, place));
        }
    }

    fn list(&mut self, schema: &Value, place: &str) {
        if !is(schema, "array") {
            return;
        }
        self.lists += 1;
        if !schema["maxItems"].is_u64() {
            self.unbounded.push(format!("{place}: a list without maxItems"));
        }
        // A list of enum values is a set: no value may be repeated.
        if self.resolved(&schema["items"])["enum"].is_array() && schema["uniqueItems"] != true {
            self.unbounded.push(format!("{place}: a set without uniqueItems"));
        }
        self.walk(&schema["items"], &format!("{place}[]"));
    }

    fn text(&mut self, schema: &Value, place: &str) {
        if !is(schema, "string") {
            return;
        }
        self.texts += 1;
        let is_short = schema["maxLength"].is_u64() || schema["enum"].is_array();
        let of_a_format = schema["format"].as_str().is_some_and(|format| OF_FIXED_LENGTH.contains(&format));
        if !is_short && !of_a_format && !schema["pattern"].as_str().is_some_and(ends_somewhere) {
            self.unbounded.push(format!("{place}: a text without maxLength"));
        }
        let validator = jsonschema::options().should_validate_formats(true).build(schema).expect("a schema");
        if validator.is_valid(&json!("\0")) {
            self.takes_nul.push(place.to_owned());
        }
    }

    fn map(&mut self, schema: &Value, place: &str) {
        let of = &schema["additionalProperties"];
        if !of.is_object() {
            return;
        }
        if !schema["maxProperties"].is_u64() || !schema["propertyNames"]["maxLength"].is_u64() {
            self.unbounded.push(format!("{place}: names without a bound"));
        }
        self.walk(of, &format!("{place}.*"));
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let name = schema["$ref"].as_str().and_then(|at| at.strip_prefix("#/components/schemas/"));
        name.map_or(schema, |name| &self.document["components"]["schemas"][name])
    }
}

fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
}

/// Whether a pattern covers the whole text and has no unbounded repetition.
fn ends_somewhere(pattern: &str) -> bool {
    let plain = pattern.replace("\\*", "").replace("\\+", "");
    pattern.starts_with('^') && pattern.ends_with('$') && !plain.contains(['*', '+']) && !plain.contains(",}")
}

#[test]
fn every_list_and_every_text_of_every_request_has_a_bound() {
    let published = Published::walked();
    assert_eq!(published.unbounded, Vec::<String>::new());
    assert!(published.lists > 20 && published.texts > 100, "{} {}", published.lists, published.texts);
}

#[test]
fn every_text_of_every_request_says_that_it_refuses_the_null_character() {
    assert_eq!(Published::walked().takes_nul, Vec::<String>::new());
}

#[test]
fn a_pattern_is_a_bound_unless_it_repeats_without_end() {
    assert!(ends_somewhere("^[!-~]{1,128}$") && ends_somewhere(r"^\*$"));
    assert!(!ends_somewhere("^a+$") && !ends_somewhere("[a-z]{3}") && !ends_somewhere("^a{3,}$"));
}

#[test]
fn a_list_in_a_fact_that_is_longer_than_its_bound_is_refused_at_its_place() {
    let document = serde_json::to_value(document()).expect("a document is JSON");
    // A kind of fact is one of trajectories, or of one kind of stream.
    let vocabularies: Vec<_> = std::iter::once(Vocabulary::of_trajectories())
        .chain(StreamKind::ALL.iter().map(|kind| Vocabulary::of_streams(*kind)))
        .collect();
    let mut tried = 0;
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let Some(fact_type) = schema["properties"]["type"]["enum"][0].as_str() else { continue };
        for (field, list) in schema["properties"].as_object().expect("fields") {
            let Some(most) = list["maxItems"].as_u64() else { continue };
            let body =
                json!({"type": fact_type, field: vec![json!(1); usize::try_from(most).expect("few") + 1]});
            let expected = too_many(field).limit(most);
            let is_refused = |words: &&Vocabulary| words.complaints(&body, "").contains(&expected);
            assert!(vocabularies.iter().any(is_refused), "{name}.{field}");
            tried += 1;
        }
    }
    assert!(tried >= 19, "{tried} lists");
}

fn too_many(field: &str) -> Complaint {
    Complaint::body(format!("/{field}"), omklap::http::problem::Fault::TooMany)
}
