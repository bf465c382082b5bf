//! Who saw or changed what of whom, and why. What its columns say stands in `migrations/0011_access_log.sql`.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Viewer;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgExecutor, PgRow};
use sqlx::types::Json;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::read_models::word;
use crate::record::rows::id_from;

/// What was done with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// One trajectory was read.
    Read,
    /// Trajectories were listed.
    List,
    /// Facts were reported.
    Report,
    /// It was tried what a report would do.
    Try,
    /// The access log itself was read.
    ReadAccessLog,
    /// A whole case was taken out.
    Export,
    /// Events were handed over to a system that follows the ledger.
    Follow,
    /// A subject was given everything that is held.
    SubjectExport,
    /// Processing was restricted, or the restriction was lifted.
    Restrict,
    /// Texts were erased.
    Erase,
    /// A legal hold was placed or lifted.
    Hold,
    /// A case was destroyed when its term had passed.
    Destroy,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All that was asked for.
    Given,
    /// Something was withheld.
    GivenInPart,
    /// Nothing.
    Refused,
}

/// Who asks, for whom, as what, for what, and in which trace: the same for all that one request does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accessor {
    /// The person, by a pseudonym of the own organisation.
    pub actor: String,
    /// The organisation.
    pub organisation: String,
    /// In which role.
    pub role: String,
    /// For which purpose.
    pub purpose: String,
    /// The program that asked.
    pub client: String,
    /// The trace (W3C trace context).
    #[serde(flatten)]
    pub trace: Trace,
}

/// Where a request stands in a trace (W3C trace context).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The trace, over all systems.
    pub trace_id: Uuid,
    /// This request: sixteen hexadecimal digits.
    pub span_id: String,
    /// The caller's own span, where it told one.
    pub parent_span_id: Option<String>,
}

impl Trace {
    /// A trace that begins here, under an id of its own.
    #[must_use]
    pub fn begun_by(id: Uuid) -> Self {
        Self { trace_id: id, span_id: format!("{:016x}", id.as_u64_pair().1), parent_span_id: None }
    }
}

/// One line that is to be written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    #[serde(serialize_with = "instant")]
    at: Timestamp,
    #[serde(serialize_with = "instant")]
    started_at: Timestamp,
    access_id: Uuid,
    action: Action,
    outcome: Outcome,
    trajectories: Vec<TrajectoryId>,
    categories: Vec<String>,
    #[serde(flatten)]
    by: Accessor,
}

impl Line {
    /// The trace it belongs to.
    #[must_use]
    pub fn trace_id(&self) -> Uuid {
        self.by.trace.trace_id
    }

    /// That this was done at this instant with these trajectories.
    #[must_use]
    pub fn new(by: Accessor, action: Action, at: Timestamp, trajectories: Vec<TrajectoryId>) -> Self {
        let (outcome, categories, access_id) = (Outcome::Given, Vec::new(), id_from(at));
        Self { at, started_at: at, access_id, action, outcome, trajectories, categories, by }
    }

    /// Of these kinds of data.
    #[must_use]
    pub fn of(self, categories: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { categories: categories.into_iter().map(Into::into).collect(), ..self }
    }

    /// With this outcome.
    #[must_use]
    pub fn with(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// For a request that began then.
    #[must_use]
    pub fn since(self, started_at: Timestamp) -> Self {
        Self { started_at, ..self }
    }
}

/// A line as it is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Where it stands in the log.
    pub position: Position,
    /// When the request for it began.
    pub started_at: Timestamp,
    /// What was done.
    pub action: Action,
    /// What came of it.
    pub outcome: Outcome,
    /// The trajectories that were treated alike.
    pub trajectories: Vec<TrajectoryId>,
    /// Which kinds of data.
    pub categories: Vec<String>,
    /// By whom and why.
    pub by: Accessor,
}

/// A place in the access log: lines are in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When it was done.
    pub at: Timestamp,
    /// The line's own id, which tells lines of one instant apart.
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

/// The part of a statement that writes the one line given as JSON in this parameter.
macro_rules! write_line {
    ($line:literal) => {
        concat!(
            "logged AS (INSERT INTO access_log SELECT * FROM jsonb_populate_record(NULL::access_log, ",
            $line,
            "))"
        )
    };
}
pub(crate) use write_line;

/// Writes lines, all or none. Whoever shows personal data writes first and shows then.
///
/// # Errors
/// Where the database is out of reach: then nothing may be shown.
pub async fn write(executor: impl PgExecutor<'_>, lines: &[Line]) -> Result<(), StoreError> {
    if lines.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT INTO access_log SELECT * FROM jsonb_populate_recordset(NULL::access_log, $1)")
        .bind(Json(lines))
        .execute(executor)
        .await?;
    Ok(())
}

/// Makes the months of the log for a year from this day on.
///
/// # Errors
/// Where the database is out of reach.
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
        write(&self.pool, lines).await
    }

    /// Those of these trajectories of which this viewer's organisation was shown something in this viewer's role, as far as the
    /// log goes back; of a client, the own one.
    ///
    /// # Errors
    /// Where the database is out of reach.
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

    /// What was done with the data of a trajectory, in the order of time, after the last line of the page before; by one
    /// organisation or by all.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn accesses(
        &self,
        trajectory: TrajectoryId,
        by: Option<&str>,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Vec<Access>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM access_log
             WHERE trajectories @> ARRAY[$1] AND ($2::text IS NULL OR organisation = $2)
                   AND ($3::timestamptz IS NULL OR (at, access_id) > ($3, $4))
             ORDER BY at, access_id LIMIT $5",
        )
        .bind(trajectory.0)
        .bind(by)
        .bind(after.map(|after| jiff_sqlx::Timestamp::from(after.at)))
        .bind(after.map(|after| after.access_id))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// What was done with anybody's data from an instant on, in the order of time, after the last line of the page before.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn accesses_since(
        &self,
        since: Timestamp,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Vec<Access>, StoreError> {
        let (at, access_id) = after.map_or((since, Uuid::nil()), |after| (after.at, after.access_id));
        let rows = sqlx::query(
            "SELECT * FROM access_log WHERE (at, access_id) > ($1, $2) ORDER BY at, access_id LIMIT $3",
        )
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

fn instant<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    at.to_string().serialize(serializer)
}
