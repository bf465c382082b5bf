//! Private text, and what no text may contain.

use std::fmt;

use derive_visitor::{DriveMut, Event, VisitorMut};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

mod citizen_service_number;

pub use citizen_service_number::{
    Finding, Verdict, citizen_service_number, citizen_service_number_in_code, holds_citizen_service_number,
};

/// The longest private text, in Unicode characters.
pub const LONGEST_TEXT: usize = 4_000;

/// The characters that show nothing, besides U+0000: spaces, controls, joiners, fillers, marks of
/// direction, selectors and tags. As in a regular expression, between brackets.
macro_rules! invisible {
    () => {
        r"\x01-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    };
}

/// Every text: at least one character that is visible, and any others but U+0000, which JSON can
/// write and PostgreSQL cannot store.
pub const TEXT_PATTERN: &str = concat!("^[", invisible!(), "]*[^\\x00", invisible!(), r"][^\x00]*$");

/// A text that has a reader of its own, such as an address or a cursor: any characters but U+0000.
pub const STORABLE_PATTERN: &str = r"^[^\x00]*$";

/// Whether a text has a character that people can see. A name of spaces, or of characters without
/// width, is no name.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(|character| !shows_nothing(character))
}

/// A test holds these ranges against [`TEXT_PATTERN`].
fn shows_nothing(character: char) -> bool {
    matches!(
        character,
        '\0'..=' '
            | '\x7f'
            | '\u{80}'..='\u{a0}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{1680}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3000}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            // Tags. The pattern leaves them out: not every reader of patterns knows such characters.
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A name, an address or any free text about a person.
///
/// On the wire it is the text itself. In the ledger it is a [`PrivateRef`] to the vault, so that an
/// event, its hash and its proofs never cover the text and stay valid when the text is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PrivateText {
    /// The text, as people wrote it. Never stored in an event.
    Text(String),
    /// A reference to the text in the vault.
    Sealed(PrivateRef),
}

/// Points to a text in the vault and commits to it without showing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateRef {
    /// The vault row.
    pub id: Uuid,
    /// SHA-256 over a random salt and the text, in hexadecimal.
    pub commitment: String,
}

/// Written by hand: the derived implementation tries the text first and makes an error for each sealed text.
impl<'de> Deserialize<'de> for PrivateText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrReference)
    }
}

struct TextOrReference;

impl<'de> Visitor<'de> for TextOrReference {
    type Value = PrivateText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<PrivateText, E> {
        Ok(PrivateText::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<PrivateText, E> {
        Ok(PrivateText::Text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PrivateText, A::Error> {
        PrivateRef::deserialize(MapAccessDeserializer::new(map)).map(PrivateText::Sealed)
    }
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
            .pattern(Some(TEXT_PATTERN))
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
