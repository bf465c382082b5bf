//! One agreement set: a versioned file per region, `agreements/*.toml`. What `domain.md` marks as our decision is a
//! setting here, not a constant in code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::obligation::{Deadline, Obligation};
use super::pattern::FactTypes;
use crate::ids::{AgreementSetId, ObligationId, RegionId};
use crate::nuisance::Level;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel, Party};

/// One version of a region's agreements.
///
/// A ledger keeps each version as this is written as JSON, and does not start where that is not what it kept. So a field
/// that comes later is left out (`skip_serializing_if`) where a file of before does not say it, and what it then means is
/// what held before; otherwise every version of every set has to be raised. A test holds what a set is written as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgreementSet {
    /// Its name, as its file is called.
    pub id: AgreementSetId,
    /// Its version, from 1.
    pub version: u16,
    /// What people call it.
    pub title: BothLanguages,
    /// The regions that work by it.
    pub regions: Vec<RegionId>,
    /// Regions that worked by it before they had another set: their old cases stay bound to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier_regions: Vec<RegionId>,
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
    /// Settings of the figures.
    pub figures: FigureSettings,
    /// Settings of deadlines.
    pub deadlines: DeadlineSettings,
    /// Which days are worked.
    pub calendar: Calendar,
    /// The agreements, by number.
    pub agreements: Vec<Agreement>,
}

impl AgreementSet {
    /// Whether this region works by it, or did.
    #[must_use]
    pub fn is_of(&self, region: &RegionId) -> bool {
        self.regions.contains(region) || self.earlier_regions.contains(region)
    }
}

/// A text in Dutch and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BothLanguages {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

/// One working agreement. Dutch: *werkafspraak*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: BothLanguages,
    /// What it obliges to.
    pub obligations: Vec<Obligation>,
}

/// Settings of matching.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatchingSettings {
    /// How many offers a client gets without a decision of the partners.
    pub offers: u8,
}

/// Settings of the flip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FlipSettings {
    /// From which level an open nuisance case stops the flip.
    pub blocked_from_level: Level,
}

/// Settings of the nuisance protocol (`domain.md` §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NuisanceSettings {
    /// To which levels a case may go at once where there is danger.
    pub acute_levels: Vec<Level>,
    /// From which level the client is heard first.
    pub client_heard_from_level: Level,
    /// How many dated warnings come before the lease is ended.
    pub warnings_before_termination: u8,
    /// How many weeks it must stay quiet before a case is closed.
    pub quiet_weeks: u16,
    /// What each level asks for, from level 0 to 5.
    pub levels: Vec<LevelSettings>,
}

/// What one level of the protocol asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LevelSettings {
    /// The level.
    pub level: Level,
    /// What people call it.
    pub name: BothLanguages,
    /// What must happen at this level, each within its limit.
    pub steps: Vec<LevelStep>,
}

/// Something that must happen at a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LevelStep {
    /// What.
    pub action: BothLanguages,
    /// By whom.
    pub by: Vec<Actor>,
    /// Within what, counted from the fact that brought the case to this level; without one there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Deadline>,
    /// What does it.
    pub done_by: FactTypes,
}

/// Who acts at a level of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The client.
    Client,
    /// The provider.
    CareProvider,
    /// The corporation.
    HousingCorporation,
    /// The municipality.
    Municipality,
    /// The matching point.
    MatchingPoint,
    /// Whom the client rents from: under an intermediary lease the provider, else the corporation.
    Landlord,
}

impl Actor {
    /// The party this is, where the client rents from `landlord`.
    #[must_use]
    pub fn party(self, landlord: Party) -> Party {
        match self {
            Self::Client => Party::Client,
            Self::CareProvider => Party::CareProvider,
            Self::HousingCorporation => Party::HousingCorporation,
            Self::Municipality => Party::Municipality,
            Self::MatchingPoint => Party::MatchingPoint,
            Self::Landlord => landlord,
        }
    }
}

/// Settings of the follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FollowUpSettings {
    /// How many months a tenant is followed after the flip.
    pub months: u16,
    /// After how many months somebody asks how it goes.
    pub checks_after_months: Vec<u8>,
}

/// Settings of the figures (`domain.md` §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FigureSettings {
    /// The obligation that is the three-month clock: its start starts the clock, what keeps it stops it.
    pub home_in_time: ObligationId,
    /// After how many months under a lease that is not the client's own a flip may be expected.
    pub flip_expected_after_months: u16,
    /// Counts below this are not told.
    pub suppress_below: u32,
    /// How many homes a year each region means to offer, where it has said so.
    pub homes_a_year: BTreeMap<RegionId, u32>,
}

/// Settings of deadlines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeadlineSettings {
    /// How many days ahead something is said to be due soon.
    pub due_soon_days: u16,
}

impl AgreementSet {
    /// What names it: its id and version.
    #[must_use]
    pub fn named(&self) -> AgreementSetVersion {
        AgreementSetVersion { id: self.id.clone(), version: self.version }
    }

    /// Every obligation with its agreement, in the order of the file.
    pub fn obligations(&self) -> impl Iterator<Item = (&Agreement, &Obligation)> {
        self.agreements
            .iter()
            .flat_map(|agreement| agreement.obligations.iter().map(move |obligation| (agreement, obligation)))
    }

    /// The obligation of this id.
    #[must_use]
    pub fn obligation(&self, id: &ObligationId) -> Option<&Obligation> {
        self.obligations().map(|(_, obligation)| obligation).find(|obligation| obligation.id == *id)
    }
}
