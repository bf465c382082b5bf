//! A corporation reports a vacant dwelling; the partners of the region read it, each as far as its role
//! goes.

use omklap_tests::{Ledger, Request};
use serde_json::{Value, json};

use crate::complexes::{complex, corporation};

/// The id of the vacancy of these tests.
pub const VACANCY: &str = "7ac00001-0000-4000-8000-000000000001";

#[test]
fn a_vacancy_goes_from_its_opening_to_the_letting() {
    let ledger = with_a_complex();
    let opened = open(&ledger, &vacancy()).answer().with_status(201);
    assert_eq!(opened.header("location"), Some(path().as_str()));
    let cheaper = with(home(), "rentCents", 60_000);
    let changed = json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": cheaper});
    reports(&ledger, &changed).answer().with_status(201);
    assert_eq!(read(&ledger)["vacancy"]["home"]["rentCents"], 60_000);
    let let_out = json!({"type": "vacancy-let", "occurredOn": "2026-10-20", "to": "outflow"});
    reports(&ledger, &let_out).answer().with_status(201);
    assert_eq!(read(&ledger)["vacancy"]["status"], "let");
    let before = ledger.get(&format!("{}?validOn=2026-10-05", path())).answer().with_status(200);
    let shown = (&before.body["vacancy"]["status"], &before.body["vacancy"]["home"]["rentCents"]);
    assert_eq!(shown, (&json!("open"), &json!(65_000)));
    let after = with(changed, "occurredOn", "2026-10-25");
    let refused = reports(&ledger, &after).answer().with_status(409);
    assert_eq!(refused.errors(), [("vacancy-not-open", "/type")]);
}

#[test]
fn each_role_reads_a_vacancy_as_far_as_it_goes() {
    let ledger = with_a_complex();
    open(&ledger, &vacancy()).answer().with_status(201);
    let read = |organisation: &str, role: &str| ledger.get(&path()).by(organisation).in_role(role).answer();
    for (organisation, role) in [("stadswonen", "housing-corporation"), ("transferpunt", "matching-point")] {
        let whole = read(organisation, role).with_status(200);
        assert_eq!(whole.body["vacancy"]["home"], home(), "{role}");
        assert_eq!(whole.body["events"][0]["fact"], vacancy(), "{role}");
    }
    let part = read("de-vaart", "care-provider").with_status(200);
    assert_eq!(part.body["vacancy"]["home"]["rentCents"], 65_000);
    for hidden in ["VHE-77", "K-2026-1", "events"] {
        assert!(!part.text.contains(hidden), "{hidden}: {}", part.text);
    }
    let withheld = part.body["vacancy"]["withheld"].as_array().expect("it says what it leaves out");
    assert_eq!(withheld, &["/home/unit", "/home/floor", "/home/reference"]);
    assert!(
        withheld.iter().all(|field| part.body["vacancy"].pointer(field.as_str().expect("text")).is_none())
    );
    for (organisation, role) in [("gemeente-amsterdam", "municipality"), ("woonzorg", "housing-corporation")]
    {
        assert_eq!(read(organisation, role).with_status(404).problem(), "no-such-stream", "{role}");
    }
}

