//! `Publicatie`: a vacancy opened, changed, withdrawn or let.

use omklap_domain::allocation::{
    HomeKind, LetTo, PersonsRange, VacancyFact, VacancyOpened, VacancyStatus,
    VacancyWithdrawalGround as Ground,
};
use omklap_domain::trajectory::fact::{Access, ContractModel};
use omklap_vera::{FaultCode, Message, PublicationChange, PublicationMessage, Published, vacancy_id};
use serde_json::{Value, json};

use crate::messages::{
    CORPORATION, day, faults_of, opened, places, publication, sender, today, with, with_extra,
};

#[test]
fn a_publication_for_the_flip_opens_a_vacancy() {
    let vacancy = opened(&publication());
    assert_eq!(vacancy.vacancy_id, vacancy_id(&CORPORATION, "PUB-2026-118"));
    assert_eq!((vacancy.corporation.as_str(), vacancy.region.as_str()), ("actium", "drenthe"));
    let home = vacancy.home;
    assert_eq!((home.unit.as_str(), i64::from(home.rent_cents)), ("VHE-00412", 65_055));
    assert_eq!(home.kind, Some(HomeKind::Apartment));
    assert_eq!(home.access, Some(Access::GroundFloorOrLift));
    assert_eq!(home.persons, Some(PersonsRange { min: 1, max: 2 }));
    assert_eq!((home.quiet, home.floor, home.rooms), (Some(true), Some(1), Some(2)));
    assert_eq!(home.contract_models, [ContractModel::Intermediary], "the set decides");
}

#[test]
fn midnight_in_the_netherlands_is_the_next_day_and_not_the_day_in_utc() {
    assert_eq!(opened(&publication()).home.available_from, day("2026-10-01"));
    let winter = with(publication(), "/opleverdatum", json!("2026-12-31T23:00:00Z"));
    assert_eq!(opened(&winter).home.available_from, day("2027-01-01"));
    let plain = with(publication(), "/opleverdatum", json!("2026-10-01"));
    assert_eq!(opened(&plain).home.available_from, day("2026-10-01"));
}

#[test]
fn a_publication_of_another_model_stays_out_of_the_ledger() {
    let lottery = with(publication(), "/model", json!({ "code": "LOT" }));
    assert_eq!(faults_of(&lottery), [("/model".into(), FaultCode::NotForTheFlip)]);
    let lifestyle = with(publication(), "/detailModel", json!({ "code": "LEE" }));
    assert_eq!(faults_of(&lifestyle), [("/detailModel".into(), FaultCode::CodeOfAnotherParent)]);
}

#[test]
fn the_nuisance_file_is_never_assumed() {
    let silent = with(publication(), "/extra-attributen", json!([]));
    assert_eq!(faults_of(&silent), [("/extra-attributen".into(), FaultCode::Required)]);
}

#[test]
fn no_stairs_inside_is_no_promise_of_a_lift() {
    let labelled = |code| with(publication(), "/eenheden/0/toegankelijkheidslabel", json!({ "code": code }));
    assert_eq!(opened(&labelled("GNV")).home.access, None);
    assert_eq!(opened(&labelled("ROG")).home.access, None);
    assert_eq!(opened(&labelled("RUI")).home.access, Some(Access::Wheelchair));
    assert_eq!(opened(&labelled("ZON")).home.access, Some(Access::AnyFloor));
}

#[test]
fn the_extra_attributes_say_what_vera_has_no_field_for() {
    let message = with_extra(publication(), "omklap.contractvormen", "three-party, own");
    let message = with_extra(message, "omklap.lift", "ja");
    let home = opened(&with_extra(message, "omklap.reactietermijn-dagen", "7")).home;
    assert_eq!(home.contract_models, [ContractModel::ThreeParty, ContractModel::Own]);
    assert_eq!((home.lift, home.respond_within_days), (Some(true), Some(7)));
}

#[test]
fn the_status_of_a_withdrawn_publication_gives_the_ground() {
    for (detail, ground) in [
        ("ING", Ground::StaysOccupied),
        ("REN", Ground::NotToBeLet),
        ("UIT", Ground::NotToBeLet),
        ("BES", Ground::NotToBeLet),
        ("ONJ", Ground::ReportedByMistake),
    ] {
        let ended = json!({ "status": { "code": "ING" }, "detailStatus": { "code": detail } });
        assert!(
            matches!(fact(&ended), Some(VacancyFact::VacancyWithdrawn(read)) if read.ground == ground),
            "{detail}"
        );
    }
    let silent = json!({ "status": { "code": "ING" } });
    assert!(
        matches!(fact(&silent), Some(VacancyFact::VacancyWithdrawn(read)) if read.ground == Ground::Other)
    );
}

