//! Streams beside the trajectory: recording their facts, reading them, and checking what is stored. One
//! code serves every kind of stream in the domain's table ([`StreamKind`](omklap_domain::allocation::StreamKind)).
//!
//! Decision: ADR 37.

pub mod check;
mod decision;
mod places;
mod read;
mod record;
mod rests_on;
mod row;
mod write;

pub use decision::NotRecorded;
pub use places::EventPlace;
pub use read::{ListedStreams, RecordedStream, StreamEvent};
pub use record::{RecordedFacts, StreamReport, StreamTarget};
