//! The whole ledger, page by page: the events of some trajectories and the rows that are kept of them, as they were at one
//! instant.
//!
//! The next page is fetched while this one is worked on, and the work is divided over the processor's cores.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::available_parallelism;

use omklap_domain::ids::TrajectoryId;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection, Row};
use uuid::Uuid;

use crate::background::{done, in_the_background};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::fact_columns;
use crate::ledger::Ledger;
use crate::read_models::stored::StoredRows;
use crate::vault::texts::Vaulted;

/// How many events a page has, unless one trajectory alone has more.
const PAGE: i64 = 20_000;

/// Which trajectories are looked at.
#[derive(Clone, Debug)]
pub enum Which {
    /// Every one after this one; without it from the first.
    After(Option<TrajectoryId>),
    /// These.
    These(Vec<TrajectoryId>),
}

/// One trajectory as the database has it.
#[derive(Default)]
pub(crate) struct Whole {
    /// Its events in the order of recording, as much of each as tells the fact.
    pub events: Vec<PgRow>,
    /// The rows of the read models.
    pub rows: StoredRows,
    /// What the vault holds, where that is looked at.
    pub vaulted: Vaulted,
}

/// What is looked at of a trajectory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    /// Its events and the rows of the read models.
    AtRows,
    /// Its private texts as well.
    AtTextsToo,
}

/// Some trajectories.
pub(crate) struct Page {
    trajectories: Vec<(TrajectoryId, Whole)>,
    /// Where the next page begins; none after the last.
    next: Option<Which>,
}

/// What came of a page.
pub(crate) struct Done<T> {
    /// What came of each trajectory.
    pub results: Vec<(TrajectoryId, T)>,
    /// How many events they have.
    pub events: u64,
}

impl Ledger {
    /// Does some work on each trajectory, and shows what came of each page.
    pub(crate) async fn scan<T: Send + 'static>(
        self: &Arc<Self>,
        which: Which,
        looks: Looks,
        work: fn(&Ledger, TrajectoryId, &Whole) -> Result<T, StoreError>,
        mut show: impl AsyncFnMut(Done<T>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut page = Some(self.fetch(which, looks).await?);
        while let Some(Page { trajectories, next }) = page {
            let worked = self.work_on(trajectories, work);
            let (done, fetched) = match next {
                Some(next) => {
                    let (done, fetched) = tokio::join!(worked, self.fetch(next, looks));
                    (done?, Some(fetched?))
                }
                None => (worked.await?, None),
            };
            show(done).await?;
            page = fetched;
        }
        Ok(())
    }

    async fn work_on<T: Send + 'static>(
        self: &Arc<Self>,
        mut trajectories: Vec<(TrajectoryId, Whole)>,
        work: fn(&Ledger, TrajectoryId, &Whole) -> Result<T, StoreError>,
    ) -> Result<Done<T>, StoreError> {
        let events = trajectories.iter().map(|(_, whole)| whole.events.len() as u64).sum();
        let cores = available_parallelism().map_or(1, usize::from);
        let share = trajectories.len().div_ceil(cores).max(1);
        let mut working = Vec::new();
        while !trajectories.is_empty() {
            let part = trajectories.split_off(trajectories.len().saturating_sub(share));
            let ledger = Arc::clone(self);
            working.push(tokio::spawn(in_the_background(move || {
                part.iter()
                    .map(|(id, whole)| Ok((*id, work(&ledger, *id, whole)?)))
                    .collect::<Result<Vec<_>, _>>()
            })));
        }
        let mut results = Vec::new();
        for part in working.into_iter().rev() {
            results.extend(done(part.await)?);
        }
        Ok(Done { results, events })
    }

    /// Everything of a page, as it was at one instant: what is reported meanwhile shows nowhere or everywhere.
    async fn fetch(&self, which: Which, looks: Looks) -> Result<Page, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .execute(&mut *transaction)
            .await?;
        let page = match which {
            Which::After(after) => page_after(&mut transaction, after, looks).await?,
            Which::These(ids) => page_of(&mut transaction, ids, looks).await?,
        };
        transaction.rollback().await?;
        Ok(page)
    }
}

