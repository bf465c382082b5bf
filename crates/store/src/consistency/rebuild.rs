//! Making the rows of the read models anew, trajectory by trajectory, while others report.
//!
//! Each trajectory is put right in a transaction of its own, so an interrupted rebuild leaves everything it has come to
//! correct and the rest as it was; and one that is right already is only read. So a rebuild can be begun again at any time.

use std::sync::Arc;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

use super::compare::{ReadModel, Wrong, wrong};
use super::scan::{Done, Looks, Which, Whole};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::fact_columns;
use crate::ledger::Ledger;
use crate::read_models::stored::{StoredRows, UnreadableRow};
use crate::read_models::trajectories;
use crate::read_models::{Changes, Derived};

/// How many trajectories are written at once.
const WRITERS: usize = 4;

/// How far a rebuild, or a check, has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many trajectories were looked at.
    pub trajectories: u64,
    /// How many events they have.
    pub events: u64,
    /// How many of them were not right.
    pub mended: u64,
    /// The last one in the order of ids: everything up to it is right.
    pub last: Option<TrajectoryId>,
}

impl Ledger {
    /// Makes the rows of these read models what follows from the events, and tells how far it has come.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read. What was done stays.
    pub async fn rebuild(
        self: &Arc<Self>,
        which: Which,
        read_models: &[ReadModel],
        mut tell: impl FnMut(Progress),
    ) -> Result<Progress, StoreError> {
        let mut progress = Progress::default();
        self.scan(which, Looks::AtRows, to_mend, async |done: Done<Vec<ReadModel>>| {
            let concerns = |wrong: &[ReadModel]| wrong.iter().any(|one| read_models.contains(one));
            let last = done.results.last().map(|(id, _)| *id);
            progress.trajectories += done.results.len() as u64;
            progress.events += done.events;
            let mut wrong = done.results.into_iter().filter(|(_, wrong)| concerns(wrong)).map(|(id, _)| id);
            let mut mending = JoinSet::new();
            loop {
                while mending.len() < WRITERS
                    && let Some(id) = wrong.next()
                {
                    let (ledger, read_models) = (Arc::clone(self), read_models.to_vec());
                    mending.spawn(async move { ledger.mend(id, &read_models).await });
                }
                match mending.join_next().await {
                    Some(Ok(mended)) => mended?,
                    Some(Err(failed)) => std::panic::resume_unwind(failed.into_panic()),
                    None => break,
                }
                progress.mended += 1;
            }
            progress.last = last.or(progress.last);
            tell(progress);
            Ok(())
        })
        .await?;
        Ok(progress)
    }

    /// Puts the rows of one trajectory right, in one transaction, during which no report on it ends.
    ///
    /// # Errors
    /// As [`Self::rebuild`].
    pub async fn mend(&self, id: TrajectoryId, read_models: &[ReadModel]) -> Result<(), StoreError> {
        // The row of the list is what reports on one trajectory queue for; one that is missing is made first.
        let listed = sqlx::query("SELECT FROM trajectories WHERE trajectory_id = $1").bind(id.0);
        if listed.fetch_optional(&self.pool).await?.is_none() {
            self.rebuild_summary(id).await?;
        }
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        sqlx::query("SELECT FROM trajectories WHERE trajectory_id = $1 FOR UPDATE")
            .bind(id.0)
            .execute(&mut *transaction)
            .await?;
        let events = events_of(&mut transaction, id).await?;
        let history = History::from(event::facts(&events, &self.upcasters)?);
        if read_models.contains(&ReadModel::Trajectories) {
            let summary = trajectories::derive(id, &history, event::last_recorded_at(&events)?);
            trajectories::put_right(&mut transaction, id, summary.as_ref()).await?;
        }
        let derived = Derived::of(id, &history, &self.sets);
        let mut stored = readable(&mut transaction, id, read_models).await?;
        stored.only_of(history.version());
        let mut changes = derived.changes_since(&stored);
        changes.only(read_models);
        if !changes.is_empty() {
            let statement = format!("WITH {} SELECT", changes.written_by("$1"));
            sqlx::query(&statement).bind(Json(&changes)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

async fn events_of(connection: &mut PgConnection, id: TrajectoryId) -> Result<Vec<PgRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        fact_columns!(),
        " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
    ))
    .bind(id.to_string());
    Ok(rows.fetch_all(connection).await?)
}

/// The rows that are stored of a trajectory. What cannot be read is thrown away first, to be made again, if that is asked.
async fn readable(
    connection: &mut PgConnection,
    id: TrajectoryId,
    read_models: &[ReadModel],
) -> Result<Derived, StoreError> {
    let (stored, unreadable) = StoredRows::of_one(&mut *connection, id).await?.read();
    for UnreadableRow { read_model, .. } in unreadable {
        if read_models.contains(&read_model) {
            let table = read_model.as_str().replace('-', "_");
            let thrown_away = format!("DELETE FROM {table} WHERE trajectory_id = $1");
            sqlx::query(&thrown_away).bind(id.0).execute(&mut *connection).await?;
        }
    }
    Ok(stored.derived)
}

/// The read models in which a trajectory's rows are not what follows from its events.
fn to_mend(ledger: &Ledger, id: TrajectoryId, whole: &Whole) -> Result<Vec<ReadModel>, StoreError> {
    let history = History::from(event::facts(&whole.events, &ledger.upcasters)?);
    let Wrong { differences, unreadable } = wrong(ledger, id, &history, whole)?;
    let differ = differences.into_iter().map(|difference| difference.read_model);
    Ok(differ.chain(unreadable.into_iter().map(|row| row.read_model)).collect())
}

impl Changes<'_> {
    /// Leaves out what belongs to other read models.
    fn only(&mut self, read_models: &[ReadModel]) {
        let asked = |read_model| read_models.contains(&read_model);
        if !asked(ReadModel::Obligations) {
            self.obligations.forget();
        }
        if !asked(ReadModel::NuisanceCases) {
            self.nuisance_cases.forget();
        }
        if !asked(ReadModel::FollowUps) {
            self.follow_ups.forget();
        }
        if !asked(ReadModel::Contributions) {
            self.contributions.forget();
        }
    }
}
