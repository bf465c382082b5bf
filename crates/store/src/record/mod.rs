//! Recording a report: load, decide, write events and rows in one transaction.

mod decision;
mod elsewhere;
mod grouped;
pub(crate) mod homes;
pub mod idempotency;
pub(crate) mod insert;
mod load;
pub mod report;
pub(crate) mod rows;
mod unit_of_work;

use std::sync::{Arc, OnceLock};

use cqrs_es::{AggregateError, CqrsFramework};
use omklap_domain::trajectory::work::Work;
use omklap_domain::trajectory::{Refusal, Refused};
use omklap_domain::visibility::{redact_refusal, reportable};
use tokio::runtime::Handle;

use crate::background::{Waiting, apart};
use crate::error::StoreError;
use crate::events::stream::Known;
use crate::ledger::Ledger;
pub(crate) use grouped::GroupedReports;

use decision::{NotRecorded, Record, Standards};
use report::{RecordError, Recorded, Report};
use unit_of_work::UnitOfWork;

/// How often a report is tried again because another came first. Each time, one of them succeeds.
const ATTEMPTS: u32 = 10;

/// A report of more facts keeps a thread busy.
const FEW: usize = 50;

/// So does one on a longer history. A trajectory of eight years has some hundred facts.
const LONG: u64 = 1_000;

impl Ledger {
    /// Records facts, all or none, in two round trips to the database. The second writes what other reports wait
    /// for as well.
    ///
    /// # Errors
    /// Why nothing was recorded. After [`StoreError::Unavailable`] the facts may have been
    /// recorded; a repeat with the same idempotency key says whether.
    pub async fn record(&self, report: Report) -> Result<Recorded, RecordError> {
        let report = Arc::new(report);
        let unfounded = self.unfounded_offers(&report).await?;
        let may_be_quick = report.trajectory.version_seen().is_none_or(|version| version <= LONG);
        if report.facts.len() <= FEW && may_be_quick {
            Box::pin(self.record_here(&Waiting::default().0, report, &unfounded, LONG)).await
        } else {
            self.record_apart(report, unfounded).await
        }
    }

    /// Records on a thread that answers no requests.
    async fn record_apart(
        &self,
        report: Arc<Report>,
        unfounded: Vec<(usize, Refusal)>,
    ) -> Result<Recorded, RecordError> {
        let (ledger, runtime) = (self.clone(), Handle::current());
        apart(move |work| runtime.block_on(ledger.record_here(work, report, &unfounded, u64::MAX))).await
    }

    /// Records on this thread, unless the history is longer than this.
    async fn record_here(
        &self,
        work: &Work,
        report: Arc<Report>,
        unfounded: &[(usize, Refusal)],
        longest: u64,
    ) -> Result<Recorded, RecordError> {
        for attempt in 0..ATTEMPTS {
            match self.attempt(work, &report, unfounded, longest, attempt > 0).await {
                Ok(recorded) => return Ok(recorded),
                Err(NotRecorded::LongHistory) => return self.record_apart(report, unfounded.to_vec()).await,
                Err(NotRecorded::Repeat(earlier)) => {
                    return self.recorded_before(&earlier, report.reporter.as_ref()).await;
                }
                Err(NotRecorded::Failed(error)) if another_came_first(&error) => {}
                Err(NotRecorded::Failed(RecordError::Refused(refused))) => {
                    return Err(self.refusal_for(&report, refused).await?);
                }
                Err(NotRecorded::Failed(error)) => return Err(error),
            }
        }
        Err(RecordError::Crowded)
    }

    /// One time through the frame: load, decide, commit.
    async fn attempt(
        &self,
        work: &Work,
        report: &Arc<Report>,
        unfounded: &[(usize, Refusal)],
        longest: u64,
        again: bool,
    ) -> Result<Recorded, NotRecorded> {
        let once = report.once.as_ref().filter(|_| !report.dry_run);
        let recorded = OnceLock::new();
        let unit_of_work = UnitOfWork {
            ledger: self,
            report,
            work,
            once: once.map(|once| once.marked(&self.operator_key)),
            reference: report
                .reference
                .as_ref()
                .map(|own| own.stored(&self.operator_key, report.trajectory.id())),
            longest,
            again,
            recorded: &recorded,
        };
        let standards = Standards {
            sets: Arc::clone(&self.sets),
            derives_by: Arc::clone(&self.derives_by),
            operator_key: Arc::clone(&self.operator_key),
        };
        let command =
            Record { report: Arc::clone(report), unfounded: unfounded.to_vec(), work: work.clone() };
        let metadata = report.metadata.clone().into_iter().collect();
        CqrsFramework::new(unit_of_work, vec![], standards)
            .execute_with_metadata(&report.trajectory.id().to_string(), command, metadata)
            .await
            .map_err(own_error)?;
        Ok(recorded.into_inner().expect("the frame has committed"))
    }

    /// A refusal as its reporter may see it. The history is read again for every refusal on an
    /// existing trajectory, whatever the reason, so that the time it takes does not depend on it.
    async fn refusal_for(
        &self,
        report: &Report,
        mut refused: Box<Refused>,
    ) -> Result<RecordError, StoreError> {
        if let Some(reporter) = report.needs_access() {
            let known = self.load_known_to(reporter, report.trajectory.id()).await?;
            let Some(Known { mut history, view, .. }) = known else { return Ok(RecordError::NotFound) };
            redact_refusal(&view, &history, &mut refused);
            // What the reporter may report instead, after the facts of this report that were admitted.
            if let Some((fact, before)) = report.facts.get(..=refused.index).and_then(<[_]>::split_last) {
                for fact in before {
                    history.record(fact.clone());
                }
                let admits = std::mem::take(&mut refused.admits);
                refused.admits =
                    reportable(reporter, &view, &history, fact.occurred_on(), &self.sets, admits);
            }
        }
        Ok(RecordError::Refused(refused))
    }
}

/// cqrs-es has errors of its own for stores that it brings; ours fails with ours alone.
fn own_error(error: AggregateError<NotRecorded>) -> NotRecorded {
    match error {
        AggregateError::UserError(error) => error,
        other => unreachable!("the unit of work does not fail with {other}"),
    }
}

/// Another report took the same version or idempotency key (23505), the data key was erased
/// (23503), another trajectory took the home (23P01), or PostgreSQL chose this transaction to give way
/// (40001, 40P01). Nothing was written, and loading again shows which.
fn another_came_first(error: &RecordError) -> bool {
    let RecordError::Store(error) = error else { return false };
    gave_way(error, &["23505", "23503", "23P01", "40001", "40P01"])
}

/// Whether PostgreSQL refused a statement with one of these codes.
pub(crate) fn gave_way(error: &StoreError, codes: &[&str]) -> bool {
    let StoreError::Database(error) = error else { return false };
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}
