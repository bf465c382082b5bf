//! What of an answer the caller may see, and what the access log writes about it.

pub mod disclosure;
pub(crate) mod due_obligation;
pub mod erased_texts;
pub(super) mod redact;
pub(super) mod shown_fact;
