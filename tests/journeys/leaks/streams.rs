//! The streams beside the trajectory: no role reads more of them than the table of `docs/DOMAIN.md` §12
//! allows, and what it does not read changes no byte of any answer to it. The table is a copy of its own,
//! written from the document.

mod every_stream;

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Answers, Case, Ledger, Receiver, Request};
use serde_json::{Value, json};

use every_stream::{
    changes, corrects, hidden_home, other_home, plans_and_answers, whole_home, with_every_stream,
};

use super::twins::{differ, strip};
use crate::complexes::corporation;
use crate::rounds::calls;
use crate::vacancies::{VACANCY, vacancy, with};

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
const WAYS: [&str; 36] = [
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
    "/vera/v4/kandidaten?publicatie=VACANCY",
    "/vera/v4/voorrangsregelingen",
    "/vera/v4/voorrangsregeling-profielen",
    "/vera/v4/aanbiedingen",
    "/vera/v4/toewijzingen",
    "/vera/v4/eenheden",
    "/vera/v4/eenheden/VHE-HIDDEN",
    "/vera/v4/eenheden/VHE-OTHER",
    "/vera/v4/natuurlijk-personen",
    "/vera/v4/relatierollen",
    "/vera/v4/rechtspersonen",
];

#[test]
fn every_path_of_vera_that_can_be_read_is_walked() {
    let document = Ledger::empty().get("/vera/v4/openapi.json").anonymous().answer().with_status(200).body;
    let paths = document["paths"].as_object().expect("paths").iter();
    let readable = paths.filter(|(_, operations)| operations.get("get").is_some());
    for (path, _) in readable {
        let begins = format!("/vera/v4{}", path.split('{').next().unwrap_or_default());
        let walked = |way: &&str| {
            let way = way.split('?').next().unwrap_or_default();
            if path.contains('{') { way.starts_with(&begins) } else { way == begins }
        };
        assert!(WAYS.iter().any(walked), "{path}");
    }
}

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
fn every_field_of_a_vacancy_a_plan_and_a_round_changes_nothing_for_those_who_read_none_of_it() {
    let ledgers = [with_every_stream(&whole_home()), with_every_stream(&other_home())];
    changes(&ledgers[1].0, &with(other_home(), "rentCents", 45_000));
    for (ledger, twin) in [(&ledgers[0].0, false), (&ledgers[1].0, true)] {
        plans_and_answers(ledger, twin);
    }
    covers("VacantHome", &whole_home(), &other_home(), &["municipality", "neighbourhood", "complex"]);
    let mut found = Vec::new();
    for (role, of, reads) in TABLE {
        // A plan and a round are read by every partner of a region; who reads neither reads no vacancy.
        let ways: Vec<&str> = match reads {
            [_, Nothing, Nothing, Nothing, _] => WAYS.into(),
            // How many homes are open is counted in a plan, and the rest of a vacancy in nothing.
            [_, Nothing, ..] => WAYS.into_iter().filter(|way| !rests_on_plans_or_rounds(way)).collect(),
            _ => continue,
        };
        found.extend(alike(&ledgers, (role, of), &ways));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_check_says_that_a_dwelling_was_refused_to_a_reader_who_does_not_see_which_it_is() {
    let ledgers = ["VHE-00412", "VHE-OTHER"].map(|unit| {
        let ledger = Ledger::empty();
        let mut case = ledger.offered();
        case.reports("offer-refused");
        case.reports("second-offer-granted");
        let home = json!({
            "unit": unit, "municipality": "0363", "availableFrom": "2026-12-01", "certain": true,
            "rentCents": 60_000, "contractModels": ["intermediary"], "nuisanceOnFile": false
        });
        let opened = with(with(vacancy(), "region", "amsterdam"), "home", home);
        corporation(ledger.post("/v1/vacancies").json(&opened)).answer().with_status(201);
        calls(&ledger);
        (ledger, case)
    });
    let check = |(ledger, case): &(Ledger, Case), who: (Role, &str)| {
        let mirror =
            by(ledger, case, who, &named("/v1/trajectories/CASE/vacancies", case)).with_status(200).body;
        let checks = mirror["items"][0]["checks"].as_array().expect("checks").clone();
        checks.into_iter().find(|check| check["code"] == "refused-before").expect("it is checked")["result"]
            .clone()
    };
    let corporation = ledgers.each_ref().map(|one| check(one, (Role::HousingCorporation, "stadswonen")));
    assert_eq!(corporation, [json!("not-met"), json!("met")], "it sees its own dwellings");
    for role in [Role::CareProvider, Role::Guide] {
        assert_eq!(ledgers.each_ref().map(|one| check(one, (role, "de-vaart"))), ["unknown", "unknown"]);
        let ways: Vec<&str> = WAYS.into_iter().filter(|way| !way.contains("detail=full")).collect();
        let found = alike(&ledgers, (role, "de-vaart"), &ways);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
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

/// Two values have every published field of this schema, and differ in each but those that are kept.
fn covers(schema: &str, one: &Value, other: &Value, kept: &[&str]) {
    let document = Ledger::empty().get("/v1/openapi.json").answer().with_status(200).body;
    let fields = document["components"]["schemas"][schema]["properties"].as_object().expect("fields");
    for field in fields.keys().filter(|field| !kept.contains(&field.as_str())) {
        assert!(!one[field].is_null() && one[field] != other[field], "{schema} {field}");
    }
}

/// Whether an answer shows what every partner of a region reads of its plans and rounds.
fn rests_on_plans_or_rounds(way: &str) -> bool {
    ["/plans/", "/rounds", "/feed", "/factsheet"].iter().any(|part| way.contains(part))
}
