//! A provider's record system exports its cases to a file every night, and `omklap import` brings the
//! ledger up to date with it: nobody is registered twice, nothing is reported twice or rewritten.

use std::collections::BTreeSet;

use omklap_tests::{Ledger, Overheard, eventually, sample_fact};
use serde_json::{Value, json};

#[test]
fn a_nightly_import_of_one_file_run_three_times_with_a_grown_history_a_new_person_and_a_clock_40_days_on_leaves_each_person_once()
 {
    let ledger = Ledger::empty();
    let sam = person("ZV-1", "Sam", 2);
    let first = import(&ledger, &file([&sam, &person("ZV-2", "Robin", 1)]));
    first.ends_with(0, "2 opened with 3 facts, 0 extended with 0 facts, 0 unchanged, 0 refused");

    ledger.minutes_pass(40 * 24 * 60);
    let grown = person("ZV-1", "Sam", 3);
    let second = import(&ledger, &file([&person("ZV-3", "Noor", 1), &grown, &person("ZV-2", "Robin", 1)]));
    second.ends_with(0, "1 opened with 1 fact, 1 extended with 1 fact, 1 unchanged, 0 refused");
    assert_eq!(second.ids()[1..], first.ids()[..], "the same trajectories, in the order of the file");

    ledger.minutes_pass(40 * 24 * 60);
    let third = import(&ledger, &file([&person("ZV-3", "Noor", 1), &grown, &person("ZV-2", "Robin", 1)]));
    third.ends_with(0, "0 opened with 0 facts, 0 extended with 0 facts, 3 unchanged, 0 refused");
    assert_eq!(third.ids(), second.ids());
    assert_eq!((ledger.rows("trajectories"), ledger.facts()), (3, 5));
}

#[test]
fn the_order_of_keys_lines_and_people_changes_nothing() {
    let ledger = Ledger::empty();
    let (sam, robin) = (person("ZV-1", "Sam", 3), person("ZV-2", "Robin", 2));
    import(&ledger, &file([&sam, &robin])).ends_with(0, "2 opened with 5 facts");
    let mut reordered = person("ZV-1", "Sam", 3);
    reordered.facts[1..].reverse();
    let again = import(&ledger, &keys_backwards(&file([&robin, &reordered])));
    again.ends_with(0, "2 unchanged, 0 refused");
}

#[test]
fn two_people_whom_nothing_tells_apart_are_refused_with_both_lines_and_never_become_one() {
    let ledger = Ledger::empty();
    let (one, other) = (anonymous(1), anonymous(2));
    import(&ledger, &file([&one])).ends_with(0, "1 opened with 1 fact");
    for both in [[&one, &other], [&other, &one], [&one, &one]] {
        let ran = import(&ledger, &file(both));
        ran.ends_with(1, "0 unchanged, 2 refused");
        assert!(
            ran.said.contains("line 1: the histories at line")
                && ran.said.contains("begin with the same fact"),
            "{}",
            ran.said
        );
        assert_eq!(ran.said.matches("give each a line with a reference").count(), 2, "{}", ran.said);
    }
    import(&ledger, &file([&one])).ends_with(0, "1 unchanged, 0 refused");
    assert_eq!((ledger.rows("trajectories"), ledger.facts()), (1, 1), "each refused file left it as it was");
    let twice = import(&ledger, &file([&person("ZV-1", "Sam", 1), &person("ZV-1", "Robin", 1)]));
    twice.ends_with(1, "2 refused (lines 1 and 4)");
    assert!(twice.said.contains("the histories at line 4 have the same reference"), "{}", twice.said);
    let apart = [person("ZV-1", "Sam", 1), person("ZV-2", "Sam", 1)];
    import(&ledger, &file(&apart)).ends_with(0, "2 opened");
}

#[test]
fn a_history_without_a_reference_is_known_by_its_opening_fact_40_days_later_too() {
    let ledger = Ledger::empty();
    let first = import(&ledger, &file([&anonymous(1)]));
    first.ends_with(0, "without a reference: 1. A history without one");
    ledger.minutes_pass(40 * 24 * 60);
    let second = import(&ledger, &file([&anonymous(2)]));
    second.ends_with(0, "1 extended with 1 fact");
    assert_eq!(second.ids(), first.ids());
}

