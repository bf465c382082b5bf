//! One field of a fact, read by its name on the wire.
//!
//! Sets name fields as partners do, and every fact can already serialise its fields. So a field is
//! read by serialising the fact with a serializer that keeps one value and drops the rest. It
//! builds no tree, and a new fact needs no line here.

mod reader;

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::ids::NuisanceCaseId;
use crate::trajectory::fact::Fact;

/// The path of a field in a fact: `caseId`, or `terms.careAgreement`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(Vec<String>);

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A word, an id, a date.
    Text(Cow<'static, str>),
    /// A list or an object. A set can only test that it is there.
    Parts,
}

impl FieldPath {
    /// The field of this name; dots separate nested names.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.split('.').map(str::to_owned).collect())
    }

    /// The names along the path.
    #[must_use]
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// The value of the field in a fact. `None` if the field is absent.
    #[must_use]
    pub fn read(&self, fact: &Fact) -> Option<Scalar> {
        // A fact that cannot be serialised has no such field.
        fact.serialize(reader::FieldReader::at(&self.0)).ok().flatten()
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Scalar {
    /// The id of a nuisance case.
    #[must_use]
    pub(crate) fn of_case(case: NuisanceCaseId) -> Self {
        Self::Text(case.to_string().into())
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(yes) => yes.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Parts => f.write_str("…"),
        }
    }
}
