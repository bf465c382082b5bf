//! Who is ready for a home, who comes when, and who is stuck: one list for a region.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger};
use serde_json::{Value, json};

const PATH: &str = "/v1/regions/amsterdam/seekers";

#[test]
fn a_matching_point_reads_who_is_ready_who_comes_when_and_who_is_stuck_in_one_call() {
    let ledger = Ledger::empty();
    let stuck = ledger.preparing_and(["case-discussed"]);
    let estimated = ledger.preparing_and(["outflow-profile-set"]);
    let announced = ledger.preparing_and(["outflow-announced"]);
    let ready = ledger.ready();
    let _housed = ledger.housed();
    let page = ledger.seekers_of("transferpunt", "matching-point");
    let order = [&ready, &estimated, &announced, &stuck].map(|case| case.id.as_str());
    assert_eq!(column(&page, "trajectoryId"), order, "{}", page.text);
    let certainty = ["sure", "estimated", "announced"].map(Value::from).into_iter().chain([Value::Null]);
    assert_eq!(column(&page, "certainty"), certainty.collect::<Vec<_>>());
    let first = &page.body["items"][0];
    assert_eq!((&first["clientName"], &first["phase"]), (&json!("Sam de Boer"), &json!("ready")));
    assert!(first["readyOn"].is_string() && first["daysWaiting"].is_u64(), "{first:#}");
    assert_eq!(first["needs"]["municipalityOfOrigin"], "0363");
    assert_eq!(page.body["items"][3]["stuck"]["bottleneck"], "dwelling-supply");
    let counts = &page.body["counts"];
    assert_eq!((&counts["ready"], &counts["stuck"][0]["clients"]), (&json!(1), &json!(1)));
    let expected: u64 = counts["expected"].as_array().expect("months").iter().map(clients).sum();
    assert_eq!((expected, counts.get("suppressedBelow")), (2, None));
}

#[test]
fn a_corporation_lists_only_the_clients_assigned_to_it_and_a_provider_its_own() {
    let ledger = Ledger::empty();
    // They are ready since the same day, so the order is that of their ids.
    let mut assigned = [ledger.matching().id, ledger.offered().id];
    assigned.sort();
    let _ready = ledger.ready();
    let page = ledger.seekers_of("stadswonen", "housing-corporation");
    assert_eq!(column(&page, "trajectoryId"), assigned, "{}", page.text);
    assert_eq!(column(&page, "clientName"), [Value::Null, Value::Null], "before the match");
    let accepted =
        page.body["items"].as_array().expect("items").iter().map(|item| &item["offer"]["accepted"]);
    assert_eq!(accepted.filter(|accepted| **accepted == false).count(), 1);
    assert_eq!(column(&ledger.seekers_of("een-ander", "housing-corporation"), "phase"), Vec::<Value>::new());
    for role in ["care-provider", "guide"] {
        assert_eq!(column(&ledger.seekers_of("de-vaart", role), "phase").len(), 3, "{role}");
    }
    assert_eq!(column(&ledger.seekers_of("het-anker", "care-provider"), "phase"), Vec::<Value>::new());
}

#[test]
fn an_auditor_reads_pseudonyms_and_a_client_the_own_case() {
    let ledger = Ledger::empty();
    let (case, _another) = (ledger.offered(), ledger.ready());
    let audited = case.read_by(Role::Auditor, PATH).with_status(200);
    assert_eq!(column(&audited, "phase").len(), 2);
    for hidden in ["Sam de Boer", "clientName", "needs", "0363"] {
        assert!(!audited.text.contains(hidden), "{hidden}: {}", audited.text);
    }
    let own = case.read_by(Role::Client, PATH).with_status(200);
    assert_eq!(column(&own, "trajectoryId"), [case.id.as_str()]);
}

#[test]
fn a_municipality_reads_counts_of_the_last_quarter_in_which_nobody_is_pointed_at() {
    let ledger = Ledger::empty();
    let _few = [ledger.ready(), ledger.preparing_and(["case-discussed"])];
    ledger.minutes_pass(60 * 24 * 100);
    let counts = |query: &str| {
        let [desk, consultant] = ["municipality", "wmo-consultant"].map(|role| {
            let page = ledger.get(&format!("{PATH}{query}")).by("gemeente-amsterdam").in_role(role).answer();
            assert_eq!(page.body["items"], json!([]), "{role}");
            page.with_status(200).body["counts"].clone()
        });
        assert_eq!(desk, consultant);
        desk
    };
    let few = counts("");
    assert_eq!((&few["ready"], &few["suppressedBelow"]), (&Value::Null, &json!(5)), "{few:#}");
    assert!(few["stuck"].as_array().expect("all of them").iter().any(|one| one["clients"].is_null()));
    assert_eq!(counts("?bottleneck=debts&profile=p1"), few, "no filter narrows them");
    let _more = [(); 5].map(|()| ledger.ready());
    assert_eq!(counts(""), few, "the answer changes once a quarter");
    ledger.minutes_pass(60 * 24 * 100);
    assert_eq!(counts("")["ready"], 6);
}

