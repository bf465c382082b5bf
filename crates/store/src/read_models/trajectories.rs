//! The list of trajectories: one row each, derived from the history. The row is also what reports
//! on one trajectory queue for.

use jiff::Timestamp;
use omklap_domain::ids::{OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::fact::Party;
use omklap_domain::trajectory::{History, Phase};
use omklap_domain::visibility::{Role, Viewer, beside_the_partners, housed_by, nominated_to, settled_with};
use serde::Serialize;
use sqlx::postgres::{PgConnection, PgRow, Postgres};
use sqlx::{Executor, QueryBuilder, Row};

use super::difference::{Difference, RowFault, columns};
use super::tables::Table;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::own_references::{OwnReference, mark, owner};

/// One trajectory in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrajectoryRow {
    /// The trajectory.
    #[serde(rename = "trajectory_id")]
    pub trajectory: TrajectoryId,
    /// The number of facts from which this was derived.
    pub version: u64,
    /// When the last of them was recorded.
    pub updated_at: Timestamp,
    /// Its phase.
    pub phase: Phase,
    /// The agreement set it is bound to, as `id@version`.
    pub agreement_set: String,
    /// The region.
    pub region: String,
    /// The directing municipality.
    pub municipality: String,
    /// The guiding care provider.
    pub care_provider: String,
    /// The corporation, once assigned.
    pub corporation: Option<String>,
    /// The corporation to which the client is nominated now.
    pub nominated_to: Option<String>,
    /// The corporation in whose dwelling the client lives, or did and has money to settle.
    pub housed_by: Option<String>,
    /// The organisations that have a small view beside the partners, each after its party.
    pub beside: Vec<String>,
    /// Whether its processing is restricted.
    pub is_restricted: bool,
}

/// Which trajectories to list; a field that is none or empty does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// That this viewer has access to.
    pub viewer: Option<Viewer>,
    /// In one of these phases.
    pub phases: Vec<Phase>,
    /// Guided by this provider.
    pub care_provider: Option<OrganisationId>,
    /// Assigned to this corporation.
    pub corporation: Option<OrganisationId>,
    /// Directed by this municipality.
    pub municipality: Option<OrganisationId>,
    /// In this region.
    pub region: Option<RegionId>,
    /// With this own case number of the viewer's organisation.
    pub reference: Option<OwnReference>,
}

impl Filter {
    /// Whether it uses the course of a trajectory, which not every viewer sees.
    #[must_use]
    pub fn looks_at_the_course(&self) -> bool {
        !self.phases.is_empty() || self.care_provider.is_some() || self.corporation.is_some()
    }
}

/// A history's row; none if no fact opened it, which no admitted history lacks.
#[must_use]
pub fn derive(trajectory: TrajectoryId, history: &History, updated_at: Timestamp) -> Option<TrajectoryRow> {
    let state = history.state();
    let partners = state.partners.as_ref()?;
    let (set, version) = state.bound_to()?;
    Some(TrajectoryRow {
        trajectory,
        version: history.version(),
        updated_at,
        phase: state.phase,
        agreement_set: format!("{set}@{version}"),
        region: partners.region.to_string(),
        municipality: partners.municipality.to_string(),
        care_provider: partners.care_provider.to_string(),
        corporation: state.corporation.as_ref().map(ToString::to_string),
        nominated_to: nominated_to(state).map(ToString::to_string),
        housed_by: housed_by(state).or(settled_with(state)).map(ToString::to_string),
        beside: beside_the_partners(state).into_iter().map(|(party, one)| small_view(party, one)).collect(),
        is_restricted: state.record.restricted_on.is_some(),
    })
}

/// What is wrong with a stored row of the list, if anything.
pub(crate) fn difference(
    stored: Option<&TrajectoryRow>,
    derived: Option<&TrajectoryRow>,
) -> Option<Difference> {
    let fault = match (stored, derived) {
        (None, None) => return None,
        (None, Some(_)) => RowFault::Missing,
        (Some(_), None) => RowFault::Unfounded,
        (Some(stored), Some(derived)) if stored == derived => return None,
        (Some(stored), Some(derived)) => RowFault::SaysElse(columns(stored, derived, None)),
    };
    Some(Difference { table: Table::Trajectories, row: "the row in the list".to_owned(), fault })
}

