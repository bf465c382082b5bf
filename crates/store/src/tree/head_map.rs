//! How far each case is: a map from each case to its head, the number and the hash of its last
//! event (ADR 40). The root of the map is in the last leaf of every checkpoint, so that a case file
//! proves that the case has no later event.
//!
//! The map is a binary Merkle tree: the bits of a key, the highest first, lead from the root to its
//! place. A subtree with one head is the leaf of that head; above the buckets, whose keys share
//! twelve bits, it is a node at every depth. So a key has one place, and a proof is the hashes
//! beside the way to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use crate::events::hash_chain::Hash;

/// How many bits the keys of a bucket share.
const BUCKET_BITS: usize = 12;
const BUCKETS: usize = 1 << BUCKET_BITS;

/// The hash of a subtree without heads.
const EMPTY: Hash = [0; 32];

/// How far a stream is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Its place in the map.
    pub key: Hash,
    /// The number of its last event.
    pub version: u64,
    /// The hash of that event, which covers every event before it.
    pub hash: Hash,
}

impl Head {
    /// The head of a stream with one event.
    pub fn first(stream: &str, hash: Hash) -> Self {
        Self { key: key(stream, &hash), version: 1, hash }
    }

    /// The bucket of its key.
    pub fn bucket(&self) -> u16 {
        bucket(&self.key)
    }

    fn leaf(&self) -> Hash {
        let leaf = Sha256::new_with_prefix([0]).chain_update(self.key);
        leaf.chain_update(self.version.to_be_bytes()).chain_update(self.hash).finalize().into()
    }
}

/// The place of a stream, `trajectory ID`. It covers the hash of the first event, which covers random
/// bytes: nobody finds out by trying whose place it is.
pub(super) fn key(stream: &str, first: &Hash) -> Hash {
    let key = Sha256::new_with_prefix("omklap-head/1\n").chain_update(stream).chain_update("\n");
    key.chain_update(first).finalize().into()
}

/// The bucket of a key.
pub(super) fn bucket(key: &Hash) -> u16 {
    u16::from_be_bytes([key[0], key[1]]) >> (16 - BUCKET_BITS)
}

