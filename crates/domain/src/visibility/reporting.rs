//! Which role may report which fact. The phases that admit a fact are in a table of their own.

use std::cell::LazyCell;

use super::beside::Beside;
use super::not_theirs::{Ground, NotTheirs};
use super::parties::Parties;
use super::partners::small_view;
use super::{AccessLevel, Role, Shown, View, Viewer, view};
use crate::agreements::AgreementSets;
use crate::day::Day;
use crate::ids::{OrganisationId, TrajectoryId};
use crate::register::partners_in;
use crate::trajectory::fact::{Attendee, Fact, LeaseTerms, Origin, Outcome, Party, RefusalGround};
use crate::trajectory::situation::Situation;
use crate::trajectory::{FactType, History};

/// Whether a caller may report these facts on a trajectory with this history.
///
/// # Errors
/// Each fact that the caller may not report.
pub fn may_report(
    viewer: &Viewer,
    id: TrajectoryId,
    history: &History,
    facts: &[Fact],
) -> Result<(), Vec<NotTheirs>> {
    let seen = LazyCell::new(|| view(viewer, id, history));
    let mut parties = Parties::of(history);
    let small = small_view(viewer, id, history.state());
    let not_theirs = |(index, fact): (usize, &Fact)| {
        let ground = not_theirs(viewer, &seen, history, &parties, fact)
            .or_else(|| outside_a_small_view(viewer, small, fact));
        parties.add(fact);
        Some(NotTheirs { index, fact_type: fact.fact_type(), ground: ground? })
    };
    let not_theirs: Vec<_> = facts.iter().enumerate().filter_map(not_theirs).collect();
    if not_theirs.is_empty() { Ok(()) } else { Err(not_theirs) }
}

/// Whether a program that brings whole histories may open this one. Its facts are those of all
/// partners; but the case is one of the program's own region, and its role coordinates the region, or
/// opens such a case by itself for one of the partners that the history names (decision: ADR 32).
///
/// # Errors
/// The opening fact, if the case is another's.
pub fn may_import(viewer: &Viewer, history: &[Fact]) -> Result<(), Vec<NotTheirs>> {
    // Anything else opens nothing, and the rules say so.
    let opens = |fact: &&Fact| matches!(fact, Fact::IntakeRegistered(_) | Fact::RunningCaseTakenOver(_));
    let Some(opening) = history.first().filter(opens) else { return Ok(()) };
    let names_own = || history.iter().flat_map(partners_in).any(|(id, _)| *id == viewer.organisation);
    let coordinates = viewer.role == Role::MatchingPoint;
    let opens_some = coordinates || opening.fact_type().row().reporters.contains(&viewer.role);
    let ground = opens_elsewhere(viewer, opening)
        .or_else(|| (!opens_some).then_some(Ground::OfOtherRoles))
        .or_else(|| (!coordinates && !names_own()).then_some(Ground::SpeaksForAnother("/careProvider")));
    ground.map_or(Ok(()), |ground| Err(vec![NotTheirs { index: 0, fact_type: opening.fact_type(), ground }]))
}

/// The kinds among these of which the viewer may report some fact on this day, and of which some fact
/// is possible in the case as it is on this day, as far as the viewer sees why. A report of any other
/// kind is refused, by [`may_report`] or by the rules, whatever its fields. For a trajectory that is
/// not open yet, [`may_report`] decides.
#[must_use]
pub fn reportable(
    viewer: &Viewer,
    seen: &View,
    history: &History,
    on: Day,
    sets: &AgreementSets,
    mut kinds: Vec<FactType>,
) -> Vec<FactType> {
    let state = history.state_on(on);
    let situation = Situation::of(&state, on, sets);
    kinds.retain(|kind| situation.is_none_or(|situation| is_possible(*kind, seen, situation)));
    // Of the parties that may keep a guarantee fund, only the one that does settles claims.
    let keeper = situation.and_then(|situation| situation.keeper_of_the_fund(sets));
    kinds.retain(|kind| {
        *kind != FactType::GuaranteeFundSettled || keeper.is_none() || keeper == viewer.role.party()
    });
    let parties = Parties::of(history);
    let of_a_corporation = viewer.role.party() == Some(Party::HousingCorporation);
    let is_theirs = |fact: &Fact| not_theirs_plain(viewer, &parties, fact).is_none();
    kinds.retain(|kind| seen.small.map_or(!is_the_receivers(*kind), |small| small.reports_some(*kind)));
    kinds.retain(|kind| match kind {
        _ if !kind.row().reporters.contains(&viewer.role) => false,
        FactType::EventCorrected => {
            let mut recorded = history.recorded().iter();
            recorded.any(|fact| is_theirs(fact) && seen.show(fact) != Shown::Withheld)
        }
        _ => !of_a_corporation || parties.admits(&viewer.organisation, *kind, on),
    });
    kinds
}

