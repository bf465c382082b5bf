//! A case and its twin differ only in data that is hidden from a role. So no answer to that role
//! may differ: no number, date, code or word, and nothing that is derived from one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::thread;

use jiff::ToSpan;
use jiff::civil::Date;
use omklap_domain::agreements::{AgreementSets, Obligation};
use omklap_domain::trajectory::fact::Party;
use omklap_domain::trajectory::{Fact, FactType, History, Rules};
use omklap_domain::visibility::Role;
use omklap_tests::{Case, Document, Ledger, sample_fact, shown_fact};
use serde_json::{Value, json};

use super::sight::{hidden, kind_of};
use super::stages::stages;
use super::table::{Stage, Table};

use super::{LISTS, WAYS, recorded_of};

/// Filtered lists. The phase is the current one of the case.
const FILTERED: [&str; 20] = [
    "/v1/regions/amsterdam/seekers?readyBefore=2021-03-01",
    "/v1/regions/amsterdam/seekers?profile=p1,p2",
    "/v1/regions/amsterdam/seekers?access=any-floor,wheelchair",
    "/v1/regions/amsterdam/seekers?origin=0363",
    "/v1/regions/amsterdam/seekers?provider=de-vaart",
    "/v1/regions/amsterdam/seekers?unassigned=true",
    "/v1/regions/amsterdam/seekers?bottleneck=dwelling-supply,debts",
    "/v1/worklist?region=amsterdam&undated=true&limit=500",
    "/v1/trajectories?phase=PHASE&limit=500",
    "/v1/trajectories?careProvider=de-vaart&limit=500",
    "/v1/trajectories?corporation=stadswonen&limit=500",
    "/v1/worklist?region=amsterdam&phase=PHASE&limit=500",
    "/v1/worklist?region=amsterdam&overdue=true&limit=500",
    "/v1/worklist?region=amsterdam&party=housing-corporation&limit=500",
    "/v1/worklist?region=amsterdam&agreement=5&limit=500",
    "/v1/worklist?region=amsterdam&dueBefore=2021-03-01&limit=500",
    "/v1/worklist?dueFrom=2021-03-01&limit=500",
    "/v1/worklist?mine=false&undated=true&limit=500",
    "/v1/worklist?mine=true&limit=500",
    "/v1/trajectories?phase=PHASE,ended&limit=500",
];
/// The feed, whole and by kind.
const FOLLOWED: [&str; 3] = [
    "/v1/feed?detail=thin&limit=1000",
    "/v1/feed?detail=full&limit=1000",
    "/v1/feed?detail=thin&types=guidance-scaled,rent-missed,signal-reported&limit=1000",
];
/// The reports that a role tries.
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

/// The fields that decide which organisations have access to a case.
const PARTNERS: [&str; 4] = ["/careProvider", "/municipality", "/region", "/corporation"];
/// The fields that decide who sees a correction, and what a role sees after a consent was
/// withdrawn.
const DECIDING: [&str; 2] = ["/corrects", "/scope"];

/// Fields that decide an obligation of the viewer's own party: it always sees its own obligations
/// (docs/DOMAIN.md §8.1).
const DECIDES_WHAT_ONE_OWES: [&str; 2] = ["/guaranteeFund", "/noticeUntil"];

/// Whether no twin changes this field.
pub fn is_kept(pointer: &str) -> bool {
    PARTNERS.iter().chain(&DECIDING).chain(&DECIDES_WHAT_ONE_OWES).any(|kept| pointer == *kept)
}

/// How many cases are compared with their twins at once. With more, the database has too few
/// connections for their ledgers.
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
                scope.spawn(move || differences_from_twins(*stage, facts, table, document))
            });
            let held: Vec<_> = held.collect();
            held.into_iter().map(|one| one.join().expect("the comparison with the twins")).collect::<Vec<_>>()
        });
        differences.extend(found.concat());
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The facts of a case, for a ledger that has no other case to name.
pub fn facts_of(case: &Case) -> Vec<Value> {
    let alone = |entry: Value| {
        let mut fact = shown_fact(&entry).clone();
        fact.as_object_mut().expect("an object").remove("sameAs");
        fact
    };
    recorded_of(case).into_iter().map(alone).collect()
}

/// The differences between the answers about a case and about its twins, for every role.
fn differences_from_twins(stage: Stage, facts: &[Value], table: &Table, document: &Document) -> Vec<String> {
    // A ledger of its own, so that its lists stay short.
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
            let difference = |found| format!("{} at {stage:?}: {way} {found}", role.as_str());
            differences.extend(found.into_iter().map(difference));
        }
    }
    differences
}

