//! Corporation, provider and municipality at one table: what each sees of the profile, of what was said
//! and of what the municipality did.

use omklap_domain::visibility::{AccessLevel, Category, Role, Shown, Viewer, may_report, view};

use crate::viewers::{ID, of, other};
use crate::vocabulary::*;

fn sees(viewer: &Viewer, story: &Story, category: Category) -> bool {
    view(viewer, ID, &story.history).sees(category) != AccessLevel::None
}

/// How the viewer sees the latest fact.
fn latest(viewer: &Viewer, story: &Story) -> Shown {
    let recorded = story.history.recorded();
    view(viewer, ID, &story.history).show_among(recorded, recorded.last().expect("a fact"))
}

fn corporation() -> Viewer {
    of(Role::HousingCorporation, "stadswonen")
}

fn consultant() -> Viewer {
    of(Role::WmoConsultant, "gemeente-amsterdam")
}

fn shares_the_profile(on: Day) -> ConsentGiven {
    let recipients = vec![Party::HousingCorporation];
    ConsentGiven { scope: ConsentScope::OutflowProfile, recipients, ..consent_given(on) }
}

fn withdraws_the_profile(on: Day) -> ConsentWithdrawn {
    ConsentWithdrawn { scope: ConsentScope::OutflowProfile, ..consent_withdrawn(on) }
}

#[test]
fn a_corporation_reads_network_day_activity_and_form_with_the_clients_consent() {
    let weighed = |story: &Story| sees(&corporation(), story, Category::Weighed);
    assert!(!weighed(&matching()), "without consent");
    let consented = matching().then(shares_the_profile);
    assert!(weighed(&consented));
    assert!(!sees(&corporation(), &consented, Category::Profile), "the rest of the profile");
    assert!(!weighed(&consented.then(withdraws_the_profile)), "after the withdrawal");
}

#[test]
fn consent_for_another_party_opens_nothing_to_a_corporation() {
    let to_the_municipality =
        |on| ConsentGiven { recipients: vec![Party::Municipality], ..shares_the_profile(on) };
    let health_only = |on| ConsentGiven { scope: ConsentScope::Health, ..shares_the_profile(on) };
    assert!(!sees(&corporation(), &matching().then(to_the_municipality), Category::Weighed));
    assert!(!sees(&corporation(), &matching().then(health_only), Category::Weighed));
}

#[test]
fn a_corporation_weighs_the_profile_until_the_client_moved_in() {
    let before = matching().then(shares_the_profile).then(dwelling_offered).then(offer_accepted);
    assert!(sees(&corporation(), &before, Category::Weighed));
    assert!(!sees(&corporation(), &before.then(intermediary_lease), Category::Weighed));
}

#[test]
fn those_at_the_table_see_what_was_said_and_the_others_that_it_was_discussed() {
    let attended = matching().then(discussed_by_three);
    for viewer in [corporation(), consultant()] {
        assert_eq!(latest(&viewer, &attended), Shown::Whole, "{viewer:?}");
        let Shown::InPart { withheld } = latest(&viewer, &matching().then(case_discussed)) else {
            panic!("the date of the discussion is shown");
        };
        assert_eq!(withheld, ["/bottleneck", "/outcome", "/attendees"], "{viewer:?}");
    }
}

#[test]
fn the_next_corporation_does_not_see_what_was_said_with_the_one_before_it() {
    let to_another = |on| CorporationAssigned { corporation: code("een-ander"), ..corporation_assigned(on) };
    let story = matching().then(discussed_by_three).then(assignment_returned).then(to_another);
    let recorded = story.history.recorded();
    let discussed = recorded.iter().find(|fact| matches!(fact, Fact::CaseDiscussed(_))).expect("discussed");
    let shown = view(&other(Role::HousingCorporation), ID, &story.history).show_among(recorded, discussed);
    assert!(matches!(shown, Shown::InPart { .. }), "{shown:?}");
}

#[test]
fn each_of_the_three_reports_a_case_table_that_it_attended_also_before_nomination() {
    for viewer in [of(Role::CareProvider, "de-vaart"), consultant()] {
        let story = preparing();
        assert_eq!(may_report(&viewer, ID, &story.history, &[discussed_by_three(story.next).into()]), Ok(()));
    }
    let (story, attended) = (matching(), discussed_by_three);
    assert_eq!(may_report(&corporation(), ID, &story.history, &[attended(story.next).into()]), Ok(()));
    let without = CaseDiscussed {
        attendees: vec![Attendee { party: Party::CareProvider, organisation: Some(code("de-vaart")) }],
        ..case_discussed(story.next)
    };
    assert!(may_report(&corporation(), ID, &story.history, &[without.into()]).is_err());
}

#[test]
fn the_wmo_consultant_sees_the_profile_and_neither_phase_nor_home() {
    let story = preparing().then(profile);
    assert_eq!(latest(&consultant(), &story), Shown::Whole);
    for category in [Category::Course, Category::Dwelling, Category::Debts, Category::Guidance] {
        assert!(!sees(&consultant(), &housed(), category), "{}", category.as_str());
    }
    let withdrawn = story.then(shares_the_profile).then(withdraws_the_profile);
    assert!(!sees(&consultant(), &withdrawn, Category::Profile));
    assert_eq!(latest(&consultant(), &withdrawn), Shown::InPart { withheld: vec!["/reason".into()] });
}

#[test]
fn the_municipality_reports_what_it_does_and_the_corporation_sees_that_it_did() {
    let story = contracting();
    let did: [Fact; 4] = [
        obstacle_removed(story.next).into(),
        budget_coach_sent(story.next).into(),
        place_found(story.next).into(),
        first_rent_covered(story.next).into(),
    ];
    for fact in did {
        assert_eq!(may_report(&consultant(), ID, &story.history, std::slice::from_ref(&fact)), Ok(()));
        let later = story.clone().then(|_| fact);
        assert_eq!(latest(&consultant(), &later), Shown::Whole);
        assert_ne!(latest(&corporation(), &later), Shown::Withheld);
    }
}
