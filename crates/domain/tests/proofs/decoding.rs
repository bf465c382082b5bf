//! Input that is no fact at all is not decoded.

use serde_json::{Value, json};

use crate::vocabulary::*;

fn with(kind: FactType, field: &str, value: Value) -> Result<Fact, serde_json::Error> {
    let mut fact = serde_json::to_value(fact_of(kind, code("2026-03-02"))).expect("a fact can be written");
    fact[field] = value;
    serde_json::from_value(fact)
}

#[test]
fn a_fact_of_an_unknown_kind_is_not_decoded() {
    for kind in ["trajectory-updated", "RentMissed", "rent_missed", ""] {
        let fact = json!({"type": kind, "occurredOn": "2026-03-02"});
        assert!(serde_json::from_value::<Fact>(fact).is_err(), "{kind}");
    }
    assert!(serde_json::from_value::<Fact>(json!({"occurredOn": "2026-03-02"})).is_err());
}

#[test]
fn a_day_that_is_not_in_the_calendar_is_not_decoded() {
    for kind in FactType::ALL {
        for day in
            [json!("2026-02-30"), json!("2026-3-2"), json!("02-03-2026"), json!(20_260_302), Value::Null]
        {
            assert!(with(*kind, "occurredOn", day).is_err(), "{kind}");
        }
    }
}

#[test]
fn numbers_out_of_range_are_not_decoded() {
    for cents in [json!(-1), json!(100_000_001), json!(1.5), json!("100")] {
        assert!(with(FactType::RentMissed, "amountCents", cents).is_err());
    }
    assert!(with(FactType::Escalated, "toLevel", json!(6)).is_err());
    assert!(with(FactType::GuidanceScaled, "level", json!(5)).is_err());
    assert!(with(FactType::EventCorrected, "corrects", json!(-1)).is_err());
}

#[test]
fn codes_of_the_wrong_form_are_not_decoded() {
    for code in [json!("De Key"), json!("de key"), json!("-de-key"), json!(""), json!("x".repeat(65))] {
        assert!(with(FactType::CorporationAssigned, "corporation", code).is_err());
    }
    assert!(with(FactType::DwellingOffered, "municipality", json!("363")).is_err());
    assert!(with(FactType::DwellingOffered, "offerId", json!("1")).is_err());
}

#[test]
fn a_fact_without_its_day_is_not_decoded() {
    for kind in FactType::ALL {
        let mut fact = serde_json::to_value(fact_of(*kind, code("2026-03-02"))).expect("JSON");
        fact.as_object_mut().expect("an object").remove("occurredOn");
        assert!(serde_json::from_value::<Fact>(fact).is_err(), "{kind}");
    }
}

#[test]
fn every_kind_of_fact_is_found_by_its_name_and_no_other_name_is_a_kind() {
    for kind in FactType::ALL {
        assert_eq!(FactType::named(kind.as_str()), Some(*kind));
        assert_eq!(FactType::named(&kind.as_str().to_uppercase()), None);
    }
    assert_eq!(FactType::named(""), None);
}
