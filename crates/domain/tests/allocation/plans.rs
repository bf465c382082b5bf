//! The plan of a region for a year.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::plan::{
    ExpectedClients, ForecastAgreed, LettingsReported, Mismatch, Parts, PlanCorrected, QuotaAgreed, QuotaPart,
};
use omklap_domain::allocation::{
    BrokenRule, History, NotTheirs, Plan, PlanFact, Refusal, Stream, StreamFact, plan_id,
};
use omklap_domain::day::Day;
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::Misnaming;
use omklap_domain::trajectory::fact::Profile;
use omklap_domain::visibility::{Role, Viewer};

use crate::words::*;

const YEAR: u16 = 2026;

#[test]
fn a_later_quota_replaces_the_earlier_one_and_lettings_are_kept_by_corporation() {
    let plan = plan([
        quota(&[(None, Some("0281"), 4)]),
        quota(&[(None, Some("0281"), 4), (None, Some("0216"), 4)]),
        lettings("antares", 310),
        lettings("wonen-limburg", 95),
        lettings("antares", 324),
    ]);
    assert_eq!(plan.quota.as_ref().map(QuotaAgreed::homes), Some(8));
    assert_eq!(plan.lettings.values().copied().collect::<Vec<_>>(), [324, 95]);
}

#[test]
fn parts_that_do_not_add_up_are_shown_and_not_refused() {
    let mismatches = |parts: &[Part]| {
        let plan = plan([quota(parts)]);
        plan.quota.expect("agreed").mismatches()
    };
    let of = |parts, sum, whole| Mismatch { parts, sum, whole };
    assert_eq!(mismatches(&[(None, None, 10), (None, Some("0281"), 4), (None, Some("0216"), 6)]), []);
    assert_eq!(
        mismatches(&[(None, None, 10), (None, Some("0281"), 4), (Some("antares"), None, 10)]),
        [of(Parts::Municipalities, 4, 10)]
    );
    assert_eq!(
        mismatches(&[(Some("antares"), None, 9), (None, Some("0281"), 4), (None, Some("0216"), 4)]),
        [of(Parts::Corporations, 9, 8)],
        "without a whole, the municipalities are it"
    );
    assert_eq!(mismatches(&[(Some("antares"), Some("0281"), 4)]), []);
}

#[test]
fn a_part_is_named_once_in_a_plan() {
    let broken = |fact: PlanFact| {
        let checked = History::<Plan>::default().check(plan_id(&code("amsterdam"), YEAR), &fact, today());
        let at = |rule: &BrokenRule| (rule.code(), rule.field.to_string());
        checked.err().unwrap_or_default().iter().map(at).collect::<Vec<_>>()
    };
    let twice = |field: &str| ("part-twice", field.to_owned());
    let parts: [Part; 5] = [
        (None, None, 9),
        (Some("antares"), None, 4),
        (None, Some("0281"), 4),
        (Some("antares"), None, 5),
        (None, None, 9),
    ];
    assert_eq!(broken(quota(&parts)), [twice("/homes/3"), twice("/homes/4")]);
    assert_eq!(broken(quota(&[(Some("antares"), None, 4), (Some("antares"), Some("0281"), 4)])), []);
    assert_eq!(broken(forecast(&[(1, 3), (2, 3), (1, 2)])), [twice("/expected/2")]);
}

#[test]
fn a_plan_names_corporations_of_its_region_and_each_wrong_name_is_at_its_place() {
    let names = |fact: &PlanFact| misnamed(&Plan::default(), &serde_json::to_value(fact).expect("JSON"));
    assert_eq!(names(&quota(&[(Some("stadswonen"), None, 4), (None, Some("0281"), 4)])), []);
    let wrong =
        quota(&[(Some("stadswonen"), None, 4), (Some("antares"), None, 4), (Some("rekenkamer"), None, 1)]);
    let kinds = vec![OrganisationKind::HousingCorporation];
    assert_eq!(
        names(&wrong),
        [
            ("/homes/1/corporation".to_owned(), Misnaming::NotRegistered(None)),
            ("/homes/2/corporation".to_owned(), Misnaming::OtherKind(kinds))
        ]
    );
    let elsewhere = lettings("wonen-elders", 300);
    assert_eq!(names(&elsewhere), [("/corporation".to_owned(), Misnaming::OtherRegion)]);
}

