//! What the published document has beside what utoipa writes, so that generators make good clients
//! of it and a reader needs no other document.
//!
//! Nothing here changes what is valid: the schemas that bodies are checked against say the same
//! (docs/adr/0038-the-document-is-made-for-generators.md).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::schema_of::COMPONENTS;

/// The document as it is published.
pub(super) fn published(mut document: Value) -> Value {
    let lists = closed_lists(&document);
    walk(&mut document, &mut |at, schema| {
        one_value_is_const(schema);
        // A schema keeps its own list.
        if !at.starts_with("/components/schemas/") || at.matches('/').count() > 3 {
            refer_to_list(schema, &lists);
        }
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = without_sources(text);
        }
    });
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if let Value::Object(schema) = schema {
            schema.insert("title".to_owned(), Value::from(name.as_str()));
        }
    }
    document
}

/// Calls for every object below, the inner ones first, with its pointer.
fn walk(value: &mut Value, change: &mut impl FnMut(&str, &mut Map<String, Value>)) {
    fn visit(at: &str, value: &mut Value, change: &mut impl FnMut(&str, &mut Map<String, Value>)) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields.iter_mut() {
                    // An example is data, not a description of it.
                    if !["example", "examples"].contains(&name.as_str()) {
                        visit(&format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), inner, change);
                    }
                }
                change(at, fields);
            }
            Value::Array(items) => {
                for (index, inner) in items.iter_mut().enumerate() {
                    visit(&format!("{at}/{index}"), inner, change);
                }
            }
            _ => {}
        }
    }
    visit("", value, change);
}

/// The closed lists of codes that have a name, by their codes.
fn closed_lists(document: &Value) -> BTreeMap<Vec<String>, String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let named =
        schemas.into_iter().flatten().filter_map(|(name, schema)| Some((codes(schema.get("enum")?)?, name)));
    let mut by_codes: BTreeMap<Vec<String>, Vec<&String>> = BTreeMap::new();
    for (codes, name) in named {
        by_codes.entry(codes).or_default().push(name);
    }
    // Two lists with the same codes are two things.
    by_codes
        .into_iter()
        .filter(|(_, names)| names.len() == 1)
        .map(|(codes, names)| (codes, names[0].clone()))
        .collect()
}

fn codes(list: &Value) -> Option<Vec<String>> {
    let mut codes: Vec<_> =
        list.as_array()?.iter().map(|code| code.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    codes.sort();
    (codes.len() > 1).then_some(codes)
}

/// `const` instead of a list with one value: a generator then makes a literal of it, not a type.
fn one_value_is_const(schema: &mut Map<String, Value>) {
    if let Some([only]) = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice) {
        let only = only.clone();
        schema.remove("enum");
        schema.insert("const".to_owned(), only);
    }
}

/// A list of codes that has a name is referred to: one name, one type.
fn refer_to_list(schema: &mut Map<String, Value>, lists: &BTreeMap<Vec<String>, String>) {
    let Some(name) = schema.get("enum").and_then(codes).and_then(|codes| lists.get(&codes)) else { return };
    schema.retain(|key, _| key == "description" || key == "default");
    schema.insert("$ref".to_owned(), json!(format!("{COMPONENTS}{name}")));
}

/// A description without the sources of a rule: they name documents that its reader does not have.
fn without_sources(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(start) = text.find("Source: ").or_else(|| text.find("Source:\n")) {
        let end = sentence_end(&text[start..]).map_or(text.len(), |length| start + length);
        text.replace_range(start..end, "");
    }
    while let Some(start) = text.find("`docs/").and_then(|named| text[..named].rfind('(')) {
        let end = text[start..].find(')').map_or(text.len(), |length| start + length + 1);
        let from = text[..start].trim_end().len();
        text.replace_range(from..end, "");
    }
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n").replace("  ", " ").trim().to_owned()
}

