//! Differences between the other sets and the Amsterdam set.

use omklap_domain::agreements::Status;
use omklap_domain::visibility::housed_by;

use crate::lookup::*;
use crate::vocabulary::*;

/// An intake in a region that uses this set.
fn bound(set: &'static str) -> Story {
    nothing().then(move |on| IntakeRegistered { agreement_set: bound_to(set), ..intake(on) })
}

fn to_an_accepted_offer(story: Story) -> Story {
    story
        .then(profile)
        .then(readiness_confirmed)
        .then(housing_requested)
        .then(corporation_assigned)
        .then(dwelling_offered)
        .then(offer_accepted)
}

#[test]
fn almere_talks_about_the_flip_after_12_months_or_24() {
    let sublet = to_an_accepted_offer(bound("almere")).then(intermediary_lease);
    assert_eq!(status(&sublet, "8.1", sublet.next), Status::Due(Some(today(&sublet).plus_months(12))));
    assert_eq!(status(&sublet, "8.1b", sublet.next), Status::NotApplicable);
    let three = to_an_accepted_offer(bound("almere"))
        .then(|on| HousedUnderThreePartyLease { guarantee_fund: false, ..three_party_lease(on) });
    assert_eq!(status(&three, "8.1b", three.next), Status::Due(Some(today(&three).plus_months(24))));
    assert_eq!(status(&three, "8.1", three.next), Status::NotApplicable);
}

#[test]
fn a_three_party_lease_keeps_its_own_obligation_and_the_other_does_not_apply() {
    let story = contracting_in_the_north_of_limburg().then(three_party_lease);
    assert_eq!(status(&story, "3.1b", story.next), Status::Kept(today(&story)));
    assert_eq!(status(&story, "3.1", story.next), Status::NotApplicable);
}

#[test]
fn in_groningen_the_municipality_of_origin_is_known_before_the_request() {
    let story = bound("groningen").then(profile);
    assert_eq!(status(&story, "1.6", story.next), Status::Kept(today(&story)));
}

#[test]
fn in_the_north_of_limburg_the_municipality_advances_the_first_rent_if_the_client_cannot_pay() {
    let pays = contracting_in_the_north_of_limburg().then(three_party_lease);
    assert_eq!(status(&pays, "3.3", pays.next), Status::NotStarted);
    let requested = contracting_in_the_north_of_limburg().then(first_rent_help_requested);
    assert_eq!(instances(&requested, "3.3")[0].responsible, [Party::Municipality]);
    assert_eq!(status(&requested, "3.3", requested.next), Status::Due(None));
    let advanced = requested.clone().then(first_rent_covered).then(three_party_lease);
    assert!(matches!(status(&advanced, "3.3", advanced.next), Status::Kept(_)));
    let left_alone = requested.then(three_party_lease);
    assert!(matches!(status(&left_alone, "3.3", left_alone.next), Status::Overdue(_)));
}

#[test]
fn in_the_north_of_limburg_the_lease_names_the_form_of_care() {
    let with = |care_form| {
        contracting_in_the_north_of_limburg().then(|on| {
            let terms = LeaseTerms { care_form, ..lease_terms() };
            HousedUnderThreePartyLease { terms, ..three_party_lease(on) }
        })
    };
    let (named, unnamed) = (with(Some(CareForm::ShelteredAtHome)), with(None));
    assert!(matches!(status(&named, "3.2", named.next), Status::Kept(_)));
    assert!(matches!(status(&unnamed, "3.2", unnamed.next), Status::Overdue(_)));
}

#[test]
fn in_the_north_of_limburg_the_guarantee_fund_backs_the_lease_and_settles_claims() {
    let story = contracting_in_the_north_of_limburg().then(three_party_lease).then(damage).then(fund_claimed);
    assert!(matches!(status(&story, "3.4", story.next), Status::Kept(_)));
    let due = today(&story).plus_weeks(6);
    assert_eq!(status(&story, "7.3", story.next), Status::Due(Some(due)));
    let settled = story.on(due).then(fund_settled);
    assert_eq!(status(&settled, "7.3", due), Status::Kept(due));
    let bare = contracting_in_the_north_of_limburg()
        .then(|on| HousedUnderThreePartyLease { guarantee_fund: false, ..three_party_lease(on) });
    assert!(matches!(status(&bare, "3.4", bare.next), Status::Overdue(_)));
}

#[test]
fn in_eindhoven_the_landing_is_planned_with_the_keys_and_the_neighbours_come_sooner() {
    let story = to_an_accepted_offer(bound("eindhoven")).then(guidance_plan).then(intermediary_lease);
    assert!(matches!(status(&story, "4.6", story.next), Status::Kept(_)));
    assert_eq!(status(&story, "4.5", story.next), Status::Due(Some(today(&story).plus_weeks(6))));
}

#[test]
fn a_corporation_works_in_two_regions_with_the_agreements_of_each() {
    let here = to_an_accepted_offer(bound("almere")).then(intermediary_lease).then(damage);
    let there = contracting_in_the_north_of_limburg().then(three_party_lease).then(damage);
    for story in [&here, &there] {
        let corporation = housed_by(story.state()).expect("the client lives in a dwelling");
        assert_eq!(corporation.as_str(), "stadswonen");
    }
    assert_eq!(status(&here, "8.1b", here.next), Status::NotApplicable);
    assert!(matches!(status(&there, "3.4", there.next), Status::Kept(_)));
    here.when(fund_claimed).refused([Refusal::NoGuaranteeFund]);
    there.when(fund_claimed).admitted();
}
