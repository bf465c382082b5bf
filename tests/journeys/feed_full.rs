//! A partner follows the ledger with everything that it may now see of each event.

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, sample_fact, shown_fact};
use serde_json::{Value, json};
use sqlx::Executor;

/// Roles that see different parts of a case.
const ROLES: [Role; 8] = [
    Role::Client,
    Role::Guide,
    Role::CareProvider,
    Role::NuisanceDesk,
    Role::HousingCorporation,
    Role::MatchingPoint,
    Role::WmoConsultant,
    Role::Auditor,
];

#[test]
fn a_full_item_is_what_the_timeline_shows_to_the_same_role() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.reports_all(["consent-given", "signal-reported", "rent-missed"]);
    let wrong = case.version;
    case.reports(sample_fact("event-corrected").with("corrects", wrong));
    for role in ROLES {
        let timeline = case.read_by(role, &format!("{}?limit=500", case.events())).with_status(200);
        let entries = timeline.body["items"].as_array().expect("a timeline");
        let items = followed(&case, role);
        assert_eq!(items.len(), entries.len(), "{}", role.as_str());
        for (item, entry) in items.iter().zip(entries) {
            assert_eq!(item["version"], entry["sequence"]);
            assert_eq!(item["type"], entry["type"], "{}", role.as_str());
            if entry["type"] == "fact-withheld" {
                assert_eq!((&item["detailWithheld"], &item["entry"]), (&json!(true), &Value::Null));
            } else {
                assert_eq!(item["entry"], *entry, "{}", role.as_str());
                assert_eq!(item["type"], shown_fact(entry)["type"]);
            }
        }
    }
}

#[test]
fn a_profile_is_withheld_after_its_consent_is_withdrawn() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.reports(sample_fact("consent-given").with("scope", "outflow-profile"));
    let profile = |case: &Case| followed(case, Role::HousingCorporation).swap_remove(1);
    assert_eq!(shown_fact(&profile(&case)["entry"])["rentLimitCents"], 65_000, "{:#}", profile(&case));
    case.reports(sample_fact("consent-withdrawn").with("scope", "outflow-profile"));
    let after = profile(&case);
    assert_eq!(after["version"], 2, "it keeps its place");
    assert!(!after.to_string().contains("65000"), "{after:#}");
}

#[test]
fn a_full_item_shows_later_corrections_and_erasures() {
    let ledger = Ledger::empty();
    let mut case = ledger.preparing();
    case.reports("case-discussed");
    case.reports(sample_fact("event-corrected").with("corrects", 2));
    let items = followed(&case, Role::CareProvider);
    assert_eq!(items[1]["entry"]["mark"], json!({"status": "retracted", "by": 3}));
    assert_eq!(items[0]["entry"]["fact"]["clientName"], "Sam de Boer");
    ledger.in_the_database(async |owner| {
        owner.execute("DELETE FROM keys.data_keys").await.expect("the owner may")
    });
    let items = followed(&case, Role::CareProvider);
    let erased = items[0]["entry"]["erased"].as_array().expect("pointers");
    assert!(erased.contains(&"/clientName".into()), "{:#}", items[0]);
    let everything = Value::Array(items).to_string();
    assert!(!everything.contains("commitment") && !everything.contains("Sam de Boer"), "{everything}");
}

#[test]
fn the_access_log_has_the_categories_of_each_case_on_a_full_page() {
    let ledger = Ledger::empty();
    let cases = [ledger.housed(), ledger.preparing()];
    ledger.minutes_pass(1);
    let _ = followed(&cases[0], Role::CareProvider);
    let line_of = |case: &Case| {
        let log = ledger.pages(&format!("{}/access-log?limit=100", case.path())).concat();
        log.into_iter().find(|line| line["action"] == "follow").expect("a line")
    };
    let (housed, preparing) = (line_of(&cases[0]), line_of(&cases[1]));
    let categories = |line: &Value| line["categories"].to_string();
    assert!(categories(&housed).contains("rent") && categories(&housed).contains("identity"), "{housed}");
    assert!(
        !categories(&preparing).contains("rent") && categories(&preparing).contains("identity"),
        "{preparing}"
    );
}

#[test]
fn the_access_log_of_a_full_page_names_what_the_caller_saw_of_each_fact() {
    let ledger = Ledger::empty();
    let mut case = ledger.preparing();
    case.reports("preparation-step-completed");
    let wrong = case.version;
    case.reports(sample_fact("event-corrected").with("corrects", wrong));
    let _ = followed(&case, Role::MatchingPoint);
    let log = ledger.accesses(&case);
    let line = log.iter().rfind(|line| line.by.role == "matching-point").expect("a line");
    assert_eq!(
        line.categories,
        ["identity", "course", "profile"],
        "a cooking course says nothing about debts"
    );
}

#[test]
fn the_access_log_has_the_categories_of_each_case_on_a_thin_page() {
    let ledger = Ledger::empty();
    let cases = [ledger.housed(), ledger.preparing()];
    ledger.minutes_pass(1);
    let _ = cases[0].read_by(Role::HousingCorporation, "/v1/feed").with_status(200);
    let lines = |case: &Case| {
        let log = ledger.pages(&format!("{}/access-log?limit=100", case.path())).concat();
        log.into_iter().filter(|line| line["action"] == "follow").collect::<Vec<_>>()
    };
    let line = lines(&cases[0]).pop().expect("a line");
    let shown = serde_json::json!(["course", "case-table", "living-goals", "living", "flip"]);
    assert_eq!(line["categories"], shown, "{line}");
    assert_eq!(lines(&cases[1]), [] as [Value; 0], "nothing was shown of it");
}

#[test]
fn a_detail_is_thin_or_full() {
    let ledger = Ledger::empty();
    let _ = ledger.preparing();
    let answer = ledger.get("/v1/feed?detail=fat").answer().with_status(400);
    assert_eq!(answer.errors(), [("not-one-of", "detail")]);
    let (bare, thin) = (ledger.get("/v1/feed").answer(), ledger.get("/v1/feed?detail=thin").answer());
    let fields = |answer: &omklap_tests::Answer| {
        answer.body["items"][0].as_object().expect("an item").keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(fields(&bare), fields(&thin));
    assert!(thin.body["items"][0].get("entry").is_none(), "{}", thin.text);
}

// Vocabulary.

/// All full items of the feed for this role.
fn followed(case: &Case, role: Role) -> Vec<Value> {
    let page = case.read_by(role, "/v1/feed?detail=full&limit=1000").with_status(200).body;
    page["items"].as_array().expect("items").clone()
}
