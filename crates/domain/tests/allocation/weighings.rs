//! The match: what a weighing says for and against, and what must hold for every weighing.

use std::sync::LazyLock;

use omklap_domain::agreements::{AgreementSet, AgreementSets};
use omklap_domain::allocation::plan::QuotaAgreed;
use omklap_domain::allocation::weigh::{
    CandidateList, CheckCode, CheckResult, Counts, Eligibility, FittingTest, Lets, OrderKey, QuotaCount,
    RefusedHome, Seeker, Weighing, digest, ranked, sees_who_lives_in, weigh,
};
use omklap_domain::allocation::{PersonsRange, VacancyOpened};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::{Access, FittingResult};
use omklap_domain::visibility::Role;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::homes_and_seekers::{any_home, any_seeker, home, of, profile, seeker};
use crate::words::{code, viewer};

const ON: &str = "2026-03-02";

#[test]
fn a_home_that_fits_meets_every_hard_check() {
    let weighing = weighed(&home(), &seeker());
    assert_eq!(weighing.eligibility(), Eligibility::Eligible);
    assert!(weighing.hard().all(|check| check.result == CheckResult::Met), "{:#?}", weighing.checks);
}

#[test]
fn each_need_that_is_not_met_is_named_with_what_is_needed_and_offered() {
    let (mut home, mut seeker) = (home(), seeker());
    home.home.rent_cents = 90_000.try_into().expect("an amount");
    home.home.nuisance_on_file = true;
    seeker.offers.used = 1;
    profile(&mut seeker).access = Access::Wheelchair;
    let weighing = weighed(&home, &seeker);
    let failed: Vec<_> =
        weighing.hard().filter(|check| check.result == CheckResult::NotMet).map(|check| check.code).collect();
    let expected = [CheckCode::Access, CheckCode::Rent, CheckCode::OffersLeft, CheckCode::NuisanceOnFile];
    assert_eq!(failed, expected);
    let rent = &weighing.checks[CheckCode::Rent as usize];
    assert_eq!((rent.needs.as_deref(), rent.offers.as_deref()), (Some("80000"), Some("90000")));
}

#[test]
fn what_vacancy_or_profile_do_not_say_is_unknown_and_has_to_be_asked() {
    let (mut home, mut seeker) = (home(), seeker());
    home.home.persons = None;
    profile(&mut seeker).access = Access::Wheelchair;
    home.home.access = None;
    assert_eq!(result(&home, &seeker, CheckCode::Persons), CheckResult::Unknown);
    assert_eq!(result(&home, &seeker, CheckCode::Access), CheckResult::Unknown);
    assert_eq!(weighed(&home, &seeker).eligibility(), Eligibility::Ask);
    seeker.profile = None;
    assert_eq!(result(&home, &seeker, CheckCode::Rent), CheckResult::Unknown);
}

#[test]
fn a_client_without_a_profile_is_asked_and_comes_after_every_client_who_is_eligible() {
    let (fits, mut unknown) = (seeker(), seeker());
    unknown.trajectory = TrajectoryId(Uuid::from_u128(2));
    (unknown.profile, unknown.reach_at_night) = (None, None);
    unknown.ready_on = Some(code("2020-01-01"));
    assert_eq!(weighed(&home(), &unknown).eligibility(), Eligibility::Ask);
    let list = [&unknown, &fits].map(|one| (one.trajectory, weighed(&home(), one)));
    assert_eq!(ranked(list.into())[0].0, fits.trajectory);
}

#[test]
fn a_client_who_is_ready_after_the_home_is_available_comes_later() {
    let mut later = Seeker { ready_on: None, expected_on: Some(code("2026-09-01")), ..seeker() };
    let check = weighed(&home(), &later).checks[CheckCode::Ready as usize].clone();
    assert_eq!((check.result, check.needs.as_deref()), (CheckResult::NotMet, Some("2026-09-01")));
    later.expected_on = Some(code("2026-04-01"));
    assert_eq!(result(&home(), &later, CheckCode::Ready), CheckResult::Unknown);
}

