//! A case and its twin differ in nothing but what somebody may not see. So nothing that this somebody is answered may differ:
//! no number, date, code or word, and nothing that follows from one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::{Fact, FactType, History, Rules};
use omklap_domain::visibility::Role;
use omklap_tests::{Case, Document, Ledger};
use serde_json::{Value, json};

use super::sight::{hidden, kind_of};
use super::table::Table;
use super::{WAYS, recorded_of, stages};

/// By these somebody knows of a case at all.
const PARTNERS: [&str; 4] = ["/careProvider", "/municipality", "/region", "/corporation"];
/// By this it follows who is told of a correction.
const CORRECTED: &str = "/corrects";

#[test]
fn what_is_hidden_changes_nothing_in_any_answer() {
    let (ledger, table) = (Ledger::empty(), Table::read());
    let document = Document::published(&ledger);
    let (mut changed, mut differences) = (0, Vec::new());
    for (stage, case) in stages(&ledger) {
        let facts: Vec<Value> = recorded_of(&case).into_iter().map(|entry| entry["fact"].clone()).collect();
        for role in Role::ALL {
            let Some(sight) = table.of(role, stage) else { continue };
            let (twin, places) = twin_of(&facts, role, &sight, &document);
            if places.is_empty() {
                continue;
            }
            changed += places.len();
            let [one, other] =
                [&facts, &twin].map(|facts| answers(&ledger.imports(&Value::Array(facts.clone())), role));
            let told = format!("{} in {}", role.as_str(), case.answer["phase"]);
            for (way, one) in one {
                let mut found = Vec::new();
                differ("", &one, &other[&way], &mut found);
                differences.extend(found.into_iter().map(|found| format!("{told}: {way} {found}")));
            }
        }
    }
    assert!(changed > 500, "{changed} values were changed");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The same facts with another value wherever somebody sees none and another one is admitted, and where that is.
fn twin_of(
    facts: &[Value],
    role: Role,
    sight: &BTreeMap<&str, &str>,
    document: &Document,
) -> (Vec<Value>, Vec<String>) {
    let (mut twin, mut places) = (facts.to_vec(), Vec::new());
    let mut before = History::default();
    let owed = told_by_what_is_owed(role);
    for at in 0..twin.len() {
        let hides = hidden(&twin[at], &twin, role, sight);
        let fields = hides.clone().unwrap_or_else(|| vec![""]);
        let mut pointers: Vec<_> = fields.iter().flat_map(|field| leaves(&twin[at], field)).collect();
        pointers.retain(|pointer| !PARTNERS.contains(&pointer.as_str()) && pointer != CORRECTED);
        // Who the client is stands apart from the opening, for who does not see the rest of it.
        if sight["identity"] == "x" {
            pointers.retain(|pointer| !["/clientName", "/clientContact"].contains(&pointer.as_str()));
        }
        if owed.contains(&kind_of(&twin[at])) {
            pointers.retain(|pointer| pointer != "/occurredOn");
        }
        for pointer in pointers {
            let others = others(&twin[at], &pointer, document);
            let changed = others.into_iter().find_map(|other| {
                let mut changed = twin[at].clone();
                *changed.pointer_mut(&pointer)? = other;
                let rest = || twin[at + 1..].iter();
                let mut would_be = twin.clone();
                would_be[at].clone_from(&changed);
                let as_hidden = hidden(&changed, &would_be, role, sight) == hides;
                (as_hidden && follows(&before, [&changed].into_iter().chain(rest()))).then_some(changed)
            });
            if let Some(changed) = changed {
                twin[at] = changed;
                places.push(format!("{}{pointer}", twin[at]["type"]));
            }
        }
        before.record(serde_json::from_value(twin[at].clone()).expect("a fact"));
    }
    (twin, places)
}

/// The kinds of facts of which the day is told to who owes what they start, keep or end, or by when.
fn told_by_what_is_owed(role: Role) -> BTreeSet<FactType> {
    let sets = AgreementSets::shipped();
    let set = sets.of_region(&"amsterdam".parse().expect("a code")).expect("it has one");
    let owed = set.obligations().map(|(_, obligation)| obligation);
    let owed =
        owed.filter(|one| role.party().is_some_and(|party| one.responsible.parties().contains(&party)));
    owed.flat_map(|one| {
        let starts = one.starts_with.iter().flat_map(|pattern| pattern.facts.iter());
        starts.chain(one.watches().iter()).chain(one.counts_since.iter()).collect::<Vec<_>>()
    })
    .collect()
}

/// Whether all of this may be reported after what was.
fn follows<'f>(before: &History, facts: impl Iterator<Item = &'f Value>) -> bool {
    let sets = AgreementSets::shipped();
    let rules = Rules { sets: &sets, today: "2026-11-01".parse().expect("a day") };
    let mut history = before.clone();
    facts
        .map(|fact| serde_json::from_value::<Fact>(fact.clone()))
        .all(|fact| fact.is_ok_and(|fact| history.report(fact, rules).is_ok()))
}