/// The same facts with another value in every hidden field, as far as the rules admit it, and the
/// places of the changes.
pub fn twin_of(
    facts: &[Value],
    role: Role,
    sight: &BTreeMap<&str, &str>,
    document: &Document,
) -> (Vec<Value>, Vec<String>) {
    let (mut twin, mut places) = (facts.to_vec(), Vec::new());
    let mut before = History::default();
    let dated = dated_by_obligations(role);
    for at in 0..twin.len() {
        let hides = hidden(&twin[at], &twin, role, sight);
        let fields = hides.clone().unwrap_or_else(|| vec![""]);
        let mut pointers: Vec<_> = fields.iter().flat_map(|field| leaves(&twin[at], field)).collect();
        pointers.retain(|pointer| !is_kept(pointer));
        // A role that sees identity sees the client's name, also if the opening itself is hidden.
        if sight["identity"] == "x" {
            pointers.retain(|pointer| !["/clientName", "/clientContact"].contains(&pointer.as_str()));
        }
        if dated.contains(&kind_of(&twin[at])) {
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

/// The kinds of facts whose day the role sees in its own obligations: they start, keep or end one,
/// or set its deadline. The end of the trajectory ends all of them.
pub fn dated_by_obligations(role: Role) -> BTreeSet<FactType> {
    let set = SETS.of_region(&"amsterdam".parse().expect("a code")).expect("it has one");
    let own = set.obligations().map(|(_, obligation)| obligation);
    let landlords = [Party::CareProvider, Party::HousingCorporation];
    let owed_by = |party: Party| {
        move |one: &&Obligation| {
            landlords.iter().any(|landlord| one.responsible.parties(*landlord).contains(&party))
        }
    };
    let own = own.filter(|one| role.party().is_some_and(|party| owed_by(party)(one)));
    own.flat_map(|one| {
        let starts = one.starts_with.iter().flat_map(|pattern| pattern.facts.iter());
        let all = starts.chain(one.watches().iter()).chain(one.counts_since.iter());
        all.chain([FactType::TrajectoryEnded]).collect::<Vec<_>>()
    })
    .collect()
}

/// Read once: the search for other values applies the rules thousands of times.
static SETS: LazyLock<AgreementSets> = LazyLock::new(omklap_tests::agreement_sets);

/// Whether all these facts may be reported after that history.
fn follows<'f>(before: &History, facts: impl Iterator<Item = &'f Value>) -> bool {
    let rules = Rules { sets: &SETS, today: "2026-11-01".parse().expect("a day") };
    let mut history = before.clone();
    facts
        .map(|fact| serde_json::from_value::<Fact>(fact.clone()))
        .all(|fact| fact.is_ok_and(|fact| history.report(fact, rules).is_ok()))
}

/// The pointers to every value under a field. `*` means every element of a list, an empty field the
/// whole fact.
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
        // The length of a list is hidden too.
        Some(Value::Array(all)) => {
            let elements = (0..all.len()).flat_map(|at| under(fact, format!("{place}/{at}")));
            [place.clone()].into_iter().chain(elements).collect()
        }
        Some(_) => vec![place],
    }
}

/// Other values for this place.
fn others(fact: &Value, pointer: &str, document: &Document) -> Vec<Value> {
    // A list may become shorter.
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
            // Other facts refer to IDs, so they stay.
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

/// Every answer to a role about a case, without the values that differ in every case.
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

/// The answers to a dry run of this report, with all refusals.
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

/// The items of a list about a case.
fn in_list(case: &Case, role: Role, list: &str) -> Value {
    let (mut items, mut next) = (Vec::new(), Some(list.to_owned()));
    while let Some(path) = next {
        let page = case.read_by(role, &path);
        let items_here = page.body["items"].as_array().into_iter().flatten();
        items.extend(items_here.filter(|item| item.to_string().contains(&case.id)).cloned());
        let follows =
            page.body["next"].as_str().filter(|_| path.contains("/feed") && page.body["items"] != json!([]));
        next = page.next().or(follows.map(|after| format!("{list}&after={after}")));
    }
    items.into()
}

/// The body without the values that differ in every recording.
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

/// Values that are random in every recording, reading and occurrence.
const RANDOM: [&str; 15] = [
    "eventId",
    "correlationId",
    "hash",
    "receipt",
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

/// Takes these values out.
pub fn strip(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            fields.retain(|name, _| !RANDOM.contains(&name.as_str()));
            fields.values_mut().for_each(strip);
        }
        Value::Array(all) => all.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Collects the differences between two answers.
pub fn differ(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
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
