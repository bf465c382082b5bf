//! What is put into the guarantee fund of a region, and what is left of it (S4).

use omklap_tests::{Answer, Ledger, Request};
use serde_json::{Value, json};

#[test]
fn the_keeper_reports_deposits_and_the_partners_of_the_region_read_them() {
    let ledger = Ledger::empty();
    let first = keeper(ledger.post("/v1/guarantee-fund-years").json(&deposit("stadswonen"))).answer();
    let path = first.with_status(201).header("location").expect("where it is").to_owned();
    let second = with(deposit("gemeente-venlo"), "amountCents", 1_000_000);
    reports(&ledger, &path, &second).seen("*").answer().with_status(201);
    next_year(&ledger);
    for (organisation, role) in [
        ("de-vaart", "care-provider"),
        ("stadswonen", "housing-corporation"),
        ("gemeente-venlo", "municipality"),
    ] {
        let read = statement(&ledger, "noord-limburg", organisation, role).with_status(200).body;
        assert_eq!((&read["year"], &read["keeper"]), (&json!(2026), &json!("municipality")), "{role}");
        assert_eq!((&read["depositedCents"], &read["balanceCents"]), (&json!(3_500_000), &json!(3_500_000)));
        assert_eq!(read["deposits"][1]["depositor"], "gemeente-venlo");
    }
}

#[test]
fn the_statement_of_a_year_that_has_ended_does_not_change() {
    let ledger = Ledger::empty();
    let path = begun(&ledger, &deposit("stadswonen"));
    next_year(&ledger);
    let of = |year: u16| {
        let path = format!("/v1/regions/noord-limburg/guarantee-fund?year={year}");
        ledger.get(&path).by("stadswonen").in_role("housing-corporation").answer().with_status(200).text
    };
    let before = of(2026);
    let late = with(deposit("gemeente-venlo"), "amountCents", 1_000_000);
    reports(&ledger, &path, &late).seen("*").answer().with_status(201);
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-03-01", "corrects": 1});
    reports(&ledger, &path, &retracted).seen("*").answer().with_status(201);
    assert_eq!(of(2026), before, "what is reported afterwards changes nothing in it");
    next_year(&ledger);
    assert_eq!(of(2026), before);
    let read: Value = serde_json::from_str(&of(2027)).expect("JSON");
    assert_eq!(
        (&read["depositedCents"], &read["deposits"][0]["depositor"]),
        (&json!(1_000_000), &json!("gemeente-venlo"))
    );
}

#[test]
fn a_deposit_is_of_a_registered_partner_of_the_region() {
    let ledger = Ledger::empty();
    let _ = begun(&ledger, &deposit("stadswonen"));
    let of = |depositor: &str| {
        let year = with(with(deposit("stadswonen"), "year", 2024), "depositor", depositor);
        let report = keeper(ledger.post("/v1/guarantee-fund-years").body(year.to_string()));
        report.header("Content-Type", "application/json").answer().with_status(409)
    };
    let unknown = of("stadswoonen");
    assert_eq!(
        (unknown.problem(), unknown.errors()),
        ("wrong-names", vec![("not-registered", "/depositor")])
    );
}

#[test]
fn nobody_but_the_keeper_reports_a_deposit_and_none_where_there_is_no_fund() {
    let ledger = Ledger::empty();
    let post = |fact: &Value| ledger.post("/v1/guarantee-fund-years").json(fact);
    let by_another = post(&deposit("stadswonen")).by("transferpunt").in_role("matching-point").answer();
    assert_eq!(by_another.with_status(403).errors(), [("not-theirs", "/type")]);
    let elsewhere = keeper(post(&with(deposit("stadswonen"), "region", "amsterdam"))).answer();
    assert_eq!(elsewhere.with_status(409).errors()[0].0, "no-guarantee-fund");
    let nothing = keeper(post(&with(deposit("stadswonen"), "amountCents", 0))).answer();
    assert_eq!(nothing.with_status(400).errors(), [("too-low", "/amountCents")]);
    let first = keeper(post(&deposit("stadswonen"))).answer().with_status(201);
    let path = first.header("location").expect("where it is").to_owned();
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-03-01", "corrects": 1});
    let events = ledger.post(&format!("{path}/events")).json(&retracted).seen("*");
    events.by("transferpunt").in_role("matching-point").answer().with_status(403);
}

