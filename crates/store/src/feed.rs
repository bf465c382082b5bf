//! The whole ledger in one order, for whoever follows it.

use omklap_domain::ids::TrajectoryId;
use sqlx::{PgPool, Row};

use crate::error::StoreError;
use crate::recorded::{RecordedEvent, columns};
use crate::upcasters::Upcasters;

/// An event and its place in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedEvent {
    /// Its place: larger than that of every event returned before it. Positions have gaps.
    pub position: i64,
    /// Whose event it is.
    pub trajectory: TrajectoryId,
    /// What was recorded.
    pub event: RecordedEvent,
}

/// The ledger as a sequence of events.
pub struct Feed {
    pool: PgPool,
    upcasters: Upcasters,
}

impl Feed {
    /// The feed of this database.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool, upcasters: Upcasters::new() }
    }

    /// The events after a position (0: from the start), at most `limit`. No event ever appears among those returned
    /// afterwards, so the last position is all that a reader must remember; how that holds is written in
    /// `migrations/0001_events.sql`.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn events_after(&self, position: i64, limit: u32) -> Result<Vec<FeedEvent>, StoreError> {
        let rows = sqlx::query(concat!("SELECT position, ", columns!(), " FROM events_in_order($1, $2)"))
            .bind(position)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    fn read(&self, row: &sqlx::postgres::PgRow) -> Result<FeedEvent, StoreError> {
        let event = RecordedEvent::read(row, &self.upcasters)?;
        let trajectory = row.try_get::<&str, _>("aggregate_id")?;
        let trajectory = trajectory.parse().map_err(|error: uuid::Error| StoreError::Unreadable {
            trajectory: trajectory.to_owned(),
            sequence: event.sequence.cast_signed(),
            source: error.into(),
        })?;
        Ok(FeedEvent { position: row.try_get("position")?, trajectory, event })
    }
}
