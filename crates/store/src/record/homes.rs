//! One home, one tenant: whether a report comes to hold a home that another trajectory holds
//! (`docs/DOMAIN.md` §3.9, ADR 36).
//!
//! What others hold is loaded with the case, so that the decision needs no statement of its own. Of two
//! reports at the same time, the constraint of the table lets one through; the other one is loaded
//! again and finds the home held. It then asks once more, with a statement of its own, about every home
//! that follows from its history: a correction can bring back a home that no fact of the report names.

use std::collections::HashMap;

use omklap_domain::day::Day;
use omklap_domain::holds::{Clash, HeldBy, Other, home_named_in, may_change_holds};
use omklap_domain::ids::{OrganisationId, TrajectoryId, UnitId};
use omklap_domain::trajectory::fact::Party;
use omklap_domain::trajectory::{Fact, History, Refusal, Refused};
use serde::Deserialize;
use sqlx::postgres::{PgConnection, Postgres};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row};

use super::report::{RecordError, Report, Target};
use crate::read_models::holds::{Guarded, HoldRow};

/// Marks our locks of homes among those of this database.
const HOMES: i32 = 28_527;

/// The homes that a report may come to hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Homes {
    /// Those that it names. If the fact names no corporation, it is the one of the lease.
    named: Vec<(Option<OrganisationId>, UnitId)>,
}

/// What other trajectories hold, by home.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldByOthers(HashMap<(OrganisationId, UnitId), Vec<Other>>);

/// A hold of another trajectory, as the database returns it.
#[derive(Deserialize)]
struct Held {
    corporation: OrganisationId,
    unit: UnitId,
    what: HeldBy,
    since: Day,
    until: Option<Day>,
}

impl Homes {
    /// Those of these facts; none if no fact can change what the trajectory holds.
    pub fn of(facts: &[Fact]) -> Option<Self> {
        let named =
            |fact| home_named_in(fact).map(|(corporation, unit)| (corporation.cloned(), unit.clone()));
        let named = facts.iter().filter_map(named).collect();
        facts.iter().any(may_change_holds).then_some(Self { named })
    }

    /// Those of these rows.
    pub fn of_rows(rows: &[HoldRow]) -> Self {
        let named = rows.iter().map(|row| (Some(row.corporation.clone()), row.unit.0.clone()));
        Self { named: named.collect() }
    }

    /// Adds the expression for what others hold of these homes, and of those that this trajectory
    /// holds already.
    pub fn push_held_by_others(&self, trajectory: TrajectoryId, query: &mut QueryBuilder<'_, Postgres>) {
        let corporations =
            self.named.iter().map(|(corporation, _)| corporation.as_ref().map(ToString::to_string));
        let units = self.named.iter().map(|(_, unit)| unit.key().into_owned());
        query.push("(WITH named AS (SELECT * FROM unnest(");
        query.push_bind(corporations.collect::<Vec<_>>()).push("::text[], ");
        query
            .push_bind(units.collect::<Vec<_>>())
            .push("::text[]) AS named (corporation, unit_key)), own AS (");
        query.push("SELECT corporation, unit_key FROM holds WHERE trajectory_id = ").push_bind(trajectory.0);
        query.push(
            "), whole AS (
                SELECT corporation, unit_key FROM named WHERE corporation IS NOT NULL UNION SELECT * FROM own
            ), homes AS (
                SELECT * FROM whole
                UNION SELECT whole.corporation, named.unit_key FROM whole, named WHERE named.corporation IS NULL
            ) SELECT coalesce(json_agg(json_build_object(
                'corporation', other.corporation, 'unit', other.unit, 'what', other.what,
                'since', other.since, 'until', other.until)
                ORDER BY other.trajectory_id, other.opened_by), '[]')
              FROM homes CROSS JOIN LATERAL (
                SELECT * FROM holds WHERE corporation = homes.corporation AND unit_key = homes.unit_key
              ) AS other WHERE other.trajectory_id <> ",
        );
        query.push_bind(trajectory.0).push(")");
    }

    /// What others hold of these homes now.
    pub async fn held_by_others(
        &self,
        trajectory: TrajectoryId,
        connection: &mut PgConnection,
    ) -> Result<HeldByOthers, sqlx::Error> {
        let mut query = QueryBuilder::new("SELECT ");
        self.push_held_by_others(trajectory, &mut query);
        HeldByOthers::read(&query.build().fetch_one(connection).await?, 0)
    }
}

