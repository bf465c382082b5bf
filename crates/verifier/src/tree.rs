//! The Merkle tree (RFC 9162 §2.1).

use sha2::{Digest, Sha256};

use crate::Hash;

/// The leaf of an event: its position in eight bytes, the highest first, and its hash.
pub(crate) fn leaf(position: i64, event: &Hash) -> Hash {
    let hash = Sha256::new_with_prefix([0]).chain_update(position.to_be_bytes()).chain_update(event);
    hash.finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root that follows from a leaf and the hashes beside its way up (RFC 9162 §2.1.3.2, in its words); none where the
/// proof does not fit the tree's size.
pub(crate) fn root(leaf: Hash, leaf_index: u64, tree_size: u64, proof: &[Hash]) -> Option<Hash> {
    if leaf_index >= tree_size {
        return None;
    }
    let (mut number, mut last, mut hash) = (leaf_index, tree_size - 1, leaf);
    for beside in proof {
        if last == 0 {
            return None;
        }
        if number & 1 == 1 || number == last {
            hash = node(beside, &hash);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        number >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}
