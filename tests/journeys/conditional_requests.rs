//! `If-None-Match` spares a reader the same answer again, and `If-Match` holds a writer to what it
//! saw: over every operation of the API.

use std::collections::BTreeSet;

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Answers, Case, Document, Ledger, Receiver, Request};
use reqwest::Method;
use serde_json::{Value, json};

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
    let paths: Vec<String> =
        Document::published(&ledger).readable_paths().into_iter().map(str::to_owned).collect();
    let mut without = BTreeSet::new();
    for template in &paths {
        let path = path_of(template, &case, &subscription);
        let read = |tags: &[&str]| {
            let request = ledger.get(&path).with_scopes(SCOPES);
            tags.iter().fold(request, |request, tag| request.header("if-none-match", tag)).answer()
        };
        let first = read(&[]);
        if NOT_SIGNED.contains(&template.as_str()) {
            assert!([400, 404].contains(&first.status), "{template}: {}", first.text);
            continue;
        }
        let first = first.with_status(200);
        let Some(tag) = first.header("etag").filter(|_| !NEVER_THE_SAME.contains(&template.as_str())) else {
            without.insert(template.as_str());
            continue;
        };
        for known in [tag, "*", &format!("\"other\", {tag}"), &format!("W/{}", tag.trim_start_matches("W/"))]
        {
            let again = read(&[known]).with_status(304);
            assert_eq!((again.text.as_str(), again.header("etag")), ("", Some(tag)), "{template} {known}");
        }
        for other in ["\"other\"", "W/\"other\""] {
            assert_eq!(read(&[other]).with_status(200).text, first.text, "{template} {other}");
        }
        let wrong = read(&["not a tag"]).with_status(400);
        assert_eq!(wrong.errors(), [("not-as-agreed", "If-None-Match")], "{template}");
    }
    assert_eq!(without, NEVER_THE_SAME.into());
}

#[test]
fn a_reader_gets_the_answer_again_when_anything_in_it_changed() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
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
    let event = case.next("consent-given");
    let organisation = json!({"kind": "care-provider", "name": "De Vaart", "regions": ["amsterdam"],
                              "clients": [{"clientId": "de-vaart", "roles": ["care-provider", "guide", "nuisance-desk"]}]});
    let writes = [
        (Method::POST, case.events(), case.path(), event, 201),
        (
            Method::PUT,
            "/v1/organisations/de-vaart".to_owned(),
            "/v1/organisations/de-vaart".to_owned(),
            organisation,
            200,
        ),
        (Method::PATCH, subscription.clone(), subscription, json!({"types": ["rent-missed"]}), 200),
    ];
    for (method, path, read, body, status) in writes {
        let write = |tag: &str| {
            let request: Request = ledger.request(method.clone(), &path).with_scopes(SCOPES);
            request.seen(tag).json(&body).answer()
        };
        let tag = ledger.get(&read).with_scopes(SCOPES).answer().with_status(200);
        let tag = tag.header("etag").expect("a tag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        for other in ["\"other\"", "\"\"", "W/\"1\"", &format!("W/{tag}"), "\"99\", \"x\""] {
            let refused = write(other).with_status(412);
            assert!(refused.problem() != "malformed", "{path} {other}: {}", refused.text);
        }
        for wrong in ["1", "W/1", "\"1\" \"2\"", "*, *", "\"a b\""] {
            assert_eq!(
                write(wrong).with_status(400).errors(),
                [("not-as-agreed", "If-Match")],
                "{path} {wrong}"
            );
        }
        let bare = ledger.request(method.clone(), &path).with_scopes(SCOPES).json(&body).answer();
        assert_eq!(bare.with_status(428).problem(), "version-required", "{path}");
        assert_eq!(write(&format!("W/\"x\", {tag}")).status, status, "{path}");
        assert_eq!(write(&tag).status, 412, "{path}: it has moved on");
        let _ = write("*").with_status(status);
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
    for (wrong, code, at) in [
        (json!({"url": null}), "wrong-type", "/url"),
        (json!({"url": "http://hooks.example.org/"}), "not-https", "/url"),
        (json!({"url": "https://10.0.0.1/"}), "host-not-public", "/url"),
        (json!({"types": ["moon"]}), "not-one-of", "/types/0"),
        (json!({"types": "rent-missed"}), "wrong-type", "/types"),
        (json!({"state": "paused"}), "unknown-field", "/state"),
        (json!([]), "wrong-type", ""),
    ] {
        assert_eq!(change(&wrong).with_status(400).errors(), [(code, at)], "{wrong}");
    }
    let read = ledger.get(&path).answer().with_status(200).body;
    assert_eq!((&read["url"], &read["types"]), (&json!(url), &json!([])), "what was refused changed nothing");
    for (organisation, role) in [("het-anker", "care-provider"), ("de-vaart", "guide")] {
        let request = ledger.request(Method::PATCH, &path).by(organisation).in_role(role);
        assert_eq!(
            request.seen("*").json(&json!({})).answer().with_status(404).problem(),
            "no-such-subscription"
        );
    }
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

/// The path of a new subscription.
fn subscribed(ledger: &Ledger) -> String {
    let body = json!({ "url": "https://hooks.example.org/in" });
    let made = ledger.post("/v1/subscriptions").json(&body).answer().with_status(201).body;
    format!("/v1/subscriptions/{}", made["subscriptionId"].as_str().expect("an id"))
}

fn path_of(template: &str, case: &Case, subscription: &str) -> String {
    let path = format!("/v1{template}").replace("/v1/subscriptions/{subscriptionId}", subscription);
    let path = path.replace("{trajectoryId}", &case.id).replace("{sequence}", "1");
    let hash = case.timeline()[0]["hash"].as_str().expect("a hash").to_owned();
    path.replace("{region}", "amsterdam")
        .replace("{hash}", &hash)
        .replace("{figure}", "flip-rate")
        .replace("{organisationId}", "de-vaart")
}
