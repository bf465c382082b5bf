//! The import of one history: it is opened, or brought up to date.

use std::sync::Arc;

use serde_json::Value;

use super::compare::Comparison;
use super::file::{HistoryInFile, SourceFile};
use super::words::{Fault, Reason};
use crate::cli::remote::{LedgerClient, Me, Opening, Problem, Refusal};
use crate::clock::Clock;

/// How often a history is compared again because others reported meanwhile.
const ATTEMPTS: usize = 5;

/// Everything that the import of a history needs.
pub(super) struct Importer {
    pub(super) file: Arc<SourceFile>,
    pub(super) ledger: LedgerClient,
    pub(super) me: Me,
    pub(super) clock: Clock,
    pub(super) dry_run: bool,
}

/// What an import did with a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The history, by its index in the file.
    pub(super) index: usize,
    /// Its trajectory, if there is one.
    pub(super) trajectory: Option<String>,
    pub(super) done: Done,
    /// The lines that could not be compared.
    pub(super) unseen: Vec<usize>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Opened,
    /// With this many facts.
    Extended(usize),
    Unchanged,
    Refused(Vec<Reason>),
}

/// Why the import ended at a history. It is not about this history: every later one would end in
/// the same way.
pub(super) struct Stopped {
    pub(super) index: usize,
    pub(super) why: Refusal,
}

impl Importer {
    /// Imports a history of the file.
    pub(super) async fn import(self: Arc<Self>, index: usize) -> Result<Outcome, Stopped> {
        let history = &self.file.histories[index];
        let done = if history.faults.is_empty() {
            self.open(index, history).await
        } else {
            Ok(Outcome::refused(index, None, history.faults.clone()))
        };
        done.map_err(|why| Stopped { index, why })
    }

    /// Opens a trajectory under the reference, or brings the one that has it up to date.
    async fn open(&self, index: usize, history: &HistoryInFile) -> Result<Outcome, Refusal> {
        if let Some(trajectory) = self.known_as(history, history.reference()).await? {
            return self.bring_up_to_date(index, history, &trajectory).await;
        }
        if let Some(trajectory) = self.known_by_its_opening(history).await? {
            let reason = Reason::at(history.line_of_reference(), Fault::KnownByItsOpening);
            return Ok(Outcome::refused(index, Some(trajectory), vec![reason]));
        }
        match self.opened(history, history.reference(), self.dry_run).await {
            Ok(id) => {
                let trajectory = Some(id).filter(|_| !self.dry_run);
                Ok(Outcome { index, trajectory, done: Done::Opened, unseen: Vec::new() })
            }
            Err(Refusal::Problem(problem)) if problem.is("reference-taken") => {
                if let Some(trajectory) = &problem.trajectory_id {
                    return self.bring_up_to_date(index, history, trajectory).await;
                }
                let reason = Reason::at(history.line_of_reference(), Fault::OutOfSight);
                Ok(Outcome::refused(index, None, vec![reason]))
            }
            Err(refusal) => {
                let problem = about_this_history(refusal)?;
                let reasons = Reason::of_problem(&problem, |fact| history.line(fact));
                Ok(Outcome::refused(index, None, on_a_line(reasons, history)))
            }
        }
    }

    /// The id of the trajectory that is opened for a history under this reference.
    async fn opened(
        &self,
        history: &HistoryInFile,
        reference: String,
        dry_run: bool,
    ) -> Result<String, Refusal> {
        let facts = self.file.list(history, 0..history.len());
        self.ledger.open(Opening { reference, facts, key: self.key(), dry_run }).await
    }

    /// The trajectory of a new reference whose history had none when it was imported, and would be
    /// registered again; none if there is no such trajectory.
    async fn known_by_its_opening(&self, history: &HistoryInFile) -> Result<Option<String>, Refusal> {
        if !history.has_reference() {
            return Ok(None);
        }
        let trajectory = self.known_as(history, history.reference_of_its_opening()).await?;
        let would_open =
            trajectory.is_some() && self.opened(history, history.reference(), true).await.is_ok();
        Ok(trajectory.filter(|_| would_open))
    }

