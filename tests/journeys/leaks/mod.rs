//! No role sees more than it may. Every answer to every role at every stage is compared with the
//! table of `docs/DOMAIN.md` §8. These tests have their own copy of that table, written from the
//! document; the program does not use it.

mod answers;
mod course;
mod fields;
mod lives;
mod lost;
mod pages;
mod presence;
mod sight;
mod stages;
mod streams;
mod table;
mod twins;
mod unjudged;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use omklap_domain::trajectory::{FactType, Phase};
use omklap_domain::visibility::Role;
use omklap_tests::{Case, Document, Ledger, SampleFact, shown_fact};
use serde_json::Value;

use fields::fields_of;
use sight::{ABOUT_A_HOME, hidden, is_asked, is_home_of_another, kind_of};
use stages::stages;
use table::{Stage, Table, Visible};

/// The paths that read one case.
const WAYS: [&str; 12] = [
    "/events?limit=500",
    "",
    "/agreements",
    "/nuisance-cases",
    "/follow-up",
    "/replay?limit=500",
    "/access-log?limit=500",
    // As it was known just now, and on a day on which little had happened: the current state
    // decides what a role sees.
    "/events?knownAt=2026-11-01T09:00:00Z&limit=500",
    "?validOn=2021-01-12",
    "?knownAt=2026-11-01T09:00:00Z",
    "/agreements?validOn=2021-01-12",
    "/nuisance-cases?validOn=2021-03-01",
];

/// The lists that name single cases.
const LISTS: [&str; 7] = [
    "/v1/trajectories?limit=500",
    "/v1/worklist?region=amsterdam&limit=500",
    "/v1/regions/amsterdam/seekers?limit=500",
    "/v1/regions/amsterdam/figures/flip-rate/cases?limit=500",
    "/v1/regions/amsterdam/figures/retention-1/cases?limit=500",
    "/v1/regions/amsterdam/figures/end-to-end/cases?limit=500",
    "/v1/regions/amsterdam/figures/home-in-time/cases?limit=500",
];

#[test]
fn no_role_sees_more_than_the_table_allows() {
    let ledger = Ledger::empty();
    let cases = stages(&ledger);
    let phases: BTreeSet<_> = cases.iter().map(|(_, case)| case.answer["phase"].to_string()).collect();
    for some in cases.chunks(3) {
        thread::scope(|scope| {
            for (stage, case) in some {
                scope.spawn(|| check_every_role(case, *stage));
            }
        });
    }
    let reached = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Unopened);
    assert_eq!(phases, reached.map(|phase| Value::from(phase.as_str()).to_string()).collect());
}

/// Compares a case with the table, in every role.
fn check_every_role(case: &Case, stage: Stage) {
    let (table, recorded) = (Table::read(), recorded_of(case));
    for role in Role::ALL {
        check_role(case, role, stage, &table.of(role, stage), &recorded);
    }
}

/// Paths that are not checked here. Deliveries name trajectories: `webhook_owners.rs` compares them
/// with the access of their owner. The others are about no trajectory.
const ELSEWHERE: [&str; 19] = [
    "/agreement-sets",
    "/complexes",
    "/complexes/{complexId}",
    "/guarantee-fund-years/{fundYearId}",
    "/labels",
    "/ledger/checkpoint",
    "/ledger/keys",
    "/ledger/proofs/consistency",
    "/ledger/proofs/inclusion",
    "/me",
    "/organisations",
    "/organisations/{organisationId}",
    "/regions/{region}/rounds",
    "/streams/{streamId}/receipts/{hash}",
    "/subscriptions",
    "/subscriptions/{subscriptionId}",
    "/subscriptions/{subscriptionId}/deliveries",
    "/vacancies",
    "/vacancies/{vacancyId}",
];

#[test]
fn every_path_that_can_be_read_is_checked() {
    let document = Document::published(&Ledger::empty());
    let of_a_case = WAYS.map(|way| format!("/trajectories/{{trajectoryId}}{}", without_query(way)));
    let others = [
        "/trajectories/{trajectoryId}/case-file",
        // `one_fact_reads_as_it_does_in_the_timeline_in_every_role`.
        "/trajectories/{trajectoryId}/events/{sequence}",
        // `a_receipt_is_redeemed_by_those_with_access_to_the_case`.
        "/trajectories/{trajectoryId}/receipts/{hash}",
        // `the_mirror_shows_a_provider_what_fits_its_client_without_the_unit`.
        "/trajectories/{trajectoryId}/vacancies",
        // `a_corporation_gets_only_those_assigned_to_it`.
        "/vacancies/{vacancyId}/candidates",
        "/trajectories",
        "/worklist",
        "/feed",
        "/regions/{region}/figures",
        // `a_year_of_a_series_is_the_answer_about_that_year_in_every_role`.
        "/regions/{region}/figures/years",
        "/regions/{region}/figures/{figure}/cases",
        // `a_corporation_reads_how_many_are_expected_and_nobody_is_pointed_at`.
        "/regions/{region}/outflow",
        // `a_factsheet_has_what_the_operations_about_its_parts_answer`.
        "/regions/{region}/factsheet",
        // `the_balance_of_a_fund_is_shown_when_it_points_at_nobody`.
        "/regions/{region}/guarantee-fund",
        "/regions/{region}/seekers",
        // `a_place_with_few_clients_is_not_named`.
        "/regions/{region}/spread",
        // `counts_of_a_few_people_are_not_shown_beside_a_plan_of_four_homes`.
        "/regions/{region}/plans/{year}",
        // `the_agenda_has_what_each_partner_may_see`.
        "/regions/{region}/rounds/{date}",
    ];
    let known: BTreeSet<&str> = of_a_case.iter().map(String::as_str).chain(others).chain(ELSEWHERE).collect();
    assert_eq!(document.readable_paths(), known, "check a new path here, or list it in ELSEWHERE");
}

