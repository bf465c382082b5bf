//! Vacancies: from the notice of the former tenant to the letting.

use omklap_domain::allocation::{
    History, NotTheirs, Refusal, RestsOn, Stream, StreamFact, StreamId, StreamKind, Vacancy, VacancyFact,
    VacancyStatus, WithoutLease,
};
use omklap_domain::holds::Matter;
use omklap_domain::trajectory::fact::Cents;
use omklap_domain::visibility::Role;
use serde_json::{Value, json};

use crate::words::*;

#[test]
fn a_vacancy_is_open_until_it_is_let_or_withdrawn() {
    let open = history::<Vacancy>([opened()]);
    assert_eq!(open.state().status, VacancyStatus::Open);
    assert_eq!(history::<Vacancy>([opened(), let_to("elsewhere")]).state().status, VacancyStatus::Let);
    let withdrawn = history::<Vacancy>([opened(), withdrawn()]);
    assert_eq!(withdrawn.state().status, VacancyStatus::Withdrawn);
    assert_eq!(withdrawn.state_on(code("2026-02-10")).status, VacancyStatus::Open);
}

#[test]
fn nothing_happens_to_a_vacancy_that_is_let() {
    let let_already = history::<Vacancy>([opened(), let_to("outflow")]);
    for fact in [changed(&home()), withdrawn(), let_to("elsewhere")] {
        assert_eq!(refused(&let_already, &fact), ["vacancy-not-open"], "{fact}");
    }
    assert_eq!(refused(&let_already, &opened()), ["vacancy-opened-before"]);
}

#[test]
fn a_letting_that_was_a_mistake_is_retracted_and_the_vacancy_open_again() {
    let open = history::<Vacancy>([opened(), let_to("elsewhere"), corrected(2, None)]);
    assert_eq!(open.state().status, VacancyStatus::Open);
}

#[test]
fn a_late_change_of_a_vacancy_that_was_let_later_is_in_its_place() {
    let let_already = history::<Vacancy>([opened(), let_to("outflow")]);
    let late = with(changed(&with(home(), "rentCents", 60_000)), "occurredOn", "2026-02-10");
    assert_eq!(refused(&let_already, &late), [""; 0]);
    let opening_gone = corrected(1, None);
    assert_eq!(refused(&let_already, &opening_gone), ["stream-not-named"]);
}

#[test]
fn a_change_is_of_the_same_dwelling() {
    let open = history::<Vacancy>([opened(), changed(&with(home(), "rentCents", 60_000))]);
    assert_eq!(open.state().opened.expect("opened").home.rent_cents, cents(60_000));
    assert_eq!(refused(&open, &changed(&with(home(), "unit", "VHE-2"))), ["another-unit"]);
}

#[test]
fn a_dwelling_is_described_with_everything_that_is_wrong_named_at_once() {
    let home = with(with(home(), "persons", json!({"min": 3, "max": 2})), "municipality", "0957");
    let wrong = with(opened(), "home", home);
    let expected = ["neighbourhood-elsewhere", "persons-turned-round"];
    assert_eq!(refused(&History::<Vacancy>::default(), &wrong), expected);
    assert_eq!(refused(&History::<Vacancy>::default(), &withdrawn()), ["stream-not-named"]);
}

#[test]
fn a_vacancy_rests_on_its_complex_and_on_a_dwelling_without_a_tenant() {
    let (vacancy, fact) = (Vacancy::default(), fact(&opened()));
    let RestsOn { complex, home, only_open, .. } = vacancy.rests_on(&fact);
    let (complex, municipality) = complex.expect("a complex");
    assert_eq!(complex, StreamId::named(StreamKind::Complex, &["stadswonen", "C-118"]));
    assert_eq!(municipality.as_str(), opened()["home"]["municipality"]);
    assert_eq!(only_open, fact.stream());
    let (corporation, unit, day) = home.expect("a dwelling");
    assert_eq!((corporation.as_str(), unit.as_str(), day), ("stadswonen", "VHE-1", code("2026-05-01")));
    assert_eq!(vacancy.rests_on(&self::fact(&withdrawn())), RestsOn::default());
}

