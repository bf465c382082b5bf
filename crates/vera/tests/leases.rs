//! `Huurovereenkomst` and `Huuropzegging`: housed, the flip, and the end of a lease.

use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::ContractModel::{self, Intermediary, Own, Temporary, ThreeParty};
use omklap_vera::{
    FaultCode, LeaseContext, LeaseEndForm, LeaseEndMessage, LeaseEndReading, LeaseMessage, Message, lease_id,
};
use serde_json::{Value, json};

use crate::messages::{
    CORPORATION, PROVIDER, TRAJECTORY, VACANCY, day, lease, places, today, with, with_extra,
};

#[test]
fn the_only_model_of_the_set_is_the_model_of_a_lease() {
    let Ok(Fact::HousedUnderIntermediaryLease(housed)) = begun(&lease(), &[Intermediary, Temporary], None)
    else {
        panic!("housed")
    };
    assert_eq!(housed.occurred_on, day("2026-10-01"));
    assert_eq!(housed.terms.lease_id, lease_id(&CORPORATION, "HO-2026-9"));
    assert_eq!((housed.terms.unit.as_str(), i64::from(housed.terms.rent_cents)), ("VHE-00412", 65_055));
    let three = with_extra(lease(), "omklap.garantiefonds", "ja");
    assert!(matches!(begun(&three, &[ThreeParty], None), Ok(Fact::HousedUnderThreePartyLease(_))));
}

#[test]
fn a_lease_that_may_be_of_two_models_says_which() {
    let faults = begun(&lease(), &[Intermediary, ThreeParty], None).expect_err("which?");
    assert_eq!(faults, [("/extra-attributen".to_owned(), FaultCode::Required)]);
    let named = with_extra(lease(), "omklap.contractvormen", "own");
    assert!(matches!(begun(&named, &[Intermediary, Own], None), Ok(Fact::HousedUnderOwnLease(_))));
}

#[test]
fn a_temporary_lease_has_an_end() {
    let temporary = with(lease(), "/detailSoort", json!({ "code": "TIJ" }));
    let faults = begun(&temporary, &[Intermediary], None).expect_err("no end");
    assert_eq!(faults, [("/einddatum".to_owned(), FaultCode::Required)]);
    let ending = with(temporary, "/einddatum", json!("2027-09-30"));
    assert!(matches!(begun(&ending, &[Intermediary], None), Ok(Fact::HousedUnderTemporaryLease(_))));
}

#[test]
fn a_lease_has_exactly_one_model() {
    let models = [Intermediary, Own];
    let at_the_model = [("/extra-attributen/1/waarde".to_owned(), FaultCode::WrongForm)];
    for several_or_none in ["intermediary,own", "own, own", "", "lodging"] {
        let message = with_extra(lease(), "omklap.contractvormen", several_or_none);
        let faults = begun(&message, &models, None).expect_err(several_or_none);
        assert_eq!(faults, at_the_model, "{several_or_none}");
    }
}

#[test]
fn a_lease_for_a_term_is_a_temporary_one_and_no_other_has_an_end() {
    let temporary = with(lease(), "/detailSoort", json!({ "code": "TIJ" }));
    let named = with_extra(temporary, "omklap.contractvormen", "intermediary");
    let faults = begun(&named, &[Intermediary], None).expect_err("it is named otherwise, and has no end");
    let conflict = ("/detailSoort".to_owned(), FaultCode::Conflict);
    assert_eq!(faults, [conflict, ("/einddatum".to_owned(), FaultCode::Required)]);
    let named = with_extra(lease(), "omklap.contractvormen", "temporary");
    for lives_under in [None, Some(Intermediary)] {
        let faults = begun(&named, &[Intermediary], lives_under).expect_err("ONB is not temporary");
        assert_eq!(faults, [("/detailSoort".to_owned(), FaultCode::Conflict)], "{lives_under:?}");
        let ending = with(lease(), "/einddatum", json!("2027-09-30"));
        let faults = begun(&ending, &[Intermediary], lives_under).expect_err("ONB has no end");
        assert_eq!(faults, [("/einddatum".to_owned(), FaultCode::Conflict)], "{lives_under:?}");
    }
}

#[test]
fn the_flip_is_a_new_lease_on_the_day_after_the_old_one() {
    let Ok(Fact::ContractFlipped(flip)) = begun(&lease(), &[Intermediary], Some(Intermediary)) else {
        panic!("a flip")
    };
    assert_eq!(flip.own_lease_starts_on, day("2026-10-01"));
    assert_eq!(flip.head_lease_ends_on, day("2026-09-30"));
    assert_eq!(flip.sublease_ends_on, Some(day("2026-09-30")));
    let Ok(Fact::ContractFlipped(three)) = begun(&lease(), &[ThreeParty], Some(ThreeParty)) else {
        panic!("a flip")
    };
    assert_eq!(three.sublease_ends_on, None, "nobody sublet it");
}

#[test]
fn a_flip_does_not_lead_to_a_temporary_lease() {
    let temporary = with(lease(), "/detailSoort", json!({ "code": "TIJ" }));
    let faults = begun(&temporary, &[Intermediary], Some(Intermediary)).expect_err("no flip");
    assert_eq!(faults, [("/detailSoort".to_owned(), FaultCode::NothingFollows)]);
}

