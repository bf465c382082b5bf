//! A text is a text, whatever a database would make of it.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Document, Ledger, demo_histories, kinds, told, with_text};
use serde_json::{Value, json};

/// What would end a statement, and a string of JSON.
const SQL: &str = "'; DROP TABLE events;-- \" \\' $1";

#[test]
fn sql_in_every_text_is_only_text() {
    let ledger = Ledger::empty();
    let (tables, free) = (tables(&ledger), free_texts(&ledger));
    assert!(free.values().map(Vec::len).sum::<usize>() > 50, "{free:?}");
    let (mut put, mut recorded) = (BTreeSet::new(), ledger.rows("events"));
    for (name, history) in demo_histories() {
        let facts: Vec<Value> = history.lines().map(|line| injected(line, &free, &mut put)).collect();
        let case = ledger.imports(&Value::Array(facts.clone()));
        comes_back(&case, &facts, &free, &name);
        recorded += i64::try_from(facts.len()).expect("few");
    }
    let all = free.iter().flat_map(|(kind, pointers)| pointers.iter().map(move |at| format!("{kind}{at}")));
    assert_eq!(all.filter(|text| !put.contains(text)).collect::<Vec<_>>(), Vec::<String>::new(), "not tried");
    assert_eq!((self::tables(&ledger), ledger.rows("events")), (tables, recorded));
}

#[test]
fn sql_in_everything_that_is_asked_is_refused_as_text() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let (document, tables, events) = (Document::published(&ledger), tables(&ledger), ledger.rows("events"));
    let (mut asked, mut paged) = (0, 0);
    for path in document.read() {
        let there = filled(path, &case);
        let parameters = document.parameters(path).into_iter();
        let mut ways: Vec<_> = parameters.map(|name| format!("{there}?{name}={}", written(SQL))).collect();
        let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        ways.extend(
            names.map(|(name, _)| filled(&path.replace(&format!("{{{name}}}"), &written(SQL)), &case)),
        );
        let cursors = cursors(&ledger, &case, &there);
        paged += usize::from(!cursors.is_empty());
        ways.extend(cursors);
        for way in ways {
            let answer = asks(&ledger, &case, &way);
            assert!([400, 404].contains(&answer.status), "{way} gets {} {}", answer.status, answer.text);
            asked += 1;
        }
    }
    assert!(asked > 60 && paged > 4, "{asked} ways, {paged} lists that go on");
    assert_eq!((self::tables(&ledger), ledger.rows("events")), (tables, events));
}

#[test]
fn sql_in_a_key_is_only_a_key() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("consent-given");
    let report = || case.reporting(&fact).once("';DROP/**/TABLE/**/events;--\"").answer().with_status(201);
    assert_eq!(report().body["events"], report().body["events"]);
    assert_eq!(ledger.rows("events"), 4);
}

/// The texts of every kind of fact that may be any text. What is refused in its place is a code.
fn free_texts(ledger: &Ledger) -> BTreeMap<&'static str, Vec<String>> {
    let (case, document) = (ledger.preparing(), Document::published(ledger));
    let is_free = |kind: &'static str, pointer: &str| {
        let fact = with_text(case.next(told(kind)), pointer, SQL);
        let answer = ledger.post(&format!("{}?dryRun=true", case.events())).seen("*").telling(&fact).answer();
        assert!([200, 400, 403, 409].contains(&answer.status), "{kind} {pointer}: {}", answer.text);
        !answer.errors().iter().any(|(_, at)| *at == pointer)
    };
    let texts = kinds().map(|kind| {
        let texts = document.texts(document.fact(kind)).into_iter().filter(|pointer| pointer != "/type");
        (kind, texts.filter(|pointer| is_free(kind, pointer)).collect())
    });
    texts.collect()
}

/// A fact with that text wherever it has, or may have, a free one.
fn injected(line: &str, free: &BTreeMap<&str, Vec<String>>, put: &mut BTreeSet<String>) -> Value {
    let mut fact: Value = serde_json::from_str(line).expect("JSON");
    for (kind, pointer, within) in places(&fact, free) {
        // A text in what is not there would leave out the rest of it.
        let is_there = fact.pointer(&format!("{within}{pointer}")).is_some();
        if is_there || pointer.matches('/').count() == 1 {
            fact = with_text(fact, &format!("{within}{pointer}"), SQL);
            put.insert(format!("{kind}{pointer}"));
        }
    }
    fact
}

/// The free texts of a fact and of what it puts in the place of another.
fn places<'f>(fact: &Value, free: &'f BTreeMap<&str, Vec<String>>) -> Vec<(String, &'f str, &'static str)> {
    let parts = [(fact, ""), (&fact["replacement"], "/replacement")];
    let told = parts.into_iter().filter_map(|(part, within)| Some((part["type"].as_str()?, within)));
    told.flat_map(|(kind, within)| free[kind].iter().map(move |at| (kind.to_owned(), at.as_str(), within)))
        .collect()
}

/// The nuisance desk sees everything, and so every byte.
fn comes_back(case: &Case, facts: &[Value], free: &BTreeMap<&str, Vec<String>>, name: &str) {
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

/// Cursors that are right but for the position in them.
fn cursors(ledger: &Ledger, case: &Case, list: &str) -> Vec<String> {
    let region = if list.ends_with("/worklist") { "&region=amsterdam" } else { "" };
    let page = asks(ledger, case, &format!("{list}?limit=1{region}"));
    let Some(next) = page.body["next"].as_str() else {
        return Vec::new();
    };
    let (position, mark) = next.rsplit_once('.').unwrap_or((next, ""));
    let name = if list.ends_with("/feed") { "after" } else { "cursor" };
    [format!("{SQL}.{mark}"), format!("{position}{SQL}.{mark}"), format!("{next}{SQL}")]
        .map(|cursor| format!("{list}?limit=1{region}&{name}={}", written(&cursor)))
        .into()
}

/// A path of the document as it is asked of a case.
fn filled(path: &str, case: &Case) -> String {
    let known = [
        ("{trajectoryId}", case.id.as_str()),
        ("{region}", "amsterdam"),
        ("{figure}", "end-to-end"),
        ("{organisationId}", "de-vaart"),
        ("{subscriptionId}", case.id.as_str()),
    ];
    format!("/v1{}", known.into_iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value)))
}

/// What an auditor is answered, or an administrator where those are asked.
fn asks(ledger: &Ledger, case: &Case, way: &str) -> Answer {
    let request = ledger.get(way).spoken_by(&case.partners.viewer(Role::Auditor, &case.id));
    let administrates = way.starts_with("/v1/organisations");
    if administrates { request.with_token(&ledger.administrator()).answer() } else { request.answer() }
}

/// As a URL has it.
fn written(text: &str) -> String {
    text.bytes().fold(String::new(), |written, byte| format!("{written}%{byte:02X}"))
}

/// The tables of the ledger and what they may hold.
fn tables(ledger: &Ledger) -> Value {
    let columns = "SELECT json_agg(table_schema || '.' || table_name || '.' || column_name ORDER BY 1) \
                   FROM information_schema.columns WHERE table_schema IN ('public', 'keys')";
    let columns: Option<Value> = ledger
        .in_the_database(async |owner| sqlx::query_scalar(columns).fetch_one(owner).await.expect("columns"));
    columns.unwrap_or(json!([]))
}