    /// The trajectory that has this reference, if there is one that the caller may see. Asked by trying to
    /// open one with the opening fact alone: a reference may be a digest of that fact, or hold a number by
    /// mistake, so it is in no address. Whatever else is wrong is said when the whole history is brought.
    async fn known_as(&self, history: &HistoryInFile, reference: String) -> Result<Option<String>, Refusal> {
        let facts = self.file.list(history, 0..history.len().min(1));
        match self.ledger.open(Opening { reference, facts, key: self.key(), dry_run: true }).await {
            Ok(_) => Ok(None),
            Err(Refusal::Problem(problem)) if problem.is("reference-taken") => Ok(problem.trajectory_id),
            Err(refusal) => match about_this_history(refusal)? {
                problem if problem.status < 500 => Ok(None),
                problem => Err(Refusal::Problem(problem)),
            },
        }
    }

    /// Reports the facts that the ledger does not have, if it contradicts none of the others.
    async fn bring_up_to_date(
        &self,
        index: usize,
        history: &HistoryInFile,
        trajectory: &str,
    ) -> Result<Outcome, Refusal> {
        let facts: Vec<Value> = self.file.facts(history);
        let outcome = |done, unseen| Outcome { index, trajectory: Some(trajectory.to_owned()), done, unseen };
        for _ in 0..ATTEMPTS {
            let timeline = self.ledger.timeline(trajectory).await?;
            let compared = Comparison::of(&facts, &timeline, &self.me);
            let unseen: Vec<_> = compared.unseen.iter().map(|fact| history.line(*fact)).collect();
            if compared.is_contradiction() {
                return Ok(outcome(Done::Refused(contradictions(compared, history)), unseen));
            }
            if compared.new.is_empty() {
                return Ok(outcome(Done::Unchanged, unseen));
            }
            let seen = self.ledger.seen(trajectory).await?;
            if seen.version != timeline.len() {
                continue;
            }
            let list = self.file.list(history, compared.new.iter().copied());
            match self.ledger.extend(trajectory, &seen, &self.key(), list, self.dry_run).await {
                Ok(()) => return Ok(outcome(Done::Extended(compared.new.len()), unseen)),
                Err(Refusal::Problem(problem)) if problem.is("stale") => {}
                Err(refusal) => {
                    let problem = about_this_history(refusal)?;
                    let line = |fact: usize| {
                        compared.new.get(fact).map_or(history.last_line, |new| history.line(*new))
                    };
                    let reasons = on_a_line(Reason::of_problem(&problem, line), history);
                    return Ok(outcome(Done::Refused(reasons), unseen));
                }
            }
        }
        Ok(outcome(Done::Refused(vec![Reason::at(history.first_line, Fault::Crowded)]), Vec::new()))
    }

    /// A key for one attempt: a repeat after a broken connection is answered like the first.
    fn key(&self) -> String {
        format!("import-{}", self.clock.new_id())
    }
}

impl Outcome {
    fn refused(index: usize, trajectory: Option<String>, reasons: Vec<Reason>) -> Self {
        Self { index, trajectory, done: Done::Refused(reasons), unseen: Vec::new() }
    }
}

/// What the file and the ledger say differently, in the order of the lines.
fn contradictions(compared: Comparison, history: &HistoryInFile) -> Vec<Reason> {
    let changed = compared.changed.into_iter().map(|fact| Reason::changed(history.line(fact.index), fact));
    let vanished = compared.vanished.into_iter();
    let vanished = vanished.map(|fact| Reason { line: None, fault: Fault::Vanished(fact) });
    changed.chain(vanished).collect()
}

/// A problem of this history. Others are about the program or the server, and end the import.
fn about_this_history(refusal: Refusal) -> Result<Box<Problem>, Refusal> {
    let ends = |problem: &Problem| match problem.status {
        401 | 429 | 503 => true,
        403 => !problem.is("not-yours-to-report"),
        _ => false,
    };
    match refusal {
        Refusal::Problem(problem) if !ends(&problem) => Ok(problem),
        other => Err(other),
    }
}

/// A problem of the header with the reference, such as a citizen service number in it, is one of the
/// line that has it.
fn on_a_line(reasons: Vec<Reason>, history: &HistoryInFile) -> Vec<Reason> {
    let place = |reason: Reason| match &reason.fault {
        Fault::Rule { pointer, .. } if reason.line.is_none() && pointer.is_empty() => {
            Reason { line: Some(history.line_of_reference()), ..reason }
        }
        _ => reason,
    };
    reasons.into_iter().map(place).collect()
}
