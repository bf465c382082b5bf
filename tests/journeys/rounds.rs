//! The monthly round of a region: called, answered, discussed and held.

use std::collections::BTreeSet;

use omklap_tests::{Answer, Browser, Case, Ledger, Request, sample_fact};
use serde_json::{Value, json};

use crate::complexes::corporation;

/// The day of the round of these tests.
pub const ROUND_DAY: &str = "2026-11-26";

const PATH: &str = "/v1/regions/amsterdam/rounds/2026-11-26";

#[test]
fn the_matching_point_calls_a_round_each_provider_answers_and_it_is_held() {
    let ledger = Ledger::empty();
    let called = calls(&ledger);
    assert_eq!(called.header("location"), Some(PATH));
    let nobody = answered("de-vaart", true);
    by_provider(&ledger, "het-anker", &nobody).with_status(403);
    by_provider(&ledger, "de-vaart", &nobody).with_status(201);
    let round = read_by(&ledger, "stadswonen", "housing-corporation").body;
    assert_eq!(
        round["round"]["answers"],
        json!([{"provider": "de-vaart", "answeredOn": "2026-11-01", "nobody": true}])
    );
    assert_eq!(round["agenda"]["unanswered"], json!(["het-anker"]), "{round:#}");
    ledger.minutes_pass(25 * 24 * 60);
    let held = json!({"type": "round-held", "occurredOn": ROUND_DAY, "minutes": "dms:minutes-11"});
    matching_point(ledger.post(&format!("{PATH}/events")).seen("*").json(&held)).answer().with_status(201);
    let round = read_by(&ledger, "de-vaart", "care-provider").body;
    assert_eq!(
        (&round["round"]["status"], &round["round"]["minutes"]),
        (&json!("held"), &json!("dms:minutes-11"))
    );
    assert_eq!(round.get("agenda"), None, "there is nothing to discuss any more");
    let late = by_provider(
        &ledger,
        "de-vaart",
        &json!({"type": "round-answered", "occurredOn": ROUND_DAY, "provider": "de-vaart", "nobody": false}),
    );
    assert_eq!(late.with_status(409).errors(), [("round-over", "/type")]);
}

#[test]
fn a_round_of_the_past_or_of_another_region_than_the_path_is_refused() {
    let ledger = Ledger::empty();
    let call = |fact: &Value| matching_point(ledger.post("/v1/regions/amsterdam/rounds").json(fact)).answer();
    let past = with(with(called(), "heldOn", "2026-10-25"), "answerBy", "2026-10-24");
    assert_eq!(call(&past).with_status(409).errors(), [("round-in-the-past", "/heldOn")]);
    let late = with(called(), "answerBy", "2026-11-27");
    assert_eq!(call(&late).with_status(409).errors(), [("answer-day-outside", "/answerBy")]);
    let elsewhere = with(called(), "region", "noord-limburg");
    assert_eq!(call(&elsewhere).with_status(409).errors()[0].0, "names-another");
    let held = json!({"type": "round-held", "occurredOn": ROUND_DAY});
    assert_eq!(call(&held).with_status(409).errors(), [("stream-not-named", "/type")]);
    calls(&ledger);
    assert_eq!(call(&called()).with_status(409).problem(), "already-there");
}

#[test]
fn a_round_that_was_called_wrongly_is_cancelled_also_if_it_was_answered() {
    let ledger = Ledger::empty();
    calls(&ledger);
    by_provider(&ledger, "de-vaart", &answered("de-vaart", true)).with_status(201);
    let by_the_point =
        |fact: &Value| matching_point(ledger.post(&format!("{PATH}/events")).seen("*").json(fact)).answer();
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-11-01", "corrects": 1});
    let refused = by_the_point(&retracted).with_status(409);
    assert_eq!(refused.errors(), [("stream-not-named", "/type")], "the answers would be about nothing");
    let cancelled = json!({"type": "round-cancelled", "occurredOn": "2026-11-01"});
    by_provider(&ledger, "de-vaart", &cancelled).with_status(403);
    by_the_point(&cancelled).with_status(201);
    let round = read_by(&ledger, "de-vaart", "care-provider").body;
    assert_eq!((&round["round"]["status"], round.get("agenda")), (&json!("cancelled"), None));
    for late in [&answered("de-vaart", false), &cancelled] {
        let refused = if late["type"] == "round-cancelled" {
            by_the_point(late)
        } else {
            by_provider(&ledger, "de-vaart", late)
        };
        assert_eq!(refused.with_status(409).errors(), [("round-over", "/type")]);
    }
    let another = with(with(called(), "heldOn", "2026-12-03"), "answerBy", "2026-11-26");
    matching_point(ledger.post("/v1/regions/amsterdam/rounds").json(&another)).answer().with_status(201);
    let mistaken = json!({"type": "event-corrected", "occurredOn": "2026-11-01", "corrects": 3});
    by_the_point(&mistaken).with_status(201);
    assert_eq!(read_by(&ledger, "de-vaart", "care-provider").body["round"]["status"], "called");
}

