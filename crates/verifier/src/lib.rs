//! Checks a case file: that every text is the one that was recorded, every event the one that was
//! hashed, every hash the one that was chained, and every chain link a leaf of the signed tree. The
//! file as a whole must be as it was exported.
//!
//! It deliberately shares no code with the ledger: nobody would notice a mistake that both make. It
//! needs no network and no database. `docs/AUDIT.md` describes a case file field by field; this
//! crate is that page as a program.

mod canonical;
mod case;
mod certificate;
mod event;
mod growth;
mod head;
mod heading;
mod note;
mod operator;
mod phase;
mod receipt;
mod redeemed;
mod sealed_file;
mod text;
mod tree;
mod witness;

use std::fmt;

pub use case::{Verdict, verify};
pub use certificate::{Certified, certified};
pub use growth::{Compared, Growth, compared, only_grew};
pub use note::PublicKey;
pub use operator::{OperatorKey, admitted};
pub use receipt::{Kept, kept};
pub use redeemed::redeemed;
pub use witness::{WitnessKey, cosigned};

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The place in the file.
    pub place: String,
    /// What is wrong.
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

/// Whether a file claims to certify that a case was destroyed. Otherwise [check](verify) it as a
/// case file.
#[must_use]
pub fn is_certificate(file: &[u8]) -> bool {
    sealed_file::read(certificate::FORMAT, file).is_ok()
}

/// A hash as it is in a file: 64 lowercase hexadecimal digits.
fn hash(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    text.bytes().all(|byte| !byte.is_ascii_uppercase()).then_some(hash)
}
