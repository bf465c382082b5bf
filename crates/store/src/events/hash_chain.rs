//! Every event's hash covers the hash before it: a change, a removal or an insertion in a stream
//! changes every later hash.
//!
//! Decisions: ADR 4 (the bytes that are hashed), ADR 8.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A hash: SHA-256, 32 bytes.
pub type Hash = [u8; 32];

/// The hash before the first event of a stream.
pub const GENESIS: Hash = [0; 32];

/// What the hash of one event covers.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// `trajectory`.
    pub aggregate_type: &'a str,
    /// The trajectory's id.
    pub aggregate_id: &'a str,
    /// The event's number in its stream, from 1.
    pub sequence: u64,
    /// The event's own id.
    pub event_id: Uuid,
    /// Kebab-case.
    pub event_type: &'a str,
    /// As stored, not as upcast.
    pub event_version: &'a str,
    /// In microseconds, as PostgreSQL stores it.
    pub recorded_at: Timestamp,
    /// [Canonical](canonical) JSON.
    pub payload: Cow<'a, str>,
    /// [Canonical](canonical) JSON.
    pub metadata: Cow<'a, str>,
}

impl Link<'_> {
    /// `SHA-256(previous ‖ each field as text, after its length in eight bytes, the highest
    /// first)`.
    #[must_use]
    pub fn hash(&self, previous: &Hash) -> Hash {
        let fields: [&str; 9] = [
            self.aggregate_type,
            self.aggregate_id,
            &self.sequence.to_string(),
            &self.event_id.to_string(),
            self.event_type,
            self.event_version,
            &instant(self.recorded_at),
            &self.payload,
            &self.metadata,
        ];
        let mut hash = Sha256::new_with_prefix(previous);
        for field in fields {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.finalize().into()
    }
}

/// An instant as it is hashed: RFC 3339 in UTC with six decimals, always.
#[must_use]
pub fn instant(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// The one way to write a value as JSON (RFC 8785).
///
/// # Errors
/// If the value has no JSON form, such as a map with keys that are not strings.
pub fn canonical(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json_canonicalizer::to_string(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        Link {
            aggregate_type: "trajectory",
            aggregate_id: "00000000-0000-0000-0000-000000000001",
            sequence: 1,
            event_id: Uuid::from_u128(2),
            event_type: "rent-missed",
            event_version: "1.0",
            recorded_at: "2026-03-01T09:00:00Z".parse().expect("an instant"),
            payload: r#"{"type":"rent-missed"}"#.into(),
            metadata: "{}".into(),
        }
    }

    /// Another program computed this hash from the description above. A change breaks every chain.
    #[test]
    fn the_hash_is_what_the_page_says() {
        let fields = [
            "trajectory",
            "00000000-0000-0000-0000-000000000001",
            "1",
            "00000000-0000-0000-0000-000000000002",
            "rent-missed",
            "1.0",
            "2026-03-01T09:00:00.000000Z",
            r#"{"type":"rent-missed"}"#,
            "{}",
        ];
        let mut bytes = GENESIS.to_vec();
        for field in fields {
            bytes.extend([0, 0, 0, 0, 0, 0, 0, u8::try_from(field.len()).expect("short")]);
            bytes.extend(field.as_bytes());
        }
        let expected: Hash = Sha256::digest(bytes).into();
        assert_eq!(link().hash(&GENESIS), expected);
    }

    #[test]
    fn every_field_counts() {
        let hash = link().hash(&GENESIS);
        let changed = [
            link().hash(&[1; 32]),
            Link {
                aggregate_type: "trajector",
                aggregate_id: "y00000000-0000-0000-0000-000000000001",
                ..link()
            }
            .hash(&GENESIS),
            Link { sequence: 2, ..link() }.hash(&GENESIS),
            Link { event_id: Uuid::from_u128(3), ..link() }.hash(&GENESIS),
            Link { event_version: "1.1", ..link() }.hash(&GENESIS),
            Link { recorded_at: "2026-03-01T09:00:00.000001Z".parse().expect("an instant"), ..link() }
                .hash(&GENESIS),
            Link { metadata: r#"{"actor":"u-1"}"#.into(), ..link() }.hash(&GENESIS),
        ];
        assert!(changed.iter().all(|other| *other != hash));
    }
}
