//! One home, one tenant (`docs/DOMAIN.md` §3.9): what two cases may hold of one home, also if they are
//! reported at the same time.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::holds::{Matter, holds};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History, Refusal};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::consistency::scan::Which;
use omklap_store::deadlines::Leadership;
use omklap_store::deadlines::lapsed::LapsedOffer;
use omklap_store::{EventContent, HoldRow, Ledger, RecordError, Recorded, Report, Table};
use serde_json::{Value, json};
use sqlx::Executor;
use tokio::task::JoinSet;
use uuid::Uuid;

const HOME: &str = "VHE-00412";

#[tokio::test]
async fn of_fifty_offers_of_one_home_at_the_same_time_one_is_recorded() {
    let story = Story::begins().await;
    let mut clients = Vec::new();
    for _ in 0..50 {
        clients.push(nominated(&story).await);
    }
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    let outcomes = all_at_once(&ledger, clients, |id| offer_of(id, HOME)).await;
    let recorded = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes.iter().filter(|outcome| codes(outcome) == [Refusal::DwellingHeld]).count();
    assert_eq!((recorded, refused), (1, 49), "{:?}", outcomes.iter().map(codes).collect::<Vec<_>>());
    assert_eq!(held(&story, HOME).await, 1);
}

#[tokio::test]
async fn of_many_offers_at_once_as_many_are_recorded_as_the_agreements_allow() {
    let story = allowing(3).await;
    let mut clients = Vec::new();
    for _ in 0..12 {
        clients.push(nominated(&story).await);
    }
    let ledger = Arc::new(Ledger::new(
        story.database.pool().clone(),
        omklap_store::OperatorKey::of_tests(),
        Arc::new(sets_allowing(3)),
    ));
    let outcomes = all_at_once(&ledger, clients, |id| offer_of(id, HOME)).await;
    let refused = outcomes.iter().filter(|outcome| codes(outcome) == [Refusal::DwellingHeld]).count();
    assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), refused), (3, 9));
}

#[tokio::test]
async fn a_home_is_free_again_when_the_offer_was_refused_or_lapsed() {
    let story = Story::begins().await;
    let (first, second, third) = (nominated(&story).await, nominated(&story).await, nominated(&story).await);
    story.ledger.record(offer_of(first, HOME)).await.expect("free");
    assert_eq!(codes(&story.ledger.record(offer_of(second, HOME)).await), [Refusal::DwellingHeld]);
    let refusal =
        json!({"type": "offer-refused", "occurredOn": "2026-03-02", "offerId": first, "ground": "other"});
    story.goes_on(first, [fact(refusal)]).await;
    story.ledger.record(offer_of(second, HOME)).await.expect("free again");
    let later = Report {
        today: code("2026-03-17"),
        ..by_the_corporation(reports(third, [offered(third, HOME, "2026-03-17")]))
    };
    story.ledger.record(later).await.expect("the last day to answer was the day before");
}

#[tokio::test]
async fn a_dry_run_is_refused_as_the_report_is_and_holds_nothing() {
    let story = Story::begins().await;
    let (first, second) = (nominated(&story).await, nominated(&story).await);
    let tried = Report { dry_run: true, ..offer_of(first, HOME) };
    story.ledger.record(tried).await.expect("free");
    story.ledger.record(offer_of(second, HOME)).await.expect("still free");
    let tried = Report { dry_run: true, ..offer_of(first, HOME) };
    assert_eq!(codes(&story.ledger.record(tried).await), [Refusal::DwellingHeld]);
}

#[tokio::test]
async fn a_home_with_a_tenant_is_not_offered_and_the_next_tenant_moves_in_when_it_is_left() {
    let story = Story::begins().await;
    let (tenant, next) = (housed(&story, HOME, "2026-02-20").await, nominated(&story).await);
    assert_eq!(codes(&story.ledger.record(offer_of(next, HOME)).await), [Refusal::DwellingHeld]);
    let end = json!({"type": "trajectory-ended", "occurredOn": "2026-03-02", "outcome": "moved-away"});
    story.goes_on(tenant, [fact(end)]).await;
    story.ledger.record(offer_of(next, HOME)).await.expect("the home was left that day");
}

