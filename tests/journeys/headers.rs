//! Malformed headers cannot add another header to a request or an answer.

use omklap_tests::{Case, Ledger};
use serde_json::json;

/// Two values of `traceparent`.
const TRACES: [&str; 2] = [
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
];
/// A value of `X-Correlation-Id`.
const ID: &str = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";

#[test]
fn a_malformed_or_repeated_header_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let token = ledger.token_claiming(&json!({}));
    for wrong in wrong_headers(&token) {
        let answer = ledger.send_raw(report(&ledger, &case, &wrong).as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400 "), "{wrong:?} leads to {answer}");
    }
    assert_eq!((ledger.facts(), case.state()["version"].as_u64()), (3, Some(3)));
    let answer = ledger.send_raw(report(&ledger, &case, "idempotency-key: a").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 201 "), "without the wrong header it is recorded: {answer}");
}

#[test]
fn a_repeated_traceparent_is_ignored() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let traces = TRACES.map(|trace| format!("traceparent: {trace}"));
    let answer = ledger.send_raw(report(&ledger, &case, &traces[0]).as_bytes());
    assert!(answer.contains(&format!("traceresponse: {}", &TRACES[0][..35])), "{answer}");
    // The W3C trace context says to ignore it, not to refuse the request.
    let answer = ledger.send_raw(report(&ledger, &case, &traces.join("\r\n")).as_bytes());
    assert!(answer.starts_with("HTTP/1.1 201 ") && answer.contains("traceresponse: 00-"), "{answer}");
    let recorded = case.timeline().pop().expect("the last").to_string();
    for trace in TRACES.map(|trace| trace[3..35].to_owned()) {
        assert!(!answer.contains(&trace), "{answer}");
        assert!(!recorded.replace('-', "").contains(&trace), "{recorded}");
    }
}

#[test]
fn no_request_can_add_a_header_to_its_answer() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let signed = format!("authorization: Bearer {}", ledger.token_claiming(&json!({})));
    for path in paths_with("%0d%0ax-brought:%20yes%0d%0a%0d%0a", &case) {
        for header in [
            "accept-language: nl",
            "accept-language: n\u{b}l",
            "origin: https://x.example\u{b}x-brought: yes",
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{signed}\r\n{header}\r\n\r\n"
            );
            let answer = ledger.send_raw(request.as_bytes());
            let (head, _) = answer.split_once("\r\n\r\n").expect("an answer has a head");
            let names: Vec<_> = head.split(['\r', '\n']).filter_map(|line| line.split_once(':')).collect();
            assert!(head.starts_with("HTTP/1.1 40"), "{path} {header:?}: {head}");
            assert!(!names.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-brought")), "{path}: {head}");
        }
    }
}

/// Header lines that make a valid report invalid.
fn wrong_headers(token: &str) -> Vec<String> {
    vec![
        // Folded over two lines, which is obsolete (RFC 9112 §5.2).
        format!("x-correlation-id: {ID}\r\n idempotency-key: a"),
        format!("x-correlation-id: {ID}\r\n\tx"),
        // A carriage return alone.
        format!("x-correlation-id: {ID}\ridempotency-key: a"),
        "idempotency-key: a\rb".to_owned(),
        "idempotency-key: a\0b".to_owned(),
        "x-correlation-id\0: a".to_owned(),
        "idempotency-key : a".to_owned(),
        "idempotency-key: a\x7f".to_owned(),
        // Repeated.
        "if-match: \"3\"".to_owned(),
        "idempotency-key: a\r\nidempotency-key: a".to_owned(),
        "idempotency-key: a\r\nIdempotency-Key: b".to_owned(),
        format!("authorization: Bearer {token}"),
        format!("x-correlation-id: {ID}\r\nx-correlation-id: {ID}"),
        "content-length: 0".to_owned(),
        "transfer-encoding: chunked".to_owned(),
    ]
}

/// Paths and queries with this text in every place that an answer could repeat.
fn paths_with(injected: &str, case: &Case) -> Vec<String> {
    vec![
        format!("/v1/trajectories?limit=1&region={injected}"),
        format!("/v1/trajectories?limit=1&cursor={injected}"),
        format!("/v1/trajectories?limit=1&{injected}=a"),
        format!("{}?limit=1&cursor=1.{injected}", case.events()),
        format!("/v1/trajectories/{injected}"),
        format!("{}{injected}", case.path()),
        format!("/v1/feed?after={injected}"),
        format!("/problems/{injected}"),
        format!("/{injected}"),
    ]
}

/// A valid report with additional header lines.
fn report(ledger: &Ledger, case: &Case, headers: &str) -> String {
    let (fact, token) = (case.next("consent-given").to_string(), ledger.token_claiming(&json!({})));
    format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\nif-match: *\r\n\
         authorization: Bearer {token}\r\ncontent-length: {}\r\n{headers}\r\n\r\n{fact}",
        case.events(),
        fact.len()
    )
}
