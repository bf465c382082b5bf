//! Private text, and what no text may hold.

use derive_visitor::{DriveMut, Event, VisitorMut};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// The longest private text, in Unicode characters.
pub const LONGEST_TEXT: usize = 4_000;

/// A name, an address or any free text about a person.
///
/// On the wire it is the text itself. In the ledger it is a [`PrivateRef`] to the vault, so that an event, its
/// hash and its proofs never cover the text and stay valid when the text is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PrivateText {
    /// The text, as people wrote it. Never stored in an event.
    Text(String),
    /// Where the text lies in the vault.
    Sealed(PrivateRef),
}

/// Points to a text in the vault and commits to it without telling it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateRef {
    /// The vault row.
    pub id: Uuid,
    /// SHA-256 over a random salt and the text, in hexadecimal.
    pub commitment: String,
}

impl From<&str> for PrivateText {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl PartialSchema for PrivateText {
    /// On the wire a private text is a string; the sealed form never leaves the ledger.
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some("Private text: kept in the vault, never in an event, a log or a URL. Without a citizen service number (BSN)."))
            .min_length(Some(1))
            .max_length(Some(LONGEST_TEXT))
            .into()
    }
}

impl ToSchema for PrivateText {}

impl DriveMut for PrivateText {
    fn drive_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        visitor.visit(self, Event::Enter);
        visitor.visit(self, Event::Exit);
    }
}

/// Whether a text holds a Dutch citizen service number (BSN): nine digits, also with single dots or spaces between
/// them, that pass the eleven test. Such a number is stored nowhere (`architecture.md` §4, Private text).
#[must_use]
pub fn holds_citizen_service_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|start| {
        let fresh =
            start == 0 || !bytes[start - 1].is_ascii_alphanumeric() || ends_with_its_name(&bytes[..start]);
        bytes[start].is_ascii_digit() && fresh && nine_digits(&bytes[start..]).is_some_and(passes_eleven_test)
    })
}

/// `BSN111222333`: a letter before it is the start of another code, but for these three.
fn ends_with_its_name(before: &[u8]) -> bool {
    before.last_chunk::<3>().is_some_and(|name| name.eq_ignore_ascii_case(b"bsn"))
}

/// The nine digits that a text starts with, where no tenth letter or digit follows.
fn nine_digits(text: &[u8]) -> Option<[u8; 9]> {
    let mut digits = [0; 9];
    let (mut found, mut at) = (0, 0);
    while found < 9 {
        let byte = *text.get(at)?;
        let separated = at > 0 && matches!(byte, b'.' | b' ') && text[at - 1].is_ascii_digit();
        if byte.is_ascii_digit() {
            digits[found] = byte - b'0';
            found += 1;
        } else if !separated {
            return None;
        }
        at += 1;
    }
    let ends = text.get(at).is_none_or(|next| !next.is_ascii_alphanumeric());
    ends.then_some(digits)
}

fn passes_eleven_test(digits: [u8; 9]) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = digits.iter().zip(weights).map(|(digit, weight)| i32::from(*digit) * weight).sum();
    sum != 0 && sum % 11 == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers of which eight digits are drawn, and the ninth follows from them where one does.
    fn citizen_service_numbers() -> impl Strategy<Value = [u8; 9]> {
        proptest::array::uniform8(0_u8..10).prop_filter_map("no ninth digit fits", |eight| {
            let weighed = eight.iter().zip([9, 8, 7, 6, 5, 4, 3, 2]);
            let last = weighed.map(|(digit, weight)| u32::from(*digit) * weight).sum::<u32>() % 11;
            let last = u8::try_from(last).ok().filter(|last| *last < 10 && eight != [0; 8])?;
            let mut nine = [last; 9];
            nine[..8].copy_from_slice(&eight);
            Some(nine)
        })
    }

    fn written(digits: [u8; 9], separator: &str, every: usize) -> String {
        let digits = digits.map(|digit| digit.to_string());
        digits.chunks(every).map(<[String]>::concat).collect::<Vec<_>>().join(separator)
    }

    proptest! {
        #[test]
        fn every_citizen_service_number_is_found_wherever_it_stands(
            digits in citizen_service_numbers(),
            separator in prop::sample::select(vec!["", " ", "."]),
            every in 1_usize..9,
            before in prop::sample::select(vec!["", "BSN ", "bsn:", "Bsn", "cliënt (", "tel. 0612345678, ", "\u{1F3E0}"]),
            after in prop::sample::select(vec!["", ".", ", geboren in 1980", ") ☎", "\n"]),
        ) {
            let text = format!("{before}{}{after}", written(digits, separator, every));
            prop_assert!(holds_citizen_service_number(&text), "{text}");
        }

        #[test]
        fn nine_digits_that_fail_the_eleven_test_are_left_alone(
            digits in citizen_service_numbers(), wrong in 1_u8..10,
        ) {
            let mut other = digits;
            other[8] = (digits[8] + wrong) % 10;
            prop_assert!(!holds_citizen_service_number(&written(other, "", 9)));
        }
    }

    #[test]
    fn a_citizen_service_number_is_found_however_it_is_written() {
        for text in
            ["111222333", "BSN 111222333.", "bsn111222333", "bsn:1112.22.333", "111 222 333 van cliënt"]
        {
            assert!(holds_citizen_service_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "111222334",
            "0612345678",
            "NL91ABNA0417164300",
            "a111222333",
            "1112223331",
            "000000000",
            "2026-11-21",
        ] {
            assert!(!holds_citizen_service_number(text), "{text}");
        }
    }
}
