//! Recording a report: load, decide, write events and rows in one transaction.

pub(super) mod load;
pub mod report;
pub(super) mod rows;
pub(super) mod unit_of_work;
