//! Records once that an obligation is due soon, and once that it is overdue.
//!
//! Each is an event of an aggregate of its own, `deadline`: not a fact about the client, but in the
//! same order, so that one feed carries both. The aggregate is one obligation with its day, so
//! another day is another deadline. Its first event is `obligation-due-soon`, its second
//! `obligation-overdue`, and the table's primary key allows each of them once.
//!
//! Only open obligations get such events. One that was kept, however late, before a server looked
//! gets none: the fact that kept it says as much, and an imported history would bring events of
//! years ago.
//!
//! The last day to answer an offer is such a deadline as well ([`lapsed`]).

mod deadline;
mod event;
pub mod lapsed;

use std::collections::HashMap;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Executor, PgPool, Row};

use self::event::{Event, write};
pub use deadline::{Deadline, DeadlineKind};

use crate::error::StoreError;
use crate::events::event as recorded_event;
use crate::events::hash_chain::{GENESIS, Hash};
use crate::events::mac::MacKey;
use crate::ledger::Ledger;
use crate::read_models::Derived;
use crate::read_models::obligations::ObligationRow;
use crate::read_models::read_model::{ReadModel, columns};

/// For how many obligations one statement writes events.
const PAGE: u16 = 500;

/// A server that may record deadlines. Of several, the one with the lead does, for as long as this
/// value lives.
#[derive(Debug)]
pub struct Leadership {
    // Not from the pool: the lock ends with this connection.
    connection: PgConnection,
}

impl Leadership {
    /// Becomes a candidate for the lead.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn candidate(pool: &PgPool) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?.detach();
        // A frozen server keeps its connection. One that runs uses it every minute.
        connection.execute("SET idle_session_timeout = '3min'").await?;
        Ok(Self { connection })
    }

    /// Takes the lead, unless another server has it.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn take(&mut self) -> Result<bool, StoreError> {
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock(28525, 2)");
        Ok(lock.fetch_one(&mut self.connection).await?)
    }

    /// Records every deadline that came near or passed up to today and was not recorded yet, also
    /// for days on which no server ran. Returns how many events that were.
    ///
    /// # Errors
    /// If the database is out of reach. What was recorded until then stays.
    pub async fn record_due(
        &mut self,
        ledger: &Ledger,
        today: Day,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let obligations = self.record_obligations(ledger, today, now).await?;
        Ok(obligations + lapsed::record(&mut self.connection, ledger, today, now).await?)
    }

    async fn record_obligations(
        &mut self,
        ledger: &Ledger,
        today: Day,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut recorded = 0;
        loop {
            let obligations = missing_events(&mut self.connection, ledger, today).await?;
            let is_last = obligations.len() < usize::from(PAGE);
            let (sure, doubtful) = ledger.derived_again(obligations).await?;
            if sure.is_empty() {
                // A report in the meantime may have closed one; the next round no longer finds it.
                let first = doubtful.first().map(|obligation| obligation.row.trajectory_id);
                return first.map_or(Ok(recorded), |trajectory| Err(StoreError::NotDerived { trajectory }));
            }
            let events: Vec<Event> =
                sure.iter().flat_map(|obligation| obligation.events(today, now)).collect();
            write(&mut self.connection, &ledger.mac_key, &events, now).await?;
            recorded += events.len();
            // Deadlines that came near or passed meanwhile wait for the next run: otherwise this would not end
            // as long as reports come in.
            if is_last && doubtful.is_empty() {
                return Ok(recorded);
            }
        }
    }
}

impl Ledger {
    /// Those of these obligations that follow from events that this ledger admitted, and the others:
    /// the ledger does not put its name to a row that somebody wrote.
    async fn derived_again(
        &self,
        obligations: Vec<Unrecorded>,
    ) -> Result<(Vec<Unrecorded>, Vec<Unrecorded>), StoreError> {
        let ids: Vec<TrajectoryId> =
            obligations.iter().map(|obligation| obligation.row.trajectory_id).collect();
        let histories = self.histories(&ids).await?;
        let derived: HashMap<TrajectoryId, Derived> =
            histories.iter().map(|(id, history)| (*id, Derived::of(*id, history, &self.sets))).collect();
        Ok(obligations.into_iter().partition(|obligation| {
            derived.get(&obligation.row.trajectory_id).is_some_and(|derived| obligation.follows_from(derived))
        }))
    }
}

/// An obligation for which an event is missing.
struct Unrecorded {
    row: ObligationRow,
    due_on: Day,
    /// The first day within the window of its set.
    near_on: Day,
    /// The hash of the event that it is due soon, if that was recorded.
    soon_hash: Option<Hash>,
}

