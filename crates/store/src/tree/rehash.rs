//! Computes the hashes of many events again, on every core.

use std::sync::Arc;
use std::thread::available_parallelism;

use sqlx::Row;
use sqlx::postgres::PgRow;

use crate::background::in_the_background;
use crate::error::StoreError;
use crate::events::event;
use crate::events::hash_chain::Hash;
use crate::events::mac::MacKey;

/// An event whose hash was computed from its row.
pub(super) struct Rehashed {
    pub row: usize,
    pub position: i64,
    pub sequence: u64,
    pub stored: Option<Hash>,
    pub previous: Option<Hash>,
    /// Whether it has this ledger's MAC.
    pub admitted: bool,
    /// Whether the stored hash is right for the row and the previous hash that it names
    /// ([`event::hash_is_right`]).
    pub holds: bool,
}

/// Computes the hashes of a page, on every core.
pub(super) async fn rehash_all(
    events: &Arc<Vec<PgRow>>,
    mac_key: &MacKey,
) -> Result<Vec<Rehashed>, StoreError> {
    let cores = available_parallelism().map_or(1, usize::from);
    let share = events.len().div_ceil(cores).max(1);
    let mut working = Vec::new();
    for from in (0..events.len()).step_by(share) {
        let (events, mac_key) = (Arc::clone(events), mac_key.clone());
        working.push(tokio::spawn(in_the_background(move || {
            let until = (from + share).min(events.len());
            (from..until)
                .map(|row| rehash(row, &events[row], &mac_key))
                .collect::<Result<Vec<_>, StoreError>>()
        })));
    }
    let mut rehashed = Vec::with_capacity(events.len());
    for part in working {
        match part.await {
            Ok(part) => rehashed.extend(part?),
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }
    Ok(rehashed)
}

fn rehash(at: usize, row: &PgRow, mac_key: &MacKey) -> Result<Rehashed, StoreError> {
    let of = event::StreamId {
        aggregate_type: row.try_get("aggregate_type")?,
        aggregate_id: row.try_get("aggregate_id")?,
    };
    Ok(Rehashed {
        row: at,
        position: row.try_get("position")?,
        sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
        stored: event::stored_hash(row)?,
        previous: event::previous_hash(row)?,
        admitted: mac_key.is_in(row)?,
        holds: event::hash_is_right(row, of)?,
    })
}