#[test]
fn a_round_of_the_past_is_reported_with_what_became_of_it() {
    let ledger = Ledger::empty();
    let call = with(
        with(with(called(), "occurredOn", "2026-09-01"), "heldOn", "2026-09-24"),
        "answerBy",
        "2026-09-17",
    );
    let report =
        |facts: &Value| matching_point(ledger.post("/v1/regions/amsterdam/rounds").json(facts)).answer();
    assert_eq!(report(&call).with_status(409).errors(), [("round-in-the-past", "/heldOn")]);
    let held = json!({"type": "round-held", "occurredOn": "2026-09-24"});
    report(&json!([call, held])).with_status(201);
}

#[test]
fn only_who_reported_a_fact_of_a_round_corrects_it() {
    let ledger = Ledger::empty();
    calls(&ledger);
    by_provider(&ledger, "de-vaart", &answered("de-vaart", true)).with_status(201);
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-11-01", "corrects": 2});
    for (organisation, role) in [("het-anker", "care-provider"), ("transferpunt", "matching-point")] {
        let report = ledger.post(&format!("{PATH}/events")).seen("*").json(&retracted);
        report.by(organisation).in_role(role).answer().with_status(403);
    }
    by_provider(&ledger, "de-vaart", &retracted).with_status(201);
    assert_eq!(read_by(&ledger, "de-vaart", "care-provider").body["round"]["answers"], json!([]));
    let call = json!({"type": "event-corrected", "occurredOn": "2026-11-01", "corrects": 1});
    by_provider(&ledger, "de-vaart", &call).with_status(403);
}

#[test]
fn the_agenda_has_what_each_partner_may_see() {
    let ledger = Ledger::empty();
    let (mut new, assigned) = (ledger.ready(), ledger.matching());
    new.reports("housing-requested");
    let mut stuck = ledger.preparing();
    stuck.reports("case-discussed");
    opens_a_home(&ledger);
    calls(&ledger);
    let agenda = |organisation: &str, role: &str| read_by(&ledger, organisation, role).body["agenda"].clone();
    let point = agenda("transferpunt", "matching-point");
    assert_eq!(points(&point, &new.id), json!(["new-request", "no-home-fits"]), "{point:#}");
    assert_eq!(points(&point, &assigned.id), json!(["new-request", "no-home-fits"]), "no round before");
    assert_eq!(points(&point, &stuck.id), json!(["stuck"]));
    assert!(client(&point, &stuck.id)["daysStuck"].is_u64());
    assert_eq!(point["homesWithoutCandidate"].as_array().map(Vec::len), Some(1));
    assert!(point.to_string().contains("Sam de Boer"));
    let corporation = agenda("stadswonen", "housing-corporation");
    assert_eq!(ids(&corporation), [assigned.id.as_str()]);
    assert!(!corporation.to_string().contains("Sam de Boer"), "a pseudonym before the match");
    let own: BTreeSet<&str> = [&new, &assigned, &stuck].map(|case| case.id.as_str()).into();
    assert_eq!(BTreeSet::from_iter(ids(&agenda("de-vaart", "care-provider"))), own);
    assert_eq!(ids(&agenda("het-anker", "care-provider")), [""; 0]);
    let municipality = agenda("gemeente-amsterdam", "municipality");
    assert_eq!((ids(&municipality).len(), &municipality["homesWithoutCandidate"]), (0, &json!([])));
    assert_eq!(municipality["counts"]["suppressedBelow"], 5);
}

#[test]
fn a_person_of_the_matching_point_reads_the_round_and_its_agenda() {
    let ledger = Ledger::empty();
    let case = ledger.matching();
    opens_a_home(&ledger);
    calls(&ledger);
    let _ = ledger.get("/v1/me").by("matching-point").in_role("matching-point").answer().with_status(200);
    let browser = Browser::at(ledger.address());
    browser.sign_in("Anne");
    let list = browser.open("/rounds/amsterdam");
    assert!(list.html.contains(&format!("/rounds/amsterdam/{ROUND_DAY}")), "{}", list.html);
    let round = browser.open(&format!("/rounds/amsterdam/{ROUND_DAY}"));
    let short = &case.id[case.id.len() - 6..];
    for words in [short, "nieuwe aanvraag", "geen passende woning", "Het Anker", "Woningen zonder kandidaat"]
    {
        assert!(round.html.contains(words), "{words}: {}", round.html);
    }
}

#[test]
fn what_an_auditor_does_not_see_changes_nothing_in_its_agenda() {
    let agendas = [json!("any-floor"), json!("wheelchair")].map(|access| {
        let ledger = Ledger::empty();
        opens_a_home(&ledger);
        calls(&ledger);
        let mut case = ledger.preparing();
        case.reports(sample_fact("outflow-profile-set").with("access", access));
        case.reports("readiness-confirmed");
        agenda_without_ids(&ledger, &case)
    });
    assert_eq!(agendas[0], agendas[1]);
}

