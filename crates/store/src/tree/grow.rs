//! One round of growth: the events since the last checkpoint become leaves, a last leaf says how far
//! each case is (ADR 40), and the tree with them is signed. This is one transaction, so that no tile is ever unsigned, and under a lock, so that
//! of several servers one does it.

use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Row};

use super::checkpoints::{Signed, Tree, newest};
use super::checkpoints_file::CheckpointsFile;
use super::edge::{Edge, Grown};
use super::head_map::statement;
use super::leaf::leaf;
use super::signed_heads::{Moved, SignedHeads};
use super::signing_key::LedgerKeys;
use crate::error::{Alteration, StoreError};
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::{GENESIS, Hash};
use crate::events::mac::MacKey;

/// How many events one round takes at most.
const PAGE: u32 = 20_000;

/// How often a checkpoint is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// As soon as there are this many new events.
    pub events: u32,
    /// As soon as there is a new event and the last checkpoint is this old.
    pub every: SignedDuration,
}

impl Pace {
    /// As soon as there is a new event.
    pub const AT_ONCE: Self = Self { events: 1, every: SignedDuration::ZERO };
}

impl Tree {
    /// Signs the tree with the new events, if it is time. Does nothing if it is not, or if another
    /// server is doing it. There may be more to sign afterwards: a round takes 20,000 events.
    ///
    /// # Errors
    /// If the database or the file outside is out of reach, and [`StoreError::Tree`] if the tree,
    /// or the database as a whole, is not what was signed before, and [`StoreError::Altered`] if a new
    /// event is not what was admitted: then nothing is signed until an operator has looked.
    pub async fn grow(
        &self,
        keys: &LedgerKeys,
        checkpoints_file: &CheckpointsFile,
        pace: Pace,
        now: Timestamp,
    ) -> Result<Option<Signed>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let mut round = connection.begin().await?;
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(28525, 5)");
        if !lock.fetch_one(&mut *round).await? {
            return Ok(None);
        }
        match self.sign_new(&mut round, keys, checkpoints_file, pace, now).await {
            Ok(Some(signed)) => {
                round.commit().await?;
                checkpoints_file
                    .append(std::slice::from_ref(&signed))
                    .map_err(StoreError::CheckpointsFile)?;
                Ok(Some(signed))
            }
            // Rolled back here and not at the next use of the connection, so that the lock is free
            // for the next one.
            other => {
                round.rollback().await?;
                other
            }
        }
    }

    /// What this round signs.
    async fn sign_new(
        &self,
        round: &mut PgConnection,
        keys: &LedgerKeys,
        checkpoints_file: &CheckpointsFile,
        pace: Pace,
        now: Timestamp,
    ) -> Result<Option<Signed>, StoreError> {
        let (mut edge, last) = (load(&mut *round).await?, newest(&mut *round).await?);
        must_be_signed(&edge, last.as_ref(), keys)?;
        checkpoints_file.catch_up(&mut *round, last.as_ref()).await?;
        let mut heads = SignedHeads::load(&mut *round, &edge, last.as_ref()).await?;
        let rows = sqlx::query(concat!(
            "SELECT aggregate_type, ",
            columns!(),
            " FROM events_in_order($1, $2) ORDER BY position"
        ))
        .bind(edge.last_position())
        .bind(i64::from(PAGE))
        .fetch_all(&mut *round)
        .await?;
        if !is_time(pace, rows.len(), last.as_ref(), now) && !heads.begins(&edge) {
            return Ok(None);
        }
        let (signed_before, mut tiles, mut moved) = (edge.clone(), Vec::new(), Vec::new());
        for (row, beside) in rows.iter().zip(beside(&mut *round, &rows).await?) {
            let position = row.try_get("position")?;
            let links = verified(row, beside.before, &self.mac_key)?;
            edge.push(position, leaf(position, &links.1), &mut |tile| tiles.push(tile));
            moved.extend(of_case(row, beside.first, links)?);
        }
        heads.follow(&mut *round, &signed_before, moved).await?;
        let (position, heads) = (edge.last_position(), heads.root());
        let last = leaf(position, &statement(edge.size(), &heads));
        edge.push(position, last, &mut |tile| tiles.push(tile));
        tiles.extend(edge.unfilled());
        write(&mut *round, &tiles).await?;
        let note = keys.sign_tree(edge.size(), edge.root());
        let signed = Signed { tree_size: edge.size(), note, signed_at: now };
        insert(&mut *round, &signed, &heads).await?;
        Ok(Some(signed))
    }
}

