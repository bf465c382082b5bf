//! A corporation describes its complexes; the partners of the region read how many homes they have.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Ledger, Request};
use serde_json::{Value, json};

#[test]
fn a_complex_is_described_once_and_read_by_the_partners_of_its_region() {
    let ledger = Ledger::empty();
    let described = describe(&ledger, &complex()).answer().with_status(201);
    assert!(described.body["receipt"].as_str().is_some_and(|note| note.contains("omklap-receipt/1")));
    let path = described.header("location").expect("where it is").to_owned();
    let read = ledger.get(&path).answer().with_status(200);
    assert_eq!(read.body["complex"]["homes"], 24);
    assert_eq!(read.body["events"][0]["fact"], complex());
    let by_another = ledger.get(&path).by("woonzorg").in_role("housing-corporation").answer();
    assert_eq!((by_another.status, by_another.problem()), (404, "no-such-stream"));
    let again = describe(&ledger, &complex()).answer().with_status(409);
    assert_eq!(again.problem(), "already-there");
}

#[test]
fn a_change_counts_from_its_day_and_a_correction_from_its_recording() {
    let ledger = Ledger::empty();
    let described = describe(&ledger, &complex()).answer().with_status(201);
    let (path, tag) = (path_of(&described), described.header("etag").expect("a version").to_owned());
    let more = with(with(complex(), "homes", 30), "occurredOn", "2026-06-01");
    let changed = reports(&ledger, &path, &more).seen(&tag).answer().with_status(201);
    assert_eq!(changed.body["version"], 2);
    let stale = reports(&ledger, &path, &more).seen(&tag).answer().with_status(412);
    assert_eq!((stale.problem(), &stale.body["version"]), ("stale", &json!(2)));
    let homes = |query: &str| {
        ledger.get(&format!("{path}{query}")).answer().with_status(200).body["complex"]["homes"].clone()
    };
    assert_eq!(["?validOn=2026-05-31", "?validOn=2026-06-01", ""].map(homes), [24, 30, 30]);
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-06-02", "corrects": 2});
    reports(&ledger, &path, &retracted).seen("*").answer().with_status(201);
    assert_eq!(homes(""), 24);
}

#[test]
fn every_fault_of_a_description_is_named_at_once() {
    let ledger = Ledger::empty();
    let wrong = json!({"type": "complex-described", "occurredOn": "01-06-2026", "homes": 0, "colour": "red"});
    let refused = describe(&ledger, &wrong).answer().with_status(400);
    for expected in [("not-a-date", "/occurredOn"), ("too-low", "/homes"), ("unknown-field", "/colour")] {
        assert!(refused.errors().contains(&expected), "{}", refused.text);
    }
    let elsewhere = with(with(complex(), "municipality", "0957"), "occurredOn", "2199-01-01");
    let refused = describe(&ledger, &elsewhere).header("accept-language", "nl").answer().with_status(409);
    let expected = [("occurred-in-the-future", "/occurredOn"), ("neighbourhood-elsewhere", "/neighbourhood")];
    assert_eq!(refused.errors(), expected);
    assert!(refused.text.contains("Deze buurt of wijk ligt in een andere gemeente."), "{}", refused.text);
    let unknown = describe(&ledger, &with(complex(), "type", "complex-describd")).answer().with_status(400);
    assert!(unknown.text.contains("complex-described?"), "{}", unknown.text);
    assert_eq!(ledger.facts(), 0);
}

#[test]
fn nobody_describes_the_complex_of_another() {
    let ledger = Ledger::empty();
    let theirs = describe(&ledger, &complex()).by("woonzorg").answer().with_status(403);
    assert_eq!(
        (theirs.problem(), theirs.errors()),
        ("not-yours-to-report", vec![("speaks-for-another", "/corporation")])
    );
    let by_a_provider = ledger.post("/v1/complexes").json(&complex()).answer().with_status(403);
    assert_eq!(by_a_provider.errors(), [("not-theirs", "/type")]);
    let elsewhere = describe(&ledger, &with(complex(), "region", "arnhem")).answer().with_status(403);
    assert_eq!(elsewhere.errors(), [("region-of-others", "/region")]);
}

