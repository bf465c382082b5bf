//! `If-None-Match` spares a reader the same answer again, and `If-Match` holds a writer to what it
//! saw: over every operation of the API.

use std::collections::BTreeSet;

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Answers, Case, Document, Ledger, Receiver, Request, sample_fact};
use reqwest::Method;
use serde_json::{Value, json};

use crate::complexes::{complex, corporation, receipt_path};
use crate::guarantee_fund::{deposit, keeper};
use crate::plans::quota;
use crate::rounds::{ROUND_DAY, calls};
use crate::vacancies::{VACANCY, vacancy};

/// The answers that are never the same twice, as `docs/API.md` lists them.
const NEVER_THE_SAME: [&str; 5] = [
    "/feed",
    "/subscriptions",
    "/subscriptions/{subscriptionId}",
    "/trajectories/{trajectoryId}/access-log",
    "/trajectories/{trajectoryId}/case-file",
];
/// What a ledger that has signed nothing yet does not have.
const NOT_SIGNED: [&str; 3] =
    ["/ledger/checkpoint", "/ledger/proofs/consistency", "/ledger/proofs/inclusion"];

const SCOPES: &str = "trajectories:read trajectories:report figures:read audit:read admin";

#[test]
fn every_answer_that_can_be_read_again_is_left_out_for_a_reader_that_has_it() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let subscription = subscribed(&ledger);
    let (complex, receipt) = with_a_home(&ledger);
    let deposited = keeper(ledger.post("/v1/guarantee-fund-years").json(&deposit("stadswonen"))).answer();
    let fund_year = deposited.with_status(201).body["id"].as_str().expect("an id").to_owned();
    let mut without = BTreeSet::new();
    for template in Document::published(&ledger).readable_paths() {
        let path = path_of(template, &case, &subscription).replace("{complexId}", &complex);
        let path = path.replace("{fundYearId}", &fund_year);
        let path = if template.starts_with("/streams/") { receipt.clone() } else { path };
        let first = ledger.get(&path).with_scopes(SCOPES).answer();
        if NOT_SIGNED.contains(&template) {
            assert!([400, 404].contains(&first.status), "{template}: {}", first.text);
            continue;
        }
        let first = first.with_status(200);
        match first.header("etag").filter(|_| !NEVER_THE_SAME.contains(&template)) {
            Some(tag) => is_left_out_by_its_tag(&ledger, &path, &first, tag),
            None => without.extend([template.to_owned()]),
        }
    }
    assert_eq!(without, NEVER_THE_SAME.map(str::to_owned).into());
}

#[test]
fn a_reader_gets_the_answer_again_when_anything_in_it_changed() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let signal = sample_fact("signal-reported").happening("2026-10-30".parse().expect("a day"));
    let _ = case.reporting(&signal).answer().with_status(201);
    case.read_again();
    let read = |case: &Case, role, tag: &str| {
        let viewer = case.partners.viewer(role, &case.id);
        ledger.get(&case.path()).as_viewer(&viewer).header("if-none-match", tag).answer()
    };
    let tag = |answer: &Answer| answer.header("etag").expect("a tag").to_owned();
    let first = tag(&read(&case, Role::Guide, "\"none\"").with_status(200));
    assert_eq!(read(&case, Role::Guide, &first).status, 304);
    assert_eq!(read(&case, Role::Auditor, &first).status, 200, "another role sees something else");
    ledger.minutes_pass(365 * 24 * 60);
    let later = read(&case, Role::Guide, &first).with_status(200);
    assert_ne!(tag(&later), first, "what is due is late by now, though nothing was reported");
    case.reports("rent-missed");
    assert_eq!(read(&case, Role::Guide, &tag(&later)).status, 200);
}

#[test]
fn an_answer_that_is_left_out_is_in_the_access_log_too() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let read = |tag: &str| ledger.get(&case.path()).header("if-none-match", tag).answer();
    let tag = read("\"none\"").with_status(200).header("etag").expect("a tag").to_owned();
    let before = ledger.accesses(&case).len();
    let _ = read(&tag).with_status(304);
    assert_eq!(ledger.accesses(&case).len(), before + 1);
}

