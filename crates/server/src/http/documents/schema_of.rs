//! The schema of a type, with those that it refers to.

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The prefix of references to other schemas of a document.
pub(in crate::http) const COMPONENTS: &str = "#/components/schemas/";

/// The schema of this type and those that it refers to, by name.
pub(in crate::http) fn schemas_of<T: ToSchema>() -> Map<String, Value> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let json = |schema| serde_json::to_value(schema).expect("a schema is JSON");
    schemas.into_iter().map(|(name, schema)| (name, json(schema))).collect()
}