/// What the last leaf of a checkpoint covers in the place of an event's hash: the number of this
/// leaf in eight bytes, the highest first, and the root of the map.
pub(super) fn statement(leaf: u64, root: &Hash) -> Hash {
    let statement = Sha256::new_with_prefix("omklap-heads/1\n").chain_update(leaf.to_be_bytes());
    statement.chain_update(root).finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    if *left == EMPTY && *right == EMPTY {
        return EMPTY;
    }
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a bucket with these heads, in the order of their keys.
pub(super) fn bucket_root(heads: &[Head]) -> Hash {
    subtree(heads, BUCKET_BITS, None)
}

/// The hashes beside the way from a key up to the root of its bucket, the lowest first.
pub(super) fn bucket_siblings(heads: &[Head], key: &Hash) -> Vec<Hash> {
    let mut beside = Vec::new();
    subtree(heads, BUCKET_BITS, Some((key, &mut beside)));
    beside
}

fn subtree(heads: &[Head], depth: usize, way: Option<(&Hash, &mut Vec<Hash>)>) -> Hash {
    match heads {
        [] => EMPTY,
        [head] => head.leaf(),
        // Two heads cannot have one key; a table without its primary key could.
        _ if depth == 256 => EMPTY,
        _ => {
            let (left, right) = heads.split_at(heads.partition_point(|head| !bit(&head.key, depth)));
            let Some((key, beside)) = way else {
                return node(&subtree(left, depth + 1, None), &subtree(right, depth + 1, None));
            };
            let goes_right = bit(key, depth);
            let (on, off) = if goes_right { (right, left) } else { (left, right) };
            let on = subtree(on, depth + 1, Some((key, &mut *beside)));
            let off = subtree(off, depth + 1, None);
            beside.push(off);
            if goes_right { node(&off, &on) } else { node(&on, &off) }
        }
    }
}

fn bit(key: &Hash, depth: usize) -> bool {
    key[depth / 8] >> (7 - depth % 8) & 1 == 1
}

/// The part of the map above its buckets.
#[derive(Clone, Debug)]
pub(super) struct Top {
    /// The root is at 1, and the children of `n` are at `2n` and `2n + 1`.
    nodes: Vec<Hash>,
}

impl Top {
    /// Of a map without heads.
    pub fn empty() -> Self {
        Self { nodes: vec![EMPTY; 2 * BUCKETS] }
    }

    /// With these roots of its buckets.
    pub fn of(roots: Vec<(u16, Hash)>) -> Self {
        let mut top = Self::empty();
        for (bucket, root) in roots {
            top.nodes[BUCKETS + usize::from(bucket)] = root;
        }
        for at in (1..BUCKETS).rev() {
            top.nodes[at] = node(&top.nodes[2 * at], &top.nodes[2 * at + 1]);
        }
        top
    }

    /// The root of the map.
    pub fn root(&self) -> Hash {
        self.nodes[1]
    }

    /// The root of a bucket.
    pub fn bucket(&self, bucket: u16) -> Hash {
        self.nodes[BUCKETS + usize::from(bucket)]
    }

    /// Gives a bucket another root.
    pub fn set(&mut self, bucket: u16, root: Hash) {
        let mut at = BUCKETS + usize::from(bucket);
        self.nodes[at] = root;
        while at > 1 {
            at /= 2;
            self.nodes[at] = node(&self.nodes[2 * at], &self.nodes[2 * at + 1]);
        }
    }

    /// The hashes beside the way from a bucket up to the root, the lowest first.
    pub fn siblings(&self, bucket: u16) -> Vec<Hash> {
        let ups = std::iter::successors(Some(BUCKETS + usize::from(bucket)), |at| Some(at / 2));
        ups.take_while(|at| *at > 1).map(|at| self.nodes[at ^ 1]).collect()
    }
}

/// The whole map, as it follows from the events one after another.
pub(super) struct HeadMap {
    places: HashMap<String, Hash>,
    buckets: HashMap<u16, BTreeMap<Hash, Head>>,
    changed: BTreeSet<u16>,
    top: Top,
}

impl HeadMap {
    /// Without heads.
    pub fn empty() -> Self {
        Self { places: HashMap::new(), buckets: HashMap::new(), changed: BTreeSet::new(), top: Top::empty() }
    }

    /// A stream has one more event. One without a first event has no place.
    pub fn follow(&mut self, stream: &str, version: u64, hash: Hash) {
        if version == 1 && !self.places.contains_key(stream) {
            let head = Head::first(stream, hash);
            self.places.insert(stream.to_owned(), head.key);
            self.changed.insert(head.bucket());
            self.buckets.entry(head.bucket()).or_default().insert(head.key, head);
        } else if let Some(key) = self.places.get(stream)
            && let Some(head) = self.buckets.get_mut(&bucket(key)).and_then(|heads| heads.get_mut(key))
        {
            (head.version, head.hash) = (version, hash);
            self.changed.insert(bucket(key));
        }
    }

    /// The root.
    pub fn root(&mut self) -> Hash {
        for bucket in std::mem::take(&mut self.changed) {
            let heads = self.buckets.get(&bucket).into_iter().flat_map(BTreeMap::values).cloned();
            self.top.set(bucket, bucket_root(&heads.collect::<Vec<_>>()));
        }
        self.top.root()
    }

    /// The root of a bucket, as of the last [root](Self::root).
    pub fn bucket(&self, bucket: u16) -> Hash {
        self.top.bucket(bucket)
    }

    /// Every head.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.buckets.values().flat_map(BTreeMap::values)
    }

    /// The stream at each place.
    pub fn streams(&self) -> HashMap<&Hash, &str> {
        self.places.iter().map(|(stream, key)| (key, stream.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition in `docs/AUDIT.md`, without buckets or stored nodes.
    fn root_by_the_book(heads: &[Head], depth: usize) -> Hash {
        match heads {
            [] => EMPTY,
            [head] if depth >= BUCKET_BITS => head.leaf(),
            _ => {
                let (ones, zeros): (Vec<_>, Vec<_>) =
                    heads.iter().cloned().partition(|head| bit(&head.key, depth));
                node(&root_by_the_book(&zeros, depth + 1), &root_by_the_book(&ones, depth + 1))
            }
        }
    }

    /// Folds a proof as the verifier does.
    fn led_to(head: &Head, siblings: &[Hash]) -> Hash {
        let depths = (0..siblings.len()).rev();
        siblings.iter().zip(depths).fold(head.leaf(), |hash, (beside, depth)| {
            if bit(&head.key, depth) { node(beside, &hash) } else { node(&hash, beside) }
        })
    }

    fn named(n: usize) -> String {
        format!("trajectory {n}")
    }

    fn some(number: usize) -> Vec<Head> {
        (0..number).map(|n| Head::first(&named(n), Sha256::digest(n.to_be_bytes()).into())).collect()
    }

    #[test]
    fn the_root_of_the_map_is_that_of_its_definition_however_it_came_about() {
        let mut map = HeadMap::empty();
        assert_eq!(map.root(), EMPTY);
        for (nth, head) in some(10_000).iter().enumerate() {
            map.follow(&named(nth), 1, head.hash);
            if [0, 1, 2, 100, 9_999].contains(&nth) {
                assert_eq!(map.root(), root_by_the_book(&some(nth + 1), 0), "{nth}");
            }
        }
        map.follow("trajectory 7", 2, [9; 32]);
        let mut heads = some(10_000);
        (heads[7].version, heads[7].hash) = (2, [9; 32]);
        assert_eq!(map.root(), root_by_the_book(&heads, 0));
    }

    #[test]
    fn a_proof_leads_from_each_head_to_the_root_and_from_no_other() {
        let mut map = HeadMap::empty();
        for (nth, head) in some(10_000).iter().enumerate() {
            map.follow(&named(nth), 1, head.hash);
        }
        let root = map.root();
        let roots = (0..4_096).map(|bucket| (bucket, map.bucket(bucket))).collect();
        assert_eq!(Top::of(roots).root(), root, "from its buckets at once");
        for head in map.heads().step_by(97) {
            let heads: Vec<Head> = map.buckets[&head.bucket()].values().cloned().collect();
            let mut siblings = bucket_siblings(&heads, &head.key);
            siblings.extend(map.top.siblings(head.bucket()));
            assert_eq!(led_to(head, &siblings), root);
            let longer = Head { version: 2, ..head.clone() };
            assert_ne!(led_to(&longer, &siblings), root);
        }
    }
}
