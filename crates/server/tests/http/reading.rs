//! Reading: the state of a trajectory, its history, and lists.

use crate::server::{Answer, Server, announced, answer, intake};
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_correction_shows_from_its_own_recording_on() {
    let server = Server::start().await;
    let trajectory = retracted(&server).await;

    let read = async |query: &str| answer(server.get(&format!("{trajectory}?{query}"))).await;
    assert_eq!(read("").await.body["phase"], "preparing");
    let then = read("knownAt=2026-11-02T12:00:00Z").await;
    assert_eq!((&then.body["phase"], &then.body["version"]), (&json!("ready"), &json!(2)));
    let tag = then.headers["etag"].to_str().expect("a tag");
    assert!(tag.starts_with("W/"), "no report rests on what was known then: {tag}");
    assert_eq!(read("knownAt=2026-11-02T12:00:00Z&validOn=2026-04-30").await.body["phase"], "preparing");
    for before in ["validOn=2026-03-01", "knownAt=2026-11-01T12:00:00Z"] {
        let nothing = read(before).await;
        assert_eq!((nothing.status, nothing.problem()), (404, "nothing-then"), "{before}");
    }
}

#[tokio::test]
async fn the_timeline_marks_what_was_retracted() {
    let server = Server::start().await;
    let trajectory = retracted(&server).await;
    let timeline = answer(server.get(&format!("{trajectory}/events"))).await;
    let marks: Vec<_> = items(&timeline).iter().map(|entry| entry["mark"].clone()).collect();
    assert_eq!(
        marks,
        [
            json!({"status": "standing"}),
            json!({"status": "retracted", "by": 3}),
            json!({"status": "standing"})
        ]
    );
}

/// A case in which a fact was retracted the day after it was recorded.
async fn retracted(server: &Server) -> String {
    let trajectory = server.opened().await;
    let ready = json!({"type": "readiness-confirmed", "occurredOn": "2026-05-01", "assessor": "u-1"});
    assert_eq!(server.report(&trajectory, ready.to_string()).await.status, 201);
    server.clock.forward(SignedDuration::from_hours(24));
    let wrong = json!({"type": "event-corrected", "occurredOn": "2026-05-02", "corrects": 2, "reason": "other client"});
    assert_eq!(server.report(&trajectory, wrong.to_string()).await.status, 201);
    trajectory
}

#[tokio::test]
async fn the_timeline_shows_who_reported_what_in_plain_words() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let timeline = answer(server.get(&format!("{trajectory}/events"))).await;
    let entry = &items(&timeline)[0];
    assert_eq!(entry["fact"], intake());
    assert_eq!((&entry["actor"], &entry["organisation"]), (&json!("u-7f3a"), &json!("de-vaart")));
    assert_eq!((&entry["role"], &entry["purpose"]), (&json!("care-provider"), &json!("case-work")));
    assert_eq!(entry["agreementSet"], json!({"id": "amsterdam-2018", "version": 1}));
    assert_eq!(entry["hash"].as_str().map(str::len), Some(64));
}

