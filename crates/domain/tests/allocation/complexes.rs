//! Complexes: who describes them, and what they are on a day.

use omklap_domain::allocation::{Complex, History, NotTheirs, Stream, StreamFact, StreamId, StreamKind};
use omklap_domain::visibility::Role;

use crate::words::*;

#[test]
fn a_complex_is_what_its_last_description_up_to_a_day_says() {
    let more = with(with(described(), "homes", 30), "occurredOn", "2026-02-20");
    let complex = history::<Complex>([more, described()]);
    let homes = |day: &str| complex.state_on(code(day)).described.map(|described| described.homes);
    assert_eq!(["2026-02-01", "2026-02-02", "2026-02-20"].map(homes), [None, Some(24), Some(30)]);
    assert_eq!(complex.state().described.expect("described").homes, 30, "the late fact is in its place");
}

#[test]
fn a_wrong_description_is_replaced_or_retracted_and_stays_readable() {
    let replaced = history::<Complex>([described(), corrected(1, Some(with(described(), "homes", 26)))]);
    assert_eq!(replaced.state().described.expect("described").homes, 26);
    let retracted = history::<Complex>([described(), corrected(1, None)]);
    assert_eq!(retracted.state(), Complex::default());
    assert_eq!(retracted.recorded()[0], of_complex(&described()));
}

#[test]
fn a_description_is_refused_with_every_rule_that_it_breaks() {
    let empty = History::<Complex>::default();
    let wrong = with(with(described(), "occurredOn", "2026-03-03"), "municipality", "0957");
    assert_eq!(refused(&empty, &wrong), ["occurred-in-the-future", "neighbourhood-elsewhere"]);
}

#[test]
fn a_correction_corrects_a_fact_that_is_there_by_a_fact() {
    let complex = history::<Complex>([described(), corrected(1, None)]);
    assert_eq!(refused(&complex, &corrected(3, None)), ["corrected-fact-unknown"]);
    assert_eq!(refused(&complex, &corrected(0, None)), ["corrected-fact-unknown"]);
    assert_eq!(refused(&complex, &corrected(2, None)), ["correction-of-a-correction"]);
    let circular = corrected(1, Some(corrected(1, None)));
    assert!(refused(&complex, &circular).contains(&"replacement-is-a-correction"));
}

#[test]
fn the_stream_of_a_complex_holds_facts_about_no_other_complex() {
    let complex = history::<Complex>([described()]);
    let other = with(described(), "complex", "C-119");
    assert_eq!(refused(&complex, &other), ["names-another"]);
    assert_eq!(refused(&complex, &corrected(1, Some(other))), ["names-another"]);
}

#[test]
fn the_id_of_a_complex_follows_from_its_corporation_and_code() {
    let id = of_complex(&described()).stream();
    assert_eq!(id, Some(StreamId::named(StreamKind::Complex, &["stadswonen", "C-118"])));
    let others = [with(described(), "corporation", "woonzorg"), with(described(), "complex", "C-11")];
    assert!(others.iter().all(|other| of_complex(other).stream() != id));
}

#[test]
fn only_the_corporation_describes_its_complexes_in_its_regions() {
    let (complex, fact) = (Complex::default(), of_complex(&described()));
    let may = |role, organisation| may_report(&complex, &viewer(role, organisation), &fact);
    assert_eq!(may(Role::HousingCorporation, "stadswonen"), Ok(()));
    assert_eq!(may(Role::HousingCorporation, "woonzorg"), Err(NotTheirs::SpeaksForAnother("/corporation")));
    let only = Err(NotTheirs::OfOtherRoles(&[Role::HousingCorporation]));
    assert!([Role::MatchingPoint, Role::Auditor].iter().all(|role| may(*role, "stadswonen") == only));
    let elsewhere = of_complex(&with(described(), "region", "amsterdam"));
    let refused = may_report(&complex, &viewer(Role::HousingCorporation, "stadswonen"), &elsewhere);
    assert_eq!(refused, Err(NotTheirs::RegionOfOthers));
}

#[test]
fn a_complex_is_read_by_its_corporation_and_by_the_partners_of_its_region_but_no_client() {
    let complex = history::<Complex>([described()]).state();
    let reads = |role, organisation| complex.is_read_by(&viewer(role, organisation));
    assert!(reads(Role::HousingCorporation, "stadswonen") && !reads(Role::HousingCorporation, "woonzorg"));
    for role in [Role::CareProvider, Role::Guide, Role::MatchingPoint, Role::Municipality, Role::Auditor] {
        assert!(reads(role, "een-ander"), "{}", role.as_str());
    }
    assert!(!reads(Role::Client, "stadswonen"));
    let mut elsewhere = viewer(Role::MatchingPoint, "transferpunt");
    elsewhere.regions.clear();
    assert!(!complex.is_read_by(&elsewhere));
    assert!(!Complex::default().is_read_by(&viewer(Role::HousingCorporation, "stadswonen")));
}
