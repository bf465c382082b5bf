//! An invalid fact is refused, and every wrong field is named with its rule.

use omklap_tests::{Case, Document, Ledger, kinds, sample_fact, with_text};
use serde_json::{Value, json};

fn signal(field: &str, value: impl Into<Value>) -> Value {
    sample_fact("signal-reported").with(field, value).happening("2021-02-01".parse().expect("a day"))
}

#[test]
fn a_wrong_value_is_named_by_its_field_and_the_rule() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for (field, value, code) in [
        ("colour", json!("red"), "unknown-field"),
        ("observation", json!(7), "wrong-type"),
        ("observation", json!(null), "wrong-type"),
        ("observation", json!(""), "too-short"),
        ("observation", json!("x".repeat(4_001)), "too-long"),
        ("asksForGuidance", json!("yes"), "wrong-type"),
        ("kind", json!("weather"), "not-one-of"),
        ("signalId", json!("7"), "not-a-uuid"),
        ("occurredOn", json!("2021-02-30"), "not-a-date"),
        ("occurredOn", json!("2021-02-29"), "not-a-date"),
        ("occurredOn", json!("1 februari"), "not-a-date"),
        ("occurredOn", json!("2021-2-1"), "not-a-date"),
        ("occurredOn", json!("+002021-02-01"), "not-a-date"),
        ("type", json!("weather-changed"), "unknown-type"),
        ("type", json!(7), "wrong-type"),
    ] {
        let answer = case.reporting(&signal(field, value.clone())).answer().with_status(400);
        assert_eq!(answer.errors(), [(code, format!("/{field}").as_str())], "{field}: {value}");
    }
    assert_eq!(ledger.facts(), 3);
}

/// Whether a dry run of this fact, with this value at the pointer, is refused because of that value.
fn is_refused(
    ledger: &Ledger,
    case: &Case,
    fact: &Value,
    (pointer, value): (&str, Value),
    code: &str,
) -> bool {
    let mut fact = with_text(fact.clone(), pointer, "");
    *fact.pointer_mut(pointer).expect("it was put there") = value;
    let path = format!("{}?dryRun=true", case.events());
    let answer = ledger.post(&path).seen("*").json(&fact).answer();
    answer.status == 400 && answer.errors().contains(&(code, pointer))
}

#[test]
fn no_text_and_no_name_in_any_fact_is_without_a_visible_character() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let document = Document::published(&ledger);
    let (mut tried, events) = (0, ledger.facts());
    for kind in kinds() {
        let (fact, texts) = (case.next(sample_fact(kind)), document.texts(document.fact(kind)));
        for pointer in texts.iter().filter(|pointer| *pointer != "/type") {
            let is_refused =
                |text: &str| is_refused(&ledger, &case, &fact, (pointer, json!(text)), "nothing-visible");
            for nothing in [" ", "\t", "\u{a0}", "\u{200b}", " \u{200d}\u{feff} "] {
                assert!(is_refused(nothing), "{kind} {pointer}: {nothing:?}");
            }
            assert!(!is_refused("x"), "{kind} {pointer}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} texts");
    assert_eq!(ledger.facts(), events);
}

#[test]
fn a_missed_rent_a_debt_or_a_damage_of_nought_cents_is_none() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let document = Document::published(&ledger);
    let mut tried = Vec::new();
    for kind in kinds() {
        let fact = case.next(sample_fact(kind));
        for pointer in document.values_of(document.fact(kind), "Amount") {
            let is_refused =
                |cents: i64| is_refused(&ledger, &case, &fact, (&pointer, json!(cents)), "too-low");
            assert!(is_refused(0) && is_refused(-1) && !is_refused(1), "{kind} {pointer}");
            tried.push(format!("{kind}{pointer}"));
        }
    }
    for amount in ["rent-missed/amountCents", "damage-reported/estimateCents", "dwelling-offered/rentCents"] {
        assert!(tried.iter().any(|one| one == amount), "{amount} is not among {tried:?}");
    }
}

#[test]
fn a_future_date_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let answer = case.reporting(&signal("occurredOn", "2026-11-02")).answer().with_status(409);
    assert_eq!(answer.errors(), [("occurred-in-the-future", "/occurredOn")]);
    case.reporting(&signal("occurredOn", "2026-11-01")).answer().with_status(201);
}

#[test]
fn all_errors_of_a_fact_are_named_at_once() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = json!({"type": "dwelling-offered", "occurredOn": "soon", "rentCents": -1, "agreedBy": ["nobody"], "colour": "red"});
    let answer = case.reporting(&fact).answer().with_status(400);
    for expected in [
        ("not-a-date", "/occurredOn"),
        ("too-low", "/rentCents"),
        ("not-one-of", "/agreedBy/0"),
        ("unknown-field", "/colour"),
        ("required", "/offerId"),
        ("required", "/considerations"),
    ] {
        assert!(answer.errors().contains(&expected), "{expected:?} in {:?}", answer.errors());
    }
}

#[test]
fn unknown_ids_are_refused_with_their_field() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let nothing = "00000000-0000-4000-8000-000000000000";
    case.refuses(sample_fact("signal-answered").with("signalId", nothing), ["signal-unknown"]);
    case.refuses(sample_fact("reporter-informed").with("caseId", nothing), ["nuisance-case-unknown"]);
    case.refuses(sample_fact("guarantee-fund-settled").with("claimId", nothing), ["claim-not-open"]);
    case.refuses(sample_fact("light-wmo-test-done").with("requestId", nothing), ["return-not-requested"]);
    let answer =
        case.reporting(&case.next(sample_fact("signal-answered").with("signalId", nothing))).answer();
    assert_eq!(answer.errors(), [("signal-unknown", "/signalId")]);
}

#[test]
fn a_citizen_service_number_is_refused_with_its_place() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for (text, code, place) in [
        ("BSN 111222333", "citizen-service-number", ": 5-13."),
        ("1112.22.333", "possible-citizen-service-number", ": 1-11."),
        ("Zij belde op. 111 222 333", "possible-citizen-service-number", ": 15-25."),
    ] {
        let answer = case.reporting(&signal("observation", text)).answer().with_status(400);
        assert_eq!(answer.errors(), [(code, "/observation")], "{text}");
        assert!(!answer.text.contains(&text[text.len() - 9..]), "the problem does not repeat the number");
        assert!(
            answer.body["errors"][0]["detail"].as_str().is_some_and(|detail| detail.ends_with(place)),
            "{}",
            answer.text
        );
    }
    let something_else = "zaaknummer 111222333, melding 111 222 333; case 111222334, nothing of the kind";
    case.reporting(&signal("observation", something_else)).answer().with_status(201);
}

#[test]
fn a_sealed_text_cannot_be_reported() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let sealed = json!({"id": "00000000-0000-4000-8000-000000000000", "commitment": "00"});
    let answer = case.reporting(&signal("observation", sealed)).answer().with_status(400);
    assert_eq!(answer.errors(), [("wrong-type", "/observation")]);
}
