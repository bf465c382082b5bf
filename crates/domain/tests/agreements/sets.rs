//! Sets that are read, and sets that are not.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::agreements::read::read;

const AMSTERDAM: &str = include_str!("../../../../agreements/amsterdam-2018.toml");

#[test]
fn every_shipped_set_is_read() {
    assert_eq!(AgreementSets::shipped().iter().count(), 6);
}

#[test]
fn the_amsterdam_set_has_every_obligation_of_the_domain_reference() {
    let set = read(AMSTERDAM).expect("it is read");
    let ids: Vec<_> = set.obligations().map(|(_, obligation)| obligation.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3",
            "4.4", "4.5", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3", "7.1", "7.2", "8.1", "8.2", "8.3",
            "9.1", "9.2", "9.3", "10.1", "10.2"
        ]
    );
}
