//! The contributions from which the figures of a region are counted: the stored ones, or, for
//! another day or instant, those that are derived from the histories as they were then.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use omklap_domain::agreements::{AgreementSets, assess};
use omklap_domain::day::Day;
use omklap_domain::figures::{Contribution, is_confirmed};
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::trajectory::{Fact, History};
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::contributions::Kept;
pub use super::past_figures::Added;
use super::past_figures::Counted;
use crate::background::{EACH_EVENT, done, in_the_background, spend};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::events::mac::MacKey;
use crate::events::upcasters::Upcasters;
use crate::ledger::Ledger;

/// For how many trajectories contributions are derived at once.
const AT_ONCE: usize = 500;

/// How many contributions are read while the previous ones are decoded.
const PART: i64 = 3_000;

impl Ledger {
    /// What every trajectory of a region adds to its figures today, read at one instant, in the
    /// order of their ids.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn contributions(&self, region: &RegionId, today: Day) -> Result<Vec<Added>, StoreError> {
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let (mut reading, mut after) = (Vec::new(), Uuid::nil());
        // All contributions of a part are one value, each after its id and its length: a row for
        // each would cost more than its content. Both aggregates name the same order, so that one
        // sort serves both; they do not inherit the order of the subquery.
        while let Some((part, last)) = sqlx::query_as::<_, (Vec<u8>, Uuid)>(
            "SELECT string_agg(uuid_send(trajectory_id) || int4send(length(contribution)) || contribution, ''::bytea
                               ORDER BY trajectory_id),
                    (array_agg(trajectory_id ORDER BY trajectory_id))[count(*)]
             FROM (SELECT trajectory_id, contribution FROM contributions WHERE region = $1 AND trajectory_id > $2
                   ORDER BY trajectory_id LIMIT $3) AS part
             HAVING count(*) > 0",
        )
        .bind(region.as_str())
        .bind(after)
        .bind(PART)
        .fetch_optional(&mut *instant)
        .await?
        {
            let region = region.clone();
            reading.push(tokio::spawn(in_the_background(move || read(&part, &region, today))));
            after = last;
        }
        instant.rollback().await?;
        let mut all = Vec::new();
        for part in reading {
            all.extend(done(part.await)?);
        }
        Ok(all)
    }

    /// What every trajectory that was in a region at the time added to its figures on a day, as it
    /// was known at an instant.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read.
    pub async fn contributions_then(
        &self,
        region: &RegionId,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<Added>, StoreError> {
        self.contributions_of(region, on, known_at, Counted::All).await
    }

    /// The same for the cases in which [a party other than the provider](is_confirmed) had reported
    /// by then.
    ///
    /// # Errors
    /// As [`Self::contributions_then`].
    pub async fn confirmed_contributions_then(
        &self,
        region: &RegionId,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<Added>, StoreError> {
        self.contributions_of(region, on, known_at, Counted::Confirmed).await
    }

    async fn contributions_of(
        &self,
        region: &RegionId,
        on: Day,
        known_at: Option<Timestamp>,
        counted: Counted,
    ) -> Result<Vec<Added>, StoreError> {
        let key = (region.clone(), on, known_at, counted);
        // One after another, so that requests for many different days do not use up the
        // connections.
        let _turn = self.past_figures.turn().await;
        let versions = self.ever_of(region).await?;
        let outdated = self.past_figures.outdated(&key, &versions);
        for ids in outdated.chunks(AT_ONCE) {
            let rows = self.events_known(ids, known_at).await?;
            spend(rows.len() as u64 * EACH_EVENT);
            let sets = Arc::clone(&self.sets);
            let mac_key = self.mac_key.clone();
            let derived = in_the_background(move || derived(&rows, &mac_key, on, &sets, counted)).await?;
            self.past_figures.keep(&key, ids, &versions, derived);
        }
        Ok(self.past_figures.all(&key, &versions))
    }

    /// The trajectories that are in a region, or were according to a fact that was corrected later, with
    /// their versions; and those that moved from any region to another, which are few.
    async fn ever_of(&self, region: &RegionId) -> Result<BTreeMap<Uuid, i64>, StoreError> {
        let versions = sqlx::query_as(
            "SELECT trajectory_id, version FROM trajectories WHERE region = $1 OR trajectory_id IN (
             SELECT corrected.aggregate_id::uuid FROM events AS corrected
             JOIN events AS opening ON opening.aggregate_type = 'trajectory'
                  AND opening.aggregate_id = corrected.aggregate_id AND opening.sequence = 1
             WHERE corrected.aggregate_type = 'trajectory' AND corrected.event_type = 'event-corrected'
                   AND corrected.payload->'replacement'->>'region' IS NOT NULL
                   AND $1 IN (opening.payload->>'region', corrected.payload->'replacement'->>'region')
             UNION ALL
             SELECT moved.aggregate_id::uuid FROM events AS moved
             WHERE moved.aggregate_type = 'trajectory' AND moved.event_type = 'region-transfer-accepted')",
        )
        .bind(region.as_str());
        Ok(versions.fetch_all(&self.pool).await?.into_iter().collect())
    }

    /// The events of some trajectories that were known then, one trajectory after another.
    async fn events_known(
        &self,
        ids: &[Uuid],
        known_at: Option<Timestamp>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events
             WHERE aggregate_type = 'trajectory' AND aggregate_id = ANY ($1)
                   AND ($2::timestamptz IS NULL OR recorded_at <= $2)
             ORDER BY aggregate_id, sequence"
        ))
        .bind(ids)
        .bind(known_at.map(jiff_sqlx::Timestamp::from));
        Ok(rows.fetch_all(&self.pool).await?)
    }
}

