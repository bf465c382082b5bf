//! The fields of a fact, by its schema.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use utoipa::openapi::{RefOr, Schema};

use super::{FactType, published};

static SCHEMAS: LazyLock<BTreeMap<String, RefOr<Schema>>> = LazyLock::new(published);

/// Whether a JSON pointer leads to a field that this kind of fact can have.
pub fn has_field(kind: FactType, pointer: &str) -> bool {
    let fact = SCHEMAS.get(&format!("{kind:?}")).expect("every kind of fact has a schema");
    pointer.split('/').skip(1).try_fold(fact, field).is_some()
}

fn field<'a>(schema: &'a RefOr<Schema>, name: &str) -> Option<&'a RefOr<Schema>> {
    match schema {
        RefOr::Ref(reference) => field(SCHEMAS.get(reference.ref_location.rsplit('/').next()?)?, name),
        RefOr::T(Schema::Object(object)) => object.properties.get(name),
        RefOr::T(_) => None,
    }
}
