//! Years of a guarantee fund: who keeps it, and what is put into it.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::guarantee_fund::keepers;
use omklap_domain::allocation::{GuaranteeFundYear, NotTheirs, Stream, StreamFact, StreamId, StreamKind};
use omklap_domain::visibility::Role;
use serde_json::{Value, json};

use crate::words::*;

fn deposit() -> Value {
    json!({
        "type": "guarantee-fund-deposited", "occurredOn": "2026-01-15", "region": "noord-limburg", "year": 2026,
        "depositor": "stadswonen", "amountCents": 2_500_000
    })
}

#[test]
fn a_year_holds_its_deposits_and_none_of_another_year_or_region() {
    let year = history::<GuaranteeFundYear>([deposit(), with(deposit(), "amountCents", 1)]);
    assert_eq!(year.state().deposits.len(), 2);
    for other in [with(deposit(), "year", 2025), with(deposit(), "region", "groningen")] {
        assert_eq!(refused(&year, &other), ["names-another"]);
    }
    let id = read::<GuaranteeFundYear>(&deposit()).stream();
    assert_eq!(id, Some(StreamId::named(StreamKind::GuaranteeFundYear, &["noord-limburg", "2026"])));
}

#[test]
fn a_deposit_that_never_was_is_retracted() {
    let year = history::<GuaranteeFundYear>([deposit(), corrected(1, None)]);
    assert_eq!(year.state(), GuaranteeFundYear::default());
}

#[test]
fn the_agreements_of_the_region_say_who_keeps_its_fund() {
    let sets = AgreementSets::shipped();
    let of = |region: &str| keepers(sets.of_region(&code(region)));
    assert_eq!(of("noord-limburg"), Some(&[Role::Municipality, Role::WmoConsultant][..]));
    assert_eq!(of("groningen"), None, "it has no fund");
    assert_eq!(keepers(None), None);
}

#[test]
fn a_deposit_is_reported_and_read_in_its_region() {
    let (year, fact) =
        (history::<GuaranteeFundYear>([deposit()]).state(), read::<GuaranteeFundYear>(&deposit()));
    let of_all = year.may_report(&viewer(Role::HousingCorporation, "stadswonen"), &fact);
    assert!(matches!(of_all, Err(NotTheirs::OfOtherRoles(_))));
    let mut elsewhere = viewer(Role::Municipality, "gemeente-venlo");
    assert_eq!(year.may_report(&elsewhere, &fact), Ok(()));
    for role in [Role::CareProvider, Role::HousingCorporation, Role::Municipality, Role::MatchingPoint] {
        assert!(year.is_read_by(&viewer(role, "een-ander")), "{}", role.as_str());
    }
    elsewhere.regions.clear();
    assert_eq!(year.may_report(&elsewhere, &fact), Err(NotTheirs::RegionOfOthers));
    assert!(!year.is_read_by(&elsewhere) && !year.is_read_by(&viewer(Role::Client, "de-vaart")));
}
