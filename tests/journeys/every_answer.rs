//! Headers and problems of every answer, and the answers at unknown paths.

use omklap_tests::{Answer, Api, Ledger};
use reqwest::Method;
use serde_json::json;

fn one_of_each(api: &Api) -> Vec<Answer> {
    let case = api.ready();
    vec![
        api.get(&case.path()).answer().with_status(200),
        api.get("/").anonymous().answer().with_status(200),
        api.get("/v1/openapi.json").answer().with_status(200),
        api.get("/v1/docs").answer().with_status(200),
        api.get("/health/live").answer().with_status(200),
        api.get("/health/ready").answer().with_status(200),
        api.get("/problems/new-rent-not-disclosed").answer().with_status(200),
        case.reporting(&case.next("consent-given")).answer().with_status(201),
        case.reporting(&json!(7)).answer().with_status(400),
        api.get(&case.path()).anonymous().answer().with_status(401),
        api.get(&case.path()).with_scopes("figures:read").answer().with_status(403),
        api.get("/v1/nowhere").answer().with_status(404),
        api.request(Method::DELETE, &case.path()).answer().with_status(405),
        case.reporting(&case.next("offer-accepted")).seen("*").answer().with_status(409),
        case.reporting(&case.next("consent-given")).answer().with_status(412),
        api.post("/v1/trajectories")
            .header("content-type", "text/plain")
            .body("hello")
            .answer()
            .with_status(415),
        api.post(&case.events()).json(&json!({})).answer().with_status(428),
    ]
}

#[test]
fn every_answer_names_the_version_and_keeps_browsers_careful() {
    let ledger = Ledger::empty();
    for answer in one_of_each(&ledger) {
        for header in [
            "api-version",
            "cache-control",
            "content-security-policy",
            "content-type",
            "strict-transport-security",
            "x-content-type-options",
            "x-frame-options",
        ] {
            assert!(answer.header(header).is_some(), "{header} of {} {}", answer.status, answer.text);
        }
    }
}

#[test]
fn every_problem_says_what_it_is_in_the_readers_language() {
    let ledger = Ledger::empty();
    for problem in one_of_each(&ledger).iter().filter(|answer| answer.status >= 400) {
        assert_eq!(problem.header("content-type"), Some("application/problem+json"), "{}", problem.text);
        assert_eq!(problem.body["status"], problem.status);
        assert!(
            ["title", "detail", "instance"].iter().all(|field| problem.body[field].is_string()),
            "{}",
            problem.text
        );
        ledger.get(&format!("/problems/{}", problem.problem())).answer().with_status(200);
    }
    let nowhere = |language| ledger.get("/v1/nowhere").header("accept-language", language).answer();
    let (dutch, english) = (nowhere("nl-NL, en;q=0.5"), nowhere("de, en;q=0.5"));
    assert_eq!(
        (dutch.header("content-language"), english.header("content-language")),
        (Some("nl"), Some("en"))
    );
    assert_ne!(dutch.body["title"], english.body["title"]);
    assert_eq!(dutch.body["type"], english.body["type"]);
}

#[test]
fn only_the_exact_path_is_found() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for path in
        ["/v1", "/v1/trajectories/", "/v2/trajectories", "/v1/Trajectories", &format!("{}/", case.path())]
    {
        assert_eq!(ledger.get(path).answer().with_status(404).problem(), "no-such-path", "{path}");
    }
    for no_id in ["7", "not-an-id", &case.id.replace('-', "")] {
        let answer = ledger.get(&format!("/v1/trajectories/{no_id}")).answer().with_status(404);
        assert_eq!(answer.problem(), "no-such-trajectory", "{no_id}");
    }
}

#[test]
fn a_wrong_method_is_answered_with_the_allowed_ones() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for (method, path, allow) in [
        (Method::PUT, "/v1/trajectories", "GET, HEAD, POST"),
        (Method::PATCH, &case.path(), "GET, HEAD, PUT"),
        (Method::DELETE, &case.events(), "GET, HEAD, POST"),
        (Method::POST, "/v1/openapi.json", "GET, HEAD"),
    ] {
        let answer = ledger.request(method, path).answer().with_status(405);
        assert_eq!((answer.problem(), answer.header("allow")), ("method-not-allowed", Some(allow)));
    }
}

#[test]
fn everybody_may_read_the_api_document() {
    let ledger = Ledger::empty();
    let document =
        ledger.get("/v1/openapi.json").anonymous().header("origin", "https://example.org").answer();
    assert_eq!(document.header("access-control-allow-origin"), Some("*"));
    assert!(document.body["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    assert_eq!(document.body["info"]["version"].as_str(), document.header("api-version"));
    assert!(document.body["paths"]["/trajectories/{trajectoryId}/events"]["post"].is_object());
}

#[test]
fn every_link_of_the_start_page_leads_somewhere_without_a_token() {
    let ledger = Ledger::empty();
    let page = ledger.get("/").anonymous().answer().with_status(200).text;
    let links: Vec<_> =
        page.split("href=\"/").skip(1).map(|rest| rest.split('"').next().expect("a link")).collect();
    assert!(!links.is_empty());
    for link in links {
        ledger.get(&format!("/{link}")).anonymous().answer().with_status(200);
    }
}