#[test]
fn a_home_that_was_refused_is_not_offered_again_and_its_complex_is_a_notice() {
    let home = home();
    let refused = RefusedHome {
        corporation: home.corporation.clone(),
        unit: Some(home.home.unit.clone()),
        complex: home.home.complex.clone(),
    };
    let elsewhere = RefusedHome { unit: Some(code("VHE-9")), ..refused.clone() };
    let in_lower_case = home.home.unit.as_str().to_ascii_lowercase();
    let same = RefusedHome { unit: Some(code(&in_lower_case)), ..refused.clone() };
    let once_more = Seeker { refused: vec![same], ..seeker() };
    assert_eq!(weighed(&home, &once_more).eligibility(), Eligibility::NotEligible);
    let again = Seeker { refused: vec![refused], ..seeker() };
    assert_eq!(weighed(&home, &again).eligibility(), Eligibility::NotEligible);
    let near = Seeker { refused: vec![elsewhere], ..seeker() };
    assert_eq!(weighed(&home, &near).eligibility(), Eligibility::Eligible);
    assert_eq!(result(&home, &near, CheckCode::ComplexRefusedBefore), CheckResult::NotMet);
}

#[test]
fn concentration_is_a_warning_with_its_numbers_and_never_a_filter() {
    let counts = |living| Counts { living_in_complex: Some(living), homes_in_complex: Some(24), quota: None };
    let with = |living| weigh(&home(), &seeker(), counts(living), &set(), code(ON));
    let check = with(6).checks[CheckCode::Concentration as usize].clone();
    assert_eq!((check.result, check.offers.as_deref()), (CheckResult::NotMet, Some("6/24")));
    assert_eq!(with(6).eligibility(), Eligibility::Eligible);
    assert_eq!(with(5).checks[CheckCode::Concentration as usize].result, CheckResult::Met);
    assert_eq!(with(5).rank, with(6).rank, "it changes no place");
    let hidden = Counts { living_in_complex: None, homes_in_complex: Some(24), quota: None };
    let unknown = weigh(&home(), &seeker(), hidden, &set(), code(ON));
    assert_eq!(unknown.checks[CheckCode::Concentration as usize].result, CheckResult::Unknown);
}

#[test]
fn what_a_viewer_does_not_see_of_a_refused_home_has_to_be_asked() {
    let hidden = RefusedHome { corporation: home().corporation, unit: None, complex: None };
    let elsewhere = RefusedHome { corporation: code("woonzorg"), ..hidden.clone() };
    let complex = home().home.complex;
    let only_the_unit = RefusedHome { complex: complex.clone(), ..hidden.clone() };
    assert!(complex.is_some());
    let with = |refused| Seeker { refused, ..seeker() };
    assert_eq!(result(&home(), &with(vec![hidden]), CheckCode::RefusedBefore), CheckResult::Unknown);
    assert_eq!(result(&home(), &with(vec![elsewhere]), CheckCode::RefusedBefore), CheckResult::Met);
    let near = with(vec![only_the_unit]);
    assert_eq!(result(&home(), &near, CheckCode::RefusedBefore), CheckResult::Unknown);
    assert_eq!(result(&home(), &near, CheckCode::ComplexRefusedBefore), CheckResult::NotMet);
}

#[test]
fn a_fitting_test_says_something_of_lower_rents_if_it_fits_and_of_higher_ones_if_it_does_not() {
    let tested = |tests: &[(i64, FittingResult)]| {
        let tests = tests.iter().map(|(rent, result)| FittingTest {
            rent_cents: (*rent).try_into().expect("an amount"),
            result: *result,
        });
        let seeker = Seeker { tests: tests.collect(), ..seeker() };
        (result(&home(), &seeker, CheckCode::Fitting), weighed(&home(), &seeker).eligibility())
    };
    assert_eq!(tested(&[]), (CheckResult::Unknown, Eligibility::Eligible));
    assert_eq!(tested(&[(70_000, FittingResult::Fits)]), (CheckResult::Met, Eligibility::Eligible));
    assert_eq!(tested(&[(60_000, FittingResult::DoesNotFit)]), (CheckResult::NotMet, Eligibility::Eligible));
    assert_eq!(
        tested(&[(60_000, FittingResult::Fits), (70_000, FittingResult::DoesNotFit)]).0,
        CheckResult::Unknown
    );
    assert_eq!(
        tested(&[(60_000, FittingResult::DoesNotFit), (70_000, FittingResult::Fits)]).0,
        CheckResult::Met,
        "the latest counts"
    );
}

#[test]
fn a_quota_is_shown_with_its_numbers_and_forbids_nothing() {
    let with = |quota| {
        let counts = Counts { quota, ..Counts::default() };
        let weighing = weigh(&home(), &seeker(), counts, &set(), code(ON));
        let check = weighing.checks[CheckCode::Quota as usize].clone();
        (check.result, check.offers, weighing.eligibility())
    };
    let of = |homes_let| Some(QuotaCount { homes_let, homes: 4 });
    assert_eq!(with(of(3)), (CheckResult::Met, Some("3/4".to_owned()), Eligibility::Eligible));
    assert_eq!(with(of(4)), (CheckResult::NotMet, Some("4/4".to_owned()), Eligibility::Eligible));
    assert_eq!(with(None), (CheckResult::Unknown, None, Eligibility::Eligible), "without a plan");
}

