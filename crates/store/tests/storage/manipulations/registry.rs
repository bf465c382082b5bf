//! Manipulations of the registry: who may act.

use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::access_log::Action;
use omklap_store::database::scratch::registered;
use omklap_store::organisations::{Client, Organisation};
use omklap_store::subscriptions::NewSubscription;
use omklap_store::tree::Pace;
use omklap_store::{CheckpointSigner, Metadata, Report};
use uuid::Uuid;

use super::access_log::{every_transaction_has_ended, line};
use super::{Manipulation, found_in};
use crate::story::*;
use jiff::SignedDuration;
use omklap_domain::ids::TrajectoryId;

/// The rows of the registry.
const ROWS: &[Manipulation] = &[
    (
        "UPDATE clients SET roles = roles || '{guide}' WHERE client_id = 'de-vaart-ecd'",
        &["registry: organisation de-vaart: program de-vaart-ecd is not what was registered"],
    ),
    (
        "UPDATE clients SET issuer = 'other' WHERE client_id = 'de-vaart-ecd'",
        &["registry: organisation de-vaart: program de-vaart-ecd"],
    ),
    (
        "UPDATE clients SET purpose = 'research' WHERE client_id = 'de-vaart-ecd'",
        &["registry: organisation de-vaart: program de-vaart-ecd"],
    ),
    (
        "UPDATE clients SET disabled_at = NULL WHERE client_id = 'de-vaart-old'",
        &["registry: organisation de-vaart: program de-vaart-old"],
    ),
    (
        "UPDATE clients SET organisation_id = 'antares' WHERE client_id = 'de-vaart-ecd'",
        &["registry: organisation antares: program de-vaart-ecd", "registry: organisation de-vaart: program"],
    ),
    (
        "INSERT INTO clients VALUES ('another', 'de-vaart', 'x', '{care-provider}', NULL, NULL)",
        &["registry: organisation de-vaart: program another"],
    ),
    (
        "DELETE FROM clients WHERE client_id = 'de-vaart-old'",
        &["registry: organisation de-vaart: program de-vaart-old"],
    ),
    (
        "UPDATE organisations SET kind = 'auditor' WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: its kind"],
    ),
    (
        "UPDATE organisations SET kind = 'x' WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: its kind"],
    ),
    (
        "UPDATE organisations SET regions = regions || '{amsterdam}' WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: the list of its regions"],
    ),
    (
        "UPDATE organisations SET name = 'De Haven' WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: its name or contact points"],
    ),
    (
        "UPDATE organisations SET contact_points = '{\"nuisance-desk\": \"06 1234\"}' WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: its name or contact points"],
    ),
    (
        "UPDATE organisations SET disabled_at = now() WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: whether it is disabled"],
    ),
    (
        "UPDATE organisations SET version = 7 WHERE organisation_id = 'de-vaart'",
        &["registry: organisation de-vaart: its version"],
    ),
    (
        "DELETE FROM clients WHERE organisation_id = 'antares'; DELETE FROM organisations WHERE organisation_id = 'antares'",
        &["registry: organisation antares: its row is missing"],
    ),
    (
        "INSERT INTO organisations VALUES ('another', 'care-provider', 'x', '{noord-limburg}', '{}', 1, NULL)",
        &["registry: organisation another: there is a row for it"],
    ),
    (
        "UPDATE organisations SET regions = '{NULL}' WHERE organisation_id = 'de-vaart';
         UPDATE organisations SET name = 'De Haven' WHERE organisation_id = 'antares'",
        &["registry: organisation de-vaart: the list of its regions", "registry: organisation antares: its name"],
    ),
    (
        "UPDATE organisations SET contact_points = '[1]' WHERE organisation_id = 'de-vaart';
         UPDATE subscriptions SET role = 'guide'",
        &["registry: organisation de-vaart: its name or contact points", "registry: subscription", "its role"],
    ),
    (
        "UPDATE clients SET roles = '{x}' WHERE client_id = 'de-vaart-ecd'",
        &["registry: organisation de-vaart: program de-vaart-ecd is not what was registered"],
    ),
    (
        "SET session_replication_role = replica; INSERT INTO clients VALUES ('another', 'nobody', 'x', '{care-provider}', NULL, NULL)",
        &["registry: program another of organisation nobody: there is a row for it"],
    ),
    ("UPDATE subscriptions SET types = '{NULL}'", &["registry: subscription", "its list of kinds"]),
    ("UPDATE subscriptions SET regions = '{NULL}'", &["registry: subscription", "the list of its regions"]),
    ("UPDATE subscriptions SET regions = '{amsterdam}'", &["registry: subscription", "the list of its regions"]),
    ("UPDATE subscriptions SET trajectory_id = gen_random_uuid()", &["registry: subscription", "its trajectory"]),
    (
        "UPDATE subscriptions SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1)",
        &["registry: subscription", "its secret"],
    ),
    ("UPDATE subscriptions SET url = 'https://elsewhere.example.org'", &["registry: subscription", "its URL"]),
    ("UPDATE subscriptions SET organisation = 'antares'", &["registry: subscription", "its organisation"]),
    ("UPDATE subscriptions SET role = 'guide'", &["registry: subscription", "its role"]),
    ("UPDATE subscriptions SET client = 'another'", &["registry: subscription", "its program"]),
    ("UPDATE subscriptions SET types = '{lease-flipped}'", &["registry: subscription", "its list of kinds"]),
    ("DELETE FROM subscriptions", &["registry: subscription", "its row is missing"]),
    (
        "INSERT INTO subscriptions SELECT gen_random_uuid(), client, organisation, role, regions, trajectory_id, url, types,
                state, position, revision, rests, failing_since, rests_until, secret, NULL, NULL, created_at FROM subscriptions",
        &["registry: subscription", "there is a row for it"],
    ),
    (
        "UPDATE agreement_sets SET text = replace(text, '14', '15') WHERE id = 'almere'",
        &["registry: agreement-set almere@1: its text"],
    ),
    (
        "UPDATE agreement_sets SET text = text || ' ', digest = sha256(convert_to(text || ' ', 'UTF8')) WHERE id = 'almere'",
        &["registry: agreement-set almere@1: its text"],
    ),
    ("DELETE FROM agreement_sets WHERE id = 'almere'", &["registry: agreement-set almere@1: its row is missing"]),
    (
        "INSERT INTO agreement_sets SELECT 'another', version, digest, text FROM agreement_sets WHERE id = 'almere'",
        &["registry: agreement-set another@1: there is a row for it"],
    ),
];

