//! Checks that everything stored follows from the events, and makes the rows of read models again.

pub mod check;
pub(crate) mod compare;
pub mod finding;
pub mod rebuild;
pub(crate) mod replayed;
pub mod scan;