/// Where a sentence ends, with the blank after it.
fn sentence_end(text: &str) -> Option<usize> {
    let stops = text.match_indices('.').map(|(at, _)| at + 1);
    stops.into_iter().find_map(|end| {
        let blank = text[end..].chars().next()?;
        blank.is_whitespace().then_some(end + blank.len_utf8())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn document() -> Value {
        serde_json::from_str(&super::super::openapi::printed()).expect("JSON")
    }

    /// Every object of the document.
    fn objects(document: &Value) -> Vec<(String, Map<String, Value>)> {
        let mut found = Vec::new();
        walk(&mut document.clone(), &mut |at, object| found.push((at.to_owned(), object.clone())));
        found
    }

    fn schemas(document: &Value) -> &Map<String, Value> {
        document["components"]["schemas"].as_object().expect("schemas")
    }

    #[test]
    fn every_kind_of_fact_is_distinguished_by_one_constant() {
        let document = document();
        let fact = &schemas(&document)["Fact"];
        let mapping = fact["discriminator"]["mapping"].as_object().expect("a mapping");
        assert_eq!(fact["discriminator"]["propertyName"], "type");
        assert_eq!(fact["oneOf"].as_array().map(Vec::len), Some(mapping.len()));
        for (kind, reference) in mapping {
            let name = reference.as_str().and_then(|path| path.strip_prefix(COMPONENTS)).expect("a schema");
            assert_eq!(schemas(&document)[name]["properties"]["type"]["const"], kind.as_str(), "{name}");
        }
    }

    #[test]
    fn every_schema_has_its_name_as_title_and_no_list_of_codes_is_written_twice() {
        let document = document();
        for (name, schema) in schemas(&document) {
            assert_eq!(schema["title"], name.as_str());
        }
        let lists = closed_lists(&document);
        for (at, object) in objects(&document) {
            let list = object.get("enum").and_then(codes);
            let named = list.and_then(|codes| lists.get(&codes));
            assert!(named.is_none_or(|name| at == format!("/components/schemas/{name}")), "{at}");
            assert!(object.get("enum").and_then(Value::as_array).is_none_or(|codes| codes.len() > 1), "{at}");
        }
    }

    #[test]
    fn no_description_refers_to_a_document_that_its_reader_does_not_have() {
        for (at, object) in objects(&document()) {
            let Some(text) = object.get("description").and_then(Value::as_str) else { continue };
            for unknown in ["docs/", "Source:", "[`", "ADR", ".md", ".rs"] {
                assert!(!text.contains(unknown), "{at}: {text}");
            }
            assert!(!text.contains('§') || text.contains("RFC"), "{at}: {text}");
            assert!(!text.is_empty() && !text.contains("  ") && !text.ends_with(" ."), "{at}: {text:?}");
        }
    }

    #[test]
    fn sources_are_left_out_and_nothing_else() {
        for (text, expected) in [
            ("A. Dutch: *b*. Source:\n`docs/DOMAIN.md` §3.3.", "A. Dutch: *b*."),
            ("A. Source: S2 (Assen) names\nit; ours, `docs/DOMAIN.md` §7. A milestone.", "A. A milestone."),
            ("The role (`docs/DOMAIN.md` §2 and §8). Dutch: *rol*.", "The role. Dutch: *rol*."),
            ("It pays (our decision: `docs/DOMAIN.md` §3.7).", "It pays."),
            ("The open source licence.", "The open source licence."),
        ] {
            assert_eq!(without_sources(text), expected);
        }
    }

    /// Fields that are two things under one name in the vocabulary of the field itself.
    const TWO_THINGS: [(&str, &str); 41] = [
        ("status", "of HTTP, of a check, a mark, a nuisance case, an obligation"),
        ("kind", "of nuisance, organisation, condition"),
        ("items", "of a page"),
        ("type", "of fact, of event, of problem, of label"),
        ("outcome", "of an attempt, of a trajectory"),
        ("role", "a role of a caller; in what was recorded also that of an operator"),
        ("from", "of a period, of a change"),
        ("to", "of a period, of a change"),
        ("by", "of parties, of a fact's number"),
        ("next", "of a page, of a nuisance case"),
        ("cases", "of nuisance, of a figure"),
        ("client", "of a trajectory, of the access log"),
        ("due", "of obligations, counted"),
        ("overdue", "of an obligation, counted"),
        ("organisation", "as a code, as a whole"),
        ("agreements", "of a set, of a case, counted"),
        ("obligations", "of a set, of a case"),
        ("retained", "of one anniversary, of all"),
        ("tenancy", "of a case, of a check"),
        ("clients", "the programs of an organisation, a count of people"),
        ("code", "of an error or label, of a warning"),
        ("homes", "of a region, counted; of a worklist, held by two cases"),
        ("profile", "in a fact, in a count of people"),
        ("what", "of a change in a replay, of a hold"),
        ("position", "of an event in the ledger, of a party on the flip"),
        ("state", "of a receipt, of a subscription"),
        ("reason", "as a code, as a text"),
        ("keptBy", "of a set, of an obligation"),
        ("checks", "of a home for a client, of the follow-up"),
        ("complex", "as a code, as a whole"),
        ("complexes", "of a neighbourhood, counted"),
        ("counts", "of a worklist, of those who seek a home"),
        ("events", "of a stream, of a report"),
        ("fact", "of a trajectory, of a stream beside it"),
        ("expected", "in a forecast, counted now"),
        ("lettings", "of a corporation, of a plan"),
        ("municipalities", "of a region, counted"),
        ("needs", "of a client, of a check"),
        ("profiles", "of a quarter, counted"),
        ("ready", "of a plan, counted now"),
        ("stuck", "of a client, counted"),
    ];

    #[test]
    fn one_name_has_one_type_in_every_answer() {
        let document = document();
        // Of a trajectory, and of each kind of stream.
        let facts: BTreeSet<_> = schemas(&document)
            .iter()
            .filter(|(name, _)| name.ends_with("Fact"))
            .filter_map(|(_, facts)| facts["discriminator"]["mapping"].as_object())
            .flat_map(|kinds| kinds.values())
            .filter_map(|path| path.as_str()?.strip_prefix(COMPONENTS))
            .collect();
        let mut types: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (name, schema) in schemas(&document).iter().filter(|(name, _)| !facts.contains(name.as_str())) {
            for (field, of) in schema["properties"].as_object().into_iter().flatten() {
                types.entry(field).or_default().insert(type_of(&document, of));
                assert!(field != "withheld" || type_of(&document, of) == "[string]", "{name}: {of}");
            }
        }
        let several: BTreeSet<_> =
            types.iter().filter(|(_, types)| types.len() > 1).map(|(name, _)| *name).collect();
        let listed: BTreeSet<_> = TWO_THINGS.iter().map(|(name, _)| *name).collect();
        let beside: Vec<_> = several.difference(&listed).map(|name| (name, &types[*name])).collect();
        assert!(beside.is_empty(), "{beside:#?}");
        assert_eq!(listed.difference(&several).collect::<Vec<_>>(), Vec::<&&str>::new());
    }

    /// A type as a generated client has it: bounds and patterns are no types.
    fn type_of(document: &Value, schema: &Value) -> String {
        if let Some(path) = schema["$ref"].as_str() {
            let referred = document.pointer(path.trim_start_matches('#')).expect("it is there");
            let is_plain = ["string", "integer"].map(Value::from).contains(&referred["type"]);
            let is_plain = is_plain && referred.get("enum").is_none();
            return if is_plain { type_of(document, referred) } else { path.to_owned() };
        }
        match (&schema["type"], &schema["items"]) {
            (_, items @ Value::Object(_)) => format!("[{}]", type_of(document, items)),
            (Value::String(one), _) => one.clone(),
            (Value::Array(several), _) => type_of(document, &json!({"type": several[0]})),
            _ => schema.to_string(),
        }
    }
}