/// Decodes a part: for each trajectory its id, the number of bytes that follow, and its
/// contribution.
fn read(mut all: &[u8], region: &RegionId, today: Day) -> Result<Vec<Added>, StoreError> {
    let cut_off = || sqlx::Error::Decode("a contribution that is cut off".into());
    let mut added = Vec::new();
    while let Some((id, rest)) = all.split_first_chunk() {
        let (length, rest) = rest.split_first_chunk().ok_or_else(cut_off)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (contribution, rest) = rest.split_at_checked(length).ok_or_else(cut_off)?;
        let kept = Kept::read(contribution)?;
        added.push((TrajectoryId(Uuid::from_bytes(*id)), kept.on(region.clone(), today)));
        all = rest;
    }
    Ok(added)
}

fn derived(
    rows: &[PgRow],
    mac_key: &MacKey,
    on: Day,
    sets: &AgreementSets,
    counted: Counted,
) -> Result<Vec<Added>, StoreError> {
    let upcasters = Upcasters::new();
    let mut added = Vec::new();
    for (id, rows) in event::streams(rows)? {
        mac_key.verify_stream(rows, event::StreamId::of_trajectory(id))?;
        let facts = rows.iter().map(|row| event::fact(row, &upcasters)).collect::<Result<Vec<_>, _>>()?;
        let id = id.parse().map_err(|_| sqlx::Error::Decode("an id that is none".into()))?;
        let history = until(History::from(facts), on);
        if counted == Counted::Confirmed && !is_confirmed(&history) {
            continue;
        }
        let each = Contribution::of_each_region(&history, &assess(&history, sets), on, sets);
        added.extend(each.into_iter().map(|contribution| (id, contribution)));
    }
    Ok(added)
}

/// A history as it was at the end of a day.
fn until(history: History, day: Day) -> History {
    let goes_on = history.happened().any(|(_, fact)| fact.occurred_on() > day);
    if !goes_on {
        return history;
    }
    let happened = history.happened().map(|(_, fact)| fact).take_while(|fact| fact.occurred_on() <= day);
    History::from(happened.cloned().collect::<Vec<Fact>>())
}
