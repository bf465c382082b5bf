//! One walk over the ledger in the order of position. It holds what later events, leaves and
//! checkpoints are compared with.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::certificates::Certificates;
use super::checkpoints::Signed;
use super::edge::{Edge, Grown};
use super::finding::LedgerFinding;
use super::heads_recounted::HeadsRecounted;
use super::leaf::{HEIGHT, leaf};
use super::rehash::Rehashed;
use super::signing_key::LedgerKeys;
use crate::consistency::finding::Finding;
use crate::error::StoreError;
use crate::events::event;
use crate::events::hash_chain::{GENESIS, Hash};

/// The last event of a stream that was seen.
struct Tail {
    sequence: u64,
    hash: Hash,
    /// Whether there is a finding about this stream already: what follows from it is not reported.
    reported: bool,
}

impl Tail {
    /// The hash before the first event of a stream.
    const NONE: Self = Self { sequence: 0, hash: GENESIS, reported: false };
}

pub(super) struct Walk<'t> {
    keys: &'t LedgerKeys,
    tails: HashMap<String, Tail>,
    pub edge: Edge,
    pub above: BTreeMap<(u8, u64), Vec<u8>>,
    checkpoints: std::iter::Peekable<std::vec::IntoIter<Signed>>,
    /// The last of the checkpoints that do not fit, one after another.
    another_tree: Option<(u64, u64)>,
    signed: u64,
    pub certificates: Certificates,
    pub heads: HeadsRecounted,
    /// How many leaves the certificates excuse.
    pub destroyed: u64,
    pub findings: Vec<LedgerFinding>,
}

impl<'t> Walk<'t> {
    pub fn new(
        keys: &'t LedgerKeys,
        checkpoints: Vec<Signed>,
        heads: HeadsRecounted,
        certificates: Certificates,
        findings: Vec<LedgerFinding>,
    ) -> Self {
        Self {
            keys,
            tails: HashMap::new(),
            edge: Edge::default(),
            above: BTreeMap::new(),
            checkpoints: checkpoints.into_iter().peekable(),
            another_tree: None,
            signed: 0,
            certificates,
            heads,
            destroyed: 0,
            findings,
        }
    }

    pub fn page(
        &mut self,
        tiles: &[PgRow],
        events: &[PgRow],
        rehashed: &[Rehashed],
    ) -> Result<(), StoreError> {
        let mut events_left = rehashed.iter().peekable();
        let last_leaf = tiles.last().map(|row| row.try_get::<Vec<i64>, _>("positions")).transpose()?;
        let covered_until = last_leaf.and_then(|positions| positions.last().copied());
        for row in tiles {
            self.tile(row, events, &mut events_left)?;
        }
        for event in events_left {
            self.link(&events[event.row], event)?;
            if covered_until.is_some_and(|last| event.position <= last) {
                self.not_in_tree(&events[event.row], event)?;
            }
        }
        Ok(())
    }

