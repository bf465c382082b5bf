//! Checks of a trajectory. Each computes again, in its own way, what was written, and compares.

use std::sync::Arc;

use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{AggregateContext, EventStore};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use postgres_es::PostgresEventRepository;
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::compare::{WrongRows, wrong_rows};
use super::finding::Finding;
use super::replayed::{refused, unfounded_deadlines};
use super::scan::{Contents, PageResults, Progress, Which, Whole};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::GENESIS;
use crate::events::mac::MacKey;
use crate::events::upcasters;
use crate::ledger::Ledger;
use crate::read_models::rows::UnreadableRow;

impl Ledger {
    /// Computes every hash of a trajectory again.
    ///
    /// # Errors
    /// If the database is out of reach, or a row holds something that is not JSON.
    pub async fn check_chain(&self, trajectory: TrajectoryId) -> Result<Option<Finding>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1 ORDER BY sequence"
        ))
        .bind(trajectory.to_string())
        .fetch_all(&self.pool)
        .await?;
        chain(&rows, trajectory, &self.mac_key)
    }

    /// Replays a trajectory through the library's own repository and compares the states: the
    /// history does not depend on this program.
    ///
    /// # Errors
    /// If the database is out of reach, or this program itself cannot read an event.
    pub async fn check_stock(&self, trajectory: TrajectoryId) -> Result<Option<Finding>, StoreError> {
        let stock = stock_store(self.pool.clone());
        Ok(match stock.load_aggregate(&trajectory.to_string()).await {
            Err(error) => Some(Finding::StockCannotRead { why: error.to_string() }),
            Ok(mut context) => {
                // Ours is read afterwards, so what was reported in between is left out. A
                // trajectory that was destroyed in between has nothing left to compare.
                let read = context.current_sequence as u64;
                let Some(stream) = self.load(trajectory).await? else { return Ok(None) };
                let (ours, stock) = (stream.history_until(read), context.aggregate());
                let same = stock.state() == ours.state() && stock.recorded() == ours.recorded();
                (!same).then_some(Finding::StockDiffers)
            }
        })
    }

    /// Opens every private text, replays the admission of every fact and the making of every
    /// deadline, and derives every row again, for all of these trajectories, and reports after each
    /// page what is wrong. Whether the events
    /// are what was recorded is checked by [`Tree::check`](crate::tree::Tree::check) for the
    /// whole ledger, and by [`Self::check_chain`] for one trajectory.
    ///
    /// # Errors
    /// If the database is out of reach, or holds something that this program cannot read.
    pub async fn check(
        self: &Arc<Self>,
        which: Which,
        mut report: impl FnMut(Progress, Vec<(TrajectoryId, Vec<Finding>)>),
    ) -> Result<Progress, StoreError> {
        let mut progress = Progress::default();
        self.scan(which, Contents::RowsAndTexts, findings, async |page: PageResults<Vec<Finding>>| {
            progress.add(&page);
            report(progress, page.results.into_iter().filter(|(_, findings)| !findings.is_empty()).collect());
            Ok(())
        })
        .await?;
        Ok(progress)
    }
}

/// Everything that is wrong with one trajectory.
fn findings(ledger: &Ledger, id: TrajectoryId, whole: &Whole) -> Result<Vec<Finding>, StoreError> {
    // One event that cannot be read is one finding, and the check goes on.
    let mut facts = match event::facts(&whole.events, &ledger.upcasters) {
        Err(StoreError::Unreadable { sequence, source, .. }) => {
            let (sequence, why) = (sequence.unsigned_abs(), source.to_string());
            return Ok(vec![Finding::Unreadable { sequence, why }]);
        }
        facts => facts?,
    };
    let mut findings = ledger.check_texts(id, &mut facts, &whole.vaulted)?;
    findings.extend(refused(ledger, &whole.events, &facts)?);
    findings.extend(unfounded_deadlines(ledger, id, whole, &facts)?);
    let history = History::from(facts);
    let WrongRows { differences, unreadable } = wrong_rows(ledger, id, &history, whole)?;
    let cannot_be_read =
        |UnreadableRow { table, source }| Finding::RowUnreadable { table, why: source.to_string() };
    findings.extend(unreadable.into_iter().map(cannot_be_read));
    findings.extend(differences.into_iter().map(Finding::RowDiffers));
    Ok(findings)
}

/// Computes every hash and every MAC of a trajectory's events again.
fn chain(rows: &[PgRow], trajectory: TrajectoryId, mac_key: &MacKey) -> Result<Option<Finding>, StoreError> {
    let id = trajectory.to_string();
    let stream = event::StreamId::of_trajectory(&id);
    let mut previous = GENESIS;
    for (sequence, row) in (1..).zip(rows) {
        if row.try_get::<i64, _>("sequence")?.unsigned_abs() != sequence {
            return Ok(Some(Finding::Missing { sequence }));
        }
        let Some(stored) = event::stored_hash(row)? else {
            return Ok(Some(Finding::NotAdmitted { sequence }));
        };
        if event::previous_hash(row)? != Some(previous) || !event::hash_is_right(row, stream)? {
            return Ok(Some(Finding::ChainBroken { sequence }));
        }
        if !mac_key.is_in(row)? {
            return Ok(Some(Finding::NotAdmitted { sequence }));
        }
        previous = stored;
    }
    Ok(None)
}

/// The event store of cqrs-es and postgres-es, on the same table, with the same upcasters.
#[must_use]
pub fn stock_store(pool: sqlx::PgPool) -> PersistedEventStore<PostgresEventRepository, History> {
    PersistedEventStore::new_event_store(PostgresEventRepository::new(pool)).with_upcasters(upcasters::all())
}