#[tokio::test]
async fn a_late_report_about_days_that_are_over_is_recorded_and_disputed() {
    let story = Story::begins().await;
    let (first, second) = (nominated(&story).await, nominated(&story).await);
    for id in [first, second] {
        let report = reports(id, [offered(id, HOME, "2026-02-13")]);
        let later = Report { today: code("2026-04-01"), ..by_the_corporation(report) };
        story.ledger.record(later).await.expect("what happened is recorded");
    }
    assert_eq!(matters(&story, "2026-04-01").await, both(first, second, Matter::Disputed));
    let retracted = json!({
        "type": "event-corrected", "occurredOn": "2026-04-02", "corrects": 6, "reason": "was another client"
    });
    story
        .ledger
        .record(Report { today: code("2026-04-02"), ..reports(second, [fact(retracted)]) })
        .await
        .expect("corrected");
    assert_eq!(matters(&story, "2026-04-02").await, []);
}

#[tokio::test]
async fn a_correction_that_shows_two_tenants_in_one_home_is_recorded_and_disputed() {
    let story = Story::begins().await;
    let first = housed(&story, HOME, "2026-02-20").await;
    let second = housed(&story, "VHE-00999", "2026-02-20").await;
    moved_to(&story, second, HOME, [6, 8]).await;
    assert_eq!(matters(&story, "2026-03-02").await, both(first, second, Matter::Disputed));
    // Neither is free now.
    let third = nominated(&story).await;
    assert_eq!(codes(&story.ledger.record(offer_of(third, HOME)).await), [Refusal::DwellingHeld]);
    moved_to(&story, second, "VHE-00999", [6, 11]).await;
    assert_eq!(matters(&story, "2026-03-02").await, []);
}

#[tokio::test]
async fn an_offer_of_a_home_that_another_client_got_is_to_be_withdrawn() {
    let story = allowing(0).await;
    let (first, second) = (nominated(&story).await, nominated(&story).await);
    for id in [first, second] {
        story.ledger.record(offer_of(id, HOME)).await.expect("no limit");
    }
    let mine = "2026-03-02";
    let accepted = json!({"type": "offer-accepted", "occurredOn": mine, "offerId": first});
    story.goes_on(first, [fact(accepted), lease(first, HOME, mine)]).await;
    assert_eq!(matters(&story, mine).await, [(second, Matter::LetElsewhere)]);
    let withdrawn =
        json!({"type": "offer-withdrawn", "occurredOn": mine, "offerId": second, "ground": "let-elsewhere"});
    story.goes_on(second, [fact(withdrawn)]).await;
    assert_eq!(matters(&story, mine).await, []);
    story
        .ledger
        .record(offer_of_another(second, "VHE-00999", mine))
        .await
        .expect("the one offer was not used");
}

#[tokio::test]
async fn a_history_that_is_brought_along_is_recorded_whoever_holds_its_home() {
    let story = Story::begins().await;
    housed(&story, HOME, "2026-02-20").await;
    let other = housed(&story, HOME, "2026-02-20").await;
    assert!(matters(&story, "2026-03-02").await.contains(&(other, Matter::Disputed)));
}

#[tokio::test]
async fn another_party_is_not_shown_that_the_home_is_held() {
    let story = allowing(0).await;
    let (first, second) = (nominated(&story).await, nominated(&story).await);
    for id in [first, second] {
        let accepted = json!({"type": "offer-accepted", "occurredOn": "2026-03-02", "offerId": id});
        story.ledger.record(offer_of(id, HOME)).await.expect("no limit");
        story.goes_on(id, [fact(accepted)]).await;
    }
    story.goes_on(first, [lease(first, HOME, "2026-03-02")]).await;
    let by = |role, organisation: &str| Some(viewer(role, organisation));
    let report = || reports(second, [lease(second, HOME, "2026-03-02")]);
    let provider = Report { reporter: by(Role::CareProvider, "de-vaart"), ..report() };
    assert_eq!(codes(&story.ledger.record(provider).await), [Refusal::ReasonWithheld]);
    let corporation = story.ledger.record(by_the_corporation(report())).await;
    assert_eq!(codes(&corporation), [Refusal::DwellingHeld]);
}

