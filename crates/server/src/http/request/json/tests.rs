use serde_json::json;

use super::*;

fn complaints(body: &str) -> Vec<(String, &'static str)> {
    let place = |complaint: &Complaint| match &complaint.place {
        crate::http::problem::Place::Body(pointer) => pointer.clone(),
        other => panic!("not in the body: {other:?}"),
    };
    read(body.as_bytes(), &Work::default())
        .complaints
        .iter()
        .map(|complaint| (place(complaint), complaint.rule.code()))
        .collect()
}

#[test]
fn json_that_everybody_reads_alike_is_read() {
    let read = read(br#"{"a": [1, -2, 3.0, 4e1, true, null, "\u00e9\ud83c\udfe0"]}"#, &Work::default());
    assert_eq!(read.value, Some(json!({"a": [1, -2, 3, 40, true, null, "é🏠"]})));
    assert_eq!(read.complaints, []);
}

#[test]
fn everything_that_is_not_allowed_is_named_with_its_place() {
    let body =
        r#"{"a": 1, "a": 2, "b": [{"c/d": "x\u0000y"}, 1.5, 18446744073709551616], "e": "BSN 111222333"}"#;
    let expected = [
        ("/a", "duplicate-key"),
        ("/b/0/c~1d", "forbidden-character"),
        ("/b/1", "not-a-whole-number"),
        ("/b/2", "not-a-whole-number"),
        ("/e", "citizen-service-number"),
    ];
    assert_eq!(complaints(body), expected.map(|(place, code)| (place.to_owned(), code)));
}

#[test]
fn a_text_or_a_name_without_a_visible_character_is_refused_wherever_it_is() {
    for nothing in
        [" ", "\\t\\n", "\u{a0}", "\u{ad}", "\u{200b}", "\u{2060}", "\u{feff} \u{3164}", "\u{2800}"]
    {
        let body = format!(r#"{{"a": "{nothing}", "b": [{{"c": "{nothing}"}}]}}"#);
        let expected = [("/a", "nothing-visible"), ("/b/0/c", "nothing-visible")];
        assert_eq!(complaints(&body), expected.map(|(at, code)| (at.to_owned(), code)), "{nothing:?}");
    }
    assert_eq!(complaints(r#"{" ": 1}"#), [("/ ".to_owned(), "nothing-visible")]);
    for seen in [".", "é", " x ", "\u{200b}名", "🏠", "-"] {
        assert_eq!(complaints(&format!(r#"{{"a": "{seen}"}}"#)), [], "{seen:?}");
    }
}

#[test]
fn an_unreadable_file_is_reported_with_the_place_where_it_breaks_off() {
    for (body, place, code) in [
        (r#"{"a": ["\ud800"]}"#, "/a/0", "lone-surrogate"),
        (r#"{"a": "\udc00x"}"#, "/a", "lone-surrogate"),
        (r#"{"a": 1e999}"#, "/a", "not-a-whole-number"),
        (r#"{"a": nothing}"#, "/a", "not-json"),
        ("", "", "not-json"),
        ("{} {}", "", "not-json"),
    ] {
        assert_eq!(complaints(body), [(place.to_owned(), code)], "{body}");
    }
}

#[test]
fn a_long_name_is_not_repeated_whole_in_every_complaint() {
    let body = format!(r#"{{"{}": ["\u0000", "\u0000"]}}"#, "é".repeat(100_000));
    let complaints = complaints(&body);
    assert_eq!(complaints[0].1, "too-long");
    assert_eq!(complaints.len(), 3, "the name is too long as well");
    assert!(complaints.iter().all(|(place, _)| place.len() <= LONGEST_PLACE));
}

#[test]
fn a_depth_bomb_does_not_go_off() {
    let bomb = "[".repeat(1_000_000);
    let complaints = complaints(&bomb);
    assert_eq!(complaints[0].1, "too-deep");
    assert_eq!(complaints.len(), 1);
}

#[test]
fn a_list_or_an_object_that_no_field_can_hold_is_not_read_to_its_end() {
    let many = |inside: &str| format!("{{\"a\": [{inside}]}}");
    let fields: Vec<_> = (0..=MOST_INSIDE).map(|n| format!("\"{n}\": 1")).collect();
    let (fits, too_many) = ("1,".repeat(MOST_INSIDE - 1) + "1", "1,".repeat(MOST_INSIDE) + "1");
    assert_eq!(complaints(&many(&fits)), []);
    assert_eq!(complaints(&many(&too_many)), [("/a".to_owned(), "too-many")]);
    assert_eq!(complaints(&many(&format!("{too_many}, what is no JSON"))), [("/a".to_owned(), "too-many")]);
    assert_eq!(complaints(&format!("{{\"b\": {{{}}}}}", fields.join(","))), [("/b".to_owned(), "too-many")]);
}

#[test]
fn a_text_that_is_too_long_is_not_searched() {
    let body = format!(r#"{{"a": "{}", "b": "{}"}}"#, "é".repeat(4_000), "bsn 111222333 ".repeat(1_000));
    assert_eq!(
        read(body.as_bytes(), &Work::default()).complaints,
        [Complaint::body("/b", Fault::TooLong).limit(4_000)]
    );
}

#[test]
fn bytes_that_are_no_text_are_no_json() {
    let read = read(b"{\"a\": \"\xff\"}", &Work::default());
    assert_eq!(read.value, None);
}

#[test]
fn every_text_counts_as_work_by_its_length() {
    let steps = |bytes: usize| {
        let work = Work::default();
        let _ = read(format!("[\"{}\"]", "1,2;".repeat(bytes / 4)).as_bytes(), &work);
        work.steps()
    };
    let (few, many) = (steps(400), steps(4_000));
    assert!(few >= 400 / SEARCHED_BYTES_A_STEP && many >= 9 * few, "{few} and {many}");
}

#[test]
fn reading_stops_when_nobody_waits_for_it_any_more() {
    let work = Work::default();
    work.give_up();
    let read = read(format!("[\"{}\"]", "1,2;".repeat(1_000)).as_bytes(), &work);
    assert_eq!(read.value, None);
    assert!(work.steps() <= 1 + 4_004 / BYTES_A_STEP, "no text is searched: {}", work.steps());
}
