//! The obligations of the ten agreements: per case, on a worklist and in the figures of a region.

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, sample_fact};
use serde_json::{Value, json};

#[test]
fn an_agreement_is_due_then_overdue_then_kept_late() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let moved_in = case.state()["tenancy"]["startedOn"].as_str().expect("a day").to_owned();
    case.months_later(8).reports("evaluation-held");
    let evaluation = |on: &str| obligation(&case_agreements(&ledger, &case, on), "4.4");
    assert_eq!(evaluation(&moved_in)["status"], "due");
    assert_eq!(evaluation("2021-09-01")["status"], "overdue");
    let kept = evaluation("2026-11-01");
    assert_eq!(kept["status"], "kept-late");
    assert_eq!(
        kept["evidence"].as_array().map(Vec::len),
        Some(2),
        "the facts that started it and kept it: {kept}"
    );
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
fn a_nuisance_case_shows_its_level_and_the_next_step() {
    let ledger = Ledger::empty();
    let case = ledger.scaled_up();
    let body = ledger.get(&format!("{}/nuisance-cases", case.path())).answer().with_status(200).body;
    let nuisance = &body["cases"][0];
    assert_eq!((&nuisance["level"], &nuisance["status"]), (&json!(2), &json!("open")));
    assert!(nuisance["next"][0]["overdue"].as_bool().expect("long ago"));
    assert_eq!(nuisance["levels"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_follow_up_shows_its_checks() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.months_later(3).reports(sample_fact("follow-up-check-held").with("month", 3));
    let body = ledger.get(&format!("{}/follow-up", case.path())).answer().with_status(200).body;
    assert_eq!(
        (&body["checks"][0]["status"], &body["checks"][1]["status"]),
        (&json!("held"), &json!("overdue"))
    );
    assert_eq!(body["retained"].as_array().map(Vec::len), Some(3), "{body}");
}

#[test]
fn a_new_obligation_is_in_the_answer_to_the_report_and_in_the_state() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("signal-reported");
    let became_due: Vec<&str> = names(&case.answer["becameDue"]);
    assert!(became_due.contains(&"5.2"), "{became_due:?}");
    let state = case.state();
    assert!(names(&state["due"]).contains(&"5.2"));
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
fn a_worklist_can_be_filtered() {
    let ledger = Ledger::empty();
    let _case = ledger.housed();
    let list = |query: &str| ledger.pages(&format!("/v1/worklist?{query}")).concat();
    assert!(list("agreement=8").iter().all(|item| item["agreement"] == 8));
    assert!(
        list("party=housing-corporation")
            .iter()
            .all(|item| names_of(&item["responsible"]).contains(&"housing-corporation"))
    );
    assert!(
        !list("overdue=true").is_empty()
            && list("phase=ended").is_empty()
            && list("dueBefore=2021-01-01").is_empty()
    );
    let of_another = ledger.get("/v1/worklist").by("another-provider").answer().with_status(200);
    assert_eq!(of_another.body["items"], json!([]));
}

#[test]
fn a_worklist_has_undated_obligations_if_it_is_asked_for_them() {
    let ledger = Ledger::empty();
    let _cases = [ledger.preparing(), ledger.housed()];
    let list = |query: &str| ledger.pages(&format!("/v1/worklist?{query}")).concat();
    let dated = list("limit=500");
    let all = list("undated=true&limit=500");
    let (with, without): (Vec<_>, Vec<_>) = all.iter().partition(|item| item["dueOn"].is_string());
    assert_eq!(with, dated.iter().collect::<Vec<_>>(), "those with a date come first");
    let ids: Vec<_> = without.iter().filter_map(|item| item["obligation"].as_str()).collect();
    assert!(ids.contains(&"1.2") && ids.contains(&"10.1"), "{ids:?}");
    assert_eq!(list("undated=true&limit=1"), all, "page by page");
    let counts = ledger.get("/v1/worklist?undated=true").answer().with_status(200).body["counts"].clone();
    assert_eq!((&counts["total"], &counts["undated"]), (&json!(all.len()), &json!(without.len())));
    assert!(list("undated=true&overdue=true").iter().all(|item| item["dueOn"].is_string()));
}

#[test]
fn an_obligation_names_the_facts_that_keep_it() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let worklist = ledger.pages("/v1/worklist?undated=true").concat();
    let item = |id: &str| worklist.iter().find(|item| item["obligation"] == id).expect("a duty");
    assert_eq!(item("10.1")["keptBy"], json!({"any": [{"type": "privacy-explained"}]}));
    assert_eq!(
        item("1.2")["keptBy"]["all"][1],
        json!({"type": "preparation-step-completed", "where": {"step": ["income-arranged"]}})
    );
    let agreements = case_agreements(&ledger, &case, "2026-11-01");
    assert_eq!(obligation(&agreements, "1.2")["keptBy"], item("1.2")["keptBy"]);
    assert_eq!(obligation(&agreements, "3.2")["keptBy"]["any"][0]["has"], json!(["terms.careAgreement"]));
}

#[test]
fn of_three_positions_of_which_two_were_given_every_list_names_the_third() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all(["flip-talk-held", "rent-at-flip-disclosed"]);
    let position = |party: &str| sample_fact("flip-position-given").with("party", party);
    case.reports(position("client")).reports(position("care-provider"));
    let third = json!([{"type": "flip-position-given", "where": {"party": ["housing-corporation"]}}]);
    let decision = |list: &Value| -> Value {
        let items = list.as_array().expect("a list");
        items.iter().find(|item| item["obligation"] == "8.2").expect("the decision is due")["keptBy"].clone()
    };
    for role in [Role::CareProvider, Role::HousingCorporation] {
        let worklist = case.read_by(role, "/v1/worklist?limit=500").with_status(200).body;
        assert_eq!(decision(&worklist["items"])["all"], third, "{}", role.as_str());
    }
    assert_eq!(decision(&case.state()["due"])["all"], third);
    let agreements = case.read_by(Role::CareProvider, &format!("{}/agreements", case.path()));
    let of_eight = &agreements.with_status(200).body["agreements"][7]["obligations"];
    assert_eq!(decision(of_eight)["all"], third);
}

