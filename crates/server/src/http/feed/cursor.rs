//! A place in the feed, as partners keep it.

use std::fmt;
use std::str::FromStr;

use omklap_domain::ids::OrganisationId;
use sha2::{Digest, Sha256};

/// After which event the feed goes on, and for which organisation. It says nothing of a person and gives no right: what is
/// seen from there follows from what the caller may see at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The place in the ledger.
    pub position: i64,
    mark: String,
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursor;

impl Cursor {
    /// The place after this position, for this organisation.
    #[must_use]
    pub fn after(position: i64, organisation: &OrganisationId) -> Self {
        Self { position, mark: mark(organisation) }
    }

    /// The place after another position, for the same organisation.
    #[must_use]
    pub fn at(&self, position: i64) -> Self {
        Self { position, mark: self.mark.clone() }
    }

    /// Whether it was handed to this organisation.
    #[must_use]
    pub fn is_of(&self, organisation: &OrganisationId) -> bool {
        self.mark == mark(organisation)
    }

    /// Catches a cursor that was cut off or mistyped.
    fn check(&self) -> String {
        hex::encode(&Sha256::digest(format!("feed {:x} {}", self.position, self.mark))[..2])
    }
}

fn mark(organisation: &OrganisationId) -> String {
    hex::encode(&Sha256::digest(format!("feed of {organisation}"))[..4])
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}{}", self.position, self.mark, self.check())
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (position, rest) = text.split_once('.').ok_or(NotACursor)?;
        let position = i64::from_str_radix(position, 16).map_err(|_| NotACursor)?;
        let mark = rest.get(..8).ok_or(NotACursor)?.to_owned();
        let cursor = Self { position, mark };
        // In one way of writing only.
        if position >= 0 && cursor.to_string() == text { Ok(cursor) } else { Err(NotACursor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_in_no_other_way() {
        let organisation: OrganisationId = "de-vaart".parse().expect("a code");
        let cursor = Cursor::after(4_711, &organisation);
        let written = cursor.to_string();
        assert_eq!(written.parse(), Ok(cursor.clone()));
        assert!(cursor.is_of(&organisation) && !cursor.is_of(&"cosis".parse().expect("a code")));
        for wrong in
            ["", ".", "0", "-1.00", &written[1..], &written[..written.len() - 1], &format!("0{written}")]
        {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
    }
}
