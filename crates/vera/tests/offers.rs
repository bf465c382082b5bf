//! `Aanbieding`: a draft, an offer, and how an offer ended.

use omklap_domain::ids::OfferId;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{Party, RefusalGround as Refusal, WithdrawalGround as Withdrawal};
use omklap_vera::{DraftContext, FaultCode, Message, OfferAnswer, OfferDraft, OfferMessage, offer_id};
use serde_json::{Value, json};

use crate::messages::{
    CORPORATION, TRAJECTORY, VACANCY, day, offer, opened, places, publication, today, with,
};

#[test]
fn an_offer_names_its_candidate_with_the_case_and_the_vacancy() {
    let candidate = OfferDraft::candidate(&offer()).expect("a candidate");
    assert_eq!(candidate.trajectory.to_string(), TRAJECTORY);
    assert_eq!(candidate.part.to_string(), VACANCY);
}

#[test]
fn an_offer_that_was_weighed_and_agreed_is_a_fact_about_the_dwelling_of_its_vacancy() {
    let home = opened(&publication()).home;
    let offered = OfferDraft::offered(Message::new(&offer(), today()), known(Some(&home))).expect("complete");
    assert_eq!(offered.offer_id, offer_id(&CORPORATION, "AANB-77"));
    assert_eq!((&offered.unit, offered.rent_cents), (&home.unit, home.rent_cents));
    assert_eq!(offered.respond_by, Some(day("2026-09-08")));
    assert_eq!(offered.agreed_by, [Party::CareProvider, Party::HousingCorporation]);
}

#[test]
fn an_offer_without_the_weighing_and_both_agreements_is_a_draft() {
    let home = opened(&publication()).home;
    let draft = with(offer(), "/extra-attributen", json!([]));
    let faults = OfferDraft::offered(Message::new(&draft, today()), known(Some(&home)));
    let faults = faults.expect_err("a draft");
    assert_eq!(faults.len(), 7, "six considerations and the agreements: {faults:?}");
    assert!(faults.iter().all(|fault| fault.code == FaultCode::MissingFromOffer));
    let names: Vec<_> = faults.iter().filter_map(|fault| fault.expected.as_deref()).collect();
    assert!(names.contains(&"omklap.akkoord") && names.contains(&"omklap.overweging-wensen"));
}

#[test]
fn the_agreement_of_the_corporation_alone_is_not_enough() {
    let home = opened(&publication()).home;
    let alone = with(offer(), "/extra-attributen/6/waarde", json!("housing-corporation"));
    let faults = OfferDraft::offered(Message::new(&alone, today()), known(Some(&home)));
    let expected = [("/extra-attributen".to_owned(), FaultCode::MissingFromOffer)];
    assert_eq!(places(faults.expect_err("a draft")), expected);
}

#[test]
fn an_offer_of_a_dwelling_that_the_corporation_did_not_publish_is_refused() {
    let faults = OfferDraft::offered(Message::new(&offer(), today()), known(None));
    assert_eq!(places(faults.expect_err("no vacancy")), [("/kandidaat/id".to_owned(), FaultCode::Required)]);
}

#[test]
fn an_offer_does_not_name_another_publication_dwelling_or_rent_than_its_candidate() {
    let home = opened(&publication()).home;
    let read =
        |draft: &Value| OfferDraft::offered(Message::new(draft, today()), known(Some(&home))).map_err(places);
    let uri = format!("https://vera.example/publicaties/{VACANCY}");
    for (place, same, other) in [
        ("/publicatie", json!({ "id": VACANCY }), json!({ "id": "7ac00001-0000-4000-8000-000000000002" })),
        ("/publicatie", json!(uri), json!({ "idExtern": "PUB-2026-119" })),
        ("/publicatie", json!({ "code": "2026/118" }), json!({})),
        (
            "/eenheid",
            json!("https://x.example/eenheden/VHE-00412"),
            json!("https://x.example/eenheden/VHE-2"),
        ),
        ("/eenheid", json!({ "idExtern": "VHE-00412" }), json!({ "idExtern": "VHE-2" })),
        ("/rekenhuur", json!(650.55), json!(650.56)),
    ] {
        assert!(read(&with(offer(), place, same.clone())).is_ok(), "{place} {same}");
        let faults = read(&with(offer(), place, other.clone())).expect_err("another");
        assert_eq!(faults, [(place.to_owned(), FaultCode::Conflict)], "{place} {other}");
    }
    let all = json!({ "idExtern": "VHE-2", "rekenhuur": 700 });
    let all = with(with(offer(), "/eenheid", all), "/publicatie", json!({ "id": "PUB-1" }));
    let faults = read(&all).expect_err("each is another");
    let named: Vec<_> = faults.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(named, ["/eenheid", "/eenheid/rekenhuur", "/publicatie"]);
}

