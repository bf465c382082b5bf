//! Malformed requests are refused with every place and every rule, and nothing is recorded.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::server::{Answer, Server, announced, answer, intake};
use serde_json::{Value, json};

/// Reports this, and checks that it is refused as malformed and that nothing was recorded.
async fn refused(body: impl Into<reqwest::Body>) -> Answer {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let answer = server.report(&trajectory, body).await;
    assert_eq!((answer.status, answer.problem()), (400, "malformed"), "{}", answer.body);
    assert_eq!(server.version(&trajectory).await, 1);
    answer
}

#[tokio::test]
async fn unknown_fields_wrong_types_and_impossible_dates_are_named_at_once() {
    let fact = json!({"type": "rent-missed", "occurredOn": "2026-02-30", "dueOn": 5, "colour": "red"});
    let answer = refused(fact.to_string()).await;
    let mut errors = answer.errors();
    errors.sort_unstable();
    assert_eq!(
        errors,
        [
            ("/amountCents", "required"),
            ("/colour", "unknown-field"),
            ("/dueOn", "wrong-type"),
            ("/occurredOn", "not-a-date")
        ]
    );
}

#[tokio::test]
async fn a_forbidden_character_is_refused_in_every_text() {
    let answer =
        refused(r#"{"type":"readiness-revoked","occurredOn":"2026-04-01","reason":"BSN 111222333\u0000"}"#)
            .await;
    assert_eq!(answer.errors(), [("/reason", "forbidden-character"), ("/reason", "citizen-service-number")]);
    assert!(!answer.body.to_string().contains("111222333"), "what was sent is not sent back");
}

#[tokio::test]
async fn half_a_character_is_no_text() {
    let answer = refused(r#"{"type":"readiness-revoked","occurredOn":"2026-04-01","reason":"\ud83c"}"#).await;
    assert_eq!(answer.errors(), [("/reason", "lone-surrogate")]);
}

#[tokio::test]
async fn a_name_occurs_once_in_an_object() {
    let answer = refused(
        r#"{"type":"outflow-announced","occurredOn":"2026-04-01","occurredOn":"2026-04-02","expectedOn":"2027-01-01"}"#,
    );
    assert_eq!(answer.await.errors(), [("/occurredOn", "duplicate-key")]);
}

#[tokio::test]
async fn a_depth_bomb_is_put_out() {
    let answer = refused("[".repeat(7_000_000)).await;
    assert_eq!(answer.errors().len(), 1);
    assert_eq!(answer.errors()[0].1, "too-deep");
}

#[tokio::test]
async fn one_bad_fact_keeps_a_whole_list_out() {
    let list = json!([announced("2026-04-01"), {"type": "outflow-announced", "occurredOn": "2026-05-01"}]);
    assert_eq!(refused(list.to_string()).await.errors(), [("/1/expectedOn", "required")]);
}

#[tokio::test]
async fn a_kind_of_fact_that_does_not_exist_is_named() {
    let answer = refused(json!({"type": "moved-to-the-moon", "occurredOn": "2026-04-01"}).to_string()).await;
    assert_eq!(answer.errors(), [("/type", "unknown-type")]);
    let detail = |answer: &Answer| answer.body["errors"][0]["detail"].as_str().expect("a detail").to_owned();
    assert_eq!(detail(&answer), "There is no such kind of fact.");
    let almost = refused(json!({"type": "OutflowAnounced", "occurredOn": "2026-04-01"}).to_string()).await;
    assert_eq!(detail(&almost), "There is no such kind of fact; did you mean outflow-announced?");
}

#[tokio::test]
async fn a_fraction_and_a_number_beyond_all_bounds_are_no_amounts() {
    let fact = r#"{"type":"event-corrected","occurredOn":"2026-04-01","corrects":1.5,"reason":"x","replacement":{"n":99999999999999999999}}"#;
    let answer = refused(fact).await;
    let whole: Vec<_> =
        answer.errors().into_iter().filter(|(_, code)| *code == "not-a-whole-number").collect();
    assert_eq!(whole, [("/corrects", "not-a-whole-number"), ("/replacement/n", "not-a-whole-number")]);
}

#[tokio::test]
async fn the_future_and_the_unknown_are_refused_by_the_rules_with_their_places() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let answer = server.report(&trajectory, json!([announced("2026-11-03")]).to_string()).await;
    assert_eq!((answer.status, answer.problem()), (409, "not-admitted"));
    assert_eq!(answer.errors(), [("/0/occurredOn", "occurred-in-the-future")]);
    assert_eq!(answer.body["phase"], "preparing");
    assert!(
        answer.body["admits"].as_array().is_some_and(|admits| admits.contains(&json!("outflow-announced")))
    );
}

#[tokio::test]
async fn unknown_ids_find_nothing() {
    let server = Server::start().await;
    for id in
        ["00000000-0000-7000-8000-000000000000", "not-an-id", "urn:uuid:00000000-0000-7000-8000-000000000000"]
    {
        let trajectory = format!("/v1/trajectories/{id}");
        for found in [
            answer(server.get(&trajectory)).await,
            server.report(&trajectory, announced("2026-04-01").to_string()).await,
        ] {
            assert_eq!((found.status, found.problem()), (404, "no-such-trajectory"), "{id}");
        }
    }
}

#[tokio::test]
async fn a_body_is_json_and_eight_mebibytes_at_most() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let large = server.report(&trajectory, vec![b' '; 8 * 1024 * 1024 + 1]).await;
    assert_eq!((large.status, large.problem()), (413, "too-large"));
    let xml = server.post(&format!("{trajectory}/events"), "<a/>").header("If-Match", "*");
    let (client, request) = xml.build_split();
    let mut request = request.expect("a request");
    request.headers_mut().insert("content-type", "text/xml".parse().expect("a media type"));
    let xml = answer(reqwest::RequestBuilder::from_parts(client, request)).await;
    assert_eq!((xml.status, xml.problem()), (415, "not-json-content"));
}

