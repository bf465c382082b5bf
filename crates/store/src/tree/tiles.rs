//! The tree as C2SP tlog-tiles: what anybody needs to prove that an event is in it, without asking
//! this program for a proof. A tile is verified against the newest signed root before it leaves.

use std::collections::HashMap;

use sqlx::Row;
use sqlx::postgres::PgConnection;
use tlog_tiles::tile::Tile;

use super::checkpoint_signer::{CheckpointSigner, must_lead};
use super::checkpoints::newest;
use super::edge::FULL;
use super::grow::load;
use super::head_map::statement;
use super::leaf::{HEIGHT, leaf};
use crate::error::StoreError;
use crate::events::hash_chain::Hash;

const HASH_BYTES: usize = size_of::<Hash>();

/// A stored tile.
struct Stored {
    hashes: Vec<u8>,
    positions: Vec<i64>,
}

impl CheckpointSigner {
    /// The first hashes of a tile; none if the signed tree does not have that many there.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if the tile does not lead to the signed root, and if the database is out
    /// of reach.
    pub async fn tile(&self, level: u8, number: u64, width: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let mut instant = self.tree.pool.begin_with(AT_ONE_INSTANT).await?;
        let tile = self.verified_tile(&mut instant, level, number).await?;
        instant.rollback().await?;
        Ok(tile.and_then(|tile| tile.hashes.get(..width * HASH_BYTES).map(<[u8]>::to_vec)))
    }

    /// The entries of the first leaves of a tile, each after its length in two bytes: the position
    /// of the event in eight bytes, the highest first, and its hash. The last leaf of a checkpoint
    /// has the position of the event before it, and the hash of its statement about the heads. None
    /// if the signed tree does not have that many leaves there.
    ///
    /// # Errors
    /// As [`Self::tile`].
    pub async fn entries(&self, number: u64, width: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let mut instant = self.tree.pool.begin_with(AT_ONE_INSTANT).await?;
        let Some(tile) = self.verified_tile(&mut instant, 0, number).await? else { return Ok(None) };
        let Some(positions) = tile.positions.get(..width) else { return Ok(None) };
        let hashes = hashes_at(&mut instant, positions).await?;
        let first = number << HEIGHT;
        let statements = statements(&mut instant, first, width).await?;
        instant.rollback().await?;
        let mut entries = Vec::with_capacity(width * 42);
        let leaves = positions.iter().zip(tile.hashes.chunks_exact(HASH_BYTES));
        for (index, (position, signed)) in (first..).zip(leaves) {
            let mut hashes = [hashes.get(position), statements.get(&index)].into_iter().flatten();
            let hash = hashes.find(|hash| leaf(*position, hash) == *signed);
            let hash = hash.ok_or_else(|| {
                StoreError::Tree(format!("no event at {position} is the one that was signed"))
            })?;
            entries.extend(40_u16.to_be_bytes());
            entries.extend(position.to_be_bytes());
            entries.extend(hash);
        }
        Ok(Some(entries))
    }

    /// A stored tile that leads to the newest signed root: through the full tiles above it to one
    /// that is still growing.
    async fn verified_tile(
        &self,
        instant: &mut PgConnection,
        level: u8,
        number: u64,
    ) -> Result<Option<Stored>, StoreError> {
        let Some(signed) = newest(&mut *instant).await? else { return Ok(None) };
        let edge = load(&mut *instant).await?;
        must_lead(edge.size() == signed.tree_size && edge.root() == self.root_of(&signed)?)?;
        let Some(tile) = stored(&mut *instant, level, number).await? else { return Ok(None) };
        let (mut level, mut number, mut hashes) = (level, number, tile.hashes.clone());
        loop {
            let growing = edge.growing(level).filter(|(growing, _)| *growing == number);
            if let Some((_, growing)) = growing {
                must_lead(growing == hashes)?;
                return Ok(Some(tile));
            }
            must_lead(hashes.len() == FULL && level < MOST_LEVELS)?;
            let hash = Tile::subtree_hash(&hashes).0;
            let at = usize::try_from(number % (1 << HEIGHT)).expect("less than 256") * HASH_BYTES;
            (level, number) = (level + 1, number >> HEIGHT);
            let above = stored(&mut *instant, level, number).await?;
            hashes = above.map(|above| above.hashes).unwrap_or_default();
            must_lead(hashes.get(at..at + HASH_BYTES) == Some(&hash[..]))?;
        }
    }
}

const AT_ONE_INSTANT: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// How many levels a tree of 2⁶⁴ leaves has.
const MOST_LEVELS: u8 = 8;

async fn stored(database: &mut PgConnection, level: u8, number: u64) -> Result<Option<Stored>, StoreError> {
    let Ok(number) = i64::try_from(number) else { return Ok(None) };
    let row = sqlx::query("SELECT hashes, positions FROM ledger_tiles WHERE level = $1 AND number = $2")
        .bind(i16::from(level))
        .bind(number)
        .fetch_optional(database)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Stored { hashes: row.try_get("hashes")?, positions: row.try_get("positions")? }))
}

/// What the last leaves of checkpoints say, by the number of the leaf, for some leaves after one
/// another.
async fn statements(
    database: &mut PgConnection,
    first: u64,
    width: usize,
) -> Result<HashMap<u64, Hash>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT tree_size, heads FROM checkpoints WHERE tree_size > $1 AND tree_size <= $1 + $2 AND heads IS NOT NULL",
    )
    .bind(first.cast_signed())
    .bind(i64::try_from(width).unwrap_or(i64::MAX))
    .fetch_all(database)
    .await?;
    let said = |(size, root): (i64, Vec<u8>)| {
        let (last, root) = (size.unsigned_abs() - 1, Hash::try_from(root).ok()?);
        Some((last, statement(last, &root)))
    };
    Ok(rows.into_iter().filter_map(said).collect())
}

/// The hash of the event at each position. Those of events that were destroyed are in their
/// certificates.
pub(super) async fn hashes_at(
    database: &mut PgConnection,
    positions: &[i64],
) -> Result<HashMap<i64, Hash>, StoreError> {
    let there = "SELECT position, hash FROM events WHERE position = ANY ($1)";
    let certified = "SELECT (gone ->> 'position')::bigint, decode(gone ->> 'hash', 'hex')
         FROM events CROSS JOIN LATERAL json_array_elements(payload -> 'events') AS gone
         WHERE aggregate_type = 'destruction' AND (gone ->> 'position')::bigint = ANY ($1)";
    let mut hashes = HashMap::new();
    for query in [there, certified] {
        let missing: Vec<i64> = positions.iter().filter(|at| !hashes.contains_key(*at)).copied().collect();
        if missing.is_empty() {
            break;
        }
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(query).bind(missing).fetch_all(&mut *database).await?;
        hashes.extend(rows.into_iter().filter_map(|(at, hash)| Some((at, Hash::try_from(hash).ok()?))));
    }
    Ok(hashes)
}
