//! Moving in.

use super::rules;
use crate::vocabulary::*;

rules! {
    no_more_is_paid_back_than_was_advanced: RepaidAboveAdvance,
        broken by contracting().then(first_rent_covered).then(intermediary_lease)
            .when(|on| FirstRentRepaid { amount_cents: euros(621), ..first_rent_repaid(on) }),
        kept by contracting().then(first_rent_covered).then(intermediary_lease)
            .when(|on| FirstRentRepaid { amount_cents: euros(620), ..first_rent_repaid(on) });
    only_what_the_municipality_advanced_is_paid_back: RepaidAboveAdvance,
        broken by contracting().then(|on| FirstRentCovered { covered_by: Coverer::OwnMeans, ..first_rent_covered(on) })
            .then(intermediary_lease).when(first_rent_repaid),
        kept by contracting().then(first_rent_covered).then(intermediary_lease)
            .then(first_rent_repaid).when(first_rent_repaid);
    a_lease_needs_an_accepted_offer: NotAdmittedInPhase,
        broken by offered().when(intermediary_lease),
        kept by offered().then(offer_accepted).when(intermediary_lease);
    a_lease_is_of_the_dwelling_that_was_offered: LeaseDoesNotMatchOffer,
        broken by contracting().when(|on| leased(on, LeaseTerms { unit: code("VHE-00413"), ..lease_terms() })),
        kept by contracting().when(|on| leased(on, lease_terms()));
    a_lease_is_of_the_corporation_that_offered: LeaseDoesNotMatchOffer,
        broken by contracting().when(|on| leased(on, LeaseTerms { corporation: code("de-key"), ..lease_terms() })),
        kept by contracting().when(|on| leased(on, lease_terms()));
    the_rent_of_the_lease_is_the_rent_that_was_offered: RentNotAsOffered,
        broken by contracting().when(|on| leased(on, LeaseTerms { rent_cents: euros(640), ..lease_terms() })),
        kept by contracting().when(|on| leased(on, lease_terms()));
    a_client_has_their_own_lease_at_once_only_where_the_region_agreed_so: ContractModelNotAgreed,
        broken by contracting().when(own_lease),
        kept by contracting_in_amsterdam().when(own_lease);
    a_lease_is_of_the_provider_of_the_client: LeaseOfAnotherProvider,
        broken by contracting().when(|on| leased(on, LeaseTerms { care_provider: code("het-anker"), ..lease_terms() })),
        kept by contracting().then(transferred)
            .when(|on| leased(on, LeaseTerms { care_provider: code("het-anker"), ..lease_terms() }));
    another_home_has_a_lease_of_its_own: LeaseIdTaken,
        broken by contracting_again().when(|on| leased(on, LeaseTerms { unit: code("VHE-00999"), ..lease_terms() })),
        kept by contracting_again().when(|on| leased(on, LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() }));
    a_set_without_three_party_leases_allows_none: ContractModelNotAgreed,
        broken by contracting().when(|on| HousedUnderThreePartyLease { guarantee_fund: false, ..three_party_lease(on) }),
        kept by contracting_in_the_north_of_limburg().when(three_party_lease);
    a_set_without_temporary_leases_allows_none: ContractModelNotAgreed,
        broken by contracting_in_the_north_of_limburg().when(temporary_lease),
        kept by contracting().when(temporary_lease);
    a_temporary_lease_ends_after_it_starts: DateBeforeTheFact,
        broken by contracting().when(|on| HousedUnderTemporaryLease { ends_on: on.plus_days(-1), ..temporary_lease(on) }),
        kept by contracting().when(temporary_lease);
    living_agreements_are_signed_by_three: SignatureOfTheThreeMissing,
        broken by moved_in().when(|on| LivingAgreementsSigned { signed_by: vec![Party::Client, Party::CareProvider], ..living_agreements(on) }),
        kept by moved_in().when(living_agreements);
}

/// Living in a dwelling, with another one accepted.
fn contracting_again() -> Story {
    seeking_another_dwelling()
        .then(corporation_assigned)
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
}

fn leased(on: Day, terms: LeaseTerms) -> HousedUnderIntermediaryLease {
    HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) }
}

#[test]
fn agreements_made_before_the_keys_remain_after_them() {
    let story = given(contracting()).then(living_agreements).then(flip_conditions);
    let housed = story.when(intermediary_lease).leads_to(Phase::Housed);
    assert!(housed.state().tenancy.living_agreements_signed);
    assert!(housed.state().flip.conditions_set);
}

#[test]
fn agreements_about_a_withdrawn_dwelling_end() {
    let story = given(contracting()).then(living_agreements).then(offer_withdrawn);
    let housed = story
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
        .then(|on| leased(on, LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() }));
    assert!(!housed.state().tenancy.living_agreements_signed);
}

#[test]
fn a_client_moves_in_under_each_of_three_models() {
    given(contracting()).when(intermediary_lease).leads_to(Phase::Housed);
    given(contracting()).when(temporary_lease).leads_to(Phase::Housed);
    given(contracting_in_the_north_of_limburg()).when(three_party_lease).leads_to(Phase::Housed);
}

#[test]
fn nothing_personal_can_be_recorded_as_told_to_the_neighbourhood() {
    let mut informed: Fact = neighbourhood_informed(nothing().next).into();
    informed.exchange_texts(|text| panic!("{text:?} could be about the client"));
    given(contracting()).when(neighbourhood_informed).admitted();
}

#[test]
fn the_neighbourhood_meets_before_and_after_the_keys_and_not_before_there_is_a_home() {
    given(contracting())
        .then(neighbourhood_meeting)
        .then(intermediary_lease)
        .when(neighbourhood_meeting)
        .admitted();
    given(matching()).when(neighbourhood_meeting).refused([Refusal::NotAdmittedInPhase]);
}
