//! Worklists: the open obligations in some trajectories, in the order of dates. Those without a date
//! are listed after the others, and only if they are asked for.

use std::fmt;
use std::str::FromStr;

use omklap_domain::day::Day;
use omklap_domain::ids::{ObligationId, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::Role;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::{QueryBuilder, Row};

use super::obligations::ObligationRow;
use super::read_model::{ReadModel, columns};
use crate::error::StoreError;
use crate::ledger::Ledger;

/// The obligations, joined with the list of trajectories.
const LISTED: &str = " FROM obligations JOIN trajectories USING (trajectory_id)";

/// The date of an obligation without one, in a position.
const UNDATED: &str = "undated";

/// How many days after today belong to this week.
pub const WEEK: i32 = 7;

/// Which obligations to list; a field that is none or empty does not narrow the list.
#[derive(Clone, Debug, Default)]
pub struct WorklistFilter {
    /// In these trajectories.
    pub whose: Whose,
    /// That this role sees; none for all.
    pub seen_by: Option<Role>,
    /// For which each of these parties is responsible.
    pub parties: Vec<Party>,
    /// That are due on this day or later.
    pub due_from: Option<Day>,
    /// That are due before this day.
    pub due_before: Option<Day>,
    /// Also those without a date: they have none, or their clock is stopped.
    pub undated: bool,
    /// Of this agreement.
    pub agreement: Option<u8>,
    /// In this region.
    pub region: Option<RegionId>,
    /// Of trajectories in one of these phases.
    pub phases: Vec<Phase>,
}

/// Whose worklist: which trajectories it covers.
#[derive(Clone, Debug, Default)]
pub enum Whose {
    /// Guided by this provider.
    CareProvider(OrganisationId),
    /// Assigned to this corporation.
    Corporation(OrganisationId),
    /// Directed by this municipality.
    Municipality(OrganisationId),
    /// All in these regions.
    Regions(Vec<RegionId>),
    /// This one, as long as this provider guides it.
    Trajectory(TrajectoryId, OrganisationId),
    /// None.
    #[default]
    Nobody,
}

/// An open obligation in a worklist.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The obligation.
    pub row: ObligationRow,
    /// The phase of its trajectory.
    pub phase: Phase,
}

/// How many obligations a worklist has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: u64,
    /// Those past their day.
    pub overdue: u64,
    /// Those due today or within a [`WEEK`].
    pub this_week: u64,
    /// Those due after that.
    pub later: u64,
    /// Those without a date.
    pub undated: u64,
}

/// The place of an item in every worklist: the order is total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    due_on: Option<Day>,
    trajectory: TrajectoryId,
    obligation: ObligationId,
    started_by: i64,
    part: i16,
}

impl Item {
    /// Its place.
    #[must_use]
    pub fn position(&self) -> Position {
        let row = &self.row;
        Position {
            due_on: row.due_on,
            trajectory: row.trajectory_id,
            obligation: row.obligation.clone(),
            started_by: row.started_by.cast_signed(),
            part: row.part.cast_signed(),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { due_on, trajectory, obligation, started_by, part } = self;
        match due_on {
            Some(due_on) => write!(f, "{due_on}")?,
            None => f.write_str(UNDATED)?,
        }
        write!(f, "_{trajectory}_{started_by}_{part}_{obligation}")
    }
}

/// The text is not a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a worklist")]
pub struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;
    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let parts: Vec<&str> = text.splitn(5, '_').collect();
        let [due_on, trajectory, started_by, part, obligation] = parts[..] else { return Err(NoPosition) };
        Ok(Self {
            due_on: match due_on {
                UNDATED => None,
                day => Some(day.parse().map_err(|_| NoPosition)?),
            },
            trajectory: trajectory.parse().map_err(|_| NoPosition)?,
            obligation: obligation.parse().map_err(|_| NoPosition)?,
            started_by: started_by.parse().map_err(|_| NoPosition)?,
            part: part.parse().map_err(|_| NoPosition)?,
        })
    }
}

impl Ledger {
    /// A page of a worklist, after the last item of the page before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn worklist(
        &self,
        wanted: &WorklistFilter,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<Item>, StoreError> {
        let mut page = Vec::new();
        if after.is_none_or(|after| after.due_on.is_some()) {
            page = self.worklist_part(wanted, Dates::Dated, after, limit).await?;
        }
        let rest = limit - u32::try_from(page.len()).unwrap_or(limit).min(limit);
        if wanted.undated && rest > 0 {
            let after = after.filter(|after| after.due_on.is_none());
            page.extend(self.worklist_part(wanted, Dates::Undated, after, rest).await?);
        }
        Ok(page)
    }

    /// A page of the obligations with a date, or of those without: an index has either.
    async fn worklist_part(
        &self,
        wanted: &WorklistFilter,
        dates: Dates,
        after: Option<&Position>,
        limit: u32,
    ) -> Result<Vec<Item>, StoreError> {
        let mut query =
            QueryBuilder::new(format!("SELECT {}, trajectories.phase", columns::<ObligationRow>()));
        query.push(LISTED);
        wanted.narrow(&mut query, dates);
        let order = match dates {
            Dates::Dated => "due_on, obligations.trajectory_id, obligation, started_by, part",
            Dates::Undated => "obligations.trajectory_id, obligation, started_by, part",
        };
        if let Some(after) = after {
            query.push(format!(" AND ({order}) > ("));
            if let Some(due_on) = after.due_on {
                query.push_bind(jiff_sqlx::Date::from(due_on.date())).push(", ");
            }
            query.push_bind(after.trajectory.0);
            query.push(", ").push_bind(after.obligation.as_str());
            query.push(", ").push_bind(after.started_by);
            query.push(", ").push_bind(after.part).push(")");
        }
        query.push(format!(" ORDER BY {order} LIMIT ")).push_bind(i64::from(limit));
        query.build().fetch_all(&self.pool).await?.iter().map(read).collect()
    }

