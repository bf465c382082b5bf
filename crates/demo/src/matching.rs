//! From the request to the keys: offers made, refused, withdrawn and accepted.

use omklap_domain::ids::OfferId;
use omklap_domain::trajectory::fact::{
    Access, AssignmentReturnGround, AssignmentReturned, Attendee, Bottleneck, CaseDiscussed, Considerations,
    CorporationAssigned, DwellingOffered, FittingResult, FittingTestDone, HousingRequested, MissingItem,
    ObstacleRemoved, OfferAccepted, OfferRefused, OfferWithdrawn, Outcome, Party, ReadinessRevoked,
    RefusalGround, RequestReturned, SecondOfferGranted, WithdrawalGround,
};

use super::moving_in;
use super::preparation::{become_ready, contact_person, end};
use super::profile::set_profile;
use super::simulation::{Advance, Finished, Simulation, written};
use super::words;

const WITHDRAWN_BECAUSE: &[WithdrawalGround] = &[
    WithdrawalGround::DwellingNotAvailable,
    WithdrawalGround::NuisanceCameToLight,
    WithdrawalGround::OfferedByMistake,
];

const REFUSED_BECAUSE: &[RefusalGround] = &[
    RefusalGround::TooFarFromNetwork,
    RefusalGround::DwellingDoesNotFit,
    RefusalGround::NeighbourhoodDoesNotFit,
    RefusalGround::RentTooHigh,
    RefusalGround::Other,
];

/// How one offer went.
enum Answer {
    Accepted,
    /// The client used the offer up.
    Refused,
    /// No answer came, which uses nothing up.
    Unanswered,
    /// The corporation took it back.
    Withdrawn,
}

/// Everything from the request to the day of the keys, or to the end if there is no home.
pub(super) fn find_a_home(simulation: &mut Simulation<'_>) -> Advance {
    request(simulation)?;
    loop {
        wait_for_a_dwelling(simulation)?;
        let offer = offer(simulation)?;
        match answer(simulation, offer)? {
            Answer::Accepted => return moving_in::get_the_keys(simulation),
            Answer::Withdrawn | Answer::Unanswered => {}
            Answer::Refused => another_offer(simulation)?,
        }
        if simulation.state().tenancy.lease.is_none() && simulation.trouble(0.08) {
            not_ready_after_all(simulation)?;
        }
    }
}

fn request(simulation: &mut Simulation<'_>) -> Advance {
    simulation.pass(3..25)?;
    nominate(simulation)?;
    if simulation.chance(0.1) {
        simulation.pass(2..10)?;
        let missing = vec![simulation.one_of(&[
            MissingItem::Income,
            MissingItem::Debts,
            MissingItem::IdentityDocument,
            MissingItem::GuidancePlan,
        ])];
        let notes = simulation.perhaps(words::REQUEST_INCOMPLETE);
        simulation.report(RequestReturned { occurred_on: simulation.today, missing, notes })?;
        simulation.pass(4..20)?;
        nominate(simulation)?;
    }
    simulation.pass(2..15)?;
    assign(simulation)?;
    if simulation.chance(0.05) {
        simulation.pass(3..20)?;
        hand_back(simulation)?;
        simulation.pass(2..10)?;
        assign(simulation)?;
    }
    contact_person(simulation, Party::HousingCorporation)
}

/// A corporation is asked, by the matching point or by the provider.
fn assign(simulation: &mut Simulation<'_>) -> Advance {
    let corporation = written(simulation.one_of(simulation.region.corporations));
    let together = simulation.provider_assigns() && simulation.chance(0.6);
    let assigned_by = together.then_some(Party::CareProvider);
    simulation.report(CorporationAssigned { occurred_on: simulation.today, corporation, assigned_by })
}

/// The corporation sees no fitting home for the client.
fn hand_back(simulation: &mut Simulation<'_>) -> Advance {
    let Some(corporation) = simulation.state().corporation.clone() else { return Ok(()) };
    let ground = simulation.one_of(&[
        AssignmentReturnGround::NoFittingDwelling,
        AssignmentReturnGround::Spreading,
        AssignmentReturnGround::NetworkElsewhere,
    ]);
    let explanation = simulation.perhaps(words::ASSIGNMENT_RETURNED);
    simulation.report(AssignmentReturned { occurred_on: simulation.today, corporation, ground, explanation })
}

fn nominate(simulation: &mut Simulation<'_>) -> Advance {
    let application = Some(simulation.code("aanmelding:"));
    simulation.report(HousingRequested { occurred_on: simulation.today, application })
}

/// In four of five cases a home is offered within three months (docs/DOMAIN.md §6).
fn wait_for_a_dwelling(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.chance(0.8) {
        return simulation.pass(15..80);
    }
    simulation.pass(60..95)?;
    discuss(simulation, Bottleneck::DwellingSupply)?;
    simulation.pass(15..120)
}

/// The case is brought to the case table.
pub(super) fn discuss(simulation: &mut Simulation<'_>, bottleneck: Bottleneck) -> Advance {
    let outcome = simulation.words(words::CASE_TABLE);
    let attendees = attendees(simulation);
    let occurred_on = simulation.today;
    simulation.report_with_slips(CaseDiscussed { occurred_on, bottleneck, outcome, attendees })?;
    if simulation.chance(0.25) {
        let explanation = simulation.perhaps(words::OBSTACLE_REMOVED);
        simulation.later(10..60, |on| ObstacleRemoved { occurred_on: on, bottleneck, explanation });
    }
    Ok(())
}

