//! The monthly round: who calls it, who answers, and when.

use omklap_domain::allocation::{NotTheirs, Round, RoundFact, Stream, round_id};
use omklap_domain::register::Misnaming;
use omklap_domain::visibility::Role;
use serde_json::{Value, json};

use crate::words::*;

fn called() -> Value {
    json!({
        "type": "round-called", "occurredOn": "2026-02-02", "region": "noord-limburg",
        "heldOn": "2026-02-26", "answerBy": "2026-02-19"
    })
}

fn answered(day: &str, nobody: bool) -> Value {
    json!({"type": "round-answered", "occurredOn": day, "provider": "de-vaart", "nobody": nobody})
}

fn held(day: &str) -> Value {
    json!({"type": "round-held", "occurredOn": day, "minutes": "dms:minutes-2026-02"})
}

#[test]
fn a_round_is_called_answered_and_held() {
    let round = history::<Round>([
        called(),
        answered("2026-02-09", true),
        answered("2026-02-18", false),
        held("2026-02-26"),
    ]);
    let state = round.state();
    assert_eq!(state.answers.len(), 1, "a later answer replaces the earlier one");
    assert!(!state.answers[&code("de-vaart")].nobody && state.held.is_some());
    let first = read::<Round>(&called());
    let RoundFact::RoundCalled(call) = &first else { unreachable!() };
    assert_eq!(
        omklap_domain::allocation::StreamFact::stream(&first),
        Some(round_id(&call.region, call.held_on))
    );
}

#[test]
fn a_round_is_called_for_a_day_to_come_and_answered_before_it() {
    let refused = |fact: Value| places(&fact);
    assert_eq!(refused(with(called(), "answerBy", "2026-02-26")), [], "on the day itself");
    assert_eq!(
        refused(with(called(), "heldOn", "2026-02-01")),
        [("round-in-the-past", "/heldOn".to_owned())]
    );
    for outside in ["2026-02-27", "2026-02-01"] {
        assert_eq!(
            refused(with(called(), "answerBy", outside)),
            [("answer-day-outside", "/answerBy".to_owned())],
            "{outside}"
        );
    }
    assert_eq!(refused_by_itself(&answered("2026-02-09", true)), ["stream-not-named"]);
}

#[test]
fn a_round_is_held_once_and_on_its_own_day() {
    let round = history::<Round>([called()]);
    assert_eq!(refused(&round, &held("2026-02-25")), ["held-on-another-day"]);
    let over = history::<Round>([called(), held("2026-02-26")]);
    assert_eq!(refused(&over, &held("2026-02-26")), ["round-over"]);
    assert_eq!(refused(&over, &answered("2026-02-27", true)), ["round-over"]);
    assert_eq!(refused(&round, &answered("2026-02-27", true)), ["round-over"], "nor after its day");
    assert_eq!(
        refused(&over, &answered("2026-02-20", true)),
        [""; 0],
        "what happened before may be reported later"
    );
    assert_eq!(refused(&round, &with(called(), "answerBy", "2026-02-20")), ["round-called-before"]);
}

#[test]
fn a_round_is_cancelled_once_and_before_it_is_held() {
    let cancelled = |day: &str| json!({"type": "round-cancelled", "occurredOn": day});
    let round = history::<Round>([called(), answered("2026-02-09", true)]);
    assert_eq!(refused(&round, &cancelled("2026-02-10")), [""; 0]);
    assert_eq!(refused(&round, &cancelled("2026-02-27")), ["round-over"], "nor after its day");
    let over = history::<Round>([called(), cancelled("2026-02-10")]);
    for late in [cancelled("2026-02-11"), answered("2026-02-11", true), held("2026-02-26")] {
        assert_eq!(refused(&over, &late), ["round-over"], "{late}");
    }
    let kept = history::<Round>([called(), held("2026-02-26")]);
    assert_eq!(refused(&kept, &cancelled("2026-02-26")), ["round-over"]);
}

#[test]
fn the_matching_point_calls_and_holds_and_a_provider_answers_for_itself() {
    let round = history::<Round>([called()]).state();
    let may = |role, organisation, fact: &Value| {
        may_report(&round, &viewer(role, organisation), &read::<Round>(fact))
    };
    for fact in [called(), held("2026-02-26")] {
        assert_eq!(may(Role::MatchingPoint, "transferpunt", &fact), Ok(()));
        assert!(matches!(may(Role::CareProvider, "de-vaart", &fact), Err(NotTheirs::OfOtherRoles(_))));
    }
    let answer = answered("2026-02-09", true);
    assert_eq!(may(Role::CareProvider, "de-vaart", &answer), Ok(()));
    assert_eq!(may(Role::CareProvider, "het-anker", &answer), Err(NotTheirs::SpeaksForAnother("/provider")));
    assert!(matches!(may(Role::MatchingPoint, "transferpunt", &answer), Err(NotTheirs::OfOtherRoles(_))));
    let mut elsewhere = viewer(Role::CareProvider, "de-vaart");
    elsewhere.regions.clear();
    assert_eq!(may_report(&round, &elsewhere, &read::<Round>(&answer)), Err(NotTheirs::RegionOfOthers));
}

#[test]
fn a_provider_that_answers_is_registered_and_the_partners_of_the_region_read_the_round() {
    let round = history::<Round>([called()]).state();
    assert_eq!(misnamed(&round, &answered("2026-02-09", true)), []);
    let by = |name: &str| misnamed(&round, &with(answered("2026-02-09", true), "provider", name));
    assert_eq!(by("nobody-here"), [("/provider".to_owned(), Misnaming::NotRegistered(None))]);
    assert!(matches!(by("stadswonen")[0].1, Misnaming::OtherKind(_)));
    for role in [Role::CareProvider, Role::HousingCorporation, Role::Municipality, Role::MatchingPoint] {
        assert!(round.is_read_by(&viewer(role, "een-ander")), "{}", role.as_str());
    }
    assert!(!round.is_read_by(&viewer(Role::Client, "de-vaart")));
}

// The words of these tests.

/// The rules that a fact breaks as the first of a round, with their places.
fn places(fact: &Value) -> Vec<(&'static str, String)> {
    let broken = broken(&history::<Round>([]), fact);
    broken.iter().map(|rule| (rule.code(), rule.field.to_string())).collect()
}

fn refused_by_itself(fact: &Value) -> Vec<&'static str> {
    refused(&history::<Round>([]), fact)
}
