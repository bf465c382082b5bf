//! One home, one tenant (`docs/DOMAIN.md` §3.9): what two cases may hold of one home, also if they are
//! reported at the same time.

mod words;

use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::holds::{Matter, holds};
use omklap_domain::trajectory::{Fact, History, Refusal};
use omklap_domain::visibility::Role;
use omklap_store::consistency::scan::Which;
use omklap_store::deadlines::Leadership;
use omklap_store::{HoldRow, Ledger, Report, Table};
use serde_json::json;
use sqlx::Executor;
use words::*;

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
async fn a_home_in_upper_and_in_lower_case_is_one_home_also_at_the_same_time() {
    let story = Story::begins().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(nominated(&story).await);
    }
    let upper = clients.iter().copied().step_by(2).collect::<Vec<_>>();
    let in_lower_case = HOME.to_ascii_lowercase();
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    let spelled = |id| if upper.contains(&id) { HOME } else { in_lower_case.as_str() };
    let outcomes = all_at_once(&ledger, clients, |id| offer_of(id, spelled(id))).await;
    let recorded = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes.iter().filter(|outcome| codes(outcome) == [Refusal::DwellingHeld]).count();
    assert_eq!((recorded, refused), (1, 19), "{:?}", outcomes.iter().map(codes).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_tenants_of_one_home_in_two_cases_are_disputed() {
    let story = Story::begins().await;
    let first = housed(&story, HOME, "2026-02-20").await;
    let second = housed(&story, &HOME.to_ascii_lowercase(), "2026-02-20").await;
    assert_eq!(matters(&story, "2026-03-02").await, both(first, second, Matter::Disputed));
    let next = nominated(&story).await;
    assert_eq!(codes(&story.ledger.record(offer_of(next, "Vhe-00412")).await), [Refusal::DwellingHeld]);
    let written = [held(&story, HOME).await, held(&story, &HOME.to_ascii_lowercase()).await];
    assert!(written.iter().all(|rows| *rows > 0), "as it was reported: {written:?}");
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
async fn what_no_fact_of_a_report_names_is_disputed_and_not_an_error() {
    let story = Story::begins().await;
    let first = housed(&story, HOME, "2026-02-20").await;
    // The renovation names a unit and no corporation, in the report that opens the case.
    let second = new_id();
    let mut facts = history(&story, second, "VHE-00999");
    facts.push(fact(json!({
        "type": "renovation-started", "occurredOn": "2026-02-21", "leaseId": second, "temporaryUnit": HOME
    })));
    story.ledger.record(opens(second, facts)).await.expect("recorded");
    assert_eq!(matters(&story, "2026-03-02").await, both(first, second, Matter::Disputed));
    // A correction brings back a hold of which nothing is stored.
    let third = nominated(&story).await;
    story.ledger.record(offer_of_another(third, "VHE-00500", "2026-03-02")).await.expect("free");
    let gone = json!({
        "type": "offer-withdrawn", "occurredOn": "2026-03-02", "ground": "other",
        "offerId": uuid::Uuid::from_u128(third.0.as_u128() ^ 1)
    });
    story.goes_on(third, [fact(gone)]).await;
    let fourth = nominated(&story).await;
    story.ledger.record(offer_of(fourth, "VHE-00500")).await.expect("free again");
    let back =
        json!({"type": "event-corrected", "occurredOn": "2026-03-02", "corrects": 7, "reason": "never was"});
    story.goes_on(third, [fact(back)]).await;
    assert!(matters(&story, "2026-03-02").await.contains(&(third, Matter::Disputed)));
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
