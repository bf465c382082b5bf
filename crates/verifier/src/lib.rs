//! Checks a case file: that every text is the one that was recorded, every event the one that was hashed, every hash the one
//! that was chained, every chain link a leaf of the tree that was signed, and the file as a whole as it was exported.
//!
//! It shares no code with the ledger, on purpose: what both get wrong alike nobody would see. It needs no network and no
//! database. What a case file is, field by field, stands in `docs/AUDIT.md`; this is that page as a program.

mod canonical;
mod case;
mod certificate;
mod event;
mod growth;
mod heading;
mod note;
mod phase;
mod sealed_file;
mod text;
mod tree;

use std::fmt;

pub use case::{Verdict, verify};
pub use certificate::{Certified, certified};
pub use growth::{Growth, only_grew};
pub use note::PublicKey;

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

impl Wrong {
    fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for Wrong {}

/// SHA-256.
type Hash = [u8; 32];

/// Whether a file says of itself that it certifies that a case was destroyed; else it is to be [checked](verify) as a case file.
#[must_use]
pub fn is_certificate(file: &[u8]) -> bool {
    sealed_file::read(certificate::FORMAT, file).is_ok()
}

/// A hash as a file writes it: 64 hexadecimal digits, small letters.
fn hash(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    text.bytes().all(|byte| !byte.is_ascii_uppercase()).then_some(hash)
}
