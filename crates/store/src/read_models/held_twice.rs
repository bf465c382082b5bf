//! Homes that two trajectories hold: what is disputed, and which offers are to be withdrawn because
//! the home was let, or because its vacancy was withdrawn or let elsewhere (`docs/DOMAIN.md` §3.9). Each side
//! sees its own hold only.
//!
//! Nothing of this is stored: it follows from the rows of `holds`, and ends when one of them is
//! corrected or ends.

use std::collections::HashMap;

use omklap_domain::allocation::{StreamId, Vacancy};
use omklap_domain::day::Day;
use omklap_domain::holds::{HeldBy, Matter, Other};
use omklap_domain::ids::{OrganisationId, RegionId, UnitId, VacancyId};
use omklap_domain::visibility::{Role, Viewer};
use serde::Deserialize;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row};

use super::holds::HoldRow;
use super::read_model::{ReadModel, columns};
use super::trajectories::known_to;
use crate::error::StoreError;
use crate::ledger::Ledger;

/// The most that a worklist lists: more is a ledger to be looked at as a whole.
const MOST: i64 = 200;

/// A hold of a trajectory, and what has to be done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldTwice {
    /// The hold.
    pub row: HoldRow,
    /// What has to be done.
    pub matter: Matter,
}

/// A vacancy of a home that is open while another of the same home is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VacantTwice {
    /// The vacancy.
    pub vacancy: VacancyId,
    /// The corporation whose home it is.
    pub corporation: OrganisationId,
    /// The home.
    pub unit: UnitId,
    /// The other vacancies of it.
    pub others: Vec<VacancyId>,
}

/// A hold of another trajectory, as the database returns it.
#[derive(Deserialize)]
struct Beside {
    what: HeldBy,
    since: Day,
    until: Option<Day>,
}

