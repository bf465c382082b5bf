//! A text in both languages of the agreement sets.

use serde::Serialize;

/// A text in Dutch and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BothLanguages {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}
