//! How far the deliveries of a subscription have come. One statement writes it, and only for a
//! server that knows the state before: of two that deliver the same, one learns that the other was
//! first.

use jiff::Timestamp;
use sqlx::Row;
use uuid::Uuid;

use super::attempts::Attempt;
use super::manage::Notice;
use super::subscription::{DeliveryHealth, State, Subscription};
use crate::error::StoreError;
use crate::events::subject::Subject;
use crate::ledger::Ledger;

/// A trajectory or stream that waits because one of its events was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// What waits.
    pub subject: Subject,
    /// Its first event that was not accepted.
    pub position: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// The instant since which it waits.
    pub first_failed_at: Timestamp,
    /// The instant at which it is tried again.
    pub next_attempt_at: Timestamp,
}

/// What changes in a subscription after some deliveries: its position, what it holds back, attempts.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    /// The subscription, as it was before.
    pub of: &'a Subscription,
    /// Its state afterwards.
    pub state: State,
    /// The position that it has reached.
    pub position: i64,
    /// How well its deliveries go.
    pub health: DeliveryHealth,
    /// What waits, newly or still.
    pub held: &'a [HeldBack],
    /// What no longer waits.
    pub released: &'a [Subject],
    /// The attempts.
    pub attempts: &'a [Attempt],
    /// The notices for its owner.
    pub notices: &'a [Notice],
}

