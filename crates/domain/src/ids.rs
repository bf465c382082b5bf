//! Identifiers: random ids that omklap or a partner generates, and codes that partners own.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use derive_visitor::{DriveMut, VisitorMut};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::day::Day;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )*};
}

uuid_ids! {
    /// One client trajectory: a random pseudonym for the client's way from sheltered housing to a
    /// home.
    TrajectoryId;
    /// One offer of a dwelling. The corporation that makes it generates the id.
    OfferId;
    /// One lease. The landlord generates the id.
    LeaseId;
    /// One nuisance case of a trajectory.
    NuisanceCaseId;
    /// One signal that asks for an answer.
    SignalId;
    /// One flip talk.
    FlipTalkId;
    /// One damage to a dwelling.
    DamageId;
    /// One claim on the guarantee fund.
    ClaimId;
    /// One request to return to sheltered housing or shelter.
    ReturnRequestId;
    /// One vacancy. The corporation generates the id.
    VacancyId;
}

/// A code of a partner that does not have the required form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {expected}")]
pub struct Miswritten {
    what: &'static str,
    expected: &'static str,
    pattern: &'static str,
}

impl Miswritten {
    /// The form, as a regular expression.
    #[must_use]
    pub fn pattern(&self) -> &'static str {
        self.pattern
    }
}

/// How codes are compared: letter by letter, except for a dwelling.
macro_rules! compared {
    (UnitId) => {};
    ($name:ident) => {
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.cmp(&other.0)
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, hasher: &mut H) {
                self.0.hash(hasher);
            }
        }
    };
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $longest:literal, $pattern:literal, $expected:literal, $written_as:expr, $example:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        compared!($name);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Miswritten;
            fn from_str(text: &str) -> Result<Self, Miswritten> {
                let written_as: fn(&str) -> bool = $written_as;
                if text.len() <= $longest && written_as(text) { Ok(Self(text.to_owned())) } else { Err(Miswritten { what: stringify!($name), expected: $expected, pattern: $pattern }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Miswritten;
            fn try_from(text: String) -> Result<Self, Miswritten> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .description(Some(concat!("A code that ", $expected, ".")))
                    .pattern(Some($pattern))
                    .max_length(Some($longest))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {}

        impl DriveMut for $name {
            fn drive_mut<V: VisitorMut>(&mut self, _: &mut V) {}
        }
    )*};
}

fn kebab(text: &str) -> bool {
    !text.starts_with('-')
        && text_is(text, |letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}

fn reference(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text_is(text, |letter| letter.is_ascii_alphanumeric() || ".:_/-".contains(letter))
}

fn text_is(text: &str, made_of: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(made_of)
}

fn four_digits(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn sha256(text: &str) -> bool {
    text.len() == 64 && text_is(text, |letter| matches!(letter, '0'..='9' | 'a'..='f'))
}

codes! {
    /// A partner: a care provider, a housing corporation, a municipality or a matching point.
    OrganisationId: 64, "^[a-z0-9][a-z0-9-]{0,63}$", "must be at most 64 lowercase letters, digits and dashes", kebab, "de-vaart";
    /// A region of partners that share one agreement set.
    RegionId: 64, "^[a-z0-9][a-z0-9-]{0,63}$", "must be at most 64 lowercase letters, digits and dashes", kebab, "noord-limburg";
    /// A municipality, by the four digits of Statistics Netherlands (CBS *gemeentecode*).
    MunicipalityCode: 4, "^[0-9]{4}$", "must be the four digits that Statistics Netherlands assigns", four_digits, "0983";
    /// An agreement set, by the name of its file.
    AgreementSetId: 64, "^[a-z0-9][a-z0-9-]{0,63}$", "must be at most 64 lowercase letters, digits and dashes", kebab, "amsterdam-2018";
    /// An obligation of an agreement set, such as `4.2`.
    ObligationId: 16, "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,15}$", "must be at most 16 letters, digits and dots", reference, "4.2";
    /// A dwelling, by the corporation's own unit id (VERA *eenheid*). Two that differ only in upper and
    /// lower case are one dwelling ([ADR 36](../../../docs/adr/0036-one-home-one-tenant.md)), so they are
    /// equal; each keeps the letters in which it was reported.
    UnitId: 64, "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}$", "must be at most 64 letters, digits and . _ : / -", reference, "VHE-00412";
    /// A complex of dwellings, by the corporation's own id (VERA *cluster*).
    ComplexId: 64, "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}$", "must be at most 64 letters, digits and . _ : / -", reference, "C-118";
    /// A person who works for a partner, by a pseudonym that only the partner can resolve.
    UserId: 64, "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}$", "must be at most 64 letters, digits and . _ : / -", reference, "u-7f3a";
    /// A program of a partner that signs in, by the name that its issuer gave it (OAuth 2
    /// `client_id`). Not the client of a trajectory.
    ClientId: 128, "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,127}$", "must be at most 128 letters, digits and . _ : / -", reference, "de-vaart-ecd";
    /// A list of candidates, by the SHA-256 of its places and results in hexadecimal.
    ListDigest: 64, "^[0-9a-f]{64}$", "must be 64 hexadecimal digits in lower case", sha256, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    /// A document in a partner's own system: a reference, never the file.
    DocumentReference: 128, "^[0-9A-Za-z][0-9A-Za-z._:/-]{0,127}$", "must be at most 128 letters, digits and . _ : / -", reference, "dms:2026/00417";
}

impl UnitId {
    /// The code by which dwellings are compared: in lower case. The database has the same beside each code,
    /// as `unit_key` (`migrations/0040_one_home_in_any_case.sql`).
    #[must_use]
    pub fn key(&self) -> Cow<'_, str> {
        if self.0.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(self.0.to_ascii_lowercase())
        } else {
            Cow::Borrowed(&self.0)
        }
    }
}

impl PartialEq for UnitId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for UnitId {}

impl PartialOrd for UnitId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UnitId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for UnitId {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.key().hash(hasher);
    }
}

macro_rules! nothing_private_inside {
    ($($name:ty),* $(,)?) => {$(
        impl DriveMut for $name {
            fn drive_mut<V: VisitorMut>(&mut self, _: &mut V) {}
        }
    )*};
}

nothing_private_inside!(
    Day,
    TrajectoryId,
    OfferId,
    LeaseId,
    NuisanceCaseId,
    SignalId,
    FlipTalkId,
    DamageId,
    ClaimId,
    ReturnRequestId,
    VacancyId,
);

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;

    #[test]
    fn a_municipality_is_four_digits() {
        assert!("0983".parse::<MunicipalityCode>().is_ok());
        for wrong in ["", "983", "983a", "09831", "Venlo"] {
            assert!(wrong.parse::<MunicipalityCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_dwelling_is_one_in_upper_and_in_lower_case_and_keeps_its_letters() {
        let unit = |code: &str| code.parse::<UnitId>().expect("a code");
        let (upper, lower) = (unit("DEMO-801"), unit("demo-801"));
        assert_eq!(upper, lower);
        assert_eq!(BTreeSet::from([&upper, &lower]).len(), 1);
        assert_eq!(HashSet::from([&upper, &lower]).len(), 1);
        assert_eq!((upper.as_str(), lower.as_str()), ("DEMO-801", "demo-801"));
        assert_ne!(upper, unit("DEMO-802"));
        assert_ne!("C-1".parse::<ComplexId>(), "c-1".parse::<ComplexId>(), "only a dwelling");
    }
}
