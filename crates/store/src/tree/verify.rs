//! The whole ledger checked in one walk in the order of position: every event's hash and its link to the one before it in its
//! stream, every leaf, every tile, every checkpoint, and the checkpoints outside the database.
//!
//! The next page is fetched while this one is worked on; hashes are computed on every core.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use super::certificates::{Certificates, certificates};
use super::edge::{Edge, Grown};
use super::finding::LedgerFinding;
use super::pages::{After, Page, fetch};
use super::rehash::{Weighed, weigh_all};
use super::schema_guards::check_guards;
use super::signing_key::LedgerKeys;
use super::{Outside, Signed, Tree, checkpoints_after, leaf};
use crate::consistency::finding::Finding;
use crate::error::StoreError;
use crate::events::event;
use crate::events::hash_chain::{GENESIS, Hash};

/// The last event of a stream that was seen.
struct Tail {
    sequence: u64,
    hash: Hash,
    /// The first of the events at its end that have no hash and that the tree does not cover either.
    not_covered: Option<u64>,
    /// Whether something of this stream was told already: what follows from it is not news.
    told: bool,
}

impl Tail {
    /// What stands before the first event of a stream.
    const NONE: Self = Self { sequence: 0, hash: GENESIS, not_covered: None, told: false };
}

struct Walk<'t> {
    keys: &'t LedgerKeys,
    tails: HashMap<String, Tail>,
    edge: Edge,
    above: BTreeMap<(u8, u64), Vec<u8>>,
    checkpoints: std::iter::Peekable<std::vec::IntoIter<Signed>>,
    /// The last of the checkpoints that do not fit, one after another.
    another_tree: Option<(u64, u64)>,
    signed: u64,
    certificates: Certificates,
    /// How many leaves they excuse.
    destroyed: u64,
    findings: Vec<LedgerFinding>,
}

/// What a walk came along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// How many events are there.
    pub events: u64,
    /// Of how many leaves the newest checkpoint was signed; 0 where there is none.
    pub signed: u64,
    /// How many were signed, and destroyed since.
    pub destroyed: u64,
    /// Under how many certificates.
    pub certificates: u64,
}

impl Tree {
    /// Walks along the whole ledger and tells what is not as it should be: how many events were seen so far, and what was found.
    /// Events after the last checkpoint are held against their chains only.
    ///
    /// Others may write and sign meanwhile: the file outside is looked at as it was before the database, which is read as it is
    /// at one instant. A checkpoint is committed before it is written outside, so the database has all that the file had.
    ///
    /// # Errors
    /// Where the database or the file outside is out of reach.
    pub async fn check(
        &self,
        keys: &LedgerKeys,
        outside: &Outside,
        mut tell: impl FnMut(u64, Vec<LedgerFinding>),
    ) -> Result<Walked, StoreError> {
        let outside = outside.as_it_is().map_err(StoreError::Outside)?;
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let checkpoints = all_checkpoints(&mut instant).await?;
        let mut findings = Vec::new();
        check_guards(&mut instant, &mut findings).await?;
        let mut walk = Walk {
            keys,
            tails: HashMap::new(),
            edge: Edge::default(),
            above: BTreeMap::new(),
            checkpoints: checkpoints.clone().into_iter().peekable(),
            another_tree: None,
            signed: 0,
            certificates: certificates(&mut instant, keys, &mut findings).await?,
            destroyed: 0,
            findings,
        };
        let mut seen = 0;
        let mut page = Some(fetch(&mut instant, After::NOTHING).await?);
        while let Some(Page { tiles, events, next }) = page {
            let weighed = weigh_all(&events);
            let (weighed, fetched) = match next {
                Some(next) => {
                    let (weighed, fetched) = tokio::join!(weighed, fetch(&mut instant, next));
                    (weighed?, Some(fetched?))
                }
                None => (weighed.await?, None),
            };
            walk.page(&tiles, &events, &weighed)?;
            seen += events.len() as u64;
            tell(seen, std::mem::take(&mut walk.findings));
            page = fetched;
        }
        walk.end();
        check_above(&mut instant, &mut walk).await?;
        instant.rollback().await?;
        outside.check(&checkpoints, &mut walk.findings).map_err(StoreError::Outside)?;
        tell(seen, walk.findings);
        let signed = checkpoints.last().map_or(0, |last| last.tree_size);
        let (destroyed, certificates) = (walk.destroyed, walk.certificates.count());
        Ok(Walked { events: seen, signed, destroyed, certificates })
    }
}

