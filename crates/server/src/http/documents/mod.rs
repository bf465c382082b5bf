//! What a visitor can read without a token: the `OpenAPI` and `AsyncAPI` documents, their pages,
//! the start page.

pub mod asyncapi;
pub(super) mod docs;
pub(crate) mod examples;
pub mod openapi;
mod problem_responses;
pub(in crate::http) mod schema_of;
pub(super) mod start;