    fn tile<'w>(
        &mut self,
        row: &PgRow,
        events: &[PgRow],
        left: &mut std::iter::Peekable<impl Iterator<Item = &'w Rehashed>>,
    ) -> Result<(), StoreError> {
        let number = row.try_get::<i64, _>("number")?.unsigned_abs();
        if number != self.edge.size() >> HEIGHT || !self.edge.size().is_multiple_of(256) {
            self.findings.push(LedgerFinding::TileDiffers { level: 0, number: self.edge.size() >> HEIGHT });
        }
        let (hashes, positions): (&[u8], Vec<i64>) = (row.try_get("hashes")?, row.try_get("positions")?);
        for (hash, position) in hashes.chunks_exact(32).zip(positions) {
            let mut signed: Hash = GENESIS;
            signed.copy_from_slice(hash);
            if self.edge.size() > 0 && position == self.edge.last_position() {
                self.heads.leaf(self.edge.size(), position, &signed, &mut self.findings);
                self.grow(position, signed);
                continue;
            }
            while let Some(event) = left.next_if(|event| event.position < position) {
                self.link(&events[event.row], event)?;
                self.not_in_tree(&events[event.row], event)?;
            }
            let index = self.edge.size();
            if let Some(event) = left.next_if(|event| event.position == position) {
                let row = &events[event.row];
                let recorded = self.link(row, event)?;
                self.heads.follow(&stream(row)?, event.sequence, recorded);
                if leaf(position, &recorded) != signed {
                    let (stream, sequence) = (stream(row)?, event.sequence);
                    self.heads.cannot_be_recounted();
                    self.findings.push(LedgerFinding::LeafDiffers {
                        leaf: index,
                        stream,
                        sequence,
                        position,
                    });
                }
            } else if let Some(gone) = self.certificates.excuse(position, &signed) {
                self.destroyed += 1;
                if let Some((trajectory, sequence)) = &gone.fact {
                    self.heads.follow(&format!("trajectory {trajectory}"), *sequence, gone.hash);
                }
            } else {
                self.heads.cannot_be_recounted();
                self.findings.push(LedgerFinding::EventGone { leaf: index, position });
            }
            self.grow(position, signed);
        }
        Ok(())
    }

    fn grow(&mut self, position: i64, signed: Hash) {
        let above = &mut self.above;
        self.edge.push(position, signed, &mut |tile| {
            if tile.level > 0 {
                above.extend([keyed(tile)]);
            }
        });
        let size = self.edge.size();
        while let Some(checkpoint) = self.checkpoints.next_if(|checkpoint| checkpoint.tree_size <= size) {
            self.heads.checkpoint(checkpoint.tree_size, &mut self.findings);
            self.checkpoint(&checkpoint);
        }
    }

    fn checkpoint(&mut self, kept: &Signed) {
        let tree_size = kept.tree_size;
        self.signed = tree_size;
        match self.keys.read(&kept.note) {
            Err(why) => self.findings.push(LedgerFinding::NotSigned { tree_size, why }),
            Ok(checkpoint) if checkpoint.tree_size == tree_size && checkpoint.root == self.edge.root() => {
                self.report_another_tree();
            }
            Ok(_) => {
                let first = self.another_tree.map_or(tree_size, |(first, _)| first);
                self.another_tree = Some((first, tree_size));
            }
        }
    }

    fn report_another_tree(&mut self) {
        if let Some((first, last)) = self.another_tree.take() {
            self.findings.push(LedgerFinding::AnotherTree { first, last });
        }
    }

    /// Checkpoints of more leaves than there are, and leaves without a checkpoint.
    pub fn end(&mut self) {
        self.report_another_tree();
        let there = self.edge.size();
        let beyond: Vec<Signed> = self.checkpoints.by_ref().collect();
        for kept in &beyond {
            if let Err(why) = self.keys.read(&kept.note) {
                self.findings.push(LedgerFinding::NotSigned { tree_size: kept.tree_size, why });
            }
        }
        if let Some(last) = beyond.last() {
            self.findings.push(LedgerFinding::CutOff { signed: last.tree_size, there });
        } else if self.signed < there {
            self.findings.push(LedgerFinding::Unsigned { signed: self.signed, there });
        }
    }

    /// Compares an event with the one before it in its stream, and returns its hash.
    fn link(&mut self, row: &PgRow, event: &Rehashed) -> Result<Hash, StoreError> {
        let of = event::StreamId {
            aggregate_type: row.try_get("aggregate_type")?,
            aggregate_id: row.try_get("aggregate_id")?,
        };
        let name = stream(row)?;
        let (before, previous) =
            self.tails.get(&name).map_or((0, GENESIS), |tail| (tail.sequence, tail.hash));
        let hash = event.stored.unwrap_or(previous);
        let in_order = event.sequence == before + 1;
        let follows = event.previous == Some(previous);
        let finding = if self.certificates.say_destroyed(of.aggregate_type, of.aggregate_id) {
            let (stream, sequence) = (name.clone(), event.sequence);
            self.findings.push(LedgerFinding::NotDestroyed { stream, sequence });
            None
        } else if !in_order {
            Some(Finding::Missing { sequence: before + 1 })
        } else if event.stored.is_some() && !(event.holds && follows) {
            Some(Finding::ChainBroken { sequence: event.sequence })
        } else {
            (!event.admitted).then_some(Finding::NotAdmitted { sequence: event.sequence })
        };
        let tail = self.tails.entry(name.clone()).or_insert(Tail::NONE);
        tail.sequence = event.sequence;
        tail.hash = hash;
        if let Some(finding) = finding.filter(|_| !tail.reported) {
            tail.reported = true;
            self.findings.push(LedgerFinding::Stream { stream: name, finding });
        }
        Ok(hash)
    }

    fn not_in_tree(&mut self, row: &PgRow, event: &Rehashed) -> Result<(), StoreError> {
        let (stream, sequence, position) = (stream(row)?, event.sequence, event.position);
        self.findings.push(LedgerFinding::NotInTree { stream, sequence, position });
        Ok(())
    }
}

pub(super) fn keyed(tile: Grown) -> ((u8, u64), Vec<u8>) {
    ((tile.level, tile.number), tile.hashes)
}

fn stream(row: &PgRow) -> Result<String, StoreError> {
    let (kind, id): (&str, &str) = (row.try_get("aggregate_type")?, row.try_get("aggregate_id")?);
    Ok(format!("{kind} {id}"))
}
