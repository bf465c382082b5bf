//! One trajectory's events.

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::{View, Viewer, view};
use sqlx::postgres::PgRow;
use sqlx::{QueryBuilder, Row};

use super::event::{RecordedEvent, StreamId, columns};
use crate::background::{EACH_EVENT, spend};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::own_references;
use crate::read_models::trajectories;
use crate::vault::VaultError;

/// One trajectory's events, in the order of recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The trajectory.
    pub trajectory: TrajectoryId,
    /// Its events, from number 1, without a gap.
    pub events: Vec<RecordedEvent>,
}

impl Stream {
    /// The version: the number of events.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.events.len() as u64
    }

    /// The history that these events make.
    #[must_use]
    pub fn history(&self) -> History {
        self.history_until(self.version())
    }

    /// The history that the events up to this number make.
    #[must_use]
    pub fn history_until(&self, sequence: u64) -> History {
        let events = self.events.iter().take_while(|event| event.sequence <= sequence);
        History::from(events.map(|event| event.fact.clone()).collect::<Vec<_>>())
    }
}

/// A trajectory as a viewer who has access to it finds it now.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its events.
    pub stream: Stream,
    /// The history that they make.
    pub history: History,
    /// What the viewer sees of it.
    pub view: View,
    /// The number that the viewer's organisation has for it, or why it does not open.
    pub own_reference: Result<Option<String>, VaultError>,
}

impl Ledger {
    /// A trajectory that a viewer has access to, in one round trip. None if there is no such trajectory, and
    /// if the viewer has no access to it: both take the same time.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn load_known_to(
        &self,
        viewer: &Viewer,
        trajectory: TrajectoryId,
    ) -> Result<Option<Known>, StoreError> {
        let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), ", "));
        own_references::push_sealed(trajectory, viewer, &mut query);
        query.push(" AS own_reference FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = ");
        query.push_bind(trajectory.to_string()).push(" AND ");
        trajectories::is_known(trajectory, viewer, &mut query);
        query.push(" ORDER BY sequence");
        let rows = query.build().fetch_all(&self.pool).await?;
        let Some(stream) = self.stream(trajectory, &rows)? else { return Ok(None) };
        let history = stream.history();
        let view = view(viewer, trajectory, &history);
        if !view.knows() {
            return Ok(None);
        }
        let sealed = rows.first().map(|row| row.try_get("own_reference")).transpose()?.flatten();
        let own_reference =
            sealed.map(|sealed| self.open_own_reference(viewer, trajectory, sealed)).transpose();
        Ok(Some(Known { stream, history, view, own_reference }))
    }

    /// All events of a trajectory; none if there is no such trajectory.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read, or that is
    /// not [what was recorded](StoreError::Altered).
    pub async fn load(&self, trajectory: TrajectoryId) -> Result<Option<Stream>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
        ))
        .bind(trajectory.to_string())
        .fetch_all(&self.pool)
        .await?;
        self.stream(trajectory, &rows)
    }

    fn stream(&self, trajectory: TrajectoryId, rows: &[PgRow]) -> Result<Option<Stream>, StoreError> {
        spend(rows.len() as u64 * EACH_EVENT);
        self.mac_key.verify_stream(rows, StreamId::of_trajectory(&trajectory.to_string()))?;
        let events = rows
            .iter()
            .map(|row| RecordedEvent::read(row, &self.upcasters))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(if events.is_empty() { None } else { Some(Stream { trajectory, events }) })
    }
}