#[test]
fn who_read_the_agenda_is_in_the_access_log_of_each_client() {
    let ledger = Ledger::empty();
    calls(&ledger);
    let case = &ledger.ready();
    let before = ledger.accesses(case).len();
    read_by(&ledger, "transferpunt", "matching-point");
    assert_eq!(ledger.accesses(case).len(), before + 1);
    read_by(&ledger, "gemeente-amsterdam", "municipality");
    assert_eq!(ledger.accesses(case).len(), before + 1, "counts name nobody");
}

#[test]
fn rounds_are_listed_with_the_last_one_first_and_page_by_page() {
    let ledger = Ledger::empty();
    for day in ["2026-11-26", "2026-12-17", "2027-01-28"] {
        let fact = with(with(called(), "heldOn", day), "answerBy", day);
        matching_point(ledger.post("/v1/regions/amsterdam/rounds").json(&fact)).answer().with_status(201);
    }
    let page =
        |path: &str| ledger.get(path).by("de-vaart").in_role("care-provider").answer().with_status(200);
    let first = page("/v1/regions/amsterdam/rounds?limit=2");
    assert_eq!(days(&first), ["2027-01-28", "2026-12-17"]);
    assert_eq!(days(&page(&first.next().expect("a next page"))), ["2026-11-26"]);
    for nowhere in ["nowhere", "noord-limburg"] {
        assert_eq!(days(&page(&format!("/v1/regions/{nowhere}/rounds"))), [""; 0], "{nowhere}");
    }
    let desk = ledger.get(PATH).by("de-vaart").in_role("nuisance-desk").answer().with_status(404);
    let none = ledger.get("/v1/regions/nowhere/rounds/2026-11-26").answer().with_status(404);
    assert_eq!((desk.problem(), none.problem()), ("no-such-stream", "no-such-stream"));
}

// --- the vocabulary ---------------------------------------------------------------------------

/// A round of Amsterdam.
pub fn called() -> Value {
    json!({
        "type": "round-called", "occurredOn": "2026-10-26", "region": "amsterdam",
        "heldOn": ROUND_DAY, "answerBy": "2026-11-19"
    })
}

/// The matching point calls the round of these tests, and two providers work in the region.
pub fn calls(ledger: &Ledger) -> Answer {
    for provider in ["de-vaart", "het-anker"] {
        let _ = ledger.get("/v1/me").by(provider).in_role("care-provider").answer().with_status(200);
    }
    matching_point(ledger.post("/v1/regions/amsterdam/rounds").json(&called())).answer().with_status(201)
}

fn matching_point(request: Request) -> Request {
    request.by("transferpunt").in_role("matching-point")
}

fn answered(provider: &str, nobody: bool) -> Value {
    json!({"type": "round-answered", "occurredOn": "2026-11-01", "provider": provider, "nobody": nobody})
}

fn by_provider(ledger: &Ledger, provider: &str, fact: &Value) -> Answer {
    let report = ledger.post(&format!("{PATH}/events")).seen("*").json(fact);
    report.by(provider).in_role("care-provider").answer()
}

fn read_by(ledger: &Ledger, organisation: &str, role: &str) -> Answer {
    ledger.get(PATH).by(organisation).in_role(role).answer().with_status(200)
}

/// Opens a vacancy in Amsterdam: a home that is too dear for everybody.
pub fn opens_a_home(ledger: &Ledger) {
    let home = json!({
        "unit": "VHE-77", "municipality": "0363", "availableFrom": "2026-12-01", "certain": true,
        "rentCents": 250_000, "contractModels": ["intermediary"], "nuisanceOnFile": false
    });
    let opened = json!({
        "type": "vacancy-opened", "occurredOn": "2021-01-04", "vacancyId": "7ac00001-0000-4000-8000-000000000001",
        "corporation": "stadswonen", "region": "amsterdam", "home": home
    });
    corporation(ledger.post("/v1/vacancies").json(&opened)).answer().with_status(201);
}

fn clients(agenda: &Value) -> &[Value] {
    agenda["clients"].as_array().expect("clients")
}

fn ids(agenda: &Value) -> Vec<&str> {
    clients(agenda).iter().filter_map(|client| client["client"]["trajectoryId"].as_str()).collect()
}

fn client<'a>(agenda: &'a Value, id: &str) -> &'a Value {
    let is_one = |client: &&Value| client["client"]["trajectoryId"] == *id;
    clients(agenda).iter().find(is_one).expect("on the agenda")
}

fn points(agenda: &Value, id: &str) -> Value {
    client(agenda, id)["points"].clone()
}

fn agenda_without_ids(ledger: &Ledger, case: &Case) -> String {
    let agenda = read_by(ledger, "rekenkamer", "auditor").body["agenda"].to_string();
    agenda.replace(&case.id, "ID")
}

fn days(page: &Answer) -> Vec<&str> {
    let rounds = page.body["items"].as_array().expect("rounds").iter();
    rounds.filter_map(|round| round["heldOn"].as_str()).collect()
}

fn with(mut fact: Value, field: &str, value: impl Into<Value>) -> Value {
    fact[field] = value.into();
    fact
}