#[test]
fn every_step_of_the_protocol_is_on_the_worklist_of_who_must_act() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all(["nuisance-reported", "approach-agreed", "escalated"]);
    case.reports(sample_fact("lease-termination-started").with("acute", "fire"));
    let notice = case.state()["due"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|due| due["obligation"] == "6.8")
        .cloned();
    let notice = notice.expect("the landlord must act")["dueOn"].clone();
    let steps = case.read_by(Role::CareProvider, &format!("{}/nuisance-cases", case.path())).with_status(200);
    for (role, id) in [(Role::CareProvider, "6.8"), (Role::WmoConsultant, "6.9")] {
        let worklist = case.read_by(role, "/v1/worklist?limit=500").with_status(200).body;
        let items = worklist["items"].as_array().expect("a list");
        let step = items.iter().find(|item| item["obligation"] == id).expect("a step");
        assert_eq!(step["dueOn"], notice, "{id}");
        let next = steps.body["cases"][0]["next"].as_array().expect("a list");
        let same = next.iter().find(|next| next["obligation"] == id);
        assert_eq!(same.map(|next| &next["until"]), Some(&notice), "the case says the same: {id}");
    }
}

#[test]
fn the_figures_of_a_region_hide_the_few_and_lead_to_the_cases() {
    let ledger = Ledger::empty();
    let cases: Vec<Case> = (0..6).map(|_| ledger.flipped()).collect();
    let region = cases[0].state()["region"].as_str().expect("a region").to_owned();
    let path = format!("/v1/regions/{region}/figures?from=2021-01-01&to=2026-11-01");
    let body = figures(&ledger, &path);
    let flip_rate = &body["figures"][0];
    assert_eq!((&flip_rate["counted"], &flip_rate["of"]), (&json!(6), &json!(6)), "{body:#}");
    let cases_path = flip_rate["cases"].as_str().expect("a path");
    let behind = ledger.get(cases_path).answer().with_status(200).body;
    assert_eq!(behind["items"].as_array().map(Vec::len), Some(6));
    let pages = ledger.pages(&format!("{cases_path}&limit=4"));
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2]);
    assert_eq!(&json!(pages.concat()), &behind["items"]);
    let then = figures(&ledger, &format!("{path}&validOn=2021-03-01"));
    assert_eq!((&then["figures"][0]["counted"], &then["to"]), (&json!(0), &json!("2021-03-01")));
    let known = figures(&ledger, &format!("{path}&knownAt=2026-10-01T00:00:00Z"));
    assert_eq!(known["homes"]["offered"], 0);
}

