//! A case and its twin differ in nothing but what somebody may not see. So nothing that this somebody is answered may differ:
//! no number, date, code or word, and nothing that follows from one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::thread;

use jiff::ToSpan;
use jiff::civil::Date;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::{Fact, FactType, History, Rules};
use omklap_domain::visibility::Role;
use omklap_tests::{Case, Document, Ledger, sample_fact};
use serde_json::{Value, json};

use super::sight::{hidden, kind_of};
use super::stages::stages;
use super::table::{Stage, Table};

use super::{LISTS, WAYS, recorded_of};

/// Lists of which a part is asked for. The phase is the one in which the case is.
const FILTERED: [&str; 8] = [
    "/v1/trajectories?phase=PHASE&limit=500",
    "/v1/trajectories?careProvider=de-vaart&limit=500",
    "/v1/trajectories?corporation=stadswonen&limit=500",
    "/v1/worklist?region=amsterdam&phase=PHASE&limit=500",
    "/v1/worklist?region=amsterdam&overdue=true&limit=500",
    "/v1/worklist?region=amsterdam&party=housing-corporation&limit=500",
    "/v1/worklist?region=amsterdam&agreement=5&limit=500",
    "/v1/worklist?region=amsterdam&dueBefore=2021-03-01&limit=500",
];
/// What is followed, whole and by kind.
const FOLLOWED: [&str; 3] = [
    "/v1/feed?detail=thin&limit=1000",
    "/v1/feed?detail=full&limit=1000",
    "/v1/feed?detail=thin&types=guidance-scaled,rent-missed,signal-reported&limit=1000",
];
/// What somebody tries to report.
const TRIED: [&str; 8] = [
    "signal-reported",
    "case-discussed",
    "absence-started",
    "rent-missed",
    "arrears-cleared",
    "nuisance-reported",
    "trajectory-ended",
    "event-corrected",
];

/// By these somebody knows of a case at all.
const PARTNERS: [&str; 4] = ["/careProvider", "/municipality", "/region", "/corporation"];
/// By these it follows who is told of a correction, and of what somebody is told since a consent was withdrawn.
const DECIDING: [&str; 2] = ["/corrects", "/scope"];

/// What decides an obligation of the viewer's own party, which is shown to it whatever decides it (docs/DOMAIN.md §8.1).
const DECIDES_WHAT_ONE_OWES: [&str; 1] = ["/guaranteeFund"];

/// What no twin has otherwise.
pub fn is_kept(pointer: &str) -> bool {
    PARTNERS.iter().chain(&DECIDING).chain(&DECIDES_WHAT_ONE_OWES).any(|kept| pointer == *kept)
}

/// How many cases are held against their twins at once: more and the database has no connections left for all their ledgers.
const AT_ONCE: usize = 3;

