//! Sealed files that leave the ledger: case files and certificates of destruction.

pub mod case_file;
pub(super) mod certificate_file;
pub mod sealed_file;
