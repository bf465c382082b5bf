//! The obligations of the partners of a trajectory, one row for each time that one started.

use omklap_domain::agreements::assess::{Closed, Happened, Verdict, assess_until};
use omklap_domain::agreements::calendar::last_day;
use omklap_domain::agreements::{AgreementSets, Assessed};
use omklap_domain::day::Day;
use omklap_domain::ids::{ObligationId, OrganisationId, TrajectoryId};
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::trajectory::state::Partners;
use omklap_domain::visibility::{Role, View, Viewer, housed_by, nominated_to, view};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::read_model::{DerivedFrom, ReadModel, Source, day, small, word, words};

/// One row of `obligations`; `migrations/0006_obligations.sql` explains the columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObligationRow {
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The obligation's id in the set.
    pub obligation: ObligationId,
    /// The number of the fact that started it.
    pub started_by: u64,
    /// Its number, from 1, if this fact started the same obligation several times.
    pub part: u16,
    /// The version from which this was derived.
    pub version: DerivedFrom,
    /// The set in force when it started, as `id@version`.
    pub agreement_set: String,
    /// The number of the agreement.
    pub agreement: u8,
    /// The month of the follow-up check that it asks for.
    pub month: Option<u8>,
    /// What it is about, such as the id of a nuisance case.
    pub reference: Option<String>,
    /// When it started.
    pub started_on: Day,
    /// The parties that owe it.
    pub owed_by: Vec<Party>,
    /// When it is due; none if it has no date or its clock is stopped.
    pub due_on: Option<Day>,
    /// How it ended, once it has.
    pub closed_as: Option<Verdict>,
    /// When it ended.
    pub closed_on: Option<Day>,
    /// Whether it was overdue and then ended without being kept.
    pub left_undone: bool,
    /// The numbers of the facts on which all this rests.
    pub evidence: Vec<u64>,
    /// What of `kept-by` already happened, while it is open: as far as each of its readers sees it.
    pub happened: Happened,
    /// The partners, while it is open.
    #[serde(flatten)]
    pub partners: OpenPartners,
}

/// The partners by which a worklist finds an open obligation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OpenPartners {
    /// The region.
    pub region: Option<String>,
    /// The directing municipality.
    pub municipality: Option<String>,
    /// The guiding care provider.
    pub care_provider: Option<String>,
    /// The corporation, once assigned. If the client rents from one and looks for a home with
    /// another, the one that sees the obligation.
    pub corporation: Option<String>,
    /// The roles, other than the provider's, that see it.
    pub seen_by: Option<Vec<String>>,
}

impl ObligationRow {
    /// Whether it is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed_as.is_none()
    }

    /// Whether it is open and its day has passed.
    #[must_use]
    pub fn is_overdue_on(&self, day: Day) -> bool {
        self.is_open() && self.due_on.is_some_and(|due_on| due_on < day)
    }
}

impl ReadModel for ObligationRow {
    const TABLE: &'static str = "obligations";
    const KEY: &'static [&'static str] = &["trajectory_id", "obligation", "started_by", "part"];
    const COLUMNS: &'static [&'static str] = &[
        "trajectory_id",
        "obligation",
        "started_by",
        "part",
        "version",
        "agreement_set",
        "agreement",
        "month",
        "reference",
        "started_on",
        "owed_by",
        "due_on",
        "closed_as",
        "closed_on",
        "left_undone",
        "evidence",
        "region",
        "municipality",
        "care_provider",
        "corporation",
        "seen_by",
        "happened",
    ];

    type Key<'row> = (TrajectoryId, u64, &'row ObligationId, u16);

    fn derive(source: &Source<'_>) -> Vec<Self> {
        rows(source.trajectory, source.history, source.assessed)
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            trajectory_id: TrajectoryId(row.try_get(0)?),
            obligation: word(row.try_get(1)?)?,
            started_by: row.try_get::<i64, _>(2)?.unsigned_abs(),
            part: row.try_get::<i16, _>(3)?.unsigned_abs(),
            version: DerivedFrom::read(row.try_get(4)?),
            agreement_set: row.try_get(5)?,
            agreement: small(row.try_get(6)?),
            month: row.try_get::<Option<i16>, _>(7)?.map(small),
            reference: row.try_get(8)?,
            started_on: day(row.try_get(9)?)?,
            owed_by: words(&row.try_get::<Vec<String>, _>(10)?)?,
            due_on: row.try_get::<Option<_>, _>(11)?.map(day).transpose()?,
            closed_as: row.try_get::<Option<&str>, _>(12)?.map(word).transpose()?,
            closed_on: row.try_get::<Option<_>, _>(13)?.map(day).transpose()?,
            left_undone: row.try_get(14)?,
            evidence: row.try_get::<Vec<i64>, _>(15)?.into_iter().map(i64::unsigned_abs).collect(),
            happened: Happened(row.try_get::<Vec<i16>, _>(21)?.into_iter().map(small).collect()),
            partners: OpenPartners {
                region: row.try_get(16)?,
                municipality: row.try_get(17)?,
                care_provider: row.try_get(18)?,
                corporation: row.try_get(19)?,
                seen_by: row.try_get(20)?,
            },
        })
    }

    fn key(&self) -> Self::Key<'_> {
        (self.trajectory_id, self.started_by, &self.obligation, self.part)
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }

    fn label(&self) -> String {
        format!("{} started by event {} ({})", self.obligation, self.started_by, self.part)
    }
}