/// The pointers to every value under a field; `*` stands for every element of a list, nothing for the fact as a whole.
fn leaves(fact: &Value, field: &str) -> Vec<String> {
    let parts = field.split('/').filter(|part| !part.is_empty());
    let places = parts.fold(vec![String::new()], |places, part| {
        let inner = |place: String| match fact.pointer(&place) {
            Some(Value::Array(all)) if part == "*" => {
                (0..all.len()).map(|at| format!("{place}/{at}")).collect()
            }
            _ => vec![format!("{place}/{part}")],
        };
        places.into_iter().flat_map(inner).collect()
    });
    places.into_iter().flat_map(|place| under(fact, place)).filter(|place| place != "/type").collect()
}

fn under(fact: &Value, place: String) -> Vec<String> {
    match fact.pointer(&place) {
        None => Vec::new(),
        Some(Value::Object(fields)) => {
            fields.keys().flat_map(|name| under(fact, format!("{place}/{name}"))).collect()
        }
        // Of a list its length is hidden, too.
        Some(Value::Array(all)) => {
            let elements = (0..all.len()).flat_map(|at| under(fact, format!("{place}/{at}")));
            [place.clone()].into_iter().chain(elements).collect()
        }
        Some(_) => vec![place],
    }
}

/// What could stand there instead.
fn others(fact: &Value, pointer: &str, document: &Document) -> Vec<Value> {
    // A list may have become shorter.
    let Some(value) = fact.pointer(pointer) else { return Vec::new() };
    match value {
        Value::Bool(yes) => vec![json!(!yes)],
        Value::Number(number) => {
            let number = number.as_i64().expect("a whole number");
            vec![json!(number + 1), json!(number - 1)]
        }
        Value::Array(all) if all.len() > 1 => vec![json!(all[1..])],
        Value::String(text) => {
            let schema = document.fact(fact["type"].as_str().expect("a kind"));
            if let Some(words) = document.words(schema, pointer) {
                return words.into_iter().filter(|word| word != text.as_str()).collect();
            }
            if let Ok(day) = text.parse::<Date>() {
                return [1, -1].map(|days| json!((day + days.days()).to_string())).into();
            }
            // What others refer to keeps its id.
            let is_id = text.parse::<uuid::Uuid>().is_ok();
            let other = if text.contains(' ') { format!("{text}, anders") } else { another_code(text) };
            if is_id { Vec::new() } else { vec![json!(other)] }
        }
        Value::Null | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

/// A code of the same form.
fn another_code(code: &str) -> String {
    let (start, last) = code.split_at(code.len() - 1);
    format!("{start}{}", if last == "4" { "5" } else { "4" })
}

/// Everything that somebody is answered about a case, without what is another for every case.
fn answers(case: &Case, role: Role) -> BTreeMap<String, Value> {
    let lists = [
        "/v1/trajectories?limit=500",
        "/v1/worklist?region=amsterdam&limit=500",
        "/v1/regions/amsterdam/figures/end-to-end/cases?limit=500",
        "/v1/regions/amsterdam/figures/home-in-time/cases?limit=500",
        "/v1/feed?detail=thin&limit=1000",
        "/v1/feed?detail=full&limit=1000",
    ];
    let own = WAYS.map(|way| (way.to_owned(), case.read_by(role, &format!("{}{way}", case.path())).body));
    let of_lists = lists.map(|list| (list.to_owned(), in_list(case, role, list)));
    own.into_iter().chain(of_lists).map(|(way, body)| (way, same_for_all(body, case))).collect()
}

/// What a list says of a case.
fn in_list(case: &Case, role: Role, list: &str) -> Value {
    let (mut items, mut next) = (Vec::new(), Some(list.to_owned()));
    while let Some(path) = next {
        let page = case.read_by(role, &path);
        let told = page.body["items"].as_array().into_iter().flatten();
        items.extend(told.filter(|item| item.to_string().contains(&case.id)).cloned());
        let follows =
            page.body["next"].as_str().filter(|_| path.contains("/feed") && page.body["items"] != json!([]));
        next = page.next().or(follows.map(|after| format!("{list}&after={after}")));
    }
    items.into()
}

/// Without what tells one recording from another.
fn same_for_all(mut body: Value, case: &Case) -> Value {
    let text = body.to_string().replace(&case.id, "its-id");
    body = serde_json::from_str(&text).expect("still JSON");
    strip(&mut body);
    body
}

fn strip(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                !["eventId", "correlationId", "hash", "recordedAt", "updatedAt", "cursor", "id", "instance"]
                    .contains(&name.as_str())
            });
            fields.values_mut().for_each(strip);
        }
        Value::Array(all) => all.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Where two answers differ.
fn differ(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            for name in names {
                let [one, other] = [one, other].map(|fields| fields.get(name).unwrap_or(&Value::Null));
                differ(&format!("{at}/{name}"), one, other, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter()
                .zip(other)
                .enumerate()
                .for_each(|(nth, (one, other))| differ(&format!("{at}/{nth}"), one, other, found));
        }
        _ if one == other => {}
        _ => found.push(format!("{at}: {one} and {other}")),
    }
}
