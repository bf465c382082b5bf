//! The agreement sets of a ledger: those that come with omklap, and those that regions add.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use super::obligation::Obligation;
use super::read::{SetFault, read};
use super::set::AgreementSet;
use crate::ids::{AgreementSetId, ObligationId, RegionId};
use crate::trajectory::fact::AgreementSetVersion;

/// A set that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// Everything that is wrong in it, with line and column.
    #[error("{}", Listed(.0))]
    Faulty(Vec<SetFault>),
    /// The same version was added twice.
    #[error("agreement set {0} version {1} was added twice")]
    Twice(AgreementSetId, u16),
}

struct Listed<'a>(&'a [SetFault]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

/// The agreement sets of this ledger.
#[derive(Clone, Debug, Default)]
pub struct AgreementSets(BTreeMap<AgreementSetId, BTreeMap<u16, AgreementSet>>);

impl AgreementSets {
    /// The sets that come with omklap (`docs/DOMAIN.md` §4). They are read once.
    ///
    /// # Panics
    /// Never: a test reads each of them.
    #[must_use]
    pub fn shipped() -> Self {
        static SHIPPED: LazyLock<AgreementSets> = LazyLock::new(|| {
            let mut sets = AgreementSets::default();
            for file in [
                include_str!("../../../../agreements/almere.toml"),
                include_str!("../../../../agreements/amsterdam-2018.toml"),
                include_str!("../../../../agreements/amsterdam-2020.toml"),
                include_str!("../../../../agreements/eindhoven.toml"),
                include_str!("../../../../agreements/groningen.toml"),
                include_str!("../../../../agreements/noord-limburg.toml"),
            ] {
                sets.add(file).expect("the shipped sets are read by a test");
            }
            sets
        });
        SHIPPED.clone()
    }

    /// Adds a set from its file, and returns its id and version. Once all sets are added, no region
    /// may be [named twice](Self::regions_named_twice).
    ///
    /// # Errors
    /// If the file cannot be used as a set, or if that version was already added.
    pub fn add(&mut self, file: &str) -> Result<AgreementSetVersion, SetError> {
        let set = read(file).map_err(SetError::Faulty)?;
        let added = set.named();
        let versions = self.0.entry(set.id.clone()).or_default();
        if versions.contains_key(&set.version) {
            return Err(SetError::Twice(set.id, set.version));
        }
        versions.insert(set.version, set);
        Ok(added)
    }

    /// The regions that two sets name at once, each with those two. Only the newest version of a
    /// set counts. To take over a region from a set that comes with omklap, a deployment raises
    /// that set's version.
    #[must_use]
    pub fn regions_named_twice(&self) -> Vec<(RegionId, [AgreementSetVersion; 2])> {
        let mut named: BTreeMap<&RegionId, &AgreementSet> = BTreeMap::new();
        let mut twice = Vec::new();
        for set in self.newest() {
            for region in &set.regions {
                match named.insert(region, set) {
                    Some(other) if other.id != set.id => {
                        twice.push((region.clone(), [other.named(), set.named()]));
                    }
                    _ => {}
                }
            }
        }
        twice
    }

    /// The set that a trajectory is bound to.
    #[must_use]
    pub fn get(&self, bound_to: &AgreementSetVersion) -> Option<&AgreementSet> {
        self.0.get(&bound_to.id)?.get(&bound_to.version)
    }

    /// The obligation of this id in the set that `id@version` names.
    #[must_use]
    pub fn obligation(&self, set: &str, id: &ObligationId) -> Option<&Obligation> {
        self.get(&AgreementSetVersion::named(set)?)?.obligation(id)
    }

    /// Every version of every set.
    pub fn iter(&self) -> impl Iterator<Item = &AgreementSet> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// The set that a region uses now: the newest version of the set that names it.
    #[must_use]
    pub fn of_region(&self, region: &RegionId) -> Option<&AgreementSet> {
        self.newest().find(|set| set.regions.contains(region))
    }

    fn newest(&self) -> impl Iterator<Item = &AgreementSet> {
        self.0.values().filter_map(|versions| versions.values().next_back())
    }
}
