//! For whom a seeker is listed: the partners of the case, each with what it sees (ADR 45).

use std::collections::BTreeSet;

use super::partners::nominated_to;
use super::{Role, View, Viewer, view};
use crate::agreements::AgreementSets;
use crate::allocation::{Stream, Vacancy, weigh};
use crate::category::{AccessLevel, Category};
use crate::day::Day;
use crate::ids::{OrganisationId, TrajectoryId};
use crate::seekers::Seeker;
use crate::trajectory::{Fact, History, Trajectory};

/// A seeker as one audience sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSeeker {
    /// The [role that stands for the audience](seekers_read_as).
    pub audience: Role,
    /// The organisation that it is listed for; none if it is everyone in that role in the region.
    pub organisation: Option<OrganisationId>,
    /// What that audience sees.
    pub seeker: Seeker,
    /// What a weighing reads of it; none for a client who has an offer, or is not ready and not expected.
    pub weighed: Option<weigh::Seeker>,
}

/// The role whose list of seekers callers in this role read: the roles of one organisation see the
/// same of a seeker. None for those who see no course of a case, and so no seekers.
#[must_use]
pub fn seekers_read_as(role: Role) -> Option<Role> {
    match role {
        Role::Client | Role::Guide | Role::CareProvider | Role::NuisanceDesk => Some(Role::CareProvider),
        Role::HousingCorporation | Role::NuisanceOfficer => Some(Role::HousingCorporation),
        Role::MatchingPoint | Role::Auditor => Some(role),
        Role::Municipality | Role::WmoConsultant => None,
    }
}

/// Whether callers in this role do not see which dwelling a vacancy is, or read what was made for those who do not.
pub(super) fn hides_vacant_units(role: Role) -> bool {
    let read_as = [Some(role), seekers_read_as(role)];
    Vacancy::IN_PART.is_some_and(|in_part| read_as.iter().flatten().any(|role| in_part.roles.contains(role)))
}

/// The client of this history as a seeker, once for each audience that sees it: the provider that
/// guides, the corporation that is assigned to the nominated client, the matching point and the
/// auditor of the region. An organisation with a small view beside the partners has none.
#[must_use]
pub fn listed_seekers(id: TrajectoryId, history: &History, sets: &AgreementSets) -> Vec<ListedSeeker> {
    let state = history.state();
    let Some(partners) = &state.partners else { return Vec::new() };
    // Most cases are of clients who have a home.
    if Seeker::of(history, sets, |_, _| true).is_none() {
        return Vec::new();
    }
    let audiences = [
        (Role::CareProvider, Some(Some(&partners.care_provider))),
        (Role::HousingCorporation, nominated_to(state).map(Some)),
        (Role::MatchingPoint, Some(None)),
        (Role::Auditor, Some(None)),
    ];
    let listed = audiences.into_iter().filter_map(|(audience, organisation)| {
        let organisation: Option<&OrganisationId> = organisation?;
        let viewer = Viewer {
            role: audience,
            organisation: organisation.unwrap_or(&partners.municipality).clone(),
            regions: BTreeSet::from([partners.region.clone()]),
            trajectory: None,
        };
        let view = view(&viewer, id, history);
        let (seeker, weighed) = (view.seeker(history, sets)?, view.weighed(id, history, None));
        Some(ListedSeeker { audience, organisation: organisation.cloned(), seeker, weighed })
    });
    listed.collect()
}

/// Whether a client in this state is listed for a viewer: see [`listed_seekers`]. Whether the viewer sees the
/// course, its view says.
#[must_use]
pub fn is_listed_for(viewer: &Viewer, state: &Trajectory) -> bool {
    let Some(partners) = &state.partners else { return false };
    match seekers_read_as(viewer.role) {
        Some(Role::HousingCorporation) => nominated_to(state) == Some(&viewer.organisation),
        Some(Role::MatchingPoint | Role::Auditor) => viewer.regions.contains(&partners.region),
        Some(_) => partners.care_provider == viewer.organisation,
        None => false,
    }
}

impl View {
    /// The seeker as the viewer sees it; none to a viewer that does not see the course.
    #[must_use]
    pub fn seeker(&self, history: &History, sets: &AgreementSets) -> Option<Seeker> {
        self.sees_course()
            .then(|| Seeker::of(history, sets, |fact, category| self.sees_in(fact, category)))
            .flatten()
    }

    /// What a weighing reads of the client on a day, or now, as the viewer sees it; none to a viewer that does
    /// not see the course.
    #[must_use]
    pub fn weighed(&self, id: TrajectoryId, history: &History, on: Option<Day>) -> Option<weigh::Seeker> {
        let shows = |fact: &Fact, category| self.sees_in(fact, category);
        let seeker = || match on {
            Some(on) => weigh::Seeker::on(id, history, on, shows),
            None => weigh::Seeker::now(id, history, shows),
        };
        let seeker = self.sees_course().then(seeker).flatten();
        if self.hides_vacant_units { seeker.map(weigh::Seeker::without_units) } else { seeker }
    }

    fn sees_course(&self) -> bool {
        self.knows() && self.sees(Category::Course) == AccessLevel::All
    }
}
