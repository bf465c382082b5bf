//! One report, from loading to committing: two statements.
//!
//! cqrs-es is the frame: it takes the aggregate from here, lets it [decide](super::decision) on the
//! report, and hands the events back to be committed. ADR 3 says why the library's own
//! store is not used.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use cqrs_es::{AggregateError, EventEnvelope, EventStore};
use jiff::Timestamp;
use omklap_domain::trajectory::work::Work;
use omklap_domain::trajectory::{Fact, FactType, History};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::decision::{Case, NotRecorded};
use super::elsewhere::Elsewhere;
use super::homes::{Homes, is_counted, lock_counted};
use super::idempotency::Once;
use super::insert::{Rows, WrittenChanges, insert};
use super::load::Loaded;
use super::report::{RecordError, Recorded, Report};
use super::rows::{Batch, Context};
use crate::error::StoreError;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::own_references::Stored;
use crate::read_models::holds::HoldRow;
use crate::read_models::{Derived, trajectories};
use crate::vault::DataKey;
use crate::vault::erase::Erased;
use crate::vault::reseal::{Resealed, erased_alone};

/// The store that cqrs-es sees while it executes one report.
pub(crate) struct UnitOfWork<'a> {
    pub ledger: &'a Ledger,
    pub report: &'a Report,
    /// The steps that it takes, and whether anybody still waits for it.
    pub work: &'a Work,
    /// What makes a repeat of this report one, as it is stored.
    pub once: Option<Once>,
    /// The organisation's own number for the trajectory, as it is stored.
    pub reference: Option<Stored>,
    /// The longest history that is decided on here.
    pub longest: u64,
    /// Whether it is tried again because another report came first.
    pub again: bool,
    /// Where the result goes: the frame returns nothing.
    pub recorded: &'a OnceLock<Recorded>,
}

/// The texts that a report erases.
#[derive(Clone, Copy)]
enum TextsErased<'e> {
    /// It erases none.
    None,
    /// Every text of the trajectory.
    All,
    /// These, of those that were sealed with this key; the others stay.
    These { these: &'e HashSet<Uuid>, wrapped_key: Option<&'e [u8]> },
}

type Failed = AggregateError<NotRecorded>;

impl EventStore<Case> for UnitOfWork<'_> {
    type AC = Loaded;

    async fn load_events(&self, aggregate_id: &str) -> Result<Vec<EventEnvelope<Case>>, Failed> {
        let loaded = self.load_aggregate(aggregate_id).await?;
        let envelope = |(sequence, payload)| EventEnvelope {
            aggregate_id: aggregate_id.to_owned(),
            sequence,
            payload,
            metadata: HashMap::new(),
        };
        Ok((1..).zip(Vec::from(loaded.case.history)).map(envelope).collect())
    }

    async fn load_aggregate(&self, _: &str) -> Result<Loaded, Failed> {
        self.load().await.map_err(AggregateError::UserError)
    }

    /// Returns no envelopes: they are for queries that run after the commit, and there are none.
    async fn commit(
        &self,
        facts: Vec<Fact>,
        loaded: Loaded,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Case>>, Failed> {
        let written = self.write(facts, loaded, metadata.into_iter().collect()).await;
        let recorded = written.map_err(|error| AggregateError::UserError(error.into()))?;
        self.recorded.set(recorded).expect("a report is committed once");
        Ok(Vec::new())
    }
}

