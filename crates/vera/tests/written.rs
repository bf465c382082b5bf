//! What the ledger writes.

use omklap_domain::allocation::Vacancy;
use omklap_domain::ids::{LeaseId, TrajectoryId};
use omklap_domain::text::PrivateText;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{
    DwellingOffered, OfferAccepted, OfferRefused, OfferWithdrawn, OutflowProfileSet, RefusalGround,
    WithdrawalGround,
};
use omklap_vera::{
    CandidateWritten, CaseKey, DraftContext, Message, OfferAnswer, OfferDraft, OfferMessage, OfferWritten,
    PriorityWritten, UnitUris, Written,
};
use serde_json::{Value, json};

use crate::messages::{CORPORATION, TRAJECTORY, VACANCY, day, offer, opened, publication, today};

#[test]
fn a_candidate_has_no_rank() {
    let vacancy = opened(&publication());
    let written = CandidateWritten { trajectory: case(), vacancy: &vacancy, eligible: true }.message(&uris());
    assert_eq!(written.get("positie"), None);
    assert_eq!(written.get("status").expect("a status")["code"], "POT");
    let not = CandidateWritten { trajectory: case(), vacancy: &vacancy, eligible: false }.message(&uris());
    assert_eq!(not.get("status"), None, "nobody rejected the client");
}

#[test]
fn an_offer_is_written_in_the_domain_form_and_without_what_people_wrote() {
    let written = offer_written(Some(&refused(RefusalGround::RentTooHigh))).into_value();
    assert_eq!(written["eenheid"], "https://omklap.example/vera/v4/eenheden/VHE-00412");
    assert_eq!(written["datum"], "2026-09-01T00:00:00Z");
    assert_eq!(
        (&written["status"]["code"], &written["detailStatus"]["code"]),
        (&json!("GEW"), &json!("HUU"))
    );
    assert!(!written.to_string().contains("geheim"), "{written}");
}

#[test]
fn every_outcome_that_is_written_is_read_as_the_same_kind_of_outcome() {
    let refusals = [
        RefusalGround::TooFarFromNetwork,
        RefusalGround::DwellingDoesNotFit,
        RefusalGround::NeighbourhoodDoesNotFit,
        RefusalGround::RentTooHigh,
        RefusalGround::NotAnsweredInTime,
        RefusalGround::Other,
    ];
    let withdrawals = [
        WithdrawalGround::DwellingNotAvailable,
        WithdrawalGround::OfferedByMistake,
        WithdrawalGround::LetElsewhere,
        WithdrawalGround::NoPermit,
        WithdrawalGround::IncomeTooHigh,
        WithdrawalGround::Documents,
        WithdrawalGround::DidNotAppear,
        WithdrawalGround::Other,
    ];
    for fact in refusals.map(refused).into_iter().chain(withdrawals.map(withdrawn)) {
        let written = offer_written(Some(&fact)).into_value();
        let offer = VACANCY.parse().expect("a UUID");
        let read = OfferMessage::answered(Message::new(&written, today()), offer).expect("ours");
        let OfferAnswer::Fact(read) = read else { panic!("{written}") };
        assert_eq!(std::mem::discriminant(&*read), std::mem::discriminant(&fact), "{written}");
    }
}

#[test]
fn an_accepted_offer_is_an_allocation_that_names_its_lease() {
    let accepted = Fact::OfferAccepted(OfferAccepted {
        occurred_on: day("2026-09-04"),
        offer_id: offered().offer_id,
        viewed_on: None,
    });
    let offered = offered();
    let offer = OfferWritten { ended_by: Some(&accepted), ..written_of(&offered) };
    let lease = CaseKey { trajectory: case(), part: VACANCY.parse().expect("a UUID") };
    let allocation = offer.allocation(Some(lease), &uris()).expect("accepted").into_value();
    assert_eq!(allocation["rekenhuur"], 650.55);
    assert_eq!(allocation["datum"], "2026-09-04T00:00:00Z");
    let named = format!("https://omklap.example/vera/v4/huurovereenkomsten/{TRAJECTORY}.{VACANCY}");
    assert_eq!(allocation["overeenkomst"], named);
    assert_eq!(written_of(&offered).allocation(None, &uris()), None, "not accepted yet");
}