fn is_time(pace: Pace, new: usize, last: Option<&Signed>, now: Timestamp) -> bool {
    // A clock that was set back must not stop the signing.
    let is_old = |last: &Signed| now.duration_since(last.signed_at).abs() >= pace.every;
    new > 0 && (new as u64 >= u64::from(pace.events) || last.is_none_or(is_old))
}

/// The stored edge of the tree.
pub(super) async fn load(connection: &mut PgConnection) -> Result<Edge, StoreError> {
    let rows = sqlx::query(
        "SELECT levels.level, number, hashes, positions FROM generate_series(0, 7) AS levels (level)
         CROSS JOIN LATERAL (SELECT number, hashes, positions FROM ledger_tiles AS tiles
                             WHERE tiles.level = levels.level ORDER BY number DESC LIMIT 1) AS last
         ORDER BY level",
    )
    .fetch_all(connection)
    .await?;
    let read = |row: &PgRow| -> sqlx::Result<Grown> {
        Ok(Grown {
            level: u8::try_from(row.try_get::<i32, _>("level")?).expect("from 0 to 7"),
            number: row.try_get::<i64, _>("number")?.unsigned_abs(),
            hashes: row.try_get("hashes")?,
            positions: row.try_get("positions")?,
        })
    };
    let last = rows.iter().map(read).collect::<sqlx::Result<Vec<_>>>()?;
    Edge::of(last).ok_or_else(|| StoreError::Tree("its last tiles do not fit together".to_owned()))
}

/// The next checkpoint must extend the last one.
fn must_be_signed(edge: &Edge, last: Option<&Signed>, keys: &LedgerKeys) -> Result<(), StoreError> {
    let Some(last) = last else {
        return if edge.size() == 0 {
            Ok(())
        } else {
            Err(StoreError::Tree("no checkpoint is left".to_owned()))
        };
    };
    let checkpoint = keys.read(&last.note).map_err(StoreError::last_checkpoint)?;
    let is_its_row = checkpoint.tree_size == last.tree_size;
    if is_its_row && checkpoint.tree_size == edge.size() && checkpoint.root == edge.root() {
        Ok(())
    } else {
        Err(StoreError::Tree(format!(
            "{} leaves are there, {} were signed",
            edge.size(),
            checkpoint.tree_size
        )))
    }
}

/// The hashes of the event before another one in its stream, and of the first in it.
struct Beside {
    before: Option<Hash>,
    first: Option<Hash>,
}

/// What is beside each of these events in its stream. Read after them and not in the same statement:
/// `events_in_order` sees events that were committed after its statement began, and the rest of that
/// statement does not.
async fn beside(round: &mut PgConnection, rows: &[PgRow]) -> Result<Vec<Beside>, StoreError> {
    let texts =
        |column: &str| -> sqlx::Result<Vec<&str>> { rows.iter().map(|row| row.try_get(column)).collect() };
    let sequences: sqlx::Result<Vec<i64>> = rows.iter().map(|row| row.try_get("sequence")).collect();
    let beside = sqlx::query(
        "SELECT before.hash AS before, first.hash AS first
         FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS new (kind, stream, sequence, nth)
         LEFT JOIN events AS before ON before.aggregate_type = new.kind AND before.aggregate_id = new.stream
              AND before.sequence = new.sequence - 1
         LEFT JOIN events AS first ON first.aggregate_type = new.kind AND first.aggregate_id = new.stream
              AND first.sequence = 1
         ORDER BY nth",
    )
    .bind(texts("aggregate_type")?)
    .bind(texts("aggregate_id")?)
    .bind(sequences?)
    .fetch_all(round)
    .await?;
    let hash = |row: &PgRow, column: &str| -> Result<Option<Hash>, StoreError> {
        Ok(row.try_get::<Option<&[u8]>, _>(column)?.and_then(|hash| hash.try_into().ok()))
    };
    beside.iter().map(|row| Ok(Beside { before: hash(row, "before")?, first: hash(row, "first")? })).collect()
}

