//! What is refused: all of it at once, with its place, and never with the value.

use omklap_vera::{FaultCode, Message, PublicationMessage};
use serde_json::json;

use crate::messages::{faults_of, opened, publication, sender, today, with};

#[test]
fn an_empty_message_lacks_everything_that_is_needed_at_once() {
    let places: Vec<String> = faults_of(&json!({})).into_iter().map(|(place, _)| place).collect();
    let needed = [
        "/detailModel",
        "/eenheden/0/adres/gemeente/code",
        "/eenheden/0/idExtern",
        "/eenheden/0/rekenhuur",
        "/extra-attributen",
        "/idExtern",
        "/model",
        "/opleverdatum",
    ];
    assert_eq!(places, needed);
}

#[test]
fn a_citizen_service_number_is_refused_and_not_repeated() {
    let by_name = with(publication(), "/huidigeGebruiker", json!({ "relatie": { "bsn": "1" } }));
    let at = "/huidigeGebruiker/relatie/bsn".to_owned();
    assert_eq!(faults_of(&by_name), [(at, FaultCode::CitizenServiceNumber)]);
    let in_a_text = with(publication(), "/label", json!("BSN 111222333"));
    assert_eq!(faults_of(&in_a_text), [("/label".into(), FaultCode::CitizenServiceNumber)]);
    let read = PublicationMessage::opened(Message::new(&in_a_text, today()), &sender());
    let faults = format!("{:?}", read.expect_err("refused"));
    assert!(!faults.contains("111222333") && faults.contains("/label"));
}

#[test]
fn an_income_is_refused_but_a_condition_of_the_dwelling_is_not_one() {
    for field in ["rekeninkomen", "rekenvermogen", "startBrutoJaarinkomen", "inkomens", "Inkomen"] {
        let message = with(publication(), &format!("/{field}"), json!(21_000));
        assert_eq!(faults_of(&message), [(format!("/{field}"), FaultCode::Income)], "{field}");
    }
    assert!(publication().pointer("/eenheden/0/voorwaarden/maximuminkomen").is_some());
    opened(&publication());
}

#[test]
fn a_group_that_reveals_care_or_crime_is_refused() {
    for group in ["GGZ", "PSY", "VER", "GED", "DAK"] {
        let message = with(publication(), "/eenheden/0/aanvullendeDoelgroep", json!({ "code": group }));
        let place = "/eenheden/0/aanvullendeDoelgroep/code".to_owned();
        assert_eq!(faults_of(&message), [(place, FaultCode::SpecialGroup)], "{group}");
    }
    let priority = json!([{ "soort": { "code": "URG" }, "detailSoort": { "code": "DAK" } }]);
    let message = with(publication(), "/voorrangsregelingen", priority);
    let place = "/voorrangsregelingen/0/detailSoort/code".to_owned();
    assert_eq!(faults_of(&message), [(place, FaultCode::SpecialGroup)]);
    let students = with(publication(), "/eenheden/0/aanvullendeDoelgroep", json!({ "code": "KUN" }));
    opened(&students);
}

#[test]
fn a_date_with_the_day_first_is_no_date() {
    for wrong in ["01-06-2026", "2026-6-1", "2026-02-30", "1 juni 2026", "2026-06-01T12:00", ""] {
        let message = with(publication(), "/opleverdatum", json!(wrong));
        assert_eq!(faults_of(&message), [("/opleverdatum".into(), FaultCode::NotADate)], "{wrong}");
    }
}

#[test]
fn a_code_is_of_its_own_list_and_valid_on_the_day_of_the_message() {
    for (place, code, fault) in [
        ("/status", "QQQ", FaultCode::UnknownCode),
        ("/status", "DIS", FaultCode::CodeOfAnotherList),
        ("/contractvorm", "ONB", FaultCode::EndedCode),
        ("/eenheden/0/toegankelijkheidslabel", "GEL", FaultCode::EndedCode),
    ] {
        let message = with(publication(), place, json!({ "code": code }));
        assert_eq!(faults_of(&message), [(format!("{place}/code"), fault)], "{place} {code}");
    }
    let named = json!({ "code": "GEP", "soort": { "code": "AANBIEDINGSTATUS" } });
    let message = with(publication(), "/status", named);
    assert_eq!(faults_of(&message), [("/status/code".into(), FaultCode::CodeOfAnotherList)]);
}

#[test]
fn a_publication_is_about_one_dwelling() {
    let many = with(publication(), "/eenheden", json!(vec![json!({}); 10_000]));
    assert_eq!(faults_of(&many), [("/eenheden".into(), FaultCode::TooMany)]);
    let none = with(publication(), "/eenheden", json!([]));
    assert_eq!(faults_of(&none), [("/eenheden/0".into(), FaultCode::Required)]);
}

#[test]
fn either_casing_of_a_name_is_read_but_not_two_values() {
    let mut message = with(publication(), "/detailModel", json!(null));
    message["detailmodel"] = json!({ "code": "OMK" });
    opened(&message);
    message["detailModel"] = json!({ "code": "LEE" });
    let faults = faults_of(&message);
    assert!(faults.iter().any(|(_, code)| *code == FaultCode::Contradiction), "{faults:?}");
}

#[test]
fn amounts_are_euros_with_at_most_two_decimals() {
    for wrong in [json!(650.555), json!("650"), json!(-1), json!(1e20)] {
        let message = with(publication(), "/eenheden/0/rekenhuur", wrong.clone());
        let place = "/eenheden/0/rekenhuur".to_owned();
        assert_eq!(faults_of(&message), [(place, FaultCode::NotAnAmount)], "{wrong}");
    }
}

#[test]
fn what_is_there_but_cannot_be_read_is_not_missing_as_well() {
    for (place, wrong, fault) in [
        ("/eenheden/0/idExtern", json!("VHE 1"), FaultCode::WrongForm),
        ("/eenheden/0/adres/gemeente/code", json!("Assen"), FaultCode::WrongForm),
        ("/extra-attributen/0/waarde", json!("misschien"), FaultCode::WrongType),
    ] {
        let message = with(publication(), place, wrong);
        assert_eq!(faults_of(&message), [(place.to_owned(), fault)], "{place}");
    }
    let mut other_casing = with(publication(), "/opleverdatum", json!(null));
    other_casing["OpleverDatum"] = json!("01-06-2026");
    assert_eq!(faults_of(&other_casing), [("/OpleverDatum".into(), FaultCode::NotADate)]);
}

#[test]
fn unknown_fields_are_ignored() {
    opened(&with(publication(), "/wachttijd", json!({ "anything": [1, null, "x"] })));
}

#[test]
fn no_shape_of_a_message_brings_the_reader_down() {
    for odd in [json!(null), json!([]), json!("x"), json!(1), json!({ "eenheden": { "0": 1 } })] {
        assert!(!faults_of(&odd).is_empty(), "{odd}");
    }
    let deep = (0..100).fold(json!("x"), |inner, _| json!({ "a": inner }));
    assert!(faults_of(&deep).iter().any(|(_, code)| *code == FaultCode::WrongForm));
}
