//! A client goes to another region, back to where family and friends live (S2 Haarlem PACT, Assen): the other
//! region accepts before this one loses sight. And who has a small view beside the partners.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger, SampleFact};
use serde_json::{Value, json};

/// A client who is ready, for whom a move to the north of Limburg is proposed today.
fn proposed(ledger: &Ledger) -> Case {
    let mut case = ledger.ready();
    case.on(&today(ledger)).reports("region-transfer-proposed");
    case.on(&today(ledger));
    case
}

fn today(ledger: &Ledger) -> String {
    ledger.now().to_zoned(jiff::tz::TimeZone::get("Europe/Amsterdam").expect("a zone")).date().to_string()
}

fn read_by(ledger: &Ledger, organisation: &str, role: &str, path: &str) -> Answer {
    ledger.get(path).by(organisation).in_role(role).answer()
}

fn listed(ledger: &Ledger, organisation: &str, role: &str) -> usize {
    let list = read_by(ledger, organisation, role, "/v1/trajectories").with_status(200);
    list.body["items"].as_array().map_or(0, Vec::len)
}

fn tries(ledger: &Ledger, case: &Case, organisation: &str, fact: impl Into<SampleFact>) -> Answer {
    let reporting = ledger.post(&case.events()).by(organisation).in_role("care-provider");
    reporting.seen("*").json(&case.next(fact)).answer()
}

#[test]
fn the_other_region_accepts_before_this_one_loses_sight() {
    let ledger = Ledger::empty();
    let mut case = proposed(&ledger);
    let provider = |name: &str| read_by(&ledger, name, "care-provider", &case.path()).status;
    assert_eq!((provider("de-vaart"), provider("vincent-van-gogh")), (200, 200));
    assert_eq!(listed(&ledger, "vincent-van-gogh", "guide"), 1, "it is in the receiver's list");
    assert_eq!(tries(&ledger, &case, "de-vaart", "region-transfer-accepted").status, 403, "not the giver's");
    case.reports("region-transfer-accepted");
    let state = read_by(&ledger, "vincent-van-gogh", "care-provider", &case.path()).with_status(200).body;
    assert_eq!((&state["region"], &state["phase"]), (&json!("noord-limburg"), &json!("ready")));
    assert_eq!(state["agreementSet"], json!({"id": "noord-limburg", "version": 1}));
    assert_eq!(read_by(&ledger, "de-vaart", "care-provider", &case.path()).status, 404);
    assert_eq!(read_by(&ledger, "gemeente-amsterdam", "wmo-consultant", &case.path()).status, 404);
    assert_eq!(listed(&ledger, "de-vaart", "guide"), 0);
}

#[test]
fn until_it_answers_the_receiver_reads_the_profile_and_neither_name_nor_course() {
    let ledger = Ledger::empty();
    let case = proposed(&ledger);
    let state = read_by(&ledger, "vincent-van-gogh", "care-provider", &case.path()).with_status(200);
    assert_eq!(state.body["phase"], Value::Null, "{}", state.text);
    let timeline = read_by(&ledger, "vincent-van-gogh", "care-provider", &case.events()).with_status(200);
    assert!(timeline.text.contains("her sister lives there"), "the reason is shown: {}", timeline.text);
    assert!(timeline.text.contains("\"preferredAreas\""), "the profile: {}", timeline.text);
    for hidden in ["Sam de Boer", "06 00 00 00 00", "sheltered-housing", "readiness-confirmed"] {
        assert!(!timeline.text.contains(hidden), "{hidden}: {}", timeline.text);
    }
    let worklist = read_by(&ledger, "vincent-van-gogh", "care-provider", "/v1/worklist?undated=true");
    assert_eq!(worklist.with_status(200).body["items"], json!([]), "the giver stays responsible");
}

#[test]
fn a_receiver_that_refuses_leaves_everything_as_it_was() {
    let ledger = Ledger::empty();
    let mut case = proposed(&ledger);
    case.reports("region-transfer-refused");
    case.read_again();
    assert_eq!(case.state()["region"], "amsterdam");
    assert_eq!(read_by(&ledger, "vincent-van-gogh", "care-provider", &case.path()).status, 404);
    assert_eq!(listed(&ledger, "vincent-van-gogh", "care-provider"), 0);
    let feed = read_by(&ledger, "vincent-van-gogh", "care-provider", "/v1/feed").with_status(200);
    assert_eq!(feed.body["items"][0]["type"], "trajectory-withdrawn", "{}", feed.text);
}

#[test]
fn a_receiver_answers_on_the_day_itself_because_it_does_not_see_what_happened_before() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.reports("region-transfer-proposed");
    let answer = tries(&ledger, &case, "vincent-van-gogh", "region-transfer-accepted").with_status(409);
    assert_eq!(answer.codes(), ["past-day-not-tried"].into());
}

#[test]
fn the_feed_withdraws_the_case_from_the_giver_and_gives_it_to_the_receiver() {
    let ledger = Ledger::empty();
    let mut case = proposed(&ledger);
    case.reports("region-transfer-accepted");
    let types = |organisation: &str| -> Vec<Value> {
        let feed = read_by(&ledger, organisation, "care-provider", "/v1/feed").with_status(200).body;
        feed["items"].as_array().expect("items").iter().map(|item| item["type"].clone()).collect()
    };
    assert_eq!(types("de-vaart"), ["trajectory-withdrawn"]);
    assert_eq!(types("vincent-van-gogh").last(), Some(&json!("region-transfer-accepted")));
}

#[test]
fn the_move_is_in_the_figures_of_both_regions() {
    let ledger = Ledger::empty();
    let mut case = proposed(&ledger);
    case.reports("region-transfer-accepted");
    let year = &today(&ledger)[..4];
    let moves = |region: &str, then: &str| {
        let path = format!("/v1/regions/{region}/figures?from={year}-01-01&to={year}-12-31{then}");
        let mut viewer = case.partners.viewer(Role::MatchingPoint, &case.id);
        viewer.regions = [region.parse().expect("a code")].into();
        ledger.get(&path).as_viewer(&viewer).answer().with_status(200).body["moves"].clone()
    };
    // One is too few to show; none may be shown.
    let known_now = format!("&knownAt={}", ledger.now());
    for then in ["", known_now.as_str()] {
        assert_eq!(moves("amsterdam", then), json!({"movedIn": 0, "movedOut": null}), "{then}");
        assert_eq!(moves("noord-limburg", then), json!({"movedIn": null, "movedOut": 0}), "{then}");
    }
}

#[test]
fn a_second_provider_reads_whom_it_helps_where_and_to_what_end_and_nothing_of_guidance() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all([
        "guidance-plan-agreed",
        "relapse-plan-agreed",
        "second-provider-joined",
        "rent-missed",
    ]);
    let own = read_by(&ledger, "het-anker", "guide", &case.events()).with_status(200);
    for shown in ["Sam de Boer", "VHE-00412", "guidance-plan-agreed"] {
        assert!(own.text.contains(shown), "{shown}: {}", own.text);
    }
    for hidden in ["rent-missed", "relapse-plan-agreed", "\"origin\"", "outflow-profile-set"] {
        assert!(!own.text.contains(hidden), "{hidden}: {}", own.text);
    }
    assert_eq!(tries(&ledger, &case, "het-anker", "guidance-scaled").status, 403);
    assert_eq!(listed(&ledger, "het-anker", "care-provider"), 1);
    case.reports("second-provider-left");
    assert_eq!(read_by(&ledger, "het-anker", "guide", &case.path()).status, 404);
}
