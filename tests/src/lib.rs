//! The words in which journeys are told.
//!
//! A journey sees what a partner sees: it sends JSON over HTTP and reads what comes back. So facts are written here as they
//! are on the wire (`facts.json`), not as the program's own types: a field that changes its name breaks a journey.

#![expect(clippy::missing_panics_doc, reason = "these words panic where the journey goes otherwise")]

mod answer;
mod api;
mod blessing;
mod case;
mod document;
mod fact;
mod ledger;
mod lives;
mod partners;
mod process;
mod receiver;
mod request;
mod team;
mod waiting;

pub use answer::Answer;
pub use api::Api;
pub use blessing::says;
pub use case::Case;
pub use document::{Document, with_text};
pub use fact::{Told, demo_histories, kinds, told};
pub use ledger::{Ledger, agreement_sets};
pub use process::{Process, files};
pub use receiver::{Answers, Received, Receiver};
pub use request::Request;
pub use team::Team;
pub use waiting::eventually;
