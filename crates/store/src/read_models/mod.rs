//! The rows that follow from one trajectory's history and are kept in tables of their own.
//!
//! Read models are derived, not fed: a report derives the rows from the history before and after,
//! and the statement that writes its events writes the difference (ADR 5).

pub(crate) mod change;
pub mod contributions;
pub mod difference;
pub mod figures;
pub mod follow_ups;
pub mod held_twice;
pub mod holds;
pub mod nuisance_cases;
pub mod obligations;
pub(crate) mod past_figures;
pub(crate) mod read_model;
pub(crate) mod rows;
pub mod seekers;
pub mod seekers_listed;
pub(crate) mod stored;
pub mod tables;
pub mod trajectories;
pub mod worklist;

pub use read_model::DerivedFrom;
pub use tables::{Derived, Table};