impl HeldByOthers {
    /// Reads a column; nothing if it was not asked for.
    pub fn read<I: sqlx::ColumnIndex<sqlx::postgres::PgRow>>(
        row: &sqlx::postgres::PgRow,
        column: I,
    ) -> Result<Self, sqlx::Error> {
        let held: Option<Json<Vec<Held>>> = row.try_get(column)?;
        let mut by_home: HashMap<_, Vec<Other>> = HashMap::new();
        for Held { corporation, unit, what, since, until } in held.into_iter().flat_map(|Json(held)| held) {
            by_home.entry((corporation, unit)).or_default().push(Other { what, since, until });
        }
        Ok(Self(by_home))
    }

    fn clash(&self, row: &HoldRow, today: Day) -> Option<Clash> {
        let others = self.0.get(&(row.corporation.clone(), row.unit.0.clone()))?;
        row.hold().clash(others, today)
    }

    /// Takes the rows out of the constraint that clash with what others hold.
    pub fn guard(&self, rows: &mut [HoldRow], today: Day) {
        for row in rows {
            row.guarded = Guarded(row.at_once == 1 && self.clash(row, today).is_none());
        }
    }

    /// Refuses a report that would hold a home today which others hold. The past is recorded as it
    /// was, and so is what a correction or a history says: that is disputed until somebody corrects
    /// it.
    pub fn refuse(&self, rows: &[HoldRow], history: &History, report: &Report) -> Result<(), RecordError> {
        let before = history.version() - report.facts.len() as u64;
        for row in rows.iter().filter(|row| row.opened_by > before) {
            let index = usize::try_from(row.opened_by - before - 1).unwrap_or(usize::MAX);
            let Some(fact) = report.facts.get(index) else { continue };
            let now = self.clash(row, report.today) == Some(Clash::Now);
            if let Some(refusal) = refusal(report, fact, row).filter(|_| now) {
                let earlier =
                    history.recorded().iter().take(history.recorded().len() - report.facts.len() + index);
                let state = History::from(earlier.cloned().collect::<Vec<_>>()).state_on(fact.occurred_on());
                return Err(RecordError::Refused(
                    Refused::held_elsewhere(fact, index, &state, refusal).into(),
                ));
            }
        }
        Ok(())
    }
}

/// Why a fact that comes to hold a held home is refused; none if it is recorded all the same. Only to
/// the corporation whose home it is does the refusal say that the home is held. A history that is
/// brought along is never refused: to try one would show anybody which homes are held.
fn refusal(report: &Report, fact: &Fact, row: &HoldRow) -> Option<Refusal> {
    let reporter = report.reporter.as_ref()?;
    // An offer that was made can be withdrawn. A client who has the keys lives there.
    let begins_now = match fact {
        Fact::DwellingOffered(_) => true,
        Fact::HousedUnderIntermediaryLease(_)
        | Fact::HousedUnderThreePartyLease(_)
        | Fact::HousedUnderTemporaryLease(_)
        | Fact::HousedUnderOwnLease(_)
        | Fact::RenovationStarted(_) => fact.occurred_on() == report.today,
        _ => false,
    };
    if !begins_now || !matches!(report.trajectory, Target::Existing { .. }) {
        return None;
    }
    let lets = reporter.role.party() == Some(Party::HousingCorporation);
    let is_theirs = lets && reporter.organisation == row.corporation;
    Some(if is_theirs { Refusal::DwellingHeld } else { Refusal::ReasonWithheld })
}

/// Locks the homes of which several offers at once are counted, in the order of their names, until the
/// transaction ends: no constraint counts.
pub(super) async fn lock_counted(
    rows: &[HoldRow],
    transaction: &mut PgConnection,
) -> Result<(), sqlx::Error> {
    let homes = rows
        .iter()
        .filter(|row| is_counted(row))
        .map(|row| format!("{}/{}", row.corporation, row.unit.0.key()));
    sqlx::query(
        "SELECT pg_advisory_xact_lock($1, hashtext(home)) FROM (SELECT unnest($2::text[]) AS home ORDER BY 1) AS counted",
    )
    .bind(HOMES)
    .bind(homes.collect::<Vec<_>>())
    .execute(transaction)
    .await?;
    Ok(())
}

/// Whether it is an offer of which the agreements allow several at once, up to a number.
pub(super) fn is_counted(row: &HoldRow) -> bool {
    row.what == HeldBy::Offer && row.at_once > 1
}
