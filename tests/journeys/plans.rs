//! The plan of a region for a year, and what became of it.

use omklap_tests::{Answer, Ledger, sample_fact};
use serde_json::{Value, json};

use crate::rounds::opens_a_home;

const PLAN: &str = "/v1/regions/amsterdam/plans/2021";

pub fn quota() -> Value {
    json!({
        "type": "quota-agreed", "occurredOn": "2020-11-20", "region": "amsterdam", "year": 2021,
        "document": "dms:quota-2021",
        "homes": [
            {"homes": 12}, {"municipality": "0363", "homes": 4}, {"municipality": "0384", "homes": 4},
            {"corporation": "stadswonen", "homes": 12}
        ]
    })
}

/// The same quota with other parts.
fn quota_of(homes: &Value) -> Value {
    let mut quota = quota();
    quota["homes"] = homes.clone();
    quota
}

fn forecast() -> Value {
    json!({
        "type": "forecast-agreed", "occurredOn": "2020-11-20", "region": "amsterdam", "year": 2021,
        "document": "dms:forecast-2021",
        "expected": [{"month": 1, "profile": "p1", "clients": 7}, {"month": 6, "profile": "p2", "origin": "0363", "clients": 3}]
    })
}

fn lettings(homes: u32) -> Value {
    json!({
        "type": "lettings-reported", "occurredOn": "2021-12-31", "region": "amsterdam", "year": 2021,
        "corporation": "stadswonen", "lettings": homes
    })
}

fn agreed(ledger: &Ledger) -> Answer {
    let report = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point");
    report.json(&json!([forecast(), quota()])).answer().with_status(201)
}

fn read_by(ledger: &Ledger, organisation: &str, role: &str) -> Answer {
    ledger.get(PLAN).by(organisation).in_role(role).answer()
}

#[test]
fn four_homes_in_each_municipality_are_for_every_partner_to_read() {
    let ledger = Ledger::empty();
    let agreed = agreed(&ledger);
    assert_eq!(agreed.header("Location"), Some(PLAN));
    for (organisation, role) in [
        ("stadswonen", "housing-corporation"),
        ("de-vaart", "care-provider"),
        ("gemeente-amsterdam", "municipality"),
        ("transferpunt", "matching-point"),
    ] {
        let plan = read_by(&ledger, organisation, role).with_status(200).body["plan"].clone();
        assert_eq!(plan["quota"]["homes"][1], json!({"municipality": "0363", "homes": 4}), "{role}");
        assert_eq!((&plan["quota"]["total"], &plan["forecast"]["clients"]), (&json!(12), &json!(10)));
        let mismatch = json!([{"parts": "municipalities", "sum": 8, "total": 12}]);
        assert_eq!(plan["quota"]["mismatches"], mismatch, "it is said and not refused");
    }
    assert_eq!(read_by(&ledger, "de-vaart", "nuisance-desk").with_status(404).problem(), "no-such-stream");
}

#[test]
fn beside_the_plan_is_what_became_of_it() {
    let ledger = Ledger::empty();
    agreed(&ledger);
    let _cases = [(); 6].map(|()| ledger.housed());
    let reported = ledger.post(&format!("{PLAN}/events")).by("gemeente-amsterdam").in_role("municipality");
    reported.seen("*").json(&lettings(300)).answer().with_status(201);
    let plan = read_by(&ledger, "transferpunt", "matching-point").with_status(200).body;
    let (ready, lets) = (&plan["realised"]["ready"], &plan["realised"]["lets"]);
    assert_eq!(
        (&ready["clients"], &ready["months"]["1"], &ready["profiles"]["p1"]),
        (&json!(6), &json!(6), &json!(6))
    );
    assert_eq!((&lets["homes"], &lets["corporations"]["stadswonen"]), (&json!(6), &json!(6)), "{plan:#}");
    assert_eq!(lets["municipalities"]["0363"], 6);
    assert_eq!(ready["origins"], json!({"0363": 6}));
    let share = json!([{"corporation": "stadswonen", "letToClients": 6, "lettings": 300}]);
    assert_eq!(lets["shares"], share);
    assert_eq!(plan["plan"]["lettings"], json!([{"corporation": "stadswonen", "lettings": 300}]));
    // The year ended before any of it was recorded.
    let frozen = read_by(&ledger, "stadswonen", "housing-corporation").with_status(200).body;
    assert_eq!(frozen["realised"]["lets"]["homes"], 0);
}

