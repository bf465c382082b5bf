//! A replay tells every change once, by the fact that made it.

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
fn every_obligation_is_opened_once_and_settled_once_by_a_fact_that_it_rests_on() {
    let sets = AgreementSets::shipped();
    for (name, history) in demo_cases() {
        let steps = replay(&history, &sets);
        let assessed = assess(&history, &sets);
        let started = assessed.iter().filter(|one| one.start.is_some());
        let settled = started.clone().filter(|one| one.closed.is_some()).count();
        let told = |wanted: fn(&Change) -> bool| {
            steps.iter().flat_map(|step| &step.changes).filter(|change| wanted(change)).count()
        };
        assert_eq!(told(|change| matches!(change, Change::Opened(_))), started.count(), "{name}");
        assert_eq!(told(|change| matches!(change, Change::Settled { .. })), settled, "{name}");
        for step in &steps {
            for change in &step.changes {
                if let Change::Settled { as_what, evidence, .. } = change {
                    assert!(evidence.contains(&step.sequence), "{name}: {change:?}");
                    assert!(
                        !matches!(as_what, Verdict::NotStarted | Verdict::Due | Verdict::Overdue),
                        "{name}: {change:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_corrected_fact_stands_where_it_stood_and_changes_nothing() {
    for (name, history) in demo_cases() {
        let steps = replay(&history, &AgreementSets::shipped());
        let corrected = history.entries().iter().filter(|entry| entry.mark != Mark::Stands).count();
        let struck: Vec<&Step<'_>> = steps.iter().filter(|step| step.struck_by.is_some()).collect();
        assert_eq!(struck.len(), corrected, "{name}");
        assert!(struck.iter().all(|step| step.changes.is_empty()), "{name}");
        let days: Vec<_> = steps.iter().map(|step| step.fact.occurred_on()).collect();
        assert!(days.is_sorted(), "{name}");
        // A correction itself is no step: it shows in what it corrects.
        let corrections =
            history.recorded().iter().filter(|fact| matches!(fact, Fact::EventCorrected(_))).count();
        assert_eq!(steps.len(), history.recorded().len() - corrections + replaced(&history), "{name}");
    }
}

/// How many facts stand in two wordings: struck through, and as they were.
fn replaced(history: &History) -> usize {
    let replaced = |entry: &&omklap_domain::trajectory::Entry<'_>| matches!(entry.mark, Mark::ReplacedBy(_));
    history.entries().iter().filter(replaced).count()
}

/// The told cases, by their file.
fn demo_cases() -> BTreeMap<String, History> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let files = std::fs::read_dir(folder).expect("the told cases").map(|file| file.expect("a file").path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"));
    let cases = files.flat_map(|path| {
        let told = std::fs::read_to_string(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let histories: Vec<Vec<Fact>> = told
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