#[test]
fn a_quota_names_the_municipalities_that_the_agreements_list_if_they_list_any() {
    let file = include_str!("../../../../agreements/noord-limburg.toml")
        .replace("\nregions = ", "\nmunicipalities = [\"0983\", \"0984\"]\nregions = ");
    let mut sets = AgreementSets::default();
    sets.add(&file).expect("a set");
    let fact = QuotaAgreed {
        region: code("noord-limburg"),
        ..agreed(&[(None, Some("0983"), 4), (None, Some("9999"), 4)])
    };
    let register = register();
    let wrong = register.misnamed_in_stream(&Plan::default(), &[fact.clone().into()], &sets);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert_eq!(
        (wrong[0].field.as_str(), &wrong[0].fault),
        ("/homes/1/municipality", &Misnaming::MunicipalityOfOtherRegion)
    );
    let shipped = AgreementSets::shipped();
    assert_eq!(register.misnamed_in_stream(&Plan::default(), &[fact.into()], &shipped), []);
}

#[test]
fn a_forecast_adds_up_its_parts() {
    let plan = plan([forecast(&[(1, 3), (2, 2), (12, 4)])]);
    assert_eq!(plan.forecast.map(|forecast| forecast.clients()), Some(9));
}

#[test]
fn a_fact_of_another_year_or_region_belongs_to_another_plan() {
    let history = History::<Plan>::default();
    let id = plan_id(&code("amsterdam"), YEAR + 1);
    let broken = history.check(id, &quota(&[(None, None, 10)]), today());
    assert_eq!(broken, Err(vec![Refusal::NamesAnother.into()]));
    assert_eq!(quota(&[(None, None, 10)]).stream(), Some(plan_id(&code("amsterdam"), YEAR)));
}

#[test]
fn a_quota_that_was_wrong_is_corrected() {
    let mut history = History::<Plan>::from(vec![quota(&[(None, None, 10)])]);
    let correction = PlanFact::EventCorrected(PlanCorrected {
        occurred_on: code("2025-12-01"),
        corrects: 1,
        replacement: Some(Box::new(quota(&[(None, None, 12)]))),
    });
    history.check(plan_id(&code("amsterdam"), YEAR), &correction, today()).expect("admitted");
    history.record(correction);
    assert_eq!(history.state().quota.map(|quota| quota.homes()), Some(12));
}

#[test]
fn the_matching_point_or_the_municipality_reports_a_plan_and_the_partners_of_the_region_read_it() {
    let (fact, plan) = (quota(&[(None, None, 10)]), plan([quota(&[(None, None, 10)])]));
    for role in Role::ALL {
        let elsewhere = viewer(role, "transferpunt");
        let here = Viewer { regions: [code("amsterdam")].into(), ..elsewhere.clone() };
        let reports = [Role::MatchingPoint, Role::Municipality].contains(&role);
        assert_eq!(may_report(&Plan::default(), &here, &fact).is_ok(), reports, "{role:?}");
        if reports {
            assert_eq!(may_report(&plan, &elsewhere, &fact), Err(NotTheirs::RegionOfOthers));
        }
        let reads = ![Role::Client, Role::NuisanceDesk, Role::NuisanceOfficer].contains(&role);
        assert_eq!((plan.is_read_by(&here), plan.is_read_by(&elsewhere)), (reads, false), "{role:?}");
    }
}

// The words of these tests.

/// A part of a quota: its corporation, its municipality and its homes.
type Part = (Option<&'static str>, Option<&'static str>, u16);

fn plan<const N: usize>(facts: [PlanFact; N]) -> Plan {
    let mut history = History::<Plan>::default();
    for fact in facts {
        history.check(plan_id(&code("amsterdam"), YEAR), &fact, today()).expect("admitted");
        history.record(fact);
    }
    history.state()
}

fn quota(parts: &[Part]) -> PlanFact {
    agreed(parts).into()
}

fn agreed(parts: &[Part]) -> QuotaAgreed {
    let part = |(corporation, municipality, homes): &Part| QuotaPart {
        corporation: corporation.map(code),
        municipality: municipality.map(code),
        homes: *homes,
    };
    QuotaAgreed {
        occurred_on: code("2025-11-20"),
        region: code("amsterdam"),
        year: YEAR,
        document: code("dms:quota-2026"),
        homes: parts.iter().map(part).collect(),
    }
}

fn forecast(months: &[(u8, u16)]) -> PlanFact {
    let part = |(month, clients): &(u8, u16)| ExpectedClients {
        month: *month,
        profile: Profile::P1,
        origin: None,
        clients: *clients,
    };
    ForecastAgreed {
        occurred_on: code("2025-11-20"),
        region: code("amsterdam"),
        year: YEAR,
        document: code("dms:forecast-2026"),
        expected: months.iter().map(part).collect(),
    }
    .into()
}

fn lettings(corporation: &str, lettings: u32) -> PlanFact {
    let (region, corporation) = (code("amsterdam"), code(corporation));
    LettingsReported { occurred_on: code("2026-12-31"), region, year: YEAR, corporation, lettings }.into()
}

fn today() -> Day {
    code("2027-01-15")
}
