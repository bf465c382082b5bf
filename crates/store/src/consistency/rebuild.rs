//! Makes the rows of the read models again, trajectory by trajectory, while others report.
//!
//! Each trajectory is put right in a transaction of its own, so an interrupted rebuild leaves what
//! it has reached correct and the rest as it was. A trajectory whose rows are right is only read.
//! So a rebuild can be started again at any time.

use std::sync::Arc;

use omklap_domain::agreements::calendar::last_day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

use super::compare::{WrongRows, wrong_rows};
use super::scan::{Contents, PageResults, Progress, Which, Whole};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::ledger::Ledger;
use crate::read_models::rows::UnreadableRow;
use crate::read_models::tables::StoredRows;
use crate::read_models::{Derived, Table, trajectories};
use crate::record::gave_way;
use crate::record::homes::Homes;

/// How often one is tried again because another took its home at the same time.
const ATTEMPTS: u32 = 10;

/// How many trajectories are written at once.
const WRITERS: usize = 4;

impl Ledger {
    /// Makes the rows of these tables what follows from the events, and reports its progress.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read. What was
    /// done until then stays.
    pub async fn rebuild(
        self: &Arc<Self>,
        which: Which,
        tables: &[Table],
        mut report: impl FnMut(Progress),
    ) -> Result<Progress, StoreError> {
        let mut progress = Progress::default();
        self.scan(which, Contents::Rows, wrong_tables, async |page: PageResults<Vec<Table>>| {
            let concerns = |wrong: &[Table]| wrong.iter().any(|one| tables.contains(one));
            let mut after = progress;
            after.add(&page);
            let mut wrong = page.results.into_iter().filter(|(_, wrong)| concerns(wrong)).map(|(id, _)| id);
            let mut mending = JoinSet::new();
            loop {
                while mending.len() < WRITERS
                    && let Some(id) = wrong.next()
                {
                    let (ledger, tables) = (Arc::clone(self), tables.to_vec());
                    mending.spawn(async move { ledger.mend(id, &tables).await });
                }
                match mending.join_next().await {
                    Some(Ok(mended)) => mended?,
                    Some(Err(failed)) => std::panic::resume_unwind(failed.into_panic()),
                    None => break,
                }
                after.mended += 1;
            }
            progress = after;
            report(progress);
            Ok(())
        })
        .await?;
        Ok(progress)
    }

    /// Puts the rows of one trajectory right, in one transaction that holds up reports on it.
    ///
    /// # Errors
    /// As [`Self::rebuild`].
    pub async fn mend(&self, id: TrajectoryId, tables: &[Table]) -> Result<(), StoreError> {
        for _ in 1..ATTEMPTS {
            match self.mend_once(id, tables).await {
                Err(error) if gave_way(&error, &["23P01", "40P01"]) => {}
                mended => return mended,
            }
        }
        self.mend_once(id, tables).await
    }

    async fn mend_once(&self, id: TrajectoryId, tables: &[Table]) -> Result<(), StoreError> {
        self.list_if_missing(id).await?;
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        sqlx::query("SELECT FROM trajectories WHERE trajectory_id = $1 FOR UPDATE")
            .bind(id.0)
            .execute(&mut *transaction)
            .await?;
        let events = events_of(&mut transaction, id).await?;
        let history = self.verified(id, &events)?;
        if tables.contains(&Table::Trajectories) {
            let summary = trajectories::derive(id, &history, event::last_recorded_at(&events)?);
            trajectories::put_right(&mut transaction, id, summary.as_ref()).await?;
        }
        let mut derived = Derived::of(id, &history, &self.sets);
        let held = Homes::of_rows(&derived.holds).held_by_others(id, &mut transaction).await?;
        held.guard(&mut derived.holds, last_day());
        let mut stored = readable(&mut transaction, id, tables).await?;
        stored.keep_possible(history.version());
        let mut changes = derived.changes_since(&stored);
        changes.keep_only(tables);
        if !changes.is_empty() {
            let parts = changes.parts().sql();
            let statement = format!("WITH change (tables) AS MATERIALIZED (SELECT $1::jsonb){parts} SELECT");
            sqlx::query(&statement).bind(Json(&changes)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The history of events that this ledger admitted: nothing is rebuilt from others.
    fn verified(&self, id: TrajectoryId, events: &[PgRow]) -> Result<History, StoreError> {
        self.mac_key.verify_stream(events, event::StreamId::of_trajectory(&id.to_string()))?;
        Ok(History::from(event::facts(events, &self.upcasters)?))
    }

    /// Adds the row in the list if it is missing: it is what reports on one trajectory queue for.
    async fn list_if_missing(&self, id: TrajectoryId) -> Result<(), StoreError> {
        let listed = sqlx::query("SELECT FROM trajectories WHERE trajectory_id = $1").bind(id.0);
        if listed.fetch_optional(&self.pool).await?.is_some() {
            return Ok(());
        }
        let Some(stream) = self.load(id).await? else { return Ok(()) };
        let updated_at = stream.events.last().map(|last| last.recorded_at).unwrap_or_default();
        match trajectories::derive(id, &stream.history(), updated_at) {
            Some(row) => trajectories::write(&self.pool, &row).await,
            None => Ok(()),
        }
    }
}

async fn events_of(connection: &mut PgConnection, id: TrajectoryId) -> Result<Vec<PgRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
    ))
    .bind(id.to_string());
    Ok(rows.fetch_all(connection).await?)
}

/// The stored rows of a trajectory. Those of the tables to mend that cannot be read are deleted
/// first, to be made again.
async fn readable(
    connection: &mut PgConnection,
    id: TrajectoryId,
    tables: &[Table],
) -> Result<Derived, StoreError> {
    let (stored, unreadable) = StoredRows::of_one(&mut *connection, id).await?.read();
    for UnreadableRow { table, .. } in unreadable {
        if tables.contains(&table) {
            let delete = format!("DELETE FROM {} WHERE trajectory_id = $1", table.in_database());
            sqlx::query(&delete).bind(id.0).execute(&mut *connection).await?;
        }
    }
    Ok(stored.derived)
}

/// The tables in which a trajectory's rows are not what follows from its events.
fn wrong_tables(ledger: &Ledger, id: TrajectoryId, whole: &Whole) -> Result<Vec<Table>, StoreError> {
    let history = ledger.verified(id, &whole.events)?;
    let WrongRows { differences, unreadable } = wrong_rows(ledger, id, &history, whole)?;
    let differ = differences.into_iter().map(|difference| difference.table);
    Ok(differ.chain(unreadable.into_iter().map(|row| row.table)).collect())
}
