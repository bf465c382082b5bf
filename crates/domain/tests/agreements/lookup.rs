//! Helpers that look up the status of an obligation on a day.

use omklap_domain::agreements::assess::assess;
use omklap_domain::agreements::{Assessed, Status};

use crate::vocabulary::*;

/// The instances of an obligation in a story, in the order of starting.
pub fn instances(story: &Story, id: &str) -> Vec<Assessed<'static>> {
    assess(&story.history, &SETS).into_iter().filter(|one| one.obligation.id.as_str() == id).collect()
}

/// The status of the first instance of an obligation on a day.
#[track_caller]
pub fn status(story: &Story, id: &str, day: Day) -> Status {
    instances(story, id).first().expect("the set has it").status_on(day)
}

/// The day of the latest fact.
pub fn today(story: &Story) -> Day {
    story.next.plus_days(-1)
}

/// The partners agree to set an obligation aside.
pub fn departure_from(id: &'static str) -> impl FnOnce(Day) -> DepartureAgreed {
    use Party::{CareProvider, Client, HousingCorporation, MatchingPoint, Municipality};
    let agreed_by = vec![Client, CareProvider, HousingCorporation, Municipality, MatchingPoint];
    move |on| DepartureAgreed { obligation: code(id), agreed_by, ..departure(on) }
}

/// One party agrees to set an obligation aside.
pub fn agreed_by(party: Party, id: &'static str) -> impl FnOnce(Day) -> DepartureAgreed {
    move |on| DepartureAgreed { obligation: code(id), agreed_by: vec![party], ..departure(on) }
}

/// A step of the preparation.
pub fn step(step: PreparationStep) -> impl FnOnce(Day) -> PreparationStepCompleted {
    move |on| PreparationStepCompleted { step, ..preparation_step(on) }
}

/// Every step of the preparation.
pub fn prepared(story: Story) -> Story {
    use PreparationStep::{
        DayActivityArranged, DebtsInView, IncomeArranged, LivingSkillsTraining, NetworkInView,
    };
    [LivingSkillsTraining, IncomeArranged, DebtsInView, NetworkInView, DayActivityArranged]
        .into_iter()
        .fold(story, |story, one| story.then(step(one)))
}

/// A party names its contact person.
pub fn contact_of(party: Party) -> impl FnOnce(Day) -> ContactPersonAssigned {
    move |on| ContactPersonAssigned { party, organisation: None, ..contact_person(on) }
}

/// Another dwelling is offered and accepted, and the client moves in under a lease of the same
/// kind.
pub fn moved_on(story: Story) -> Story {
    story
        .then(housing_requested)
        .then(corporation_assigned)
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
        .then(|on| {
            let terms = LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() };
            HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) }
        })
}