#[test]
fn a_line_that_was_changed_or_has_vanished_is_named_and_nothing_is_rewritten_or_recorded_twice() {
    let ledger = Ledger::empty();
    let sam = person("ZV-1", "Sam", 3);
    let id = import(&ledger, &file([&sam])).ids().remove(0);
    let (mut changed, mut vanished) = (person("ZV-1", "Sam", 4), person("ZV-1", "Sam", 3));
    changed.facts[2]["notes"] = json!("was written wrong at first");
    vanished.facts.remove(2);
    let ran = import(&ledger, &file([&changed]));
    ran.ends_with(1, "0 extended with 0 facts, 0 unchanged, 1 refused (line 4)");
    let named =
        "line 4: the ledger has this as fact 3 (preparation-step-completed of 2026-03-04) with another notes";
    assert!(ran.said.contains(named), "{}", ran.said);
    let ran = import(&ledger, &file([&vanished]));
    ran.ends_with(1, "1 refused (line 1)");
    assert!(
        ran.said.contains("fact 3 (preparation-step-completed of 2026-03-04), which is not in the file"),
        "{}",
        ran.said
    );
    assert_eq!(ledger.facts(), 3);

    corrects(&ledger, &id, &changed.facts[2]);
    import(&ledger, &file([&changed])).ends_with(0, "1 extended with 1 fact");
    import(&ledger, &file([&changed])).ends_with(0, "1 unchanged, 0 refused");
    assert_eq!(ledger.facts(), 5, "three, the correction, and the fourth");
}

#[test]
fn the_addresses_that_an_import_asks_for_say_nothing_about_anybody() {
    let ledger = Ledger::empty();
    let between = Overheard::before(&ledger);
    let people = [person("ZV-1", "Sam", 1), person("ZV-2", "Robin", 2), anonymous(1)];
    let grown = [person("ZV-1", "Sam", 3), person("ZV-2", "Robin", 2), anonymous(2)];
    let (mut changed, mistaken) = (person("ZV-1", "Sam", 3), person("111222333", "Kim", 1));
    changed.facts[1]["notes"] = json!("was written wrong at first");
    let mut ids = Vec::new();
    for file in [file(&people), file(&people), file(&grown), file([&changed, &mistaken])] {
        let ran = import_bytes(&ledger, file.as_bytes(), &["--server", &between.url()]);
        ids.extend(ran.ids());
    }
    let without_ids = |request: String| ids.iter().fold(request, |request, id| request.replace(id, "ID"));
    let asked: BTreeSet<String> = between.requests().into_iter().map(without_ids).collect();
    let addresses = [
        "GET /v1/me",
        "GET /v1/trajectories/ID",
        "GET /v1/trajectories/ID/events?limit=500",
        "POST /development/token",
        "POST /v1/trajectories",
        "POST /v1/trajectories/ID/events",
        "POST /v1/trajectories?dryRun=true",
    ];
    assert_eq!(asked, addresses.map(str::to_owned).into());
}

#[test]
fn what_others_reported_in_the_meantime_is_left_alone() {
    let ledger = Ledger::empty();
    let sam = person("ZV-1", "Sam", 1);
    let id = import(&ledger, &file([&sam])).ids().remove(0);
    let reported =
        ledger.post(&format!("/v1/trajectories/{id}/events")).as_actor("u-12").in_role("guide").seen("*");
    let _ = reported
        .json(&sample_fact("privacy-explained").on("2026-03-09").happening(DAY))
        .answer()
        .with_status(201);
    import(&ledger, &file([&person("ZV-1", "Sam", 2)])).ends_with(0, "1 extended with 1 fact");
    import(&ledger, &file([&person("ZV-1", "Sam", 2)])).ends_with(0, "1 unchanged, 0 refused");
    assert_eq!(ledger.facts(), 3);
}

