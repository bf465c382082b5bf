//! Complexes, vacancies, plans and rounds of the demo.

use std::collections::BTreeMap;

use omklap_demo::{RegionalReport, regional_reports, simulated_partners, simulated_regional_reports};
use omklap_domain::allocation::{Complex, History, Plan, Round, Stream, StreamFact, StreamId, Vacancy};
use omklap_domain::day::Day;

#[test]
fn every_region_has_a_complex_vacancies_a_plan_and_three_rounds_that_the_rules_admit() {
    let mut streams: BTreeMap<&str, usize> = BTreeMap::new();
    let reports = regional_reports();
    for report in &reports {
        let kind = report.path.rsplit('/').next().expect("a path");
        admitted_of(kind, report);
        *streams.entry(kind).or_default() += 1;
    }
    let expected = [("complexes", 10), ("plans", 10), ("rounds", 30), ("vacancies", 30)];
    assert_eq!(streams, expected.into());
}

#[test]
fn simulated_regions_have_homes_plans_and_rounds_in_proportion_that_the_rules_admit() {
    let mut streams: BTreeMap<&str, usize> = BTreeMap::new();
    let reports: Vec<_> = simulated_regional_reports(7, 3_000).collect();
    let partners: BTreeMap<_, _> = simulated_partners().map(|(name, kind, _)| (name, kind)).collect();
    for report in &reports {
        let kind = report.path.rsplit('/').next().expect("a path");
        admitted_of(kind, report);
        *streams.entry(kind).or_default() += 1;
        assert!(report.by == "matching-point" || partners.contains_key(report.by.as_str()), "{}", report.by);
    }
    assert_eq!(streams, [("complexes", 408), ("plans", 8), ("rounds", 147), ("vacancies", 3_300)].into());
    let again: Vec<_> = simulated_regional_reports(7, 3_000).map(|report| report.facts).collect();
    assert!(reports.iter().map(|report| &report.facts).eq(&again));
}

fn admitted_of(kind: &str, report: &RegionalReport) {
    match kind {
        "complexes" => admitted::<Complex>(report),
        "vacancies" => admitted::<Vacancy>(report),
        "plans" => admitted::<Plan>(report),
        "rounds" => admitted::<Round>(report),
        other => panic!("{other}"),
    }
}

/// The rules admit every fact of a report, and of those that follow it.
fn admitted<S: Stream>(report: &RegionalReport) {
    let mut history = History::<S>::default();
    let mut id = StreamId::default();
    for report in std::iter::once(report).chain(&report.then) {
        let facts: Vec<S::Fact> = serde_json::from_value(report.facts.clone()).expect("facts");
        for fact in facts {
            id = fact.stream().unwrap_or(id);
            let today: Day = "2026-11-01".parse().expect("a day");
            let checked = history.check(id, &fact, today);
            assert_eq!(checked, Ok(()), "{} {}", report.path, report.facts);
            history.record(fact);
        }
    }
}