#[tokio::test]
async fn a_caller_signs_in() {
    let server = Server::start().await;
    let answer = answer(server.anonymous("/v1/trajectories")).await;
    assert_eq!((answer.status, answer.problem()), (401, "sign-in-required"));
    assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"omklap\"");
}

#[tokio::test]
async fn query_parameters_are_known_and_well_written() {
    let server = Server::start().await;
    let answer = answer(
        server.get("/v1/trajectories?phase=lost&limit=0&colour=red&updatedSince=2026-11-01T00:00:00Z"),
    )
    .await;
    let mut errors = answer.errors();
    errors.sort_unstable();
    assert_eq!(
        errors,
        [
            ("colour", "unknown-parameter"),
            ("limit", "not-as-agreed"),
            ("phase", "not-one-of"),
            ("updatedSince", "follow-the-feed")
        ]
    );
}

#[tokio::test]
async fn a_problem_is_in_the_language_of_the_reader() {
    let server = Server::start().await;
    let dutch = answer(server.get("/v1/trajectories/x").header("Accept-Language", "en;q=0.5, nl")).await;
    assert_eq!(dutch.headers["content-language"], "nl");
    assert_eq!(dutch.body["title"], "Dit traject bestaat niet");
}

#[tokio::test]
async fn an_unknown_path_and_an_unknown_method_are_different_problems() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    for path in ["/v2", "/v1/trajectories/", "/v1/trajectory", "/nothing?at=all"] {
        let answer = answer(server.get(path)).await;
        assert_eq!((answer.status, answer.problem()), (404, "no-such-path"), "{path}");
    }
    let answer = answer(server.post(&trajectory, "{}")).await;
    assert_eq!((answer.status, answer.problem()), (405, "method-not-allowed"));
    assert_eq!(answer.headers["allow"], "GET, HEAD, PUT");
}

#[tokio::test]
async fn a_request_that_is_not_http_is_answered_and_harms_no_other() {
    let server = Server::start().await;
    let address = server.address;
    let garbage = move || {
        let mut stream = TcpStream::connect(address).expect("the server listens");
        stream.write_all(b"\x16\x03\x01 hello\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered and closed");
        answer
    };
    let answer = tokio::task::spawn_blocking(garbage).await.expect("no panic");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    server.opened().await;
}

#[tokio::test]
async fn every_answer_has_the_headers_of_the_design_rules() {
    let server = Server::start().await;
    for path in
        ["/v1/trajectories", "/v1/openapi.json", "/v1/docs", "/health/live", "/problems/stale", "/nothing"]
    {
        let answer = answer(server.get(path)).await;
        for header in [
            "api-version",
            "cache-control",
            "content-security-policy",
            "strict-transport-security",
            "x-frame-options",
        ] {
            assert!(answer.headers.contains_key(header), "{path} has no {header}");
        }
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
    }
    let answer = answer(server.anonymous("/v1/openapi.json")).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert_eq!(answer.body["info"]["title"], Value::from("omklap"));
}

#[tokio::test]
async fn a_report_that_opens_begins_with_the_opening() {
    let server = Server::start().await;
    let list = json!([announced("2026-04-01"), intake()]);
    let answer = answer(server.post("/v1/trajectories", list.to_string())).await;
    assert_eq!((answer.status, answer.errors()), (409, vec![("/0/type", "not-yet-opened")]));
}