/// Whether the case has everything that a fact of this kind needs, as far as the viewer sees that.
fn is_possible(kind: FactType, seen: &View, situation: Situation<'_>) -> bool {
    let mut lacks = situation.lacks(kind, |signal| seen.sees_signal(signal));
    !lacks.any(|need| seen.sees(need.category()) == AccessLevel::All)
}

/// Why a viewer with a small view may not report a fact, and any other viewer not what only a receiver
/// reports.
fn outside_a_small_view(viewer: &Viewer, small: Option<Beside>, fact: &Fact) -> Option<Ground> {
    let reports = match small {
        Some(small) => small.reports(fact, &viewer.organisation),
        None => !is_the_receivers(fact.fact_type()),
    };
    (!reports).then_some(Ground::SpeaksForAnother("/type"))
}

/// Whether only the receiver of a move to another region reports it.
fn is_the_receivers(kind: FactType) -> bool {
    matches!(kind, FactType::RegionTransferAccepted | FactType::RegionTransferRefused)
}

/// Why a caller may not report a fact; none if it may.
fn not_theirs(
    viewer: &Viewer,
    seen: &LazyCell<View, impl FnOnce() -> View>,
    history: &History,
    parties: &Parties,
    fact: &Fact,
) -> Option<Ground> {
    let Fact::EventCorrected(correction) = fact else {
        return not_theirs_plain(viewer, parties, fact).or_else(|| opens_elsewhere(viewer, fact));
    };
    let at = correction.corrects.checked_sub(1).and_then(|at| usize::try_from(at).ok());
    // The rules refuse a correction of a fact that does not exist. A hidden fact is refused here, and so is
    // the receiver's refusal of a move to another region.
    let is_of_another = |corrected: &Fact| {
        seen.show(corrected) == Shown::Withheld
            || corrected.fact_type() == FactType::RegionTransferRefused
            || not_theirs_plain(viewer, parties, corrected).is_some()
    };
    if !FactType::EventCorrected.row().reporters.contains(&viewer.role) {
        Some(Ground::OfOtherRoles)
    } else if at.and_then(|at| history.recorded().get(at)).is_some_and(is_of_another) {
        Some(Ground::SpeaksForAnother("/corrects"))
    } else {
        let replacement = correction.replacement.as_deref();
        replacement
            .and_then(|replacement| {
                not_theirs_plain(viewer, parties, replacement)
                    .or_else(|| opens_elsewhere(viewer, replacement))
            })
            .map(|_| Ground::SpeaksForAnother("/replacement"))
    }
}

/// Why a case may not be opened: by the register, the organisation does not serve its region.
fn opens_elsewhere(viewer: &Viewer, fact: &Fact) -> Option<Ground> {
    let region = match fact {
        Fact::IntakeRegistered(intake) => &intake.region,
        Fact::RunningCaseTakenOver(case) => &case.region,
        _ => return None,
    };
    (!viewer.regions.contains(region)).then_some(Ground::RegionOfOthers("/region"))
}

