//! The stored map of heads (ADR 40): verified against what the last checkpoint signed before a
//! round builds on it, or a case file shows a part of it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use super::checkpoint_signer::{CheckpointSigner, must_lead};
use super::checkpoints::{Signed, newest};
use super::edge::Edge;
use super::grow::load;
use super::head_map::{Head, Top, bucket, bucket_root, bucket_siblings, key, statement};
use super::leaf::leaf;
use super::tiles::hashes_at;
use crate::error::StoreError;
use crate::events::hash_chain::Hash;

/// An event that continues its stream.
pub(super) struct Moved {
    /// `trajectory ID`.
    pub stream: String,
    /// The hash of its first event.
    pub first: Hash,
    /// The number of the event.
    pub sequence: u64,
    /// The hash before it, and its own.
    pub links: (Hash, Hash),
}

impl Moved {
    fn key(&self) -> Hash {
        key(&self.stream, &self.first)
    }
}

/// The stored map, which is the one that the last checkpoint signed.
pub(super) struct SignedHeads {
    top: Top,
    /// Whether the last checkpoint has it.
    is_signed: bool,
}

impl SignedHeads {
    /// Reads what is above the buckets.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if it is not what the last leaf of the signed tree covers.
    pub async fn load(
        round: &mut PgConnection,
        edge: &Edge,
        last: Option<&Signed>,
    ) -> Result<Self, StoreError> {
        let top = stored_top(&mut *round).await?;
        let root = match last {
            Some(last) => root_at(&mut *round, last).await?,
            None => None,
        };
        let signed = root.map(|root| leaf(edge.last_position(), &statement(last_leaf(edge.size()), &root)));
        match (signed, last) {
            (Some(signed), _) => must_be_the_signed(edge.last_leaf() == signed && Some(top.root()) == root)?,
            (None, None) => must_be_the_signed(top.root() == Top::empty().root())?,
            // Signed before there was a map: its last leaf is that of an event.
            (None, Some(_)) => {
                let hashes = hashes_at(&mut *round, &[edge.last_position()]).await?;
                let event = hashes.get(&edge.last_position());
                let is_event = event.is_some_and(|hash| leaf(edge.last_position(), hash) == edge.last_leaf());
                must_be_the_signed(is_event && top.root() == Top::empty().root())?;
            }
        }
        Ok(Self { top, is_signed: root.is_some() })
    }

    /// Whether a tree has no map yet.
    pub fn begins(&self, edge: &Edge) -> bool {
        edge.size() > 0 && !self.is_signed
    }

    /// The root of the map.
    pub fn root(&self) -> Hash {
        self.top.root()
    }

    /// Writes the heads after these events, which are in the order of position.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if one of them does not continue the signed head of its stream, or the
    /// stored heads are not those that were signed.
    pub async fn follow(
        &mut self,
        round: &mut PgConnection,
        edge: &Edge,
        moved: Vec<Moved>,
    ) -> Result<(), StoreError> {
        let begun = if self.begins(edge) { before(&mut *round, edge).await? } else { Vec::new() };
        let keys = moved.iter().map(Moved::key).chain(begun.iter().map(|head| head.key));
        let numbers: BTreeSet<u16> = keys.map(|key| bucket(&key)).collect();
        let mut buckets = self.buckets(&mut *round, &numbers).await?;
        let mut changed = BTreeSet::new();
        for head in begun {
            changed.insert(head.key);
            put(&mut buckets, head);
        }
        for moved in moved {
            let key = moved.key();
            changed.insert(key);
            let heads = buckets.entry(bucket(&key)).or_default();
            let head = heads.iter_mut().find(|head| head.key == key);
            let Moved { stream, sequence, links: (previous, hash), .. } = moved;
            match head {
                Some(head) if (head.version + 1, head.hash) == (sequence, previous) => {
                    (head.version, head.hash) = (sequence, hash);
                }
                None if sequence == 1 => put(&mut buckets, Head { key, version: 1, hash }),
                _ => {
                    let why = format!("{stream}: event {sequence} does not continue what was signed");
                    return Err(StoreError::Tree(why));
                }
            }
        }
        for (bucket, heads) in &buckets {
            self.top.set(*bucket, bucket_root(heads));
        }
        let changed: Vec<&Head> =
            buckets.values().flatten().filter(|head| changed.contains(&head.key)).collect();
        write(round, &changed, buckets.keys().map(|bucket| (*bucket, self.top.bucket(*bucket)))).await
    }

