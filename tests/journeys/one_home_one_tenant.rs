//! One home, one tenant (`docs/DOMAIN.md` §3.9): what is refused, who learns that a home is held, and
//! what is on the worklists of both cases.

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, SampleFact, sample_fact, shown_fact};
use serde_json::{Value, json};

const TODAY: &str = "2026-11-01";

#[test]
fn a_home_that_is_offered_to_one_client_is_not_offered_to_another() {
    let ledger = Ledger::empty();
    let (mut first, mut second) = (today(ledger.matching()), today(ledger.matching()));
    first.reports(offer(1)).leads_to("offered");
    second.refuses(offer(2), ["dwelling-held"]);
    first.on(TODAY).reports("offer-refused");
    second.reports(offer(2)).leads_to("offered");
}

#[test]
fn a_home_that_is_written_in_another_case_is_the_same_home_and_shown_as_it_was_written() {
    let ledger = Ledger::empty();
    let (mut first, mut second) = (today(ledger.matching()), today(ledger.matching()));
    first.reports(offer(1)).leads_to("offered");
    second.refuses(offer(2).with("unit", "vhe-00412"), ["dwelling-held"]);
    first.on(TODAY).reports("offer-refused");
    second.reports(offer(2).with("unit", "vhe-00412")).leads_to("offered");
    let timeline = json!(second.timeline()).to_string();
    assert!(timeline.contains("vhe-00412") && !timeline.contains("VHE-00412"), "{timeline}");
    second.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", id(2))).leads_to("contracting");
}

#[test]
fn the_refusal_says_the_same_whoever_holds_the_home_and_by_what() {
    let holders: [fn(&Ledger) -> Case; 2] = [offered_today, |ledger| ledger.housed()];
    let refusals = holders.map(|holder| {
        let ledger = Ledger::empty();
        let held = holder(&ledger);
        let second = today(ledger.matching());
        let refused = second.reporting(&second.next(offer(2))).answer().with_status(409);
        assert_eq!(refused.errors(), [("dwelling-held", "/unit")]);
        for hidden in [held.id.as_str(), "0ffe0001", "1ea5", "leaseId"] {
            assert!(!refused.text.contains(hidden), "{}", refused.text);
        }
        without(refused.body, &["instance"])
    });
    assert_eq!(refusals[0], refusals[1]);
}

#[test]
fn the_home_in_which_the_client_lives_names_the_own_lease() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all(["housing-requested", "corporation-assigned"]);
    let again = case.next(offer(2).on(TODAY));
    let refused = case.reporting(&again).answer().with_status(409);
    assert_eq!(refused.errors(), [("dwelling-held", "/unit")]);
    assert_eq!(refused.body["leaseId"], "1ea50001-0000-4000-8000-000000000001");
}

#[test]
fn a_history_that_is_brought_along_does_not_show_whether_a_home_is_held() {
    let (held, free) = (Ledger::empty(), Ledger::empty());
    let history = facts_of(&offered_today(&held));
    let tried = [&held, &free].map(|ledger| {
        let tried = ledger.post("/v1/trajectories?dryRun=true").json(&history).answer().with_status(200);
        without(tried.body, &["trajectoryId", "events", "recordedAt"])
    });
    assert_eq!(tried[0], tried[1]);
}

#[test]
fn a_disputed_home_is_on_both_worklists_each_with_its_own_offer_until_one_is_corrected() {
    let ledger = Ledger::empty();
    let (first, mut second) = (ledger.offered(), ledger.matching());
    second.reports(offer(2)).leads_to("offered");
    let homes = homes(&second, Role::HousingCorporation);
    assert_eq!(homes, [("disputed", first.id.as_str(), id(1)), ("disputed", &second.id, id(2))].map(item));
    for hidden in [Role::Client, Role::WmoConsultant, Role::Auditor] {
        assert!(self::homes(&second, hidden).is_empty(), "{}", hidden.as_str());
    }
    second.reports(sample_fact("event-corrected").with("corrects", second.version).without("replacement"));
    assert!(self::homes(&second, Role::HousingCorporation).is_empty());
}

#[test]
fn an_offer_against_the_profile_is_warned_about_in_the_language_of_the_reader() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    let dear = offer(1).with("rentCents", 99_000).without("access");
    let tried = case.dry_run_by(Role::HousingCorporation, &case.next(dear.clone())).with_status(200);
    let warned = |body: &Value| {
        let warnings = body["warnings"].as_array().expect("warnings").clone();
        warnings
            .iter()
            .map(|one| [&one["code"], &one["pointer"]].map(ToString::to_string))
            .collect::<Vec<_>>()
    };
    let rent = [r#""rent-above-limit""#, r#""/rentCents""#].map(str::to_owned);
    assert!(warned(&tried.body).contains(&rent), "{}", tried.text);
    case.reports(dear).leads_to("offered");
    assert_eq!(warned(&case.answer), warned(&tried.body), "a warning is no refusal");
}

#[test]
fn a_corporation_that_does_not_see_the_profile_gets_no_warnings() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    let shared = json!(["housing-corporation"]);
    case.reports(sample_fact("consent-given").with("scope", "outflow-profile").with("recipients", shared));
    case.reports(sample_fact("consent-withdrawn").with("scope", "outflow-profile"));
    let dear = case.next(offer(1).with("rentCents", 99_000));
    let tried = case.dry_run_by(Role::HousingCorporation, &dear).with_status(200);
    assert_eq!(tried.body.get("warnings"), None, "{}", tried.text);
}

#[test]
fn the_next_corporation_does_not_see_why_an_offer_was_withdrawn() {
    let ledger = Ledger::empty();
    let mut case = ledger.offered();
    case.reports(sample_fact("offer-withdrawn").with("ground", "income-too-low"));
    case.reports("assignment-returned");
    case.reports(sample_fact("corporation-assigned").with("corporation", "woonoord"));
    let seen = ledger
        .get(&case.events())
        .by("woonoord")
        .in_role("housing-corporation")
        .answer()
        .with_status(200)
        .text;
    assert!(seen.contains("offer-withdrawn") && !seen.contains("income-too-low"), "{seen}");
}

// The words of these tests.

fn today(mut case: Case) -> Case {
    case.on(TODAY);
    case
}

fn offered_today(ledger: &Ledger) -> Case {
    let mut case = today(ledger.matching());
    case.reports(offer(1));
    case
}

/// An offer of the same home, with an id of its own.
fn offer(number: u8) -> SampleFact {
    sample_fact("dwelling-offered").with("offerId", id(number))
}

fn id(number: u8) -> String {
    format!("0ffe000{number}-0000-4000-8000-000000000001")
}

fn facts_of(case: &Case) -> Value {
    case.timeline().iter().map(|entry| shown_fact(entry).clone()).collect()
}

fn without(mut body: Value, made_up: &[&str]) -> Value {
    for field in made_up {
        body.as_object_mut().expect("an object").remove(*field);
    }
    body
}

/// The homes on the worklist of this role.
fn homes(case: &Case, role: Role) -> Vec<Value> {
    let worklist = case.read_by(role, "/v1/worklist").with_status(200).body;
    let mut homes = worklist["homes"].as_array().cloned().unwrap_or_default();
    homes.sort_by_key(|home| home["id"].to_string());
    homes
        .into_iter()
        .map(|home| json!([home["matter"], home["trajectoryId"], home["id"], home["unit"]]))
        .collect()
}

fn item((matter, trajectory, id): (&str, &str, String)) -> Value {
    json!([matter, trajectory, id, "VHE-00412"])
}
