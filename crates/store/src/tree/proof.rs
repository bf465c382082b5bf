//! Proofs that an event is in a signed tree, and that a later tree holds all of an earlier one (RFC
//! 9162 §2.1.3 and §2.1.4). Each reads a handful of tiles.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use sqlx::Row;
use tlog_tiles::tile::Tile;
use tlog_tiles::tlog::{
    self, HashReader, check_record, check_tree, prove_record, prove_tree, stored_hash_index, tree_hash,
};

use super::checkpoints::Tree;
use super::leaf::HEIGHT;
use crate::error::StoreError;
use crate::events::hash_chain::Hash;

/// A proof that a leaf is in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The number of the leaf, from 0.
    pub leaf_index: u64,
    /// The leaf.
    pub leaf: Hash,
    /// How many leaves the tree has.
    pub tree_size: u64,
    /// The hashes beside the path from the leaf to the root, the lowest first.
    pub hashes: Vec<Hash>,
}

/// A proof that a tree begins with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// How many leaves the earlier tree has.
    pub from: u64,
    /// The root of the earlier tree, as it follows from the tiles.
    pub root: Hash,
    /// How many leaves the later one has.
    pub to: u64,
    /// The hashes from which both roots follow.
    pub hashes: Vec<Hash>,
}

impl Tree {
    /// The number of the leaf for each of these positions; none if the tree does not hold it.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn leaf_indexes(&self, positions: &[i64]) -> Result<Vec<Option<u64>>, StoreError> {
        let rows = sqlx::query(
            // The last leaf of a checkpoint has the position of the event before it, so the first counts.
            "SELECT min(number * 256 + array_position(positions, requested.position) - 1) AS leaf
             FROM unnest($1::bigint[]) WITH ORDINALITY AS requested (position, nth)
             LEFT JOIN LATERAL (SELECT number, positions FROM ledger_tiles
                                WHERE level = 0 AND positions[1] <= requested.position
                                ORDER BY positions[1] DESC, number DESC LIMIT 2) AS tile ON true
             GROUP BY nth ORDER BY nth",
        )
        .bind(positions)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get::<Option<i64>, _>("leaf")?.map(i64::unsigned_abs))).collect()
    }

    /// Proofs that these leaves are in the tree of this size; none if one of them is not.
    ///
    /// # Errors
    /// If the database is out of reach, or the tree has lost a tile.
    pub async fn inclusion(
        &self,
        leaves: &[u64],
        tree_size: u64,
    ) -> Result<Option<Vec<InclusionProof>>, StoreError> {
        let prove = |hashes: &dyn HashReader| {
            let stored = |leaf: u64| {
                let hash = hashes.read_hashes(&[stored_hash_index(0, leaf)])?;
                Ok((prove_record(tree_size, leaf, &Reading(hashes))?, hash[0].0))
            };
            leaves.iter().map(|leaf| stored(*leaf)).collect::<Result<Vec<_>, tlog::Error>>()
        };
        let Some(proofs) = self.prove(prove).await? else { return Ok(None) };
        let proofs = leaves.iter().zip(proofs).map(|(leaf_index, (hashes, leaf))| InclusionProof {
            leaf_index: *leaf_index,
            leaf,
            tree_size,
            hashes: plain(hashes),
        });
        Ok(Some(proofs.collect()))
    }

    /// A proof that the tree of the later size begins with that of the earlier one; none if there
    /// are no such trees.
    ///
    /// # Errors
    /// As [`Self::inclusion`].
    pub async fn consistency(&self, from: u64, to: u64) -> Result<Option<ConsistencyProof>, StoreError> {
        let proven = self.prove(|hashes| {
            let root = tree_hash(from, &Reading(hashes))?;
            Ok((prove_tree(to, from, &Reading(hashes))?, root.0))
        });
        Ok(proven.await?.map(|(hashes, root)| ConsistencyProof { from, root, to, hashes: plain(hashes) }))
    }

    /// Runs the library twice: first to learn which hashes it needs, then with those hashes.
    async fn prove<P>(
        &self,
        prove: impl Fn(&dyn HashReader) -> Result<P, tlog::Error>,
    ) -> Result<Option<P>, StoreError> {
        let needed = NeededHashes::default();
        if prove(&needed).is_err() {
            return Ok(None);
        }
        let known = self.hashes(needed.0.into_inner()).await?;
        prove(&known).map(Some).map_err(|error| StoreError::Tree(error.to_string()))
    }

    async fn hashes(&self, indexes: BTreeSet<u64>) -> Result<Known, StoreError> {
        let tiles: BTreeSet<(i16, i64)> = indexes.iter().map(|index| tile_of(*index)).collect();
        let (levels, numbers): (Vec<_>, Vec<_>) = tiles.into_iter().unzip();
        let rows = sqlx::query(
            "SELECT level, number, hashes FROM unnest($1::smallint[], $2::bigint[]) AS requested (level, number)
             JOIN ledger_tiles USING (level, number)",
        )
        .bind(levels)
        .bind(numbers)
        .fetch_all(&self.pool)
        .await?;
        let mut tiles = HashMap::new();
        for row in &rows {
            let hashes: &[u8] = row.try_get("hashes")?;
            tiles.insert((row.try_get::<i16, _>("level")?, row.try_get::<i64, _>("number")?), hashes);
        }
        let read = |index: u64| {
            let hash = Tile::from_index(HEIGHT, index).hash_at_index(tiles.get(&tile_of(index))?, index);
            Some((index, hash.ok()?))
        };
        Ok(Known(indexes.into_iter().filter_map(read).collect()))
    }
}

impl InclusionProof {
    /// Whether it leads from the leaf to this root.
    pub(super) fn leads_to(&self, root: &Hash) -> bool {
        let leaf = tlog::Hash(self.leaf);
        check_record(&of_library(&self.hashes), self.tree_size, tlog::Hash(*root), self.leaf_index, leaf)
            .is_ok()
    }
}

impl ConsistencyProof {
    /// Whether it leads from the earlier root to this one.
    pub(super) fn leads_to(&self, root: &Hash) -> bool {
        let hashes = of_library(&self.hashes);
        check_tree(&hashes, self.to, tlog::Hash(*root), self.from, tlog::Hash(self.root)).is_ok()
    }
}

fn of_library(hashes: &[Hash]) -> Vec<tlog::Hash> {
    hashes.iter().map(|hash| tlog::Hash(*hash)).collect()
}

fn tile_of(index: u64) -> (i16, i64) {
    let tile = Tile::from_index(HEIGHT, index);
    (i16::from(tile.level()), tile.level_index().cast_signed())
}

fn plain(hashes: Vec<tlog::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| hash.0).collect()
}

/// Remembers which hashes are needed, and returns meaningless ones.
#[derive(Default)]
struct NeededHashes(RefCell<BTreeSet<u64>>);

impl HashReader for NeededHashes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        self.0.borrow_mut().extend(indexes);
        Ok(vec![tlog::Hash::default(); indexes.len()])
    }
}

/// Returns the hashes that were needed.
struct Known(HashMap<u64, tlog::Hash>);

impl HashReader for Known {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let read = |index| self.0.get(index).copied().ok_or(tlog::Error::IndexesNotInTree);
        indexes.iter().map(read).collect()
    }
}

/// One of the two, for a library that needs a type of a known size.
struct Reading<'r>(&'r dyn HashReader);

impl HashReader for Reading<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        self.0.read_hashes(indexes)
    }
}
