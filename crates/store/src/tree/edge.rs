//! The right edge of the tree: the last tile of each level, which is all that adding leaves and
//! computing the root need.

use tlog_tiles::tile::Tile;
use tlog_tiles::tlog::{self, HashReader};

use super::leaf::HEIGHT;
use crate::events::hash_chain::Hash;

const HASH_BYTES: usize = size_of::<Hash>();
/// The bytes of a full tile.
pub(super) const FULL: usize = HASH_BYTES << HEIGHT;

/// The part of the tree that still changes: the tiles that are not full yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Edge {
    size: u64,
    /// For each level, the hashes of the tile that is not full.
    levels: Vec<Vec<u8>>,
    /// The positions of the leaves in the tile of level 0.
    positions: Vec<i64>,
    last_position: i64,
    last_leaf: Hash,
}

/// A tile to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grown {
    pub level: u8,
    pub number: u64,
    pub hashes: Vec<u8>,
    /// The positions of its leaves; none above level 0.
    pub positions: Vec<i64>,
}

impl Edge {
    /// The edge with these last tiles of each level, the lowest first; none if they do not fit
    /// together.
    pub fn of(last: Vec<Grown>) -> Option<Self> {
        let Some(leaves) = last.first() else { return Some(Self::default()) };
        let size = (leaves.number << HEIGHT) + (leaves.hashes.len() / HASH_BYTES) as u64;
        let last_position = leaves.positions.last().copied()?;
        let last_leaf = leaves.hashes.last_chunk().copied()?;
        let mut edge = Self { size, last_position, last_leaf, ..Self::default() };
        // A full tile is in the root by the tile above it.
        let ends = |(tile, above): (&Grown, &Grown)| {
            tile.hashes.len() != FULL || above.hashes.ends_with(&Tile::subtree_hash(&tile.hashes).0)
        };
        if !last.iter().zip(&last[1..]).all(ends) {
            return None;
        }
        for (level, tile) in (0..).zip(last) {
            let (number, width) = edge.tile_of(level);
            let is_full = tile.hashes.len() == FULL;
            if is_full != (width == 0) || tile.number + u64::from(is_full) != number {
                return None;
            }
            let (hashes, positions) =
                if is_full { (Vec::new(), Vec::new()) } else { (tile.hashes, tile.positions) };
            if hashes.len() != width * HASH_BYTES {
                return None;
            }
            if level == 0 {
                edge.positions = positions;
            }
            edge.levels.push(hashes);
        }
        let highest = u32::try_from(edge.levels.len()).ok()?;
        let settled = size.checked_shr(u32::from(HEIGHT) * highest).unwrap_or(0);
        (settled == 0).then_some(edge)
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The position of the last leaf.
    pub fn last_position(&self) -> i64 {
        self.last_position
    }

    /// The last leaf.
    pub fn last_leaf(&self) -> Hash {
        self.last_leaf
    }

    /// Adds a leaf, and hands over the tiles that it fills.
    pub fn push(&mut self, position: i64, leaf: Hash, full: &mut impl FnMut(Grown)) {
        self.positions.push(position);
        self.last_position = position;
        self.last_leaf = leaf;
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::with_capacity(FULL));
            }
            let (number, _) = self.tile_of(level);
            let tile = &mut self.levels[usize::from(level)];
            tile.extend_from_slice(&hash);
            if tile.len() < FULL {
                break;
            }
            let hashes = std::mem::take(tile);
            hash = Tile::subtree_hash(&hashes).0;
            let positions = if level == 0 { std::mem::take(&mut self.positions) } else { Vec::new() };
            full(Grown { level, number, hashes, positions });
        }
        self.size += 1;
    }

    /// The tiles that are not full.
    pub fn unfilled(&self) -> impl Iterator<Item = Grown> {
        (0..).zip(&self.levels).filter(|(_, hashes)| !hashes.is_empty()).map(|(level, hashes)| Grown {
            level,
            number: self.tile_of(level).0,
            hashes: hashes.clone(),
            positions: if level == 0 { self.positions.clone() } else { Vec::new() },
        })
    }

    /// The tile of this level that is not full: its number and its hashes; none if it has none yet.
    pub fn growing(&self, level: u8) -> Option<(u64, &[u8])> {
        let hashes = self.levels.get(usize::from(level)).filter(|hashes| !hashes.is_empty())?;
        Some((self.tile_of(level).0, hashes))
    }

    /// The hash of the tree (RFC 9162 §2.1.1).
    pub fn root(&self) -> Hash {
        tlog::tree_hash(self.size, self).expect("the hashes of a tree that is not settled are on its edge").0
    }

    /// The number of the tile of a level that is not full, and how many hashes are in it.
    fn tile_of(&self, level: u8) -> (u64, usize) {
        let hashes = self.size.checked_shr(u32::from(HEIGHT) * u32::from(level)).unwrap_or(0);
        (hashes >> HEIGHT, usize::try_from(hashes % (1 << HEIGHT)).expect("less than 256"))
    }
}

impl HashReader for Edge {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let read = |index: &u64| {
            let tile = Tile::from_index(HEIGHT, *index);
            let hashes = self.levels.get(usize::from(tile.level())).ok_or(tlog::Error::IndexesNotInTree)?;
            tile.hash_at_index(hashes, *index)
        };
        indexes.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::super::leaf::leaf;
    use super::*;

    /// RFC 9162 §2.1.1, word for word.
    fn root_by_the_book(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at((leaves.len().next_power_of_two() / 2).max(1));
                let node = [&[1][..], &root_by_the_book(left)[..], &root_by_the_book(right)[..]].concat();
                Sha256::digest(node).into()
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_standard_at_every_size() {
        let mut edge = Edge::default();
        let mut leaves = Vec::new();
        for position in 1..=1_300_i64 {
            leaves.push(leaf(position, &[7; 32]));
            edge.push(position, leaves[leaves.len() - 1], &mut |_| {});
            if position % 37 == 0 || [255, 256, 257, 512, 1024].contains(&position) {
                assert_eq!(edge.root(), root_by_the_book(&leaves), "{position} leaves");
            }
        }
        assert_eq!(Edge::default().root(), root_by_the_book(&[]));
    }

    #[test]
    fn it_goes_on_from_its_last_tiles_wherever_it_stopped() {
        let (mut whole, mut last): (Edge, Vec<Grown>) = (Edge::default(), Vec::new());
        for position in 1..=66_000_i64 {
            whole.push(position, leaf(position, &[7; 32]), &mut |tile| put(&mut last, tile));
            if position % 4_999 == 0 || [1, 255, 256, 257, 65_535, 65_536, 65_537].contains(&position) {
                whole.unfilled().for_each(|tile| put(&mut last, tile));
                let resumed = Edge::of(last.clone()).expect("they fit together");
                assert_eq!((resumed.size(), resumed.root()), (whole.size(), whole.root()), "{position}");
                assert_eq!(resumed.last_leaf(), whole.last_leaf());
                assert_eq!(resumed.last_position(), position);
            }
        }
        last[1].hashes.extend([0; 32]);
        assert!(Edge::of(last).is_none(), "a level does not follow from the one below");
    }

    fn put(last: &mut Vec<Grown>, tile: Grown) {
        let level = usize::from(tile.level);
        if last.len() == level { last.push(tile) } else { last[level] = tile }
    }
}
