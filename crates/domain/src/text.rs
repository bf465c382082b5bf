//! Private text, and what no text may contain.

use derive_visitor::{DriveMut, Event, VisitorMut};
use serde::{Deserialize, Serialize};
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

/// Every text: any characters but U+0000, which JSON can write and PostgreSQL cannot store.
pub const TEXT_PATTERN: &str = r"^[^\x00]*$";

/// A name, an address or any free text about a person.
///
/// On the wire it is the text itself. In the ledger it is a [`PrivateRef`] to the vault, so that an
/// event, its hash and its proofs never cover the text and stay valid when the text is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
