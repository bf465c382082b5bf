//! An offer that names a vacancy: what the rest of the ledger must have for it.

use omklap_domain::allocation::Vacancy;
use omklap_domain::allocation::offered::{offer_of_a_vacancy, offer_without_weighing, unfounded};
use omklap_domain::trajectory::Refusal;
use omklap_domain::trajectory::fact::{DwellingOffered, Fact, OfferWeighing};
use serde_json::{Value, json};

use crate::words::*;

#[test]
fn an_offer_of_an_open_vacancy_with_the_weighing_of_its_list_is_founded() {
    assert_eq!(unfounded(&offer(&[]), Some(&vacancy()), Some(&weighing())), []);
    let without = offer(&[("weighing", Value::Null)]);
    assert_eq!(unfounded(&without, Some(&vacancy()), None), []);
}

#[test]
fn each_field_in_which_offer_and_vacancy_differ_is_named() {
    let other = offer(&[
        ("unit", json!("VHE-2")),
        ("complex", Value::Null),
        ("municipality", json!("0957")),
        ("rentCents", json!(64_999)),
    ]);
    let broken = unfounded(&other, Some(&vacancy()), Some(&weighing()));
    let fields: Vec<_> = broken.iter().map(|refusal| refusal.field()).collect();
    assert_eq!(fields, ["/unit", "/complex", "/municipality", "/rentCents"]);
}

#[test]
fn a_vacancy_of_another_corporation_is_as_unknown_as_one_that_is_not_there() {
    let mut of_another = vacancy();
    of_another.opened.as_mut().expect("opened").corporation = code("woonzorg");
    for vacancy in [Some(&of_another), Some(&Vacancy::default()), None] {
        assert_eq!(unfounded(&offer(&[]), vacancy, Some(&weighing())), [Refusal::VacancyUnknown]);
    }
}

#[test]
fn a_vacancy_that_is_let_or_has_a_nuisance_file_is_not_offered() {
    let let_already = vacancy().with_tenant(true);
    assert_eq!(unfounded(&offer(&[]), Some(&let_already), Some(&weighing())), [Refusal::VacancyClosed]);
    let mut with_a_file = vacancy();
    with_a_file.opened.as_mut().expect("opened").home.nuisance_on_file = true;
    assert_eq!(unfounded(&offer(&[]), Some(&with_a_file), Some(&weighing())), [Refusal::NuisanceOnFile]);
}

#[test]
fn a_weighing_is_that_of_the_list_in_every_part() {
    let other = |change: fn(&mut OfferWeighing)| {
        let mut weighing = weighing();
        change(&mut weighing);
        weighing
    };
    let listed = [
        None,
        Some(other(|it| it.place = 2)),
        Some(other(|it| it.eligible = 9)),
        Some(other(|it| it.digest = code(&"0a".repeat(32)))),
        Some(other(|it| it.valid_on = code("2026-02-18"))),
    ];
    for listed in listed {
        let broken = unfounded(&offer(&[]), Some(&vacancy()), listed.as_ref());
        assert_eq!(broken, [Refusal::WeighingNotOfTheList], "{listed:?}");
    }
}

#[test]
fn a_list_holds_for_two_weeks_so_that_nobody_looks_for_a_better_day() {
    let of_list = |valid_on: &str, known_at: &str| {
        let kept = OfferWeighing { valid_on: code(valid_on), known_at: code(known_at), ..weighing() };
        let offer = offer(&[("weighing", json!(kept))]);
        unfounded(&offer, Some(&vacancy()), Some(&kept))
    };
    assert_eq!(of_list("2026-02-06", "2026-02-06T09:00:00Z"), []);
    for old in [of_list("2026-02-05", "2026-02-19T09:00:00Z"), of_list("2026-02-19", "2026-02-05T09:00:00Z")]
    {
        assert_eq!(old, [Refusal::WeighingNotOfTheList]);
    }
}

#[test]
fn a_correction_without_a_weighing_is_an_offer_without_one() {
    let corrected = |replacement: Value| -> Fact {
        let wire = json!({
            "type": "event-corrected", "occurredOn": "2026-03-01", "corrects": 3, "reason": "another home",
            "replacement": replacement
        });
        serde_json::from_value(wire).expect("a fact")
    };
    assert!(offer_without_weighing(&corrected(wire(&[("weighing", Value::Null)]))).is_some());
    assert!(offer_without_weighing(&corrected(wire(&[]))).is_none());
}

#[test]
fn a_correction_of_an_offer_rests_on_the_vacancy_as_the_offer_does() {
    let wire = json!({
        "type": "event-corrected", "occurredOn": "2026-03-01", "corrects": 3, "reason": "another home",
        "replacement": wire(&[])
    });
    let fact: Fact = serde_json::from_value(wire).expect("a fact");
    assert!(offer_of_a_vacancy(&fact).is_some());
    let fact: Fact = serde_json::from_value(self::wire(&[("vacancy", Value::Null)])).expect("a fact");
    assert!(offer_of_a_vacancy(&fact).is_none());
}

// The words of these tests.

/// The offer of the vacancy of these tests, with other values of these fields; null leaves one out.
fn offer(other: &[(&str, Value)]) -> DwellingOffered {
    match serde_json::from_value(wire(other)).expect("a fact") {
        Fact::DwellingOffered(offer) => offer,
        other => panic!("{other:?}"),
    }
}

fn wire(other: &[(&str, Value)]) -> Value {
    let considerations = ["wishes", "profile", "dwelling", "neighbourhood", "network", "dayActivity"]
        .map(|name| (name.to_owned(), json!("weighed")));
    let mut fact = json!({
        "type": "dwelling-offered", "occurredOn": "2026-02-20", "offerId": "0ffe0001-0000-4000-8000-000000000001",
        "corporation": "stadswonen", "unit": "VHE-1", "complex": "C-118", "municipality": "0983",
        "rentCents": 65_000, "nuisanceOnFile": false, "considerations": serde_json::Map::from_iter(considerations),
        "agreedBy": ["care-provider", "housing-corporation"], "vacancy": "7ac00001-0000-4000-8000-000000000001",
        "weighing": weighing()
    });
    let fields = fact.as_object_mut().expect("an object");
    for (field, value) in other {
        fields.remove(*field);
        if !value.is_null() {
            fields.insert((*field).to_owned(), value.clone());
        }
    }
    fact
}

fn weighing() -> OfferWeighing {
    OfferWeighing {
        valid_on: code("2026-02-19"),
        known_at: code("2026-02-19T09:00:00Z"),
        eligible: 3,
        place: 1,
        digest: code(&"9f".repeat(32)),
    }
}

fn vacancy() -> Vacancy {
    let opened = json!({
        "type": "vacancy-opened", "occurredOn": "2026-02-02", "vacancyId": "7ac00001-0000-4000-8000-000000000001",
        "corporation": "stadswonen", "region": "noord-limburg", "home": {
            "unit": "VHE-1", "complex": "C-118", "municipality": "0983", "availableFrom": "2026-05-01",
            "certain": true, "rentCents": 65_000, "contractModels": ["three-party"], "nuisanceOnFile": false
        }
    });
    history::<Vacancy>([opened]).state()
}
