//! Deadline events: each is recorded once, by whichever server leads, with the day on which the
//! obligation is due soon or overdue.

use crate::story::*;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_store::EventContent;
use omklap_store::deadlines::{DeadlineKind, Leadership};
use serde_json::json;

use DeadlineKind::{ObligationDueSoon, ObligationOverdue};

#[tokio::test]
async fn an_obligation_is_recorded_once_as_due_soon_and_once_as_overdue() {
    let story = Story::begins().await;
    let id = signalled(&story).await;
    let mut leads = leads(&story).await;
    // Two working days after Tuesday 10 February.
    record_due(&mut leads, &story, "2026-02-10").await;
    assert_eq!(deadlines(&story, id).await, [("5.2", ObligationDueSoon)]);
    record_due(&mut leads, &story, "2026-02-12").await;
    assert_eq!(deadlines(&story, id).await.len(), 1);
    record_due(&mut leads, &story, "2026-02-13").await;
    assert_eq!(deadlines(&story, id).await, [("5.2", ObligationDueSoon), ("5.2", ObligationOverdue)]);
    record_due(&mut leads, &story, "2026-02-14").await;
    assert_eq!(deadlines(&story, id).await.len(), 2);
}

#[tokio::test]
async fn deadlines_that_passed_while_no_server_ran_are_recorded_afterwards() {
    let story = Story::begins().await;
    let id = signalled(&story).await;
    record_due(&mut leads(&story).await, &story, "2026-06-01").await;
    assert_eq!(deadlines(&story, id).await, [("5.2", ObligationDueSoon), ("5.2", ObligationOverdue)]);
}

#[tokio::test]
async fn a_deadline_event_that_is_recorded_late_has_the_day_of_the_deadline() {
    let story = Story::begins().await;
    let id = signalled(&story).await;
    record_due(&mut leads(&story).await, &story, "2026-06-01").await;
    // Due on 12 February, and due soon from the day of the signal.
    assert_eq!(days(&story, id, "5.2").await, ["2026-02-10", "2026-02-13"]);
}

#[tokio::test]
async fn an_obligation_kept_late_but_before_the_check_records_no_deadline() {
    let story = Story::begins().await;
    let id = signalled(&story).await;
    let late =
        json!({"type": "signal-answered", "occurredOn": "2026-02-20", "signalId": SIGNAL, "answer": "laat"});
    story.goes_on(id, [fact(late)]).await;
    record_due(&mut leads(&story).await, &story, "2026-06-01").await;
    assert_eq!(deadlines(&story, id).await, []);
}

#[tokio::test]
async fn an_obligation_kept_in_time_records_no_deadline() {
    let story = Story::begins().await;
    let id = signalled(&story).await;
    story.goes_on(id, [answered()]).await;
    record_due(&mut leads(&story).await, &story, "2026-06-01").await;
    assert_eq!(deadlines(&story, id).await, []);
}

#[tokio::test]
async fn a_deadline_that_comes_near_during_a_run_waits_for_the_next() {
    let story = Story::begins().await;
    let [first, second, third] = [signalled(&story).await, signalled(&story).await, signalled(&story).await];
    one_comes_near_with_each_deadline(&story, [second, third]).await;
    let mut leads = leads(&story).await;
    for (run, near) in [(1, vec![first]), (2, vec![first, second]), (3, vec![first, second, third])] {
        record_due(&mut leads, &story, "2026-02-10").await;
        for id in [first, second, third] {
            let expected = if near.contains(&id) { vec![("5.2", ObligationDueSoon)] } else { Vec::new() };
            assert_eq!(deadlines(&story, id).await, expected, "run {run}");
        }
    }
}