#[test]
fn a_repeat_under_one_key_is_recorded_once_and_a_dry_run_not_at_all() {
    let ledger = Ledger::empty();
    let tried = corporation(ledger.post("/v1/complexes?dryRun=true").json(&complex())).answer();
    assert_eq!(tried.with_status(200).body["recorded"], false);
    assert_eq!(ledger.facts(), 0);
    let once = || describe(&ledger, &complex()).once("k-1").answer().with_status(201);
    assert_eq!(once().body, once().body);
    let other = describe(&ledger, &with(complex(), "homes", 9)).once("k-1").answer();
    assert_eq!(other.with_status(409).problem(), "idempotency-key-reused");
}

#[test]
fn a_list_is_in_pages_and_shows_a_corporation_only_its_own() {
    let ledger = Ledger::empty();
    for number in 1..=3 {
        describe(&ledger, &with(complex(), "complex", format!("C-{number}"))).answer().with_status(201);
    }
    describe(&ledger, &with(complex(), "corporation", "woonzorg")).by("woonzorg").answer().with_status(201);
    let pages = ledger.pages("/v1/complexes?region=noord-limburg&limit=3");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(ledger.pages("/v1/complexes?corporation=woonzorg").concat().len(), 1);
    let own = ledger.get("/v1/complexes").by("woonzorg").in_role("housing-corporation").answer();
    assert_eq!(own.with_status(200).body["items"].as_array().map(Vec::len), Some(1));
    let client = ledger.get("/v1/complexes").as_client_of("00000000-0000-7000-8000-000000000000").answer();
    assert_eq!(client.with_status(200).body["items"], json!([]));
}

#[test]
fn a_receipt_of_a_complex_is_redeemed_by_those_who_read_it() {
    let ledger = Ledger::empty();
    let described = describe(&ledger, &complex()).answer().with_status(201);
    let (receipt, path) = (described.body["receipt"].as_str().expect("a receipt"), receipt_path(&described));
    let read = |role: &str, path: &str| ledger.get(path).by("rekenkamer").in_role(role).answer();
    let waiting = read("auditor", &path).with_status(200).body;
    assert_eq!((&waiting["state"], &waiting["sequence"]), (&json!("waiting"), &json!(1)));
    // A case file is signed for at once.
    let case = ledger.preparing();
    case.read_by(Role::Auditor, &format!("/v1/trajectories/{}/case-file", case.id)).with_status(200);
    let redeemed = read("auditor", &path).with_status(200);
    let keys = ledger.get("/v1/ledger/keys").answer().with_status(200).body;
    let key = [keys["publicKeys"][0].as_str().expect("a key").parse().expect("a key")];
    omklap_verifier::redeemed(receipt, &redeemed.text, &key).expect("kept");
    let unknown = path.rsplit_once('/').expect("a hash").0.to_owned() + "/" + &"0".repeat(64);
    assert_eq!(read("auditor", &unknown).with_status(404).problem(), "receipt-unknown");
    let stranger = ledger.get(&path).by("woonzorg").in_role("housing-corporation").answer();
    assert_eq!(stranger.with_status(404).problem(), "no-such-stream");
}

// --- the vocabulary ---------------------------------------------------------------------------

/// A complex of Stadswonen in Venlo.
pub fn complex() -> Value {
    json!({
        "type": "complex-described", "occurredOn": "2026-02-02", "complex": "C-118", "corporation": "stadswonen",
        "region": "noord-limburg", "municipality": "0983", "neighbourhood": "BU09830101", "homes": 24
    })
}

fn with(mut fact: Value, field: &str, value: impl Into<Value>) -> Value {
    fact[field] = value.into();
    fact
}

/// As Stadswonen.
pub fn corporation(request: Request) -> Request {
    request.by("stadswonen").in_role("housing-corporation")
}

fn describe(ledger: &Ledger, fact: &Value) -> Request {
    corporation(ledger.post("/v1/complexes").json(fact))
}

fn reports(ledger: &Ledger, path: &str, fact: &Value) -> Request {
    corporation(ledger.post(&format!("{path}/events")).json(fact))
}

/// Where the receipt of this report is redeemed.
pub fn receipt_path(described: &Answer) -> String {
    let receipt = described.body["receipt"].as_str().expect("a receipt");
    let hash = receipt.lines().nth(5).expect("its last line");
    format!("/v1/streams/{}/receipts/{hash}", described.body["id"].as_str().expect("an id"))
}

fn path_of(described: &Answer) -> String {
    described.header("location").expect("where it is").to_owned()
}