/// The rows that follow from a history as it was at the end of a day.
#[must_use]
pub fn derive_on(
    trajectory: TrajectoryId,
    history: &History,
    day: Day,
    sets: &AgreementSets,
) -> Vec<ObligationRow> {
    rows(trajectory, history, &assess_until(history, day, sets))
}

fn rows(trajectory_id: TrajectoryId, history: &History, assessed: &[Assessed<'_>]) -> Vec<ObligationRow> {
    let outsiders = Outsiders::of(trajectory_id, history);
    let mut rows: Vec<ObligationRow> = Vec::with_capacity(assessed.len());
    for one in assessed {
        let Some(start) = one.start else { continue };
        let of_the_same_fact = rows.iter().rev().take_while(|row| row.started_by == start.sequence);
        let earlier = of_the_same_fact.filter(|row| row.obligation == one.obligation.id).count();
        rows.push(ObligationRow {
            trajectory_id,
            obligation: one.obligation.id.clone(),
            started_by: start.sequence,
            part: u16::try_from(earlier + 1).unwrap_or(u16::MAX),
            version: DerivedFrom(history.version()),
            agreement_set: format!("{}@{}", one.set.id, one.set.version),
            agreement: one.agreement.number,
            month: one.month,
            reference: one.reference.clone(),
            started_on: start.on,
            owed_by: one.responsible.clone(),
            due_on: one.due(),
            closed_as: one.closed.as_ref().map(|_| one.status_on(last_day()).verdict()),
            closed_on: one.closed.as_ref().map(Closed::last_changed_on),
            left_undone: one.left_undone(),
            evidence: one.evidence(),
            happened: outsiders.what_happened(one),
            partners: if one.closed.is_none() { outsiders.of_open(one) } else { OpenPartners::default() },
        });
    }
    rows
}

/// The viewers of a trajectory's obligations other than the provider, and what each sees.
struct Outsiders {
    partners: OpenPartners,
    /// The corporation to which the client is nominated, and the one that houses the client.
    corporations: Vec<(String, View)>,
    others: Vec<(Role, View)>,
}

impl Outsiders {
    fn of(trajectory: TrajectoryId, history: &History) -> Self {
        let state = history.state();
        let as_seen = |role: Role, organisation: &OrganisationId| {
            let regions = state.partners.iter().map(|partners| partners.region.clone()).collect();
            let viewer = Viewer { role, organisation: organisation.clone(), regions, trajectory: None };
            view(&viewer, trajectory, history)
        };
        let corporations = nominated_to(state).into_iter().chain(housed_by(state));
        let others = state.partners.iter().flat_map(|partners| {
            [Role::MatchingPoint, Role::WmoConsultant, Role::Auditor]
                .map(|role| (role, as_seen(role, &partners.municipality)))
        });
        let named = |of: fn(&Partners) -> String| state.partners.as_ref().map(of);
        Self {
            partners: OpenPartners {
                region: named(|partners| partners.region.to_string()),
                municipality: named(|partners| partners.municipality.to_string()),
                care_provider: named(|partners| partners.care_provider.to_string()),
                corporation: state.corporation.as_ref().or(housed_by(state)).map(ToString::to_string),
                seen_by: None,
            },
            corporations: corporations
                .map(|corporation| (corporation.to_string(), as_seen(Role::HousingCorporation, corporation)))
                .collect(),
            others: others.collect(),
        }
    }

    /// What of `kept-by` already happened. One row is for all readers, so it says no more than the
    /// one that sees least; the provider's roles see every fact.
    fn what_happened(&self, one: &Assessed<'_>) -> Happened {
        if one.happened.0.is_empty() {
            return Happened::default();
        }
        let others = self.others.iter().map(|(_, view)| view);
        let views = self.corporations.iter().map(|(_, view)| view).chain(others);
        let readers = views.filter(|view| sees(view, one));
        let shown = readers.map(|view| view.what_happened(one).0);
        Happened(shown.fold(one.happened.0.clone(), |all, seen| &all & &seen))
    }

    /// The partners by which a worklist finds an open obligation.
    fn of_open(&self, one: &Assessed<'_>) -> OpenPartners {
        let corporation = self.corporations.iter().find(|(_, view)| sees(view, one)).map(|(name, _)| name);
        let others = self.others.iter().filter(|(_, view)| sees(view, one)).map(|(role, _)| *role);
        let roles = corporation.map(|_| Role::HousingCorporation).into_iter().chain(others);
        OpenPartners {
            corporation: corporation.or(self.partners.corporation.as_ref()).cloned(),
            seen_by: Some(roles.map(|role| role.as_str().to_owned()).collect()),
            ..self.partners.clone()
        }
    }
}

fn sees(view: &View, one: &Assessed<'_>) -> bool {
    view.sees_obligation(one.obligation, &one.responsible, one.reference.as_deref())
}