#[tokio::test]
async fn one_server_leads_and_another_takes_over_when_it_stops() {
    let story = Story::begins().await;
    let first = leads(&story).await;
    let mut next = Leadership::candidate(story.database.pool()).await.expect("reachable");
    let connections = connections(&story).await;
    assert!(!next.take().await.expect("reachable"));
    assert!(!next.take().await.expect("reachable"));
    assert_eq!(self::connections(&story).await, connections, "it waits on its existing connection");
    drop(first);
    for _ in 0..50 {
        if next.take().await.expect("reachable") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no candidate took over");
}

// The words of these tests.

async fn signalled(story: &Story) -> TrajectoryId {
    let id = story.opened().await;
    story.goes_on(id, [signal()]).await;
    id
}

async fn leads(story: &Story) -> Leadership {
    let mut leadership = Leadership::candidate(story.database.pool()).await.expect("reachable");
    assert!(leadership.take().await.expect("reachable"), "no other server leads");
    leadership
}

async fn connections(story: &Story) -> Vec<i32> {
    let pids = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY pid";
    sqlx::query_scalar(pids).fetch_all(&mut story.database.as_owner().await).await.expect("open")
}

async fn record_due(leadership: &mut Leadership, story: &Story, today: &str) {
    let today: Day = today.parse().expect("a day");
    let now = format!("{today}T09:00:00Z").parse().expect("an instant");
    leadership.record_due(&story.ledger, today, now).await.expect("recorded");
}

/// As if reports came in while deadlines are recorded: each run that records one finds one more.
async fn one_comes_near_with_each_deadline(story: &Story, later: [TrajectoryId; 2]) {
    let mut owner = story.database.as_owner().await;
    let [second, third] = later.map(|id| id.0);
    let comes_near = format!(
        "CREATE TABLE still_far AS SELECT * FROM obligations WHERE trajectory_id IN ('{second}', '{third}');
         DELETE FROM obligations WHERE trajectory_id IN ('{second}', '{third}');
         CREATE FUNCTION comes_near() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
         DECLARE near uuid := (SELECT trajectory_id FROM still_far ORDER BY trajectory_id <> '{second}' LIMIT 1);
         BEGIN
             INSERT INTO obligations SELECT * FROM still_far WHERE trajectory_id = near;
             DELETE FROM still_far WHERE trajectory_id = near;
             RETURN NULL;
         END $$;
         CREATE TRIGGER comes_near AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION comes_near()"
    );
    sqlx::raw_sql(&comes_near).execute(&mut owner).await.expect("done as the owner");
}

async fn deadlines(story: &Story, id: TrajectoryId) -> Vec<(&'static str, DeadlineKind)> {
    let feed = story.ledger.feed().events_after(0, 100).await.expect("readable");
    let deadlines =
        feed.into_iter().filter(|event| event.subject == id.into()).filter_map(|event| match event.event {
            EventContent::Deadline(event) if event.deadline.obligation.as_str() == "5.2" => {
                Some(("5.2", event.deadline.kind))
            }
            _ => None,
        });
    deadlines.collect()
}

/// The days in the events of an obligation's deadlines.
async fn days(story: &Story, id: TrajectoryId, obligation: &str) -> Vec<String> {
    let feed = story.ledger.feed().events_after(0, 100).await.expect("readable");
    let days =
        feed.into_iter().filter(|event| event.subject == id.into()).filter_map(|event| match event.event {
            EventContent::Deadline(event) if event.deadline.obligation.as_str() == obligation => {
                Some(event.deadline.occurred_on.to_string())
            }
            _ => None,
        });
    days.collect()
}

const SIGNAL: &str = "00000000-0000-0000-0000-000000000007";

fn signal() -> Fact {
    fact(json!({
        "type": "signal-reported", "occurredOn": "2026-02-10", "signalId": SIGNAL, "source": "corporation",
        "kind": "rent", "asked": "care-provider", "asksForGuidance": false, "observation": "betaalt niet"
    }))
}

fn answered() -> Fact {
    fact(
        json!({"type": "signal-answered", "occurredOn": "2026-02-11", "signalId": SIGNAL, "answer": "besproken"}),
    )
}