    /// These buckets, each with its heads in the order of keys.
    async fn buckets(
        &self,
        round: &mut PgConnection,
        numbers: &BTreeSet<u16>,
    ) -> Result<BTreeMap<u16, Vec<Head>>, StoreError> {
        let rows =
            sqlx::query("SELECT key, version, hash FROM heads WHERE bucket = ANY ($1) ORDER BY bucket, key")
                .bind(numbers.iter().map(|number| number.cast_signed()).collect::<Vec<_>>())
                .fetch_all(round)
                .await?;
        let mut buckets: BTreeMap<u16, Vec<Head>> =
            numbers.iter().map(|number| (*number, Vec::new())).collect();
        for row in &rows {
            let head = read(row)?;
            buckets.entry(head.bucket()).or_default().push(head);
        }
        must_be_the_signed(
            buckets.iter().all(|(bucket, heads)| bucket_root(heads) == self.top.bucket(*bucket)),
        )?;
        Ok(buckets)
    }
}

/// Puts a head among the others of its bucket.
fn put(buckets: &mut BTreeMap<u16, Vec<Head>>, head: Head) {
    let heads = buckets.entry(head.bucket()).or_default();
    let at = heads.partition_point(|other| other.key < head.key);
    heads.insert(at, head);
}

/// The heads of a ledger that was signed before there was a map.
async fn before(round: &mut PgConnection, edge: &Edge) -> Result<Vec<Head>, StoreError> {
    let rows = sqlx::query(
        "SELECT 'trajectory ' || last.aggregate_id AS stream, last.sequence AS version, last.hash, first.hash AS first
         FROM (SELECT DISTINCT ON (aggregate_id) aggregate_id, sequence, hash FROM events
               WHERE aggregate_type = 'trajectory' AND position <= $1
               ORDER BY aggregate_id, sequence DESC) AS last
         JOIN events AS first ON first.aggregate_type = 'trajectory' AND first.aggregate_id = last.aggregate_id
              AND first.sequence = 1",
    )
    .bind(edge.last_position())
    .fetch_all(round)
    .await?;
    let head = |row: &PgRow| {
        let first = Head::first(row.try_get("stream")?, hash(row, "first")?);
        Ok(Head { version: version(row)?, hash: hash(row, "hash")?, ..first })
    };
    rows.iter().map(head).collect()
}

/// A proof that a stream has no event after a certain one, as of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadProof {
    /// The number of its last event.
    pub version: u64,
    /// The root of the map.
    pub root: Hash,
    /// The hashes beside the way from the stream's place up to the root of the map, the lowest
    /// first.
    pub siblings: Vec<Hash>,
    /// The position that the last leaf of the tree has: that of the event before it.
    pub position: i64,
    /// The hashes beside the way from the last leaf to the root of the tree, the lowest first.
    pub inclusion: Vec<Hash>,
}

impl CheckpointSigner {
    /// The newest checkpoint, with a proof of how far it says that a stream is. None if nothing was
    /// signed since there is a map, or nothing of this stream.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if the stored map is not the one that was signed, and if the database is
    /// out of reach.
    pub(crate) async fn head(
        &self,
        stream: &str,
        first: &Hash,
    ) -> Result<Option<(Signed, HeadProof)>, StoreError> {
        let one_instant = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        let mut instant = self.tree.pool.begin_with(one_instant).await?;
        let Some(signed) = newest(&mut *instant).await? else { return Ok(None) };
        let edge = load(&mut instant).await?;
        must_lead(edge.size() == signed.tree_size && edge.root() == self.root_of(&signed)?)?;
        let heads = SignedHeads::load(&mut instant, &edge, Some(&signed)).await?;
        if !heads.is_signed {
            return Ok(None);
        }
        let key = key(stream, first);
        let number = bucket(&key);
        let buckets = heads.buckets(&mut instant, &BTreeSet::from([number])).await?;
        instant.rollback().await?;
        let others = &buckets[&number];
        let Some(head) = others.iter().find(|head| head.key == key) else { return Ok(None) };
        let mut siblings = bucket_siblings(others, &key);
        siblings.extend(heads.top.siblings(number));
        let last = last_leaf(signed.tree_size);
        let proof = self.inclusion(&[last], &signed).await?.and_then(|proofs| proofs.into_iter().next());
        let root = heads.root();
        let covers = leaf(edge.last_position(), &statement(last, &root));
        let proof = proof.filter(|proof| proof.leaf == covers);
        let proof =
            proof.ok_or_else(|| StoreError::Tree("its last leaf is not what was signed".to_owned()))?;
        let (version, position) = (head.version, edge.last_position());
        Ok(Some((signed, HeadProof { version, root, siblings, position, inclusion: proof.hashes })))
    }
}

