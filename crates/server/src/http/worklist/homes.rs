//! The homes of a worklist that another case holds as well (`docs/DOMAIN.md` §3.9). Each side sees its
//! own offer or lease, and nothing of the other.

use omklap_domain::holds::{HeldBy, Matter};
use omklap_domain::ids::{OrganisationId, TrajectoryId, UnitId, VacancyId};
use omklap_domain::visibility::{Category, Viewer};
use omklap_store::{HeldTwice, VacantTwice};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::view::disclosure::Disclosure;
use crate::http::view::listed::ListedCases;

/// A home that another case holds as well, as far as the caller's own case goes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistHome)]
#[serde(rename_all = "camelCase")]
pub(super) struct HomeBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The client's name; absent if the caller may not see it, or if it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Sam de Boer")]
    client_name: Option<String>,
    /// The case number of the caller's own organisation, if it gave one; nobody else sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ZV-2026-0041")]
    own_reference: Option<String>,
    /// What has to be done: one of the records is to be corrected, or the offer is to be withdrawn.
    matter: Matter,
    /// Whether this trajectory holds the home by an offer or by a lease.
    what: HeldBy,
    /// The offer or the lease.
    id: Uuid,
    /// The corporation whose home it is.
    #[schema(value_type = String, example = "woonstichting-noord")]
    corporation: OrganisationId,
    /// The home.
    #[schema(value_type = String, example = "VHE-00412")]
    unit: UnitId,
}

/// A vacancy that is open while another of the same home is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorklistVacancy)]
#[serde(rename_all = "camelCase")]
pub(super) struct VacancyBody {
    /// The vacancy.
    vacancy_id: VacancyId,
    /// The corporation whose home it is.
    #[schema(value_type = String, example = "woonstichting-noord")]
    corporation: OrganisationId,
    /// The home.
    #[schema(value_type = String, example = "VHE-00412")]
    unit: UnitId,
    /// What has to be done: one of the records is to be corrected.
    matter: Matter,
    /// The other open vacancies of the home.
    other_vacancies: Vec<VacancyId>,
}

impl From<VacantTwice> for VacancyBody {
    fn from(VacantTwice { vacancy, corporation, unit, others }: VacantTwice) -> Self {
        Self { vacancy_id: vacancy, corporation, unit, matter: Matter::Disputed, other_vacancies: others }
    }
}

impl HomeBody {
    /// What the caller sees, and may put right.
    pub fn list(found: Vec<HeldTwice>, viewer: &Viewer, cases: &ListedCases) -> Vec<Self> {
        let seen = |one: &HeldTwice| cases.works_on_home(viewer, one.row.trajectory_id, &one.row.corporation);
        let body = |HeldTwice { row, matter }| Self {
            trajectory_id: row.trajectory_id,
            client_name: cases.name(row.trajectory_id),
            own_reference: cases.reference(row.trajectory_id),
            matter,
            what: row.what,
            id: row.what_id,
            corporation: row.corporation,
            unit: row.unit.0,
        };
        found.into_iter().filter(seen).map(body).collect()
    }

    /// What these homes disclose.
    pub fn disclosures(homes: &[Self]) -> impl Iterator<Item = Disclosure> {
        homes.iter().map(|home| {
            let name = home.client_name.as_ref().map(|_| Category::Identity);
            Disclosure::of_each([home.trajectory_id], [Category::Dwelling].into_iter().chain(name))
        })
    }
}
