//! What an offer is warned about, and who sees it.

use omklap_domain::trajectory::warning::{Warning, warnings};
use omklap_domain::visibility::{Role, Viewer, view};
use uuid::Uuid;

use crate::vocabulary::*;

const TRAJECTORY: TrajectoryId = TrajectoryId(Uuid::from_u128(0x7fa1));

#[test]
fn an_offer_within_the_profile_has_no_warning() {
    let profile = OutflowProfileSet { excluded_areas: vec![], ..profile(day()) };
    assert!(warnings(&dwelling_offered(day()), &profile).is_empty());
}

#[test]
fn an_offer_against_the_profile_is_warned_about_field_by_field() {
    let whole = ExcludedArea { neighbourhood: None, ..profile(day()).excluded_areas[0].clone() };
    let profile =
        OutflowProfileSet { excluded_areas: vec![whole], access: Access::Wheelchair, ..profile(day()) };
    let offer = DwellingOffered { rent_cents: euros(651), ..dwelling_offered(day()) };
    let expected = [Warning::AreaExcluded, Warning::RentAboveLimit, Warning::AccessNotAsNeeded];
    assert_eq!(warnings(&offer, &profile), expected);
    assert_eq!(expected.map(Warning::field), ["/municipality", "/rentCents", "/access"]);
}

#[test]
fn what_the_offer_does_not_say_is_asked() {
    let profile = OutflowProfileSet { access: Access::GroundFloorOrLift, ..profile(day()) };
    let offer = DwellingOffered { access: None, ..dwelling_offered(day()) };
    assert_eq!(warnings(&offer, &profile), [Warning::AreaPartlyExcluded, Warning::AccessUnknown]);
}

#[test]
fn the_profile_that_applied_on_the_day_counts() {
    let stricter = |on| OutflowProfileSet { rent_limit_cents: euros(500), ..profile(on) };
    let story = matching().then(stricter).then(dwelling_offered);
    let warned = seen_by(&story, Role::CareProvider, "de-vaart");
    assert_eq!(warned, [Warning::AreaPartlyExcluded, Warning::RentAboveLimit]);
}

#[test]
fn a_viewer_who_does_not_see_the_profile_sees_no_warning() {
    let scope = ConsentScope::OutflowProfile;
    let shared = matching().then(|on| ConsentGiven { scope, ..consent_given(on) });
    let closed = shared.then(|on| ConsentWithdrawn { scope, ..consent_withdrawn(on) });
    let story = closed.then(dwelling_offered);
    assert!(!seen_by(&story, Role::CareProvider, "de-vaart").is_empty());
    assert!(seen_by(&story, Role::HousingCorporation, "stadswonen").is_empty());
    assert!(!seen_by(&offered(), Role::HousingCorporation, "stadswonen").is_empty());
    assert!(seen_by(&offered(), Role::HousingCorporation, "de-key").is_empty());
    assert!(seen_by(&offered(), Role::Auditor, "rekenkamer").is_empty());
}

// The words of these tests.

fn day() -> Day {
    code("2026-03-02")
}

fn seen_by(story: &Story, role: Role, organisation: &str) -> Vec<Warning> {
    let regions = [code("haaglanden"), code("amsterdam")].into_iter().collect();
    let viewer = Viewer { role, organisation: code(organisation), regions, trajectory: None };
    let offer = story.history.happened().find(|(_, fact)| matches!(fact, Fact::DwellingOffered(_)));
    let (offer, _) = offer.expect("it was offered");
    view(&viewer, TRAJECTORY, &story.history).warnings_about(&story.history, offer)
}