    /// How many obligations a worklist has.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn worklist_counts(&self, wanted: &WorklistFilter, today: Day) -> Result<Counts, StoreError> {
        let dated = self.counted(wanted, Dates::Dated, today).await?;
        let undated =
            if wanted.undated { self.counted(wanted, Dates::Undated, today).await?.total } else { 0 };
        Ok(Counts { total: dated.total + undated, undated, ..dated })
    }

    async fn counted(&self, wanted: &WorklistFilter, dates: Dates, today: Day) -> Result<Counts, StoreError> {
        let bound = |day: Day| jiff_sqlx::Date::from(day.date());
        let mut query = QueryBuilder::new("SELECT count(*), count(*) FILTER (WHERE due_on < ");
        query.push_bind(bound(today)).push("), count(*) FILTER (WHERE due_on > ");
        query.push_bind(bound(today.plus_days(WEEK))).push(")");
        // Counting reads every row: those of the list only if the phase matters.
        query.push(if wanted.phases.is_empty() { " FROM obligations" } else { LISTED });
        wanted.narrow(&mut query, dates);
        let row = query.build().fetch_one(&self.pool).await?;
        let count = |column| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
        let (total, overdue, later) = (count(0)?, count(1)?, count(2)?);
        Ok(Counts { total, overdue, this_week: total - overdue - later, later, undated: 0 })
    }
}

/// The obligations that have a date, or those that have none.
#[derive(Clone, Copy)]
enum Dates {
    Dated,
    Undated,
}

impl WorklistFilter {
    /// Adds only the conditions that are needed: a plan for "or the parameter is null" can use no
    /// index.
    fn narrow<'q>(&'q self, query: &mut QueryBuilder<'q, Postgres>, dates: Dates) {
        query.push(match dates {
            Dates::Dated => " WHERE closed_on IS NULL AND due_on IS NOT NULL",
            Dates::Undated => " WHERE closed_on IS NULL AND due_on IS NULL",
        });
        // The obligations of a restricted trajectory are in no worklist.
        query.push(
            " AND obligations.trajectory_id
                <> ALL (ARRAY(SELECT restricted.trajectory_id FROM trajectories AS restricted WHERE restricted.is_restricted))",
        );
        match &self.whose {
            Whose::CareProvider(id) => query.push(" AND obligations.care_provider = ").push_bind(id.as_str()),
            Whose::Corporation(id) => query.push(" AND obligations.corporation = ").push_bind(id.as_str()),
            Whose::Municipality(id) => query.push(" AND obligations.municipality = ").push_bind(id.as_str()),
            // One region by itself: its index then also gives the order.
            Whose::Regions(ids) => match &ids[..] {
                [id] => query.push(" AND obligations.region = ").push_bind(id.as_str()),
                ids => {
                    let ids: Vec<&str> = ids.iter().map(RegionId::as_str).collect();
                    query.push(" AND obligations.region = ANY (").push_bind(ids).push(")")
                }
            },
            Whose::Trajectory(id, care_provider) => query
                .push(" AND obligations.trajectory_id = ")
                .push_bind(id.0)
                .push(" AND obligations.care_provider = ")
                .push_bind(care_provider.as_str()),
            Whose::Nobody => query.push(" AND false"),
        };
        if let Some(role) = self.seen_by {
            query.push(" AND ").push_bind(role.as_str()).push(" = ANY (seen_by)");
        }
        for party in &self.parties {
            query.push(" AND ").push_bind(written(*party)).push(" = ANY (owed_by)");
        }
        if let Some(from) = self.due_from {
            query.push(" AND due_on >= ").push_bind(jiff_sqlx::Date::from(from.date()));
        }
        if let Some(before) = self.due_before {
            query.push(" AND due_on < ").push_bind(jiff_sqlx::Date::from(before.date()));
        }
        if let Some(agreement) = self.agreement {
            query.push(" AND agreement = ").push_bind(i16::from(agreement));
        }
        if let Some(region) = &self.region {
            query.push(" AND obligations.region = ").push_bind(region.as_str());
        }
        if !self.phases.is_empty() {
            let phases: Vec<&str> = self.phases.iter().map(|phase| phase.as_str()).collect();
            query.push(" AND trajectories.phase = ANY (").push_bind(phases).push(")");
        }
    }
}

fn read(row: &PgRow) -> Result<Item, StoreError> {
    let phase: &str = row.try_get("phase")?;
    let known = Phase::ALL.into_iter().find(|known| known.as_str() == phase);
    let phase = known.ok_or_else(|| sqlx::Error::Decode("a phase that this program does not know".into()))?;
    Ok(Item { row: ObligationRow::read(row)?, phase })
}

/// A party as it is written in a column.
fn written(party: Party) -> &'static str {
    match party {
        Party::Client => "client",
        Party::CareProvider => "care-provider",
        Party::HousingCorporation => "housing-corporation",
        Party::Municipality => "municipality",
        Party::MatchingPoint => "matching-point",
    }
}
