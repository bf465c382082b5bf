//! The validator of a body, built from the schema of its type.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The prefix of references to other schemas of a document.
pub(in crate::http) const COMPONENTS: &str = "#/components/schemas/";

/// The validator of this type's schema.
///
/// # Panics
/// If the schema refers to one that it does not bring along, or does not compile. Every body that
/// is validated has a test.
#[must_use]
pub(in crate::http) fn validator_of<T: ToSchema>() -> Validator {
    let schema = json!({
        "$ref": format!("{COMPONENTS}{}", T::name()),
        "components": {"schemas": schemas_of::<T>()},
    });
    jsonschema::options().with_draft(Draft::Draft202012).build(&schema).expect("a published schema compiles")
}

/// The schema of this type and those that it refers to, by name.
pub(super) fn schemas_of<T: ToSchema>() -> Map<String, Value> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let json = |schema| serde_json::to_value(schema).expect("a schema is JSON");
    schemas.into_iter().map(|(name, schema)| (name, json(schema))).collect()
}
