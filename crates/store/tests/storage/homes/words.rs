//! The words of these tests.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::holds::Matter;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, Refusal};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::deadlines::lapsed::LapsedOffer;
use omklap_store::{EventContent, Ledger, RecordError, Recorded, Report};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

pub const HOME: &str = "VHE-00412";

pub async fn lapses(story: &Story, id: TrajectoryId) -> Vec<LapsedOffer> {
    let feed = story.ledger.feed();
    let events = feed.events_of(id.into(), 0, i64::MAX, 1_000).await.expect("readable");
    let lapses = events.into_iter().filter_map(|event| match event.event {
        EventContent::Lapsed(lapsed) => Some(lapsed.offer),
        _ => None,
    });
    lapses.collect()
}

pub fn sets_allowing(offers_at_once: u8) -> AgreementSets {
    let set = include_str!("../../../../../agreements/noord-limburg.toml");
    let set = set.replace("offers-at-once = 1", &format!("offers-at-once = {offers_at_once}"));
    let mut sets = AgreementSets::default();
    sets.add(&set.replace("\nversion = 1", "\nversion = 9")).expect("a set");
    sets
}

pub async fn allowing(offers_at_once: u8) -> Story {
    let story = Story::begins().await;
    let pool = story.database.pool().clone();
    let sets = Arc::new(sets_allowing(offers_at_once));
    Story { ledger: Ledger::new(pool, omklap_store::OperatorKey::of_tests(), sets), ..story }
}

pub fn viewer(role: Role, organisation: &str) -> Viewer {
    let regions = BTreeSet::from([code("noord-limburg")]);
    Viewer { role, organisation: code(organisation), regions, trajectory: None }
}

pub fn by_the_corporation(report: Report) -> Report {
    Report { reporter: Some(viewer(Role::HousingCorporation, "wonen-limburg")), ..report }
}

/// A client who may be offered a home.
pub async fn nominated(story: &Story) -> TrajectoryId {
    let id = new_id();
    story.ledger.record(opens(id, before_the_offer(story))).await.expect("admitted");
    id
}

pub fn before_the_offer(story: &Story) -> Vec<Fact> {
    let version =
        story.ledger.sets().iter().filter(|set| set.id.as_str() == "noord-limburg").map(|set| set.version);
    let mut opening = serde_json::to_value(intake()).expect("a fact");
    opening["agreementSet"]["version"] = version.max().expect("the set").into();
    let profile = json!({
        "type": "outflow-profile-set", "occurredOn": "2026-02-09", "profile": "p1", "household": "single",
        "municipalityOfOrigin": "0983", "rentLimitCents": 70_000, "access": "any-floor", "quietNeeded": false,
        "pets": false, "guidanceLevel": 1, "reachAtNight": false, "financialSupport": false,
        "assessor": "u-7f3a", "clientAgreed": true, "validFrom": "2026-02-09"
    });
    [
        opening,
        profile,
        json!({"type": "readiness-confirmed", "occurredOn": "2026-02-10", "assessor": "u-7f3a"}),
        json!({"type": "housing-requested", "occurredOn": "2026-02-11"}),
        json!({"type": "corporation-assigned", "occurredOn": "2026-02-12", "corporation": "wonen-limburg"}),
    ]
    .map(fact)
    .into()
}

pub fn offered(id: TrajectoryId, unit: &str, on: &str) -> Fact {
    let considerations = ["wishes", "profile", "dwelling", "neighbourhood", "network", "dayActivity"]
        .map(|part| (part.to_owned(), "fits".into()));
    let day: Day = code(on);
    fact(json!({
        "type": "dwelling-offered", "occurredOn": on, "offerId": id, "corporation": "wonen-limburg", "unit": unit,
        "municipality": "0983", "rentCents": 62_000, "nuisanceOnFile": false,
        "considerations": Value::Object(considerations.into_iter().collect()),
        "agreedBy": ["care-provider", "housing-corporation"], "respondBy": day.plus_days(14)
    }))
}

/// The corporation offers a home today.
pub fn offer_of(id: TrajectoryId, unit: &str) -> Report {
    by_the_corporation(reports(id, [offered(id, unit, "2026-03-02")]))
}

pub fn offer_of_another(id: TrajectoryId, unit: &str, on: &str) -> Report {
    let mut offer = serde_json::to_value(offered(id, unit, on)).expect("a fact");
    offer["offerId"] = json!(Uuid::from_u128(id.0.as_u128() ^ 1));
    by_the_corporation(reports(id, [fact(offer)]))
}

