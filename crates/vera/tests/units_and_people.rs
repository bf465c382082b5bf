//! Dwellings and the people of a match, as VERA sees them, and allocations.

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::ContractModel;
use omklap_vera::{
    AllocationMessage, AllocationSubject, CaseKey, LeaseWritten, MatchWritten, Message, Written, vacancy_id,
};
use serde_json::json;

use crate::messages::{CORPORATION, PROVIDER, TRAJECTORY, VACANCY, day, opened, places, publication, today};

#[test]
fn a_dwelling_is_written_as_it_was_read_without_promising_more_access() {
    let home = opened(&publication()).home;
    let written = Written::unit(&home).into_value();
    assert_eq!((&written["id"], &written["rekenhuur"]), (&json!("VHE-00412"), &json!(650.55)));
    assert_eq!(written["adres"]["buurt"]["code"], "BU01060001");
    assert_eq!(written["ligging"][0]["code"], "RUS");
    assert_eq!(written.get("toegankelijkheidslabel"), None, "a ground floor or a lift has no code");
}

#[test]
fn the_role_of_a_client_follows_from_the_lease_and_nobody_is_a_guide() {
    let cases = [
        (None, vec!["WON"]),
        (Some(Some(ContractModel::Intermediary)), vec!["BEW", "HUU"]),
        (Some(Some(ContractModel::ThreeParty)), vec!["HUU"]),
        (Some(None), vec!["HUU"]),
    ];
    for (lease, expected) in cases {
        let lease =
            lease.map(|model| LeaseWritten { model, care_provider: &PROVIDER, begins_on: day("2026-10-01") });
        let found = MatchWritten { key: key(), accepted_on: today(), name: Some("Sam"), lease };
        let roles: Vec<_> = found.roles().into_iter().map(Written::into_value).collect();
        assert_eq!(roles.iter().map(|role| &role["soort"]["code"]).collect::<Vec<_>>(), expected);
        let person = found.person().into_value();
        assert_eq!((&person["aanschrijfnaam"], &person["rollen"][0]["id"]), (&json!("Sam"), &roles[0]["id"]));
    }
    let unnamed = MatchWritten { key: key(), accepted_on: today(), name: None, lease: None };
    assert_eq!(unnamed.person().get("aanschrijfnaam"), None);
}

#[test]
fn an_allocation_is_about_an_offer_or_else_about_a_publication() {
    let subject = |body| AllocationMessage::subject(&body, &CORPORATION);
    let of_offer = json!({"aanbieding": {"id": key().to_string()}, "publicatie": {"id": VACANCY}});
    assert_eq!(subject(of_offer), Some(AllocationSubject::Offer(key())));
    let vacancy = VACANCY.parse().expect("a UUID");
    let publication = json!({"publicatie": {"id": VACANCY}});
    assert_eq!(subject(publication), Some(AllocationSubject::Publication(vacancy)));
    let own = AllocationSubject::Publication(vacancy_id(&CORPORATION, "PUB-1"));
    assert_eq!(subject(json!({"publicatie": {"idExtern": "PUB-1"}})), Some(own));
    let neither = json!({"aanbieding": {"id": "not ours"}, "publicatie": {"id": VACANCY}});
    assert_eq!(subject(neither.clone()), None, "an offer that is named is not left aside");
    let faults = places(AllocationMessage::about_nothing(Message::new(&neither, today())));
    assert_eq!(faults[0].0, "/aanbieding/id");
}

fn key() -> CaseKey {
    let trajectory: TrajectoryId = TRAJECTORY.parse().expect("a UUID");
    CaseKey { trajectory, part: VACANCY.parse().expect("a UUID") }
}
