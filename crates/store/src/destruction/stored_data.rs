//! What the tables hold about one trajectory besides its events: destroying a case removes all of
//! it.

use omklap_domain::ids::TrajectoryId;
use serde_json::Value;

use crate::error::StoreError;
use crate::ledger::Ledger;

impl Ledger {
    /// Everything that the tables hold about a trajectory besides its events: rows as JSON, by
    /// table. Keys and texts are counted, not shown. Of an organisation's own case number it says that
    /// there is one: only the organisation gives the number.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn held(&self, trajectory: TrajectoryId) -> Result<Value, StoreError> {
        let held = sqlx::query_scalar(
            "SELECT json_build_object(
                'trajectories', (SELECT json_agg(held ORDER BY trajectory_id)
                                 FROM trajectories AS held WHERE trajectory_id = $1),
                'obligations', (SELECT json_agg(held ORDER BY obligation, started_by, part)
                                FROM obligations AS held WHERE trajectory_id = $1),
                'nuisance_cases', (SELECT json_agg(held ORDER BY case_id)
                                   FROM nuisance_cases AS held WHERE trajectory_id = $1),
                'follow_ups', (SELECT json_agg(held ORDER BY month)
                               FROM follow_ups AS held WHERE trajectory_id = $1),
                'holds', (SELECT json_agg(held ORDER BY opened_by)
                          FROM holds AS held WHERE trajectory_id = $1),
                'seekers', (SELECT json_agg(held ORDER BY audience)
                            FROM seekers AS held WHERE trajectory_id = $1),
                'contributions', (SELECT json_agg(held ORDER BY region)
                                  FROM contributions AS held WHERE trajectory_id = $1),
                'deadlines_told', (SELECT json_agg(payload ORDER BY position) FROM events
                                   WHERE aggregate_type = 'deadline' AND left(aggregate_id, 36) = $1::text),
                'own_references', (SELECT json_agg(json_build_object('organisation', organisation, 'written_at', written_at)
                                                   ORDER BY organisation)
                                   FROM own_references WHERE trajectory_id = $1),
                'idempotency_keys', (SELECT count(*) FROM idempotency_keys WHERE trajectory_id = $1),
                'data_keys', (SELECT count(*) FROM keys.data_keys WHERE trajectory_id = $1),
                'sealed_texts', (SELECT count(*) FROM vault WHERE trajectory_id = $1))",
        );
        Ok(held.bind(trajectory.0).fetch_one(&self.pool).await?)
    }
}