/// The number of the last leaf of a tree, which is not empty.
fn last_leaf(size: u64) -> u64 {
    size.saturating_sub(1)
}

fn must_be_the_signed(is: bool) -> Result<(), StoreError> {
    let differs =
        || StoreError::Tree("the stored heads of the cases are not those that were signed".to_owned());
    must_lead(is).map_err(|_| differs())
}

/// The part of the stored map above its buckets.
async fn stored_top(database: &mut PgConnection) -> Result<Top, StoreError> {
    let rows = sqlx::query("SELECT bucket, root FROM head_buckets").fetch_all(database).await?;
    let roots = rows.iter().map(|row| Ok((number(row)?, hash(row, "root")?)));
    Ok(Top::of(roots.collect::<Result<Vec<_>, StoreError>>()?))
}

/// The root of the map that is stored with a checkpoint.
async fn root_at(database: &mut PgConnection, signed: &Signed) -> Result<Option<Hash>, StoreError> {
    let root = sqlx::query_scalar::<_, Option<Vec<u8>>>("SELECT heads FROM checkpoints WHERE tree_size = $1");
    let root = root.bind(signed.tree_size.cast_signed()).fetch_one(database).await?;
    Ok(root.and_then(|root| root.try_into().ok()))
}

/// Every stored head, and the root of every stored bucket.
pub(super) async fn all_stored(
    database: &mut PgConnection,
) -> Result<(Vec<Head>, BTreeMap<u16, Hash>), StoreError> {
    let heads = sqlx::query("SELECT key, version, hash FROM heads").fetch_all(&mut *database).await?;
    let buckets = sqlx::query("SELECT bucket, root FROM head_buckets").fetch_all(database).await?;
    let buckets = buckets.iter().map(|row| Ok((number(row)?, hash(row, "root")?)));
    Ok((heads.iter().map(read).collect::<Result<_, _>>()?, buckets.collect::<Result<_, StoreError>>()?))
}

fn read(row: &PgRow) -> Result<Head, StoreError> {
    let (key, hash) = (hash(row, "key")?, hash(row, "hash")?);
    Ok(Head { key, version: version(row)?, hash })
}

fn version(row: &PgRow) -> Result<u64, StoreError> {
    Ok(row.try_get::<i64, _>("version")?.unsigned_abs())
}

fn number(row: &PgRow) -> Result<u16, StoreError> {
    // The table has a check; a number outside it would be of no bucket.
    Ok(row.try_get::<i16, _>("bucket")?.cast_unsigned() % 4_096)
}

/// A hash in a column; zeros if it is none, which no root fits.
fn hash(row: &PgRow, column: &str) -> Result<Hash, StoreError> {
    Ok(row.try_get::<&[u8], _>(column)?.try_into().unwrap_or_default())
}

async fn write(
    round: &mut PgConnection,
    heads: &[&Head],
    buckets: impl Iterator<Item = (u16, Hash)>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO heads (bucket, key, version, hash)
         SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::bigint[], $4::bytea[])
         ON CONFLICT (bucket, key) DO UPDATE SET version = excluded.version, hash = excluded.hash",
    )
    .bind(heads.iter().map(|head| head.bucket().cast_signed()).collect::<Vec<_>>())
    .bind(heads.iter().map(|head| head.key.to_vec()).collect::<Vec<_>>())
    .bind(heads.iter().map(|head| head.version.cast_signed()).collect::<Vec<_>>())
    .bind(heads.iter().map(|head| head.hash.to_vec()).collect::<Vec<_>>())
    .execute(&mut *round)
    .await?;
    let (numbers, roots): (Vec<i16>, Vec<Vec<u8>>) =
        buckets.map(|(bucket, root)| (bucket.cast_signed(), root.to_vec())).unzip();
    sqlx::query(
        "INSERT INTO head_buckets (bucket, root) SELECT * FROM unnest($1::smallint[], $2::bytea[])
         ON CONFLICT (bucket) DO UPDATE SET root = excluded.root",
    )
    .bind(numbers)
    .bind(roots)
    .execute(round)
    .await?;
    Ok(())
}