#[test]
fn the_narrowest_part_of_a_quota_counts_and_a_corporation_sees_its_own() {
    let part = |corporation: Option<&str>, municipality: Option<&str>, homes: u16| {
        let part = json!({"corporation": corporation, "municipality": municipality, "homes": homes});
        let named = part.as_object().expect("an object").clone().into_iter().filter(|(_, is)| !is.is_null());
        Value::Object(named.collect())
    };
    let agreed = |homes: Vec<Value>| -> QuotaAgreed {
        of(json!({"occurredOn": "2025-11-20", "region": "noord-limburg", "year": 2026,
            "document": "dms:1", "homes": homes}))
    };
    let lets = Lets::from([
        ((code("stadswonen"), code("0983")), 2),
        ((code("stadswonen"), code("0957")), 1),
        ((code("woonzorg"), code("0983")), 4),
    ]);
    let seen = |quota: &QuotaAgreed, role, organisation| {
        let count = QuotaCount::of_vacancy(quota, &lets, &home(), &viewer(role, organisation));
        count.map(|quota| (quota.homes_let, quota.homes))
    };
    let both = part(Some("stadswonen"), Some("0983"), 5);
    let theirs = agreed(vec![part(Some("stadswonen"), None, 8), both, part(None, Some("0983"), 9)]);
    assert_eq!(seen(&theirs, Role::MatchingPoint, "transferpunt"), Some((2, 5)));
    assert_eq!(seen(&theirs, Role::HousingCorporation, "stadswonen"), Some((2, 5)));
    assert_eq!(seen(&theirs, Role::HousingCorporation, "woonzorg"), None);
    assert_eq!(seen(&theirs, Role::CareProvider, "de-vaart"), None);
    let of_the_municipality = agreed(vec![part(None, Some("0983"), 9)]);
    assert_eq!(seen(&of_the_municipality, Role::MatchingPoint, "transferpunt"), Some((6, 9)));
    assert_eq!(seen(&of_the_municipality, Role::HousingCorporation, "stadswonen"), None, "of others too");
    let left = QuotaCount::of_corporation(&theirs, &lets, &code("stadswonen")).map(QuotaCount::left);
    assert_eq!(left, Some(5));
}

#[test]
fn who_needs_what_is_scarce_comes_before_who_is_ready_longer() {
    let mut longer = Seeker { trajectory: TrajectoryId(Uuid::from_u128(2)), ..seeker() };
    longer.ready_on = Some(code("2025-01-01"));
    let mut needs_a_lift = seeker();
    profile(&mut needs_a_lift).access = Access::GroundFloorOrLift;
    let first = |set: &AgreementSet| {
        let list = [&longer, &needs_a_lift]
            .map(|one| (one.trajectory, weigh(&home(), one, Counts::default(), set, code(ON))));
        ranked(list.into())[0].0
    };
    assert_eq!(first(&set()), needs_a_lift.trajectory);
    let mut other = set();
    other.matching.order = vec![OrderKey::HardMet, OrderKey::ReadySince, OrderKey::Lot];
    assert_eq!(first(&other), longer.trajectory, "by the order of the set");
}

#[test]
fn a_list_gives_a_weighing_for_each_place_also_against_a_condition() {
    let (first, mut asked, mut out) = (seeker(), seeker(), seeker());
    (asked.trajectory, out.trajectory) = (TrajectoryId(Uuid::from_u128(2)), TrajectoryId(Uuid::from_u128(3)));
    (asked.profile, out.offers.used) = (None, 1);
    let weighed = [&out, &asked, &first].map(|one| (one.trajectory, weighed(&home(), one)));
    let list = CandidateList::of(weighed.into(), code(ON), code("2026-03-02T09:00:00Z"));
    let place = |one: &Seeker| list.weighing_of(one.trajectory).map(|it| (it.place, it.eligible));
    assert_eq!((place(&first), place(&asked), place(&out)), (Some((1, 1)), Some((2, 1)), Some((3, 1))));
    let kept = list.weighing_of(first.trajectory).expect("it may be offered");
    assert_eq!((kept.valid_on, &kept.digest), (code(ON), &list.digest));
}