#[test]
fn a_ground_of_the_law_or_the_landlord_is_never_the_refusal_of_a_client() {
    assert_eq!(withdrawn("GEW", "ANV"), Withdrawal::NoPermit);
    assert_eq!(withdrawn("GEW", "GER"), Withdrawal::NoPermit);
}

#[test]
fn an_offer_that_ran_out_is_one_that_was_not_answered_in_time() {
    assert_eq!(refused("ING", Some("REA")), Refusal::NotAnsweredInTime);
}

#[test]
fn a_client_who_took_another_home_has_not_used_the_one_offer() {
    assert_eq!(withdrawn("ING", "AND"), Withdrawal::Other);
}

#[test]
fn an_unsuitable_tenant_needs_an_explanation() {
    let bare = answer("ING", Some("ONG"));
    let faults = answered(&bare).expect_err("no words");
    assert_eq!(faults, [("/antwoordToelichting".to_owned(), FaultCode::Required)]);
    let explained = with(bare, "/antwoordToelichting", json!("De woning is te gehorig voor deze cliënt."));
    assert!(
        matches!(answered(&explained), Ok(Some(Fact::OfferWithdrawn(read))) if read.explanation.is_some())
    );
}

#[test]
fn the_refusals_of_a_client_keep_their_grounds() {
    for (detail, ground) in [
        ("HUU", Refusal::RentTooHigh),
        ("WBN", Refusal::DwellingDoesNotFit),
        ("WKN", Refusal::DwellingDoesNotFit),
        ("BUI", Refusal::DwellingDoesNotFit),
        ("PAO", Refusal::DwellingDoesNotFit),
        ("WOB", Refusal::NeighbourhoodDoesNotFit),
        ("PER", Refusal::Other),
        ("GEE", Refusal::Other),
    ] {
        assert_eq!(refused("GEW", Some(detail)), ground, "{detail}");
    }
    assert_eq!(refused("GEW", None), Refusal::Other);
}

#[test]
fn the_withdrawals_of_a_corporation_keep_their_grounds() {
    for (detail, ground) in [
        ("TOE", Withdrawal::LetElsewhere),
        ("ONT", Withdrawal::OfferedByMistake),
        ("DOC", Withdrawal::Documents),
        ("DON", Withdrawal::Documents),
        ("GEG", Withdrawal::WrongData),
        ("INH", Withdrawal::IncomeTooHigh),
        ("INL", Withdrawal::IncomeTooLow),
        ("NIE", Withdrawal::DidNotAppear),
        ("COO", Withdrawal::Other),
    ] {
        assert_eq!(withdrawn("ING", detail), ground, "{detail}");
    }
}

#[test]
fn a_detail_comes_under_its_own_status() {
    let faults = answered(&answer("ING", Some("HUU"))).expect_err("HUU is a refusal");
    assert_eq!(faults, [("/detailStatus".to_owned(), FaultCode::CodeOfAnotherParent)]);
}

#[test]
fn a_corporation_does_not_accept_for_the_client() {
    let faults = answered(&answer("TOE", None)).expect_err("it is the client's");
    assert_eq!(faults, [("/status".to_owned(), FaultCode::NothingFollows)]);
    assert_eq!(answered(&answer("AAN", None)), Ok(None), "still open");
}

fn known(home: Option<&omklap_domain::allocation::VacantHome>) -> DraftContext<'_> {
    let vacancy = home.map(|home| (VACANCY.parse().expect("an id"), home));
    DraftContext { corporation: &CORPORATION, vacancy }
}

fn answer(status: &str, detail: Option<&str>) -> Value {
    let detail = detail.map(|detail| json!({ "code": detail }));
    json!({ "status": { "code": status }, "detailStatus": detail, "antwoorddatum": "2026-09-03" })
}

fn answered(message: &Value) -> Result<Option<Fact>, Vec<(String, FaultCode)>> {
    let offer: OfferId = VACANCY.parse().expect("a UUID");
    let read = OfferMessage::answered(Message::new(message, today()), offer).map_err(places)?;
    Ok(match read {
        OfferAnswer::Fact(fact) => Some(*fact),
        OfferAnswer::Nothing => None,
    })
}

fn refused(status: &str, detail: Option<&str>) -> Refusal {
    match answered(&answer(status, detail)) {
        Ok(Some(Fact::OfferRefused(refused))) => {
            assert_eq!(refused.occurred_on, day("2026-09-03"));
            refused.ground
        }
        other => panic!("{status} {detail:?} is {other:?}"),
    }
}

fn withdrawn(status: &str, detail: &str) -> Withdrawal {
    match answered(&answer(status, Some(detail))) {
        Ok(Some(Fact::OfferWithdrawn(withdrawn))) => withdrawn.ground,
        other => panic!("{status} {detail} is {other:?}"),
    }
}