#[tokio::test]
async fn the_holds_of_every_story_and_of_simulated_lives_equal_their_replay() {
    let story = Story::begins().await;
    let sets = AgreementSets::shipped();
    let simulated = (0..60).map(|number| omklap_demo::history(2018, number, &sets));
    let mut ids = Vec::new();
    for facts in demo_cases().into_iter().chain(simulated) {
        let today = facts.iter().map(Fact::occurred_on).max().expect("a life has facts");
        // Of two cases of one client, the other one is not in this ledger.
        let facts: Vec<Fact> =
            facts.into_iter().filter(|fact| !matches!(fact, Fact::RegisteredByMistake(_))).collect();
        let id = new_id();
        story.ledger.record(Report { today, ..opens(id, facts) }).await.expect("admitted");
        ids.push(id);
    }
    for id in &ids {
        let history = History::from(story.facts(*id).await);
        let mut replayed = holds(&history, &sets);
        replayed.sort_by_key(|hold| hold.opened_by);
        let stored = story.ledger.derived_rows(*id).await.expect("readable").holds;
        assert_eq!(stored.iter().map(HoldRow::hold).collect::<Vec<_>>(), replayed, "{id}");
    }
    assert_eq!(matters(&story, "2026-11-01").await, []);
    assert!(every_row_is_guarded(&story).await);
}

#[tokio::test]
async fn rows_that_were_lost_are_made_again_also_where_two_cases_hold_one_home() {
    let story = Story::begins().await;
    let first = housed(&story, HOME, "2026-02-20").await;
    let second = housed(&story, HOME, "2026-02-20").await;
    story.database.as_owner().await.execute("TRUNCATE holds").await.expect("the owner may");
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    ledger.rebuild(Which::After(None), &[Table::Holds], |_| ()).await.expect("rebuilt");
    assert_eq!(matters(&story, "2026-03-02").await, both(first, second, Matter::Disputed));
    let third = nominated(&story).await;
    assert_eq!(codes(&story.ledger.record(offer_of(third, HOME)).await), [Refusal::DwellingHeld]);
}

#[tokio::test]
async fn an_offer_that_nobody_answered_lapses_once_and_uses_nothing_up() {
    let story = Story::begins().await;
    let id = nominated(&story).await;
    story.ledger.record(offer_of(id, HOME)).await.expect("free");
    let mut leads = Leadership::candidate(story.database.pool()).await.expect("a connection");
    assert!(leads.take().await.expect("a lock"), "nobody else leads");
    for (today, lapsed) in [("2026-03-16", 0), ("2026-03-17", 1), ("2026-04-01", 1)] {
        let now = code("2026-05-01T09:00:00Z");
        leads.record_due(&story.ledger, code(today), now).await.expect("recorded");
        assert_eq!(lapses(&story, id).await.len(), lapsed, "{today}");
    }
    let [offer] = &lapses(&story, id).await[..] else { panic!("one") };
    assert_eq!((offer.offer_id.0, offer.occurred_on), (id.0, code("2026-03-17")));
    let withdrawn =
        json!({"type": "offer-withdrawn", "occurredOn": "2026-03-20", "offerId": id, "ground": "other"});
    let today = code("2026-04-01");
    story.ledger.record(Report { today, ..reports(id, [fact(withdrawn)]) }).await.expect("withdrawn");
    let again = Report { today, ..offer_of_another(id, "VHE-00999", "2026-03-21") };
    story.ledger.record(again).await.expect("the one offer was not used");
}

#[tokio::test]
async fn an_answered_offer_does_not_lapse() {
    let story = Story::begins().await;
    let id = nominated(&story).await;
    story.ledger.record(offer_of(id, HOME)).await.expect("free");
    let accepted = json!({"type": "offer-accepted", "occurredOn": "2026-03-02", "offerId": id});
    story.goes_on(id, [fact(accepted)]).await;
    let mut leads = Leadership::candidate(story.database.pool()).await.expect("a connection");
    assert!(leads.take().await.expect("a lock"), "nobody else leads");
    leads
        .record_due(&story.ledger, code("2026-06-01"), code("2026-06-01T09:00:00Z"))
        .await
        .expect("recorded");
    assert!(lapses(&story, id).await.is_empty());
}

// The words of these tests.

async fn lapses(story: &Story, id: TrajectoryId) -> Vec<LapsedOffer> {
    let feed = story.ledger.feed();
    let events = feed.events_of(id, 0, i64::MAX, 1_000).await.expect("readable");
    let lapses = events.into_iter().filter_map(|event| match event.event {
        EventContent::Lapsed(lapsed) => Some(lapsed.offer),
        _ => None,
    });
    lapses.collect()
}

fn sets_allowing(offers_at_once: u8) -> AgreementSets {
    let set = include_str!("../../../../agreements/noord-limburg.toml");
    let set = set.replace("offers-at-once = 1", &format!("offers-at-once = {offers_at_once}"));
    let mut sets = AgreementSets::default();
    sets.add(&set.replace("\nversion = 1", "\nversion = 9")).expect("a set");
    sets
}

