//! Reading requests: JSON and its schema check, query parameters, headers, the caller.

pub mod caller;
pub mod codes;
pub(super) mod compiled_schema;
pub(super) mod entity_tags;
pub mod facts;
pub(super) mod headers;
pub mod json;
pub mod language;
pub mod page;
pub mod preconditions;
pub mod query;
pub mod request_hash;
pub mod schema_check;
