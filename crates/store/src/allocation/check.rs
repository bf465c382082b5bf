//! Checks of the streams beside the trajectory: every fact is admitted again by the rules on those
//! before it (ADR 41), and the row of every stream is derived again. Whether the events are what was
//! recorded is checked for the whole ledger by [`Tree::check`](crate::tree::Tree::check).

use std::collections::BTreeMap;

use omklap_domain::allocation::{BrokenRule, History, Stream, StreamId, StreamKind, StreamVisitor};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::read::fact_of;
use super::row::ListedRow;
use crate::consistency::replayed::day_of;
use crate::error::StoreError;
use crate::events::event::{self, columns};
use crate::ledger::Ledger;

/// How many streams are read at once.
const PAGE: i64 = 1_000;

/// Something that is not as it should be with a stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamFinding {
    /// An event that this program cannot read.
    #[error("event {sequence} cannot be read: {why}")]
    Unreadable {
        /// Its number.
        sequence: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The rules would refuse this fact after those before it.
    #[error("event {sequence} would be refused: {codes}")]
    WouldBeRefused {
        /// Its number.
        sequence: u64,
        /// The codes of the rules that it breaks.
        codes: String,
    },
    /// The row by which lists find it is not what follows from its events.
    #[error("streams: its row is not what follows from its events")]
    RowDiffers,
    /// There is a row, and no event.
    #[error("streams: there is a row for it, and no event")]
    RowOfNothing,
}

impl StreamFinding {
    /// A stable code for this kind of finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "event-unreadable",
            Self::WouldBeRefused { .. } => "would-be-refused",
            Self::RowDiffers | Self::RowOfNothing => "row-differs",
        }
    }
}

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamsChecked {
    /// How many streams.
    pub streams: u64,
    /// How many events they have.
    pub events: u64,
    /// How many rows were written again, by a rebuild.
    pub mended: u64,
}

/// The findings of one stream and the row that it should have; none if an event cannot be read.
type Judged = (Vec<StreamFinding>, Option<ListedRow>);

/// Judges the events of a stream of one kind.
struct Judge;

impl StreamVisitor for Judge {
    type Output = fn(StreamId, &[PgRow]) -> Result<Judged, StoreError>;
    fn visit<S: Stream>(self) -> Self::Output {
        judged::<S>
    }
}

