//! Messages of VERA 4.3, the data standard of Dutch housing corporations, read and written, and their
//! mapping to the facts of the ledger. Pure: no HTTP, no SQL, no clock.
//!
//! A message is read liberally: unknown fields are ignored, either casing of a name is taken, a reference
//! may be a URI or an object, and all faults come back at once. Three kinds of data are refused wherever
//! they are: citizen service numbers, incomes, and groups that reveal care or crime. A message is written
//! strictly, in the forms of VERA's *Informatiedomeinen*.
//!
//! Source: VERA 4.3.0 (OpenAPI and Referentiedata). The words of VERA keep their Dutch names. The mapping
//! with its reasons is in `docs/VERA.md`; decision: ADR 50.

mod allocation;
mod codes;
mod exchange;
mod extra;
mod fault;
mod forbidden;
mod home;
mod keys;
mod lease;
mod lease_end;
mod node;
mod offer;
mod offer_draft;
mod publication;
mod ready;
mod relations;
mod unit;
mod written;

pub use allocation::{AllocationMessage, AllocationSubject};
pub use codes::{Code, CodeList};
pub use exchange::{KnownLeases, NOTICES, OfferedThere, Outgoing, OutgoingKind, PUBLICATIONS};
pub use fault::{Fault, FaultCode, Foutbericht};
pub use home::HomeMessage;
pub use keys::{CaseKey, UnitUris, lease_id, offer_id, vacancy_id};
pub use lease::{LeaseContext, LeaseMessage, NewLease};
pub use lease_end::{LeaseEndForm, LeaseEndMessage, LeaseEndReading};
pub use node::Message;
pub use offer::{OfferAnswer, OfferMessage, OfferWritten};
pub use offer_draft::{DraftContext, OfferDraft};
pub use publication::{PublicationChange, PublicationContext, PublicationMessage, Published};
pub use ready::{CandidateWritten, PriorityWritten};
pub use relations::{LeaseWritten, MatchWritten};
pub use unit::UnitMessage;
pub use written::Written;
