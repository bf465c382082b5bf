//! Recounts, from the events in the order of position, what each checkpoint says about how far the
//! cases were (ADR 40), and compares the stored heads with what follows.

use std::collections::BTreeMap;

use sqlx::postgres::PgConnection;

use super::finding::LedgerFinding;
use super::head_map::{Head, HeadMap, statement};
use super::leaf::leaf;
use super::signed_heads::all_stored;
use crate::error::StoreError;
use crate::events::hash_chain::Hash;

/// The heads as they follow from the leaves so far.
pub(super) struct HeadsRecounted {
    map: HeadMap,
    /// The root that is stored with each checkpoint that has one, by the size of the tree.
    stored: BTreeMap<u64, Hash>,
    /// The number of the last leaf that stated them.
    last: Option<u64>,
    /// How many leaves did.
    leaves: u64,
    /// What follows from a checkpoint that differs is not reported.
    reported: bool,
    /// Whether an event is not what was signed: then other heads follow from the events.
    unfounded: bool,
}

impl HeadsRecounted {
    /// Before the first leaf.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn begins(database: &mut PgConnection) -> Result<Self, StoreError> {
        let rows: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT tree_size, heads FROM checkpoints WHERE heads IS NOT NULL")
                .fetch_all(database)
                .await?;
        let root = |(size, root): (i64, Vec<u8>)| Some((size.unsigned_abs(), Hash::try_from(root).ok()?));
        let stored = rows.into_iter().filter_map(root).collect();
        Ok(Self { map: HeadMap::empty(), stored, last: None, leaves: 0, reported: false, unfounded: false })
    }

    /// A leaf of an event.
    pub fn follow(&mut self, stream: &str, sequence: u64, hash: Hash) {
        if stream.starts_with("trajectory ") {
            self.map.follow(stream, sequence, hash);
        }
    }

    /// An event is not what was signed. There is a finding about it, and none about what follows.
    pub fn cannot_be_recounted(&mut self) {
        self.unfounded = true;
    }

    /// A leaf that states the heads.
    pub fn leaf(&mut self, number: u64, position: i64, signed: &Hash, findings: &mut Vec<LedgerFinding>) {
        let root = self.map.root();
        let states = leaf(position, &statement(number, &root)) == *signed;
        let is_stored = self.stored.remove(&(number + 1)) == Some(root);
        if !(states && is_stored) {
            self.report(number + 1, findings);
        }
        self.last = Some(number);
        self.leaves += 1;
    }

    /// How many leaves are not those of events.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// A checkpoint: the leaf before it states the heads, in a tree in which one did before.
    pub fn checkpoint(&mut self, tree_size: u64, findings: &mut Vec<LedgerFinding>) {
        if self.last.is_some_and(|last| last + 1 != tree_size) || self.stored.contains_key(&tree_size) {
            self.report(tree_size, findings);
        }
    }

    fn report(&mut self, tree_size: u64, findings: &mut Vec<LedgerFinding>) {
        if !self.unfounded && !std::mem::replace(&mut self.reported, true) {
            findings.push(LedgerFinding::HeadsDiffer { tree_size });
        }
    }

    /// Compares what is stored of the heads now. A ledger that was never signed since there is a map
    /// has nothing stored.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn end(
        &mut self,
        database: &mut PgConnection,
        findings: &mut Vec<LedgerFinding>,
    ) -> Result<(), StoreError> {
        if self.unfounded {
            return Ok(());
        }
        let (heads, mut buckets) = all_stored(database).await?;
        self.map.root();
        let mut expected: BTreeMap<&Hash, &Head> = match self.last {
            Some(_) => self.map.heads().map(|head| (&head.key, head)).collect(),
            None => BTreeMap::new(),
        };
        let streams = self.map.streams();
        let differs = |stream: &str, how| LedgerFinding::HeadDiffers { stream: stream.to_owned(), how };
        let of = |head: &Head, how| differs(streams.get(&head.key).copied().unwrap_or("a case"), how);
        for stored in &heads {
            match expected.remove(&stored.key) {
                Some(head) if head == stored => {}
                Some(head) => findings.push(of(head, "it is another")),
                None => findings.push(of(stored, "no case has its place")),
            }
        }
        findings.extend(expected.values().map(|head| of(head, "it is missing")));
        let numbers = expected_buckets(&self.map, self.last.is_some());
        for (bucket, root) in numbers {
            if buckets.remove(&bucket) != Some(root) {
                findings.push(differs(&format!("bucket {bucket}"), "it is missing or another"));
            }
        }
        let more = buckets.keys().map(|bucket| differs(&format!("bucket {bucket}"), "it has no heads"));
        findings.extend(more);
        Ok(())
    }
}

/// The buckets that have heads, each with its root.
fn expected_buckets(map: &HeadMap, is_signed: bool) -> BTreeMap<u16, Hash> {
    let heads = map.heads().filter(|_| is_signed);
    heads.map(|head| (head.bucket(), map.bucket(head.bucket()))).collect()
}
