//! Every form in which a fact was ever stored: `events/<type>.<version>.json`, with sealed private
//! texts, in canonical JSON.
//!
//! Files are added, never changed, because a stored event must be readable forever. A new kind of
//! fact, or a new version of one, gets its file with `OMKLAP_BLESS=1 cargo nextest run -p
//! omklap-domain event_files`. That writes the missing files and leaves the others alone. The
//! store's upcasters upgrade an older version before it is decoded.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use omklap_domain::text::{PrivateRef, PrivateText};
use omklap_domain::trajectory::fact::published;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use crate::vocabulary::*;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/events")
}

fn file_name(fact: &Fact) -> String {
    format!("{}.{}.json", fact.fact_type(), fact.version())
}

fn canonical(fact: &Fact) -> String {
    serde_json_canonicalizer::to_string(fact).expect("a fact can be written as JSON")
}

/// The names and contents of all files, of old and current forms.
fn files() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("the folder of event files");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    paths
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a readable file"))
        })
        .collect()
}

/// Every kind of fact with all its fields, as it is stored.
fn stored() -> impl Iterator<Item = Fact> {
    FactType::ALL.iter().map(|kind| sealed(complete(*kind, code("2026-03-02"))))
}

fn sealed(mut fact: Fact) -> Fact {
    let mut ids = (1..).map(|number| Uuid::from_u128(0x5ea1_0000 + number));
    fact.exchange_texts(|text| {
        let id = ids.next().expect("numbers do not run out");
        *text = PrivateText::Sealed(PrivateRef { id, commitment: format!("{:064x}", id.as_u128()) });
    });
    fact
}

/// A fact with all its fields.
fn complete(kind: FactType, on: Day) -> Fact {
    match kind {
        FactType::IntakeRegistered => {
            let previous_trajectory = Some(TrajectoryId(Uuid::from_u128(0x7fa1_0001)));
            let referred_by = Some(code("stadswonen"));
            IntakeRegistered { previous_trajectory, referred_by, ..intake(on) }.into()
        }
        FactType::RunningCaseTakenOver => taken_over_with_everything(on).into(),
        FactType::ContactPersonAssigned => caretaker(on).into(),
        FactType::CaseDiscussed => discussed_by_three(on).into(),
        FactType::CorporationAssigned => assigned_together(on).into(),
        FactType::DwellingOffered => offered_to_the_second(on).into(),
        FactType::GuidanceScaled => GuidanceScaled { signal_id: Some(SIGNAL), ..guidance_scaled(on) }.into(),
        FactType::TemporaryPlacementStarted => {
            TemporaryPlacementStarted { nuisance_case: Some(CASE), ..placement(on) }.into()
        }
        FactType::GuaranteeFundClaimed => {
            GuaranteeFundClaimed { rents_due_on: vec![on.plus_days(-9)], ..fund_claimed(on) }.into()
        }
        FactType::GuaranteeFundSettled => {
            GuaranteeFundSettled { settled_by: Some(Party::Municipality), ..fund_settled(on) }.into()
        }
        FactType::NuisanceReported => {
            NuisanceReported { earlier_case: Some(SECOND_CASE), ..nuisance_reported(on) }.into()
        }
        FactType::Escalated => Escalated { acute: Some(AcuteGround::Threat), ..escalated(on) }.into(),
        FactType::WarningIssued => {
            WarningIssued { explanation: Some("a room is let to others".into()), ..warning(on) }.into()
        }
        FactType::LeaseTerminationStarted => {
            LeaseTerminationStarted { acute: Some(AcuteGround::Fire), ..termination(on) }.into()
        }
        FactType::FlipPositionGiven => position_of(Party::CareProvider, Position::NotYet)(on).into(),
        FactType::TrajectoryTransferred => {
            let municipality = Some(code("gemeente-venlo"));
            TrajectoryTransferred { municipality, ..transferred(on) }.into()
        }
        FactType::PersonalDataErased => PersonalDataErased { facts: Some(vec![1, 2]), ..erased(on) }.into(),
        FactType::EventCorrected => replaced(2, profile(on))(on).into(),
        _ => fact_of(kind, on),
    }
}

fn taken_over_with_everything(on: Day) -> RunningCaseTakenOver {
    let reported_on = on.plus_days(-20);
    RunningCaseTakenOver {
        client_contact: Some("06 00 00 00 00".into()),
        previous_trajectory: Some(TrajectoryId(Uuid::from_u128(0x7fa1_0001))),
        open_nuisance_cases: vec![RunningNuisanceCase { case_id: CASE, level: level(1), reported_on }],
        already_kept: vec![AlreadyKept { obligation: code("4.1"), kept_on: reported_on }],
        ..taken_over_flipped(on)
    }
}

