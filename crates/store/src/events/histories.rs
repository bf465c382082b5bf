//! Where several trajectories stand: what decides who may see something of them.

use std::collections::HashMap;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History};
use sqlx::Row;
use uuid::Uuid;

use super::event;
use super::event::fact_columns;
use crate::background::in_the_background;
use crate::error::StoreError;
use crate::ledger::Ledger;

impl Ledger {
    /// The versions of these trajectories, as far as they exist.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn versions(
        &self,
        trajectories: &[TrajectoryId],
    ) -> Result<HashMap<TrajectoryId, u64>, StoreError> {
        let ids: Vec<Uuid> = trajectories.iter().map(|id| id.0).collect();
        let rows =
            sqlx::query("SELECT trajectory_id, version FROM trajectories WHERE trajectory_id = ANY ($1)")
                .bind(ids)
                .fetch_all(&self.pool)
                .await?;
        let version = |row: &sqlx::postgres::PgRow| -> sqlx::Result<_> {
            Ok((
                TrajectoryId(row.try_get("trajectory_id")?),
                row.try_get::<i64, _>("version")?.unsigned_abs(),
            ))
        };
        Ok(rows.iter().map(version).collect::<Result<_, _>>()?)
    }

    /// The histories of these trajectories, as far as they exist, in one round trip.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn histories(
        &self,
        trajectories: &[TrajectoryId],
    ) -> Result<HashMap<TrajectoryId, History>, StoreError> {
        let ids: Vec<String> = trajectories.iter().map(ToString::to_string).collect();
        let rows = sqlx::query(concat!(
            "SELECT ",
            fact_columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = ANY ($1) ORDER BY aggregate_id, sequence"
        ))
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        let mut told: HashMap<TrajectoryId, Vec<Fact>> = HashMap::new();
        for row in &rows {
            let id: &str = row.try_get("aggregate_id")?;
            let id = id.parse().map_err(|error: uuid::Error| sqlx::Error::Decode(error.into()))?;
            told.entry(id).or_default().push(event::fact(row, &self.upcasters)?);
        }
        // Some work where there are many: not on the threads that answer.
        in_the_background(move || {
            Ok(told.into_iter().map(|(id, facts)| (id, History::from(facts))).collect())
        })
        .await
    }
}