#[test]
fn hidden_data_changes_nothing_in_any_answer() {
    let (ledger, table) = (Ledger::empty(), Table::read());
    let document = Document::published(&ledger);
    let cases: Vec<_> = stages(&ledger).into_iter().map(|(stage, case)| (stage, facts_of(&case))).collect();
    let mut differences = Vec::new();
    for some in cases.chunks(AT_ONCE) {
        let found = thread::scope(|scope| {
            let held = some.iter().map(|(stage, facts)| {
                let (table, document) = (&table, &document);
                scope.spawn(move || told_apart(*stage, facts, table, document))
            });
            let held: Vec<_> = held.collect();
            held.into_iter().map(|one| one.join().expect("it was held against its twins")).collect::<Vec<_>>()
        });
        differences.extend(found.concat());
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

pub fn facts_of(case: &Case) -> Vec<Value> {
    recorded_of(case).into_iter().map(|entry| entry["fact"].clone()).collect()
}

/// By what somebody could tell a case from one that differs in nothing but what this somebody does not see.
fn told_apart(stage: Stage, facts: &[Value], table: &Table, document: &Document) -> Vec<String> {
    // A ledger for each: its lists stay short.
    let (ledger, mut differences) = (Ledger::empty(), Vec::new());
    for role in Role::ALL {
        let Some(sight) = table.of(role, stage) else { continue };
        let (twin, places) = twin_of(facts, role, &sight, document);
        if places.is_empty() {
            continue;
        }
        let [one, other] = [facts, &twin].map(|facts| answers(&ledger.imports(&json!(facts)), role));
        for (way, one) in one {
            let mut found = Vec::new();
            differ("", &one, &other[&way], &mut found);
            let told = |found| format!("{} at {stage:?}: {way} {found}", role.as_str());
            differences.extend(found.into_iter().map(told));
        }
    }
    differences
}

/// The same facts with another value wherever somebody sees none and another one is admitted, and where that is.
pub fn twin_of(
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
        pointers.retain(|pointer| !is_kept(pointer));
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

/// The kinds of facts of which the day is told to who owes what they start, keep or end, or by when; with the trajectory all of
/// it ends.
pub fn told_by_what_is_owed(role: Role) -> BTreeSet<FactType> {
    let set = SETS.of_region(&"amsterdam".parse().expect("a code")).expect("it has one");
    let owed = set.obligations().map(|(_, obligation)| obligation);
    let owed =
        owed.filter(|one| role.party().is_some_and(|party| one.responsible.parties().contains(&party)));
    owed.flat_map(|one| {
        let starts = one.starts_with.iter().flat_map(|pattern| pattern.facts.iter());
        let all = starts.chain(one.watches().iter()).chain(one.counts_since.iter());
        all.chain([FactType::TrajectoryEnded]).collect::<Vec<_>>()
    })
    .collect()
}

/// Read once: what could be another way is tried thousands of times.
static SETS: LazyLock<AgreementSets> = LazyLock::new(omklap_tests::agreement_sets);

/// Whether all of this may be reported after what was.
fn follows<'f>(before: &History, facts: impl Iterator<Item = &'f Value>) -> bool {
    let rules = Rules { sets: &SETS, today: "2026-11-01".parse().expect("a day") };
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
            if let Some(words) = document.enum_values(schema, pointer) {
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
    let lists =
        LISTS.into_iter().chain(FILTERED).chain(FOLLOWED).map(|list| list.replace("PHASE", phase(case)));
    let of_lists = lists.map(|list| (list.clone(), in_list(case, role, &list)));
    let tried = TRIED.map(|kind| (format!("{kind} is tried"), tried(case, role, kind)));
    let own = WAYS.map(|way| (way.to_owned(), case.read_by(role, &format!("{}{way}", case.path())).body));
    own.into_iter().chain(of_lists).chain(tried).map(|(way, body)| (way, same_for_all(body, case))).collect()
}

fn phase(case: &Case) -> &str {
    case.answer["phase"].as_str().expect("a phase")
}

/// What somebody is answered who tries to report this, refusals and all.
fn tried(case: &Case, role: Role, kind: &str) -> Value {
    let fact = match kind {
        "event-corrected" => case.next(sample_fact(kind).with("corrects", 1)),
        _ => case.next(kind),
    };
    let days = ["2021-03-01", "2026-11-01"];
    let tried = days.map(|day| {
        let mut fact = fact.clone();
        fact["occurredOn"] = day.into();
        case.dry_run_by(role, &fact).body
    });
    json!(tried)
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
    // The lines of one instant of the access log have no order.
    let items = body.get_mut("items").and_then(Value::as_array_mut);
    if let Some(lines) = items.filter(|items| items.iter().any(is_line)) {
        lines.sort_by_key(ToString::to_string);
    }
    body
}

fn is_line(item: &Value) -> bool {
    item.get("together").is_some()
}

/// What is drawn anew for every recording, reading and occurrence.
const CHANCE: [&str; 14] = [
    "eventId",
    "correlationId",
    "hash",
    "recordedAt",
    "updatedAt",
    "cursor",
    "next",
    "id",
    "instance",
    "accessId",
    "startedAt",
    "at",
    "traceId",
    "spanId",
];

fn strip(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            fields.retain(|name, _| !CHANCE.contains(&name.as_str()));
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