#[test]
fn every_kind_of_fact_has_a_file_of_its_current_form() {
    let bless = std::env::var_os("OMKLAP_BLESS").is_some();
    for fact in stored() {
        let path = folder().join(file_name(&fact));
        if bless && !path.exists() {
            fs::write(&path, canonical(&fact) + "\n").expect("a writable folder");
        }
        assert!(path.exists(), "{} is missing: run once with OMKLAP_BLESS=1", path.display());
    }
}

#[test]
fn the_files_contain_every_field() {
    let schemas = published();
    for fact in stored() {
        let name = format!("{:?}", fact.fact_type());
        let Some(RefOr::T(Schema::Object(schema))) = schemas.get(&name) else {
            panic!("{name} is an object")
        };
        let fields: BTreeSet<_> = schema.properties.keys().cloned().collect();
        let Value::Object(written) = serde_json::to_value(&fact).expect("JSON") else { panic!("an object") };
        assert_eq!(written.keys().cloned().collect::<BTreeSet<_>>(), fields, "{name}");
    }
}

#[test]
fn a_stored_fact_is_read_and_written_back_byte_for_byte() {
    let present: BTreeSet<_> = stored().map(|fact| file_name(&fact)).collect();
    for (name, text) in files().iter().filter(|(name, _)| present.contains(name)) {
        let fact: Fact = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(&file_name(&fact), name);
        assert_eq!(canonical(&fact) + "\n", *text, "{name}");
        assert_eq!(Fact::read(fact.fact_type(), text).expect("the same"), fact, "{name}");
    }
}

#[test]
fn a_stored_fact_is_read_as_the_kind_that_it_names_and_as_no_other() {
    for fact in stored() {
        let (kind, text) = (fact.fact_type(), canonical(&fact));
        let other = if kind == FactType::RentMissed { FactType::RentChanged } else { FactType::RentMissed };
        let named_twice = text.replacen('{', &format!("{{\"type\":\"{kind}\","), 1);
        let without = text.replace(&format!("\"type\":\"{kind}\""), "\"kind\":1");
        assert!(Fact::read(other, &text).is_err(), "{kind}");
        for text in [
            named_twice,
            without,
            text.clone() + "1",
            format!("[{text}]"),
            text.replacen('{', "{\"else\":1,", 1),
        ] {
            assert!(Fact::read(kind, &text).is_err(), "{text}");
            assert!(serde_json::from_str::<Fact>(&text).is_err(), "{text}");
        }
    }
}

/// The forms that were written once, and are still read.
const OLDER: &[&str] = &[
    "case-discussed.1.0.json",
    "contact-person-assigned.1.0.json",
    "corporation-assigned.1.0.json",
    "departure-agreed.1.0.json",
    "dwelling-offered.1.0.json",
    "dwelling-offered.1.1.json",
    "guarantee-fund-claimed.1.0.json",
    "guarantee-fund-settled.1.0.json",
    "housed-under-intermediary-lease.1.0.json",
    "housed-under-own-lease.1.0.json",
    "housed-under-temporary-lease.1.0.json",
    "housed-under-three-party-lease.1.0.json",
    "intake-registered.1.0.json",
    "lease-termination-started.1.0.json",
    "outflow-announced.1.0.json",
    "processing-restricted.1.0.json",
    "running-case-taken-over.1.0.json",
    "warning-issued.1.0.json",
];

#[test]
fn an_older_form_is_of_a_known_kind_and_differs_from_the_current_form() {
    let present: BTreeSet<_> = stored().map(|fact| file_name(&fact)).collect();
    let older = files().into_iter().filter(|(name, _)| !present.contains(name));
    let names = older.map(|(name, text)| {
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let kind = value["type"].as_str().expect("a type");
        assert!(FactType::ALL.iter().any(|known| known.as_str() == kind), "{name}");
        assert!(name.starts_with(&format!("{kind}.")), "{name}");
        // A form that can still be read lacks a field that was optional from the start.
        if let Ok(fact) = serde_json::from_value::<Fact>(value) {
            assert_ne!(file_name(&fact), name, "{name} needs no upgrade");
        }
        name
    });
    let names: BTreeSet<_> = names.collect();
    assert_eq!(names, OLDER.iter().copied().map(str::to_owned).collect());
}

#[test]
fn no_fact_is_stored_with_a_private_text_in_it() {
    for (name, text) in files() {
        let Ok(mut fact) = serde_json::from_str::<Fact>(&text) else { continue };
        fact.exchange_texts(|text| assert!(matches!(text, PrivateText::Sealed(_)), "{name}"));
    }
}

#[test]
fn an_unknown_field_is_refused() {
    for fact in stored() {
        let mut value = serde_json::to_value(&fact).expect("JSON");
        value["bsn"] = "111222333".into();
        let error = serde_json::from_value::<Fact>(value).expect_err("an unknown field");
        assert!(error.to_string().contains("unknown field"), "{}: {error}", fact.fact_type());
    }
}