impl Ledger {
    /// A page of trajectories in the order of their ids, after the last one of the page before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<TrajectoryId>,
        limit: u32,
    ) -> Result<Vec<TrajectoryRow>, StoreError> {
        let mut query = filter.query();
        if let Some(reference) = &filter.reference {
            let Some(organisation) = filter.viewer.as_ref().and_then(owner) else { return Ok(Vec::new()) };
            let mark = mark(&self.operator_key, organisation, reference);
            query
                .push(" AND trajectory_id = (SELECT trajectory_id FROM own_references WHERE organisation = ");
            query.push_bind(organisation.as_str()).push(" AND mark = ").push_bind(mark.to_vec()).push(")");
        }
        if let Some(after) = after {
            query.push(" AND trajectory_id > ").push_bind(after.0);
        }
        query.push(" ORDER BY trajectory_id LIMIT ").push_bind(i64::from(limit));
        Ok(query.build().fetch_all(&self.pool).await?.iter().map(read).collect::<Result<_, _>>()?)
    }
}

impl Filter {
    /// Every row that it lets through. It has only the conditions that are needed: a plan for "or
    /// the parameter is null" can use no index.
    fn query(&self) -> QueryBuilder<'_, Postgres> {
        let mut query =
            QueryBuilder::<Postgres>::new(format!("SELECT {COLUMNS} FROM trajectories WHERE true"));
        if let Some(viewer) = &self.viewer {
            known_to(viewer, &mut query);
        }
        let equal = [
            (" AND care_provider = ", self.care_provider.as_ref().map(OrganisationId::as_str)),
            (" AND corporation = ", self.corporation.as_ref().map(OrganisationId::as_str)),
            (" AND municipality = ", self.municipality.as_ref().map(OrganisationId::as_str)),
            (" AND region = ", self.region.as_ref().map(RegionId::as_str)),
        ];
        for (column, value) in equal {
            if let Some(value) = value {
                query.push(column).push_bind(value);
            }
        }
        if !self.phases.is_empty() {
            let phases: Vec<&str> = self.phases.iter().map(|phase| phase.as_str()).collect();
            query.push(" AND phase = ANY (").push_bind(phases).push(")");
        }
        query
    }
}

/// Keeps only trajectories that a viewer has access to. [`view`](omklap_domain::visibility::view)
/// defines that; a test compares the two.
pub(crate) fn known_to<'q>(viewer: &'q Viewer, query: &mut QueryBuilder<'q, Postgres>) {
    let own = viewer.organisation.as_str();
    if viewer.role != Role::Auditor {
        query.push(" AND NOT trajectories.is_restricted");
    }
    match viewer.role {
        Role::Client => query
            .push(" AND trajectory_id = ")
            .push_bind(viewer.trajectory.map(|own| own.0))
            .push(" AND trajectories.care_provider = ")
            .push_bind(own),
        Role::NuisanceDesk => query.push(" AND trajectories.care_provider = ").push_bind(own),
        Role::Guide | Role::CareProvider => {
            query.push(" AND (trajectories.care_provider = ").push_bind(own);
            or_beside(viewer, query)
        }
        Role::HousingCorporation => {
            query.push(" AND (nominated_to = ").push_bind(own).push(" OR housed_by = ").push_bind(own);
            or_beside(viewer, query)
        }
        Role::NuisanceOfficer => query
            .push(" AND (nominated_to = ")
            .push_bind(own)
            .push(" OR housed_by = ")
            .push_bind(own)
            .push(")"),
        Role::MatchingPoint | Role::Auditor => {
            let regions: Vec<&str> = viewer.regions.iter().map(RegionId::as_str).collect();
            query.push(" AND trajectories.region = ANY (").push_bind(regions).push(")")
        }
        Role::Municipality => query.push(" AND false"),
        Role::WmoConsultant => {
            query.push(" AND (trajectories.municipality = ").push_bind(own);
            or_beside(viewer, query)
        }
    };
}

/// Also those of which this organisation has a small view beside the partners.
fn or_beside<'s, 'q>(
    viewer: &Viewer,
    query: &'s mut QueryBuilder<'q, Postgres>,
) -> &'s mut QueryBuilder<'q, Postgres> {
    let own = viewer.role.party().map(|party| small_view(party, &viewer.organisation));
    // The index has only those rows, and is found only by this condition.
    query.push(" OR beside <> '{}' AND beside @> ARRAY[").push_bind(own).push("])")
}

/// An organisation with a small view, as the column has it: the party it acts for, and its code.
fn small_view(party: Party, organisation: &OrganisationId) -> String {
    let party = match party {
        Party::Client => "client",
        Party::CareProvider => "care-provider",
        Party::HousingCorporation => "housing-corporation",
        Party::Municipality => "municipality",
        Party::MatchingPoint => "matching-point",
    };
    format!("{party} {organisation}")
}

