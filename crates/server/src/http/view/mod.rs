//! What the caller may see of a response, and what the access log writes about it.

pub(super) mod disclosed;
pub mod disclosure;
pub(crate) mod due_obligation;
pub mod erased_texts;
pub(crate) mod kept_by;
pub(super) mod listed;
pub(super) mod redact;
pub(super) mod shown_fact;