/// The events of the registry, also with the rows that would follow from them.
const EVENTS: &[Manipulation] = &[
    (
        "UPDATE events SET payload = replace(payload::text, '\"care-provider\"]', '\"care-provider\",\"guide\"]')::json
         WHERE aggregate_id = 'de-vaart' AND sequence = 2; UPDATE clients SET roles = roles || '{guide}'; {REHASH}",
        &["check: organisation de-vaart: event 2 was not admitted", "check: leaf"],
    ),
    (
        "DELETE FROM events WHERE aggregate_id = 'de-vaart' AND sequence = 2",
        &["check: leaf", "registry: organisation de-vaart: its version"],
    ),
    (
        "DELETE FROM events WHERE aggregate_type = 'subscription'; DELETE FROM subscriptions",
        &["check: leaf"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at)
         SELECT aggregate_type, aggregate_id, 3, event_type, event_version, payload, metadata, recorded_at
         FROM events WHERE aggregate_id = 'de-vaart' AND sequence = 2; {REHASH}",
        &["check: organisation de-vaart: event 3 was not admitted", "sign: event 3 of organisation de-vaart"],
    ),
    (
        "UPDATE events SET metadata = replace(metadata::text, 'tests', 'nobody')::json WHERE aggregate_id = 'de-vaart'",
        &["check: organisation de-vaart: event 1"],
    ),
    (
        "UPDATE events SET payload = '{}' WHERE aggregate_id = 'antares'",
        &["check: organisation antares", "registry: organisation antares: event 1 cannot be read"],
    ),
];

#[tokio::test]
async fn a_change_of_who_may_act_is_found() {
    found_in(with_a_registry().await, ROWS).await;
}

#[tokio::test]
async fn a_change_of_the_events_of_the_registry_is_found() {
    found_in(with_a_registry().await, EVENTS).await;
}

#[tokio::test]
async fn an_unchanged_registry_and_access_log_have_no_findings() {
    found_in(with_a_registry().await, &[("SELECT", &[])]).await;
}

#[tokio::test]
async fn a_change_is_never_built_on_a_registration_that_was_altered() {
    let (story, ..) = with_a_registry().await;
    let of_the_provider = || story.ledger.must_be_as_registered("organisation de-vaart");
    of_the_provider().await.expect("as it was registered");
    let mut owner = story.database.as_owner().await;
    let altered = "INSERT INTO clients VALUES ('ghost', 'de-vaart', 'x', '{care-provider}', NULL, NULL);
                   UPDATE subscriptions SET url = 'https://elsewhere.example.org'";
    sqlx::raw_sql(altered).execute(&mut owner).await.expect("the owner may");
    let refused = of_the_provider().await.expect_err("a program that nobody registered");
    assert!(refused.is_alarming() && refused.to_string().contains("program ghost"), "{refused}");
    story.ledger.must_be_as_registered("organisation antares").await.expect("another one");
    let known = story.ledger.subscription(Uuid::from_u128(1)).await.expect("readable").expect("there");
    let by = of("de-vaart", "de-vaart-ecd", "care-provider");
    let change = (known.url.as_str(), ["lease-flipped".to_owned()]);
    let changed =
        story.ledger.change_subscription(&known, (change.0, &change.1), &by, code("2026-03-02T09:05:00Z"));
    let refused = changed.await.expect_err("its address was changed by hand");
    assert!(refused.to_string().contains("its URL"), "{refused}");
}

