//! A replay shows every change once, at the fact that made it.

use std::collections::BTreeMap;
use std::path::Path;

use omklap_domain::agreements::assess::Verdict;
use omklap_domain::agreements::{AgreementSets, assess};
use omklap_domain::replay::{Change, Step, replay};
use omklap_domain::trajectory::{Fact, History, Mark, Phase};

#[test]
fn the_phases_of_the_steps_lead_to_the_phase_of_the_case() {
    for (name, history) in demo_cases() {
        let mut phase = Phase::Unopened;
        for change in replay(&history, &AgreementSets::shipped()).iter().flat_map(|step| &step.changes) {
            if let Change::Phase { from, to } = change {
                assert_eq!(*from, phase, "{name}");
                phase = *to;
            }
        }
        assert_eq!(phase, history.state().phase, "{name}");
    }
}

#[test]
fn every_obligation_is_opened_once_and_settled_by_facts_that_it_cites() {
    let sets = AgreementSets::shipped();
    for (name, history) in demo_cases() {
        let steps = replay(&history, &sets);
        let assessed = assess(&history, &sets);
        let started = assessed.iter().filter(|one| one.start.is_some());
        let settled = started.clone().filter(|one| one.closed.is_some()).count();
        let count = |matches: fn(&Change) -> bool| {
            steps.iter().flat_map(|step| &step.changes).filter(|change| matches(change)).count()
        };
        assert_eq!(count(|change| matches!(change, Change::Opened(_))), started.count(), "{name}");
        assert_eq!(count(|change| matches!(change, Change::Settled { from: None, .. })), settled, "{name}");
        for step in &steps {
            for change in &step.changes {
                if let Change::Settled { to, evidence, .. } = change {
                    assert!(evidence.contains(&step.sequence), "{name}: {change:?}");
                    assert!(
                        !matches!(to, Verdict::NotStarted | Verdict::Due | Verdict::Overdue),
                        "{name}: {change:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_changes_up_to_a_day_add_up_to_the_verdicts_of_that_day() {
    let sets = AgreementSets::shipped();
    for (name, history) in demo_cases() {
        let steps = replay(&history, &sets);
        let assessed = assess(&history, &sets);
        for day in steps.iter().map(|step| step.fact.occurred_on()) {
            let happened = steps.iter().filter(|step| step.fact.occurred_on() <= day);
            let mut counted = BTreeMap::<(String, &str), i32>::new();
            for change in happened.flat_map(|step| &step.changes) {
                let Change::Settled { obligation, from, to, .. } = change else { continue };
                let mut add = |verdict: Verdict, number| {
                    *counted.entry((obligation.obligation.to_string(), verdict.as_str())).or_default() +=
                        number;
                };
                add(*to, 1);
                if let Some(from) = from {
                    add(*from, -1);
                }
            }
            let settled = assessed.iter().filter(|one| one.start.is_some_and(|start| start.on <= day));
            for one in settled {
                let verdict = one.status_on(day).verdict();
                if !matches!(verdict, Verdict::Due | Verdict::Overdue) {
                    *counted.entry((one.obligation.id.to_string(), verdict.as_str())).or_default() -= 1;
                }
            }
            assert!(counted.values().all(|count| *count == 0), "{name} on {day}: {counted:?}");
        }
    }
}

#[test]
fn a_corrected_fact_keeps_its_place_and_changes_nothing() {
    for (name, history) in demo_cases() {
        let steps = replay(&history, &AgreementSets::shipped());
        let corrected = history.entries().iter().filter(|entry| entry.mark != Mark::Uncorrected).count();
        let struck: Vec<&Step<'_>> = steps.iter().filter(|step| step.struck_by.is_some()).collect();
        assert_eq!(struck.len(), corrected, "{name}");
        assert!(struck.iter().all(|step| step.changes.is_empty()), "{name}");
        let days: Vec<_> = steps.iter().map(|step| step.fact.occurred_on()).collect();
        assert!(days.is_sorted(), "{name}");
        // A correction has no step of its own: it shows at the fact that it corrects.
        let corrections =
            history.recorded().iter().filter(|fact| matches!(fact, Fact::EventCorrected(_))).count();
        assert_eq!(steps.len(), history.recorded().len() - corrections + replaced(&history), "{name}");
    }
}

/// How many facts have two wordings: the original, struck through, and the replacement.
fn replaced(history: &History) -> usize {
    let replaced = |entry: &&omklap_domain::trajectory::Entry<'_>| matches!(entry.mark, Mark::ReplacedBy(_));
    history.entries().iter().filter(replaced).count()
}

/// The demo cases, by their file.
fn demo_cases() -> BTreeMap<String, History> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let files = std::fs::read_dir(folder).expect("the demo cases").map(|file| file.expect("a file").path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"));
    let cases = files.flat_map(|path| {
        let text = std::fs::read_to_string(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let histories: Vec<Vec<Fact>> = text
            .split("\n\n")
            .map(|lines| {
                lines
                    .lines()
                    .filter(|line| !line.is_empty())
                    .map(|line| serde_json::from_str(line).expect("a fact"))
                    .collect()
            })
            .collect();
        (1..)
            .zip(histories)
            .map(move |(nth, facts)| (format!("{name} {nth}"), History::from(facts)))
            .collect::<Vec<_>>()
    });
    cases.filter(|(_, history)| history.version() > 0).collect()
}