impl Ledger {
    /// Checks every stream, and hands each finding to `report` with the name of its stream.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn check_streams(
        &self,
        mut report: impl FnMut(&str, StreamFinding),
    ) -> Result<StreamsChecked, StoreError> {
        let mut checked = StreamsChecked::default();
        for kind in StreamKind::ALL {
            self.walk_streams(*kind, &mut checked, async |name, _, found, _| {
                for finding in found {
                    report(&name, finding);
                }
                Ok(())
            })
            .await?;
        }
        let known: Vec<&str> = StreamKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let others =
            "SELECT kind || ' ' || stream_id FROM streams WHERE kind <> ALL ($1) ORDER BY kind, stream_id";
        let others: Vec<String> = sqlx::query_scalar(others).bind(known).fetch_all(&self.pool).await?;
        for name in &others {
            report(name, StreamFinding::RowOfNothing);
        }
        Ok(checked)
    }

    /// Derives the row of every stream again and writes those that differ.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn rebuild_streams(&self) -> Result<StreamsChecked, StoreError> {
        let (mut checked, mut mended) = (StreamsChecked::default(), 0);
        for kind in StreamKind::ALL {
            self.walk_streams(*kind, &mut checked, async |_, id, found, row| {
                if found.contains(&StreamFinding::RowDiffers)
                    && let Some(row) = row
                {
                    mended += self.write_row(*kind, id, &row).await?;
                }
                Ok(())
            })
            .await?;
        }
        Ok(StreamsChecked { mended, ..checked })
    }

    async fn walk_streams(
        &self,
        kind: StreamKind,
        checked: &mut StreamsChecked,
        mut show: impl AsyncFnMut(
            String,
            StreamId,
            Vec<StreamFinding>,
            Option<ListedRow>,
        ) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let judge = kind.visit(Judge);
        let mut after = String::new();
        loop {
            let (events, mut listed) = self.page_of_streams(kind, &after).await?;
            let streams = event::streams(&events)?;
            let ids: Vec<String> = streams.iter().map(|(id, _)| (*id).to_owned()).collect();
            for (id, rows) in streams {
                let stream: StreamId =
                    id.parse().map_err(|error: uuid::Error| event::unreadable(&rows[0], error.into()))?;
                let (mut found, row) = judge(stream, rows)?;
                let stored = listed.remove(&stream);
                if row.is_some() && row != stored {
                    found.push(StreamFinding::RowDiffers);
                }
                checked.streams += 1;
                checked.events += rows.len() as u64;
                show(format!("{} {id}", kind.as_str()), stream, found, row).await?;
            }
            for stream in listed.into_keys() {
                show(format!("{} {stream}", kind.as_str()), stream, vec![StreamFinding::RowOfNothing], None)
                    .await?;
            }
            match ids.last() {
                Some(last) if is_a_full_page(ids.len()) => after.clone_from(last),
                _ => return Ok(()),
            }
        }
    }

    /// The events of the next streams after this one, and the rows of the streams up to the last of
    /// these, read at one instant.
    async fn page_of_streams(
        &self,
        kind: StreamKind,
        after: &str,
    ) -> Result<(Vec<PgRow>, BTreeMap<StreamId, ListedRow>), StoreError> {
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let events = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = $1 AND aggregate_id IN
                  (SELECT DISTINCT aggregate_id FROM events WHERE aggregate_type = $1 AND aggregate_id > $2
                   ORDER BY aggregate_id LIMIT $3)
              ORDER BY aggregate_id, sequence"
        ))
        .bind(kind.as_str())
        .bind(after)
        .bind(PAGE)
        .fetch_all(&mut *instant)
        .await?;
        let streams = event::streams(&events)?;
        let is_full = is_a_full_page(streams.len());
        let until = streams.last().filter(|_| is_full).map_or(Ok(Uuid::max()), |(id, _)| id.parse());
        let after = if after.is_empty() { Uuid::nil() } else { after.parse().unwrap_or_default() };
        let rows = sqlx::query(
            "SELECT stream_id, version, organisation, region, status, unit, municipality FROM streams
             WHERE kind = $1 AND stream_id > $2 AND stream_id <= $3",
        );
        let rows = rows.bind(kind.as_str()).bind(after).bind(until.unwrap_or(Uuid::max()));
        let rows = rows.fetch_all(&mut *instant).await?;
        let listed = rows.iter().map(|row| Ok((StreamId(row.try_get("stream_id")?), ListedRow::read(row)?)));
        let listed = listed.collect::<sqlx::Result<_>>()?;
        instant.rollback().await?;
        Ok((events, listed))
    }

    async fn write_row(&self, kind: StreamKind, id: StreamId, row: &ListedRow) -> Result<u64, StoreError> {
        let written = sqlx::query(
            "INSERT INTO streams (kind, stream_id, version, organisation, region, status, unit, municipality)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (kind, stream_id) DO UPDATE SET version = excluded.version,
                 organisation = excluded.organisation, region = excluded.region, status = excluded.status,
                 unit = excluded.unit, municipality = excluded.municipality
             WHERE streams.version <= excluded.version",
        )
        .bind(kind.as_str())
        .bind(id.0)
        .bind(row.version)
        .bind(&row.organisation)
        .bind(&row.region)
        .bind(&row.status)
        .bind(&row.unit)
        .bind(&row.municipality)
        .execute(&self.pool)
        .await?;
        Ok(written.rows_affected())
    }
}

/// Whether there may be more streams behind this many.
fn is_a_full_page(streams: usize) -> bool {
    i64::try_from(streams).is_ok_and(|streams| streams >= PAGE)
}

/// What is wrong with the events of a stream, and the row that they lead to.
fn judged<S: Stream>(id: StreamId, rows: &[PgRow]) -> Result<Judged, StoreError> {
    let (mut history, mut findings) = (History::<S>::default(), Vec::new());
    for (sequence, row) in (1..).zip(rows) {
        let fact = match fact_of::<S>(row) {
            Err(StoreError::Unreadable { source, .. }) => {
                return Ok((vec![StreamFinding::Unreadable { sequence, why: source.to_string() }], None));
            }
            fact => fact?,
        };
        if findings.is_empty()
            && let Err(broken) = history.check(id, &fact, day_of(event::recorded_at(row)?))
        {
            let codes: Vec<_> = broken.iter().map(BrokenRule::code).collect();
            findings.push(StreamFinding::WouldBeRefused { sequence, codes: codes.join(", ") });
        }
        history.record(fact);
    }
    let row = ListedRow::of(&history.state(), history.version());
    Ok((findings, Some(row)))
}
