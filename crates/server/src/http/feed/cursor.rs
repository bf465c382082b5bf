//! A position in the feed, as partners store it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use omklap_domain::ids::OrganisationId;
use omklap_store::{Ledger, Place};
use sha2::{Digest, Sha256};

use crate::http::problem::Fault;

/// A cursor, to show.
pub const EXAMPLE: &str =
    "yWbQPV1Fh4Jmo0ZsJz3cVbqkRZ3nqkqD6o7n6pYHcN0Hk2sJbq0m9w3cXl5v1zE2S8u4rT7yK1dG0fA9hQxPjL6mVtB3nCeWoIiUaR";

/// For what cursors are sealed.
const USE: &str = "feed-cursor";
/// How many characters a cursor has: 48 bytes of place and mark, with a nonce of 12 bytes before
/// and a tag of 16 behind.
const LENGTH: usize = 102;

/// After which event the feed continues, and for which organisation, sealed with the operator's
/// key. It reveals to its holder nothing: not how many events there are, and not whether there are
/// more than before. It gives no rights either: what the caller sees from there is decided at that
/// moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursor;

impl Cursor {
    /// The cursor of a place, for this organisation. Every time another one, so that two say
    /// nothing about each other.
    #[must_use]
    pub fn of(ledger: &Ledger, place: Place, organisation: &OrganisationId) -> Self {
        let plain = [&place.to_bytes()[..], &mark(organisation)].concat();
        Self(URL_SAFE_NO_PAD.encode(ledger.seal(USE, &plain)))
    }

    /// The place, if this ledger made the cursor for this organisation.
    ///
    /// # Errors
    /// Which of the two is not so.
    pub fn open(&self, ledger: &Ledger, organisation: &OrganisationId) -> Result<Place, Fault> {
        let sealed = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| Fault::NotACursor)?;
        let plain = ledger.unseal(USE, &sealed).ok_or(Fault::NotACursor)?;
        let (place, of) = plain.split_at_checked(plain.len().saturating_sub(8)).ok_or(Fault::NotACursor)?;
        if of == mark(organisation) {
            Place::from_bytes(place).ok_or(Fault::NotACursor)
        } else {
            Err(Fault::CursorOfAnother)
        }
    }
}

fn mark(organisation: &OrganisationId) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(format!("feed of {organisation}")).into();
    *digest.first_chunk().expect("a digest has 32 bytes")
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let could_be = text.len() == LENGTH && text.bytes().all(known);
        could_be.then(|| Self(text.to_owned())).ok_or(NotACursor)
    }
}