#[test]
fn demand_is_shown_beside_supply_and_a_few_people_are_not() {
    let ledger = Ledger::empty();
    let this_year = json!({
        "type": "quota-agreed", "occurredOn": "2025-11-20", "region": "amsterdam", "year": 2026,
        "document": "dms:quota-2026", "homes": [{"homes": 12}]
    });
    let begun = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point").json(&this_year);
    begun.answer().with_status(201);
    opens_a_home(&ledger);
    let counted = |part: &str| {
        let plan =
            ledger.get("/v1/regions/amsterdam/plans/2026").by("transferpunt").in_role("matching-point");
        plan.answer().with_status(200).body["realised"][part].clone()
    };
    let mut ready = vec![ledger.ready(), ledger.ready()];
    assert_eq!((&counted("demand")["clients"], &counted("demand")["profiles"]), (&Value::Null, &json!({})));
    assert_eq!(counted("supply"), json!({"homes": 1, "accessKinds": {"unknown": 1}}), "homes are no people");
    ready.extend([(); 3].map(|()| ledger.ready()));
    let demand = counted("demand");
    assert_eq!((&demand["clients"], &demand["profiles"]["p1"]), (&json!(5), &json!(5)), "{demand:#}");
}

#[test]
fn whether_offers_are_spread_evenly_is_counted_as_by_hand() {
    let ledger = Ledger::empty();
    agreed(&ledger);
    // Fifteen clients who are alike: ready on 1 February; offered after 10, 20 and 30 days, five of each. The first
    // five refuse, the next five offers are withdrawn, the last five are not answered yet.
    let rounds = [
        ("2021-02-11", Some(sample_fact("offer-refused").with("ground", "rent-too-high"))),
        ("2021-02-21", Some(sample_fact("offer-withdrawn").with("ground", "let-elsewhere"))),
        ("2021-03-03", None),
    ];
    for (offered_on, answer) in &rounds {
        for _ in 0..5 {
            let mut case = ledger.preparing();
            case.reports("outflow-profile-set");
            case.on("2021-02-01").reports_all([
                "readiness-confirmed",
                "housing-requested",
                "corporation-assigned",
            ]);
            case.on(offered_on).reports("dwelling-offered");
            if let Some(answer) = answer {
                case.reports(answer.clone());
            }
        }
    }
    let of = |organisation: &str, role: &str| {
        read_by(&ledger, organisation, role).with_status(200).body["realised"]["yearOffers"].clone()
    };
    let alike = json!({
        "offered": 15, "notFirst": 0, "refused": 5, "withdrawn": 5, "medianPlace": null, "medianDays": 20
    });
    let expected = json!({
        "profiles": {"p1": alike}, "households": {"single": alike}, "origins": {"0363": alike},
        "refusals": {"rent-too-high": 5}, "withdrawals": {"let-elsewhere": 5}
    });
    assert_eq!(of("transferpunt", "matching-point"), expected);
    assert_eq!(of("stadswonen", "housing-corporation"), Value::Null, "several may be about one person");
}

#[test]
fn a_factsheet_has_what_the_operations_about_its_parts_answer() {
    let ledger = Ledger::empty();
    agreed(&ledger);
    let read = |path: &str| {
        ledger.get(path).by("stadswonen").in_role("housing-corporation").answer().with_status(200).body
    };
    let sheet = read("/v1/regions/amsterdam/factsheet?year=2021");
    let plan = read(PLAN);
    assert_eq!((&sheet["plan"], &sheet["realised"]), (&plan["plan"], &plan["realised"]));
    assert_eq!(sheet["yearFigures"], read("/v1/regions/amsterdam/figures?from=2021-01-01&to=2021-12-31"));
    assert_eq!(sheet["yearEndSpread"], read("/v1/regions/amsterdam/spread?on=2021-12-31"));
    assert_eq!(sheet.get("guaranteeFund"), None, "Amsterdam has none");
    let with_a_fund = read("/v1/regions/noord-limburg/factsheet");
    assert_eq!(with_a_fund["guaranteeFund"], read("/v1/regions/noord-limburg/guarantee-fund"));
    assert_eq!((&with_a_fund["year"], with_a_fund.get("plan")), (&json!(2025), None));
    let still = ledger.get("/v1/regions/amsterdam/factsheet?year=2026").answer().with_status(400);
    assert_eq!(still.errors(), [("still-to-come", "year")]);
    let desk = ledger.get("/v1/regions/amsterdam/factsheet").by("de-vaart").in_role("nuisance-desk");
    assert_eq!(desk.answer().with_status(404).problem(), "no-such-stream");
}

