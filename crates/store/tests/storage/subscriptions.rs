//! The progress of a subscription is stored only if it is based on the current state.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{StreamId, StreamKind};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::subscriptions::{
    Attempt, DeliveryHealth, HeldBack, Message, NewSubscription, Progress, Secret, State, Subscription,
};
use omklap_store::{Ledger, Metadata, OperatorKey, Subject};
use uuid::Uuid;

#[tokio::test]
async fn two_workers_with_the_same_delivery_move_the_position_once_and_both_attempts_are_listed() {
    let (_database, ledger) = ledger().await;
    let (subscription, _) = subscribed(&ledger).await;
    assert!(ledger.keep_progress(&delivered(&subscription, 5, &[attempt()])).await.expect("kept"));
    assert!(!ledger.keep_progress(&delivered(&subscription, 7, &[attempt()])).await.expect("not taken"));
    let now = ledger.subscription(subscription.id).await.expect("readable").expect("there");
    assert_eq!(now.position, 5);
    assert_eq!(ledger.attempts(subscription.id, None, None, 10).await.expect("readable").len(), 2);
}

#[tokio::test]
async fn progress_does_not_overwrite_a_change_that_the_owner_made_meanwhile() {
    let (_database, ledger) = ledger().await;
    let (subscription, _) = subscribed(&ledger).await;
    ledger.set_subscription_state(subscription.id, State::Paused).await.expect("paused");
    assert!(!ledger.keep_progress(&delivered(&subscription, 5, &[])).await.expect("not taken"));
    let now = ledger.subscription(subscription.id).await.expect("readable").expect("there");
    assert_eq!((now.state, now.position), (State::Paused, 0));
}

#[tokio::test]
async fn a_trajectory_is_held_back_until_it_is_freed_and_not_a_vacancy_of_the_same_id() {
    let (_database, ledger) = ledger().await;
    let (mut subscription, _) = subscribed(&ledger).await;
    let vacancy = Subject::Stream(StreamKind::Vacancy, StreamId(TRAJECTORY.id()));
    let held = [(TRAJECTORY, 3), (vacancy, 4)].map(|(subject, position)| HeldBack {
        subject,
        position,
        attempts: 1,
        first_failed_at: now(),
        next_attempt_at: now() + SignedDuration::from_secs(5),
    });
    assert!(
        ledger
            .keep_progress(&Progress { held: &held, ..delivered(&subscription, 5, &[]) })
            .await
            .expect("kept")
    );
    assert_eq!(ledger.held_back(subscription.id).await.expect("readable"), held);
    subscription.position = 5;
    let released = Progress { released: &[TRAJECTORY], ..delivered(&subscription, 6, &[]) };
    assert!(ledger.keep_progress(&released).await.expect("kept"));
    assert_eq!(ledger.held_back(subscription.id).await.expect("readable"), held[1..]);
}

#[tokio::test]
async fn a_rotated_secret_signs_for_another_day_and_no_secret_is_stored_in_plain_text() {
    let (database, ledger) = ledger().await;
    let (subscription, first) = subscribed(&ledger).await;
    let by = Metadata::new();
    let second =
        ledger.rotate_secret(subscription.id, None, &by, now()).await.expect("rotated").expect("there");
    let signing = async |hours| {
        let at = now() + SignedDuration::from_hours(hours);
        let secrets = ledger.signing_secrets(subscription.id).await.expect("readable");
        secrets.expect("there").signing_at(at)
    };
    assert_eq!(signing(23).await, [second.clone(), first.clone()]);
    assert_eq!(signing(25).await, std::slice::from_ref(&second));
    assert_eq!(left_behind(&ledger, &database, 23).await, 1);
    let stored: Vec<u8> = sqlx::query_scalar("SELECT secret || earlier_secret FROM subscriptions")
        .fetch_one(database.pool())
        .await
        .expect("a row");
    for secret in [&first, &second] {
        assert!(!stored.windows(secret.bytes().len()).any(|part| part == secret.bytes()));
    }
    assert_eq!(left_behind(&ledger, &database, 25).await, 0, "it is deleted after it has expired");
}

// The words of these tests.

const TRAJECTORY: Subject = Subject::Trajectory(TrajectoryId(Uuid::from_u128(7)));

async fn ledger() -> (ScratchDatabase, Ledger) {
    let database = ScratchDatabase::create().await;
    let sets = Arc::new(AgreementSets::shipped());
    let ledger = Ledger::new(database.pool().clone(), OperatorKey::of_tests(), sets);
    (database, ledger)
}

fn now() -> Timestamp {
    "2026-11-01T09:00:00Z".parse().expect("an instant")
}

/// How many earlier secrets are stored after this many hours.
async fn left_behind(ledger: &Ledger, database: &ScratchDatabase, hours: i64) -> i64 {
    ledger.forget_earlier_secrets(now() + SignedDuration::from_hours(hours)).await.expect("tidied up");
    let count = sqlx::query_scalar("SELECT count(earlier_secret) FROM subscriptions");
    count.fetch_one(database.pool()).await.expect("a number")
}

async fn subscribed(ledger: &Ledger) -> (Subscription, Secret) {
    let viewer = Viewer {
        role: Role::CareProvider,
        organisation: "de-vaart".parse().expect("a code"),
        regions: ["amsterdam".parse().expect("a code")].into(),
        trajectory: None,
    };
    let new = NewSubscription {
        id: Uuid::from_u128(1),
        client: "de-vaart-ecd".parse().expect("a code"),
        viewer,
        url: "https://hooks.example.org/in".to_owned(),
        types: Vec::new(),
        position: 0,
        created_at: now(),
        metadata: Metadata::new(),
    };
    ledger.subscribe(new, None).await.expect("made")
}

fn attempt() -> Attempt {
    let message = Message { id: Uuid::from_u128(2), subject: Some(TRAJECTORY), position: Some(5) };
    Attempt { message, attempt: 1, attempted_at: now(), took_ms: 12, outcome: "delivered", status: Some(204) }
}

fn delivered<'a>(of: &'a Subscription, position: i64, attempts: &'a [Attempt]) -> Progress<'a> {
    Progress {
        of,
        state: State::Active,
        position,
        health: DeliveryHealth::default(),
        held: &[],
        released: &[],
        attempts,
        notices: &[],
    }
}