async fn all_checkpoints(database: &mut PgConnection) -> Result<Vec<Signed>, StoreError> {
    let mut all: Vec<Signed> = Vec::new();
    loop {
        let last = all.last().map_or(0, |last| last.tree_size);
        let page = checkpoints_after(&mut *database, last, 10_000).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// Whether the tiles above the leaves are those that follow from the leaves.
async fn check_above(database: &mut PgConnection, walk: &mut Walk<'_>) -> Result<(), StoreError> {
    let rows =
        sqlx::query("SELECT level, number, hashes FROM ledger_tiles WHERE level > 0 ORDER BY level, number")
            .fetch_all(database)
            .await?;
    let mut expected = std::mem::take(&mut walk.above);
    expected.extend(walk.edge.unfilled().filter(|tile| tile.level > 0).map(keyed));
    for row in rows {
        let level = u8::try_from(row.try_get::<i16, _>("level")?).unwrap_or(u8::MAX);
        let number = row.try_get::<i64, _>("number")?.unsigned_abs();
        if expected.remove(&(level, number)).as_deref() != Some(row.try_get("hashes")?) {
            walk.findings.push(LedgerFinding::TileDiffers { level, number });
        }
    }
    let missing = expected.into_keys().map(|(level, number)| LedgerFinding::TileDiffers { level, number });
    walk.findings.extend(missing);
    Ok(())
}

impl Walk<'_> {
    fn page(&mut self, tiles: &[PgRow], events: &[PgRow], weighed: &[Weighed]) -> Result<(), StoreError> {
        let mut events_left = weighed.iter().peekable();
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
        left: &mut std::iter::Peekable<impl Iterator<Item = &'w Weighed>>,
    ) -> Result<(), StoreError> {
        let number = row.try_get::<i64, _>("number")?.unsigned_abs();
        if number != self.edge.size() >> super::HEIGHT || !self.edge.size().is_multiple_of(256) {
            self.findings
                .push(LedgerFinding::TileDiffers { level: 0, number: self.edge.size() >> super::HEIGHT });
        }
        let (hashes, positions): (&[u8], Vec<i64>) = (row.try_get("hashes")?, row.try_get("positions")?);
        for (hash, position) in hashes.chunks_exact(32).zip(positions) {
            let mut signed: Hash = GENESIS;
            signed.copy_from_slice(hash);
            while let Some(event) = left.next_if(|event| event.position < position) {
                self.link(&events[event.row], event)?;
                self.not_in_tree(&events[event.row], event)?;
            }
            let index = self.edge.size();
            if let Some(event) = left.next_if(|event| event.position == position) {
                let row = &events[event.row];
                let recorded = self.link(row, event)?;
                if event.stored.is_none()
                    && let Some(tail) = self.tails.get_mut(&stream(row)?)
                {
                    tail.not_covered = None;
                }
                if leaf(position, &recorded) != signed {
                    let (stream, sequence) = (stream(row)?, event.sequence);
                    self.findings.push(LedgerFinding::LeafDiffers {
                        leaf: index,
                        stream,
                        sequence,
                        position,
                    });
                }
            } else if self.certificates.excuse(position, &signed) {
                self.destroyed += 1;
            } else {
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
            self.checkpoint(&checkpoint);
        }
    }

    fn checkpoint(&mut self, kept: &Signed) {
        let tree_size = kept.tree_size;
        self.signed = tree_size;
        match self.keys.read(&kept.note) {
            Err(why) => self.findings.push(LedgerFinding::NotSigned { tree_size, why }),
            Ok(checkpoint) if checkpoint.tree_size == tree_size && checkpoint.root == self.edge.root() => {
                self.tell_another_tree();
            }
            Ok(_) => {
                let first = self.another_tree.map_or(tree_size, |(first, _)| first);
                self.another_tree = Some((first, tree_size));
            }
        }
    }

    fn tell_another_tree(&mut self) {
        if let Some((first, last)) = self.another_tree.take() {
            self.findings.push(LedgerFinding::AnotherTree { first, last });
        }
    }

    /// Streams that end without a hash, checkpoints of more leaves than there are, and leaves without a checkpoint.
    fn end(&mut self) {
        self.tell_another_tree();
        for (stream, tail) in std::mem::take(&mut self.tails) {
            if let Some(sequence) = tail.not_covered.filter(|_| !tail.told) {
                self.findings
                    .push(LedgerFinding::Stream { stream, finding: Finding::NotCovered { sequence } });
            }
        }
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

    /// Holds an event against the one before it in its stream; answers the hash that it has.
    fn link(&mut self, row: &PgRow, event: &Weighed) -> Result<Hash, StoreError> {
        let of = event::StreamId {
            aggregate_type: row.try_get("aggregate_type")?,
            aggregate_id: row.try_get("aggregate_id")?,
        };
        let name = stream(row)?;
        let (before, previous) =
            self.tails.get(&name).map_or((0, GENESIS), |tail| (tail.sequence, tail.hash));
        let hash = event::hash_after(row, of, &previous)?;
        let in_order = event.sequence == before + 1;
        let follows = event.previous.is_none_or(|named| named == previous);
        let finding = if self.certificates.tell_the_end_of(of.aggregate_type, of.aggregate_id) {
            let (stream, sequence) = (name.clone(), event.sequence);
            self.findings.push(LedgerFinding::NotDestroyed { stream, sequence });
            None
        } else if !in_order {
            Some(Finding::Missing { sequence: before + 1 })
        } else if event.holds && follows {
            None
        } else {
            Some(Finding::ChainBroken { sequence: event.sequence })
        };
        let tail = self.tails.entry(name.clone()).or_insert(Tail::NONE);
        tail.sequence = event.sequence;
        tail.hash = hash;
        tail.not_covered =
            if event.stored.is_some() { None } else { tail.not_covered.or(Some(event.sequence)) };
        if let Some(finding) = finding.filter(|_| !tail.told) {
            tail.told = true;
            self.findings.push(LedgerFinding::Stream { stream: name, finding });
        }
        Ok(hash)
    }

    fn not_in_tree(&mut self, row: &PgRow, event: &Weighed) -> Result<(), StoreError> {
        let (stream, sequence, position) = (stream(row)?, event.sequence, event.position);
        self.findings.push(LedgerFinding::NotInTree { stream, sequence, position });
        Ok(())
    }
}

fn keyed(tile: Grown) -> ((u8, u64), Vec<u8>) {
    ((tile.level, tile.number), tile.hashes)
}

fn stream(row: &PgRow) -> Result<String, StoreError> {
    let (kind, id): (&str, &str) = (row.try_get("aggregate_type")?, row.try_get("aggregate_id")?);
    Ok(format!("{kind} {id}"))
}
