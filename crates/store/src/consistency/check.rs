//! Is the ledger what it says it is? Each check derives again what was written, in its own way, and compares.

use std::sync::Arc;

use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{AggregateContext, EventStore};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use postgres_es::PostgresEventRepository;
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::compare::{Difference, ReadModel, Wrong, summary_differs, wrong};
use super::rebuild::Progress;
use super::scan::{Done, Looks, Which, Whole};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::GENESIS;
use crate::events::upcasters;
use crate::ledger::Ledger;
use crate::read_models::stored::UnreadableRow;
use crate::read_models::trajectories;
use crate::read_models::trajectories::Summary;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The events are not numbered from 1 without a gap.
    #[error("event {sequence} is missing")]
    Missing {
        /// The number that is not there.
        sequence: u64,
    },
    /// From here on the events are not the ones that were recorded.
    #[error("event {sequence} is not what was recorded, or does not follow on what was recorded before it")]
    ChainBroken {
        /// The first event whose hash does not fit.
        sequence: u64,
    },
    /// The last events were written by another program, and no event of ours covers them yet.
    #[error("event {sequence} and what follows has no hash, and none covers it yet")]
    NotCovered {
        /// The first of them.
        sequence: u64,
    },
    /// The library cqrs-es, reading by itself, cannot read the history.
    #[error("the stock repository cannot read it: {why}")]
    StockCannotRead {
        /// What it says.
        why: String,
    },
    /// The library cqrs-es, reading by itself, comes to another state.
    #[error("the stock repository comes to another state")]
    StockDiffers,
    /// A private text is not the one that was recorded.
    #[error("a private text of event {sequence} is not what was recorded")]
    TextDiffers {
        /// Whose text.
        sequence: u64,
    },
    /// A private text is gone, and no fact tells of an erasure.
    #[error("a private text of event {sequence} is gone, and nothing says that it was erased")]
    TextMissing {
        /// Whose text.
        sequence: u64,
    },
    /// There is a private text of which no event knows, such as one that an erasure left behind.
    #[error("the vault holds a private text that no event refers to")]
    TextOfNoEvent,
    /// The key of the texts is not the one that this operator wrapped for this trajectory.
    #[error("the key of its private texts does not open")]
    KeyDiffers,
    /// There are private texts, and no key to open them.
    #[error("the vault holds private texts without a key: no row of keys.data_keys is its")]
    KeyMissing,
    /// A row of a read model says what no row says.
    #[error("{}: a row cannot be read: {why}", read_model.as_str())]
    RowUnreadable {
        /// The table.
        read_model: ReadModel,
        /// What is wrong with it.
        why: String,
    },
    /// A row of a read model is not what follows from the events.
    #[error("{0}")]
    RowDiffers(Difference),
}

impl Finding {
    /// What kind it is, as a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "event-missing",
            Self::ChainBroken { .. } => "chain-broken",
            Self::NotCovered { .. } => "not-covered",
            Self::StockCannotRead { .. } => "stock-cannot-read",
            Self::StockDiffers => "stock-differs",
            Self::TextDiffers { .. } => "text-differs",
            Self::TextMissing { .. } => "text-missing",
            Self::TextOfNoEvent => "text-of-no-event",
            Self::KeyDiffers => "key-differs",
            Self::KeyMissing => "key-missing",
            Self::RowUnreadable { .. } => "row-unreadable",
            Self::RowDiffers(_) => "row-differs",
        }
    }
}

