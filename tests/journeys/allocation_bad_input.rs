//! What is wrong with reports on rounds, plans and vacancies, and with messages of VERA about them: each gets its
//! status, and every fault at its place at once; nothing is recorded.

use omklap_tests::{Ledger, Request};
use serde_json::{Value, json};

use crate::complexes::{complex, corporation};
use crate::plans::quota;
use crate::rounds::called;
use crate::vacancies::{home, open, vacancy, with};
use crate::vera::{numbered, post, publication};

/// A report, and the status and the faults that it is answered with.
type Wrong<'a> = (Request, u16, &'a [(&'a str, &'a str)]);

#[test]
fn every_fault_of_a_report_on_a_round_a_plan_or_a_vacancy_is_named_at_once_and_nothing_is_recorded() {
    let ledger = Ledger::empty();
    corporation(ledger.post("/v1/complexes").json(&complex())).answer().with_status(201);
    let past = with(
        with(with(called(), "occurredOn", "2026-10-01"), "heldOn", "2026-10-29"),
        "answerBy",
        "2026-10-22",
    );
    let turned = with(with(called(), "heldOn", "26-11-2026"), "answerBy", "19-11-2026");
    let parts = json!([
        {"homes": 12}, {"corporation": "stadswoonen", "homes": 4}, {"municipality": "0363", "homes": 4}, {"homes": 12}
    ]);
    let elsewhere = with(with(home(), "municipality", "0957"), "neighbourhood", "BU09570001");
    let faulty = with(with(with(home(), "rentCents", 0), "kind", "POT"), "availableFrom", "01-06-2026");
    let all: [Wrong<'_>; 6] = [
        (round(&ledger, &past), 409, &[("round-in-the-past", "/heldOn")]),
        (round(&ledger, &turned), 400, &[("not-a-date", "/answerBy"), ("not-a-date", "/heldOn")]),
        (
            plan(&ledger, &with(quota(), "homes", parts)),
            409,
            &[("not-registered", "/homes/1/corporation"), ("part-twice", "/homes/3")],
        ),
        (open(&ledger, &with(vacancy(), "home", elsewhere)), 409, &[("complex-elsewhere", "/home/complex")]),
        (
            open(&ledger, &with(vacancy(), "home", faulty)),
            400,
            &[
                ("not-a-date", "/home/availableFrom"),
                ("not-one-of", "/home/kind"),
                ("too-low", "/home/rentCents"),
            ],
        ),
        (
            open(&ledger, &with(vacancy(), "home", with(home(), "unit", json!(vec!["VHE-1"; 10_000])))),
            400,
            &[("too-many", "/home/unit")],
        ),
    ];
    let before = (ledger.facts(), ledger.rows("streams"));
    for (request, status, errors) in all {
        let refused = request.answer();
        assert_eq!((refused.status, refused.errors()), (status, errors.to_vec()), "{}", refused.text);
        assert_eq!((ledger.facts(), ledger.rows("streams")), before, "{}", refused.text);
    }
}

#[test]
fn every_fault_of_a_message_of_vera_is_named_at_once_and_nothing_is_recorded() {
    let ledger = Ledger::empty();
    numbered(post(&ledger, "publicaties", &publication()), "R-1").answer().with_status(201);
    let other = with(publication(), "idExtern", "PUB-2");
    let codes = with(with(other.clone(), "status", json!({"code": "DIS"})), "opleverdatum", "01-06-2026");
    let many = with(other.clone(), "eenheden", json!(vec![json!({"idExtern": "VHE-1"}); 10_000]));
    let several = with(other, "eenheden", json!(vec![json!({"idExtern": "VHE-1"}); 900]));
    let before = (ledger.facts(), ledger.rows("streams"));
    for (message, number, status, lines) in [
        (with(publication(), "aantalEenheden", 2), "R-1", 409, &["idempotency-key-reused"][..]),
        (codes, "R-2", 400, &["/status/code [code-van-andere-lijst]", "/opleverdatum [geen-datum]"]),
        (many, "R-3", 400, &["/eenheden [te-veel]"]),
        (several, "R-4", 400, &["/eenheden [te-veel]"]),
    ] {
        let refused = numbered(post(&ledger, "publicaties", &message), number).answer().with_status(status);
        assert!(lines.iter().all(|line| refused.text.contains(line)), "{lines:?}: {}", refused.text);
        assert_eq!((ledger.facts(), ledger.rows("streams")), before, "{}", refused.text);
    }
}

#[test]
fn a_plan_whose_parts_do_not_add_up_is_recorded_and_says_so() {
    let ledger = Ledger::empty();
    let agreed = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point").json(&quota());
    agreed.answer().with_status(201);
    let read = ledger.get("/v1/regions/amsterdam/plans/2021").by("transferpunt").in_role("matching-point");
    let mismatch = json!([{"parts": "municipalities", "sum": 8, "total": 12}]);
    assert_eq!(read.answer().with_status(200).body["plan"]["quota"]["mismatches"], mismatch);
}

fn round(ledger: &Ledger, fact: &Value) -> Request {
    ledger
        .post("/v1/regions/amsterdam/rounds")
        .by("transferpunt")
        .in_role("matching-point")
        .body(fact.to_string())
}

fn plan(ledger: &Ledger, fact: &Value) -> Request {
    ledger.post("/v1/plans").by("transferpunt").in_role("matching-point").body(fact.to_string())
}