/// The trajectories after one, as many as fit.
async fn page_after(
    connection: &mut PgConnection,
    after: Option<TrajectoryId>,
    looks: Looks,
) -> Result<Page, StoreError> {
    let mut limit = PAGE;
    loop {
        let rows = sqlx::query(concat!(
            "SELECT ",
            fact_columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id > $1
              ORDER BY aggregate_id, sequence LIMIT $2"
        ))
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
        let cut = rows.len() as u64 == limit.unsigned_abs();
        let mut told = by_trajectory(rows)?;
        // The last one of a full page may go on after it: it comes first on the next.
        if cut {
            told.pop();
        }
        let last = told.last().map(|(id, _)| *id);
        if cut && last.is_none() {
            limit *= 2;
            continue;
        }
        let until = last.filter(|_| cut).map_or(Uuid::max(), |last| last.0);
        let first = after.map_or(Uuid::nil(), |after| after.0);
        let trajectories = whole(told, connection, first, until, looks).await?;
        return Ok(Page { trajectories, next: last.filter(|_| cut).map(|last| Which::After(Some(last))) });
    }
}

/// Some of these trajectories.
async fn page_of(
    connection: &mut PgConnection,
    mut ids: Vec<TrajectoryId>,
    looks: Looks,
) -> Result<Page, StoreError> {
    let rest = ids.split_off(ids.len().min(100));
    let mut trajectories = Vec::new();
    for id in ids {
        let rows = sqlx::query(concat!(
            "SELECT ",
            fact_columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
        ))
        .bind(id.to_string())
        .fetch_all(&mut *connection)
        .await?;
        let before = Uuid::from_u128(id.0.as_u128().saturating_sub(1));
        trajectories.extend(whole(vec![(id, rows)], &mut *connection, before, id.0, looks).await?);
    }
    Ok(Page { trajectories, next: (!rest.is_empty()).then_some(Which::These(rest)) })
}

/// Takes apart events that come one trajectory after another.
fn by_trajectory(rows: Vec<PgRow>) -> Result<Vec<(TrajectoryId, Vec<PgRow>)>, StoreError> {
    let mut trajectories: Vec<(TrajectoryId, Vec<PgRow>)> = Vec::new();
    for row in rows {
        let id: &str = row.try_get("aggregate_id")?;
        if let Some((_, events)) = trajectories.last_mut()
            && events[0].try_get::<&str, _>("aggregate_id")? == id
        {
            events.push(row);
            continue;
        }
        let id = id.parse().map_err(|error: uuid::Error| event::unreadable(&row, error.into()))?;
        trajectories.push((id, vec![row]));
    }
    Ok(trajectories)
}

/// Everything of the trajectories after one up to another, of which these are the events. There may be rows without events,
/// which is a finding.
async fn whole(
    told: Vec<(TrajectoryId, Vec<PgRow>)>,
    connection: &mut PgConnection,
    after: Uuid,
    until: Uuid,
    looks: Looks,
) -> Result<Vec<(TrajectoryId, Whole)>, StoreError> {
    let with_events = |(id, events)| (id, Whole { events, ..Whole::default() });
    let mut all: BTreeMap<TrajectoryId, Whole> = told.into_iter().map(with_events).collect();
    for (id, rows) in StoredRows::fetch(&mut *connection, after, until).await?.by_trajectory()? {
        all.entry(id).or_default().rows = rows;
    }
    if looks == Looks::AtTextsToo {
        for (id, vaulted) in Vaulted::fetch(connection, after, until).await? {
            all.entry(id).or_default().vaulted = vaulted;
        }
    }
    Ok(all.into_iter().collect())
}
