//! The stories are recorded at several instants: what came late, and what was corrected, was not known
//! before.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use omklap_demo::{STORIES, Story};
use omklap_domain::agreements::{AgreementSets, Status, assess};
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::Fact;
use omklap_domain::trajectory::{History, Rules};
use omklap_domain::visibility::{Role, Viewer, may_be_tried, may_report};

static SETS: LazyLock<AgreementSets> = LazyLock::new(AgreementSets::shipped);

/// What happened, by day, as it is known: every fact in the wording that counts.
fn happened(history: &History) -> Vec<String> {
    history.happened().map(|(_, fact)| serde_json::to_string(fact).expect("JSON")).collect()
}

#[test]
fn at_least_eight_stories_were_known_otherwise_before() {
    let known_later: Vec<&str> = STORIES
        .iter()
        .filter(|story| {
            let reports = story.reports();
            let before = happened(&history_of(&reports.opening));
            let now = happened(&history_of(&story.facts.lines().collect::<Vec<_>>()));
            // Not only more facts: a fact is between those that were known, or another than was known.
            before != now && before.iter().zip(&now).any(|(then, now)| then != now)
        })
        .map(|story| story.name)
        .collect();
    assert!(known_later.len() >= 8, "{known_later:?}");
}

#[test]
fn what_came_late_was_an_obligation_overdue_until_it_was_known() {
    let story = STORIES.iter().find(|story| story.name.starts_with("31-")).expect("Milan");
    let on = Day::new(2025, 6, 1).expect("a date");
    let overdue = |lines: &[&str]| {
        let history = history_of(lines);
        let assessed = assess(&history, &SETS);
        let late = assessed.iter().filter(|one| matches!(one.status_on(on), Status::Overdue(_)));
        late.map(|one| one.obligation.id.to_string()).collect::<BTreeSet<_>>()
    };
    let (before, now) =
        (overdue(&story.reports().opening), overdue(&story.facts.lines().collect::<Vec<_>>()));
    for id in ["2.1", "4.1"] {
        assert!(before.contains(id) && !now.contains(id), "{id}: {before:?}, then {now:?}");
    }
}

#[test]
fn what_came_later_is_the_care_providers_to_report() {
    for story in STORIES {
        let reports = story.reports();
        let mut history = history_of(&reports.opening);
        let viewer = Viewer {
            role: Role::CareProvider,
            organisation: reports.care_provider.clone(),
            regions: BTreeSet::new(),
            trajectory: None,
        };
        for line in &reports.later {
            let (fact, id) = (fact(line), TrajectoryId(story.id));
            assert_eq!(may_report(&viewer, id, &history, std::slice::from_ref(&fact)), Ok(()), "{line}");
            let tried = may_be_tried(&viewer, id, &history, std::slice::from_ref(&fact), today());
            assert_eq!(tried, Ok(()), "{}: {line}", story.name);
            admit(&mut history, fact, story);
        }
    }
}

fn history_of(lines: &[&str]) -> History {
    let mut history = History::default();
    for line in lines {
        admit(&mut history, fact(line), &STORIES[0]);
    }
    history
}

fn admit(history: &mut History, fact: Fact, story: &Story) {
    let kind = fact.fact_type();
    if let Err(refused) = history.report(fact, Rules { sets: &SETS, today: today() }) {
        panic!("{}, {kind}: {refused}", story.name);
    }
}

fn fact(line: &str) -> Fact {
    serde_json::from_str(line).expect("a fact")
}

fn today() -> Day {
    Day::new(2026, 11, 1).expect("a date")
}
