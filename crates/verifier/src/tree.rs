//! The Merkle tree (RFC 9162 §2.1).

use sha2::{Digest, Sha256};

use crate::Hash;

/// The leaf of an event: its position in eight bytes, the highest first, and its hash.
pub(crate) fn leaf(position: i64, event: &Hash) -> Hash {
    let hash = Sha256::new_with_prefix([0]).chain_update(position.to_be_bytes()).chain_update(event);
    hash.finalize().into()
}

/// Whether a later tree begins with an earlier one, by a proof from which both roots follow (RFC
/// 9162 §2.1.4.2, with its variable names). Each tree is its size and its root.
pub(crate) fn grew(earlier: (u64, Hash), later: (u64, Hash), proof: &[Hash]) -> bool {
    let ((first, first_hash), (second, second_hash)) = (earlier, later);
    if first == 0 || first >= second {
        return first != 0 && first == second && first_hash == second_hash && proof.is_empty();
    }
    let whole = first.is_power_of_two().then_some(first_hash);
    let mut path = whole.iter().chain(proof);
    let (mut number, mut last) = (first - 1, second - 1);
    while number & 1 == 1 {
        number >>= 1;
        last >>= 1;
    }
    let Some(begin) = path.next() else { return false };
    let (mut before, mut after) = (*begin, *begin);
    for beside in path {
        if last == 0 {
            return false;
        }
        if number & 1 == 1 || number == last {
            before = node(beside, &before);
            after = node(beside, &after);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            after = node(&after, beside);
        }
        number >>= 1;
        last >>= 1;
    }
    last == 0 && before == first_hash && after == second_hash
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root that follows from a leaf and the sibling hashes on its path (RFC 9162 §2.1.3.2, with
/// its variable names). `None` if the proof does not fit the tree's size.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9162 §2.1.1, literally.
    fn root_by_the_book(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves));
                node(&root_by_the_book(left), &root_by_the_book(right))
            }
        }
    }

    /// RFC 9162 §2.1.3.1, literally.
    fn path_by_the_book(number: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(split(leaves));
        let (mut path, beside) = match number.checked_sub(left.len()) {
            None => (path_by_the_book(number, left), right),
            Some(number) => (path_by_the_book(number, right), left),
        };
        path.push(root_by_the_book(beside));
        path
    }

    /// RFC 9162 §2.1.4.1, literally.
    fn growth_by_the_book(first: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
        if first == leaves.len() {
            return if is_whole { Vec::new() } else { vec![root_by_the_book(leaves)] };
        }
        let (left, right) = leaves.split_at(split(leaves));
        let (mut proof, beside) = match first.checked_sub(left.len()) {
            None | Some(0) => (growth_by_the_book(first, left, is_whole), right),
            Some(first) => (growth_by_the_book(first, right, false), left),
        };
        proof.push(root_by_the_book(beside));
        proof
    }

    fn split(leaves: &[Hash]) -> usize {
        leaves.len().next_power_of_two() / 2
    }

    fn some(leaves: u8) -> Vec<Hash> {
        (0..leaves).map(|number| [number; 32]).collect()
    }

    #[test]
    fn a_leaf_of_every_small_tree_is_proven_and_no_other_leaf() {
        for size in 1..=40_u8 {
            let leaves = some(size);
            for number in 0..size {
                let path = path_by_the_book(number.into(), &leaves);
                let root_of = |leaf, number| root(leaf, number, size.into(), &path);
                assert_eq!(root_of([number; 32], number.into()), Some(root_by_the_book(&leaves)));
                assert_ne!(root_of([99; 32], number.into()), Some(root_by_the_book(&leaves)));
                assert_eq!(root_of([number; 32], size.into()), None);
            }
        }
    }

    #[test]
    fn every_small_tree_is_proven_to_begin_with_every_smaller_one_and_with_no_other() {
        for (from, to) in (1..=40_u8).flat_map(|to| (1..=to).map(move |from| (from, to))) {
            let leaves = some(to);
            let proof = growth_by_the_book(from.into(), &leaves, true);
            let tree = |size: u8| (u64::from(size), root_by_the_book(&leaves[..usize::from(size)]));
            let (earlier, later) = (tree(from), tree(to));
            assert!(grew(earlier, later, &proof), "{from} {to}");
            assert!(!grew((earlier.0, [99; 32]), later, &proof), "another tree before: {from} {to}");
            assert!(!grew(earlier, (later.0, [99; 32]), &proof), "another tree after: {from} {to}");
            assert!(!grew(earlier, later, &[&proof[..], &[[99; 32]]].concat()), "a hash more: {from} {to}");
            if let Some((_, fewer)) = proof.split_last() {
                assert!(!grew(earlier, later, fewer), "a hash less: {from} {to}");
            }
            for changed in 0..proof.len() {
                let mut proof = proof.clone();
                proof[changed][0] ^= 1;
                assert!(!grew(earlier, later, &proof), "hash {changed} changed: {from} {to}");
            }
        }
        assert!(!grew((0, root_by_the_book(&[])), (1, [0; 32]), &[]), "nothing was kept");
        assert!(!grew((2, [0; 32]), (1, [0; 32]), &[]), "it shrank");
    }

    /// The entries and roots of the test suite of Certificate Transparency logs.
    // The test vectors of Certificate Transparency.
    const ENTRIES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [(usize, &str); 6] = [
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ];
    const FROM_6_TO_8: [&str; 3] = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    const FROM_2_TO_5: [&str; 2] = [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ];

    #[test]
    fn the_trees_of_certificate_transparency_are_proven() {
        let leaves: Vec<Hash> = ENTRIES
            .iter()
            .map(|entry| {
                Sha256::new_with_prefix([0])
                    .chain_update(hex::decode(entry).expect("hexadecimal"))
                    .finalize()
                    .into()
            })
            .collect();
        let decoded = |text: &str| crate::hash(text).expect("a hash");
        let roots = ROOTS.map(|(size, root)| (size, decoded(root)));
        for (size, root) in roots {
            assert_eq!(root_by_the_book(&leaves[..size]), root, "{size}");
        }
        let root_of = |size: u64| {
            let (_, root) = roots.iter().find(|(of, _)| *of as u64 == size).expect("listed");
            (size, *root)
        };
        assert!(grew(root_of(6), root_of(8), &FROM_6_TO_8.map(decoded)));
        assert!(grew(root_of(2), root_of(5), &FROM_2_TO_5.map(decoded)));
    }
}
