//! What a visitor can read without a token: the `OpenAPI` and `AsyncAPI` documents, their pages,
//! the start page.

pub mod asyncapi;
pub(super) mod docs;
pub(crate) mod examples;
mod fact_examples;
mod for_clients;
pub mod openapi;
mod problem_responses;
pub(in crate::http) mod schema_of;
pub(super) mod start;

/// Fails unless everything that a document refers to is in it.
#[cfg(test)]
fn assert_references_resolve(document: &serde_json::Value) {
    fn references<'d>(value: &'d serde_json::Value, found: &mut Vec<&'d str>) {
        match value {
            serde_json::Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(serde_json::Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(document, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}