#[test]
fn a_page_follows_a_page_and_the_filters_narrow_it() {
    let ledger = Ledger::empty();
    let cases =
        [ledger.ready(), ledger.matching(), ledger.preparing_and(["outflow-announced"]), ledger.offered()];
    let list = |query: &str| {
        let path = format!("{PATH}?{query}");
        let mut page =
            ledger.get(&path).by("transferpunt").in_role("matching-point").answer().with_status(200);
        let mut ids = column(&page, "trajectoryId");
        while let Some(next) = page.next() {
            page = ledger.get(&next).by("transferpunt").in_role("matching-point").answer().with_status(200);
            assert!(page.body.get("counts").is_none(), "on the first page only");
            ids.extend(column(&page, "trajectoryId"));
        }
        ids
    };
    let all = list("");
    assert_eq!((all.len(), list("limit=1")), (cases.len(), all.clone()));
    assert_eq!(list("unassigned=true"), [&cases[0].id, &cases[2].id].map(|id| json!(id)));
    assert_eq!(list("unassigned=false&provider=de-vaart").len(), 2);
    assert_eq!(list("readyBefore=1999-01-01"), Vec::<Value>::new());
    assert_eq!(list("profile=p1,p2&access=any-floor,ground-floor-or-lift,wheelchair").len(), 3);
    assert_eq!((list("origin=0363,0983").len(), list("origin=0983").len()), (3, 0));
}

#[test]
fn a_filter_that_is_written_wrong_is_named() {
    let ledger = Ledger::empty();
    for (query, faults) in [
        ("profile=p9", vec![("not-one-of", "profile")]),
        ("access=wheelchair,wheelchair", vec![("repeated", "access")]),
        ("origin=Amsterdam", vec![("not-as-agreed", "origin")]),
        ("unassigned=yes&bottleneck=", vec![("not-one-of", "bottleneck"), ("wrong-type", "unassigned")]),
        ("readyBefore=01-06-2026", vec![("not-a-date", "readyBefore")]),
    ] {
        let refused = ledger.get(&format!("{PATH}?{query}")).answer().with_status(400);
        let mut errors = refused.errors();
        errors.sort_unstable();
        assert_eq!(errors, faults, "{query}");
    }
    assert_eq!(
        ledger.get("/v1/regions/nowhere/seekers").answer().with_status(404).problem(),
        "no-such-region"
    );
}

#[test]
fn the_access_log_has_what_the_list_showed_of_each_client() {
    let ledger = Ledger::empty();
    let case = ledger.matching();
    for (role, named) in [(Role::MatchingPoint, true), (Role::HousingCorporation, false)] {
        ledger.minutes_pass(1);
        case.read_by(role, PATH).with_status(200);
        let line = ledger.accesses(&case).pop().expect("a line");
        assert_eq!(line.categories.contains(&"identity".to_owned()), named, "{role:?}");
        assert!(line.categories.contains(&"dwelling-profile".to_owned()), "{role:?}");
    }
}

#[test]
fn an_unchanged_list_is_not_sent_again() {
    let ledger = Ledger::empty();
    let _case = ledger.ready();
    let read = |seen: &str| {
        ledger.get(PATH).by("transferpunt").in_role("matching-point").header("If-None-Match", seen).answer()
    };
    let tag = read("\"none\"").with_status(200).header("ETag").expect("a tag").to_owned();
    read(&tag).with_status(304);
    let _another = ledger.ready();
    read(&tag).with_status(200);
}

// The words of these tests.

trait Seekers {
    /// A case in the phase `preparing`, of which these facts are reported too.
    fn preparing_and<const N: usize>(&self, facts: [&str; N]) -> Case;
    /// The list as an organisation reads it in a role.
    fn seekers_of(&self, organisation: &str, role: &str) -> Answer;
}

impl Seekers for Ledger {
    fn preparing_and<const N: usize>(&self, facts: [&str; N]) -> Case {
        let mut case = self.preparing();
        case.reports_all(facts);
        case
    }

    fn seekers_of(&self, organisation: &str, role: &str) -> Answer {
        self.get(PATH).by(organisation).in_role(role).answer().with_status(200)
    }
}

/// A field of each item.
fn column(page: &Answer, field: &str) -> Vec<Value> {
    page.body["items"].as_array().expect("items").iter().map(|item| item[field].clone()).collect()
}

fn clients(count: &Value) -> u64 {
    count["clients"].as_u64().expect("it is shown")
}
