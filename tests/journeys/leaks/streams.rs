//! The streams beside the trajectory: no role reads more of them than the table of `docs/DOMAIN.md` §12
//! allows, and what it does not read changes no byte of any answer to it. The table is a copy of its own,
//! written from the document.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Answers, Case, Ledger, Receiver, Request};
use serde_json::{Value, json};

use super::twins::{differ, strip};
use crate::complexes::{complex, corporation};
use crate::guarantee_fund::{deposit, keeper};
use crate::plans::quota;
use crate::rounds::calls;
use crate::vacancies::{VACANCY, home, reports, vacancy, with};

/// How much a role reads of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    Whole,
    /// A vacancy without the fields of [`WITHHELD`], and without its facts.
    InPart,
    Nothing,
}

use Reads::{InPart, Nothing, Whole};

/// Each role with its organisation, and what it reads: complex, vacancy, plan, round, year of a fund.
const TABLE: [(Role, &str, [Reads; 5]); 11] = [
    (Role::Client, "", [Nothing, Nothing, Nothing, Nothing, Nothing]),
    (Role::Guide, "de-vaart", [Whole, InPart, Whole, Whole, Whole]),
    (Role::CareProvider, "de-vaart", [Whole, InPart, Whole, Whole, Whole]),
    (Role::NuisanceDesk, "de-vaart", [Nothing, Nothing, Nothing, Nothing, Nothing]),
    (Role::HousingCorporation, "stadswonen", [Whole, Whole, Whole, Whole, Whole]),
    (Role::HousingCorporation, "woonzorg", [Nothing, Nothing, Whole, Whole, Whole]),
    (Role::NuisanceOfficer, "stadswonen", [Whole, Nothing, Nothing, Nothing, Nothing]),
    (Role::MatchingPoint, "transferpunt", [Whole, Whole, Whole, Whole, Whole]),
    (Role::Municipality, "gemeente-amsterdam", [Whole, Nothing, Whole, Whole, Whole]),
    (Role::WmoConsultant, "gemeente-amsterdam", [Nothing, Nothing, Whole, Whole, Whole]),
    (Role::Auditor, "rekenkamer", [Whole, Whole, Whole, Whole, Whole]),
];

/// The kinds of streams, in the order of the table.
const KINDS: [&str; 5] = ["complex", "vacancy", "plan", "round", "guarantee-fund-year"];

/// What is hidden from those who read a vacancy in part, each with a value that is nowhere else.
const WITHHELD: [(&str, &str); 3] = [("unit", "VHE-HIDDEN"), ("floor", "47"), ("reference", "K-HIDDEN")];

/// Every path whose answer rests on a stream, or could.
const WAYS: [&str; 26] = [
    "/v1/vacancies/VACANCY",
    "/v1/vacancies/VACANCY?validOn=2026-10-05",
    "/v1/vacancies/VACANCY?knownAt=2026-11-02T09:00:00Z",
    "/v1/vacancies/VACANCY/candidates",
    "/v1/vacancies/VACANCY/candidates?include=not-eligible",
    "/v1/vacancies?limit=500",
    "/v1/vacancies?region=amsterdam&status=open",
    "/v1/vacancies?corporation=stadswonen",
    "/v1/trajectories/CASE/vacancies",
    "/v1/trajectories/CASE",
    "/v1/complexes?region=amsterdam",
    "/v1/regions/amsterdam/plans/2021",
    "/v1/regions/amsterdam/plans/2026",
    "/v1/regions/amsterdam/rounds",
    "/v1/regions/amsterdam/rounds/2026-11-26",
    "/v1/regions/amsterdam/seekers",
    "/v1/regions/amsterdam/spread",
    "/v1/regions/amsterdam/spread?on=2025-12-31",
    "/v1/regions/amsterdam/factsheet?year=2025",
    "/v1/regions/amsterdam/figures",
    "/v1/worklist?region=amsterdam",
    "/v1/feed?limit=1000",
    "/v1/feed?detail=full&limit=1000",
    "/v1/feed?types=vacancy-changed,event-corrected&limit=1000",
    "/vera/v4/kandidaten",
    "/vera/v4/eenheden",
];

