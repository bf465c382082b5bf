//! Histories to try the ledger with: the hand-written stories of `demo/`, and a simulation that
//! generates as many as needed.
//!
//! [`history`] moves time forward from the intake, month by month, and checks every fact against
//! the rules before it is reported, so the rules admit every history. The same seed and number
//! always give the same history.

mod elsewhere;
mod flip;
mod follow_up;
mod lease_changes;
mod living;
mod matching;
mod money;
mod moving_in;
mod nuisance;
mod preparation;
mod profile;
mod regional;
mod regional_simulation;
mod regions;
mod reports;
mod signals;
mod simulation;
mod stories;
mod take_over;
mod way_back;
mod words;

pub use regional::{RegionalReport, regional_reports};
pub use regional_simulation::{simulated_partners, simulated_regional_reports};
pub use reports::Reports;
pub use stories::{STORIES, Story};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::trajectory::{Fact, Rules};

use simulation::{Advance, Simulation};
use uuid::Uuid;

/// The last day of simulated histories. It is fixed, so that the same seed gives the same histories
/// tomorrow.
///
/// # Panics
/// Never: the calendar has this day.
#[must_use]
pub fn simulated_until() -> Day {
    Day::new(2026, 11, 1).expect("the calendar has it")
}

/// The facts of one simulated trajectory in the order of reporting.
///
/// It does not depend on how many others are simulated: number 7 of seed 1 is the same among ten
/// and among a million.
#[must_use]
pub fn history(seed: u64, number: u64, sets: &AgreementSets) -> Vec<Fact> {
    let mut simulation = Simulation::new(seed, number, Rules { sets, today: simulated_until() });
    // A simulation may finish in two ways: the trajectory ended, or its last day was reached.
    let _finished = simulate(&mut simulation);
    simulation.into_facts()
}

/// The id of the simulated trajectory in every ledger. Each seed and number has its own id, and the
/// ids of one seed follow each other.
#[must_use]
pub fn simulated_id(seed: u64, number: u64) -> Uuid {
    let mut id =
        uuid::Builder::from_unix_timestamp_millis(0x0190_0000_0001 + number, &[0; 10]).into_uuid().as_u128();
    id |= u128::from(seed >> 62) << 64 | u128::from(seed & (u64::MAX >> 2));
    Uuid::from_u128(id)
}

fn simulate(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.chance(0.04) {
        take_over::take_over(simulation)?;
    } else {
        preparation::prepare(simulation)?;
        matching::find_a_home(simulation)?;
        moving_in::settle(simulation)?;
    }
    living::live_towards_the_flip(simulation)?;
    follow_up::keep_an_eye(simulation)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use omklap_domain::text::{PrivateText, holds_citizen_service_number};
    use omklap_domain::trajectory::fact::FactType;
    use omklap_domain::trajectory::{History, Phase};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_history_and_another_seed_another() {
        let sets = AgreementSets::shipped();
        assert_eq!(history(7, 3, &sets), history(7, 3, &sets));
        assert_ne!(history(7, 3, &sets), history(8, 3, &sets));
        assert_ne!(history(7, 3, &sets), history(7, 4, &sets));
    }

    #[test]
    fn every_simulated_trajectory_is_bound_to_a_set_of_its_region() {
        let sets = AgreementSets::shipped();
        for facts in region() {
            let history = History::from(facts);
            let (state, bound) = (history.state(), history.state().agreement_set.as_ref());
            let moved = history.happened().any(|(_, fact)| matches!(fact, Fact::RegionTransferAccepted(_)));
            // Before a move to another region it was bound to sets of the former one.
            let earlier = state.earlier_sets.iter().filter(|_| !moved);
            let all = bound.into_iter().chain(earlier).filter_map(|set| sets.get(set));
            let region = &state.partners.as_ref().expect("opened").region;
            assert!(all.into_iter().all(|set| set.is_of(region)), "{region}");
        }
    }

    #[test]
    fn every_simulated_trajectory_has_an_id_of_its_own() {
        let seeds = [0, 1, 7, 1 << 61, 1 << 62, 1 << 63, u64::MAX];
        let drawn = seeds.iter().flat_map(|seed| (0..50).map(|number| simulated_id(*seed, number)));
        let ids: BTreeSet<_> = drawn.chain(STORIES.iter().map(|story| story.id)).collect();
        assert_eq!(ids.len(), seeds.len() * 50 + STORIES.len());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn a_region_has_some_eighty_facts_a_trajectory_and_hard_cases_three_hundred() {
        let sizes: Vec<_> = region().iter().map(Vec::len).collect();
        let average = sizes.iter().sum::<usize>() / sizes.len();
        assert!((70..=95).contains(&average), "{average} facts a trajectory");
        assert!(sizes.iter().any(|size| *size >= 300), "the longest has {:?}", sizes.iter().max());
    }

    #[test]
    fn a_region_has_trajectories_in_every_phase_that_lasts() {
        let mut phases = BTreeMap::new();
        for facts in region() {
            *phases.entry(History::from(facts).state().phase).or_insert(0) += 1;
        }
        for phase in [Phase::Preparing, Phase::Matching, Phase::Housed, Phase::FollowUp, Phase::Ended] {
            assert!(phases.get(&phase).is_some_and(|there| *there >= 5), "{phases:?}");
        }
    }

    #[test]
    fn a_region_reports_every_kind_of_fact() {
        let reported: BTreeSet<_> = region().iter().flatten().map(Fact::fact_type).collect();
        let missing: Vec<_> = FactType::ALL
            .iter()
            .filter(|kind| !kind.is_about_the_record() && !reported.contains(kind))
            .collect();
        assert!(missing.is_empty(), "never reported: {missing:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_history_is_admitted_from_its_first_fact(seed: u64, number in 0_u64..1_000_000) {
            let sets = AgreementSets::shipped();
            let rules = Rules { sets: &sets, today: simulated_until() };
            let mut admitted = History::default();
            for fact in history(seed, number, &sets) {
                let report = admitted.report(fact.clone(), rules);
                prop_assert!(report.is_ok(), "{fact:?}: {report:?}");
            }
        }

        #[test]
        fn no_text_holds_a_citizen_service_number(seed: u64, number in 0_u64..1_000_000) {
            for mut fact in history(seed, number, &AgreementSets::shipped()) {
                fact.exchange_texts(|text| match text {
                    PrivateText::Text(text) => assert!(!holds_citizen_service_number(text), "{text}"),
                    PrivateText::Sealed(_) => panic!("only the ledger seals texts"),
                });
            }
        }
    }

    fn region() -> Vec<Vec<Fact>> {
        let sets = AgreementSets::shipped();
        (0..500).map(|number| history(7, number, &sets)).collect()
    }
}