/// True only if there is such a trajectory and the viewer has access to it. The database evaluates
/// it once, before it reads any event, so that a hidden trajectory costs no more than one that does
/// not exist.
pub(crate) fn is_known<'q>(
    trajectory: TrajectoryId,
    viewer: &'q Viewer,
    query: &mut QueryBuilder<'q, Postgres>,
) {
    query.push("EXISTS (SELECT 1 FROM trajectories WHERE trajectory_id = ").push_bind(trajectory.0);
    known_to(viewer, query);
    query.push(")");
}

/// The end of every statement that writes a row: it replaces an older row, and leaves a newer one.
macro_rules! replaces_older {
    () => {
        " ON CONFLICT (trajectory_id) DO UPDATE SET
              version = excluded.version, updated_at = excluded.updated_at, phase = excluded.phase,
              agreement_set = excluded.agreement_set, region = excluded.region, municipality = excluded.municipality,
              care_provider = excluded.care_provider, corporation = excluded.corporation,
              nominated_to = excluded.nominated_to, housed_by = excluded.housed_by,
              is_restricted = excluded.is_restricted, beside = excluded.beside
          WHERE trajectories.version <= excluded.version"
    };
}
pub(crate) use replaces_older;

/// Puts a row right that this transaction has locked, or deletes it if nothing follows from the
/// events.
pub(crate) async fn put_right(
    transaction: &mut PgConnection,
    trajectory: TrajectoryId,
    derived: Option<&TrajectoryRow>,
) -> Result<(), StoreError> {
    let before = match derived {
        // Otherwise a row that claims to be newer would be left.
        Some(_) => "UPDATE trajectories SET version = 0 WHERE trajectory_id = $1",
        None => "DELETE FROM trajectories WHERE trajectory_id = $1",
    };
    sqlx::query(before).bind(trajectory.0).execute(&mut *transaction).await?;
    match derived {
        Some(derived) => write(transaction, derived).await,
        None => Ok(()),
    }
}

/// Writes a row alone. A report writes its row together with its events.
pub(crate) async fn write(
    executor: impl Executor<'_, Database = Postgres>,
    summary: &TrajectoryRow,
) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                                   care_provider, corporation, nominated_to, housed_by, is_restricted, beside)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        replaces_older!()
    ))
    .bind(summary.trajectory.0)
    .bind(summary.version.cast_signed())
    .bind(jiff_sqlx::Timestamp::from(summary.updated_at))
    .bind(summary.phase.as_str())
    .bind(&summary.agreement_set)
    .bind(&summary.region)
    .bind(&summary.municipality)
    .bind(&summary.care_provider)
    .bind(&summary.corporation)
    .bind(&summary.nominated_to)
    .bind(&summary.housed_by)
    .bind(summary.is_restricted)
    .bind(&summary.beside)
    .execute(executor)
    .await?;
    Ok(())
}

/// What [`read`] reads. Named, because a statement that is in use when a later version adds a column
/// must return the same columns as before.
pub(crate) const COLUMNS: &str = "trajectory_id, version, updated_at, phase, agreement_set, region, municipality, care_provider, \
                                  corporation, nominated_to, housed_by, beside, is_restricted";

pub(crate) fn read(row: &PgRow) -> Result<TrajectoryRow, sqlx::Error> {
    let phase: &str = row.try_get("phase")?;
    let phase = Phase::ALL.into_iter().find(|known| known.as_str() == phase);
    Ok(TrajectoryRow {
        trajectory: TrajectoryId(row.try_get("trajectory_id")?),
        version: row.try_get::<i64, _>("version")?.unsigned_abs(),
        updated_at: row.try_get::<jiff_sqlx::Timestamp, _>("updated_at")?.to_jiff(),
        phase: phase.ok_or_else(|| sqlx::Error::Decode("a phase that this program does not know".into()))?,
        agreement_set: row.try_get("agreement_set")?,
        region: row.try_get("region")?,
        municipality: row.try_get("municipality")?,
        care_provider: row.try_get("care_provider")?,
        corporation: row.try_get("corporation")?,
        nominated_to: row.try_get("nominated_to")?,
        housed_by: row.try_get("housed_by")?,
        beside: row.try_get("beside")?,
        is_restricted: row.try_get("is_restricted")?,
    })
}