/// The provider, and more or fewer of the others.
fn attendees(simulation: &mut Simulation<'_>) -> Vec<Attendee> {
    let others = [Party::HousingCorporation, Party::Municipality, Party::MatchingPoint, Party::Client];
    let others = others.map(|party| simulation.chance(0.6).then_some(party)).into_iter().flatten();
    let all = [Party::CareProvider].into_iter().chain(others.collect::<Vec<_>>());
    all.map(|party| Attendee { party, organisation: simulation.organisation_of(party) }).collect()
}

fn offer(simulation: &mut Simulation<'_>) -> Result<OfferId, Finished> {
    let offer_id = OfferId(simulation.id());
    let at = simulation.one_of(simulation.region.municipalities);
    let considerations = Considerations {
        wishes: simulation.words(words::WISHES),
        profile: simulation.words(words::PROFILE_WEIGHED),
        dwelling: simulation.words(words::DWELLINGS),
        neighbourhood: simulation.words(words::STAIRWELLS),
        network: simulation.words(words::NETWORK),
        day_activity: simulation.words(words::DAY_ACTIVITY),
    };
    let corporation = simulation.state().corporation.clone().expect("it was assigned with the request");
    let (unit, complex) =
        (simulation.unit("VHE-", offer_id.0), simulation.chance(0.5).then(|| simulation.code("C-")));
    // A complex has a lift.
    let access = if complex.is_some() { Access::GroundFloorOrLift } else { Access::AnyFloor };
    let offered = DwellingOffered {
        occurred_on: simulation.today,
        offer_id,
        corporation,
        unit,
        complex,
        municipality: written(at.code),
        rent_cents: simulation.cents(48_000..70_000),
        access: Some(access),
        nuisance_on_file: false,
        considerations,
        vacancy: None,
        weighing: None,
        why: None,
        agreed_by: vec![Party::CareProvider, Party::HousingCorporation],
        respond_by: Some(simulation.today.plus_weeks(2)),
    };
    simulation.report(offered)?;
    Ok(offer_id)
}

fn answer(simulation: &mut Simulation<'_>, offer_id: OfferId) -> Result<Answer, Finished> {
    simulation.pass(2..9)?;
    match simulation.days(0..100) {
        0..7 => {
            let ground = simulation.one_of(WITHDRAWN_BECAUSE);
            withdraw(simulation, offer_id, ground)
        }
        7..16 => {
            let ground = simulation.one_of(REFUSED_BECAUSE);
            refuse(simulation, offer_id, ground)
        }
        16..18 => {
            simulation.pass(13..20)?;
            refuse(simulation, offer_id, RefusalGround::NotAnsweredInTime)?;
            Ok(Answer::Unanswered)
        }
        _ => accept(simulation, offer_id),
    }
}

/// Accepted; now and then the dwelling is lost before there is a lease.
fn accept(simulation: &mut Simulation<'_>, offer_id: OfferId) -> Result<Answer, Finished> {
    let viewed_on = Some(simulation.today.plus_days(-1));
    simulation.report(OfferAccepted { occurred_on: simulation.today, offer_id, viewed_on })?;
    simulation.report(FittingTestDone {
        occurred_on: simulation.today,
        offer_id,
        result: FittingResult::Fits,
        tested_by: Party::HousingCorporation,
    })?;
    if simulation.chance(0.98) {
        return Ok(Answer::Accepted);
    }
    simulation.pass(3..12)?;
    withdraw(simulation, offer_id, WithdrawalGround::DwellingNotAvailable)
}

fn withdraw(
    simulation: &mut Simulation<'_>,
    offer_id: OfferId,
    ground: WithdrawalGround,
) -> Result<Answer, Finished> {
    let explanation = simulation.perhaps(words::OFFER_WITHDRAWN);
    simulation.report(OfferWithdrawn { occurred_on: simulation.today, offer_id, ground, explanation })?;
    Ok(Answer::Withdrawn)
}

fn refuse(
    simulation: &mut Simulation<'_>,
    offer_id: OfferId,
    ground: RefusalGround,
) -> Result<Answer, Finished> {
    let explanation = simulation.perhaps(words::OFFER_REFUSED);
    simulation.report(OfferRefused { occurred_on: simulation.today, offer_id, ground, explanation })?;
    Ok(Answer::Refused)
}

/// After the one offer the partners decide: one more, or it ends here. A client who has a home
/// stays there.
fn another_offer(simulation: &mut Simulation<'_>) -> Advance {
    simulation.pass(4..20)?;
    discuss(simulation, Bottleneck::Mismatch)?;
    if simulation.state().tenancy.lease.is_none() && simulation.chance(0.2) {
        return end(simulation, Outcome::OfferRefused);
    }
    let reason = simulation.words(words::SECOND_OFFER);
    simulation.report(SecondOfferGranted { occurred_on: simulation.today, reason })
}

/// The corporation found a home and the client is not ready for it (S2 Hoeksche Waard).
fn not_ready_after_all(simulation: &mut Simulation<'_>) -> Advance {
    let reason = simulation.words(words::NOT_READY);
    simulation.report(ReadinessRevoked { occurred_on: simulation.today, reason })?;
    simulation.pass(60..200)?;
    set_profile(simulation)?;
    simulation.pass(10..60)?;
    become_ready(simulation)?;
    request(simulation)
}
