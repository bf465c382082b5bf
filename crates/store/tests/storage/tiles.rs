//! The log as tiles, read by the library as any client reads it.

use std::collections::HashMap;

use crate::story::*;
use omklap_store::tree::{Pace, leaf};
use omklap_store::{CheckpointSigner, StoreError};
use sqlx::Executor;
use tlog_tiles::tile::{Tile, TileHashReader, TileReader};
use tlog_tiles::tlog::{self, HashReader, stored_hash_index};

const NOW: &str = "2026-03-02T09:01:00Z";

#[tokio::test]
async fn every_leaf_is_read_from_tiles_that_lead_to_the_signed_root() {
    let (_story, signer) = log_of(600).await;
    let newest = signer.tree.newest().await.expect("read").expect("signed");
    let root = signer.keys.read(&newest.note).expect("signed").root;
    let tiles = Tiles::all(&signer, newest.tree_size).await;
    let reader = TileHashReader::new(newest.tree_size, tlog::Hash(root), &tiles);
    let mut entries = Vec::new();
    for tile in Tile::new_tiles(8, 0, newest.tree_size).into_iter().filter(|tile| tile.level() == 0) {
        let width = usize::try_from(tile.width()).expect("256 at most");
        let bytes = signer.entries(tile.level_index(), width).await.expect("read").expect("there");
        entries.extend(bytes.chunks_exact(42).map(|entry| entry[2..].to_vec()));
    }
    assert_eq!(entries.len() as u64, newest.tree_size);
    for (number, entry) in (0..).zip(&entries) {
        let hash = reader.read_hashes(&[stored_hash_index(0, number)]).expect("it leads to the root");
        let (position, event) = entry.split_first_chunk::<8>().expect("a position");
        let event = event.try_into().expect("a hash");
        assert_eq!(leaf(i64::from_be_bytes(*position), &event), hash[0].0, "leaf {number}");
    }
}

#[tokio::test]
async fn a_tile_that_the_signed_tree_does_not_have_is_none() {
    let (_story, signer) = log_of(300).await;
    let size = signer.tree.newest().await.expect("read").expect("signed").tree_size;
    assert_eq!(size, 302, "with a leaf for the heads at each checkpoint");
    for (level, number, width) in [(0, 0, 256), (0, 1, 46), (0, 1, 1), (1, 0, 1)] {
        let tile = signer.tile(level, number, width).await.expect("read").expect("there");
        assert_eq!(tile.len(), width * 32);
    }
    for (level, number, width) in [(0, 1, 47), (0, 1, 256), (0, 2, 1), (1, 0, 2), (2, 0, 1), (0, u64::MAX, 1)]
    {
        assert_eq!(signer.tile(level, number, width).await.expect("read"), None, "{level} {number} {width}");
    }
    assert_eq!(signer.entries(1, 47).await.expect("read"), None);
}

#[tokio::test]
async fn a_changed_tile_or_event_leaves_in_no_tile() {
    for change in [
        "UPDATE ledger_tiles SET hashes = overlay(hashes PLACING '\\x00' FROM 9) WHERE level = 0 AND number = 0",
        "UPDATE ledger_tiles SET hashes = overlay(hashes PLACING '\\x00' FROM 9) WHERE level = 1",
        "DELETE FROM ledger_tiles WHERE level = 1",
        "UPDATE checkpoints SET tree_size = 300 WHERE tree_size = 302",
    ] {
        let (story, signer) = log_of(300).await;
        let mut owner = story.database.as_owner().await;
        owner.execute("SET session_replication_role = replica").await.expect("a superuser may");
        owner.execute(change).await.expect("changed");
        let tile = signer.tile(0, 0, 256).await;
        assert!(matches!(tile, Err(StoreError::Tree(_))), "{change}: {tile:?}");
    }
    let (story, signer) = log_of(300).await;
    let mut owner = story.database.as_owner().await;
    owner.execute("UPDATE events SET hash = previous_hash WHERE position = 3").await.expect("changed");
    let entries = signer.entries(0, 256).await;
    assert!(matches!(entries, Err(StoreError::Tree(_))), "{entries:?}");
    assert!(signer.tile(0, 0, 256).await.expect("the tree is as it was").is_some());
}

/// A log of so many events, signed in two parts.
async fn log_of(events: usize) -> (Story, CheckpointSigner) {
    let story = Story::begins().await;
    let signer = story.database.signer();
    let id = story.opened().await;
    for part in [200, events - 201] {
        let facts: Vec<_> = (0..part).map(|nth| case_discussed(&format!("{nth}"))).collect();
        story.goes_on(id, facts).await;
        signer.sign(Pace::AT_ONCE, code(NOW)).await.expect("signed");
    }
    (story, signer)
}

/// Every tile of a tree, as a client has fetched them.
struct Tiles(HashMap<String, Vec<u8>>);

impl Tiles {
    async fn all(signer: &CheckpointSigner, tree_size: u64) -> Self {
        let mut tiles = HashMap::new();
        for tile in Tile::new_tiles(8, 0, tree_size) {
            let width = usize::try_from(tile.width()).expect("256 at most");
            let bytes = signer.tile(tile.level(), tile.level_index(), width).await;
            tiles.insert(tile.path(), bytes.expect("read").expect("there"));
        }
        Self(tiles)
    }
}

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog::Error> {
        Ok(tiles.iter().map(|tile| self.0[&tile.path()].clone()).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}