#[test]
fn a_dwelling_that_is_mediated_by_hand_is_still_vacant() {
    let by_hand = json!({ "status": { "code": "ING" }, "detailStatus": { "code": "HAN" } });
    assert_eq!(fact(&by_hand), None);
}

#[test]
fn a_finished_publication_says_whether_the_dwelling_was_let() {
    let finished = |detail: &str| json!({ "status": { "code": "AFG" }, "detailStatus": { "code": detail } });
    let let_out = fact(&finished("TOE"));
    assert!(matches!(let_out, Some(VacancyFact::VacancyLet(read)) if read.to == LetTo::Outflow));
    let nobody = fact(&finished("GTW"));
    assert!(matches!(nobody, Some(VacancyFact::VacancyWithdrawn(read)) if read.ground == Ground::NobodyFits));
    let silent = change(&json!({ "status": { "code": "AFG" } })).expect_err("it is not said");
    assert_eq!(silent, [("/detailStatus".into(), FaultCode::Required)]);
}

#[test]
fn a_change_describes_the_dwelling_again_as_a_whole() {
    let later = json!({ "opleverdatum": "2026-11-01", "eenheden": [{ "rekenhuur": 700 }] });
    let Some(VacancyFact::VacancyChanged(changed)) = fact(&later) else { panic!("a change") };
    assert_eq!(changed.home.available_from, day("2026-11-01"));
    assert_eq!(i64::from(changed.home.rent_cents), 70_000);
    assert_eq!(changed.home.floor, Some(1), "what it does not say stays");
    assert_eq!(fact(&json!({ "status": { "code": "AAN" } })), None, "nothing changed");
}

#[test]
fn a_publication_that_is_sent_again_as_a_whole_forgets_what_it_leaves_out() {
    let mut again = publication();
    again["eenheden"][0].as_object_mut().expect("a unit").remove("etage");
    let before = opened(&publication());
    let read = |message: &Value| {
        PublicationMessage::replaced(Message::new(message, today()), still_open(&before), &sender())
            .map_err(places)
    };
    assert_eq!(read(&publication()), Ok(PublicationChange::Nothing));
    let Ok(PublicationChange::Fact(fact)) = read(&again) else { panic!("a change") };
    assert!(matches!(*fact, VacancyFact::VacancyChanged(changed) if changed.home.floor.is_none()));
    let bare = json!({ "model": { "code": "DIS" }, "detailModel": { "code": "OMK" } });
    assert_eq!(read(&bare).expect_err("it lacks the dwelling").len(), 5);
}

#[test]
fn a_publication_that_has_ended_is_followed_by_a_new_one() {
    let opened = opened(&publication());
    let at_the_status = [("/status".to_owned(), FaultCode::NothingFollows)];
    for status in [VacancyStatus::Withdrawn, VacancyStatus::Let] {
        let before = Published { opened: &opened, status };
        let whole = publication();
        let replaced = PublicationMessage::replaced(Message::new(&whole, today()), before, &sender());
        assert_eq!(replaced.map_err(places), Err(at_the_status.to_vec()), "{status:?}");
        let by_hand = json!({ "status": { "code": "ING" }, "detailStatus": { "code": "HAN" } });
        for again in
            [json!({ "status": { "code": "GEP" } }), json!({ "opleverdatum": "2026-12-01" }), by_hand]
        {
            let changed = PublicationMessage::changed(Message::new(&again, today()), before);
            assert_eq!(changed.map_err(places), Err(at_the_status.to_vec()), "{again} when {status:?}");
        }
        let ended = json!({ "status": { "code": "AFG" }, "detailStatus": { "code": "TOE" } });
        let ended = PublicationMessage::changed(Message::new(&ended, today()), before);
        assert!(matches!(ended, Ok(PublicationChange::Fact(_))), "the rules of vacancies decide");
    }
}

fn fact(message: &Value) -> Option<VacancyFact> {
    match change(message).expect("a right message") {
        PublicationChange::Fact(fact) => Some(*fact),
        PublicationChange::Nothing => None,
    }
}

fn change(message: &Value) -> Result<PublicationChange, Vec<(String, FaultCode)>> {
    let before = opened(&publication());
    PublicationMessage::changed(Message::new(message, today()), still_open(&before)).map_err(places)
}

fn still_open(opened: &VacancyOpened) -> Published<'_> {
    Published { opened, status: VacancyStatus::Open }
}
