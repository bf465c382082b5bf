//! Preconditions of a report: the version that was read, the idempotency key, and a dry run that
//! stores nothing.

use crate::server::{Server, announced, answer, intake};
use serde_json::json;

#[tokio::test]
async fn a_report_names_the_version_it_rests_on() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let tag = server.tag(&trajectory).await;
    let events = format!("{trajectory}/events");
    let body = announced("2026-04-01").to_string();

    let without = answer(server.post(&events, body.clone())).await;
    assert_eq!((without.status, without.problem()), (428, "version-required"));
    let miswritten = answer(server.post(&events, body.clone()).header("If-Match", "1")).await;
    assert_eq!((miswritten.status, miswritten.errors()), (400, vec![("If-Match", "not-as-agreed")]));

    let first = answer(server.post(&events, body.clone()).header("If-Match", tag.clone())).await;
    assert_eq!(first.status, 201);
    assert!(first.headers["etag"].to_str().expect("a tag").starts_with("\"2-"));
    let second = answer(server.post(&events, body).header("If-Match", tag.clone())).await;
    assert_eq!((second.status, second.problem()), (412, "stale"));
    assert_eq!(second.body["version"], 2);
    assert_eq!(server.version(&trajectory).await, 2);
}

#[tokio::test]
async fn one_of_two_reports_that_race_on_one_version_is_recorded() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let tag = server.tag(&trajectory).await;
    let report = |day: &str| {
        let events = server.post(&format!("{trajectory}/events"), announced(day).to_string());
        answer(events.header("If-Match", tag.clone()))
    };
    let (one, other) = tokio::join!(report("2026-04-01"), report("2026-04-02"));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412]);
    assert_eq!(server.version(&trajectory).await, 2);
}

#[tokio::test]
async fn a_repeat_is_answered_as_the_first_time_and_recorded_once() {
    let server = Server::start().await;
    let open = || {
        answer(server.post("/v1/trajectories", intake().to_string()).header("Idempotency-Key", "intake-1"))
    };
    let (first, again) = (open().await, open().await);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(first.headers["location"], again.headers["location"]);

    let trajectory = first.headers["location"].to_str().expect("a path").to_owned();
    let tag = server.tag(&trajectory).await;
    let report = || {
        let events = server.post(&format!("{trajectory}/events"), announced("2026-04-01").to_string());
        answer(events.header("If-Match", tag.clone()).header("Idempotency-Key", "report-1"))
    };
    let (first, again) = (report().await, report().await);
    assert_eq!((first.status, again.status), (201, 201), "the version has moved on, and the answer has not");
    assert_eq!(first.body, again.body);
    assert_eq!(server.version(&trajectory).await, 2);
}

#[tokio::test]
async fn a_history_is_imported_under_its_id_once() {
    let server = Server::start().await;
    let trajectory = "/v1/trajectories/01900000-0000-7000-8000-0000000000aa";
    let import = |body: String| server.put(trajectory, body).header("If-None-Match", "*");
    let first = answer(import(json!([intake()]).to_string())).await;
    assert_eq!((first.status, &first.headers["location"]), (201, &trajectory.parse().expect("a header")));
    let again = answer(import(json!([intake(), announced("2026-04-01")]).to_string())).await;
    assert_eq!((again.status, again.problem()), (412, "already-opened"));
    assert_eq!(server.version(trajectory).await, 1);
}

#[tokio::test]
async fn an_import_under_an_id_names_that_nothing_is_there_yet() {
    let server = Server::start().await;
    let trajectory = "/v1/trajectories/01900000-0000-7000-8000-0000000000aa";
    let without = answer(server.put(trajectory, json!([intake()]).to_string())).await;
    assert_eq!((without.status, without.problem()), (428, "absence-required"));
    for none in ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"] {
        let import = server.put(&format!("/v1/trajectories/{none}"), json!([intake()]).to_string());
        assert_eq!(answer(import.header("If-None-Match", "*")).await.status, 404, "{none}");
    }
    let tried = server.put(&format!("{trajectory}?dryRun=true"), json!([intake()]).to_string());
    let tried = answer(tried.header("If-None-Match", "*")).await;
    assert_eq!((tried.status, &tried.body["recorded"]), (200, &json!(false)));
    let named = server.put(trajectory, json!([intake()]).to_string()).header("If-None-Match", "\"1\"");
    let named = answer(named).await;
    assert_eq!((named.status, named.errors()), (400, vec![("If-None-Match", "not-as-agreed")]));
    assert_eq!(answer(server.get(trajectory)).await.status, 404);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_organisation() {
    let server = Server::start().await;
    let keyed = |body: serde_json::Value| {
        server.post("/v1/trajectories", body.to_string()).header("Idempotency-Key", "k")
    };
    assert_eq!(answer(keyed(intake())).await.status, 201);
    let mut other = intake();
    other["clientName"] = json!("Rachid");
    let reused = answer(keyed(other)).await;
    assert_eq!((reused.status, reused.problem()), (409, "idempotency-key-reused"));
    let spaced =
        answer(server.post("/v1/trajectories", intake().to_string()).header("Idempotency-Key", "a key"))
            .await;
    assert_eq!((spaced.status, spaced.errors()), (400, vec![("Idempotency-Key", "not-as-agreed")]));
}

#[tokio::test]
async fn a_try_answers_what_would_happen_and_keeps_nothing() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let tag = server.tag(&trajectory).await;
    let tried = server.post(&format!("{trajectory}/events?dryRun=true"), announced("2026-04-01").to_string());
    let tried = answer(tried.header("If-Match", tag.clone()).header("Idempotency-Key", "t")).await;
    assert_eq!((tried.status, &tried.body["recorded"]), (200, &json!(false)));
    assert_eq!(tried.body["version"], 2);
    assert_eq!(server.version(&trajectory).await, 1);

    let opened = answer(server.post("/v1/trajectories?dryRun=true", intake().to_string())).await;
    assert_eq!((opened.status, &opened.body["phase"]), (200, &json!("preparing")));
    assert_eq!(answer(server.get("/v1/trajectories")).await.body["items"].as_array().map(Vec::len), Some(1));
}
