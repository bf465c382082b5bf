//! Invalid JSON, and JSON that two parsers could read differently.

use omklap_tests::{Answer, Case, Ledger};

fn send(case: &Case, body: impl Into<Vec<u8>>) -> Answer {
    case.reporting(&serde_json::Value::Null).body(body.into()).answer()
}

#[test]
fn text_that_is_not_json_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for body in [
        &b""[..],
        b"{",
        b"hello",
        b"{\"type\":\"consent-given\",}",
        b"{} {}",
        b"\xff\xfe",
        b"{\"a\":'b'}",
        b"NaN",
    ] {
        let answer = send(&case, body).with_status(400);
        assert!(answer.errors().iter().any(|(code, _)| *code == "not-json"), "{}", answer.text);
    }
}

#[test]
fn impossible_characters_are_refused_with_their_pointer() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for (written, code) in
        [("\\u0000", "forbidden-character"), ("\\ud800", "lone-surrogate"), ("\\udc00x", "lone-surrogate")]
    {
        let body = format!(
            r#"{{"type":"consent-withdrawn","occurredOn":"2021-02-01","scope":"health","reason":"a{written}"}}"#
        );
        let answer = send(&case, body).with_status(400);
        assert_eq!(answer.errors(), [(code, "/reason")], "{written}");
    }
}

#[test]
fn a_pair_of_surrogates_is_one_character() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.reports("consent-given");
    let body = r#"{"type":"consent-withdrawn","occurredOn":"2021-02-01","scope":"health","reason":"\ud83c\udfe0 é"}"#;
    send(&case, body).with_status(201);
    assert_eq!(case.timeline()[4]["fact"]["reason"], "🏠 é");
}

#[test]
fn a_repeated_name_in_an_object_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let body =
        r#"{"type":"consent-withdrawn","occurredOn":"2021-02-01","scope":"health","scope":"finances"}"#;
    assert_eq!(send(&case, body).with_status(400).errors(), [("duplicate-key", "/scope")]);
    let escaped =
        r#"{"type":"consent-withdrawn","occurredOn":"2021-02-01","scope":"health","sc\u006fpe":"finances"}"#;
    assert_eq!(send(&case, escaped).with_status(400).errors(), [("duplicate-key", "/scope")]);
}

#[test]
fn deeply_nested_json_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for bomb in
        ["[".repeat(1_000_000), "{\"a\":".repeat(500_000), format!("{}{}", "[".repeat(100), "]".repeat(100))]
    {
        let answer = send(&case, bomb).with_status(400);
        assert_eq!(answer.codes().into_iter().next(), Some("too-deep"), "{}", &answer.text[..200]);
        assert!(answer.text.len() < 10_000);
    }
}

#[test]
fn numbers_that_are_not_whole_or_too_large_are_refused() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    for number in ["1.5", "1e400", "-1e400", "99999999999999999999999999", "1e30"] {
        let body = format!(
            r#"{{"type":"rent-missed","occurredOn":"2021-02-01","dueOn":"2021-02-01","amountCents":{number}}}"#
        );
        let answer = send(&case, body).with_status(400);
        assert!(
            answer.errors().iter().any(|(_, pointer)| *pointer == "/amountCents"),
            "{number}: {}",
            answer.text
        );
    }
}

#[test]
fn a_body_full_of_errors_gets_a_limited_answer() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let wrong = vec!["{\"type\":\"rent-missed\",\"colour\":1}"; 9_999].join(",");
    let answer = send(&case, format!("[{wrong}]")).with_status(400);
    assert!(answer.errors().len() <= 1_000 && answer.text.len() < 1_000_000);
}

#[test]
fn a_small_body_does_not_make_a_large_answer() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let bomb = format!(r#"{{"{}":[{}0]}}"#, "k".repeat(4_000_000), r#""\u0000","#.repeat(2_000));
    assert!(send(&case, bomb).with_status(400).text.len() < 1_000_000);
}