impl Ledger {
    /// What a subscription holds back.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn held_back(&self, subscription: Uuid) -> Result<Vec<HeldBack>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, stream_id, position, attempts, first_failed_at, next_attempt_at FROM held_back
             WHERE subscription_id = $1 ORDER BY position, kind, stream_id",
        )
        .bind(subscription)
        .fetch_all(&self.pool)
        .await?;
        let instant = |row: &sqlx::postgres::PgRow, column: &str| {
            row.try_get::<jiff_sqlx::Timestamp, _>(column).map(jiff_sqlx::Timestamp::to_jiff)
        };
        rows.iter()
            .map(|row| {
                Ok(HeldBack {
                    subject: subject(row)?,
                    position: row.try_get("position")?,
                    attempts: row.try_get::<i32, _>("attempts")?.unsigned_abs(),
                    first_failed_at: instant(row, "first_failed_at")?,
                    next_attempt_at: instant(row, "next_attempt_at")?,
                })
            })
            .collect()
    }

    /// Writes the results of some deliveries. False if the subscription was changed or delivered by
    /// another in the meantime: then only the attempts are written, because they were made.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn keep_progress(&self, progress: &Progress<'_>) -> Result<bool, StoreError> {
        let Progress { of, held, attempts, notices, health, .. } = progress;
        let instants =
            |each: &[Timestamp]| each.iter().copied().map(jiff_sqlx::Timestamp::from).collect::<Vec<_>>();
        let moved: i64 = sqlx::query_scalar(
            "WITH there AS (SELECT subscription_id FROM subscriptions WHERE subscription_id = $1 FOR NO KEY UPDATE),
             moved AS (
                 UPDATE subscriptions SET position = $4, state = $5, rests = $6, failing_since = $7, rests_until = $8
                 FROM there
                 WHERE subscriptions.subscription_id = there.subscription_id AND revision = $2 AND position = $3
                       AND state = 'active'
                 RETURNING subscriptions.subscription_id),
             released AS (
                 DELETE FROM held_back USING moved
                 WHERE held_back.subscription_id = moved.subscription_id
                       AND (held_back.kind, held_back.stream_id) IN (SELECT * FROM unnest($26::text[], $9::uuid[]))),
             held AS (
                 INSERT INTO held_back (subscription_id, kind, stream_id, position, attempts, first_failed_at, next_attempt_at)
                 SELECT moved.subscription_id, held.* FROM moved,
                        unnest($27::text[], $10::uuid[], $11::bigint[], $12::integer[], $13::timestamptz[], $14::timestamptz[]) AS held
                 ON CONFLICT (subscription_id, kind, stream_id) DO UPDATE SET
                     position = excluded.position, attempts = excluded.attempts,
                     first_failed_at = excluded.first_failed_at, next_attempt_at = excluded.next_attempt_at),
             tried AS (
                 INSERT INTO delivery_attempts (subscription_id, message_id, trajectory_id, position, attempt, attempted_at,
                                                took_ms, outcome, status, stream_kind, stream_id)
                 SELECT there.subscription_id, message_id, trajectory_id, position, attempt, attempted_at, took_ms, outcome, status,
                        stream_kind, stream_id
                 FROM there,
                      unnest($15::uuid[], $16::uuid[], $17::bigint[], $18::integer[], $19::timestamptz[], $20::integer[],
                             $21::text[], $22::smallint[], $28::text[], $29::uuid[])
                      WITH ORDINALITY AS tried (message_id, trajectory_id, position, attempt, attempted_at, took_ms, outcome,
                                                status, stream_kind, stream_id, nth)
                 ORDER BY nth),
             noticed AS (
                 INSERT INTO subscription_notices (subscription_id, noticed_at, notice, message_id)
                 SELECT moved.subscription_id, noticed.* FROM moved,
                        unnest($23::timestamptz[], $24::text[], $25::uuid[]) AS noticed)
             SELECT count(*) FROM moved",
        )
        .bind(of.id)
        .bind(of.revision)
        .bind(of.position)
        .bind(progress.position)
        .bind(progress.state.as_str())
        .bind(health.rests.cast_signed())
        .bind(health.failing_since.map(jiff_sqlx::Timestamp::from))
        .bind(health.rests_until.map(jiff_sqlx::Timestamp::from))
        .bind(progress.released.iter().map(|subject| subject.id()).collect::<Vec<_>>())
        .bind(held.iter().map(|held| held.subject.id()).collect::<Vec<_>>())
        .bind(held.iter().map(|held| held.position).collect::<Vec<_>>())
        .bind(held.iter().map(|held| held.attempts.cast_signed()).collect::<Vec<_>>())
        .bind(instants(&held.iter().map(|held| held.first_failed_at).collect::<Vec<_>>()))
        .bind(instants(&held.iter().map(|held| held.next_attempt_at).collect::<Vec<_>>()))
        .bind(attempts.iter().map(|tried| tried.message.id).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.message.trajectory().map(|id| id.0)).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.message.position).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.attempt.cast_signed()).collect::<Vec<_>>())
        .bind(instants(&attempts.iter().map(|tried| tried.attempted_at).collect::<Vec<_>>()))
        .bind(attempts.iter().map(|tried| tried.took_ms.cast_signed()).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.outcome).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.status.map(u16::cast_signed)).collect::<Vec<_>>())
        .bind(instants(&notices.iter().map(|notice| notice.noticed_at).collect::<Vec<_>>()))
        .bind(notices.iter().map(|notice| notice.notice.as_str()).collect::<Vec<_>>())
        .bind(notices.iter().map(|notice| notice.message).collect::<Vec<_>>())
        .bind(progress.released.iter().map(|subject| subject.kind()).collect::<Vec<_>>())
        .bind(held.iter().map(|held| held.subject.kind()).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.message.stream().map(|(kind, _)| kind.as_str())).collect::<Vec<_>>())
        .bind(attempts.iter().map(|tried| tried.message.stream().map(|(_, id)| id.0)).collect::<Vec<_>>())
        .fetch_one(&self.pool)
        .await?;
        Ok(moved > 0)
    }
}

/// What a row of held messages is about.
fn subject(row: &sqlx::postgres::PgRow) -> Result<Subject, StoreError> {
    let subject = Subject::named(row.try_get("kind")?, row.try_get("stream_id")?);
    subject
        .ok_or_else(|| sqlx::Error::Decode("a kind of stream that this program does not know".into()).into())
}
