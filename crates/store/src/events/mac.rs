//! Which events this ledger admitted, and whether they are still what was recorded.
//!
//! A hash shows that an event was not changed after its hash was made; everybody can make one. The
//! MAC of an event is made when it is admitted, under a key that the database never holds. So
//! nobody with SQL alone can forge an event, or change one and its hash (ADR 28).

use hmac::{Hmac, Mac};
use sha2::Sha256;
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::event::{StreamId, hash_is_right, previous_hash, stored_hash};
use super::hash_chain::{GENESIS, Hash};
use crate::error::{Alteration, StoreError};
use crate::vault::OperatorKey;

/// What keeps this use of the operator's key apart from others.
const USE: &str = "key of the MACs of events";

/// The key of the MACs of events, derived from the operator's key.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(secret)")
    }
}

impl OperatorKey {
    /// The key of the MACs of events: HMAC-SHA-256 under the operator's key of the name of this use
    /// (`docs/AUDIT.md` gives the bytes).
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn mac_key(&self) -> MacKey {
        let key = self.mark(USE, &[]);
        MacKey(<Hmac<Sha256> as Mac>::new_from_slice(&key).expect("HMAC takes a key of any length"))
    }
}

impl MacKey {
    /// The MAC of an event: HMAC-SHA-256 of its hash, which covers its stream, its number, its
    /// contents and the event before it.
    #[must_use]
    pub fn mac(&self, hash: &Hash) -> Hash {
        self.0.clone().chain_update(hash).finalize().into_bytes().into()
    }

    /// Whether this ledger admitted the event with this hash.
    #[must_use]
    pub fn admitted(&self, hash: &Hash, mac: &[u8]) -> bool {
        self.0.clone().chain_update(hash).verify_slice(mac).is_ok()
    }

    /// Whether the row has the MAC of its hash.
    pub(crate) fn is_in(&self, row: &PgRow) -> Result<bool, StoreError> {
        let mac: Option<&[u8]> = row.try_get("mac")?;
        Ok(match (stored_hash(row)?, mac) {
            (Some(hash), Some(mac)) => self.admitted(&hash, mac),
            _ => false,
        })
    }

    /// Checks that a row is an event that this ledger admitted, byte for byte, and returns its
    /// hash. The row has the [columns](super::event::columns) of an event.
    pub(crate) fn verify(&self, row: &PgRow, stream: StreamId<'_>) -> Result<Hash, StoreError> {
        let altered = |how| StoreError::altered(row, stream, how);
        if !self.is_in(row)? {
            return Err(altered(Alteration::NotAdmitted));
        }
        match stored_hash(row)? {
            Some(hash) if hash_is_right(row, stream)? => Ok(hash),
            _ => Err(altered(Alteration::NotAsRecorded)),
        }
    }

    /// Checks the events of a stream from its first one on, in their order, and returns the hash of
    /// the last.
    pub(crate) fn verify_stream<'r>(
        &self,
        rows: impl IntoIterator<Item = &'r PgRow>,
        stream: StreamId<'_>,
    ) -> Result<Hash, StoreError> {
        let mut last = GENESIS;
        for (sequence, row) in (1..).zip(rows) {
            let hash = self.verify(row, stream)?;
            let in_place = row.try_get::<i64, _>("sequence")? == sequence;
            if !in_place || previous_hash(row)? != Some(last) {
                return Err(StoreError::altered(row, stream, Alteration::OutOfPlace));
            }
            last = hash;
        }
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_belongs_to_one_hash_and_one_operator() {
        let (key, other) = (OperatorKey::generate().mac_key(), OperatorKey::generate().mac_key());
        let mac = key.mac(&[1; 32]);
        assert!(key.admitted(&[1; 32], &mac));
        assert!(!key.admitted(&[2; 32], &mac));
        assert!(!key.admitted(&[1; 32], &mac[..31]));
        assert!(!other.admitted(&[1; 32], &mac));
    }
}
