//! The leaves of the tree.

use tlog_tiles::tlog::record_hash;

use crate::events::hash_chain::Hash;

/// The bits of a leaf's number that one level of tiles takes: a tile has 2⁸ hashes.
pub(super) const HEIGHT: u8 = 8;

/// The leaf of an event: `SHA-256(0x00 ‖ position as eight bytes, the highest first ‖ the event's
/// hash)`.
#[must_use]
pub fn leaf(position: i64, event: &Hash) -> Hash {
    let mut entry = [0; 40];
    entry[..8].copy_from_slice(&position.to_be_bytes());
    entry[8..].copy_from_slice(event);
    record_hash(&entry).0
}
