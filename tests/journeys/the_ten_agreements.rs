//! What the partners agreed, and how it stands: per case, on a worklist, in a region.

use omklap_tests::{Case, Ledger, told};
use serde_json::{Value, json};

#[test]
fn an_agreement_is_due_then_overdue_then_kept_late() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let moved_in = case.standing()["tenancy"]["startedOn"].as_str().expect("a day").to_owned();
    case.months_later(8).reports("evaluation-held");
    let evaluation = |on: &str| obligation(&case_agreements(&ledger, &case, on), "4.4");
    assert_eq!(evaluation(&moved_in)["status"], "due");
    assert_eq!(evaluation("2021-09-01")["status"], "overdue");
    let kept = evaluation("2026-11-01");
    assert_eq!(kept["status"], "kept-late");
    assert_eq!(kept["evidence"].as_array().map(Vec::len), Some(2), "its start and its end: {kept}");
}

#[test]
fn the_ten_agreements_are_titled_in_the_language_of_the_reader() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let path = format!("{}/agreements", case.path());
    let dutch = ledger.get(&path).header("accept-language", "nl").answer().with_status(200);
    let english = ledger.get(&path).answer().with_status(200);
    assert_eq!(dutch.header("content-language"), Some("nl"));
    let numbers = |body: &Value| {
        body["agreements"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["number"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&dutch.body), (1..=10).map(|number| json!(number)).collect::<Vec<_>>());
    assert_ne!(dutch.body["agreements"][1]["title"], english.body["agreements"][1]["title"]);
}

#[test]
fn before_the_intake_there_is_nothing_to_read() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    for part in ["agreements", "nuisance-cases", "follow-up"] {
        let answer =
            ledger.get(&format!("{}/{part}?validOn=2020-01-01", case.path())).answer().with_status(404);
        assert_eq!(answer.problem(), "nothing-then", "{part}");
    }
}

#[test]
fn a_nuisance_case_says_who_acts_next() {
    let ledger = Ledger::empty();
    let case = ledger.scaled_up();
    let body = ledger.get(&format!("{}/nuisance-cases", case.path())).answer().with_status(200).body;
    let told = &body["cases"][0];
    assert_eq!((&told["level"], &told["stand"]), (&json!(2), &json!("open")));
    assert!(told["next"][0]["overdue"].as_bool().expect("long ago"));
    assert_eq!(told["levels"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_follow_up_tells_its_checks() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.months_later(3).reports(told("follow-up-check-held").with("month", 3));
    let body = ledger.get(&format!("{}/follow-up", case.path())).answer().with_status(200).body;
    assert_eq!(
        (&body["checks"][0]["status"], &body["checks"][1]["status"]),
        (&json!("held"), &json!("overdue"))
    );
    assert_eq!(body["retained"].as_array().map(Vec::len), Some(3), "{body}");
}

#[test]
fn a_report_answers_what_became_due_and_the_standing_says_it_too() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("signal-reported");
    let became_due: Vec<&str> = names(&case.answer["becameDue"]);
    assert!(became_due.contains(&"5.2"), "{became_due:?}");
    let standing = case.standing();
    assert!(names(&standing["due"]).contains(&"5.2"));
}

#[test]
fn a_worklist_is_paged_by_date_and_counts_everything() {
    let ledger = Ledger::empty();
    let cases = [ledger.housed(), ledger.housed(), ledger.flipped()];
    let first = ledger.get("/v1/worklist?limit=4").answer().with_status(200);
    let total = first.body["counts"]["total"].as_u64().expect("a count");
    let items = ledger.pages("/v1/worklist?limit=4").concat();
    assert_eq!(items.len() as u64, total);
    let order =
        |item: &Value| (item["dueOn"].as_str().expect("a day").to_owned(), item["trajectoryId"].to_string());
    assert!(items.iter().map(order).is_sorted());
    assert!(cases.iter().all(|case| items.iter().any(|item| item["trajectoryId"] == case.id.as_str())));
    assert!(items.iter().all(|item| names_of(&item["responsible"]).contains(&"care-provider")));
}

#[test]
fn a_worklist_shows_what_was_asked() {
    let ledger = Ledger::empty();
    let _case = ledger.housed();
    let asked = |query: &str| ledger.pages(&format!("/v1/worklist?{query}")).concat();
    assert!(asked("agreement=8").iter().all(|item| item["agreement"] == 8));
    assert!(
        asked("party=housing-corporation")
            .iter()
            .all(|item| names_of(&item["responsible"]).contains(&"housing-corporation"))
    );
    assert!(
        !asked("overdue=true").is_empty()
            && asked("phase=ended").is_empty()
            && asked("dueBefore=2021-01-01").is_empty()
    );
    let of_another = ledger.get("/v1/worklist").by("another-provider").answer().with_status(200);
    assert_eq!(of_another.body["items"], json!([]));
    let coordinator =
        ledger.get("/v1/worklist").by("matching-point").in_role("matching-point").answer().with_status(400);
    assert_eq!(coordinator.errors(), [("required", "region")]);
}

#[test]
fn the_figures_of_a_region_hide_the_few_and_lead_to_the_cases() {
    let ledger = Ledger::empty();
    let cases: Vec<Case> = (0..6).map(|_| ledger.flipped()).collect();
    let region = cases[0].standing()["region"].as_str().expect("a region").to_owned();
    let path = format!("/v1/regions/{region}/figures?from=2021-01-01&to=2026-11-01");
    let body = ledger.get(&path).answer().with_status(200).body;
    let flip_rate = &body["figures"][0];
    assert_eq!((&flip_rate["counted"], &flip_rate["of"]), (&json!(6), &json!(6)), "{body:#}");
    let cases_path = flip_rate["cases"].as_str().expect("a path");
    let behind = ledger.get(cases_path).answer().with_status(200).body;
    assert_eq!(behind["items"].as_array().map(Vec::len), Some(6));
    let then = ledger.get(&format!("{path}&validOn=2021-03-01")).answer().with_status(200).body;
    assert_eq!(then["figures"][0]["counted"], 0);
    let known = ledger.get(&format!("{path}&knownAt=2026-10-01T00:00:00Z")).answer().with_status(200).body;
    assert_eq!(known["homes"]["offered"], 0);
}

#[test]
fn what_a_region_cannot_be_asked_is_said() {
    let ledger = Ledger::empty();
    let nowhere = ledger.get("/v1/regions/atlantis/figures").answer().with_status(404);
    assert_eq!(nowhere.problem(), "no-such-region");
    let turned =
        ledger.get("/v1/regions/eindhoven/figures?from=2026-02-01&to=2026-01-01").answer().with_status(400);
    assert_eq!(turned.errors(), [("ends-before-it-begins", "to")]);
}

// The words of these journeys.

fn case_agreements(ledger: &Ledger, case: &Case, on: &str) -> Value {
    ledger.get(&format!("{}/agreements?validOn={on}", case.path())).answer().with_status(200).body
}

fn obligation(body: &Value, id: &str) -> Value {
    let agreements = body["agreements"].as_array().expect("a list").iter();
    let mut all = agreements.flat_map(|agreement| agreement["obligations"].as_array().expect("a list"));
    all.find(|one| one["obligation"] == id).expect("an obligation of the set").clone()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|item| item["obligation"].as_str()).collect()
}

fn names_of(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}
