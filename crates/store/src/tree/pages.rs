//! The ledger in the order of position, page by page: tiles of leaves, and the events that they
//! cover.

use std::sync::Arc;

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use crate::error::StoreError;
use crate::events::event::columns;

/// How many tiles of leaves a page has.
const TILES: i64 = 64;
/// How many events a page has that no tile covers.
const EVENTS: i64 = 16_384;

/// Tiles of level 0 and the events of their positions.
pub(super) struct LedgerPage {
    pub(super) tiles: Vec<PgRow>,
    pub(super) events: Arc<Vec<PgRow>>,
    /// The start of the next page; none after the last.
    pub(super) next: Option<After>,
}

/// What was fetched so far.
#[derive(Clone, Copy)]
pub(super) struct After {
    tile: i64,
    position: i64,
}

impl After {
    /// Before the first tile and the first event.
    pub(super) const NOTHING: Self = Self { tile: -1, position: i64::MIN };
}

/// Fetches the tiles before the events, so that it has every event that a tile covers.
pub(super) async fn fetch(database: &mut PgConnection, after: After) -> Result<LedgerPage, StoreError> {
    let tiles = sqlx::query(
            "SELECT number, hashes, positions FROM ledger_tiles WHERE level = 0 AND number > $1 ORDER BY number LIMIT $2",
        )
        .bind(after.tile)
        .bind(TILES)
        .fetch_all(&mut *database)
        .await?;
    let last = tiles.last().map(|row| -> sqlx::Result<After> {
        let positions: Vec<i64> = row.try_get("positions")?;
        Ok(After { tile: row.try_get("number")?, position: positions.last().copied().unwrap_or(0) })
    });
    let last = last.transpose()?;
    let until = last.map_or(i64::MAX, |last| last.position);
    let limit = last.map_or(EVENTS, |_| i64::MAX);
    let events = sqlx::query(concat!(
        "SELECT aggregate_type, ",
        columns!(),
        " FROM events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3"
    ))
    .bind(after.position)
    .bind(until)
    .bind(limit)
    .fetch_all(database)
    .await?;
    let next = match (last, events.last()) {
        (Some(last), _) => Some(last),
        (None, Some(event)) if events.len() as u64 == EVENTS.unsigned_abs() => {
            Some(After { position: event.try_get("position")?, ..after })
        }
        (None, _) => None,
    };
    Ok(LedgerPage { tiles, events: Arc::new(events), next })
}
