//! The hand-written stories of `demo/`: each line is one fact in canonical form, and each story can
//! have happened.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::text::{PrivateText, holds_citizen_service_number};
use omklap_domain::trajectory::fact::{Fact, FactType, Outcome};
use omklap_domain::trajectory::phase::Phase;
use omklap_domain::trajectory::{History, Rules};

use Phase::{Ended, FollowUp, Housed};

/// Every story, and its phase on 1 November 2026.
const STORIES: &[(&str, Phase, Option<Outcome>)] = &[
    ("01-rachel-after-eight-years-in-a-group-home", FollowUp, None),
    ("02-laura-the-rent-that-jumps-at-the-flip", FollowUp, None),
    ("03-youssef-one-year-with-the-provider-three-years-after", Ended, Some(Outcome::FollowUpCompleted)),
    ("04-sjef-three-signatures-an-advanced-rent-and-the-guarantee-fund", FollowUp, None),
    ("05-dewi-nuisance-answered-in-two-working-days", Ended, Some(Outcome::MovedOnWell)),
    ("06-harm-returns-after-a-light-wmo-test", Ended, Some(Outcome::ReturnedToShelter)),
    ("07-chantal-an-eviction-prevented", Housed, None),
    ("08-mila-a-refused-offer-and-a-second-one", Housed, None),
    ("09-bram-a-flip-postponed-twice", Ended, Some(Outcome::FollowUpCompleted)),
    ("10-gerrit-dies-during-the-follow-up", Ended, Some(Outcome::Deceased)),
    ("11-fatima-a-wrong-date-and-a-report-that-never-was", FollowUp, None),
    ("12-piet-a-provider-goes-bankrupt", FollowUp, None),
    ("13-anneke-a-running-case-taken-over", FollowUp, None),
    ("14-joost-a-home-was-there-but-he-was-not-ready", Housed, None),
    ("15-nadia-a-temporary-lease-and-another-home", Housed, None),
    ("16-ronnie-a-fire-and-the-end-of-the-lease", Ended, Some(Outcome::Evicted)),
    ("25-samira-a-lease-of-her-own-from-the-first-day", Ended, Some(Outcome::GuidanceCompleted)),
    ("26-els-a-renovation-a-temporary-home-and-the-rent", FollowUp, None),
    ("27-kees-another-provider-in-the-middle-of-the-lease", Housed, None),
    ("31-milan-a-home-at-risk-in-den-haag", Housed, None),
    ("32-theo-one-of-twelve-in-hoogezand-and-their-caretaker", Housed, None),
    ("33-ibrahim-moves-in-together-with-two-others", Housed, None),
    ("34-bo-one-of-three-in-one-house", Housed, None),
    ("35-joris-one-of-three-and-the-room-upstairs", Housed, None),
    ("41-karim-finds-a-home-by-the-regular-way", Ended, Some(Outcome::MovedOnWell)),
    ("42-karim-registered-twice", Ended, Some(Outcome::RegisteredByMistake)),
    ("43-inge-gives-notice-after-the-flip", Ended, Some(Outcome::MovedOnWell)),
    ("44-cor-the-landlord-reports-a-death", Ended, Some(Outcome::Deceased)),
    ("51-rosa-back-to-her-place-of-origin-in-another-region", Housed, None),
];

#[test]
fn every_story_is_admitted_and_ends_where_it_should() {
    for (name, phase, outcome) in STORIES {
        let history = admitted(name);
        assert_eq!((history.state().phase, history.state().outcome), (*phase, *outcome), "{name}");
    }
}

#[test]
fn no_story_is_left_out() {
    let files: BTreeSet<_> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|file| file.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"))
        .map(|path| path.file_stem().expect("it has a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, STORIES.iter().map(|(name, ..)| (*name).to_owned()).collect());
}

#[test]
fn every_line_is_in_canonical_form() {
    for (name, ..) in STORIES {
        for (number, (line, fact)) in (1..).zip(lines_of(name)) {
            let canonical = serde_json_canonicalizer::to_string(&fact).expect("a fact is JSON");
            assert_eq!(line, canonical, "{name}, line {number}");
        }
    }
}

#[test]
fn together_the_stories_report_every_kind_of_fact() {
    let reported: BTreeSet<_> =
        STORIES.iter().flat_map(|(name, ..)| lines_of(name)).map(|(_, fact)| fact.fact_type()).collect();
    let missing: Vec<_> =
        FactType::ALL.iter().filter(|kind| !kind.is_about_the_record() && !reported.contains(kind)).collect();
    assert!(missing.is_empty(), "no story reports {missing:?}");
}

#[test]
fn no_text_holds_a_citizen_service_number() {
    for (name, ..) in STORIES {
        for (_, mut fact) in lines_of(name) {
            fact.exchange_texts(|text| match text {
                PrivateText::Text(text) => assert!(!holds_citizen_service_number(text), "{name}: {text}"),
                PrivateText::Sealed(_) => panic!("{name}: only the ledger seals texts"),
            });
        }
    }
}

/// The history of a story, admitted from its first fact to its last.
fn admitted(name: &str) -> History {
    let sets = AgreementSets::shipped();
    let rules = Rules { sets: &sets, today: Day::new(2026, 11, 1).expect("a date") };
    let mut history = History::default();
    for (number, (_, fact)) in (1..).zip(lines_of(name)) {
        let kind = fact.fact_type();
        if let Err(refused) = history.report(fact, rules) {
            panic!("{name}, line {number}, {kind}: {refused} {:?}", refused.breaks);
        }
    }
    history
}

/// The lines of a story with the facts in them.
fn lines_of(name: &str) -> Vec<(String, Fact)> {
    let path = folder().join(format!("{name}.ndjson"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let fact =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}\n{line}"));
    text.lines().map(|line| (line.to_owned(), fact(line))).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}
