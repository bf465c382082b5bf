//! Years of a guarantee fund: who keeps it, and what is put into it.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{
    BrokenRule, GuaranteeFundYear, NotTheirs, Stream, StreamFact, StreamId, StreamKind,
};
use omklap_domain::register::Misnaming;
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
fn the_agreements_of_the_region_say_who_keeps_its_fund_and_whether_there_is_one() {
    let year = GuaranteeFundYear::default();
    let fact = read::<GuaranteeFundYear>(&deposit());
    let by = |role| may_report(&year, &viewer(role, "gemeente-venlo"), &fact);
    assert_eq!((by(Role::Municipality), by(Role::WmoConsultant)), (Ok(()), Ok(())));
    let keepers: &[Role] = &[Role::Municipality, Role::WmoConsultant];
    assert_eq!(by(Role::MatchingPoint), Err(NotTheirs::OfOtherRoles(keepers)));
    let sets = AgreementSets::shipped();
    let broken = |region: &str| {
        let set = sets.of_region(&code(region));
        GuaranteeFundYear::broken_by_agreement(&fact, set).iter().map(BrokenRule::code).collect::<Vec<_>>()
    };
    assert_eq!(broken("noord-limburg"), [""; 0]);
    assert_eq!(
        (broken("groningen"), broken("nowhere")),
        (vec!["no-guarantee-fund"], vec!["no-guarantee-fund"])
    );
}

#[test]
fn a_depositor_is_a_partner_of_the_region_that_works_with_clients() {
    let year = history::<GuaranteeFundYear>([deposit()]).state();
    let misnamed = |fact: &Value| misnamed(&year, fact);
    assert_eq!(misnamed(&deposit()), []);
    let by = |name: &str| misnamed(&with(deposit(), "depositor", name));
    assert_eq!(by("gemeente-venlo"), []);
    let at = |fault| vec![("/depositor".to_owned(), fault)];
    assert_eq!(by("stadswoonen"), at(Misnaming::NotRegistered(Some(code("stadswonen")))));
    assert_eq!(by("wonen-elders"), at(Misnaming::OtherRegion));
    assert!(matches!(&by("rekenkamer")[..], [(field, Misnaming::OtherKind(_))] if field == "/depositor"));
    let corrected = corrected(1, Some(with(deposit(), "depositor", "wonen-elders")));
    assert_eq!(misnamed(&corrected), [("/replacement/depositor".to_owned(), Misnaming::OtherRegion)]);
}

#[test]
fn a_deposit_is_reported_and_read_in_its_region() {
    let (year, fact) =
        (history::<GuaranteeFundYear>([deposit()]).state(), read::<GuaranteeFundYear>(&deposit()));
    let of_all = may_report(&year, &viewer(Role::HousingCorporation, "stadswonen"), &fact);
    assert!(matches!(of_all, Err(NotTheirs::OfOtherRoles(_))));
    let mut elsewhere = viewer(Role::Municipality, "gemeente-venlo");
    assert_eq!(may_report(&year, &elsewhere, &fact), Ok(()));
    for role in [Role::CareProvider, Role::HousingCorporation, Role::Municipality, Role::MatchingPoint] {
        assert!(year.is_read_by(&viewer(role, "een-ander")), "{}", role.as_str());
    }
    elsewhere.regions.clear();
    assert_eq!(may_report(&year, &elsewhere, &fact), Err(NotTheirs::RegionOfOthers));
    assert!(!year.is_read_by(&elsewhere) && !year.is_read_by(&viewer(Role::Client, "de-vaart")));
}
