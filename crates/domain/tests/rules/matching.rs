//! Matching.

use omklap_domain::agreements::AgreementSets;

use super::rules;
use crate::vocabulary::*;

rules! {
    a_client_is_nominated_after_a_profile_is_set: NoOutflowProfile,
        broken by preparing().then(readiness_confirmed).when(housing_requested),
        kept by ready().when(housing_requested);
    a_client_is_nominated_after_readiness_is_confirmed: ReadinessNotConfirmed beside NotAdmittedInPhase,
        broken by ready().then(readiness_revoked).when(housing_requested),
        kept by ready().then(readiness_revoked).then(readiness_confirmed).when(housing_requested);
    the_agreement_set_says_who_assigns_a_corporation: AssignerNotAgreed,
        broken by nominated_in_the_north_of_limburg().when(assigned_together),
        kept by nominated().when(assigned_together);
    only_the_assigned_corporation_hands_the_assignment_back: CorporationNotAssigned,
        broken by matching().when(|on| AssignmentReturned { corporation: code("de-key"), ..assignment_returned(on) }),
        kept by matching().when(assignment_returned);
    a_corporation_that_handed_the_assignment_back_offers_nothing: CorporationNotAssigned,
        broken by matching().then(assignment_returned).when(dwelling_offered),
        kept by matching().then(assignment_returned).then(corporation_assigned).when(dwelling_offered);
    a_client_for_whom_no_home_fits_is_not_nominated: ProfileFitsNoHome,
        broken by preparing().then(|on| OutflowProfileSet { profile: Profile::P0, ..profile(on) }).then(readiness_confirmed)
            .when(housing_requested),
        kept by preparing().then(|on| OutflowProfileSet { profile: Profile::P0, ..profile(on) }).then(readiness_confirmed)
            .then(profile).when(housing_requested);
    a_client_who_did_not_agree_to_the_profile_is_not_nominated: ProfileNotAgreedByClient,
        broken by preparing().then(profile).then(|on| OutflowProfileSet { client_agreed: false, ..profile(on) })
            .then(readiness_confirmed).when(housing_requested),
        kept by preparing().then(|on| OutflowProfileSet { client_agreed: false, ..profile(on) }).then(profile)
            .then(readiness_confirmed).when(housing_requested);
    the_profile_of_a_nominated_client_stays_one_for_a_home: ProfileFitsNoHome,
        broken by nominated().when(|on| OutflowProfileSet { profile: Profile::P0, ..profile(on) }),
        kept by ready().when(|on| OutflowProfileSet { profile: Profile::P0, ..profile(on) });
    the_profile_of_a_nominated_client_is_revised_with_the_client: ProfileNotAgreedByClient,
        broken by nominated().when(|on| OutflowProfileSet { client_agreed: false, ..profile(on) }),
        kept by nominated().when(|on| OutflowProfileSet { profile: Profile::P3, ..profile(on) });
    a_dwelling_with_a_nuisance_file_is_not_offered: NuisanceOnFile,
        broken by matching().when(|on| DwellingOffered { nuisance_on_file: true, ..dwelling_offered(on) }),
        kept by matching().when(dwelling_offered);
    provider_and_corporation_both_agree_to_an_offer: OfferNotAgreedByBoth,
        broken by matching().when(|on| DwellingOffered { agreed_by: vec![Party::HousingCorporation, Party::Client], ..dwelling_offered(on) }),
        kept by matching().when(dwelling_offered);
    only_the_assigned_corporation_offers: CorporationNotAssigned,
        broken by matching().when(|on| DwellingOffered { corporation: code("de-key"), ..dwelling_offered(on) }),
        kept by matching().when(dwelling_offered);
    nobody_offers_before_a_corporation_is_assigned: CorporationNotAssigned,
        broken by nominated().when(dwelling_offered),
        kept by nominated().then(corporation_assigned).when(dwelling_offered);
    a_client_gets_one_offer: OfferAlreadyMade,
        broken by offered().then(offer_refused).when(another_dwelling_offered),
        kept by offered().then(offer_refused).then(second_offer_granted).when(another_dwelling_offered);
    an_offer_that_was_not_answered_is_not_the_one_offer: OfferAlreadyMade,
        broken by offered().days_later(14).then(|on| OfferRefused { ground: RefusalGround::Other, ..offer_refused(on) })
            .when(another_dwelling_offered),
        kept by offered().days_later(14).then(offer_not_answered).when(another_dwelling_offered);
    one_grant_is_one_offer: OfferAlreadyMade,
        broken by offered().then(offer_refused).then(second_offer_granted).then(another_dwelling_offered)
            .then(|on| OfferRefused { offer_id: SECOND_OFFER, ..offer_refused(on) })
            .when(|on| DwellingOffered { offer_id: OfferId(uuid::Uuid::from_u128(3)), ..dwelling_offered(on) }),
        kept by offered().then(offer_refused).then(second_offer_granted).when(another_dwelling_offered);
    two_offers_have_two_ids: OfferIdTaken,
        broken by offered().then(offer_withdrawn).when(dwelling_offered),
        kept by offered().then(offer_withdrawn).when(another_dwelling_offered);
    a_client_gets_time_to_answer: DateBeforeTheFact,
        broken by matching().when(|on| DwellingOffered { respond_by: Some(on.plus_days(-1)), ..dwelling_offered(on) }),
        kept by matching().when(|on| DwellingOffered { respond_by: None, ..dwelling_offered(on) });
    a_place_in_a_list_is_one_of_a_vacancy: VacancyNotNamed,
        broken by matching().when(|on| DwellingOffered { vacancy: None, ..offered_to_the_first(on) }),
        kept by matching().when(offered_to_the_first);
    who_takes_another_client_than_the_first_says_why: WhyMissing,
        broken by matching().when(|on| DwellingOffered { why: None, ..offered_to_the_second(on) }),
        kept by matching().when(offered_to_the_second);
    a_list_of_a_later_day_was_not_there: DateAfterTheFact,
        broken by matching().when(|on| {
            let mut offer = offered_to_the_first(on);
            offer.weighing.iter_mut().for_each(|weighing| weighing.valid_on = on.plus_days(1));
            offer
        }),
        kept by matching().when(offered_to_the_first);
    only_the_open_offer_is_accepted: OfferNotOpen,
        broken by offered().when(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) }),
        kept by offered().when(offer_accepted);
    only_the_open_offer_is_refused: OfferNotOpen,
        broken by offered().when(|on| OfferRefused { offer_id: SECOND_OFFER, ..offer_refused(on) }),
        kept by offered().when(offer_refused);
    only_the_open_offer_is_withdrawn: OfferNotOpen,
        broken by offered().when(|on| OfferWithdrawn { offer_id: SECOND_OFFER, ..offer_withdrawn(on) }),
        kept by offered().when(offer_withdrawn);
    only_the_home_of_the_open_offer_is_tested: OfferNotOpen,
        broken by offered().when(|on| FittingTestDone { offer_id: SECOND_OFFER, ..fitting_tested(on) }),
        kept by offered().when(fitting_tested);
    the_home_of_the_client_is_not_offered_to_the_same_client: DwellingHeld,
        broken by seeking_another_dwelling().then(corporation_assigned)
            .when(|on| DwellingOffered { unit: code("VHE-00412"), ..another_dwelling_offered(on) }),
        kept by housed_under_temporary_lease().then(housing_requested).then(corporation_assigned)
            .when(|on| DwellingOffered { unit: code("VHE-00412"), ..another_dwelling_offered(on) });
    that_a_dwelling_does_not_suit_is_explained: ExplanationMissing,
        broken by offered()
            .when(|on| OfferWithdrawn { ground: WithdrawalGround::NotSuitable, explanation: None, ..offer_withdrawn(on) }),
        kept by offered()
            .when(|on| OfferWithdrawn { ground: WithdrawalGround::LetElsewhere, explanation: None, ..offer_withdrawn(on) });
    an_offer_is_accepted_in_time: OfferExpired,
        broken by offered().days_later(14).when(offer_accepted),
        kept by offered().days_later(13).when(offer_accepted);
    no_answer_is_late_before_the_time_is_up: OfferStillRuns,
        broken by offered().days_later(13).when(offer_not_answered),
        kept by offered().days_later(14).when(offer_not_answered);
    a_dwelling_is_viewed_before_it_is_accepted: DateAfterTheFact,
        broken by offered().when(|on| OfferAccepted { viewed_on: Some(on.plus_days(1)), ..offer_accepted(on) }),
        kept by offered().when(|on| OfferAccepted { viewed_on: None, ..offer_accepted(on) });
    a_client_who_lives_in_a_dwelling_stays_ready: LivesInADwelling,
        broken by seeking_another_dwelling().when(readiness_revoked),
        kept by matching().when(readiness_revoked);
}

