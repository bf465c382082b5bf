//! Lives that many tests start from, named by what was just reached.

use super::*;

pub fn preparing() -> Story {
    nothing().then(intake)
}

pub fn ready() -> Story {
    preparing().then(profile).then(readiness_confirmed)
}

pub fn nominated() -> Story {
    ready().then(housing_requested)
}

/// Nominated, with a corporation that may offer.
pub fn matching() -> Story {
    nominated().then(corporation_assigned)
}

pub fn offered() -> Story {
    matching().then(dwelling_offered)
}

pub fn contracting() -> Story {
    offered().then(offer_accepted)
}

/// An accepted offer under a set that lets clients have their own lease from the first day.
pub fn contracting_in_amsterdam() -> Story {
    let bound = |on| IntakeRegistered { agreement_set: bound_to("amsterdam-2020"), ..intake(on) };
    let ready = nothing().then(bound).then(profile).then(readiness_confirmed);
    let offered = ready.then(housing_requested).then(corporation_assigned).then(dwelling_offered);
    offered.then(offer_accepted)
}

pub fn housed_under_own_lease() -> Story {
    contracting_in_amsterdam().then(own_lease).then(living_agreements)
}

pub fn nominated_in_the_north_of_limburg() -> Story {
    nothing()
        .then(intake_in_the_north_of_limburg)
        .then(profile)
        .then(readiness_confirmed)
        .then(housing_requested)
}

pub fn contracting_in_the_north_of_limburg() -> Story {
    nominated_in_the_north_of_limburg().then(corporation_assigned).then(dwelling_offered).then(offer_accepted)
}

/// Living under an intermediary lease, and nothing agreed yet.
pub fn moved_in() -> Story {
    contracting().then(intermediary_lease)
}

/// Living under an intermediary lease, with everything that is agreed at the start.
pub fn housed() -> Story {
    moved_in().then(living_agreements).then(flip_conditions)
}

/// At home under a three-party lease that a guarantee fund backs.
pub fn backed_by_the_fund() -> Story {
    contracting_in_the_north_of_limburg()
        .then(three_party_lease)
        .then(living_agreements)
        .then(flip_conditions)
}

pub fn housed_under_temporary_lease() -> Story {
    contracting().then(temporary_lease)
}

/// Living in a dwelling, while another one is sought.
pub fn seeking_another_dwelling() -> Story {
    housed().then(housing_requested)
}

/// All three agree on the first talk.
pub fn all_agree(story: Story) -> Story {
    THE_THREE.into_iter().fold(story, |story, party| story.then(position_of(party, Position::Agree)))
}

/// A year later, the flip talk was held, the new rent was shown, and all three agree.
pub fn agreed_to_flip() -> Story {
    all_agree(housed().months_later(12).then(flip_talk).then(rent_disclosed))
}

/// Everything that a flip needs is in place.
pub fn approved_to_flip() -> Story {
    agreed_to_flip().then(aftercare).then(flip_approved)
}

pub fn flipped() -> Story {
    approved_to_flip().then(contract_flipped)
}

/// The flip of a client who lives like this.
pub fn flipped_from(home: Story) -> Story {
    let agreed = all_agree(home.months_later(12).then(flip_talk).then(rent_disclosed));
    agreed.then(aftercare).then(flip_approved).then(contract_flipped)
}

/// Three years after the flip, still at home.
pub fn completed() -> Story {
    flipped().months_later(36).then(follow_up_ended)
}

pub fn deceased() -> Story {
    housed().then(ended_with(Outcome::Deceased))
}

/// A nuisance case at level 0.
pub fn nuisance() -> Story {
    housed().then(nuisance_reported)
}

/// A nuisance case at level 1.
pub fn with_an_approach() -> Story {
    nuisance().then(approach_agreed)
}

/// A nuisance case at level 2.
pub fn scaled_up() -> Story {
    with_an_approach().then(escalated)
}

/// A nuisance case at level 3, with two warnings.
pub fn warned() -> Story {
    scaled_up().then(warning).days_later(13).then(warning)
}

/// A nuisance case at level 4.
pub fn on_a_last_chance() -> Story {
    warned().then(last_chance)
}

/// The lease is being ended for a nuisance case.
pub fn losing_the_home() -> Story {
    on_a_last_chance().then(termination)
}

/// The notice is over, and a court ordered the eviction.
pub fn put_out() -> Story {
    losing_the_home().then(eviction_ordered).months_later(3)
}

/// The nuisance stopped; the quiet period has begun.
pub fn quiet() -> Story {
    with_an_approach().then(nuisance_resolved)
}

pub fn allowed_to_return() -> Story {
    housed().then(return_requested).then(test_done)
}

/// A life in this phase.
pub fn life_in(phase: Phase) -> Story {
    match phase {
        Phase::Unopened => nothing(),
        Phase::Preparing => preparing(),
        Phase::Ready => ready(),
        Phase::Matching => matching(),
        Phase::Offered => offered(),
        Phase::Contracting => contracting(),
        Phase::Housed => housed(),
        // The first check is due.
        Phase::FollowUp => flipped().months_later(3),
        Phase::Ended => completed(),
    }
}