#[test]
fn every_category_has_a_row_in_the_table_of_these_tests() {
    let table = Table::read();
    let used = FactType::ALL.iter().flat_map(|fact| fact.row().fields);
    for (category, _) in used {
        assert!(table.rows.contains_key(category.as_str()), "{} has no row here", category.as_str());
    }
}

/// The timeline as the nuisance desk reads it: that role sees everything.
fn recorded_of(case: &Case) -> Vec<Value> {
    let desk = case.read_by(Role::NuisanceDesk, &format!("{}?limit=500", case.events()));
    desk.body["items"].as_array().expect("a timeline").clone()
}

/// Compares every answer to a role about a case with what that role may see.
fn check_role(case: &Case, role: Role, stage: Stage, sight: &Visible, recorded: &[Value]) {
    let context = format!("{} at {stage:?} in {}", role.as_str(), case.answer["phase"]);
    let answers: Vec<_> = WAYS.map(|way| case.read_by(role, &format!("{}{way}", case.path()))).into();
    let Some(sight) = sight else {
        let file = case.read_by(role, &format!("{}/case-file", case.path()));
        for answer in answers.into_iter().chain([file]) {
            assert_eq!((answer.status, answer.problem()), (404, "no-such-trajectory"), "{context}");
        }
        for list in LISTS {
            assert!(!case.read_by(role, list).text.contains(&case.id), "{context}: {list} names the case");
        }
        return;
    };
    for (way, answer) in WAYS.iter().zip(&answers) {
        check_answer(
            &format!("get /trajectories/{{trajectoryId}}{}", without_query(way)),
            &answer.body,
            sight,
            &context,
        );
    }
    let shown = answers[0].body["items"].as_array().expect("a timeline").clone();
    assert_eq!(shown.len(), recorded.len(), "{context}: a withheld fact still has an entry");
    let facts: Vec<Value> = recorded.iter().map(|entry| shown_fact(entry).clone()).collect();
    for (shown, whole) in shown.iter().zip(&facts) {
        check_fact(shown, whole, &facts, role, sight, &context);
    }
    let (thin, full) = (feed_items(case, role, "thin"), feed_items(case, role, "full"));
    for (entry, item) in shown.iter().zip(&thin) {
        let kind = shown_fact(entry).get("type").unwrap_or(&entry["type"]);
        assert_eq!(
            (&item["type"], &entry["type"]),
            (kind, kind),
            "{context}: the feed and the timeline show the same kind"
        );
    }
    let followed = Value::Array(full).to_string();
    let of_region = |list: &str| list.replace("amsterdam", &case.partners.region);
    let lists = LISTS.map(|list| of_this_case(case, case.read_by(role, &of_region(list)).body));
    for (list, body) in LISTS.iter().zip(&lists).take(3) {
        let path = without_query(list).trim_start_matches("/v1").replace("amsterdam", "{region}");
        check_answer(&format!("get {path}"), body, sight, &context);
    }
    let figures = case.read_by(role, &of_region("/v1/regions/amsterdam/figures"));
    let file = case.read_by(role, &format!("{}/case-file", case.path()));
    let everywhere = answers.iter().chain([&figures, &file]).map(|answer| answer.text.clone());
    let everywhere = everywhere.chain(lists.iter().map(Value::to_string)).chain([followed]);
    let everything = everywhere.collect::<Vec<_>>().join("\n");
    for (marker, category, elsewhere) in markers(recorded, role) {
        let may = matches!(sight[category], "x" | "u" | "o" | "t") && !elsewhere;
        assert!(may || !everything.contains(&marker), "{context} reads {marker} ({category})");
    }
}

/// A list without the other cases of the ledger, whose clients have the same name.
fn of_this_case(case: &Case, mut list: Value) -> Value {
    for part in ["items", "homes"] {
        if let Some(items) = list.get_mut(part).and_then(Value::as_array_mut) {
            items.retain(|item| item["trajectoryId"] == *case.id);
        }
    }
    list
}

/// An answer contains nothing of a hidden category.
fn check_answer(way: &str, body: &Value, sight: &BTreeMap<&str, &str>, context: &str) {
    let leaked = answers::leaked(way, body, sight);
    assert!(leaked.is_empty(), "{context}: {way} shows {leaked:?}: {body:#}");
}

fn without_query(way: &str) -> &str {
    way.split('?').next().unwrap_or_default()
}

