//! Several trajectories at once: their ids, their versions, and the histories that decide who sees
//! what.

use std::collections::HashMap;

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::event;
use super::event::columns;
use crate::background::in_the_background;
use crate::error::StoreError;
use crate::ledger::Ledger;

impl Ledger {
    /// A page of the trajectories that have events, in the order of their ids, after the last one
    /// of the page before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn trajectories(
        &self,
        after: Option<TrajectoryId>,
        limit: u32,
    ) -> Result<Vec<TrajectoryId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT aggregate_id FROM events
             WHERE aggregate_type = 'trajectory' AND aggregate_id > $1 AND sequence = 1 ORDER BY aggregate_id LIMIT $2",
        )
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        ids.into_iter()
            .map(|id| {
                id.parse().map_err(|error: uuid::Error| StoreError::Unreadable {
                    trajectory: id,
                    sequence: 1,
                    source: error.into(),
                })
            })
            .collect()
    }

    /// About how many events there are.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(&self.pool).await?;
        Ok(last.unwrap_or_default().unsigned_abs())
    }

    /// The versions of those of these trajectories that exist.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn versions(
        &self,
        trajectories: &[TrajectoryId],
    ) -> Result<HashMap<TrajectoryId, u64>, StoreError> {
        if trajectories.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<Uuid> = trajectories.iter().map(|id| id.0).collect();
        let rows =
            sqlx::query("SELECT trajectory_id, version FROM trajectories WHERE trajectory_id = ANY ($1)")
                .bind(ids)
                .fetch_all(&self.pool)
                .await?;
        let version = |row: &PgRow| -> sqlx::Result<_> {
            Ok((
                TrajectoryId(row.try_get("trajectory_id")?),
                row.try_get::<i64, _>("version")?.unsigned_abs(),
            ))
        };
        Ok(rows.iter().map(version).collect::<Result<_, _>>()?)
    }

    /// The histories of those of these trajectories that exist, in one round trip.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read.
    pub async fn histories(
        &self,
        trajectories: &[TrajectoryId],
    ) -> Result<HashMap<TrajectoryId, History>, StoreError> {
        let read = self.histories_each(trajectories).await?;
        read.into_iter().map(|(id, history)| Ok((id, history?))).collect()
    }

    /// The same, for a reader that goes on without those that cannot be read: each history, or why
    /// it is not what was recorded.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn histories_each(
        &self,
        trajectories: &[TrajectoryId],
    ) -> Result<HashMap<TrajectoryId, Result<History, StoreError>>, StoreError> {
        self.histories_until(trajectories, None).await
    }

    /// The histories of those of these trajectories that existed at an instant, as they were known then.
    ///
    /// # Errors
    /// As [`Self::histories`].
    pub async fn histories_known_at(
        &self,
        trajectories: &[TrajectoryId],
        instant: Timestamp,
    ) -> Result<HashMap<TrajectoryId, History>, StoreError> {
        let read = self.histories_until(trajectories, Some(instant)).await?;
        read.into_iter().map(|(id, history)| Ok((id, history?))).collect()
    }

    async fn histories_until(
        &self,
        trajectories: &[TrajectoryId],
        instant: Option<Timestamp>,
    ) -> Result<HashMap<TrajectoryId, Result<History, StoreError>>, StoreError> {
        let ids: Vec<String> = trajectories.iter().map(ToString::to_string).collect();
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = ANY ($1)
                  AND ($2::timestamptz IS NULL OR recorded_at <= $2) ORDER BY aggregate_id, sequence"
        ))
        .bind(ids)
        .bind(instant.map(jiff_sqlx::Timestamp::from))
        .fetch_all(&self.pool)
        .await?;
        // With many trajectories this is work, and not for the threads that answer requests.
        let ledger = self.clone();
        in_the_background(move || {
            let histories = event::streams(&rows)?.into_iter().map(|(id, rows)| {
                let history = ledger.history_in(id, rows);
                let id = id.parse().map_err(|error: uuid::Error| sqlx::Error::Decode(error.into()))?;
                Ok((id, history))
            });
            histories.collect()
        })
        .await
    }

    /// The history in the rows of one stream, if they are what was recorded.
    fn history_in(&self, id: &str, rows: &[PgRow]) -> Result<History, StoreError> {
        self.mac_key.verify_stream(rows, event::StreamId::of_trajectory(id))?;
        let facts =
            rows.iter().map(|row| event::fact(row, &self.upcasters)).collect::<Result<Vec<_>, _>>()?;
        Ok(History::from(facts))
    }
}
