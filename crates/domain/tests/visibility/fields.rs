//! Every field of every fact in the published schema has exactly one category.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::trajectory::FactType;
use omklap_domain::trajectory::fact::published;
use serde_json::Value;

#[test]
fn every_field_of_every_fact_has_a_category_and_the_most_specific_one_applies() {
    let schemas = schemas();
    for fact in FactType::ALL {
        let declared = declared(*fact);
        let once: BTreeSet<_> = declared.iter().collect();
        assert_eq!(once.len(), declared.len(), "{fact} gives a field two categories");
        for field in leaves(&schemas, of(&schemas, *fact)) {
            let has_one = declared.iter().any(|rule| covers(rule, &field));
            assert!(field == "type" || has_one, "{fact}: {field} has no category");
        }
    }
}

#[test]
fn no_category_is_given_to_a_field_that_is_not_there() {
    let schemas = schemas();
    for fact in FactType::ALL {
        let fields = leaves(&schemas, of(&schemas, *fact));
        for rule in declared(*fact) {
            assert!(fields.iter().any(|field| covers(&rule, field)), "{fact} has no {rule}");
        }
    }
}

#[test]
fn a_fact_itself_has_the_category_of_its_date() {
    for fact in FactType::ALL {
        let (category, fields) = fact.row().fields[0];
        assert!(fields.starts_with("occurredOn") && category == fact.category(), "{fact}");
    }
}

fn declared(fact: FactType) -> Vec<String> {
    fact.row().fields.iter().flat_map(|(_, fields)| fields.split(' ')).map(str::to_owned).collect()
}

fn covers(rule: &str, field: &str) -> bool {
    field == rule || field.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/'))
}

fn schemas() -> BTreeMap<String, Value> {
    let as_json = |schema| serde_json::to_value(schema).expect("a schema is JSON");
    published().into_iter().map(|(name, schema)| (name, as_json(schema))).collect()
}

fn of(schemas: &BTreeMap<String, Value>, fact: FactType) -> &Value {
    let is_it = |schema: &&Value| schema.pointer("/properties/type/enum/0") == Some(&fact.as_str().into());
    schemas.values().find(is_it).expect("every fact is published")
}

/// Every field that has a value, in the notation of the table: `areas/*/reason`.
fn leaves(schemas: &BTreeMap<String, Value>, schema: &Value) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return schemas.get(name).map_or_else(|| vec![String::new()], |referred| leaves(schemas, referred));
    }
    let below = |part: &str, schema: &Value| -> Vec<String> {
        let inner = leaves(schemas, schema);
        inner.into_iter().map(|leaf| format!("{part}/{leaf}").trim_end_matches('/').to_owned()).collect()
    };
    if let Some(fields) = schema["properties"].as_object() {
        return fields.iter().flat_map(|(name, field)| below(name, field)).collect();
    }
    if schema["items"].is_object() {
        return below("*", &schema["items"]);
    }
    vec![String::new()]
}
