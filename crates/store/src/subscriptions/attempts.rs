//! Every attempt to deliver a message, so that the owner of a subscription can look for one that
//! did not arrive.

use jiff::{SignedDuration, Timestamp};
use omklap_domain::allocation::{StreamId, StreamKind};
use omklap_domain::ids::TrajectoryId;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::subscription::instant;
use crate::error::StoreError;
use crate::events::subject::Subject;
use crate::ledger::Ledger;

/// How long attempts are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A message of a webhook: the event that it is about, or a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The event's id; one of its own for a test.
    pub id: Uuid,
    /// What the event is about; none for a test.
    pub subject: Option<Subject>,
    /// The event's position; none for a test.
    pub position: Option<i64>,
}

impl Message {
    /// The trajectory of the event, if it is about one.
    #[must_use]
    pub fn trajectory(&self) -> Option<TrajectoryId> {
        self.subject.and_then(Subject::trajectory)
    }

    /// The stream of the event, if it is about one beside the trajectory.
    #[must_use]
    pub fn stream(&self) -> Option<(StreamKind, StreamId)> {
        self.subject.and_then(Subject::stream)
    }
}

/// An attempt to deliver a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The message.
    pub message: Message,
    /// Its number, from 1; 0 for one that was requested by hand.
    pub attempt: u32,
    /// The instant.
    pub attempted_at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// Its outcome, as a code.
    pub outcome: &'static str,
    /// The status that the receiver returned, if it did.
    pub status: Option<u16>,
}

/// An attempt in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAttempt {
    /// Its number; a later one has a higher number.
    pub id: i64,
    /// The message.
    pub message: Message,
    /// Its number, from 1; 0 for one that was requested by hand.
    pub attempt: u32,
    /// The instant.
    pub attempted_at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// Its outcome, as a code.
    pub outcome: String,
    /// The status that the receiver returned, if it did.
    pub status: Option<u16>,
}

impl Ledger {
    /// A page of attempts of a subscription, the latest first, before the last one of the page
    /// before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn attempts(
        &self,
        subscription: Uuid,
        message: Option<Uuid>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<ListedAttempt>, StoreError> {
        let rows = sqlx::query(
            "SELECT attempt_id, message_id, trajectory_id, position, attempt, attempted_at, took_ms, outcome, status,
                    stream_kind, stream_id
             FROM delivery_attempts
             WHERE subscription_id = $1 AND ($2::uuid IS NULL OR message_id = $2) AND attempt_id < $3
             ORDER BY attempt_id DESC LIMIT $4",
        )
        .bind(subscription)
        .bind(message)
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Stores an attempt that was requested by hand.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn keep_attempt(&self, subscription: Uuid, tried: &Attempt) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO delivery_attempts (subscription_id, message_id, trajectory_id, position, attempt, attempted_at,
                                            took_ms, outcome, status, stream_kind, stream_id)
             SELECT subscription_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM subscriptions WHERE subscription_id = $1",
        )
        .bind(subscription)
        .bind(tried.message.id)
        .bind(tried.message.trajectory().map(|id| id.0))
        .bind(tried.message.position)
        .bind(tried.attempt.cast_signed())
        .bind(jiff_sqlx::Timestamp::from(tried.attempted_at))
        .bind(tried.took_ms.cast_signed())
        .bind(tried.outcome)
        .bind(tried.status.map(u16::cast_signed))
        .bind(tried.message.stream().map(|(kind, _)| kind.as_str()))
        .bind(tried.message.stream().map(|(_, id)| id.0))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes the attempts that are older than thirty days, and returns how many.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn forget_old_attempts(&self, now: Timestamp) -> Result<u64, StoreError> {
        let old = sqlx::query("DELETE FROM delivery_attempts WHERE attempted_at < $1");
        Ok(old.bind(jiff_sqlx::Timestamp::from(now - KEPT)).execute(&self.pool).await?.rows_affected())
    }
}

fn read(row: &PgRow) -> Result<ListedAttempt, StoreError> {
    Ok(ListedAttempt {
        id: row.try_get("attempt_id")?,
        message: Message {
            id: row.try_get("message_id")?,
            subject: subject(row)?,
            position: row.try_get("position")?,
        },
        attempt: row.try_get::<i32, _>("attempt")?.unsigned_abs(),
        attempted_at: instant(row, "attempted_at")?.unwrap_or_default(),
        took_ms: row.try_get::<i32, _>("took_ms")?.unsigned_abs(),
        outcome: row.try_get("outcome")?,
        status: row.try_get::<Option<i16>, _>("status")?.map(i16::cast_unsigned),
    })
}

/// What an attempt is about; none for a test.
fn subject(row: &PgRow) -> sqlx::Result<Option<Subject>> {
    let trajectory: Option<Uuid> = row.try_get("trajectory_id")?;
    let (kind, id): (Option<&str>, Option<Uuid>) = (row.try_get("stream_kind")?, row.try_get("stream_id")?);
    let stream = kind.zip(id).and_then(|(kind, id)| Subject::named(kind, id));
    Ok(trajectory.map(|id| TrajectoryId(id).into()).or(stream))
}
