//! Streams beside the trajectory: recording their facts, reading them, and checking what is stored. One
//! code serves every kind of stream in the domain's table ([`StreamKind`](omklap_domain::allocation::StreamKind)).
//!
//! Decision: ADR 37.

mod candidates;
pub mod check;
mod decision;
mod lived_in;
mod offers;
mod places;
mod quotas;
mod read;
mod record;
mod rests_on;
mod row;
mod vacancies;
mod write;

pub use candidates::ListAsOf;
pub use decision::NotRecorded;
pub use lived_in::LivedIn;
pub use places::EventPlace;
pub use quotas::QuotaOfYear;
pub(crate) use read::fact_of;
pub use read::{ListedStreams, RecordedStream, StreamEvent};
pub use record::{RecordedFacts, StreamReport, StreamTarget};
