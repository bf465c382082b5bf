//! How the course of a trajectory gives partners access, and ends it.

use super::beside::{Beside, beside};
use super::{AccessLevel, Category, Role, Viewer};
use crate::ids::{LeaseId, OrganisationId, TrajectoryId};
use crate::trajectory::Trajectory;
use crate::trajectory::fact::{ConsentScope, Fact, Party};
use crate::trajectory::state::{Claim, Lease, Loss, Offer};

/// Whether a viewer has access to the trajectory at all: as a partner, or with a small view beside them.
pub(super) fn knows(viewer: &Viewer, id: TrajectoryId, trajectory: &Trajectory) -> bool {
    is_a_partner(viewer, id, trajectory) || small_view(viewer, id, trajectory).is_some()
}

/// The small view of a viewer that is no partner, if it has one.
pub(super) fn small_view(viewer: &Viewer, id: TrajectoryId, trajectory: &Trajectory) -> Option<Beside> {
    let may_be = trajectory.record.restricted_on.is_none() && !is_a_partner(viewer, id, trajectory);
    beside(viewer, trajectory).filter(|_| may_be)
}

/// Whether a viewer has access as a partner.
fn is_a_partner(viewer: &Viewer, id: TrajectoryId, trajectory: &Trajectory) -> bool {
    let Some(partners) = &trajectory.partners else { return false };
    // AVG art. 18: the data is stored, and processed in no other way.
    if trajectory.record.restricted_on.is_some() && viewer.role != Role::Auditor {
        return false;
    }
    match viewer.role {
        // The provider's token identifies the client; after a transfer only the new provider's
        // does.
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

/// The corporation in whose dwelling the client lives, also after reports about it have ended.
#[must_use]
pub fn housed_by(trajectory: &Trajectory) -> Option<&OrganisationId> {
    last_landlord(trajectory).filter(|_| !trajectory.tenancy.left)
}

/// The corporation that the client left and that still has money to settle: rent that was not paid, a
/// damage that was neither settled nor claimed, or a claim without an answer. Whether the region has a
/// guarantee fund makes no difference.
#[must_use]
pub fn settled_with(trajectory: &Trajectory) -> Option<&OrganisationId> {
    let tenancy = &trajectory.tenancy;
    // A loss of a former home, and its claim, are settled without this corporation.
    let theirs = |lease: &LeaseId| tenancy.of_the_landlord.contains(lease);
    let to_settle = |loss: &Loss| loss.is_open() && theirs(&loss.lease);
    let rents = trajectory.rents_missed.values().filter(|_| tenancy.in_arrears);
    let awaits = |claim: &Claim| claim.open.is_some() && claim.lease.as_ref().is_none_or(theirs);
    let open =
        trajectory.damages.values().chain(rents).any(to_settle) || trajectory.claims.values().any(awaits);
    last_landlord(trajectory).filter(|_| tenancy.left && open)
}

fn last_landlord(trajectory: &Trajectory) -> Option<&OrganisationId> {
    trajectory.tenancy.lease.as_ref().map(|lease| &lease.corporation)
}

/// Whether the client accepted a dwelling of this corporation, or lives in one. Dutch: *match*.
pub(super) fn is_matched_with(corporation: &OrganisationId, trajectory: &Trajectory) -> bool {
    let took = |offer: &Offer| offer.accepted && offer.corporation == *corporation;
    housed_by(trajectory) == Some(corporation) || trajectory.offers.open.as_ref().is_some_and(took)
}

/// Whether the course of the trajectory hides a category that the table shows.
pub(super) fn kept_back(
    category: Category,
    viewer: &Viewer,
    id: TrajectoryId,
    trajectory: &Trajectory,
) -> bool {
    let party = viewer.role.party();
    let small = small_view(viewer, id, trajectory);
    let shared = small.is_some()
        || matches!(party, Some(Party::HousingCorporation | Party::MatchingPoint | Party::Municipality));
    let withdrawn =
        shared && trajectory.consents_withdrawn.iter().any(|scope| rests_on(*scope).contains(&category));
    if let Some(small) = small {
        return withdrawn || !small.sees(category);
    }
    let settles =
        party == Some(Party::HousingCorporation) && settled_with(trajectory) == Some(&viewer.organisation);
    if settles {
        return !matches!(category, Category::Course | Category::Rent | Category::GuaranteeFund);
    }
    let too_early = party == Some(Party::HousingCorporation)
        && !is_matched_with(&viewer.organisation, trajectory)
        && !matches!(
            category,
            Category::Course
                | Category::CaseTable
                | Category::TableTalk
                | Category::Dwelling
                | Category::CandidateList
                | Category::DwellingProfile
                | Category::Weighed
                | Category::Consents
        );
    let not_to_be_weighed = party == Some(Party::HousingCorporation)
        && category == Category::Weighed
        && !weighs(&viewer.organisation, trajectory);
    // To a tenant with a lease of their own the corporation is a landlord like any other.
    let own = trajectory.flip.flipped_on.is_some()
        || trajectory.tenancy.lease.as_ref().is_some_and(Lease::was_always_own);
    let too_late = party == Some(Party::HousingCorporation) && own && category == Category::LivingGoals;
    withdrawn || too_early || too_late || not_to_be_weighed
}

/// Whether a corporation weighs which dwelling fits the client: it is assigned, no lease has followed, and
/// the client consented that the profile is shared with corporations (S0).
fn weighs(corporation: &OrganisationId, trajectory: &Trajectory) -> bool {
    nominated_to(trajectory) == Some(corporation)
        && trajectory.profile_shared_with.contains(&Party::HousingCorporation)
}

/// What partners see because of a consent, or until it is withdrawn (our decision: docs/DOMAIN.md
/// §8.1).
pub(super) fn rests_on(scope: ConsentScope) -> &'static [Category] {
    match scope {
        ConsentScope::OutflowProfile => {
            &[Category::Dwelling, Category::DwellingProfile, Category::Weighed, Category::Profile]
        }
        ConsentScope::GuidanceGoals => &[Category::LivingGoals],
        ConsentScope::Health => &[Category::Guidance],
        ConsentScope::Finances => &[Category::DebtsArranged, Category::Debts],
        // Neighbours are not a partner: they have no access here.
        ConsentScope::ContactWithNeighbours => &[],
    }
}

/// Whether a consent, its withdrawal, the explanation before it or a departure concerns this party, or
/// whether this organisation was at the table.
pub(super) fn is_shared_with(fact: &Fact, party: Party, organisation: &OrganisationId) -> bool {
    match fact {
        Fact::CaseDiscussed(discussed) => discussed.was_attended_by(organisation),
        Fact::PrivacyExplained(explained) => explained.shared_with.contains(&party),
        Fact::ConsentGiven(consent) => consent.recipients.contains(&party),
        Fact::DepartureAgreed(departure) => {
            departure.agreed_by.contains(&party) || departure.asks.contains(&party)
        }
        // A party that had access because of the consent must see that the access ends.
        Fact::ConsentWithdrawn(withdrawn) => {
            let roles = Role::ALL.into_iter().filter(|role| role.party() == Some(party));
            let mut levels = roles.flat_map(|role| {
                rests_on(withdrawn.scope).iter().map(move |category| category.seen_by(role))
            });
            levels.any(|level| level != AccessLevel::None)
        }
        _ => false,
    }
}