#[test]
fn a_request_without_readiness_is_refused_with_everything_that_is_missing() {
    given(preparing()).when(housing_requested).refused([
        Refusal::NotAdmittedInPhase,
        Refusal::NoOutflowProfile,
        Refusal::ReadinessNotConfirmed,
    ]);
}

#[test]
fn a_match_needs_no_matching_point() {
    let story = nominated().then(assigned_together).then(dwelling_offered).then(offer_accepted);
    story.when(intermediary_lease).leads_to(Phase::Housed);
}

#[test]
fn an_offer_that_was_withdrawn_does_not_use_up_the_one_offer() {
    let story = given(offered()).then(offer_withdrawn);
    assert_eq!(story.state().offers.used, 0);
    story.when(another_dwelling_offered).leads_to(Phase::Offered);
}

#[test]
fn a_set_may_count_an_offer_that_was_not_answered() {
    let set = include_str!("../../../../agreements/amsterdam-2018.toml");
    let counts = set.replace("unanswered-offer-counts = false", "unanswered-offer-counts = true");
    let mut sets = AgreementSets::default();
    sets.add(&counts).expect("a set");
    let story = offered().days_later(14).then(offer_not_answered);
    let again = another_dwelling_offered(story.next).into();
    let refused = story.history.clone().report(again, Rules { sets: &sets, today: *TODAY });
    assert_eq!(refused.expect_err("the one offer is used up").refusals, [Refusal::OfferAlreadyMade]);
}

#[test]
fn an_accepted_offer_can_still_be_withdrawn() {
    given(contracting()).when(offer_withdrawn).leads_to(Phase::Matching);
}

#[test]
fn a_returned_request_leads_back_to_the_phase_before_it() {
    given(nominated()).when(request_returned).leads_to(Phase::Ready);
    given(seeking_another_dwelling()).when(request_returned).leads_to(Phase::Housed);
}

#[test]
fn another_dwelling_comes_with_its_own_offer() {
    let moved = given(seeking_another_dwelling())
        .then(corporation_assigned)
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
        .when(|on| HousedUnderIntermediaryLease {
            terms: LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() },
            ..intermediary_lease(on)
        })
        .leads_to(Phase::Housed);
    assert!(!moved.state().tenancy.living_agreements_signed);
}

#[test]
fn no_number_of_grants_overflows() {
    let story = (0..300).fold(given(matching()), |story, _| story.then(second_offer_granted));
    assert_eq!(story.state().offers.granted, u8::MAX);
    story.when(dwelling_offered).admitted();
}
