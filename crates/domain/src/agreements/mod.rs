//! The agreements of a region, as data: every region makes its own (S0).

pub mod set;

pub use set::{AgreementSet, AgreementSets, SetError};
