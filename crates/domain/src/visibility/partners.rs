//! What the course of a trajectory gives each partner and takes away again.

use super::{Category, Role, Sight, Viewer};
use crate::ids::{OrganisationId, TrajectoryId};
use crate::trajectory::Trajectory;
use crate::trajectory::fact::{ConsentScope, Fact, Party};
use crate::trajectory::state::Offer;

/// Whether a viewer may know that the trajectory exists.
pub(super) fn knows(viewer: &Viewer, id: TrajectoryId, trajectory: &Trajectory) -> bool {
    let Some(partners) = &trajectory.partners else { return false };
    // AVG art. 18: it is kept, and nothing else is done with it.
    if trajectory.record.restricted_on.is_some() && viewer.role != Role::Auditor {
        return false;
    }
    match viewer.role {
        // The own provider's word says which client it is: after a transfer that is the new provider's.
        Role::Client => viewer.trajectory == Some(id) && viewer.organisation == partners.care_provider,
        Role::Guide | Role::CareProvider | Role::NuisanceDesk => {
            viewer.organisation == partners.care_provider
        }
        Role::HousingCorporation | Role::NuisanceOfficer => {
            let own = Some(&viewer.organisation);
            [nominated_to(trajectory), housed_by(trajectory), settled_with(trajectory)].contains(&own)
        }
        Role::MatchingPoint | Role::Auditor => viewer.regions.contains(&partners.region),
        Role::Municipality => false,
        Role::WmoConsultant => viewer.organisation == partners.municipality,
    }
}

/// The corporation to which the client is nominated, once it is assigned.
#[must_use]
pub fn nominated_to(trajectory: &Trajectory) -> Option<&OrganisationId> {
    trajectory.corporation.as_ref().filter(|_| trajectory.is_nominated)
}

/// The corporation in whose dwelling the client lives, also once nothing more is told of that.
#[must_use]
pub fn housed_by(trajectory: &Trajectory) -> Option<&OrganisationId> {
    last_landlord(trajectory).filter(|_| !trajectory.tenancy.left)
}

/// The corporation that the client left and that has money to settle: rent or damage for which it may ask the guarantee fund,
/// or a claim that waits for its answer.
#[must_use]
pub fn settled_with(trajectory: &Trajectory) -> Option<&OrganisationId> {
    let claims = &trajectory.claims;
    let may_claim = claims.is_empty() && (trajectory.tenancy.in_arrears || !trajectory.damages.is_empty());
    let open = may_claim || claims.values().any(Option::is_some);
    last_landlord(trajectory).filter(|_| trajectory.tenancy.left && open)
}

fn last_landlord(trajectory: &Trajectory) -> Option<&OrganisationId> {
    trajectory.tenancy.lease.as_ref().map(|lease| &lease.corporation)
}

/// Whether the client took a dwelling of this corporation, or lives in one. Dutch: *match*.
pub(super) fn is_matched_with(corporation: &OrganisationId, trajectory: &Trajectory) -> bool {
    let took = |offer: &Offer| offer.accepted && offer.corporation == *corporation;
    housed_by(trajectory) == Some(corporation) || trajectory.offers.open.as_ref().is_some_and(took)
}

/// What the course of the trajectory keeps back of what the table gives.
pub(super) fn kept_back(category: Category, viewer: &Viewer, trajectory: &Trajectory) -> bool {
    let party = viewer.role.party();
    let shared = matches!(party, Some(Party::HousingCorporation | Party::MatchingPoint));
    let withdrawn =
        shared && trajectory.consents_withdrawn.iter().any(|scope| rests_on(*scope).contains(&category));
    let settles =
        party == Some(Party::HousingCorporation) && settled_with(trajectory) == Some(&viewer.organisation);
    if settles {
        return !matches!(category, Category::Course | Category::Rent);
    }
    let too_early = party == Some(Party::HousingCorporation)
        && !is_matched_with(&viewer.organisation, trajectory)
        && !matches!(category, Category::Course | Category::Dwelling | Category::Consents);
    let too_late = party == Some(Party::HousingCorporation)
        && trajectory.flip.flipped_on.is_some()
        && category == Category::LivingGoals;
    withdrawn || too_early || too_late
}

/// What partners see of a client because of a consent, or until it is withdrawn (our decision: docs/DOMAIN.md §8.1).
pub(super) fn rests_on(scope: ConsentScope) -> &'static [Category] {
    match scope {
        ConsentScope::OutflowProfile => &[Category::Dwelling, Category::Profile],
        ConsentScope::GuidanceGoals => &[Category::LivingGoals],
        ConsentScope::Health => &[Category::Guidance],
        ConsentScope::Finances => &[Category::DebtsArranged, Category::Debts],
        // The neighbours are no partner: there is nothing here that they see.
        ConsentScope::ContactWithNeighbours => &[],
    }
}

/// Whether a consent, its withdrawal, the explanation before it or a departure is a party's own business.
pub(super) fn is_shared_with(fact: &Fact, party: Party) -> bool {
    match fact {
        Fact::PrivacyExplained(explained) => explained.shared_with.contains(&party),
        Fact::ConsentGiven(consent) => consent.recipients.contains(&party),
        Fact::DepartureAgreed(departure) => departure.agreed_by.contains(&party),
        // Who saw something because of it must know that it stops.
        Fact::ConsentWithdrawn(withdrawn) => {
            let roles = Role::ALL.into_iter().filter(|role| role.party() == Some(party));
            let mut sights = roles.flat_map(|role| {
                rests_on(withdrawn.scope).iter().map(move |category| category.seen_by(role))
            });
            sights.any(|sight| sight != Sight::None)
        }
        _ => false,
    }
}