impl UnitOfWork<'_> {
    /// A connection that broke while idle fails at its first use, when nothing is written yet: then
    /// another one loads.
    async fn load(&self) -> Result<Loaded, NotRecorded> {
        let homes = Homes::of(&self.report.facts);
        let load = || {
            let trajectory = self.report.trajectory.id();
            let (once, reference) = (self.once.as_ref(), self.reference.as_ref());
            let known_to = self.report.needs_access();
            Loaded::load(self.ledger, trajectory, once, reference, known_to, homes.as_ref())
        };
        let mut loaded = match load().await {
            Err(StoreError::Unavailable(sqlx::Error::Io(_) | sqlx::Error::Database(_))) => load().await?,
            loaded => loaded?,
        };
        match (&self.once, loaded.earlier.take()) {
            (Some(once), Some(earlier)) if earlier.request_hash == once.request_hash => {
                Err(NotRecorded::Repeat(earlier))
            }
            (Some(_), Some(_)) => Err(RecordError::KeyReused.into()),
            _ if let Some(taken_by) =
                loaded.taken_by.filter(|taken_by| *taken_by != self.report.trajectory.id()) =>
            {
                Err(RecordError::ReferenceTaken(taken_by).into())
            }
            _ if loaded.case.history.version() > self.longest => Err(NotRecorded::LongHistory),
            _ => Ok(loaded),
        }
    }

    async fn write(
        &self,
        facts: Vec<Fact>,
        mut loaded: Loaded,
        metadata: Metadata,
    ) -> Result<Recorded, RecordError> {
        let trajectory = self.report.trajectory.id();
        let Case { history, before, .. } = loaded.case;
        let version = history.version() - facts.len() as u64;
        let recorded_at = self.recorded_at(loaded.last_recorded_at);
        // An admitted history begins with the fact that opens it; a report of nothing opens
        // nothing.
        let summary = trajectories::derive(trajectory, &history, recorded_at).ok_or(RecordError::NotFound)?;
        let context = Context {
            trajectory,
            version,
            last_hash: loaded.last_hash,
            recorded_at,
            metadata: &metadata,
            mac_key: &self.ledger.mac_key,
            bound_to: loaded.bound_to.as_ref(),
        };
        let erased = erased_alone(&facts, history.recorded());
        let mut new_key = None;
        let batch = Batch::from_facts(facts, &context, || {
            self.data_key(loaded.wrapped_key.as_deref(), &mut new_key)
        })?;
        let mut derived = self.derive(&history)?;
        if self.again {
            let homes = Homes::of_rows(&derived.holds);
            loaded.held_by_others = homes.held_by_others(trajectory, &mut loaded.connection).await?;
        }
        loaded.held_by_others.refuse(&derived.holds, &history, self.report)?;
        loaded.held_by_others.guard(&mut derived.holds, self.report.today);
        let elsewhere = Elsewhere::of(&self.report.facts);
        let begun = |row: &HoldRow| row.opened_by > version && is_counted(row);
        let is_counted = derived.holds.iter().any(begun);
        if self.report.dry_run && !elsewhere.is_empty() {
            let mut trying = loaded.connection.begin().await?;
            elsewhere.check(trajectory, self.report.reporter.as_ref(), &mut trying).await?;
            trying.rollback().await?;
        }
        let (event_ids, hashes) = (batch.event_ids.clone(), batch.hashes.clone());
        let mut positions = Vec::new();
        if !self.report.dry_run && !batch.sequences.is_empty() {
            let texts = match &erased {
                _ if !batch.event_types.contains(&FactType::PersonalDataErased.as_str()) => TextsErased::None,
                None => TextsErased::All,
                Some(these) => TextsErased::These { these, wrapped_key: loaded.wrapped_key.as_deref() },
            };
            let rows = Rows {
                trajectory,
                recorded_at,
                batch,
                summary,
                changes: WrittenChanges::of(&derived.changes_since(&before)),
                new_key,
                once: self.once.clone(),
                reference: self.reference.clone(),
                access: self.report.access.clone(),
            };
            let Ledger { pool, grouped_reports, .. } = self.ledger;
            positions = if elsewhere.is_empty() && !is_counted && matches!(texts, TextsErased::None) {
                grouped_reports.write(pool, loaded.connection, rows).await?
            } else {
                let mut transaction = loaded.connection.begin().await?;
                elsewhere.check(trajectory, self.report.reporter.as_ref(), &mut transaction).await?;
                if is_counted {
                    self.count_again(&derived.holds, &history, &mut transaction).await?;
                }
                let positions = self.save(texts, &rows, &mut transaction).await?;
                transaction.commit().await?;
                positions
            };
        }
        Ok(Recorded {
            trajectory,
            first_sequence: version + 1,
            event_ids,
            positions,
            hashes,
            recorded_at,
            became_due: derived.became_due_since(&before),
            history,
            moved_on: None,
        })
    }

    /// Refuses an offer if the home has as many offers at once as the agreements allow, while no other
    /// report on that home is decided.
    async fn count_again(
        &self,
        holds: &[HoldRow],
        history: &History,
        transaction: &mut PgConnection,
    ) -> Result<(), RecordError> {
        lock_counted(holds, transaction).await?;
        let homes = Homes::of_rows(holds);
        let held = homes.held_by_others(self.report.trajectory.id(), transaction).await?;
        held.refuse(holds, history, self.report)
    }

    /// Now, and never earlier than the event before.
    fn recorded_at(&self, last: Option<Timestamp>) -> Timestamp {
        let now = in_microseconds(self.report.recorded_at);
        last.map_or(now, |last| now.max(last))
    }

    /// The rows that follow from the history with the report in it.
    fn derive(&self, history: &History) -> Result<Derived, RecordError> {
        let last = self.report.facts.len().saturating_sub(1);
        let trajectory = self.report.trajectory.id();
        let derived = Derived::within_bounds(trajectory, history, &self.ledger.derives_by)
            .ok_or(RecordError::TooMuchWork { index: last })?;
        if self.work.is_given_up() { Err(RecordError::GivenUp) } else { Ok(derived) }
    }

    /// Writes a report in a transaction. If it erases texts, the transaction does that too; if some texts
    /// stay, it also seals these again with a new key.
    async fn save(
        &self,
        erased: TextsErased<'_>,
        rows: &Rows,
        transaction: &mut PgConnection,
    ) -> Result<Vec<i64>, StoreError> {
        if let TextsErased::These { these, wrapped_key: Some(wrapped_key) } = erased {
            let key = &self.ledger.operator_key;
            let resealed = Resealed::without(these, rows.trajectory, key, wrapped_key, transaction).await?;
            resealed.write(transaction).await?;
        }
        let positions = insert(transaction, &[rows]).await?;
        match erased {
            TextsErased::None => {}
            TextsErased::All => Erased::All.erase(rows.trajectory, transaction).await?,
            TextsErased::These { these, .. } => {
                Erased::Some(these).erase(rows.trajectory, transaction).await?;
            }
        }
        Ok(positions)
    }

    /// The trajectory's data key. If it has none yet, a new one, which is also left wrapped in
    /// `new`.
    fn data_key(&self, wrapped: Option<&[u8]>, new: &mut Option<Vec<u8>>) -> Result<DataKey, RecordError> {
        let trajectory = self.report.trajectory.id();
        if let Some(wrapped) = wrapped {
            let unwrapped = self.ledger.operator_key.unwrap(wrapped, trajectory);
            return unwrapped.map_err(|source| StoreError::Vault { trajectory, source }.into());
        }
        let key = DataKey::generate();
        *new = Some(self.ledger.operator_key.wrap(&key, trajectory));
        Ok(key)
    }
}

/// An instant as precise as PostgreSQL stores it.
fn in_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond())
        .expect("an instant without its nanoseconds is an instant")
}
