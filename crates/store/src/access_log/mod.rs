//! Who saw or changed which data, and why. `migrations/0011_access_log.sql` explains the columns.
//! Batches of its lines are in the tree of the ledger ([`batches`], ADR 42).

pub mod batches;
mod grouped;
pub mod line;
mod recounted;
mod waiting;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Viewer;
use sqlx::postgres::{PgExecutor, PgRow};
use sqlx::types::Json;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::read_models::read_model::word;
pub(crate) use grouped::GroupedLines;
pub use line::{AccessOutcome, Accessor, Action, Line, Trace};
pub use recounted::{LogChecked, LogFinding};
pub use waiting::Unbatched;

/// A line as it is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Its place in the log.
    pub position: Position,
    /// When the request began.
    pub started_at: Timestamp,
    /// What was done.
    pub action: Action,
    /// How much was shown.
    pub outcome: AccessOutcome,
    /// The trajectories.
    pub trajectories: Vec<TrajectoryId>,
    /// The kinds of data.
    pub categories: Vec<String>,
    /// The organisation that was registered, if that was done.
    pub registration: Option<String>,
    /// The caller.
    pub by: Accessor,
}

/// A place in the access log: lines are in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When it was done.
    pub at: Timestamp,
    /// The line's own id: several lines may have the same instant.
    pub access_id: Uuid,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.as_microsecond(), self.access_id)
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, access_id) = text.split_once('.').ok_or(())?;
        let at = at.parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok()).ok_or(())?;
        Ok(Self { at, access_id: access_id.parse().map_err(|_| ())? })
    }
}

/// Writes lines, all or none. They must be written before the personal data are shown.
///
/// # Errors
/// If the database is out of reach, or did not keep every line: then nothing may be shown.
pub async fn write(executor: impl PgExecutor<'_>, lines: &[Line]) -> Result<(), StoreError> {
    if lines.is_empty() {
        return Ok(());
    }
    let write = sqlx::query(concat!(
        "INSERT INTO access_log (",
        line::columns!(),
        ") SELECT ",
        line::columns!(),
        " FROM jsonb_populate_recordset(NULL::access_log, $1)"
    ));
    let written = write.bind(Json(lines)).execute(executor).await?;
    if written.rows_affected() == lines.len() as u64 {
        Ok(())
    } else {
        Err(StoreError::NotKept("access_log"))
    }
}

/// Creates the monthly partitions of the log for a year from this day on.
///
/// # Errors
/// If the database is out of reach.
pub async fn make_months(pool: &PgPool, from: Day) -> Result<(), StoreError> {
    let make = sqlx::query("SELECT access_log_months($1, 12)").bind(jiff_sqlx::Date::from(from.date()));
    make.execute(pool).await?;
    Ok(())
}

impl Ledger {
    /// Writes lines of the access log, all or none.
    ///
    /// # Errors
    /// As [`write()`].
    pub async fn log_access(&self, lines: &[Line]) -> Result<(), StoreError> {
        self.grouped_lines.write(&self.pool, lines).await
    }

    /// Those of these trajectories that this viewer's organisation has seen something of, in this
    /// viewer's role, as far back as the log goes. For a client, only the client's own.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn shown_before(
        &self,
        viewer: &Viewer,
        trajectories: &[TrajectoryId],
    ) -> Result<HashSet<TrajectoryId>, StoreError> {
        let of_others = |id: &TrajectoryId| viewer.trajectory.is_some_and(|own| own != *id);
        let ids: Vec<Uuid> = trajectories.iter().filter(|id| !of_others(id)).map(|id| id.0).collect();
        let shown: Vec<Uuid> = sqlx::query_scalar(
            "SELECT DISTINCT shown FROM access_log, unnest(trajectories) AS shown
             WHERE trajectories && $1 AND shown = ANY ($1) AND organisation = $2 AND role = $3 AND outcome <> 'refused'",
        )
        .bind(ids)
        .bind(viewer.organisation.as_str())
        .bind(viewer.role.as_str())
        .fetch_all(&self.pool)
        .await?;
        Ok(shown.into_iter().map(TrajectoryId).collect())
    }

    /// A page of what was done with the data of a trajectory, in the order of time, after the last
    /// line of the page before; by one organisation or by all.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn accesses(
        &self,
        trajectory: TrajectoryId,
        by: Option<&str>,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Vec<Access>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            line::columns!(),
            " FROM access_log
             WHERE trajectories @> ARRAY[$1] AND ($2::text IS NULL OR organisation = $2)
                   AND ($3::timestamptz IS NULL OR (at, access_id) > ($3, $4))
             ORDER BY at, access_id LIMIT $5"
        ))
        .bind(trajectory.0)
        .bind(by)
        .bind(after.map(|after| jiff_sqlx::Timestamp::from(after.at)))
        .bind(after.map(|after| after.access_id))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// A page of what was done with any data from an instant on, in the order of time, after the
    /// last line of the page before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn accesses_since(
        &self,
        since: Timestamp,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Vec<Access>, StoreError> {
        let (at, access_id) = after.map_or((since, Uuid::nil()), |after| (after.at, after.access_id));
        let rows = sqlx::query(concat!(
            "SELECT ",
            line::columns!(),
            " FROM access_log WHERE (at, access_id) > ($1, $2) ORDER BY at, access_id LIMIT $3"
        ))
        .bind(jiff_sqlx::Timestamp::from(at))
        .bind(access_id)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &PgRow) -> Result<Access, StoreError> {
    let instant =
        |column| -> sqlx::Result<Timestamp> { Ok(row.try_get::<jiff_sqlx::Timestamp, _>(column)?.to_jiff()) };
    Ok(Access {
        position: Position { at: instant("at")?, access_id: row.try_get("access_id")? },
        started_at: instant("started_at")?,
        action: word(row.try_get("action")?)?,
        outcome: word(row.try_get("outcome")?)?,
        trajectories: row.try_get::<Vec<Uuid>, _>("trajectories")?.into_iter().map(TrajectoryId).collect(),
        categories: row.try_get("categories")?,
        registration: row.try_get("registration")?,
        by: Accessor {
            actor: row.try_get("actor")?,
            organisation: row.try_get("organisation")?,
            role: row.try_get("role")?,
            purpose: row.try_get("purpose")?,
            client: row.try_get("client")?,
            trace: Trace {
                trace_id: row.try_get("trace_id")?,
                span_id: row.try_get("span_id")?,
                parent_span_id: row.try_get("parent_span_id")?,
            },
        },
    })
}
