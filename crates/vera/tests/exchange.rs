//! What a connector has to know of messages: which leave, and how each side names an object.

use omklap_vera::{CaseKey, KnownLeases, OfferedThere, Outgoing, lease_id};
use serde_json::{Value, json};

use crate::messages::{CORPORATION, TRAJECTORY, VACANCY, publication, today, with};

#[test]
fn only_a_publication_for_the_flip_leaves_the_corporations_server() {
    let there = OfferedThere::of(&with(publication(), "/id", json!("77")), today()).expect("for the flip");
    assert_eq!((there.key.as_deref(), there.id.as_deref()), (Some("PUB-2026-118"), Some("77")));
    assert!(!there.has_ended);
    for (place, code) in [("/model", "AAN"), ("/detailModel", "LEE")] {
        let other = with(publication(), place, json!({ "code": code }));
        assert_eq!(OfferedThere::of(&other, today()), None, "{place}");
        assert_eq!(OfferedThere::of(&with(publication(), place, json!(null)), today()), None, "{place}");
    }
    let ended = with(publication(), "/status", json!("AFG"));
    assert!(OfferedThere::of(&ended, today()).expect("for the flip").has_ended);
}

#[test]
fn a_message_names_objects_by_the_ids_of_the_other_side() {
    let written = json!({
        "id": "a.o", "kandidaat": {"id": "a.v"}, "publicatie": {"id": "v"}, "status": {"code": "AAN"}
    });
    let offer = Outgoing::of(written).expect("it has an id");
    assert_eq!(offer.names, [("kandidaten", "a.v".to_owned()), ("publicaties", "v".to_owned())]);
    let known = |list: &str, key: &str| (key == "v" || list == "kandidaten").then(|| format!("T-{key}"));
    let expected = json!({
        "idExtern": "a.o", "kandidaat": {"id": "T-a.v", "idExtern": "a.v"}, "publicatie": {"id": "T-v"},
        "status": {"code": "AAN"}
    });
    assert_eq!(offer.message(known), expected);
    let unknown = offer.message(|_, _| None);
    assert_eq!(unknown["kandidaat"], json!({"idExtern": "a.v"}));
    assert_eq!(Outgoing::of(json!({"status": {"code": "AAN"}})), None);
}

#[test]
fn a_candidate_no_more_has_no_status() {
    let key =
        CaseKey { trajectory: TRAJECTORY.parse().expect("a UUID"), part: VACANCY.parse().expect("a UUID") };
    let message = Outgoing::former_candidate(key).message(|_, _| None);
    let expected = json!({"idExtern": key.to_string(), "publicatie": {"idExtern": VACANCY}});
    assert_eq!(message, expected);
}

#[test]
fn only_a_notice_of_a_known_lease_leaves_and_it_names_the_lease_as_the_ledger_does() {
    let lease = lease_id(&CORPORATION, "HO-9").0;
    let key = format!("{TRAJECTORY}.{lease}");
    let uri = format!("https://omklap.example/vera/v4/huurovereenkomsten/{key}");
    let leases = KnownLeases::of(&[json!({"overeenkomst": uri}), json!({"id": "not leased yet"})]);
    let notice = |named: Value| json!({"huurovereenkomst": named, "status": {"code": "GOE"}});
    let uri = "https://vera.example/v4/huurovereenkomsten/HO-9";
    for named in [json!({"idExtern": "HO-9"}), json!({"id": "HO-9"}), json!({"id": key}), json!(uri)] {
        let found = leases.notice(&notice(named.clone()), &CORPORATION).expect("a known lease");
        assert_eq!(found, notice(json!({"id": key})), "{named}");
    }
    for named in [json!({"idExtern": "HO-10"}), json!({}), json!(null), json!(9)] {
        assert_eq!(leases.notice(&notice(named.clone()), &CORPORATION), None, "{named}");
    }
}
