//! A ledger with one stream of each kind, and what changes in them.

use omklap_tests::{Case, Ledger};
use serde_json::{Value, json};

use crate::complexes::{complex, corporation};
use crate::guarantee_fund::{deposit, keeper};
use crate::plans::quota;
use crate::rounds::calls;
use crate::vacancies::{home, reports, vacancy, with};

/// A home whose hidden fields have values that are nowhere else.
pub fn hidden_home() -> Value {
    let home = with(with(home(), "unit", "VHE-HIDDEN"), "floor", 47);
    let home = with(with(home, "reference", "K-HIDDEN"), "municipality", "0363");
    with(with(home, "neighbourhood", "BU03630001"), "complex", "C-118")
}

/// A ledger with a client who looks for a home, and one stream of each kind in the client's region.
pub fn with_every_stream(home: &Value) -> (Ledger, Case) {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let place = |fact: Value| with(with(fact, "region", "amsterdam"), "municipality", "0363");
    let complex = with(place(complex()), "neighbourhood", "BU03630001");
    corporation(ledger.post("/v1/complexes").json(&complex)).answer().with_status(201);
    let opened = with(with(vacancy(), "region", "amsterdam"), "home", home.clone());
    corporation(ledger.post("/v1/vacancies").json(&opened)).answer().with_status(201);
    let plan = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point").json(&quota());
    plan.answer().with_status(201);
    calls(&ledger);
    keeper(ledger.post("/v1/guarantee-fund-years").json(&deposit("stadswonen"))).answer().with_status(201);
    (ledger, case)
}

/// A home of which everything is said.
pub fn whole_home() -> Value {
    with_fields(
        hidden_home(),
        &json!({
            "kind": "apartment", "rooms": 2, "lift": true, "access": "wheelchair", "quiet": true,
            "petsAllowed": true, "persons": {"min": 1, "max": 2}, "respondWithinDays": 7
        }),
    )
}

/// The same place, and everything else otherwise.
pub fn other_home() -> Value {
    with_fields(
        whole_home(),
        &json!({
            "unit": "VHE-OTHER", "floor": 2, "reference": "K-OTHER", "availableFrom": "2027-01-15", "certain": false,
            "rentCents": 40_000, "kind": "room", "rooms": 1, "lift": false, "access": "any-floor", "quiet": false,
            "petsAllowed": false, "persons": {"min": 2, "max": 3}, "contractModels": ["own"],
            "nuisanceOnFile": true, "respondWithinDays": 14
        }),
    )
}

fn with_fields(home: Value, fields: &Value) -> Value {
    let fields = fields.as_object().expect("fields");
    fields.iter().fold(home, |home, (field, value)| with(home, field, value.clone()))
}

/// More facts of the plan and the round, each with other values in the twin.
pub fn plans_and_answers(ledger: &Ledger, twin: bool) {
    let either = |one: Value, other: Value| if twin { other } else { one };
    let place = |fact: Value| with(with(fact, "region", "amsterdam"), "year", 2021);
    let day = either(json!("2020-11-21"), json!("2020-11-22"));
    let forecast = place(json!({
        "type": "forecast-agreed", "occurredOn": day, "document": either(json!("dms:f-1"), json!("dms:f-2")),
        "expected": [{
            "month": either(json!(1), json!(2)), "profile": either(json!("p1"), json!("p2")),
            "origin": either(json!("0363"), json!("0384")), "clients": either(json!(7), json!(8))
        }]
    }));
    let agreed = place(json!({
        "type": "quota-agreed", "occurredOn": day, "document": either(json!("dms:q-1"), json!("dms:q-2")),
        "homes": [{
            "corporation": either(json!("stadswonen"), json!("woonzorg")),
            "municipality": either(json!("0363"), json!("0384")), "homes": either(json!(4), json!(5))
        }]
    }));
    let lettings = place(json!({
        "type": "lettings-reported", "occurredOn": either(json!("2021-12-30"), json!("2021-12-31")),
        "corporation": "stadswonen", "lettings": either(json!(300), json!(400))
    }));
    // Both ledgers know the same organisations.
    for organisation in ["stadswonen", "woonzorg"] {
        let _ =
            ledger.get("/v1/me").by(organisation).in_role("housing-corporation").answer().with_status(200);
    }
    let report =
        ledger.post("/v1/regions/amsterdam/plans/2021/events").by("transferpunt").in_role("matching-point");
    report.seen("*").json(&json!([forecast, agreed, lettings])).answer().with_status(201);
    let answer = json!({
        "type": "round-answered", "occurredOn": either(json!("2026-10-30"), json!("2026-10-31")),
        "provider": "de-vaart", "nobody": twin
    });
    let path = "/v1/regions/amsterdam/rounds/2026-11-26/events";
    ledger.post(path).seen("*").json(&answer).answer().with_status(201);
    if twin {
        let cancelled = json!({"type": "round-cancelled", "occurredOn": "2026-11-01"});
        let report = ledger.post(path).by("transferpunt").in_role("matching-point").seen("*");
        report.json(&cancelled).answer().with_status(201);
    }
}

pub fn changes(ledger: &Ledger, home: &Value) {
    let changed = json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": home});
    reports(ledger, &changed).answer().with_status(201);
}

pub fn corrects(ledger: &Ledger, number: u64, home: &Value) {
    let replacement = json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": home});
    let corrected = json!({
        "type": "event-corrected", "occurredOn": "2026-10-12", "corrects": number, "replacement": replacement
    });
    reports(ledger, &corrected).answer().with_status(201);
}