#[test]
fn the_balance_of_a_fund_is_shown_when_it_points_at_nobody() {
    let ledger = Ledger::empty();
    let answered = |many: usize| {
        for _ in 0..many {
            let mut case = ledger.backed_by_the_fund();
            case.reports_all(["damage-reported", "guarantee-fund-claimed", "guarantee-fund-settled"]);
        }
    };
    answered(1);
    // The year in which it was recorded ends.
    ledger.minutes_pass(60 * 24 * 100);
    let sums = |organisation: &str, role: &str| {
        let read = statement(&ledger, "amsterdam", organisation, role).with_status(200).body;
        ["claimedCents", "awardedCents", "balanceCents"].map(|sum| read[sum].clone())
    };
    for (organisation, role) in [
        ("de-vaart", "care-provider"),
        ("stadswonen", "housing-corporation"),
        ("gemeente-amsterdam", "municipality"),
    ] {
        assert_eq!(
            sums(organisation, role),
            [Value::Null, Value::Null, Value::Null],
            "{role}: one is too few"
        );
    }
    assert_eq!(sums("transferpunt", "matching-point")[0], 40_000, "it sees the claim itself");
    answered(4);
    assert_eq!(sums("stadswonen", "housing-corporation")[0], Value::Null, "a year that has ended stays");
    ledger.minutes_pass(60 * 24 * 365);
    let [claimed, awarded, balance] = sums("stadswonen", "housing-corporation");
    assert_eq!(claimed, 200_000, "five are enough");
    assert_eq!(balance.as_i64().map(|left| -left), awarded.as_i64());
}

#[test]
fn a_year_that_has_not_ended_is_read_by_the_matching_point_only() {
    let ledger = Ledger::empty();
    let read = |year: &str, organisation: &str, role: &str| {
        let path = format!("/v1/regions/noord-limburg/guarantee-fund?year={year}");
        ledger.get(&path).by(organisation).in_role(role).answer()
    };
    let too_early = read("2026", "stadswonen", "housing-corporation").with_status(400);
    assert_eq!(too_early.errors(), [("still-to-come", "year")]);
    read("2026", "transferpunt", "matching-point").with_status(200);
    read("2027", "transferpunt", "matching-point").with_status(400);
    read("1899", "transferpunt", "matching-point").with_status(400);
    let nowhere = statement(&ledger, "nowhere", "stadswonen", "housing-corporation").with_status(404);
    assert_eq!(nowhere.problem(), "no-such-stream");
    let desk = statement(&ledger, "noord-limburg", "de-vaart", "nuisance-desk").with_status(404);
    assert_eq!((desk.problem(), &desk.body["detail"]), (nowhere.problem(), &nowhere.body["detail"]));
}

// --- the vocabulary ---------------------------------------------------------------------------

/// A deposit in the fund of Noord-Limburg for 2025.
pub fn deposit(depositor: &str) -> Value {
    json!({
        "type": "guarantee-fund-deposited", "occurredOn": "2025-01-15", "region": "noord-limburg", "year": 2025,
        "depositor": depositor, "amountCents": 2_500_000
    })
}

/// As the municipality that keeps the fund.
pub fn keeper(request: Request) -> Request {
    request.by("gemeente-venlo").in_role("municipality")
}

/// Reports the first deposit of a year, and returns where that is.
fn begun(ledger: &Ledger, deposit: &Value) -> String {
    let first = keeper(ledger.post("/v1/guarantee-fund-years").json(deposit)).answer().with_status(201);
    first.header("location").expect("where it is").to_owned()
}

fn next_year(ledger: &Ledger) {
    ledger.minutes_pass(60 * 24 * 365);
}

fn with(mut fact: Value, field: &str, value: impl Into<Value>) -> Value {
    fact[field] = value.into();
    fact
}

fn reports(ledger: &Ledger, path: &str, fact: &Value) -> Request {
    keeper(ledger.post(&format!("{path}/events")).json(fact))
}

fn statement(ledger: &Ledger, region: &str, organisation: &str, role: &str) -> Answer {
    ledger.get(&format!("/v1/regions/{region}/guarantee-fund")).by(organisation).in_role(role).answer()
}