#[test]
fn a_lease_that_is_not_signed_houses_nobody() {
    for status in ["VOO", "GOE", "GEA", "BEE"] {
        let message = with(lease(), "/status", json!({ "code": status }));
        let faults = begun(&message, &[Intermediary], None).expect_err(status);
        assert_eq!(faults, [("/status".to_owned(), FaultCode::NothingFollows)], "{status}");
    }
}

#[test]
fn an_empty_lease_lacks_everything_at_once() {
    let places: Vec<_> = begun(&json!({}), &[Intermediary], None)
        .expect_err("it is empty")
        .into_iter()
        .map(|(place, _)| place)
        .collect();
    let needed = [
        "/begindatum",
        "/detailSoort",
        "/eenheden",
        "/extra-attributen",
        "/idExtern",
        "/rekenhuur",
        "/soort",
    ];
    assert_eq!(places, needed);
    assert_eq!(LeaseMessage::trajectory(&lease()).expect("a case").to_string(), TRAJECTORY);
}

#[test]
fn another_name_on_the_lease_is_no_departure() {
    let renamed = json!({ "eindeReden": { "code": "OPZ" }, "eindeDetailReden": { "code": "WIJ" }, "einddatum": "2026-09-30" });
    assert_eq!(ended_lease(&renamed), Ok(LeaseEndReading::FlipExpected));
}

#[test]
fn a_notice_that_is_not_approved_ends_nothing() {
    for status in ["AAN", "INB", "AFG", "GEA"] {
        let notice = with(notice(), "/status", json!({ "code": status }));
        assert_eq!(ended(&notice), Ok(LeaseEndReading::Nothing), "{status}");
    }
}

#[test]
fn a_lease_that_ends_by_agreement_says_who_signed_and_where_the_client_goes() {
    let faults = ended(&with(notice(), "/extra-attributen", json!([]))).expect_err("it lacks three");
    assert_eq!(faults, vec![("/extra-attributen".to_owned(), FaultCode::Required); 3]);
    let Ok(LeaseEndReading::Fact(fact)) = ended(&notice()) else { panic!("a fact") };
    assert!(matches!(*fact, Fact::LeaseEndAgreed(end) if end.ends_on == day("2026-10-31")));
}

#[test]
fn a_lease_ends_on_its_last_day_and_not_on_the_day_of_the_notice() {
    let lease = with(notice(), "/opzegdatum", json!("2026-08-20"));
    let lease = with(with(lease, "/huurovereenkomst", json!(null)), "/status", json!({ "code": "BEE" }));
    let faults = ended_lease(&lease).expect_err("it has no last day");
    assert_eq!(faults, [("/einddatum".to_owned(), FaultCode::Required)]);
    let ending = with(lease, "/einddatum", json!("2026-09-30"));
    let Ok(LeaseEndReading::Fact(fact)) = ended_lease(&ending) else { panic!("a fact") };
    assert!(matches!(*fact, Fact::LeaseEndAgreed(end) if end.ends_on == day("2026-09-30")));
    let closed = with(with(notice(), "/opzegdatum", json!(null)), "/einddatum", json!("2026-10-31"));
    let faults = ended(&closed).expect_err("the day on which a notice was closed is not that of its effect");
    assert_eq!(faults, [("/opzegdatum".to_owned(), FaultCode::Required)]);
}

#[test]
fn a_landlord_ends_a_lease_by_the_protocol_and_not_by_a_message() {
    for reason in ["ONT", "VER"] {
        let ending = with(notice(), "/eindeReden", json!({ "code": reason }));
        let faults = ended(&ending).expect_err(reason);
        assert_eq!(faults, [("/eindeReden".to_owned(), FaultCode::NothingFollows)], "{reason}");
    }
}

#[test]
fn a_notice_names_its_lease_and_no_dwelling() {
    let key = LeaseEndMessage::lease(&notice()).expect("a lease");
    assert_eq!((key.trajectory.to_string(), key.part.to_string()), (TRAJECTORY.into(), VACANCY.into()));
}

fn notice() -> Value {
    let notice = json!({
        "huurovereenkomst": { "id": format!("{TRAJECTORY}.{VACANCY}") },
        "status": { "code": "GOE" },
        "eindeReden": { "code": "OPZ" },
        "opzegdatum": "2026-10-31",
        "extra-attributen": []
    });
    let signed = with_extra(notice, "omklap.ondertekend-door", "client,housing-corporation");
    let going = with_extra(signed, "omklap.volgende-plek", "Een eigen woning elders");
    with_extra(going, "omklap.document", "dms:2026/9")
}

fn begun(
    message: &Value,
    models: &[ContractModel],
    lives_under: Option<ContractModel>,
) -> Result<Fact, Vec<(String, FaultCode)>> {
    let context = LeaseContext { corporation: &CORPORATION, care_provider: &PROVIDER, models, lives_under };
    LeaseMessage::begun(Message::new(message, today()), &context).map_err(places)
}

fn ended(message: &Value) -> Result<LeaseEndReading, Vec<(String, FaultCode)>> {
    let lease = VACANCY.parse().expect("a UUID");
    LeaseEndMessage::read(Message::new(message, today()), LeaseEndForm::Notice, lease).map_err(places)
}

fn ended_lease(message: &Value) -> Result<LeaseEndReading, Vec<(String, FaultCode)>> {
    let lease = VACANCY.parse().expect("a UUID");
    LeaseEndMessage::read(Message::new(message, today()), LeaseEndForm::Lease, lease).map_err(places)
}
