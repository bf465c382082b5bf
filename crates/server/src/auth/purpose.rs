//! The purpose of a request.

use utoipa::ToSchema;

/// The purpose of a request, as a code of the caller's own organisation.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^[a-z][a-z0-9-]{0,63}$", example = "case-work")]
pub struct Purpose(String);

impl Purpose {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a code: lower-case letters, digits and dashes, at most 64, and first a letter.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_code = text.len() <= 64
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(kebab);
        is_code.then(|| Self(text.to_owned()))
    }
}
