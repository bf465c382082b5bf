//! For whom a seeker is listed: the partners of the case, each with what it sees (ADR 45).

use std::collections::BTreeSet;

use super::partners::nominated_to;
use super::{Role, View, Viewer, view};
use crate::agreements::AgreementSets;
use crate::category::{AccessLevel, Category};
use crate::ids::{OrganisationId, TrajectoryId};
use crate::seekers::Seeker;
use crate::trajectory::History;

/// A seeker as one audience sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSeeker {
    /// The [role that stands for the audience](seekers_read_as).
    pub audience: Role,
    /// The organisation that it is listed for; none if it is everyone in that role in the region.
    pub organisation: Option<OrganisationId>,
    /// What that audience sees.
    pub seeker: Seeker,
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
        let seeker = view(&viewer, id, history).seeker(history, sets)?;
        Some(ListedSeeker { audience, organisation: organisation.cloned(), seeker })
    });
    listed.collect()
}

impl View {
    /// The seeker as the viewer sees it; none to a viewer that does not see the course.
    #[must_use]
    pub fn seeker(&self, history: &History, sets: &AgreementSets) -> Option<Seeker> {
        let sees_course = self.knows() && self.sees(Category::Course) == AccessLevel::All;
        sees_course
            .then(|| Seeker::of(history, sets, |fact, category| self.sees_in(fact, category)))
            .flatten()
    }
}
