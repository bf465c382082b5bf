//! The whole assessment of every demo case on five dates, in a form that people can read:
//! `golden/*.txt`.
//!
//! `OMKLAP_BLESS=1 cargo test` writes the files again; otherwise a difference fails.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use omklap_domain::agreements::assess::assess_until;
use omklap_domain::agreements::calendar::days_between;
use omklap_domain::agreements::{Assessed, Status};

use crate::generated_files::compare;
use crate::vocabulary::*;

#[test]
fn every_demo_case_is_assessed_as_its_golden_file_says() {
    let cases = demo_cases();
    assert!(cases.len() >= 12);
    for (name, history) in cases {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/agreements/golden/{name}.txt"));
        compare(&file, &assessment(&name, &history));
    }
}

/// The demo cases, by the names of their files.
pub fn demo_cases() -> Vec<(String, History)> {
    let mut files: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo"))
        .expect("the demo cases are in the repository")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ndjson"))
        .collect();
    files.sort();
    let name = |file: &Path| file.file_stem().expect("a name").to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), history(file))).collect()
}

fn history(case: &Path) -> History {
    let text = fs::read_to_string(case).expect("a text");
    let facts: Vec<Fact> =
        text.lines().map(|line| serde_json::from_str(line).expect("a fact a line")).collect();
    History::from(facts)
}

/// A quarter, half and three quarters along the case, on its last day, and a year after.
fn five_dates(history: &History) -> [Day; 5] {
    let days: Vec<Day> = history.happened().map(|(_, fact)| fact.occurred_on()).collect();
    let (first, last) = (days[0], days[days.len() - 1]);
    let quarter = days_between(first, last) / 4;
    [
        first.plus_days(quarter),
        first.plus_days(quarter * 2),
        first.plus_days(quarter * 3),
        last,
        last.plus_months(12),
    ]
}

fn assessment(name: &str, history: &History) -> String {
    let mut text = format!("{name}\n");
    for day in five_dates(history) {
        let assessed = assess_until(history, day, &SETS);
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for one in &assessed {
            *counts.entry(one.status_on(day).verdict()).or_default() += 1;
        }
        let counts: Vec<_> = counts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        write!(text, "\n== {day}: {}\n", counts.join(", ")).expect("a string takes it");
        for one in assessed.iter().filter(|one| one.status_on(day) != Status::NotStarted) {
            writeln!(text, "{}", line(one, day)).expect("a string takes it");
        }
    }
    text
}

fn line(one: &Assessed<'_>, day: Day) -> String {
    let status = one.status_on(day);
    let id = one.month.map_or_else(
        || one.obligation.id.to_string(),
        |month| format!("{} month {month}", one.obligation.id),
    );
    let when = match (status, one.closed.as_ref()) {
        (Status::Due(None), _) => String::from("due"),
        (Status::Due(Some(on)), _) => format!("due by {on}"),
        (Status::Overdue(since), _) => format!("OVERDUE since {since}"),
        (Status::SetAside(on), Some(closed)) if closed.undone.is_some() => {
            format!("set-aside on {on}, undone")
        }
        (Status::SetAside(on), Some(closed)) => format!("set-aside on {on}, {}", closed.how.as_str()),
        (Status::NotApplicable, _) => String::from("not-applicable"),
        (other, _) => other.day().map_or_else(String::new, |on| format!("{} on {on}", other.verdict())),
    };
    let facts: Vec<_> = one.evidence_on(day).iter().map(|number| format!("#{number}")).collect();
    format!("{id:<13} {when:<35} {:<25} {}", facts.join(" "), one.obligation.text.en)
}
