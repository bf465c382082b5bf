//! A message of VERA: whatever it says, each reader gives a fact that the ledger would take from anybody, or
//! its faults with their places.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use omklap::http::request::schema_check::Vocabulary;
use omklap_domain::allocation::{StreamKind, VacancyFact};
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_domain::trajectory::fact::ContractModel;
use omklap_vera::{
    Fault, LeaseContext, LeaseEndForm, LeaseEndMessage, LeaseEndReading, LeaseMessage, Message, OfferMessage,
    PublicationContext, PublicationMessage,
};
use serde_json::Value;

static CORPORATION: LazyLock<OrganisationId> = LazyLock::new(|| "eigen-haard".parse().expect("a code"));
static PROVIDER: LazyLock<OrganisationId> = LazyLock::new(|| "de-vaart".parse().expect("a code"));
static REGIONS: LazyLock<BTreeMap<RegionId, Vec<ContractModel>>> =
    LazyLock::new(|| [("amsterdam".parse().expect("a code"), vec![ContractModel::Intermediary])].into());

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let today = Day::new(2026, 3, 1).expect("a day");
    let message = || Message::new(&value, today);
    let context = PublicationContext { corporation: &CORPORATION, regions: &REGIONS };
    if let Some(opened) = read(PublicationMessage::opened(message(), &context)) {
        taken(Vocabulary::of_streams(StreamKind::Vacancy), &VacancyFact::VacancyOpened(opened));
    }
    let offer = omklap_vera::offer_id(&CORPORATION, "offer");
    read(OfferMessage::answered(message(), offer));
    let context = LeaseContext {
        corporation: &CORPORATION,
        care_provider: &PROVIDER,
        models: &[ContractModel::Intermediary],
        lives_under: None,
    };
    if let Some(fact) = read(LeaseMessage::begun(message(), &context)) {
        taken(Vocabulary::of_trajectories(), &fact);
    }
    let lease = omklap_vera::lease_id(&CORPORATION, "lease");
    for form in [LeaseEndForm::Notice, LeaseEndForm::Lease] {
        if let Some(LeaseEndReading::Fact(fact)) = read(LeaseEndMessage::read(message(), form, lease)) {
            taken(Vocabulary::of_trajectories(), &*fact);
        }
    }
});

fn read<T>(reading: Result<T, Vec<Fault>>) -> Option<T> {
    reading.map_err(|faults| assert!(!faults.is_empty(), "refused without a fault")).ok()
}

/// What a message means is what the published schema describes.
fn taken(vocabulary: &Vocabulary, fact: &impl serde::Serialize) {
    let written = serde_json::to_value(fact).expect("a fact is JSON");
    let complaints = vocabulary.complaints(&written, "");
    assert!(complaints.is_empty(), "{written}: {complaints:?}");
}
