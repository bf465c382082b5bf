//! The rules, one by one. One story breaks each rule, a similar one keeps it, and the name of the
//! test states the rule.

mod after_flip;
mod always;
mod corrections;
mod flip;
mod guarantee_fund;
mod intake;
mod late_facts;
mod lease_changes;
mod living;
mod matching;
mod money;
mod moving_in;
mod nuisance;
mod record;
mod region_transfer;
mod termination;
mod two_clocks;

use std::collections::BTreeSet;

use crate::vocabulary::Refusal;

/// Rules as sentences. Each becomes a test that provokes exactly this refusal (and the one beside
/// it, if it cannot come alone), and shows that the similar story is admitted. `BROKEN` lists the
/// provoked refusals.
macro_rules! rules {
    ($($(#[$doc:meta])* $sentence:ident: $refusal:ident $(beside $beside:ident)?,
        broken by $broken:expr, kept by $kept:expr;)*) => {
        /// The rules that the tests of this group break.
        pub const BROKEN: &[Refusal] = &[$(Refusal::$refusal,)*];

        $(
            $(#[$doc])*
            #[test]
            fn $sentence() {
                $broken.refused([Refusal::$refusal, $(Refusal::$beside)?]);
                $kept.admitted();
            }
        )*
    };
}
use rules;

#[test]
fn every_rule_can_be_broken() {
    let groups = [
        after_flip::BROKEN,
        always::BROKEN,
        corrections::BROKEN,
        flip::BROKEN,
        guarantee_fund::BROKEN,
        intake::BROKEN,
        late_facts::BROKEN,
        lease_changes::BROKEN,
        living::BROKEN,
        matching::BROKEN,
        money::BROKEN,
        moving_in::BROKEN,
        region_transfer::BROKEN,
        nuisance::BROKEN,
        record::BROKEN,
        termination::BROKEN,
    ];
    let broken: BTreeSet<_> = groups.into_iter().flatten().collect();
    // These two are not rules. They replace refusals that depend on hidden facts
    // (tests/visibility/refusals.rs).
    let stand_ins = [Refusal::PastDayNotTried, Refusal::ReasonWithheld];
    // These rest on a vacancy and its list of candidates (tests/allocation/offers.rs).
    let elsewhere = [
        Refusal::VacancyUnknown,
        Refusal::VacancyClosed,
        Refusal::UnitNotOfVacancy,
        Refusal::ComplexNotOfVacancy,
        Refusal::MunicipalityNotOfVacancy,
        Refusal::RentNotOfVacancy,
        Refusal::WeighingNotOfTheList,
        Refusal::WeighingMissing,
    ];
    let is_broken =
        |rule: &Refusal| broken.contains(rule) || stand_ins.contains(rule) || elsewhere.contains(rule);
    let never: Vec<_> = Refusal::ALL.iter().filter(|rule| !is_broken(rule)).collect();
    assert!(never.is_empty(), "no test provokes {never:?}");
}

#[test]
fn every_rule_has_its_own_code_and_texts_in_two_languages() {
    let codes: BTreeSet<_> = Refusal::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    for rule in Refusal::ALL {
        let name = format!("{rule:?}");
        let kebab = name.chars().enumerate().flat_map(|(at, letter)| {
            let dash = (at > 0 && letter.is_ascii_uppercase()).then_some('-');
            dash.into_iter().chain([letter.to_ascii_lowercase()])
        });
        assert_eq!(rule.code(), kebab.collect::<String>());
        for text in [rule.in_english(), rule.in_dutch()] {
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
    }
}
