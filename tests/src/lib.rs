//! The vocabulary of the journeys.
//!
//! A journey sees what a partner sees: it sends JSON over HTTP and reads what comes back. Facts are
//! therefore written as they are on the wire (`facts.json`), not as types of the program: renaming
//! a field breaks a journey.

#![expect(clippy::missing_panics_doc, reason = "the vocabulary panics when a journey fails")]

mod answer;
mod api;
mod blessing;
mod browser;
mod case;
mod command;
mod document;
mod fact;
mod ledger;
mod lives;
mod overheard;
mod partners;
mod process;
mod receiver;
mod request;
mod team;
mod vera_server;
mod waiting;

pub use answer::Answer;
pub use api::{Api, FIRST_DAY};
pub use blessing::assert_page_matches;
pub use browser::{Browser, Screen};
pub use case::Case;
pub use document::{Document, with_text};
pub use fact::{SampleFact, demo_histories, kinds, sample_fact, shown_fact};
pub use ledger::{Ledger, agreement_sets};
pub use overheard::Overheard;
pub use process::{Process, files};
pub use receiver::{Answers, Received, Receiver};
pub use request::Request;
pub use team::Team;
pub use vera_server::{Sent, Takes, VeraServer};
pub use waiting::eventually;