#[test]
fn a_plan_names_registered_corporations_and_each_part_once() {
    let ledger = Ledger::empty();
    agreed(&ledger);
    let wrong = quota_of(&json!([
        {"homes": 12}, {"corporation": "stadswoonen", "homes": 4}, {"corporation": "transferpunt", "homes": 4}
    ]));
    let report =
        ledger.post(&format!("{PLAN}/events")).by("gemeente-amsterdam").in_role("municipality").seen("*");
    let names =
        report.header("Content-Type", "application/json").body(wrong.to_string()).answer().with_status(409);
    assert_eq!(
        names.errors(),
        [
            ("not-registered", "/homes/1/corporation"),
            ("organisation-of-another-kind", "/homes/2/corporation")
        ]
    );
    let twice = quota_of(&json!([{"homes": 12}, {"municipality": "0363", "homes": 4}, {"homes": 12}]));
    let report =
        ledger.post(&format!("{PLAN}/events")).by("gemeente-amsterdam").in_role("municipality").seen("*");
    let twice = report.json(&twice).answer().with_status(409);
    assert_eq!(twice.errors(), [("part-twice", "/homes/2")]);
}

#[test]
fn counts_of_a_few_people_are_not_shown_beside_a_plan_of_four_homes() {
    let ledger = Ledger::empty();
    agreed(&ledger);
    let _cases = [ledger.housed(), ledger.housed()];
    let plan = read_by(&ledger, "transferpunt", "matching-point").with_status(200).body;
    let realised = &plan["realised"];
    assert_eq!((&realised["lets"]["homes"], &realised["ready"]["clients"]), (&Value::Null, &Value::Null));
    assert_eq!((&realised["lets"]["municipalities"], &realised["ready"]["months"]), (&json!({}), &json!({})));
    assert_eq!(plan["plan"]["quota"]["homes"][1]["homes"], 4);
}

#[test]
fn what_became_of_the_running_year_is_for_those_who_see_its_cases() {
    let ledger = Ledger::empty();
    let this_year = json!({
        "type": "quota-agreed", "occurredOn": "2025-11-20", "region": "amsterdam", "year": 2026,
        "document": "dms:quota-2026", "homes": [{"homes": 12}]
    });
    ledger
        .post("/v1/plans")
        .by("gemeente-amsterdam")
        .in_role("municipality")
        .json(&this_year)
        .answer()
        .with_status(201);
    let realised = |organisation: &str, role: &str| {
        let plan = ledger.get("/v1/regions/amsterdam/plans/2026").by(organisation).in_role(role).answer();
        plan.with_status(200).body.get("realised").is_some()
    };
    assert!(realised("transferpunt", "matching-point"));
    assert!(!realised("stadswonen", "housing-corporation"));
}

#[test]
fn a_plan_is_reported_by_the_matching_point_or_the_municipality_of_the_region_once() {
    let ledger = Ledger::empty();
    let report = |organisation: &str, role: &str, fact: &Value| {
        ledger.post("/v1/plans").by(organisation).in_role(role).json(fact).answer()
    };
    let another = report("stadswonen", "housing-corporation", &quota()).with_status(403);
    assert_eq!(another.problem(), "not-yours-to-report");
    agreed(&ledger);
    assert_eq!(
        report("transferpunt", "matching-point", &quota()).with_status(409).problem(),
        "already-there"
    );
    let next_year = json!({"type": "quota-agreed", "occurredOn": "2020-11-20", "region": "amsterdam", "year": 2022,
        "document": "dms:quota-2022", "homes": [{"homes": 12}]});
    let events =
        ledger.post(&format!("{PLAN}/events")).by("transferpunt").in_role("matching-point").seen("*");
    assert_eq!(events.json(&next_year).answer().with_status(409).codes(), ["names-another"].into());
    for path in
        ["/v1/regions/amsterdam/plans/2019", "/v1/regions/amsterdam/plans/21", "/v1/regions/x/plans/2021"]
    {
        ledger.get(path).by("transferpunt").in_role("matching-point").answer().with_status(404);
    }
}