impl Ledger {
    /// The trajectories there are, by their events, in the order of their ids: a page after the last one of the page before.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn trajectories(
        &self,
        after: Option<TrajectoryId>,
        limit: u32,
    ) -> Result<Vec<TrajectoryId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT aggregate_id FROM events
             WHERE aggregate_type = 'trajectory' AND aggregate_id > $1 AND sequence = 1 ORDER BY aggregate_id LIMIT $2",
        )
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        ids.into_iter()
            .map(|id| {
                id.parse().map_err(|error: uuid::Error| StoreError::Unreadable {
                    trajectory: id,
                    sequence: 1,
                    source: error.into(),
                })
            })
            .collect()
    }

    /// About how many events there are.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(&self.pool).await?;
        Ok(last.unwrap_or_default().unsigned_abs())
    }

    /// Computes every hash of a trajectory anew.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds what is no JSON.
    pub async fn check_chain(&self, trajectory: TrajectoryId) -> Result<Option<Finding>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT previous_hash, ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
        ))
        .bind(trajectory.to_string())
        .fetch_all(&self.pool)
        .await?;
        chain(&rows, trajectory)
    }

    /// Replays a trajectory through the library's own repository and compares the states: the history does not depend on
    /// this program.
    ///
    /// # Errors
    /// Where the database is out of reach, or this program itself cannot read an event.
    pub async fn check_stock(&self, trajectory: TrajectoryId) -> Result<Option<Finding>, StoreError> {
        let stock = stock_store(self.pool.clone());
        Ok(match stock.load_aggregate(&trajectory.to_string()).await {
            Err(error) => Some(Finding::StockCannotRead { why: error.to_string() }),
            Ok(mut context) => {
                // Ours is read afterwards: what was reported in between is left out. Where it was destroyed, nothing is left.
                let read = context.current_sequence as u64;
                let Some(stream) = self.load(trajectory).await? else { return Ok(None) };
                let (ours, stock) = (stream.history_until(read), context.aggregate());
                let same = stock.state() == ours.state() && stock.recorded() == ours.recorded();
                (!same).then_some(Finding::StockDiffers)
            }
        })
    }

    /// Opens every private text and derives every row anew, of as many trajectories as there are, and tells what is not as it
    /// should be, page by page. The events are taken as they stand: [`Tree::check`](crate::tree::Tree::check) tells whether all
    /// of them are what was recorded, [`Self::check_chain`] of one trajectory.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds what this program cannot read.
    pub async fn check(
        self: &Arc<Self>,
        which: Which,
        mut tell: impl FnMut(Progress, Vec<(TrajectoryId, Vec<Finding>)>),
    ) -> Result<Progress, StoreError> {
        let mut progress = Progress::default();
        self.scan(which, Looks::AtTextsToo, findings, async |done: Done<Vec<Finding>>| {
            progress.last = done.results.last().map(|(id, _)| *id).or(progress.last);
            progress.trajectories += done.results.len() as u64;
            progress.events += done.events;
            tell(progress, done.results.into_iter().filter(|(_, findings)| !findings.is_empty()).collect());
            Ok(())
        })
        .await?;
        Ok(progress)
    }

    /// Derives a trajectory's row anew and compares.
    ///
    /// # Errors
    /// Where the database is out of reach, or this program cannot read an event.
    pub async fn check_summary(&self, trajectory: TrajectoryId) -> Result<Option<Finding>, StoreError> {
        let derived = self.derived_summary(trajectory).await?;
        let stored = trajectories::find(&self.pool, trajectory).await?;
        Ok(summary_differs(stored.as_ref(), derived.as_ref()).map(Finding::RowDiffers))
    }

    /// Derives a trajectory's row anew and writes it.
    ///
    /// # Errors
    /// As [`Self::check_summary`].
    pub async fn rebuild_summary(&self, trajectory: TrajectoryId) -> Result<(), StoreError> {
        match self.derived_summary(trajectory).await? {
            Some(derived) => trajectories::write(&self.pool, &derived).await,
            None => Ok(()),
        }
    }

    async fn derived_summary(&self, trajectory: TrajectoryId) -> Result<Option<Summary>, StoreError> {
        let Some(stream) = self.load(trajectory).await? else { return Ok(None) };
        let updated_at = stream.events.last().map(|last| last.recorded_at).unwrap_or_default();
        Ok(trajectories::derive(trajectory, &stream.history(), updated_at))
    }
}

/// Everything about one trajectory that is not as it should be.
fn findings(ledger: &Ledger, id: TrajectoryId, whole: &Whole) -> Result<Vec<Finding>, StoreError> {
    let mut facts = event::facts(&whole.events, &ledger.upcasters)?;
    let mut findings = ledger.check_texts(id, &mut facts, &whole.vaulted)?;
    let history = History::from(facts);
    let Wrong { differences, unreadable } = wrong(ledger, id, &history, whole)?;
    let said =
        |UnreadableRow { read_model, source }| Finding::RowUnreadable { read_model, why: source.to_string() };
    findings.extend(unreadable.into_iter().map(said));
    findings.extend(differences.into_iter().map(Finding::RowDiffers));
    Ok(findings)
}

/// Computes every hash of a trajectory's events anew.
fn chain(rows: &[PgRow], trajectory: TrajectoryId) -> Result<Option<Finding>, StoreError> {
    let id = trajectory.to_string();
    let stream = event::Stream::of_trajectory(&id);
    let mut previous = GENESIS;
    let mut not_covered = None;
    for (sequence, row) in (1..).zip(rows) {
        if row.try_get::<i64, _>("sequence")?.unsigned_abs() != sequence {
            return Ok(Some(Finding::Missing { sequence }));
        }
        let follows = event::previous_hash(row)?.is_none_or(|named| named == previous);
        if !follows || !event::holds(row, stream)? {
            return Ok(Some(Finding::ChainBroken { sequence }));
        }
        // A row of another program has no hashes; what it says counts in the next hash of ours.
        let is_ours = event::stored_hash(row)?.is_some();
        not_covered = if is_ours { None } else { not_covered.or(Some(sequence)) };
        previous = event::hash_after(row, stream, &previous)?;
    }
    Ok(not_covered.map(|sequence| Finding::NotCovered { sequence }))
}

/// The event store that cqrs-es and postgres-es bring, on the same table, with the same upcasters.
#[must_use]
pub fn stock_store(pool: sqlx::PgPool) -> PersistedEventStore<PostgresEventRepository, History> {
    PersistedEventStore::new_event_store(PostgresEventRepository::new(pool)).with_upcasters(upcasters::all())
}