#[test]
fn what_a_care_provider_may_not_see_changes_no_byte_of_its_answer() {
    let [one, other] =
        [home(), with(with(with(home(), "unit", "VHE-78"), "floor", 4), "reference", "K-2026-2")];
    let answers = [one, other].map(|home| {
        let ledger = with_a_complex();
        open(&ledger, &with(vacancy(), "home", home)).answer().with_status(201);
        ["", "?validOn=2026-10-05"].map(|query| ledger.get(&format!("{}{query}", path())).answer().text)
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn a_list_is_filtered_by_status_and_shows_what_one_answer_shows() {
    let ledger = with_a_complex();
    open(&ledger, &vacancy()).answer().with_status(201);
    let other = with(vacancy(), "vacancyId", "7ac00002-0000-4000-8000-000000000001");
    open(&ledger, &with(other, "home", with(home(), "unit", "VHE-78"))).answer().with_status(201);
    let withdrawn = json!({"type": "vacancy-withdrawn", "occurredOn": "2026-10-10", "ground": "nobody-fits"});
    reports(&ledger, &withdrawn).answer().with_status(201);
    let open = ledger.pages("/v1/vacancies?status=open&region=noord-limburg").concat();
    assert_eq!(
        open.iter().map(|item| item["vacancyId"].clone()).collect::<Vec<_>>(),
        ["7ac00002-0000-4000-8000-000000000001"]
    );
    let one = ledger.get("/v1/vacancies?status=withdrawn").answer().with_status(200);
    assert_eq!(one.body["items"][0], read_by_provider(&ledger)["vacancy"]);
    let unknown = ledger.get("/v1/vacancies?status=lost").answer().with_status(400);
    assert_eq!(unknown.errors(), [("not-one-of", "status")]);
}

#[test]
fn a_dwelling_in_an_unknown_complex_or_with_a_tenant_is_not_vacant() {
    let ledger = Ledger::empty();
    let housed = ledger.housed();
    let unit = json!("VHE-00412");
    let taken = with(with(home(), "unit", unit), "municipality", "0957");
    let refused = open(&ledger, &with(vacancy(), "home", taken)).answer().with_status(409);
    let expected = [
        ("neighbourhood-elsewhere", "/home/neighbourhood"),
        ("complex-unknown", "/home/complex"),
        ("unit-let-already", "/home/unit"),
    ];
    assert_eq!(refused.errors(), expected, "{}", refused.text);
    assert!(!refused.text.contains(&housed.id), "{}", refused.text);
    assert_eq!(ledger.rows("streams"), 0);
}

#[test]
fn a_dwelling_in_another_case_is_in_one_vacancy_and_is_shown_as_it_was_written() {
    let ledger = with_a_complex();
    open(&ledger, &vacancy()).answer().with_status(201);
    let other = with(vacancy(), "vacancyId", "7ac00002-0000-4000-8000-000000000001");
    let in_lower_case = with(home(), "unit", "vhe-77");
    let twice = open(&ledger, &with(other, "home", in_lower_case.clone())).answer().with_status(409);
    assert_eq!(twice.errors(), [("unit-vacant-already", "/home/unit")]);
    let changed = |home| json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": home});
    let another = reports(&ledger, &changed(with(home(), "unit", "VHE-78"))).answer().with_status(409);
    assert_eq!(another.errors(), [("another-unit", "/home/unit")]);
    reports(&ledger, &changed(in_lower_case)).answer().with_status(201);
    assert_eq!(read(&ledger)["vacancy"]["home"]["unit"], "vhe-77");
}

#[test]
fn every_fault_of_an_opening_is_named_at_once() {
    let ledger = Ledger::empty();
    let home = with(with(home(), "rentCents", 0), "contractModels", json!(["rental"]));
    let refused = open(&ledger, &with(vacancy(), "home", with(home, "bsn", "x"))).answer().with_status(400);
    for expected in [
        ("too-low", "/home/rentCents"),
        ("not-one-of", "/home/contractModels/0"),
        ("unknown-field", "/home/bsn"),
    ] {
        assert!(refused.errors().contains(&expected), "{}", refused.text);
    }
    let first = json!({"type": "vacancy-let", "occurredOn": "2026-10-10", "to": "outflow"});
    assert_eq!(open(&ledger, &first).answer().with_status(409).errors(), [("stream-not-named", "/type")]);
    let theirs = open(&ledger, &vacancy()).by("woonzorg").answer().with_status(403);
    assert_eq!(theirs.errors(), [("speaks-for-another", "/corporation")]);
}

#[test]
fn a_vacancy_that_was_retracted_begins_again_for_its_own_corporation_and_shows_nothing_to_another() {
    let ledger = with_a_complex();
    let _ = open(&ledger, &vacancy()).answer().with_status(201);
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-10-12", "corrects": 1});
    let _ = reports(&ledger, &retracted).answer().with_status(201);
    let theirs = with(vacancy(), "corporation", "woonzorg");
    let taken =
        open(&ledger, &theirs).by("woonzorg").in_role("housing-corporation").answer().with_status(409);
    assert_eq!(taken.problem(), "already-there", "{}", taken.text);
    let read = ledger.get(&format!("/v1/vacancies/{VACANCY}")).by("woonzorg").in_role("housing-corporation");
    assert_eq!(read.answer().with_status(404).problem(), "no-such-stream");
    let _ = open(&ledger, &vacancy()).answer().with_status(201);
}

// --- the vocabulary ---------------------------------------------------------------------------

/// The opening of a vacancy of Stadswonen in Venlo.
pub fn vacancy() -> Value {
    json!({
        "type": "vacancy-opened", "occurredOn": "2026-10-01", "vacancyId": VACANCY, "corporation": "stadswonen",
        "region": "noord-limburg", "home": home()
    })
}

pub fn home() -> Value {
    json!({
        "unit": "VHE-77", "complex": "C-118", "municipality": "0983", "neighbourhood": "BU09830101",
        "availableFrom": "2026-12-01", "certain": true, "rentCents": 65_000, "floor": 3,
        "contractModels": ["intermediary", "own"], "nuisanceOnFile": false, "reference": "K-2026-1"
    })
}

pub fn with(mut value: Value, field: &str, other: impl Into<Value>) -> Value {
    value[field] = other.into();
    value
}

pub fn path() -> String {
    format!("/v1/vacancies/{VACANCY}")
}

pub fn with_a_complex() -> Ledger {
    let ledger = Ledger::empty();
    corporation(ledger.post("/v1/complexes").json(&complex())).answer().with_status(201);
    ledger
}

pub fn open(ledger: &Ledger, fact: &Value) -> Request {
    corporation(ledger.post("/v1/vacancies").json(fact))
}

pub fn reports(ledger: &Ledger, fact: &Value) -> Request {
    corporation(ledger.post(&format!("{}/events", path())).json(fact)).seen("*")
}

fn read(ledger: &Ledger) -> Value {
    corporation(ledger.get(&path())).answer().with_status(200).body
}

fn read_by_provider(ledger: &Ledger) -> Value {
    ledger.get(&path()).answer().with_status(200).body
}
