//! Who may act: the organisations and their programs, their webhook subscriptions, and the agreement
//! sets that the ledger uses. Each of these is a stream of events; the tables `organisations`,
//! `clients`, `subscriptions` and `agreement_sets` are what follows from them, written in the same
//! transaction. Signing in reads the tables.
//!
//! Decision: ADR 42.

pub mod check;
pub(crate) mod entry;
pub mod reporters;
mod rows;

pub use entry::KINDS;
