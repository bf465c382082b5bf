//! Whether everything stored follows from the events: check, compare, rebuild.

pub mod check;
pub mod compare;
pub mod rebuild;
pub mod scan;