#[tokio::test]
async fn the_timeline_is_read_page_by_page() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let facts: Vec<_> = (1..=4).map(|day| announced(&format!("2026-04-0{day}"))).collect();
    assert_eq!(server.report(&trajectory, json!(facts).to_string()).await.status, 201);
    let sequences: Vec<_> = pages(&server, &format!("{trajectory}/events?limit=2")).await;
    assert_eq!(
        sequences.iter().map(|entry| entry["sequence"].as_u64()).collect::<Vec<_>>(),
        (1..=5).map(Some).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_list_goes_by_its_filters_and_page_by_page() {
    let server = Server::start().await;
    let mut opened = Vec::new();
    for _ in 0..5 {
        opened.push(server.opened().await);
        // So that their ids are in the order of opening.
        server.clock.forward(SignedDuration::from_millis(5));
    }
    let listed = pages(&server, "/v1/trajectories?limit=2&careProvider=de-vaart&phase=preparing").await;
    let listed: Vec<_> = listed
        .iter()
        .map(|row| format!("/v1/trajectories/{}", row["trajectoryId"].as_str().expect("an id")))
        .collect();
    assert_eq!(listed, opened);
    for nothing in
        ["phase=housed", "careProvider=other", "corporation=x", "region=groningen", "municipality=x"]
    {
        assert_eq!(
            items(&answer(server.get(&format!("/v1/trajectories?{nothing}"))).await),
            [] as [Value; 0],
            "{nothing}"
        );
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_own_list() {
    let server = Server::start().await;
    for _ in 0..2 {
        server.opened().await;
    }
    let page = answer(server.get("/v1/trajectories?limit=1&phase=preparing")).await;
    let cursor = page.body["next"].as_str().expect("a next page");
    for other in ["phase=ready", "limit=1", "phase=preparing&region=amsterdam"] {
        let answer = answer(server.get(&format!("/v1/trajectories?{other}&cursor={cursor}"))).await;
        assert_eq!((answer.status, answer.problem()), (404, "no-such-page"), "{other}");
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let (client, request) = server.get(&trajectory).build_split();
    let mut request = request.expect("a request");
    *request.method_mut() = reqwest::Method::HEAD;
    let head = answer(reqwest::RequestBuilder::from_parts(client, request)).await;
    assert!(head.headers["etag"].to_str().expect("a header").starts_with("\"1-"));
    assert_eq!(head.status, 200);
    assert_eq!(head.body, "");
}

#[tokio::test]
async fn the_figures_count_routes_and_broken_rules() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    server.report(&trajectory, announced("2026-12-24").to_string()).await;
    let figures = server.metrics().await;
    for line in [
        "http_requests_total{route=\"/v1/trajectories/{trajectoryId}/events\",method=\"POST\",status=\"409\"}",
        "omklap_refusals_total{code=\"occurred-in-the-future\"}",
    ] {
        assert!(figures.contains(line), "no {line} in\n{figures}");
    }
    assert!(!figures.contains(&trajectory), "an id is no label");
}

#[tokio::test]
async fn the_figures_have_an_address_of_their_own_and_share_it_with_nothing() {
    let server = Server::start().await;
    for path in ["/metrics", "/v1/metrics", "/%6detrics"] {
        let response = answer(server.anonymous(path)).await;
        assert_eq!((response.status, response.problem()), (404, "no-such-path"), "{path}");
    }
    let on = server.serves_metrics();
    for path in ["/", "/v1/trajectories", "/health/live", "/v1/docs", "/metrics/"] {
        let response = answer(reqwest::Client::new().get(format!("http://{on}{path}"))).await;
        assert_eq!((response.status, response.problem()), (404, "no-such-path"), "{path}");
    }
    let read = answer(reqwest::Client::new().get(format!("http://{on}/metrics"))).await;
    assert_eq!((read.status, &read.headers["cache-control"]), (200, &"no-store".parse().expect("a value")));
}

#[tokio::test]
async fn no_text_of_a_caller_becomes_a_label_of_a_metric() {
    let server = Server::start().await;
    for (method, path) in
        [("PURGE1", "/v1/trajectories"), ("PURGE2", "/health/live"), ("PURGE3", "/nowhere-4")]
    {
        let method = method.parse().expect("a method");
        answer(reqwest::Client::new().request(method, format!("http://{}{path}", server.address))).await;
    }
    let figures = server.metrics().await;
    assert!(!figures.contains("PURGE") && !figures.contains("nowhere-4"), "{figures}");
}

fn items(answer: &Answer) -> &[Value] {
    answer.body["items"].as_array().expect("items")
}

/// Follows `Link` to the last page.
async fn pages(server: &Server, first: &str) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let page = answer(server.get(&path)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        all.extend_from_slice(items(&page));
        let link = page.headers.get("link").map(|link| link.to_str().expect("text").to_owned());
        assert_eq!(link.is_some(), page.body.get("next").is_some());
        next = link.and_then(|link| Some(link.strip_prefix('<')?.split_once('>')?.0.to_owned()));
    }
    all
}
