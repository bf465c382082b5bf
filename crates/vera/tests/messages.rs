//! Messages for the tests: right ones, to be changed in one place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use omklap_domain::allocation::VacancyOpened;
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_domain::trajectory::fact::ContractModel;
use omklap_vera::{Fault, FaultCode, Message, PublicationContext, PublicationMessage};
use serde_json::{Value, json};

pub static CORPORATION: LazyLock<OrganisationId> = LazyLock::new(|| "actium".parse().expect("a code"));
pub static PROVIDER: LazyLock<OrganisationId> = LazyLock::new(|| "cosis".parse().expect("a code"));
static REGIONS: LazyLock<BTreeMap<RegionId, Vec<ContractModel>>> =
    LazyLock::new(|| [("drenthe".parse().expect("a code"), vec![ContractModel::Intermediary])].into());

pub const TRAJECTORY: &str = "01900000-0000-7000-8000-000000000002";
pub const VACANCY: &str = "7ac00001-0000-4000-8000-000000000001";

/// A day, as `2026-03-01`.
pub fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// The day of every message.
pub fn today() -> Day {
    day("2026-09-01")
}

/// What the ledger knows of the corporation.
pub fn sender() -> PublicationContext<'static> {
    PublicationContext { corporation: &CORPORATION, regions: &REGIONS }
}

/// A publication that opens a vacancy.
pub fn publication() -> Value {
    json!({
        "idExtern": "PUB-2026-118",
        "code": "2026/118",
        "status": { "code": "GEP" },
        "model": { "code": "DIS" },
        "detailModel": { "code": "OMK" },
        "opleverdatum": "2026-09-30T22:00:00Z",
        "eenheden": [{
            "idExtern": "VHE-00412",
            "soort": { "code": "WOO" },
            "detailSoort": { "code": "GAL" },
            "rekenhuur": 650.55,
            "kamersAantal": 2,
            "etage": 1,
            "toegankelijkheidslabel": { "code": "NUL" },
            "ligging": [{ "code": "RUS" }],
            "clusters": [{ "idExtern": "C-118" }],
            "voorwaarden": { "maximumAantalPersonen": 2, "maximuminkomen": 49000 },
            "adres": { "straatnaam": "Dorpsstraat", "gemeente": { "code": "0106" }, "buurt": { "code": "BU01060001" } }
        }],
        "extra-attributen": [{ "naam": "omklap.overlastdossier", "waarde": "nee" }]
    })
}

/// An offer, with what makes it more than a draft.
pub fn offer() -> Value {
    let words = ["wensen", "profiel", "woning", "buurt", "netwerk", "dagbesteding"];
    let considered = words.map(|word| extra(&format!("omklap.overweging-{word}"), "past"));
    let agreed = extra("omklap.akkoord", "care-provider, housing-corporation");
    json!({
        "idExtern": "AANB-77",
        "status": { "code": "AAN" },
        "datum": "2026-09-01T00:00:00Z",
        "vervaldatum": "2026-09-08T00:00:00Z",
        "kandidaat": { "id": format!("{TRAJECTORY}.{VACANCY}") },
        "extra-attributen": considered.into_iter().chain([agreed]).collect::<Vec<Value>>()
    })
}

/// A lease that runs.
pub fn lease() -> Value {
    json!({
        "idExtern": "HO-2026-9",
        "soort": { "code": "HUU" },
        "detailSoort": { "code": "ONB" },
        "status": { "code": "LOP" },
        "begindatum": "2026-10-01",
        "rekenhuur": 650.55,
        "eenheden": ["https://vastgoed.actium.example/v4/eenheden/VHE-00412"],
        "extra-attributen": [extra("omklap.traject", TRAJECTORY)]
    })
}

/// An extra attribute.
pub fn extra(name: &str, value: &str) -> Value {
    json!({ "naam": name, "waarde": value })
}

/// The message with another value at a place; null takes it away.
pub fn with(mut message: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("a place");
    let parent = message.pointer_mut(parent).expect("it is there");
    match parent {
        Value::Array(items) => items[name.parse::<usize>().expect("a number")] = value,
        parent => parent[name] = value,
    }
    message
}

/// The message with one more extra attribute.
pub fn with_extra(mut message: Value, name: &str, value: &str) -> Value {
    message["extra-attributen"].as_array_mut().expect("a list").push(extra(name, value));
    message
}

/// The vacancy that a publication opens.
pub fn opened(message: &Value) -> VacancyOpened {
    PublicationMessage::opened(Message::new(message, today()), &sender()).expect("a right message")
}

/// Where a publication is wrong, and how.
pub fn faults_of(message: &Value) -> Vec<(String, FaultCode)> {
    let read = PublicationMessage::opened(Message::new(message, today()), &sender());
    places(read.expect_err("something is wrong"))
}

/// Each fault: where, and how.
pub fn places(faults: Vec<Fault>) -> Vec<(String, FaultCode)> {
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}