#[test]
fn a_bad_line_refuses_its_own_history_and_the_others_are_imported() {
    let ledger = Ledger::empty();
    let people: Vec<_> = (0..40).map(|number| person(&format!("ZV-{number}"), "Sam", 1)).collect();
    let good = file(&people);
    let ran = import(&ledger, &good.replacen("ZV-0\"}\n", "ZV-0\"}\n{\n", 1));
    ran.ends_with(1, "39 opened with 39 facts, 0 extended with 0 facts, 0 unchanged, 1 refused");
    assert!(ran.said.contains("line 2: not JSON: it is cut off at byte 1"), "{}", ran.said);
    import(&ledger, &good)
        .ends_with(0, "1 opened with 1 fact, 0 extended with 0 facts, 39 unchanged, 0 refused");
    assert_eq!(ledger.rows("trajectories"), 40);
}

#[test]
fn a_file_in_utf_8_is_read_with_a_mark_and_another_encoding_is_named_with_line_and_byte() {
    let ledger = Ledger::empty();
    let text = file([&person("ZV-1", "Zoë", 1)]);
    let latin: Vec<u8> =
        text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let column =
        latin.split(|byte| *byte == b'\n').nth(1).and_then(|line| line.iter().position(|byte| *byte == 0xEB));
    let named = format!("line 2: byte {} is not UTF-8 (in Latin-1 it is ë)", column.expect("a letter") + 1);
    let ran = import_bytes(&ledger, &latin, &[]);
    ran.ends_with(1, "1 refused (line 2)");
    assert!(ran.said.contains(&named), "{}", ran.said);
    for wide in [wide.clone(), [&[0xFF, 0xFE], &wide[..]].concat()] {
        let ran = import_bytes(&ledger, &wide, &[]);
        assert_eq!(ran.code, 2, "{}", ran.said);
        assert!(ran.said.contains("line 1: byte 1: this looks like UTF-16"), "{}", ran.said);
    }
    let marked =
        ["\u{feff}", &text.replace('\n', "\r\n"), "\u{feff}", &file([&person("ZV-2", "Sam", 1)])].concat();
    import(&ledger, &marked).ends_with(0, "2 opened with 2 facts");
    import(&ledger, &text).ends_with(0, "1 unchanged");
}