/// Open obligations that are due within the window of their set or overdue, for which that was not
/// recorded yet.
async fn missing_events(
    connection: &mut PgConnection,
    ledger: &Ledger,
    today: Day,
) -> Result<Vec<Unrecorded>, StoreError> {
    let windows = ledger.sets.iter().map(|set| {
        let soon = today.plus_days(i32::from(set.deadlines.due_soon_days));
        (format!("{}@{}", set.id, set.version), jiff_sqlx::Date::from(soon.date()))
    });
    let (sets, soon): (Vec<_>, Vec<_>) = windows.unzip();
    let query = format!(
        "SELECT {}, soon.position, soon.aggregate_id, soon.sequence, soon.event_id, soon.event_type, soon.event_version,
                soon.payload, soon.metadata, soon.recorded_at, soon.previous_hash, soon.hash, soon.mac, due_on - (near.by - $3) AS near_on FROM obligations
         JOIN unnest($1::text[], $2::date[]) AS near (agreement_set, by) USING (agreement_set)
         CROSS JOIN LATERAL (SELECT concat(obligations.trajectory_id, '/', obligation, '/', started_by, '.', part, '/', due_on) AS id) AS deadline
         LEFT JOIN events AS soon ON soon.aggregate_type = 'deadline' AND soon.aggregate_id = deadline.id AND soon.sequence = 1
         LEFT JOIN events AS over ON over.aggregate_type = 'deadline' AND over.aggregate_id = deadline.id AND over.sequence = 2
         WHERE closed_on IS NULL AND due_on <= near.by
               AND (soon.sequence IS NULL OR due_on < $3 AND over.sequence IS NULL)
         ORDER BY due_on, trajectory_id, obligation, started_by, part LIMIT $4",
        columns::<ObligationRow>()
    );
    let rows = sqlx::query(&query)
        .bind(sets)
        .bind(soon)
        .bind(jiff_sqlx::Date::from(today.date()))
        .bind(i64::from(PAGE))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Unrecorded::read(row, &ledger.mac_key)).collect()
}

impl Unrecorded {
    fn read(row: &PgRow, mac_key: &MacKey) -> Result<Self, StoreError> {
        let read = ObligationRow::read(row)?;
        let due_on = read.due_on.ok_or_else(|| sqlx::Error::Decode("a deadline without a day".into()))?;
        let near_on = Day::try_from(row.try_get::<jiff_sqlx::Date, _>("near_on")?.to_jiff());
        let near_on = near_on.map_err(|error| sqlx::Error::Decode(error.into()))?;
        let soon: Option<&str> = row.try_get("aggregate_id")?;
        let soon =
            soon.map(|aggregate_id| recorded_event::StreamId { aggregate_type: "deadline", aggregate_id });
        let soon_hash = soon.map(|stream| mac_key.verify(row, stream)).transpose()?;
        Ok(Self { row: read, due_on, near_on, soon_hash })
    }

    /// Whether the row says of the deadline what follows from the events.
    fn follows_from(&self, derived: &Derived) -> bool {
        let says_the_same = |row: &&ObligationRow| {
            let same = ObligationRow {
                version: self.row.version,
                evidence: self.row.evidence.clone(),
                ..(*row).clone()
            };
            same.is_open() && ObligationRow { partners: self.row.partners.clone(), ..same } == self.row
        };
        derived.obligations.iter().any(|row| says_the_same(&row))
    }

    /// The missing events: that it is due soon, unless that was recorded; and that it is overdue,
    /// if it is.
    fn events(&self, today: Day, now: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        let mut previous = self.soon_hash.unwrap_or(GENESIS);
        let soon = self.soon_hash.is_none().then_some(DeadlineKind::ObligationDueSoon);
        let overdue = (self.due_on < today).then_some(DeadlineKind::ObligationOverdue);
        for kind in [soon, overdue].into_iter().flatten() {
            let event = self.event(kind, previous, now);
            previous = event.hash;
            events.push(event);
        }
        events
    }

    fn event(&self, kind: DeadlineKind, previous: Hash, now: Timestamp) -> Event {
        let ObligationRow { trajectory_id, obligation, started_by, part, started_on, .. } = &self.row;
        let since = match kind {
            DeadlineKind::ObligationDueSoon => self.near_on,
            DeadlineKind::ObligationOverdue | DeadlineKind::OfferLapsed => self.due_on.plus_days(1),
        };
        let aggregate_id = format!("{trajectory_id}/{obligation}/{started_by}.{part}/{}", self.due_on);
        let says = Deadline {
            kind,
            // Not before it started.
            occurred_on: since.max(*started_on),
            trajectory_id: *trajectory_id,
            agreement: self.row.agreement,
            obligation: obligation.clone(),
            agreement_set: self.row.agreement_set.clone(),
            due_on: self.due_on,
            responsible: self.row.owed_by.clone(),
            started_by: *started_by,
            part: *part,
            reference: self.row.reference.clone(),
        };
        Event::new(aggregate_id, kind, &says, previous, now)
    }
}