impl Ledger {
    /// The holds that another trajectory's are in the way of, in the trajectories that a viewer has
    /// access to, in the order of their ids; at most 200.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn homes_held_twice(&self, viewer: &Viewer, today: Day) -> Result<Vec<HeldTwice>, StoreError> {
        // Where two trajectories hold one home, one row is not guarded, or it is an open offer.
        let mut query = QueryBuilder::new(
            "WITH suspect AS (
                SELECT trajectory_id, opened_by, corporation, unit_key, since, until FROM holds WHERE NOT guarded
                UNION SELECT trajectory_id, opened_by, corporation, unit_key, since, until FROM holds
                      WHERE what = 'offer' AND (until IS NULL OR until > ",
        );
        query.push_bind(jiff_sqlx::Date::from(today.date())).push(
            ")
            ), pair AS (
                SELECT suspect.trajectory_id, suspect.opened_by, other.trajectory_id AS other, other.opened_by AS by
                FROM suspect JOIN holds AS other USING (corporation, unit_key)
                WHERE other.trajectory_id <> suspect.trajectory_id
                      AND daterange(other.since, other.until) && daterange(suspect.since, suspect.until)
            ), meeting AS (
                SELECT trajectory_id, opened_by, other, by FROM pair
                UNION SELECT other, by, trajectory_id, opened_by FROM pair
            ) SELECT ",
        );
        query.push(columns::<HoldRow>()).push(
            ", json_agg(json_build_object('what', theirs, 'since', theirs_since, 'until', theirs_until)
                       ORDER BY other, by) AS beside
              FROM meeting JOIN holds USING (trajectory_id, opened_by) JOIN trajectories USING (trajectory_id)
              JOIN (SELECT trajectory_id AS other, opened_by AS by, what AS theirs, since AS theirs_since,
                           until AS theirs_until FROM holds) AS beside USING (other, by)
              WHERE true",
        );
        known_to(viewer, &mut query);
        query
            .push(
                " GROUP BY holds.trajectory_id, holds.opened_by
                  ORDER BY holds.trajectory_id, holds.opened_by LIMIT ",
            )
            .push_bind(MOST);
        let rows = query.build().fetch_all(&self.pool).await?;
        let found = rows.iter().map(|row| read(row, today)).collect::<Result<Vec<_>, _>>()?;
        let mut found: Vec<_> = found.into_iter().flatten().collect();
        let is_known =
            |found: &[HeldTwice], row: &HoldRow| found.iter().any(|one| one.row.key() == row.key());
        for closed in self.offers_of_closed_vacancies(viewer, today).await? {
            if !is_known(&found, &closed.row) {
                found.push(closed);
            }
        }
        found.sort_by_key(|one| (one.row.trajectory_id, one.row.opened_by));
        Ok(found)
    }

    /// The open offers of vacancies that were withdrawn or let elsewhere, or have another rent by now.
    async fn offers_of_closed_vacancies(
        &self,
        viewer: &Viewer,
        today: Day,
    ) -> Result<Vec<HeldTwice>, StoreError> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(columns::<HoldRow>()).push(
            " FROM holds JOIN trajectories USING (trajectory_id)
              JOIN streams ON streams.kind = 'vacancy' AND streams.stream_id = holds.vacancy
              WHERE what = 'offer' AND (streams.status IN ('withdrawn', 'let') OR streams.version > 1)
                    AND (until IS NULL OR until > ",
        );
        query.push_bind(jiff_sqlx::Date::from(today.date())).push(")");
        known_to(viewer, &mut query);
        query.push(" ORDER BY holds.trajectory_id, holds.opened_by LIMIT ").push_bind(MOST);
        let rows = query.build().fetch_all(&self.pool).await?;
        let rows = rows.iter().map(HoldRow::read).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<_> = rows.iter().map(|row| row.trajectory_id).collect();
        let histories = if ids.is_empty() { HashMap::new() } else { self.histories(&ids).await? };
        let mut closed = Vec::new();
        for row in rows {
            let Some(vacancy) = row.vacancy else { continue };
            let vacancy = self.load_stream::<Vacancy>(StreamId(vacancy.0)).await?;
            let open = histories.get(&row.trajectory_id).and_then(|it| it.state().offers.open.as_ref());
            let rent = open.filter(|offer| offer.id.0 == row.what_id).map(|offer| offer.rent);
            let matter = vacancy.and_then(|it| it.history().state().matter_of_an_open_offer(rent));
            closed.extend(matter.map(|matter| HeldTwice { row, matter }));
        }
        Ok(closed)
    }

    /// The vacancies of one home that are open at the same time, by a correction or by two reports at the same
    /// moment: those that a viewer reads and works on, in the order of their ids; at most 200.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn homes_vacant_twice(&self, viewer: &Viewer) -> Result<Vec<VacantTwice>, StoreError> {
        let mut query = QueryBuilder::new(
            "WITH open AS (
                SELECT stream_id, organisation, region, unit, unit_key FROM streams
                WHERE kind = 'vacancy' AND status = 'open' AND NOT EXISTS (
                    SELECT FROM holds WHERE holds.vacancy = streams.stream_id AND what = 'lease')
             ) SELECT one.stream_id, one.organisation, one.unit, array_agg(other.stream_id ORDER BY other.stream_id)
               FROM open AS one JOIN open AS other USING (organisation, unit_key)
               WHERE one.stream_id <> other.stream_id AND ",
        );
        match viewer.role {
            Role::HousingCorporation => query.push("organisation = ").push_bind(viewer.organisation.as_str()),
            Role::MatchingPoint => {
                let regions: Vec<&str> = viewer.regions.iter().map(RegionId::as_str).collect();
                query.push("one.region = ANY (").push_bind(regions).push(")")
            }
            _ => return Ok(Vec::new()),
        };
        query.push(" GROUP BY 1, 2, 3 ORDER BY 1 LIMIT ").push_bind(MOST);
        let code = |error: omklap_domain::ids::Miswritten| sqlx::Error::Decode(error.into());
        let twice = |row: &PgRow| {
            Ok(VacantTwice {
                vacancy: VacancyId(row.try_get(0)?),
                corporation: row.try_get::<&str, _>(1)?.parse().map_err(code)?,
                unit: row.try_get::<&str, _>(2)?.parse().map_err(code)?,
                others: row.try_get::<Vec<_>, _>(3)?.into_iter().map(VacancyId).collect(),
            })
        };
        let rows = query.build().fetch_all(&self.pool).await?;
        Ok(rows.iter().map(twice).collect::<Result<_, sqlx::Error>>()?)
    }
}

fn read(row: &PgRow, today: Day) -> Result<Option<HeldTwice>, sqlx::Error> {
    let read = HoldRow::read(row)?;
    let Json(beside): Json<Vec<Beside>> = row.try_get("beside")?;
    let others: Vec<Other> =
        beside.into_iter().map(|Beside { what, since, until }| Other { what, since, until }).collect();
    let matter = read.hold().matter(&others, today);
    Ok(matter.map(|matter| HeldTwice { row: read, matter }))
}
