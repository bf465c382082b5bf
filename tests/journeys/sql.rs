//! SQL in a request is only text.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Document, Ledger, demo_histories, kinds, sample_fact, with_text};
use serde_json::{Value, json};

/// Characters that end an SQL statement or a JSON string.
const SQL: &str = "'; DROP TABLE events;-- \" \\' $1";

#[test]
fn sql_in_every_text_is_only_text() {
    let ledger = Ledger::empty();
    let (tables, free) = (tables(&ledger), free_texts(&ledger));
    assert!(free.values().map(Vec::len).sum::<usize>() > 50, "{free:?}");
    let (mut tried, mut recorded) = (BTreeSet::new(), ledger.facts());
    for (name, history) in demo_histories() {
        let facts: Vec<Value> = history.lines().map(|line| injected(line, &free, &mut tried)).collect();
        let case = ledger.imports(&Value::Array(facts.clone()));
        reads_back(&case, &facts, &free, &name);
        recorded += i64::try_from(facts.len()).expect("few");
    }
    let all = free.iter().flat_map(|(kind, pointers)| pointers.iter().map(move |at| format!("{kind}{at}")));
    assert_eq!(
        all.filter(|text| !tried.contains(text)).collect::<Vec<_>>(),
        Vec::<String>::new(),
        "not tried"
    );
    assert_eq!((self::tables(&ledger), ledger.facts()), (tables, recorded));
}

#[test]
fn sql_in_every_path_and_query_parameter_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let (document, tables, events) = (Document::published(&ledger), tables(&ledger), ledger.facts());
    let (mut sent, mut paged) = (0, 0);
    for path in document.readable_paths() {
        let filled_path = filled(path, &case);
        let parameters = document.parameters(path).into_iter();
        let mut ways: Vec<_> =
            parameters.map(|name| format!("{filled_path}?{name}={}", encoded(SQL))).collect();
        let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        ways.extend(
            names.map(|(name, _)| filled(&path.replace(&format!("{{{name}}}"), &encoded(SQL)), &case)),
        );
        let cursors = cursors(&ledger, &case, &filled_path);
        paged += usize::from(!cursors.is_empty());
        ways.extend(cursors);
        for way in ways {
            let answer = ask(&ledger, &case, &way);
            // Every text may be a case number of one's own; no case has this one.
            let none_found = way.contains("?reference=") && answer.body["items"] == serde_json::json!([]);
            let refused = [400, 404].contains(&answer.status);
            assert!(refused || none_found, "{way} leads to {} {}", answer.status, answer.text);
            sent += 1;
        }
    }
    assert!(sent > 60 && paged > 4, "{sent} requests, {paged} lists with a next page");
    assert_eq!((self::tables(&ledger), ledger.facts()), (tables, events));
}

#[test]
fn sql_in_a_key_is_only_a_key() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("consent-given");
    let report = || case.reporting(&fact).once("';DROP/**/TABLE/**/events;--\"").answer().with_status(201);
    assert_eq!(report().body["events"], report().body["events"]);
    assert_eq!(ledger.facts(), 4);
}

/// The free texts of every kind of fact. A string that is refused at its pointer is a code.
fn free_texts(ledger: &Ledger) -> BTreeMap<&'static str, Vec<String>> {
    let (case, document) = (ledger.preparing(), Document::published(ledger));
    let is_free = |kind: &'static str, pointer: &str| {
        let fact = with_text(case.next(sample_fact(kind)), pointer, SQL);
        let answer = ledger.post(&format!("{}?dryRun=true", case.events())).seen("*").json(&fact).answer();
        assert!([200, 400, 403, 409].contains(&answer.status), "{kind} {pointer}: {}", answer.text);
        !answer.errors().iter().any(|(_, at)| *at == pointer)
    };
    let texts = kinds().map(|kind| {
        let texts = document.texts(document.fact(kind)).into_iter().filter(|pointer| pointer != "/type");
        (kind, texts.filter(|pointer| is_free(kind, pointer)).collect())
    });
    texts.collect()
}