/// An event of a case, which has a head.
fn of_case(row: &PgRow, first: Option<Hash>, links: (Hash, Hash)) -> Result<Option<Moved>, StoreError> {
    let kind: &str = row.try_get("aggregate_type")?;
    let stream = format!("{kind} {}", row.try_get::<&str, _>("aggregate_id")?);
    let sequence = row.try_get::<i64, _>("sequence")?.unsigned_abs();
    let first = first.unwrap_or_default();
    Ok((kind == "trajectory").then_some(Moved { stream, first, sequence, links }))
}

/// The hash before an event, and its own: this ledger admitted it, and it is still what was recorded
/// and follows the event before it in its stream. No other is signed.
fn verified(row: &PgRow, before: Option<Hash>, mac_key: &MacKey) -> Result<(Hash, Hash), StoreError> {
    let stream = event::StreamId {
        aggregate_type: row.try_get("aggregate_type")?,
        aggregate_id: row.try_get("aggregate_id")?,
    };
    let hash = mac_key.verify(row, stream)?;
    let is_first = row.try_get::<i64, _>("sequence")? == 1;
    let expected = if is_first { Some(GENESIS) } else { before };
    match expected {
        Some(before) if event::previous_hash(row)? == expected => Ok((before, hash)),
        _ => Err(StoreError::altered(row, stream, Alteration::OutOfPlace)),
    }
}

async fn write(connection: &mut PgConnection, tiles: &[Grown]) -> Result<(), StoreError> {
    let positions: Vec<i64> = tiles.iter().flat_map(|tile| tile.positions.iter().copied()).collect();
    let mut until = 0;
    let parts: Vec<(i32, i32)> = tiles
        .iter()
        .map(|tile| {
            let from = until + 1;
            until += i32::try_from(tile.positions.len()).expect("256 at the most");
            (from, until)
        })
        .collect();
    sqlx::query(
        "INSERT INTO ledger_tiles (level, number, hashes, positions)
         SELECT level, number, hashes, ($4::bigint[])[from_here:to_here]
         FROM unnest($1::smallint[], $2::bigint[], $3::bytea[], $5::int[], $6::int[])
              AS tile (level, number, hashes, from_here, to_here)
         ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes, positions = excluded.positions",
    )
    .bind(tiles.iter().map(|tile| i16::from(tile.level)).collect::<Vec<_>>())
    .bind(tiles.iter().map(|tile| tile.number.cast_signed()).collect::<Vec<_>>())
    .bind(tiles.iter().map(|tile| tile.hashes.clone()).collect::<Vec<_>>())
    .bind(positions)
    .bind(parts.iter().map(|(from, _)| *from).collect::<Vec<_>>())
    .bind(parts.iter().map(|(_, to)| *to).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert(connection: &mut PgConnection, signed: &Signed, heads: &Hash) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO checkpoints (tree_size, note, signed_at, heads) VALUES ($1, $2, $3, $4)")
        .bind(signed.tree_size.cast_signed())
        .bind(&signed.note)
        .bind(jiff_sqlx::Timestamp::from(signed.signed_at))
        .bind(heads.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}