#[test]
fn the_highest_rent_of_a_profile_is_a_whole_number_of_euros_rounded_down() {
    let profile: OutflowProfileSet =
        serde_json::from_value(profile(70_099, "wheelchair")).expect("a profile");
    let priority = PriorityWritten { trajectory: case(), since: None, profile: Some(&profile) };
    let written = priority.profile().expect("a profile").into_value();
    assert_eq!(written["maximumBrutoHuur"], json!(700));
    let labels: Vec<_> = written["toegankelijkheidslabels"].as_array().expect("labels").iter().collect();
    assert_eq!(labels.iter().map(|label| &label["code"]).collect::<Vec<_>>(), ["ROL", "RUI"]);
    assert_eq!(priority.message().into_value()["detailSoort"]["code"], "UIT");
}

#[test]
fn a_flip_is_written_as_the_end_of_one_lease_and_the_begin_of_another() {
    let flip: Fact = serde_json::from_value(json!({
        "type": "contract-flipped", "occurredOn": "2026-10-01", "leaseId": VACANCY, "rentCents": 65_055,
        "headLeaseEndsOn": "2026-09-30", "ownLeaseStartsOn": "2026-10-01"
    }))
    .expect("a flip");
    let old: LeaseId = TRAJECTORY.parse().expect("a UUID");
    let unit = "VHE-00412".parse().ok();
    let written = Written::leases(case(), &flip, Some(old), unit.as_ref(), &uris());
    let [ended, own] = written.as_slice() else { panic!("two: {written:?}") };
    let code = |written: &Written, name| written.get(name).expect(name)["code"].clone();
    assert_eq!(code(ended, "eindeReden"), "OPZ");
    assert_eq!(code(ended, "eindeDetailReden"), "WIJ");
    assert_eq!(ended.get("einddatum"), Some(&json!("2026-09-30")));
    assert_eq!((code(own, "detailSoort"), own.get("begindatum")), (json!("ONB"), Some(&json!("2026-10-01"))));
}

#[test]
fn a_vacancy_is_written_as_its_publication() {
    let mut vacancy = Vacancy { opened: Some(opened(&publication())), ..Vacancy::default() };
    let written = Written::publication(&vacancy, &uris()).expect("opened").into_value();
    assert_eq!(written["opleverdatum"], "2026-10-01T00:00:00Z");
    assert_eq!(written["eenheden"], json!(["https://omklap.example/vera/v4/eenheden/VHE-00412"]));
    vacancy.opened = None;
    assert_eq!(Written::publication(&vacancy, &uris()), None);
}

#[test]
fn the_id_of_a_dwelling_may_hold_a_slash() {
    let unit = "VHE/412:a".parse().expect("a code");
    assert_eq!(uris().unit(&unit), "https://omklap.example/vera/v4/eenheden/VHE%2F412:a");
}

fn uris() -> UnitUris {
    UnitUris { base: "https://omklap.example/vera/v4".to_owned() }
}

fn case() -> TrajectoryId {
    TRAJECTORY.parse().expect("a UUID")
}

fn offered() -> DwellingOffered {
    let home = opened(&publication()).home;
    let context =
        DraftContext { corporation: &CORPORATION, vacancy: Some((VACANCY.parse().expect("an id"), &home)) };
    OfferDraft::offered(Message::new(&offer(), today()), context).expect("complete")
}

fn written_of(offered: &DwellingOffered) -> OfferWritten<'_> {
    OfferWritten { trajectory: case(), offered, ended_by: None }
}

fn offer_written(ended_by: Option<&Fact>) -> Written {
    OfferWritten { ended_by, ..written_of(&offered()) }.message(&uris())
}

fn refused(ground: RefusalGround) -> Fact {
    let explanation = Some(PrivateText::from("geheim"));
    let (occurred_on, offer_id) = (day("2026-09-03"), offered().offer_id);
    Fact::OfferRefused(OfferRefused { occurred_on, offer_id, ground, explanation })
}

fn withdrawn(ground: WithdrawalGround) -> Fact {
    let explanation = Some(PrivateText::from("geheim"));
    let (occurred_on, offer_id) = (day("2026-09-03"), offered().offer_id);
    Fact::OfferWithdrawn(OfferWithdrawn { occurred_on, offer_id, ground, explanation })
}

fn profile(rent_limit: i64, access: &str) -> Value {
    json!({
        "occurredOn": "2026-03-01", "profile": "p1", "household": "single", "municipalityOfOrigin": "0106",
        "rentLimitCents": rent_limit, "access": access, "quietNeeded": false, "pets": false,
        "guidanceLevel": 2, "reachAtNight": false, "financialSupport": false, "assessor": "u-7",
        "clientAgreed": true, "validFrom": "2026-03-01"
    })
}