#[test]
fn only_those_who_read_every_case_there_see_how_many_clients_live_in_a_complex() {
    let sees = |role, organisation| sees_who_lives_in(&viewer(role, organisation), &home());
    assert!(sees(Role::HousingCorporation, "stadswonen") && sees(Role::MatchingPoint, "transferpunt"));
    assert!(!sees(Role::HousingCorporation, "woonzorg") && !sees(Role::CareProvider, "de-vaart"));
}

proptest! {
    /// The list does not depend on the order in which the cases were read, and so neither does its
    /// digest.
    #[test]
    fn the_order_of_input_does_not_matter(seekers in prop::collection::vec(any_seeker(), 1..12), home in any_home()) {
        let list = |seekers: &mut dyn Iterator<Item = &Seeker>| {
            let weighed = seekers.map(|one| (one.trajectory, weighed(&home, one))).collect();
            let list: Vec<(TrajectoryId, Weighing)> = ranked(weighed);
            (list.iter().map(|(id, _)| *id).collect::<Vec<_>>(), digest(list.iter().map(|(id, one)| (*id, one))))
        };
        prop_assert_eq!(list(&mut seekers.iter()), list(&mut seekers.iter().rev()));
    }

    /// A client who needs less never loses a home.
    #[test]
    fn a_smaller_need_never_loses_eligibility(seeker in any_seeker(), home in any_home()) {
        let mut less = seeker.clone();
        let profile = profile(&mut less);
        (profile.access, profile.quiet_needed, profile.pets) = (Access::AnyFloor, false, false);
        profile.rent_limit_cents = 100_000_000.try_into().expect("an amount");
        profile.excluded_areas.clear();
        prop_assert!(weighed(&home, &less).eligibility() <= weighed(&home, &seeker).eligibility());
    }

    /// Changing exactly what the failed hard checks say leaves at most something to ask.
    #[test]
    fn the_failed_checks_are_the_reason(seeker in any_seeker(), home in any_home()) {
        let (mut fixed_home, mut fixed) = (home.clone(), seeker.clone());
        for check in weighed(&home, &seeker).hard().filter(|check| check.result == CheckResult::NotMet) {
            mend(check.code, &mut fixed_home, &mut fixed);
        }
        prop_assert!(weighed(&fixed_home, &fixed).eligibility() != Eligibility::NotEligible);
    }

    /// Soft checks and notices decide neither eligibility nor place.
    #[test]
    fn wishes_and_warnings_change_no_place(seeker in any_seeker(), home in any_home(), living in 0..40_u32) {
        let mut other = seeker.clone();
        profile(&mut other).preferred_areas.clear();
        profile(&mut other).pets = !profile(&mut other).pets;
        let counts = Counts { living_in_complex: Some(living), homes_in_complex: Some(10), quota: None };
        let changed = weigh(&home, &other, counts, &set(), code(ON));
        prop_assert_eq!(changed.rank, weighed(&home, &seeker).rank);
    }
}

// The words of these tests.

/// Makes the one thing right that a check is about.
fn mend(check: CheckCode, home: &mut VacancyOpened, seeker: &mut Seeker) {
    match check {
        CheckCode::Ready => seeker.ready_on = Some(code("2026-01-01")),
        CheckCode::Access => home.home.access = Some(Access::Wheelchair),
        CheckCode::Rent => home.home.rent_cents = 1.try_into().expect("an amount"),
        CheckCode::AreaExcluded => profile(seeker).excluded_areas.clear(),
        CheckCode::Persons => home.home.persons = Some(PersonsRange { min: 1, max: 9 }),
        CheckCode::Contract => home.home.contract_models = set().contract_models,
        CheckCode::OffersLeft => seeker.offers.used = 0,
        CheckCode::NuisanceOnFile => home.home.nuisance_on_file = false,
        CheckCode::RefusedBefore => seeker.refused.clear(),
        other => panic!("{other:?} is not hard"),
    }
}

fn weighed(home: &VacancyOpened, seeker: &Seeker) -> Weighing {
    weigh(home, seeker, Counts::default(), &set(), code(ON))
}

fn result(home: &VacancyOpened, seeker: &Seeker, check: CheckCode) -> CheckResult {
    weighed(home, seeker).checks[check as usize].result
}

fn set() -> AgreementSet {
    static SET: LazyLock<AgreementSet> = LazyLock::new(|| {
        let sets = AgreementSets::shipped();
        sets.of_region(&code("noord-limburg")).expect("a set that ships").clone()
    });
    SET.clone()
}