/// Why a caller may not report a fact that is no correction; none if it may.
fn not_theirs_plain(viewer: &Viewer, parties: &Parties, fact: &Fact) -> Option<Ground> {
    if !fact.fact_type().row().reporters.contains(&viewer.role) {
        return Some(Ground::OfOtherRoles);
    }
    let party = viewer.role.party();
    let of_ours = |organisation: &OrganisationId| *organisation == viewer.organisation;
    let is_landlord = |terms: &LeaseTerms| of_ours(&terms.corporation) || of_ours(&terms.care_provider);
    let (speaks_for_itself, field) = match fact {
        // Prevention (S2 Den Haag): a corporation or a municipality opens the case of somebody who is
        // about to lose a home, and of nobody else.
        Fact::IntakeRegistered(intake) if party != Some(Party::CareProvider) => match party {
            Some(Party::Municipality) if !of_ours(&intake.municipality) => (false, "/municipality"),
            // A corporation that is named as the one that referred the client follows the case.
            _ if intake.referred_by.as_ref().is_some_and(|named| !of_ours(named)) => (false, "/referredBy"),
            _ => (intake.origin == Origin::HomeAtRisk, "/origin"),
        },
        Fact::IntakeRegistered(intake) => (of_ours(&intake.care_provider), "/careProvider"),
        Fact::RunningCaseTakenOver(case) => (of_ours(&case.care_provider), "/careProvider"),
        Fact::ContactPersonAssigned(contact)
            if contact.organisation.as_ref().is_some_and(|named| !of_ours(named)) =>
        {
            (false, "/organisation")
        }
        Fact::ContactPersonAssigned(contact) => (party == Some(contact.party), "/party"),
        Fact::GuaranteeFundSettled(settled) => (party == Some(settled.settler()), "/settledBy"),
        Fact::CorporationAssigned(assigned) => (party == Some(assigned.assigner()), "/assignedBy"),
        // What was said is shown to those who were at the table, so only they write it down.
        Fact::CaseDiscussed(discussed) if !discussed.attendees.is_empty() => {
            let of_ours = |attendee: &Attendee| {
                party == Some(attendee.party) && attendee.organisation.as_ref().is_none_or(of_ours)
            };
            (discussed.attendees.iter().any(of_ours), "/attendees")
        }
        Fact::RegionTransferAccepted(accepted) => match party {
            Some(Party::Municipality) => (of_ours(&accepted.to.municipality), "/to/municipality"),
            _ => (of_ours(&accepted.to.care_provider), "/to/careProvider"),
        },
        Fact::AssignmentReturned(returned) => (of_ours(&returned.corporation), "/corporation"),
        Fact::FittingTestDone(tested) => (party == Some(tested.tested_by), "/testedBy"),
        Fact::DwellingOffered(offer) => (of_ours(&offer.corporation), "/corporation"),
        Fact::HousedUnderIntermediaryLease(housed) => (is_landlord(&housed.terms), "/terms"),
        Fact::HousedUnderThreePartyLease(housed) => (is_landlord(&housed.terms), "/terms"),
        Fact::HousedUnderTemporaryLease(housed) => (is_landlord(&housed.terms), "/terms"),
        // A corporation does not refuse on the client's behalf. It only says that no answer came.
        Fact::OfferRefused(refused) if party == Some(Party::HousingCorporation) => {
            (refused.ground == RefusalGround::NotAnsweredInTime, "/ground")
        }
        Fact::HousedUnderOwnLease(housed) => (is_landlord(&housed.terms), "/terms"),
        Fact::LeaseEndAgreed(agreed) => {
            (party.is_some_and(|party| agreed.signed_by.contains(&party)), "/signedBy")
        }
        // Where the client came from is guidance data: a coordinator would learn it from the answer.
        Fact::TrajectoryEnded(end) if end.outcome == Outcome::HomeKept => {
            (party == Some(Party::CareProvider), "/outcome")
        }
        Fact::WarningIssued(warning) => (party == Some(warning.by), "/by"),
        Fact::FlipPositionGiven(given) => (party == Some(given.party), "/party"),
        Fact::DepartureAgreed(departure) => {
            // No party agrees on behalf of another.
            (departure.agreed_by.iter().all(|agrees| party == Some(*agrees)), "/agreedBy")
        }
        _ => (true, ""),
    };
    if !speaks_for_itself {
        return Some(Ground::SpeaksForAnother(field));
    }
    let of_a_corporation = party == Some(Party::HousingCorporation);
    parties.refuse(&viewer.organisation, fact).filter(|_| of_a_corporation)
}
