//! The agreement sets that a ledger knows: those that come with omklap, and those that regions add.

use std::collections::BTreeMap;
use std::fmt;

use super::obligation::Obligation;
use super::read::{SetFault, read};
use super::set::AgreementSet;
use crate::ids::{AgreementSetId, ObligationId, RegionId};
use crate::trajectory::fact::AgreementSetVersion;

/// A set that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// Something in it is wrong: everything that is, with line and column.
    #[error("{}", Listed(.0))]
    Faulty(Vec<SetFault>),
    /// The same version was given twice.
    #[error("agreement set {0} version {1} is there twice")]
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

/// The agreement sets that this ledger knows.
#[derive(Clone, Debug, Default)]
pub struct AgreementSets(BTreeMap<AgreementSetId, BTreeMap<u16, AgreementSet>>);

impl AgreementSets {
    /// The sets that come with omklap (`domain.md` §4).
    ///
    /// # Panics
    /// Never: a test reads each of them.
    #[must_use]
    pub fn shipped() -> Self {
        let mut sets = Self::default();
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
    }

    /// Adds a set from its file, and tells which it is. Once all are there, no region may be
    /// [named twice](Self::regions_named_twice).
    ///
    /// # Errors
    /// Where the file cannot be used as a set, or the version is there already.
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

    /// The regions that would work by two sets at once, each with those two. The newest version of a set speaks for it:
    /// who takes a region over from a set that comes with omklap raises that set's version.
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
        let (set, version) = set.split_once('@')?;
        let bound_to = AgreementSetVersion { id: set.parse().ok()?, version: version.parse().ok()? };
        self.get(&bound_to)?.obligation(id)
    }

    /// Every version of every set.
    pub fn iter(&self) -> impl Iterator<Item = &AgreementSet> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// The set that a region works by now: the newest version of the one that names it.
    #[must_use]
    pub fn of_region(&self, region: &RegionId) -> Option<&AgreementSet> {
        self.newest().find(|set| set.regions.contains(region))
    }

    fn newest(&self) -> impl Iterator<Item = &AgreementSet> {
        self.0.values().filter_map(|versions| versions.values().next_back())
    }
}
