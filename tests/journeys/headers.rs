//! Headers that were put together wrong: none brings another, in or out.

use omklap_tests::{Case, Ledger};
use serde_json::json;

/// A trace, and another.
const TRACES: [&str; 2] = [
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
];
/// An id as `X-Correlation-Id` has it.
const ID: &str = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";

#[test]
fn a_header_cannot_bring_another() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let token = ledger.token_claiming(&json!({}));
    for wrong in [
        // Folded, as was allowed long ago (RFC 9112 §5.2).
        format!("x-correlation-id: {ID}\r\n idempotency-key: a"),
        format!("x-correlation-id: {ID}\r\n\tx"),
        // A carriage return alone.
        format!("x-correlation-id: {ID}\ridempotency-key: a"),
        "idempotency-key: a\rb".to_owned(),
        "idempotency-key: a\0b".to_owned(),
        "x-correlation-id\0: a".to_owned(),
        "idempotency-key : a".to_owned(),
        "idempotency-key: a\x7f".to_owned(),
        // Twice.
        "if-match: \"3\"".to_owned(),
        "idempotency-key: a\r\nidempotency-key: a".to_owned(),
        "idempotency-key: a\r\nIdempotency-Key: b".to_owned(),
        format!("authorization: Bearer {token}"),
        format!("x-correlation-id: {ID}\r\nx-correlation-id: {ID}"),
        "content-length: 0".to_owned(),
        "transfer-encoding: chunked".to_owned(),
    ] {
        let heard = ledger.hears(report(&ledger, &case, &wrong).as_bytes());
        assert!(heard.starts_with("HTTP/1.1 400 "), "{wrong:?} gets {heard}");
    }
    assert_eq!((ledger.rows("events"), case.standing()["version"].as_u64()), (3, Some(3)));
    let heard = ledger.hears(report(&ledger, &case, "idempotency-key: a").as_bytes());
    assert!(heard.starts_with("HTTP/1.1 201 "), "the rest of it is right: {heard}");
}

#[test]
fn a_trace_that_is_told_twice_is_none() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let traces = TRACES.map(|trace| format!("traceparent: {trace}"));
    let heard = ledger.hears(report(&ledger, &case, &traces[0]).as_bytes());
    assert!(heard.contains(&format!("traceresponse: {}", &TRACES[0][..35])), "{heard}");
    // W3C trace context has it ignored, and refuses nothing because of it.
    let heard = ledger.hears(report(&ledger, &case, &traces.join("\r\n")).as_bytes());
    assert!(heard.starts_with("HTTP/1.1 201 ") && heard.contains("traceresponse: 00-"), "{heard}");
    let recorded = case.timeline().pop().expect("the last").to_string();
    for trace in TRACES.map(|trace| trace[3..35].to_owned()) {
        assert!(!heard.contains(&trace), "{heard}");
        assert!(!recorded.replace('-', "").contains(&trace), "{recorded}");
    }
}

#[test]
fn an_answer_has_no_header_that_was_asked_for() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let brought = "%0d%0ax-brought:%20yes%0d%0a%0d%0a";
    let signed = format!("authorization: Bearer {}", ledger.token_claiming(&json!({})));
    for path in [
        format!("/v1/trajectories?limit=1&region={brought}"),
        format!("/v1/trajectories?limit=1&cursor={brought}"),
        format!("/v1/trajectories?limit=1&{brought}=a"),
        format!("{}?limit=1&cursor=1.{brought}", case.events()),
        format!("/v1/trajectories/{brought}"),
        format!("{}{brought}", case.path()),
        format!("/v1/feed?after={brought}"),
        format!("/problems/{brought}"),
        format!("/{brought}"),
    ] {
        for header in [
            "accept-language: nl",
            "accept-language: n\u{b}l",
            "origin: https://x.example\u{b}x-brought: yes",
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{signed}\r\n{header}\r\n\r\n"
            );
            let answer = ledger.hears(request.as_bytes());
            let (head, _) = answer.split_once("\r\n\r\n").expect("an answer has a head");
            let names: Vec<_> = head.split(['\r', '\n']).filter_map(|line| line.split_once(':')).collect();
            assert!(head.starts_with("HTTP/1.1 40"), "{path} {header:?}: {head}");
            assert!(!names.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-brought")), "{path}: {head}");
        }
    }
}

/// A report that would be recorded, with one header line more, or several.
fn report(ledger: &Ledger, case: &Case, more: &str) -> String {
    let (fact, token) = (case.next("consent-given").to_string(), ledger.token_claiming(&json!({})));
    format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\nif-match: *\r\n\
         authorization: Bearer {token}\r\ncontent-length: {}\r\n{more}\r\n\r\n{fact}",
        case.events(),
        fact.len()
    )
}