#[test]
fn no_role_reads_more_of_a_stream_than_the_table_allows() {
    let (ledger, case) = with_every_stream(&hidden_home());
    let all = items(&ledger.get("/v1/feed?limit=1000").by("rekenkamer").in_role("auditor").answer());
    let path_of = |kind: &str| {
        let one = all.iter().find(|item| item["stream"]["kind"] == *kind).expect("one of each kind");
        one["stream"]["path"].as_str().expect("where it is read").to_owned()
    };
    for (role, organisation, reads) in TABLE {
        let read = |path: &str| by(&ledger, &case, (role, organisation), path);
        let feed = items(&read("/v1/feed?detail=full&limit=1000"));
        for (kind, reads) in KINDS.into_iter().zip(reads) {
            let context = format!("{} of {organisation}: {kind}", role.as_str());
            let answer = read(&path_of(kind));
            assert_eq!(answer.status, if reads == Nothing { 404 } else { 200 }, "{context}: {}", answer.text);
            assert_eq!(answer.body.get("events").is_some(), reads == Whole, "{context}");
            let mut of_kind = feed.iter().filter(|item| item["stream"]["kind"] == *kind);
            assert!(of_kind.clone().all(|item| item.get("fact").is_some() == (reads == Whole)), "{context}");
            assert_eq!(of_kind.next().is_some(), reads != Nothing, "{context}");
        }
        let everything = WAYS.map(|way| read(&named(way, &case)).text).join("\n");
        let id_is_shown = everything.contains(VACANCY);
        assert_eq!(id_is_shown, reads[1] != Nothing, "{} of {organisation}", role.as_str());
        for (field, value) in WITHHELD {
            let quoted = if field == "floor" { format!("\"floor\":{value}") } else { value.to_owned() };
            assert_eq!(
                everything.contains(&quoted),
                reads[1] == Whole,
                "{} of {organisation}: {field}",
                role.as_str()
            );
        }
    }
}

