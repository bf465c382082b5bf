//! The regions of the simulation, with partners and places that the sources name.

use omklap_domain::trajectory::fact::{AgreementSetVersion, ContractModel};
use rand::Rng;

use super::simulation::written;

/// A region with its partners.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) id: &'static str,
    /// A region without its own set uses the one that comes closest.
    pub(super) agreement_set: &'static str,
    pub(super) models: &'static [ContractModel],
    pub(super) municipalities: &'static [Municipality],
    pub(super) corporations: &'static [&'static str],
    pub(super) providers: &'static [&'static str],
    /// How many of a hundred trajectories are in this region.
    pub(super) share: u32,
}

/// A municipality: as a partner, and by the code of Statistics Netherlands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Municipality {
    pub(super) organisation: &'static str,
    pub(super) code: &'static str,
}

const fn place(organisation: &'static str, code: &'static str) -> Municipality {
    Municipality { organisation, code }
}

use ContractModel::{Intermediary, Own, Temporary, ThreeParty};

/// Every region of the simulation.
pub(super) const REGIONS: &[Region] = &[
    Region {
        id: "amsterdam",
        agreement_set: "amsterdam-2020",
        models: &[Intermediary, Intermediary, Intermediary, Temporary, Own],
        municipalities: &[place("gemeente-amsterdam", "0363")],
        corporations: &[
            "corporatie-amsterdam-noord",
            "corporatie-amsterdam-west",
            "corporatie-amsterdam-oost",
        ],
        providers: &["leger-des-heils", "zorgaanbieder-amsterdam"],
        share: 30,
    },
    Region {
        id: "groningen",
        agreement_set: "groningen",
        models: &[Intermediary, ThreeParty],
        municipalities: &[place("gemeente-groningen", "0014"), place("gemeente-midden-groningen", "1952")],
        corporations: &["lefier", "corporatie-groningen-stad"],
        providers: &["leger-des-heils", "cosis"],
        share: 17,
    },
    Region {
        id: "noord-limburg",
        agreement_set: "noord-limburg",
        models: &[ThreeParty, ThreeParty, Intermediary],
        municipalities: &[
            place("gemeente-venlo", "0983"),
            place("gemeente-venray", "0984"),
            place("gemeente-horst-aan-de-maas", "1507"),
            place("gemeente-peel-en-maas", "1894"),
            place("gemeente-gennep", "0907"),
        ],
        corporations: &["wonen-limburg", "antares", "woonwenz", "destion", "woongoed-2000"],
        providers: &["vincent-van-gogh", "leger-des-heils"],
        share: 12,
    },
    Region {
        id: "eindhoven",
        agreement_set: "eindhoven",
        models: &[Intermediary],
        municipalities: &[
            place("gemeente-eindhoven", "0772"),
            place("gemeente-son-en-breugel", "0848"),
            place("gemeente-veldhoven", "0861"),
        ],
        corporations: &["woonstichting-thuis"],
        providers: &["neos"],
        share: 13,
    },
    Region {
        id: "assen",
        agreement_set: "groningen",
        models: &[Intermediary],
        municipalities: &[
            place("gemeente-assen", "0106"),
            place("gemeente-meppel", "0119"),
            place("gemeente-hoogeveen", "0118"),
        ],
        corporations: &["actium"],
        providers: &["cosis", "leger-des-heils"],
        share: 7,
    },
    Region {
        id: "haarlem",
        agreement_set: "amsterdam-2018",
        models: &[Intermediary, Temporary],
        municipalities: &[place("gemeente-haarlem", "0392")],
        corporations: &["pre-wonen"],
        providers: &["ribw"],
        share: 6,
    },
    Region {
        id: "haaglanden",
        agreement_set: "amsterdam-2018",
        models: &[Intermediary],
        municipalities: &[place("gemeente-den-haag", "0518")],
        corporations: &["haag-wonen"],
        providers: &["leger-des-heils", "kessler-stichting"],
        share: 9,
    },
    Region {
        id: "rivierenland",
        agreement_set: "groningen",
        models: &[Intermediary, ThreeParty],
        municipalities: &[
            place("gemeente-tiel", "0281"),
            place("gemeente-neder-betuwe", "1740"),
            place("gemeente-culemborg", "0216"),
        ],
        corporations: &["kleurrijk-wonen", "swb"],
        providers: &["pro-persona", "ribw"],
        share: 3,
    },
    Region {
        id: "hoeksche-waard",
        agreement_set: "groningen",
        models: &[Intermediary],
        municipalities: &[place("gemeente-hoeksche-waard", "1963")],
        corporations: &["hw-wonen"],
        providers: &["pameijer", "cavent"],
        share: 3,
    },
];

/// Every other region.
pub(super) fn others_than(region: &Region) -> Vec<&'static Region> {
    REGIONS.iter().filter(|other| other.id != region.id).collect()
}

/// The agreements of a region.
pub(super) fn set_of(region: &Region) -> AgreementSetVersion {
    AgreementSetVersion { id: written(region.agreement_set), version: 1 }
}

/// A region, the larger ones more often.
pub(super) fn one_of(dice: &mut impl Rng) -> &'static Region {
    let mut drawn = dice.random_range(0..REGIONS.iter().map(|region| region.share).sum());
    REGIONS
        .iter()
        .find(|region| {
            let here = drawn < region.share;
            drawn = drawn.saturating_sub(region.share);
            here
        })
        .expect("the shares add up")
}