#[test]
fn what_a_client_rents_is_not_let_elsewhere_and_does_not_change_after_that_day() {
    let open = history::<Vacancy>([opened()]).state();
    let rests_on = |wire: &Value| open.rests_on(&fact(wire)).without_lease;
    let expected = [
        (changed(&home()), Some((Some(code("2026-02-20")), Refusal::VacancyNotOpen))),
        (withdrawn(), Some((Some(code("2026-02-20")), Refusal::VacancyNotOpen))),
        (let_to("elsewhere"), Some((None, Refusal::VacancyLetToOutflow))),
        (let_to("outflow"), None),
    ];
    for (wire, rule) in expected {
        let found = rests_on(&wire).map(|WithoutLease { by, otherwise, .. }| (by, otherwise));
        assert_eq!(found, rule, "{wire}");
    }
}

#[test]
fn an_open_offer_of_a_vacancy_that_was_withdrawn_or_let_elsewhere_is_to_be_withdrawn() {
    let matter = |facts: Vec<Value>| history::<Vacancy>(facts).state().matter_of_an_open_offer(None);
    assert_eq!(matter(vec![opened()]), None);
    assert_eq!(matter(vec![opened(), let_to("outflow")]), None);
    assert_eq!(matter(vec![opened(), let_to("elsewhere")]), Some(Matter::LetElsewhere));
    assert_eq!(matter(vec![opened(), withdrawn()]), Some(Matter::VacancyWithdrawn));
}

#[test]
fn a_lease_of_a_client_lets_a_vacancy_whatever_its_corporation_reports() {
    let open = history::<Vacancy>([opened()]).state();
    assert_eq!(open.clone().with_tenant(true).status, VacancyStatus::Let);
    assert_eq!(open.with_tenant(false).status, VacancyStatus::Open);
    let withdrawn = history::<Vacancy>([opened(), withdrawn()]).state();
    assert_eq!(withdrawn.clone().with_tenant(true).status, VacancyStatus::Let);
    assert_eq!(withdrawn.with_tenant(false).status, VacancyStatus::Withdrawn);
}

#[test]
fn a_vacancy_is_its_corporations_and_no_municipality_reads_it() {
    let (vacancy, fact) = (history::<Vacancy>([opened()]).state(), fact(&withdrawn()));
    let may = |role, organisation| may_report(&vacancy, &viewer(role, organisation), &fact);
    assert_eq!(may(Role::HousingCorporation, "stadswonen"), Ok(()));
    assert_eq!(may(Role::HousingCorporation, "woonzorg"), Err(NotTheirs::SpeaksForAnother("/corporation")));
    let reads = |role, organisation| vacancy.is_read_by(&viewer(role, organisation));
    assert!(reads(Role::HousingCorporation, "stadswonen") && !reads(Role::HousingCorporation, "woonzorg"));
    assert!(
        [Role::CareProvider, Role::Guide, Role::MatchingPoint, Role::Auditor]
            .map(|role| reads(role, "x"))
            .iter()
            .all(|reads| *reads)
    );
    assert!(
        ![Role::Municipality, Role::WmoConsultant, Role::Client].map(|role| reads(role, "x")).contains(&true)
    );
}

// The words of these tests.

fn opened() -> Value {
    json!({
        "type": "vacancy-opened", "occurredOn": "2026-02-02", "vacancyId": "7ac00001-0000-4000-8000-000000000001",
        "corporation": "stadswonen", "region": "noord-limburg", "home": home()
    })
}

fn home() -> Value {
    json!({
        "unit": "VHE-1", "complex": "C-118", "municipality": "0983", "neighbourhood": "BU09830101",
        "availableFrom": "2026-05-01", "certain": true, "rentCents": 65_000, "contractModels": ["intermediary"],
        "nuisanceOnFile": false
    })
}

fn changed(home: &Value) -> Value {
    json!({"type": "vacancy-changed", "occurredOn": "2026-02-20", "home": home})
}

fn withdrawn() -> Value {
    json!({"type": "vacancy-withdrawn", "occurredOn": "2026-02-20", "ground": "stays-occupied"})
}

fn let_to(whom: &str) -> Value {
    json!({"type": "vacancy-let", "occurredOn": "2026-02-20", "to": whom})
}

fn cents(cents: i64) -> Cents {
    cents.try_into().expect("an amount")
}

fn fact(fact: &Value) -> VacancyFact {
    read::<Vacancy>(fact)
}