#[test]
fn a_viewer_that_does_not_see_every_case_gets_figures_of_whole_years() {
    let ledger = Ledger::empty();
    let ask = |role: Role, query: &str| {
        let path = format!("/v1/regions/amsterdam/figures?{query}");
        ledger.get(&path).by(&format!("some-{}", role.as_str())).in_role(role.as_str()).answer()
    };
    for role in [Role::Municipality, Role::HousingCorporation, Role::CareProvider, Role::WmoConsultant] {
        let of_2024 = "from=2024-01-01&to=2024-12-31";
        let at_its_end = format!("{of_2024}&validOn=2024-12-31&knownAt=2024-12-31T23:00:00Z");
        for query in ["", "from=2025-01-01&to=2025-12-31", of_2024, &at_its_end] {
            ask(role, query).with_status(200);
        }
        assert_eq!(ask(role, of_2024).body, ask(role, &at_its_end).body, "the answer is the same");
        for (query, parameter) in [
            ("from=2025-01-01&to=2025-12-30", "to"),
            ("from=2026-01-01", "from"),
            ("from=2024-01-01&to=2025-12-31", "to"),
            ("from=2024-01-01&to=2024-12-31&validOn=2025-12-31", "validOn"),
            ("from=2024-01-01&to=2024-12-31&knownAt=2025-12-31T23:00:00Z", "knownAt"),
        ] {
            let answer = ask(role, query).with_status(400);
            assert_eq!(answer.errors(), [("whole-years-only", parameter)], "{query}");
        }
    }
    for role in [Role::MatchingPoint, Role::Auditor] {
        ask(role, "from=2025-01-01&to=2025-12-30&validOn=2026-03-04").with_status(200);
    }
}

#[test]
fn figures_as_they_were_known_stay_what_they_were_when_a_region_is_corrected() {
    let ledger = Ledger::empty();
    let mut cases: Vec<Case> = (0..6).map(|_| ledger.ready()).collect();
    let known_at = ledger.now();
    ledger.minutes_pass(1);
    let path = |region: &str| {
        format!("/v1/regions/{region}/figures?from=2021-01-01&to=2026-10-31&knownAt={known_at}")
    };
    let not_yet = |region: &str| figures(&ledger, &path(region))["figures"][5]["others"]["not-yet"].clone();
    let before = figures(&ledger, &path("amsterdam"));
    assert_eq!((not_yet("amsterdam"), not_yet("haarlem")), (json!(6), Value::Null), "{before:#}");
    for case in &mut cases {
        let mut right = case.timeline()[0]["fact"].clone();
        right["region"] = json!("haarlem");
        case.reports(sample_fact("event-corrected").with("corrects", 1).with("replacement", right));
    }
    assert_eq!(figures(&ledger, &path("amsterdam")), before, "as it was known then");
    assert_eq!(not_yet("haarlem"), Value::Null, "the correction was not known then");
    let now = figures(&ledger, "/v1/regions/haarlem/figures?from=2021-01-01&to=2026-10-31");
    assert_eq!(now["figures"][5]["others"]["not-yet"], 6);
    let behind = before["figures"][5]["cases"].as_str().expect("a path");
    let behind = ledger.get(behind).answer().with_status(200).body;
    assert_eq!(behind["items"].as_array().map(Vec::len), Some(6), "they belonged to the region then");
}

#[test]
fn impossible_periods_and_unknown_regions_are_refused() {
    let ledger = Ledger::empty();
    let nowhere = ledger.get("/v1/regions/atlantis/figures").answer().with_status(404);
    assert_eq!(nowhere.problem(), "no-such-region");
    for (query, fault) in [
        ("from=2026-02-01&to=2026-01-01", ("ends-before-it-begins", "to")),
        ("from=9999-12-31", ("ends-before-it-begins", "from")),
        ("validOn=2026-11-02", ("still-to-come", "validOn")),
    ] {
        let path = format!("/v1/regions/eindhoven/figures?{query}");
        let answer = ledger.get(&path).by("matching-point").in_role("matching-point").answer();
        assert_eq!(answer.with_status(400).errors(), [fault]);
    }
}

// Vocabulary.

/// The figures that the matching point of a region reads.
fn figures(ledger: &Ledger, path: &str) -> Value {
    ledger.get(path).by("matching-point").in_role("matching-point").answer().with_status(200).body
}

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