#[tokio::test]
async fn a_report_of_a_program_that_was_not_registered_is_found() {
    let (story, ..) = with_a_registry().await;
    let mut unregistered = Vec::new();
    for (organisation, client, role, is_found) in [
        ("de-vaart", "de-vaart-ecd", "care-provider", false),
        ("de-vaart", "de-vaart-ecd", "guide", true),
        ("de-vaart", "de-vaart-old", "care-provider", true),
        ("de-vaart", "antares", "care-provider", true),
        ("nobody", "de-vaart-ecd", "care-provider", true),
    ] {
        let id = new_id();
        let report = Report { metadata: of(organisation, client, role), ..opens(id, [intake()]) };
        let recorded_at = code("2026-03-02T12:00:00Z");
        story.ledger.record(Report { recorded_at, ..report }).await.expect("admitted");
        unregistered.extend(is_found.then(|| format!("trajectory {id}")));
    }
    let mut found = Vec::new();
    story.ledger.check_reporters(|one| found.push(one.stream)).await.expect("readable");
    assert_eq!(found, unregistered);
}

// The words of these tests.

pub fn of(organisation: &str, client: &str, role: &str) -> Metadata {
    let known = [("actor", "u-7f3a"), ("organisation", organisation), ("client", client), ("role", role)];
    known.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

pub fn organisation(id: &str, kind: OrganisationKind, clients: &[&str]) -> Organisation {
    let client = |name: &&str| Client {
        id: code(name),
        issuer: "portal".to_owned(),
        roles: [kind.working_role()].into(),
        purpose: Some("case-work".to_owned()),
        disabled: false,
    };
    Organisation {
        id: code(id),
        kind,
        name: id.to_owned(),
        regions: [code("noord-limburg")].into(),
        contact_points: [("nuisance-desk".to_owned(), "077 555 0100".to_owned())].into(),
        clients: clients.iter().map(client).collect(),
        disabled: false,
    }
}

/// Two organisations, one of which left a program out the second time; a subscription; a case that the
/// program reported; and two batches of the access log. All of it is signed.
pub async fn with_a_registry() -> (Story, CheckpointSigner, TrajectoryId) {
    let story = Story::begins().await;
    let (ledger, morning) = (&story.ledger, code("2026-03-02T08:55:00Z"));
    ledger.keep_to_its_sets(morning).await.expect("new sets");
    let provider = OrganisationKind::CareProvider;
    let both = organisation("de-vaart", provider, &["de-vaart-ecd", "de-vaart-old"]);
    for registration in [
        &both,
        &organisation("antares", OrganisationKind::HousingCorporation, &["antares"]),
        &organisation("de-vaart", provider, &["de-vaart-ecd"]),
    ] {
        registered(ledger, registration, morning).await;
    }
    let viewer = Viewer {
        role: Role::CareProvider,
        organisation: code("de-vaart"),
        regions: [code("noord-limburg")].into(),
        trajectory: None,
    };
    let new = NewSubscription {
        id: Uuid::from_u128(1),
        client: code("de-vaart-ecd"),
        viewer,
        url: "https://hooks.example.org/in".to_owned(),
        types: Vec::new(),
        position: 0,
        created_at: morning,
        metadata: of("de-vaart", "de-vaart-ecd", "care-provider"),
    };
    ledger.subscribe(new, None).await.expect("made");
    let id = looked_at(&story).await;
    let signer = story.database.signer();
    let sign = || async { signer.sign(Pace::AT_ONCE, code("2026-03-02T09:04:00Z")).await.expect("signed") };
    sign().await;
    (story, signer, id)
}

/// A case that was reported, read, and reported on again.
async fn looked_at(story: &Story) -> TrajectoryId {
    let (ledger, id) = (&story.ledger, new_id());
    let metadata = of("de-vaart", "de-vaart-ecd", "care-provider");
    let facts = [intake(), privacy_explained()];
    ledger.record(Report { metadata: metadata.clone(), ..opens(id, facts) }).await.expect("admitted");
    let read = line(Action::Read, "2026-03-02T09:00:00Z", id);
    let listed = line(Action::List, "2026-03-02T09:00:30Z", id);
    ledger.log_access(&[read, listed]).await.expect("logged");
    let batch = |at: &str| ledger.batch_access_log(code(at), SignedDuration::from_secs(60));
    every_transaction_has_ended(story).await;
    assert_eq!(batch("2026-03-02T09:01:00Z").await.expect("made"), 6);
    assert_eq!(batch("2026-03-02T09:01:30Z").await.expect("too soon"), 0);
    let later = line(Action::Export, "2026-03-02T09:02:00Z", id);
    ledger.log_access(&[later]).await.expect("logged");
    every_transaction_has_ended(story).await;
    assert_eq!(batch("2026-03-02T09:03:00Z").await.expect("made"), 1);
    let more = Report { metadata, ..reports(id, [outflow_announced()]) };
    ledger.record(more).await.expect("admitted");
    id
}
