//! What is wrong with the ledger at an instant: signing that stopped, witnesses that do not follow,
//! and times that cannot be.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::checkpoint_signer::CheckpointSigner;
use super::checkpoints::Tree;
use super::checkpoints_file::WRITTEN_WITHIN;
use super::finding::LedgerFinding;
use super::signing_state::{SigningState, SigningTrouble};
use crate::database::restorations;
use crate::error::StoreError;

/// After how long an event that is not signed, or a checkpoint that is not cosigned, is a finding.
/// Checkpoints are signed every few minutes, whatever the settings say.
pub const LATE: SignedDuration = SignedDuration::from_mins(30);

/// By how much the clocks of servers may differ, with how long a report may take.
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);

/// How many events with a wrong time are named at most.
const NAMED: i64 = 1_000;

impl CheckpointSigner {
    /// What is wrong at this instant.
    ///
    /// # Errors
    /// If the database or the file outside is out of reach.
    pub async fn findings_at(&self, now: Timestamp) -> Result<Vec<LedgerFinding>, StoreError> {
        let SigningState { unsigned, unsigned_since, unwitnessed_since, trouble } = self.state().await?;
        let is_copy = restorations::is_unconfirmed(&mut *self.tree.pool.acquire().await?).await?;
        let is_late = |since: &Timestamp| !is_copy && now.duration_since(*since) > LATE;
        let mut findings = self.tree.wrong_times(now).await?;
        let lag = unsigned_since.filter(is_late);
        findings.extend(lag.map(|since| LedgerFinding::SigningLags { events: unsigned, since }));
        let lag = unwitnessed_since.filter(is_late);
        findings.extend(lag.map(|since| LedgerFinding::WitnessesLag { since }));
        // A checkpoint is committed before its line is written outside.
        let newest = self.tree.newest().await?.map(|newest| now.duration_since(newest.signed_at).abs());
        let is_being_written = newest.is_some_and(|age| age < WRITTEN_WITHIN);
        let is_of_file = |trouble: &SigningTrouble| {
            matches!(trouble, SigningTrouble::NothingOutside | SigningTrouble::OutsideIsBehind)
        };
        let trouble = trouble.filter(|trouble| !(is_being_written && is_of_file(trouble)));
        let code = trouble.map(SigningTrouble::code);
        findings.extend(code.map(|code| LedgerFinding::SigningStopped { code }));
        Ok(findings)
    }
}

impl Tree {
    /// The events whose time steps back over the whole ledger, or is ahead of now, by more than
    /// clocks differ.
    async fn wrong_times(&self, now: Timestamp) -> Result<Vec<LedgerFinding>, StoreError> {
        let rows = sqlx::query(
            "SELECT aggregate_type || ' ' || aggregate_id AS stream, sequence, position, recorded_at, latest
             FROM (SELECT *, max(recorded_at) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
                   FROM events) AS event
             WHERE recorded_at < latest - make_interval(secs => $1) OR recorded_at > $2
             ORDER BY position LIMIT $3",
        )
        .bind(CLOCKS.as_secs_f64())
        .bind(jiff_sqlx::Timestamp::from(now + CLOCKS))
        .bind(NAMED)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| finding(row, now)).collect()
    }
}

fn finding(row: &PgRow, now: Timestamp) -> Result<LedgerFinding, StoreError> {
    let (stream, position) = (row.try_get("stream")?, row.try_get("position")?);
    let sequence = row.try_get::<i64, _>("sequence")?.unsigned_abs();
    let recorded_at = row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at")?.to_jiff();
    let latest: Option<jiff_sqlx::Timestamp> = row.try_get("latest")?;
    Ok(match latest.map(jiff_sqlx::Timestamp::to_jiff) {
        Some(before) if recorded_at <= now + CLOCKS => {
            LedgerFinding::TimeStepsBack { stream, sequence, position, recorded_at, before }
        }
        _ => LedgerFinding::TimeAhead { stream, sequence, position, recorded_at },
    })
}