async fn allowing(offers_at_once: u8) -> Story {
    let story = Story::begins().await;
    let pool = story.database.pool().clone();
    let sets = Arc::new(sets_allowing(offers_at_once));
    Story { ledger: Ledger::new(pool, omklap_store::OperatorKey::of_tests(), sets), ..story }
}

fn viewer(role: Role, organisation: &str) -> Viewer {
    let regions = BTreeSet::from([code("noord-limburg")]);
    Viewer { role, organisation: code(organisation), regions, trajectory: None }
}

fn by_the_corporation(report: Report) -> Report {
    Report { reporter: Some(viewer(Role::HousingCorporation, "wonen-limburg")), ..report }
}

/// A client who may be offered a home.
async fn nominated(story: &Story) -> TrajectoryId {
    let id = new_id();
    story.ledger.record(opens(id, before_the_offer(story))).await.expect("admitted");
    id
}

fn before_the_offer(story: &Story) -> Vec<Fact> {
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

fn offered(id: TrajectoryId, unit: &str, on: &str) -> Fact {
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
fn offer_of(id: TrajectoryId, unit: &str) -> Report {
    by_the_corporation(reports(id, [offered(id, unit, "2026-03-02")]))
}

fn offer_of_another(id: TrajectoryId, unit: &str, on: &str) -> Report {
    let mut offer = serde_json::to_value(offered(id, unit, on)).expect("a fact");
    offer["offerId"] = json!(Uuid::from_u128(id.0.as_u128() ^ 1));
    by_the_corporation(reports(id, [fact(offer)]))
}

fn lease(id: TrajectoryId, unit: &str, on: &str) -> Fact {
    fact(json!({
        "type": "housed-under-three-party-lease", "occurredOn": on, "guaranteeFund": true,
        "terms": {"leaseId": id, "careProvider": "de-vaart", "corporation": "wonen-limburg", "unit": unit, "rentCents": 62_000}
    }))
}

/// A history that is brought along: a client who lives in this home.
async fn housed(story: &Story, unit: &str, on: &str) -> TrajectoryId {
    let id = new_id();
    let accepted = json!({"type": "offer-accepted", "occurredOn": "2026-02-14", "offerId": id});
    let facts = before_the_offer(story).into_iter().chain([
        offered(id, unit, "2026-02-13"),
        fact(accepted),
        lease(id, unit, on),
    ]);
    story.ledger.record(opens(id, facts.collect::<Vec<_>>())).await.expect("admitted");
    id
}

/// The corporation corrects which home it offered, and the provider reports the lease of that home:
/// these facts named another. What is true is recorded.
async fn moved_to(story: &Story, id: TrajectoryId, unit: &str, [offer, lease_of]: [u64; 2]) {
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
fn relet(id: TrajectoryId, unit: &str, instead_of: u64) -> Fact {
    let mut lease = serde_json::to_value(lease(id, unit, "2026-02-20")).expect("a fact");
    lease["terms"]["leaseId"] = json!(Uuid::from_u128(id.0.as_u128() ^ u128::from(instead_of)));
    fact(lease)
}

async fn all_at_once(
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

fn codes(outcome: &Result<Recorded, RecordError>) -> Vec<Refusal> {
    match outcome {
        Ok(_) => Vec::new(),
        Err(RecordError::Refused(refused)) => refused.refusals.clone(),
        Err(error) => panic!("{error}: {error:?}"),
    }
}

async fn held(story: &Story, unit: &str) -> i64 {
    let held = sqlx::query_scalar("SELECT count(*) FROM holds WHERE unit = $1").bind(unit);
    held.fetch_one(story.database.pool()).await.expect("readable")
}

async fn every_row_is_guarded(story: &Story) -> bool {
    let all = sqlx::query_scalar("SELECT bool_and(guarded) FROM holds");
    all.fetch_one(story.database.pool()).await.expect("readable")
}

fn both(one: TrajectoryId, other: TrajectoryId, matter: Matter) -> Vec<(TrajectoryId, Matter)> {
    let mut both = vec![(one, matter), (other, matter)];
    both.sort_unstable();
    both
}

async fn matters(story: &Story, today: &str) -> Vec<(TrajectoryId, Matter)> {
    let coordinator = viewer(Role::MatchingPoint, "transferpunt");
    let found = story.ledger.homes_held_twice(&coordinator, code(today)).await.expect("readable");
    let found: BTreeSet<_> = found.into_iter().map(|one| (one.row.trajectory_id, one.matter)).collect();
    found.into_iter().collect()
}
