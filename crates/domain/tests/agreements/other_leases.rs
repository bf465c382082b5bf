//! Every obligation of the Amsterdam set, if the client lives under a lease to which it does not
//! apply.

use omklap_domain::agreements::assess::assess;
use omklap_domain::agreements::read::read;
use omklap_domain::agreements::{AgreementSets, Verdict};

use crate::vocabulary::*;

const AMSTERDAM: &str = include_str!("../../../../agreements/amsterdam-2018.toml");

/// The set, with one obligation for temporary leases only.
fn only_under_a_temporary_lease(id: &str) -> AgreementSets {
    let head = format!("id = \"{id}\"\n");
    let (before, obligation) = AMSTERDAM.split_once(&head).expect("an obligation of the set");
    let obligation = obligation.split_once("[[").map_or(obligation, |(obligation, _)| obligation);
    let rest = &AMSTERDAM[before.len() + head.len() + obligation.len()..];
    let for_others = obligation.lines().filter(|line| !line.starts_with("contract-models"));
    let for_others = for_others.collect::<Vec<_>>().join("\n");
    let mut sets = AgreementSets::default();
    sets.add(&format!("{before}{head}contract-models = [\"temporary\"]\n{for_others}\n{rest}"))
        .expect("a set");
    sets
}

#[test]
fn no_obligation_applies_under_a_lease_that_it_is_not_for() {
    let story = nothing().then(taken_over_housed);
    let set = read(AMSTERDAM).expect("a good set");
    for (_, obligation) in set.obligations() {
        let sets = only_under_a_temporary_lease(obligation.id.as_str());
        let assessed = assess(&story.history, &sets);
        let verdicts: Vec<_> = assessed
            .iter()
            .filter(|one| one.obligation.id == obligation.id)
            .map(|one| one.status_on(story.next).verdict())
            .collect();
        assert!(!verdicts.is_empty(), "{}", obligation.id);
        assert!(
            verdicts.iter().all(|verdict| *verdict == Verdict::NotApplicable),
            "{}: {verdicts:?}",
            obligation.id
        );
    }
}

#[test]
fn no_flip_is_expected_under_a_lease_that_was_always_the_clients_own() {
    let story = housed_under_own_lease().months_later(13);
    let sets = AgreementSets::shipped();
    let assessed = assess(&story.history, &sets);
    let verdict = |id: &str| {
        let mut ones = assessed.iter().filter(|one| one.obligation.id.as_str() == id);
        ones.next().map(|one| one.status_on(story.next).verdict())
    };
    assert_eq!(
        (verdict("2.2"), verdict("8.1")),
        (Some(Verdict::NotApplicable), Some(Verdict::NotApplicable))
    );
    assert_eq!(verdict("4.2"), Some(Verdict::Overdue));
}
