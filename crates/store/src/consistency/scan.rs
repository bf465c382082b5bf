//! Reads the whole ledger page by page: the events of some trajectories and their rows, as they
//! were at one instant.
//!
//! The next page is fetched during the work on this one, and the work is divided over the
//! processor's cores.

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
use crate::events::event::columns;
use crate::ledger::Ledger;
use crate::read_models::tables::StoredRows;
use crate::vault::texts::Vaulted;

/// How many events a page has, unless one trajectory alone has more.
const PAGE: i64 = 20_000;

/// Which trajectories a scan reads.
#[derive(Clone, Debug)]
pub enum Which {
    /// All after this one, or all.
    After(Option<TrajectoryId>),
    /// These.
    These(Vec<TrajectoryId>),
}

/// One trajectory as it is in the database.
#[derive(Default)]
pub(crate) struct Whole {
    /// Its events in the order of recording, with the columns that the fact needs.
    pub events: Vec<PgRow>,
    /// The rows of the read models.
    pub rows: StoredRows,
    /// Its private texts, if the scan reads them.
    pub vaulted: Vaulted,
    /// The events of its deadlines, if the scan reads the texts.
    pub deadlines: Vec<PgRow>,
}

/// What a scan reads about each trajectory, besides its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// The rows of the read models.
    Rows,
    /// These, the private texts and the deadlines.
    RowsAndTexts,
}

/// Some trajectories.
struct TrajectoryPage {
    trajectories: Vec<(TrajectoryId, Whole)>,
    /// The next page; none after the last.
    next: Option<Which>,
}

/// The results of the work on one page.
pub(crate) struct PageResults<T> {
    /// The result for each trajectory.
    pub results: Vec<(TrajectoryId, T)>,
    /// How many events they have.
    pub events: u64,
}

/// How far a rebuild or a check has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many trajectories were read.
    pub trajectories: u64,
    /// How many events they have.
    pub events: u64,
    /// How many of them had wrong rows that were written again.
    pub mended: u64,
    /// The last one in the order of ids: everything up to it is done.
    pub last: Option<TrajectoryId>,
}

impl Progress {
    pub(super) fn add<T>(&mut self, page: &PageResults<T>) {
        self.trajectories += page.results.len() as u64;
        self.events += page.events;
        self.last = page.results.last().map(|(id, _)| *id).or(self.last);
    }
}

impl Ledger {
    /// Does some work on each trajectory, and hands the results of each page to `show`.
    pub(crate) async fn scan<T: Send + 'static>(
        self: &Arc<Self>,
        which: Which,
        contents: Contents,
        work: fn(&Ledger, TrajectoryId, &Whole) -> Result<T, StoreError>,
        mut show: impl AsyncFnMut(PageResults<T>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut page = Some(self.fetch(which, contents).await?);
        while let Some(TrajectoryPage { trajectories, next }) = page {
            let worked = self.work_on(trajectories, work);
            let (results, fetched) = match next {
                Some(next) => {
                    let (results, fetched) = tokio::join!(worked, self.fetch(next, contents));
                    (results?, Some(fetched?))
                }
                None => (worked.await?, None),
            };
            show(results).await?;
            page = fetched;
        }
        Ok(())
    }

    async fn work_on<T: Send + 'static>(
        self: &Arc<Self>,
        mut trajectories: Vec<(TrajectoryId, Whole)>,
        work: fn(&Ledger, TrajectoryId, &Whole) -> Result<T, StoreError>,
    ) -> Result<PageResults<T>, StoreError> {
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
        Ok(PageResults { results, events })
    }

    /// One page, read at one instant: a report in the meantime shows everywhere or nowhere.
    async fn fetch(&self, which: Which, contents: Contents) -> Result<TrajectoryPage, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .execute(&mut *transaction)
            .await?;
        let page = match which {
            Which::After(after) => page_after(&mut transaction, after, contents).await?,
            Which::These(ids) => page_of(&mut transaction, ids, contents).await?,
        };
        transaction.rollback().await?;
        Ok(page)
    }
}

/// The trajectories after one, as many as fit.
async fn page_after(
    connection: &mut PgConnection,
    after: Option<TrajectoryId>,
    contents: Contents,
) -> Result<TrajectoryPage, StoreError> {
    let mut limit = PAGE;
    loop {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id > $1
              ORDER BY aggregate_id, sequence LIMIT $2"
        ))
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
        let cut = rows.len() as u64 == limit.unsigned_abs();
        let mut events = by_trajectory(rows)?;
        // The last trajectory of a full page may have more events: it comes first on the next page.
        if cut {
            events.pop();
        }
        let last = events.last().map(|(id, _)| *id);
        if cut && last.is_none() {
            limit *= 2;
            continue;
        }
        let until = last.filter(|_| cut).map_or(Uuid::max(), |last| last.0);
        let first = after.map_or(Uuid::nil(), |after| after.0);
        let trajectories = whole(events, connection, first, until, contents).await?;
        return Ok(TrajectoryPage {
            trajectories,
            next: last.filter(|_| cut).map(|last| Which::After(Some(last))),
        });
    }
}

/// Some of these trajectories.
async fn page_of(
    connection: &mut PgConnection,
    mut ids: Vec<TrajectoryId>,
    contents: Contents,
) -> Result<TrajectoryPage, StoreError> {
    let rest = ids.split_off(ids.len().min(100));
    let mut trajectories = Vec::new();
    for id in ids {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
        ))
        .bind(id.to_string())
        .fetch_all(&mut *connection)
        .await?;
        let before = Uuid::from_u128(id.0.as_u128().saturating_sub(1));
        trajectories.extend(whole(vec![(id, rows)], &mut *connection, before, id.0, contents).await?);
    }
    Ok(TrajectoryPage { trajectories, next: (!rest.is_empty()).then_some(Which::These(rest)) })
}

/// Splits events that come one trajectory after another.
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

/// Adds the rows and texts of the trajectories after one up to another to their events. Rows
/// without events are kept: they are a finding.
async fn whole(
    events: Vec<(TrajectoryId, Vec<PgRow>)>,
    connection: &mut PgConnection,
    after: Uuid,
    until: Uuid,
    contents: Contents,
) -> Result<Vec<(TrajectoryId, Whole)>, StoreError> {
    let with_events = |(id, events)| (id, Whole { events, ..Whole::default() });
    let mut all: BTreeMap<TrajectoryId, Whole> = events.into_iter().map(with_events).collect();
    for (id, rows) in StoredRows::fetch(&mut *connection, after, until).await?.by_trajectory()? {
        all.entry(id).or_default().rows = rows;
    }
    if contents == Contents::RowsAndTexts {
        for (id, vaulted) in Vaulted::fetch(&mut *connection, after, until).await? {
            all.entry(id).or_default().vaulted = vaulted;
        }
        for row in deadlines(connection, after, until).await? {
            let id = row.try_get::<&str, _>("aggregate_id")?.get(..36).and_then(|id| id.parse().ok());
            all.entry(id.unwrap_or(TrajectoryId(until))).or_default().deadlines.push(row);
        }
    }
    Ok(all.into_iter().collect())
}

/// The events of the deadlines of the trajectories after one up to another.
async fn deadlines(
    connection: &mut PgConnection,
    after: Uuid,
    until: Uuid,
) -> Result<Vec<PgRow>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE aggregate_type = 'deadline' AND left(aggregate_id, 36) > $1 AND left(aggregate_id, 36) <= $2
          ORDER BY position"
    ));
    Ok(rows.bind(after.to_string()).bind(until.to_string()).fetch_all(connection).await?)
}
