//! Agreement sets: a versioned file per region, `agreements/*.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::AgreementSetId;
use crate::nuisance::Level;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel};

/// One version of a region's agreements. What `domain.md` marks as our decision is a setting here, not a constant in code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AgreementSet {
    /// Its name, as its file is called.
    pub id: AgreementSetId,
    /// Its version, from 1.
    pub version: u16,
    /// What people call it.
    pub title: BothLanguages,
    /// Under which leases a client may live before the flip.
    pub contract_models: Vec<ContractModel>,
    /// Settings of matching.
    pub matching: MatchingSettings,
    /// Settings of the flip.
    pub flip: FlipSettings,
    /// Settings of the nuisance protocol.
    pub nuisance: NuisanceSettings,
    /// Settings of the follow-up.
    pub follow_up: FollowUpSettings,
    /// The agreements, by number.
    pub agreements: Vec<Agreement>,
}

/// A text in Dutch and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BothLanguages {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

/// One working agreement. Dutch: *werkafspraak*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: BothLanguages,
}

/// Settings of matching.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MatchingSettings {
    /// How many offers a client gets without a decision of the partners.
    pub offers: u8,
}

/// Settings of the flip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FlipSettings {
    /// From which level an open nuisance case stops the flip.
    pub blocked_from_level: Level,
}

/// Settings of the nuisance protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NuisanceSettings {
    /// To which levels a case may go at once where there is danger.
    pub acute_levels: Vec<Level>,
    /// From which level the client is heard first.
    pub client_heard_from_level: Level,
    /// How many dated warnings come before the lease is ended.
    pub warnings_before_termination: u8,
    /// How many weeks it must stay quiet before a case is closed.
    pub quiet_weeks: u16,
}

/// Settings of the follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FollowUpSettings {
    /// How many months a tenant is followed after the flip.
    pub months: u16,
    /// After how many months somebody asks how it goes.
    pub checks_after_months: Vec<u8>,
}

/// A set that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// It is no TOML of the expected shape; the text names line and column.
    #[error("{0}")]
    Unreadable(String),
    /// The same version was given twice.
    #[error("agreement set {0} version {1} is there twice")]
    Twice(AgreementSetId, u16),
}

/// The agreement sets that this ledger knows.
#[derive(Clone, Debug, Default)]
pub struct AgreementSets(BTreeMap<(AgreementSetId, u16), AgreementSet>);

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

    /// Adds a set from its file.
    ///
    /// # Errors
    /// Where the file cannot be read as a set, or the version is there already.
    pub fn add(&mut self, file: &str) -> Result<(), SetError> {
        let set: AgreementSet =
            toml::from_str(file).map_err(|error| SetError::Unreadable(error.to_string()))?;
        let key = (set.id.clone(), set.version);
        if self.0.contains_key(&key) {
            return Err(SetError::Twice(set.id, set.version));
        }
        self.0.insert(key, set);
        Ok(())
    }

    /// The set that a trajectory is bound to.
    #[must_use]
    pub fn get(&self, bound_to: &AgreementSetVersion) -> Option<&AgreementSet> {
        self.0.get(&(bound_to.id.clone(), bound_to.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_set_has_ten_agreements() {
        let sets = AgreementSets::shipped();
        assert_eq!(sets.0.len(), 6);
        for set in sets.0.values() {
            assert_eq!(
                set.agreements.iter().map(|agreement| agreement.number).collect::<Vec<_>>(),
                (1..=10).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_set_that_cannot_be_read_is_told_by_line() {
        let error = AgreementSets::default().add("id = \"x\"\nversion = \"one\"\n").expect_err("no set");
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