/// The items of the feed about the facts of a case.
fn feed_items(case: &Case, role: Role, detail: &str) -> Vec<Value> {
    let feed = case.read_by(role, &format!("/v1/feed?detail={detail}&limit=1000")).with_status(200);
    let items = feed.body["items"].as_array().expect("items").iter();
    items.filter(|item| item["trajectoryId"] == *case.id && item.get("version").is_some()).cloned().collect()
}

/// A fact shows the fields whose category is visible, and names the others as withheld.
fn check_fact(
    entry: &Value,
    whole: &Value,
    recorded: &[Value],
    role: Role,
    sight: &BTreeMap<&str, &str>,
    context: &str,
) {
    let kind = kind_of(whole);
    let Some(hidden) = hidden(whole, recorded, role, sight) else {
        let nothing = serde_json::json!({"sequence": entry["sequence"], "type": "fact-withheld"});
        assert_eq!(entry, &nothing, "{context}: {kind}");
        return;
    };
    let in_part = whole.as_object().is_some_and(|_| !hidden.is_empty());
    assert_eq!(entry.get("factInPart").is_some(), in_part, "{context}: {kind}");
    assert_eq!(entry.get("fact").is_some(), !in_part, "{context}: {kind}");
    assert!(!in_part || entry["hash"].is_null(), "{context}: the hash of {kind} can confirm a guess");
    for (field, _) in fields_of(kind).filter(|(field, _)| !field.contains('*')) {
        let at = format!("/{field}");
        let there = whole.pointer(&at).filter(|_| !hidden.contains(&field));
        assert_eq!(
            shown_fact(entry).pointer(&at).map(parts_aside),
            there.map(parts_aside),
            "{context}: {kind} {field}"
        );
    }
}

/// The parts of an object or list may have other categories, so only its presence is compared.
fn parts_aside(value: &Value) -> Value {
    if value.is_object() || value.is_array() { Value::Bool(true) } else { value.clone() }
}

/// The texts of the recorded facts that occur in one category only, with that category, and with
/// whether they are about the home of another corporation. Without the signals that the role is
/// asked to answer.
fn markers(recorded: &[Value], role: Role) -> Vec<(String, &'static str, bool)> {
    let mut found: BTreeMap<String, BTreeSet<(&'static str, bool)>> = BTreeMap::new();
    let facts: Vec<Value> = recorded.iter().map(|entry| shown_fact(entry).clone()).collect();
    for fact in facts.iter().filter(|fact| !is_asked(fact, role)) {
        let of_another = is_home_of_another(fact, &facts, role);
        for (field, category) in fields_of(kind_of(fact)).filter(|(field, _)| !field.contains('*')) {
            let mut texts = Vec::new();
            gather(fact.pointer(&format!("/{field}")).unwrap_or(&Value::Null), &mut texts);
            for text in texts {
                let elsewhere = of_another && ABOUT_A_HOME.contains(&category);
                found.entry(text).or_default().insert((category, elsewhere));
            }
        }
    }
    // A text with a space, or a reference, is unique; a date or a code may occur anywhere.
    let is_distinctive = |text: &str| text.contains(' ') || text.contains("dms:") || text.contains("VHE-");
    let only = found.into_iter().filter(|(text, categories)| categories.len() == 1 && is_distinctive(text));
    let only = only.filter_map(|(text, categories)| Some((text, *categories.first()?)));
    only.map(|(text, (category, elsewhere))| (text, category, elsewhere)).collect()
}

fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, texts)),
        _ => {}
    }
}

#[test]
fn a_hidden_case_is_answered_like_one_that_does_not_exist() {
    let ledger = Ledger::empty();
    let hidden = ledger.ready();
    let stranger = hidden.partners.viewer(Role::HousingCorporation, &hidden.id);
    let nowhere = hidden.path().replace(&hidden.id[..4], "dead");
    let fact: SampleFact = "rent-missed".into();
    let fact = hidden.next(fact);
    for way in
        ["", "/agreements", "/nuisance-cases", "/follow-up", "/events", "?knownAt=2026-01-01T00:00:00Z"]
    {
        let [mut one, mut other] = [hidden.path(), nowhere.clone()].map(|path| {
            ledger.get(&format!("{path}{way}")).as_viewer(&stranger).answer().with_status(404).body
        });
        without_instance([&mut one, &mut other]);
        assert_eq!(one, other, "{way}");
    }
    for seen in ["*", "\"1-0000000000000000\"", "\"99-9c1d4e5f60718293\""] {
        for way in ["/events", "/events?dryRun=true"] {
            let [mut one, mut other] = [hidden.path(), nowhere.clone()].map(|path| {
                let report = ledger.post(&format!("{path}{way}")).as_viewer(&stranger).seen(seen);
                report.json(&fact).answer().with_status(404).body
            });
            without_instance([&mut one, &mut other]);
            assert_eq!(one, other, "{seen} {way}");
        }
    }
}

/// Each occurrence of a problem has an ID of its own.
fn without_instance(bodies: [&mut Value; 2]) {
    for body in bodies {
        body["instance"] = Value::Null;
    }
}