#[test]
fn a_tag_that_is_read_is_taken_by_every_write_and_no_weak_or_other_tag_is() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let subscription = subscribed(&ledger);
    let organisation = "/v1/organisations/de-vaart".to_owned();
    let vaart = json!({"kind": "care-provider", "name": "De Vaart", "regions": ["amsterdam"],
                       "clients": [{"clientId": "de-vaart", "roles": ["care-provider", "guide", "nuisance-desk"]}]});
    let types = json!({"types": ["rent-missed"]});
    let event = case.next("consent-given");
    for (method, path, read, body, status) in [
        (Method::POST, case.events(), case.path(), event, 201),
        (Method::PUT, organisation.clone(), organisation, vaart, 200),
        (Method::PATCH, subscription.clone(), subscription, types, 200),
    ] {
        let write = || ledger.request(method.clone(), &path).with_scopes(SCOPES).json(&body);
        let tag = ledger.get(&read).with_scopes(SCOPES).answer().with_status(200);
        let tag = tag.header("etag").expect("a tag").to_owned();
        takes_no_other_tag(&write, &path, &tag);
        assert_eq!(write().seen(&format!("W/\"x\", {tag}")).answer().status, status, "{path}");
        assert_eq!(write().seen(&tag).answer().status, 412, "{path}: it has moved on");
        let _ = write().seen("*").answer().with_status(status);
    }
    case.read_again();
    assert_eq!(case.version, 5);
}

#[test]
fn a_subscription_is_changed_as_a_merge_patch_says() {
    let ledger = Ledger::empty();
    let path = subscribed(&ledger);
    let change = |body: &Value| ledger.request(Method::PATCH, &path).seen("*").json(body).answer();
    let all = ledger.get(&path).answer().with_status(200).body;
    let url = "https://hooks.example.org/elsewhere";
    let changed = change(&json!({"url": url, "types": ["rent-missed"]})).with_status(200).body;
    assert_eq!((&changed["url"], &changed["types"]), (&json!(url), &json!(["rent-missed"])));
    for kept in ["subscriptionId", "role", "state", "createdAt"] {
        assert_eq!(changed[kept], all[kept], "{kept}");
    }
    assert_eq!(change(&json!({})).with_status(200).body["types"], json!(["rent-missed"]));
    assert_eq!(change(&json!({"types": null})).with_status(200).body["types"], json!([]));
}

#[test]
fn a_wrong_change_of_a_subscription_is_refused_at_its_place_and_changes_nothing() {
    let ledger = Ledger::empty();
    let path = subscribed(&ledger);
    let before = ledger.get(&path).answer().with_status(200).body;
    for (wrong, code, at) in [
        (json!({"url": null}), "wrong-type", "/url"),
        (json!({"url": "http://hooks.example.org/"}), "not-https", "/url"),
        (json!({"url": "https://10.0.0.1/"}), "host-not-public", "/url"),
        (json!({"types": ["moon"]}), "not-one-of", "/types/0"),
        (json!({"types": "rent-missed"}), "wrong-type", "/types"),
        (json!({"state": "paused"}), "unknown-field", "/state"),
        (json!([]), "wrong-type", ""),
    ] {
        let refused = ledger.request(Method::PATCH, &path).seen("*").json(&wrong).answer();
        assert_eq!(refused.with_status(400).errors(), [(code, at)], "{wrong}");
    }
    for (organisation, role) in [("het-anker", "care-provider"), ("de-vaart", "guide")] {
        let request = ledger.request(Method::PATCH, &path).by(organisation).in_role(role);
        let refused = request.seen("*").json(&json!({})).answer().with_status(404);
        assert_eq!(refused.problem(), "no-such-subscription");
    }
    let after = ledger.get(&path).answer().with_status(200).body;
    assert_eq!((&after["url"], &after["types"]), (&before["url"], &before["types"]));
}