pub fn lease(id: TrajectoryId, unit: &str, on: &str) -> Fact {
    fact(json!({
        "type": "housed-under-three-party-lease", "occurredOn": on, "guaranteeFund": true,
        "terms": {"leaseId": id, "careProvider": "de-vaart", "corporation": "wonen-limburg", "unit": unit, "rentCents": 62_000}
    }))
}

/// A history that is brought along: a client who lives in this home.
pub async fn housed(story: &Story, unit: &str, on: &str) -> TrajectoryId {
    let id = new_id();
    let mut facts = history(story, id, unit);
    facts.pop();
    facts.push(lease(id, unit, on));
    story.ledger.record(opens(id, facts)).await.expect("admitted");
    id
}

/// The facts of a client who lives in this home.
pub fn history(story: &Story, id: TrajectoryId, unit: &str) -> Vec<Fact> {
    let accepted = json!({"type": "offer-accepted", "occurredOn": "2026-02-14", "offerId": id});
    let moved = [offered(id, unit, "2026-02-13"), fact(accepted), lease(id, unit, "2026-02-20")];
    before_the_offer(story).into_iter().chain(moved).collect()
}

/// The corporation corrects which home it offered, and the provider reports the lease of that home:
/// these facts named another. What is true is recorded.
pub async fn moved_to(story: &Story, id: TrajectoryId, unit: &str, [offer, lease_of]: [u64; 2]) {
    let corrects = |number: u64, replacement: Option<Fact>| {
        let mut corrected = json!({
            "type": "event-corrected", "occurredOn": "2026-03-02", "corrects": number, "reason": "the other door"
        });
        if let Some(right) = replacement {
            corrected["replacement"] = json!(right);
        }
        fact(corrected)
    };
    let right = offered(id, unit, "2026-02-13");
    let corrections = reports(id, [corrects(lease_of, None), corrects(offer, Some(right))]);
    story.ledger.record(by_the_corporation(corrections)).await.expect("corrected");
    let reporter = Some(viewer(Role::CareProvider, "de-vaart"));
    let lease = Report { reporter, ..reports(id, [relet(id, unit, lease_of)]) };
    story.ledger.record(lease).await.expect("recorded");
}

/// The lease again, under another id: that of a retracted one stays used.
pub fn relet(id: TrajectoryId, unit: &str, instead_of: u64) -> Fact {
    let mut lease = serde_json::to_value(lease(id, unit, "2026-02-20")).expect("a fact");
    lease["terms"]["leaseId"] = json!(Uuid::from_u128(id.0.as_u128() ^ u128::from(instead_of)));
    fact(lease)
}

pub async fn all_at_once(
    ledger: &Arc<Ledger>,
    clients: Vec<TrajectoryId>,
    report: impl Fn(TrajectoryId) -> Report,
) -> Vec<Result<Recorded, RecordError>> {
    let mut reporting = JoinSet::new();
    for report in clients.into_iter().map(report) {
        let ledger = Arc::clone(ledger);
        reporting.spawn(async move { ledger.record(report).await });
    }
    reporting.join_all().await
}

pub fn codes(outcome: &Result<Recorded, RecordError>) -> Vec<Refusal> {
    match outcome {
        Ok(_) => Vec::new(),
        Err(RecordError::Refused(refused)) => refused.refusals.clone(),
        Err(error) => panic!("{error}: {error:?}"),
    }
}

pub async fn held(story: &Story, unit: &str) -> i64 {
    let held = sqlx::query_scalar("SELECT count(*) FROM holds WHERE unit = $1").bind(unit);
    held.fetch_one(story.database.pool()).await.expect("readable")
}

pub async fn every_row_is_guarded(story: &Story) -> bool {
    let all = sqlx::query_scalar("SELECT bool_and(guarded) FROM holds");
    all.fetch_one(story.database.pool()).await.expect("readable")
}

pub fn both(one: TrajectoryId, other: TrajectoryId, matter: Matter) -> Vec<(TrajectoryId, Matter)> {
    let mut both = vec![(one, matter), (other, matter)];
    both.sort_unstable();
    both
}

pub async fn matters(story: &Story, today: &str) -> Vec<(TrajectoryId, Matter)> {
    let coordinator = viewer(Role::MatchingPoint, "transferpunt");
    let found = story.ledger.homes_held_twice(&coordinator, code(today)).await.expect("readable");
    let found: BTreeSet<_> = found.into_iter().map(|one| (one.row.trajectory_id, one.matter)).collect();
    found.into_iter().collect()
}