/// The fact with SQL in every free text that it has or may have.
fn injected(line: &str, free: &BTreeMap<&str, Vec<String>>, tried: &mut BTreeSet<String>) -> Value {
    let mut fact: Value = serde_json::from_str(line).expect("JSON");
    for (kind, pointer, within) in places(&fact, free) {
        // An object that the fact does not have would become incomplete.
        let is_there = fact.pointer(&format!("{within}{pointer}")).is_some();
        if is_there || pointer.matches('/').count() == 1 {
            fact = with_text(fact, &format!("{within}{pointer}"), SQL);
            tried.insert(format!("{kind}{pointer}"));
        }
    }
    fact
}

/// The free texts of a fact and of its replacement: kind, pointer, and the pointer of the part.
fn places<'f>(fact: &Value, free: &'f BTreeMap<&str, Vec<String>>) -> Vec<(String, &'f str, &'static str)> {
    let parts = [(fact, ""), (&fact["replacement"], "/replacement")];
    let kinds = parts.into_iter().filter_map(|(part, within)| Some((part["type"].as_str()?, within)));
    kinds
        .flat_map(|(kind, within)| free[kind].iter().map(move |at| (kind.to_owned(), at.as_str(), within)))
        .collect()
}

/// Asserts that the nuisance desk, which sees everything, reads back every text.
fn reads_back(case: &Case, facts: &[Value], free: &BTreeMap<&str, Vec<String>>, name: &str) {
    let page = case.read_by(Role::NuisanceDesk, &format!("{}?limit=500", case.events())).with_status(200);
    let items = page.body["items"].as_array().expect("a timeline");
    assert_eq!(items.len(), facts.len(), "{name}");
    for (item, fact) in items.iter().zip(facts) {
        for (kind, pointer, within) in places(fact, free) {
            let at = format!("{within}{pointer}");
            assert_eq!(item["fact"].pointer(&at), fact.pointer(&at), "{name}: {kind} {at}");
        }
    }
}

/// Valid cursors of a list in which SQL replaces or follows a part.
fn cursors(ledger: &Ledger, case: &Case, list: &str) -> Vec<String> {
    let region = if list.ends_with("/worklist") { "&region=amsterdam" } else { "" };
    let page = ask(ledger, case, &format!("{list}?limit=1{region}"));
    let Some(next) = page.body["next"].as_str() else {
        return Vec::new();
    };
    let (position, mark) = next.rsplit_once('.').unwrap_or((next, ""));
    let name = if list.ends_with("/feed") { "after" } else { "cursor" };
    [format!("{SQL}.{mark}"), format!("{position}{SQL}.{mark}"), format!("{next}{SQL}")]
        .map(|cursor| format!("{list}?limit=1{region}&{name}={}", encoded(&cursor)))
        .into()
}

/// The hash of no event.
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A path of the document with its parameters filled in for a case.
fn filled(path: &str, case: &Case) -> String {
    let known = [
        ("{trajectoryId}", case.id.as_str()),
        ("{region}", "amsterdam"),
        ("{figure}", "end-to-end"),
        ("{sequence}", "1"),
        ("{hash}", NO_HASH),
        ("{organisationId}", "de-vaart"),
        ("{subscriptionId}", case.id.as_str()),
        ("{complexId}", case.id.as_str()),
        ("{fundYearId}", case.id.as_str()),
        ("{vacancyId}", case.id.as_str()),
        ("{year}", "2021"),
        ("{date}", "2026-03-26"),
        ("{streamId}", case.id.as_str()),
    ];
    format!("/v1{}", known.into_iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value)))
}

/// The answer to an auditor, or to an administrator for the paths about organisations.
fn ask(ledger: &Ledger, case: &Case, way: &str) -> Answer {
    let request = ledger.get(way).as_viewer(&case.partners.viewer(Role::Auditor, &case.id));
    let administrates = way.starts_with("/v1/organisations");
    if administrates { request.with_token(&ledger.administrator()).answer() } else { request.answer() }
}

/// The text with every byte percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"))
}

/// The tables and columns of the ledger.
fn tables(ledger: &Ledger) -> Value {
    let columns = "SELECT json_agg(table_schema || '.' || table_name || '.' || column_name ORDER BY 1) \
                   FROM information_schema.columns WHERE table_schema IN ('public', 'keys')";
    let columns: Option<Value> = ledger
        .in_the_database(async |owner| sqlx::query_scalar(columns).fetch_one(owner).await.expect("columns"));
    columns.unwrap_or(json!([]))
}