#[test]
fn what_happens_after_a_change_goes_to_the_new_address_alone() {
    let ledger = Ledger::empty();
    let [old, new] = [(); 2].map(|()| Receiver::that_answers(Answers::With(204)));
    let subscription = old.subscribe(&ledger);
    let path = format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"));
    ledger.until_waiting(1);
    let of_new = new.subscribe(&ledger);
    let (url, id) = (&of_new["url"], of_new["subscriptionId"].as_str().expect("an id"));
    ledger.until_waiting(2);
    let _ = ledger.request(Method::DELETE, &format!("/v1/subscriptions/{id}")).answer().with_status(204);
    let _ =
        ledger.request(Method::PATCH, &path).seen("*").json(&json!({ "url": url })).answer().with_status(200);
    let case = ledger.preparing();
    let messages = new.waits_for(usize::try_from(case.version).expect("few"));
    assert_eq!(messages[0].body["subject"], *case.id);
    assert!(old.accepted().is_empty());
}

// The words of these tests.

/// A reader that has this answer gets 304 without a body, and one that has another gets it whole. What
/// is no tag is refused.
fn is_left_out_by_its_tag(ledger: &Ledger, path: &str, first: &Answer, tag: &str) {
    let read = |known: &str| ledger.get(path).with_scopes(SCOPES).header("if-none-match", known).answer();
    for known in [tag, "*", &format!("\"other\", {tag}"), &format!("W/{}", tag.trim_start_matches("W/"))] {
        let again = read(known).with_status(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", Some(tag)), "{path} {known}");
    }
    for other in ["", "not a tag", "\"other\"", "W/\"other\""] {
        assert_eq!(read(other).with_status(200).text, first.text, "{path} {other}");
    }
    let wrong = read(&"x".repeat(3_000)).with_status(400);
    assert_eq!(wrong.errors(), [("too-long", "If-None-Match")], "{path}");
}

/// A write is refused without a tag, with a weak or another one, and with what is no tag.
fn takes_no_other_tag(write: &impl Fn() -> Request, path: &str, tag: &str) {
    assert!(tag.starts_with('"'), "{path}: {tag}");
    for other in ["\"other\"", "\"\"", "W/\"1\"", &format!("W/{tag}"), "\"99\", \"x\""] {
        let refused = write().seen(other).answer().with_status(412);
        assert!(refused.problem() != "malformed", "{path} {other}: {}", refused.text);
    }
    for wrong in ["1", "W/1", "\"1\" \"2\"", "*, *", "\"a b\""] {
        let refused = write().seen(wrong).answer().with_status(400);
        assert_eq!(refused.errors(), [("not-as-agreed", "If-Match")], "{path} {wrong}");
    }
    assert_eq!(write().answer().with_status(428).problem(), "version-required", "{path}");
}

/// The path of a new subscription.
fn subscribed(ledger: &Ledger) -> String {
    let body = json!({ "url": "https://hooks.example.org/in" });
    let made = ledger.post("/v1/subscriptions").json(&body).answer().with_status(201).body;
    format!("/v1/subscriptions/{}", made["subscriptionId"].as_str().expect("an id"))
}

/// Records a complex, a vacancy in it, a plan and a round. Returns the id of the complex, and the path of its
/// receipt.
fn with_a_home(ledger: &Ledger) -> (String, String) {
    let described = corporation(ledger.post("/v1/complexes").json(&complex())).answer().with_status(201);
    let _ = corporation(ledger.post("/v1/vacancies").json(&vacancy())).answer().with_status(201);
    let plan = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point");
    let _ = plan.json(&quota()).answer().with_status(201);
    calls(ledger);
    (described.body["id"].as_str().expect("an id").to_owned(), receipt_path(&described))
}

fn path_of(template: &str, case: &Case, subscription: &str) -> String {
    let path = format!("/v1{template}").replace("/v1/subscriptions/{subscriptionId}", subscription);
    let path = path.replace("{trajectoryId}", &case.id).replace("{sequence}", "1");
    let hash = case.timeline()[0]["hash"].as_str().expect("a hash").to_owned();
    // In Amsterdam there is no guarantee fund.
    path.replace("{region}/guarantee-fund", "noord-limburg/guarantee-fund")
        .replace("{region}", "amsterdam")
        .replace("{hash}", &hash)
        .replace("{figure}", "flip-rate")
        .replace("{organisationId}", "de-vaart")
        .replace("{vacancyId}", VACANCY)
        .replace("{year}", "2021")
        .replace("{date}", ROUND_DAY)
}