#[test]
fn references_that_are_none_are_named_and_not_repeated() {
    let ledger = Ledger::empty();
    let facts = file([&anonymous(1)]);
    for (line, named) in [
        (r#"{"reference": ""}"#, "line 1: a reference is a text of 1 to 64"),
        (r#"{"reference": 12}"#, "line 1: a reference is a text of 1 to 64"),
        (r#"{"reference": "é"}"#, "line 1: a reference is a text of 1 to 64"),
        (r#"{"reference": "ZV-1", "name": "Sam"}"#, "line 1: a line with a reference has nothing else"),
        (r#"{"reference": "111222333"}"#, "line 1: possible-citizen-service-number"),
        (&format!(r#"{{"reference": "{}"}}"#, "x".repeat(65)), "line 1: a reference is a text of 1 to 64"),
    ] {
        let ran = import(&ledger, &format!("{line}\n{facts}"));
        ran.ends_with(1, "1 refused (line 1)");
        assert!(ran.said.contains(named) && !ran.said.contains("111222333"), "{line}: {}", ran.said);
    }
    let alone = import(&ledger, "{\"reference\": \"ZV-9\"}\n\n\n{\"reference\": \"ZV-8\"}\n");
    alone.ends_with(1, "2 refused (lines 1 and 4)");
    assert!(alone.said.contains("line 4: a reference without facts"), "{}", alone.said);
    assert_eq!(ledger.rows("trajectories"), 0);
}

#[test]
fn a_history_that_gains_or_loses_its_reference_registers_nobody_again() {
    let ledger = Ledger::empty();
    let (sam, robin) = (person("ZV-1", "Sam", 2), person("ZV-2", "Robin", 1));
    let unnamed = Person { reference: None, ..sam.clone() };
    let id = import(&ledger, &file([&unnamed])).ids().remove(0);

    for options in [&["--dry-run"][..], &[]] {
        let gained = import_bytes(&ledger, file([&sam]).as_bytes(), options);
        gained.ends_with(1, "0 opened with 0 facts");
        let why = "line 1: this history is in the ledger already, from a file in which it had no reference";
        assert!(gained.said.contains(why) && gained.said.contains(&id), "{}", gained.said);
    }
    let numbered = ledger
        .request(reqwest::Method::PUT, &format!("/v1/trajectories/{id}/reference"))
        .json(&json!({"reference": "ZV-1"}));
    let _ = numbered.as_actor("de-vaart").in_role("guide").answer().with_status(200);
    import(&ledger, &file([&sam, &robin]))
        .ends_with(0, "1 opened with 1 fact, 0 extended with 0 facts, 1 unchanged");

    let lost = import(&ledger, &file([&robin, &unnamed]));
    lost.ends_with(1, "1 unchanged, 1 refused (line 4)");
    assert!(lost.said.contains("line 4: a history without a reference"), "{}", lost.said);
    assert_eq!(ledger.rows("trajectories"), 2);
}

#[test]
fn an_import_says_in_whose_name_it_runs_and_brings_no_case_of_others() {
    let ledger = Ledger::empty();
    let own = import(&ledger, &file([&person("ZV-1", "Sam", 1)]));
    assert!(own.said.contains("importing as de-vaart, guide"), "{}", own.said);
    let mut of_others = person("ZV-2", "Robin", 1);
    of_others.facts[0]["careProvider"] = json!("anker");
    let refused = import(&ledger, &file([&of_others]));
    refused.ends_with(1, "1 refused (line 2)");
    assert!(refused.said.contains("line 2: /careProvider speaks-for-another"), "{}", refused.said);
    assert_eq!(ledger.rows("trajectories"), 1);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_records_nothing() {
    let ledger = Ledger::empty();
    import(&ledger, &file([&person("ZV-1", "Sam", 1)])).ends_with(0, "1 opened");
    let both = file([&person("ZV-1", "Sam", 2), &person("ZV-2", "Robin", 1)]);
    let tried = import_bytes(&ledger, both.as_bytes(), &["--dry-run"]);
    tried.ends_with(
        0,
        "1 opened with 1 fact, 1 extended with 1 fact, 0 unchanged, 0 refused; nothing was recorded",
    );
    assert_eq!((ledger.rows("trajectories"), ledger.facts()), (1, 1));
}

#[test]
fn programs_and_dutch_readers_read_the_same_outcome() {
    let ledger = Ledger::empty();
    let text = file([&person("ZV-1", "Sam", 1), &Person { facts: vec![], ..person("ZV-2", "Robin", 1) }]);
    let ran = import_bytes(&ledger, text.as_bytes(), &["--json"]);
    let lines: Vec<Value> = ran.lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&lines[0]["outcome"], &lines[0]["facts"]), (&json!("opened"), &json!(1)));
    assert_eq!(lines[1]["reasons"][0]["code"], "reference-without-facts");
    assert_eq!((&lines[2]["opened"], &lines[2]["refusedAt"]), (&json!(1), &json!([4])));
    let dutch = import_bytes(&ledger, text.as_bytes(), &["--lang", "nl"]);
    assert_eq!(dutch.code, 1);
    assert!(dutch.lines[0].ends_with("ongewijzigd, regels 1 tot en met 2"), "{:?}", dutch.lines);
    assert!(dutch.lines[1].contains("1 ongewijzigd, 1 geweigerd (regel 4)"), "{:?}", dutch.lines);
    assert!(dutch.said.contains("regel 4: een kenmerk zonder feiten"), "{}", dutch.said);
}

#[test]
fn an_import_that_is_killed_in_the_middle_is_finished_by_the_next_one_and_leaves_each_person_once() {
    let ledger = Ledger::empty();
    registers(&ledger);
    let people: Vec<_> = (0..80).map(|number| person(&format!("ZV-{number}"), "Sam", 2)).collect();
    let mut importing =
        ledger.command_begun(&[&IMPORT[..], &["--at-once", "2"]].concat(), file(&people).as_bytes());
    eventually(|| ledger.rows("trajectories") > 5);
    importing.kill().expect("it is ours");
    importing.wait().expect("it ends");
    let again = import(&ledger, &file(&people));
    again.ends_with(0, "0 refused");
    import(&ledger, &file(&people)).ends_with(0, "80 unchanged, 0 refused");
    assert_eq!((again.ids().len(), ledger.rows("trajectories"), ledger.facts()), (80, 80, 160));
}

// --- the vocabulary ---------------------------------------------------------------------------

const IMPORT: [&str; 6] = ["import", "-", "--client", "de-vaart", "--role", "guide"];
const DAY: jiff::civil::Date = jiff::civil::date(2026, 3, 2);

/// A person in an export.
#[derive(Clone, Debug)]
struct Person {
    reference: Option<String>,
    facts: Vec<Value>,
}

/// A person with this reference and this many facts.
fn person(reference: &str, name: &str, facts: usize) -> Person {
    let opening = sample_fact("intake-registered").with("clientName", name).happening(DAY);
    let later = (1..facts).map(|number| {
        let day =
            DAY.checked_add(jiff::Span::new().days(i64::try_from(number).expect("few"))).expect("a day");
        let step = ["living-skills-training", "network-in-view", "day-activity-arranged"][(number - 1) % 3];
        sample_fact("preparation-step-completed")
            .with("step", step)
            .with("notes", format!("step {number}"))
            .happening(day)
    });
    Person { reference: Some(reference.to_owned()), facts: std::iter::once(opening).chain(later).collect() }
}

/// A person without a name or a reference.
fn anonymous(facts: usize) -> Person {
    let person = person("none", "Onbekend", facts);
    Person { reference: None, ..person }
}

fn file<'p>(people: impl IntoIterator<Item = &'p Person>) -> String {
    let history = |person: &Person| {
        let reference =
            person.reference.as_ref().map(|reference| json!({ "reference": reference }).to_string());
        let facts = person.facts.iter().map(Value::to_string);
        reference.into_iter().chain(facts).map(|line| line + "\n").collect::<String>() + "\n"
    };
    people.into_iter().map(history).collect()
}

/// The same lines with their keys in the opposite order.
fn keys_backwards(text: &str) -> String {
    let backwards = |line: &str| {
        let Ok(Value::Object(fields)) = serde_json::from_str(line) else { return "\n".to_owned() };
        let fields: Vec<_> = fields.iter().rev().map(|(key, value)| format!("{key:?}: {value}")).collect();
        format!("{{{}}}\n", fields.join(", "))
    };
    text.lines().map(backwards).collect()
}

/// What an import printed.
#[derive(Debug)]
struct Ran {
    code: i32,
    lines: Vec<String>,
    said: String,
}

impl Ran {
    fn of(output: &std::process::Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let lines = text(&output.stdout).lines().map(str::to_owned).collect();
        Self { code: output.status.code().expect("no signal"), lines, said: text(&output.stderr) }
    }

    #[track_caller]
    fn ends_with(&self, code: i32, summary: &str) {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(self.lines.iter().rev().take(2).any(|line| line.contains(summary)), "{self:#?}");
    }

    /// The trajectories that it printed.
    fn ids(&self) -> Vec<String> {
        let first = self.lines.iter().filter_map(|line| line.split(' ').next());
        first.filter(|word| word.len() == 36).map(str::to_owned).collect()
    }
}

fn import(ledger: &Ledger, text: &str) -> Ran {
    import_bytes(ledger, text.as_bytes(), &[])
}

fn import_bytes(ledger: &Ledger, bytes: &[u8], options: &[&str]) -> Ran {
    registers(ledger);
    Ran::of(&ledger.command(&[&IMPORT[..], options].concat(), bytes))
}

/// Registers the partners that the facts name.
fn registers(api: &omklap_tests::Api) {
    let opening = sample_fact("intake-registered").happening(DAY);
    let _ = api.post("/v1/trajectories?dryRun=true").json(&opening).answer().with_status(200);
}

/// The provider corrects fact 3 of a case.
fn corrects(ledger: &Ledger, id: &str, replacement: &Value) {
    let correction = json!({"type": "event-corrected", "occurredOn": "2026-03-10", "corrects": 3, "reason": "written wrong", "replacement": replacement});
    let report = ledger.post(&format!("/v1/trajectories/{id}/events")).in_role("guide").seen("*");
    let _ = report.json(&correction).answer().with_status(201);
}
