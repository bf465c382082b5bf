//! Offers that nobody answered: the last day to answer has passed, and the home is free for others. It
//! uses up nothing of the client (`docs/DOMAIN.md` §3.9).

use std::collections::HashMap;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::holds::holds;
use omklap_domain::ids::{OfferId, TrajectoryId};
use omklap_domain::trajectory::History;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;

use super::event::{Event, write};
use super::{DeadlineKind, PAGE};
use crate::error::StoreError;
use crate::events::hash_chain::GENESIS;
use crate::ledger::Ledger;
use crate::read_models::Derived;
use crate::read_models::holds::HoldRow;
use crate::read_models::read_model::{ReadModel, columns};

/// The payload of the event that an offer lapsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LapsedOffer {
    /// `offer-lapsed`.
    #[serde(rename = "type")]
    pub kind: DeadlineKind,
    /// The first day after the last day to answer, whenever it was recorded.
    pub occurred_on: Day,
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The offer.
    pub offer_id: OfferId,
    /// The last day to answer.
    pub respond_by: Day,
    /// The number of the fact that made the offer.
    pub started_by: u64,
}

impl LapsedOffer {
    /// Whether this follows from a case: the offer waits for an answer up to this day, which had passed
    /// when it was recorded.
    pub(crate) fn follows_from(&self, derived: &Derived, recorded_on: Day) -> bool {
        let is_it = |row: &&HoldRow| (row.opened_by, row.what_id) == (self.started_by, self.offer_id.0);
        let waits =
            derived.holds.iter().find(is_it).is_some_and(|row| row.respond_by == Some(self.respond_by));
        waits && self.occurred_on == self.respond_by.plus_days(1) && self.occurred_on <= recorded_on
    }
}

/// Records every offer whose last day has passed and that was not recorded as lapsed, and returns how
/// many that were.
pub(super) async fn record(
    connection: &mut PgConnection,
    ledger: &Ledger,
    today: Day,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut recorded = 0;
    loop {
        let offers = missing(connection, today).await?;
        let sure = ledger.held_again(&offers).await?;
        if sure.is_empty() {
            // A report in the meantime may have answered one; the next round no longer finds it.
            let first = offers.first().map(|row| row.trajectory_id);
            return first.map_or(Ok(recorded), |trajectory| Err(StoreError::NotDerived { trajectory }));
        }
        let events: Vec<Event> = sure.into_iter().map(|lapsed| event(&lapsed, now)).collect();
        write(connection, &ledger.mac_key, &events, now).await?;
        recorded += events.len();
        if offers.len() < usize::from(PAGE) && events.len() == offers.len() {
            return Ok(recorded);
        }
    }
}

async fn missing(connection: &mut PgConnection, today: Day) -> Result<Vec<HoldRow>, StoreError> {
    let query = format!(
        "SELECT {} FROM holds
         LEFT JOIN events AS lapsed ON lapsed.aggregate_type = 'deadline' AND lapsed.sequence = 1
              AND lapsed.aggregate_id = concat(holds.trajectory_id, '/offer/', what_id, '/', respond_by)
         WHERE respond_by < $1 AND lapsed.sequence IS NULL
         ORDER BY respond_by, holds.trajectory_id, opened_by LIMIT $2",
        columns::<HoldRow>()
    );
    let rows = sqlx::query(&query).bind(jiff_sqlx::Date::from(today.date())).bind(i64::from(PAGE));
    Ok(rows.fetch_all(connection).await?.iter().map(HoldRow::read).collect::<Result<_, _>>()?)
}

impl Ledger {
    /// The offers among these that follow from events that this ledger admitted: it does not put its
    /// name to a row that somebody wrote.
    async fn held_again(&self, rows: &[HoldRow]) -> Result<Vec<LapsedOffer>, StoreError> {
        let ids: Vec<TrajectoryId> = rows.iter().map(|row| row.trajectory_id).collect();
        let histories: HashMap<TrajectoryId, History> = self.histories(&ids).await?.into_iter().collect();
        let follows = |row: &&HoldRow| {
            let history = histories.get(&row.trajectory_id);
            history.is_some_and(|history| holds(history, &self.sets).contains(&row.hold()))
        };
        Ok(rows.iter().filter(follows).filter_map(lapsed).collect())
    }
}

fn lapsed(row: &HoldRow) -> Option<LapsedOffer> {
    let respond_by = row.respond_by?;
    Some(LapsedOffer {
        kind: DeadlineKind::OfferLapsed,
        occurred_on: respond_by.plus_days(1),
        trajectory_id: row.trajectory_id,
        offer_id: OfferId(row.what_id),
        respond_by,
        started_by: row.opened_by,
    })
}

fn event(offer: &LapsedOffer, now: Timestamp) -> Event {
    let LapsedOffer { trajectory_id, offer_id, respond_by, .. } = offer;
    let aggregate_id = format!("{trajectory_id}/offer/{offer_id}/{respond_by}");
    Event::new(aggregate_id, DeadlineKind::OfferLapsed, offer, GENESIS, now)
}