#[test]
fn a_vacancy_and_its_twin_answer_alike_to_whom_they_differ_in_nothing() {
    // The twin has another dwelling, another floor and reference; and a change of these, of which there is
    // a twin too: nothing.
    let twin = with(with(with(hidden_home(), "unit", "VHE-OTHER"), "floor", 2), "reference", "K-OTHER");
    let changed = with(with(twin.clone(), "floor", 9), "reference", "K-THIRD");
    let ledgers = [with_every_stream(&hidden_home()), with_every_stream(&twin)];
    changes(&ledgers[1].0, &changed);
    corrects(&ledgers[1].0, 2, &with(changed, "floor", 8));
    let others = TABLE.into_iter().filter(|(_, _, reads)| reads[1] != Whole);
    let found: Vec<_> = others.flat_map(|(role, of, _)| alike(&ledgers, (role, of), &WAYS)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_hidden_change_changes_no_byte_of_a_list_of_candidates_and_no_digest() {
    let (ledger, case) = with_every_stream(&hidden_home());
    let read = || {
        WAYS[..12]
            .iter()
            .map(|way| by(&ledger, &case, (Role::CareProvider, "de-vaart"), &named(way, &case)).text)
            .collect::<Vec<_>>()
    };
    let before = read();
    changes(&ledger, &with(with(hidden_home(), "floor", 9), "reference", "K-THIRD"));
    assert_eq!(before, read());
}

#[test]
fn a_vacancy_of_another_corporation_changes_nothing_but_the_number_of_open_homes() {
    // A municipality and another corporation read how many are open, and nothing else of any of them.
    let twin = with(with(hidden_home(), "rentCents", 40_000), "kind", "room");
    let ledgers = [with_every_stream(&hidden_home()), with_every_stream(&twin)];
    changes(&ledgers[1].0, &with(twin, "rentCents", 45_000));
    let others = TABLE.into_iter().filter(|(_, _, reads)| reads[1] == Nothing);
    let found: Vec<_> = others.flat_map(|(role, of, _)| alike(&ledgers, (role, of), &WAYS)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_webhook_of_a_provider_is_sent_nothing_of_a_hidden_change() {
    let messages = [false, true].map(|has_twin| {
        let (ledger, _) = with_every_stream(&hidden_home());
        let receiver = Receiver::that_answers(Answers::With(204));
        let _ = receiver.subscribe(&ledger);
        if has_twin {
            changes(&ledger, &with(hidden_home(), "floor", 9));
            corrects(&ledger, 2, &with(hidden_home(), "floor", 8));
        }
        changes(&ledger, &with(hidden_home(), "rentCents", 61_000));
        let seen = receiver.waits_for(1).into_iter().map(|message| {
            let mut body = message.body;
            body["sequence"] = Value::Null;
            strip(&mut body);
            body
        });
        seen.map(|mut body| {
            body["time"] = Value::Null;
            body
        })
        .collect::<Vec<_>>()
    });
    assert_eq!(messages[0], messages[1]);
    assert_eq!(messages[0][0]["data"]["version"], 2);
}

// The words of these tests.

/// The answers of two ledgers to one role, which may not differ.
fn alike(ledgers: &[(Ledger, Case); 2], who: (Role, &str), ways: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for way in ways {
        let [one, other] = ledgers.each_ref().map(|(ledger, case)| {
            let answer = by(ledger, case, who, &named(way, case));
            let tag = answer.headers.get("etag").is_some();
            let text = answer.text.replace(&case.id, "its-id");
            let mut body = serde_json::from_str(&text).unwrap_or(Value::from(text));
            strip(&mut body);
            // Who reported what of the case, with which token.
            // The digest of a list of candidates covers their ids, which differ.
            body.as_object_mut().map(|fields| fields.remove("digest"));
            if let Some(items) = body.get_mut("items").and_then(Value::as_array_mut) {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(|item| drop(item.remove("entry")));
            }
            json!({"status": answer.status, "hasTag": tag, "body": body})
        });
        differ(way, &one, &other, &mut found);
    }
    found.into_iter().map(|one| format!("{} of {}: {one}", who.0.as_str(), who.1)).collect()
}

fn by(ledger: &Ledger, case: &Case, (role, organisation): (Role, &str), path: &str) -> Answer {
    let request = ledger.get(path);
    let request: Request = match role {
        Role::Client => request.as_client_of(&case.id),
        _ => request.by(organisation).in_role(role.as_str()),
    };
    request.answer()
}

fn named(way: &str, case: &Case) -> String {
    way.replace("VACANCY", VACANCY).replace("CASE", &case.id)
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.body["items"].as_array().unwrap_or_else(|| panic!("a page: {}", answer.text)).clone()
}

/// A home whose hidden fields have values that are nowhere else.
fn hidden_home() -> Value {
    let home = with(with(home(), "unit", "VHE-HIDDEN"), "floor", 47);
    let home = with(with(home, "reference", "K-HIDDEN"), "municipality", "0363");
    with(with(home, "neighbourhood", "BU03630001"), "complex", "C-118")
}

/// A ledger with a client who looks for a home, and one stream of each kind in the client's region.
fn with_every_stream(home: &Value) -> (Ledger, Case) {
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

fn changes(ledger: &Ledger, home: &Value) {
    let changed = json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": home});
    reports(ledger, &changed).answer().with_status(201);
}

fn corrects(ledger: &Ledger, number: u64, home: &Value) {
    let replacement = json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": home});
    let corrected = json!({
        "type": "event-corrected", "occurredOn": "2026-10-12", "corrects": number, "replacement": replacement
    });
    reports(ledger, &corrected).answer().with_status(201);
}
