//! Checks a case file: that every text is the one that was recorded, every event the one that was hashed, every hash the one
//! that was chained, every chain link a leaf of the tree that was signed, and the file as a whole as it was exported.
//!
//! It shares no code with the ledger, on purpose: what both get wrong alike nobody would see. It needs no network and no
//! database. What a case file is, field by field, stands in `docs/AUDIT.md`; this is that page as a program.

mod canonical;
mod case;
mod event;
mod note;
mod phase;
mod text;
mod tree;

use std::fmt;

pub use case::{Verdict, verify};
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

/// A hash as a case file writes it: 64 hexadecimal digits, small letters.
fn hash(text: &str) -> Option<Hash> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let mut hash = [0; 32];
    for (at, pair) in bytes.chunks_exact(2).enumerate() {
        hash[at] = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(hash)
}

/// A hash as a case file writes it.
fn hex(hash: &Hash) -> String {
    use fmt::Write;
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
