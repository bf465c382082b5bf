//! The move to another region, and a second provider.

use super::rules;
use crate::vocabulary::*;

fn proposed(to: RegionTerms) -> impl FnOnce(Day) -> RegionTransferProposed {
    move |on| RegionTransferProposed { to, ..transfer_proposed(on) }
}

fn with_nobody_new() -> RegionTerms {
    RegionTerms { region: code("noord-limburg"), agreement_set: bound_to("noord-limburg"), ..to_amsterdam() }
}

rules! {
    a_client_moves_to_another_region_than_the_one_it_is_in: NotAnotherRegion,
        broken by ready().when(proposed(RegionTerms { care_provider: code("het-anker"), ..to_amsterdam() })),
        kept by ready().when(transfer_proposed);
    somebody_in_the_other_region_takes_the_client_over: TransferToNobody,
        broken by ready().when(proposed(with_nobody_new())),
        kept by ready().when(proposed(RegionTerms { municipality: code("gemeente-venray"), ..with_nobody_new() }));
    a_client_moves_under_agreements_of_the_other_region: RegionNotServed,
        broken by ready().when(proposed(RegionTerms { agreement_set: bound_to("almere"), ..to_limburg() })),
        kept by ready().when(transfer_proposed);
    only_a_proposed_transfer_is_accepted: NoTransferProposed,
        broken by housed().when(transfer_accepted),
        kept by housed().then(transfer_proposed).when(transfer_accepted);
    only_a_proposed_transfer_is_refused: NoTransferProposed,
        broken by housed().then(transfer_proposed).then(transfer_refused).when(transfer_refused),
        kept by housed().then(transfer_proposed).when(transfer_refused);
    the_receiver_accepts_what_was_proposed_and_nothing_else: TransferNotAsProposed,
        broken by ready().then(transfer_proposed).when(|on| RegionTransferAccepted {
            to: RegionTerms { municipality: code("gemeente-venlo"), ..to_limburg() }, ..transfer_accepted(on) }),
        kept by ready().then(transfer_proposed).when(transfer_accepted);
    a_newer_proposal_replaces_an_older_one: TransferNotAsProposed,
        broken by ready().then(transfer_proposed)
            .then(proposed(RegionTerms { municipality: code("gemeente-venlo"), ..to_limburg() }))
            .when(transfer_accepted),
        kept by ready().then(proposed(RegionTerms { municipality: code("gemeente-venlo"), ..to_limburg() }))
            .then(transfer_proposed)
            .when(transfer_accepted);
    another_provider_in_between_ends_the_proposal: NoTransferProposed,
        broken by ready().then(transfer_proposed).then(transferred).when(transfer_accepted),
        kept by ready().then(transferred).then(transfer_proposed).when(transfer_accepted);
    an_open_offer_is_answered_before_the_client_goes_to_another_region: NotAdmittedInPhase,
        broken by offered().then(transfer_proposed).when(transfer_accepted),
        kept by offered().then(transfer_proposed).then(offer_refused).when(transfer_accepted);
    the_provider_that_guides_is_no_second_provider: AlreadyAProvider,
        broken by housed().when(|on| SecondProviderJoined { second_provider: code("de-vaart"), ..second_provider_joined(on) }),
        kept by housed().when(second_provider_joined);
    a_second_provider_joins_once: AlreadyAProvider,
        broken by housed().then(second_provider_joined).when(second_provider_joined),
        kept by housed().then(second_provider_joined).then(second_provider_left).when(second_provider_joined);
    only_a_second_provider_stops: NotASecondProvider,
        broken by housed().when(second_provider_left),
        kept by housed().then(second_provider_joined).when(second_provider_left);
}

#[test]
fn until_it_is_accepted_the_giver_stays_responsible() {
    let before = housed();
    for story in [housed().then(transfer_proposed), housed().then(transfer_proposed).then(transfer_refused)] {
        assert_eq!(story.state().partners, before.state().partners);
        assert_eq!(story.state().agreement_set, before.state().agreement_set);
    }
}

#[test]
fn an_accepted_transfer_changes_region_agreements_and_organisations_together_and_not_the_phase() {
    for before in [preparing(), ready(), matching(), housed(), flipped()] {
        let phase = before.phase();
        let story = before.then(transfer_proposed).then(transfer_accepted);
        let (partners, to) = (story.state().partners.clone().expect("it is open"), to_limburg());
        assert_eq!(story.phase(), phase);
        assert_eq!(story.state().agreement_set, Some(to.agreement_set));
        assert_eq!(
            (partners.region, partners.care_provider, partners.municipality),
            (to.region, to.care_provider, to.municipality)
        );
    }
}

#[test]
fn the_search_for_a_home_goes_on_in_the_other_region_with_an_offer_of_its_own() {
    let used_up = matching().then(dwelling_offered).then(offer_refused);
    let story = used_up.then(transfer_proposed).then(transfer_accepted);
    assert_eq!((story.state().corporation.clone(), story.state().is_nominated), (None, true));
    let to_antares = |on| CorporationAssigned { corporation: code("antares"), ..corporation_assigned(on) };
    let offer =
        |on| DwellingOffered { offer_id: SECOND_OFFER, corporation: code("antares"), ..dwelling_offered(on) };
    story.then(to_antares).when(offer).admitted();
}
