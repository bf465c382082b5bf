//! One agreement set: a versioned file per region, `agreements/*.toml`. What `docs/DOMAIN.md` marks
//! as our decision is a setting here, not a constant in code.

use std::collections::BTreeMap;

use serde::Serialize;

use super::both_languages::BothLanguages;
use super::calendar::Calendar;
use super::obligation::Obligation;
use crate::allocation::weigh::{DEFAULT_ORDER, OrderKey};
use crate::day::Day;
use crate::ids::{AgreementSetId, MunicipalityCode, ObligationId, RegionId};
use crate::nuisance::Level;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel, Party};
use crate::trajectory::state::Loss;

/// One version of a region's agreements.
///
/// A ledger stores each version as this type's JSON, and does not start if a file differs from what
/// it stored. So a field that is added later must be left out (`skip_serializing_if`) if an older
/// file does not have it, and its absence must mean what applied before. Otherwise every version of
/// every set has to be raised. A test checks the JSON of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgreementSet {
    /// Its name, which is also the name of its file.
    pub id: AgreementSetId,
    /// Its version, from 1.
    pub version: u16,
    /// Its title for people.
    pub title: BothLanguages,
    /// The regions that use it.
    pub regions: Vec<RegionId>,
    /// Regions that used it before they had another set: their old cases stay bound to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier_regions: Vec<RegionId>,
    /// The municipalities of its regions, by the codes of Statistics Netherlands (CBS): the only ones for
    /// which a plan may have homes. Without any, a plan may name every code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub municipalities: Vec<MunicipalityCode>,
    /// The leases under which a client may live before the flip.
    pub contract_models: Vec<ContractModel>,
    /// Settings of matching.
    pub matching: MatchingSettings,
    /// Settings of the flip.
    pub flip: FlipSettings,
    /// Settings of the nuisance protocol.
    pub nuisance: NuisanceSettings,
    /// Settings of ending a lease.
    pub termination: TerminationSettings,
    /// Settings of the follow-up.
    pub follow_up: FollowUpSettings,
    /// Settings of the figures.
    pub figures: FigureSettings,
    /// Settings of deadlines.
    pub deadlines: DeadlineSettings,
    /// Settings of departures.
    pub departures: DepartureSettings,
    /// The guarantee fund, if the region has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee_fund: Option<GuaranteeFundSettings>,
    /// Settings of transfers.
    pub transfers: TransferSettings,
    /// The working days.
    pub calendar: Calendar,
    /// The agreements, by number.
    pub agreements: Vec<Agreement>,
}

impl AgreementSet {
    /// Whether this region uses it, or used it before.
    #[must_use]
    pub fn is_of(&self, region: &RegionId) -> bool {
        self.regions.contains(region) || self.earlier_regions.contains(region)
    }
}

/// One working agreement. Dutch: *werkafspraak*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: BothLanguages,
    /// Its obligations.
    pub obligations: Vec<Obligation>,
}

/// Settings of matching.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MatchingSettings {
    /// How many offers a client gets without a decision of the partners.
    pub offers: u8,
    /// Whether an offer that was not answered in time is one of them.
    pub unanswered_offer_counts: bool,
    /// How many offers to different clients one home may have at the same time; 0 for no limit.
    pub offers_at_once: u8,
    /// The parties that may assign a corporation: the matching point, or the care provider together
    /// with the corporation.
    pub assigned_by: Vec<Party>,
    /// In which order the candidates of a vacancy are listed.
    #[serde(skip_serializing_if = "is_the_default_order")]
    pub order: Vec<OrderKey>,
    /// Above which share of the homes of a complex, in percent, a candidate is listed with a warning.
    #[serde(skip_serializing_if = "is_the_default_share")]
    pub concentration_above_percent: u8,
    /// Whether an offer of a home that is reported as vacant keeps its place in the list of candidates.
    #[serde(skip_serializing_if = "is_true")]
    pub offers_need_weighing: bool,
}

/// A quarter of the homes (decision): the share if a set writes none.
pub(super) const CONCENTRATION_ABOVE_PERCENT: u8 = 25;

fn is_the_default_order(order: &[OrderKey]) -> bool {
    order == DEFAULT_ORDER
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(is_so: &bool) -> bool {
    *is_so
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_the_default_share(share: &u8) -> bool {
    *share == CONCENTRATION_ABOVE_PERCENT
}

/// Settings of the flip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FlipSettings {
    /// The lowest level at which an open nuisance case blocks the flip.
    pub blocked_from_level: Level,
    /// How many days before or after the day that the corporation approved the contract may flip.
    pub days_from_approved_day: u16,
    /// The obligation that nothing is open at the flip: no notice, no arrears without a plan, no stay
    /// elsewhere. A departure from it lets the contract flip all the same.
    pub open_matters: ObligationId,
}

/// Settings of ending a lease (`docs/DOMAIN.md` §3.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TerminationSettings {
    /// How many days must lie between two warnings that both count.
    pub warnings_apart_days: u16,
    /// The least term of notice, in months.
    pub notice_months: u16,
    /// The least term of notice if there is danger, in months.
    pub notice_months_in_danger: u16,
    /// Whether nobody is evicted without the judgment of a court.
    pub court_order: bool,
}

/// Settings of the nuisance protocol (`docs/DOMAIN.md` §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NuisanceSettings {
    /// The levels that a case may reach at once if there is danger.
    pub acute_levels: Vec<Level>,
    /// The lowest level for which the client must be heard first.
    pub client_heard_from_level: Level,
    /// How many dated warnings must come before the lease is ended.
    pub warnings_before_termination: u8,
    /// How many weeks it must stay quiet before a case can be closed.
    pub quiet_weeks: u16,
    /// Each level, from 0 to 5.
    pub levels: Vec<LevelSettings>,
}

/// One level of the protocol. What must happen at it are the obligations of that level
/// ([`Obligation::level`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LevelSettings {
    /// The level.
    pub level: Level,
    /// Its name for people.
    pub name: BothLanguages,
}

/// Settings of the follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FollowUpSettings {
    /// How many months the follow-up after the flip takes.
    pub months: u16,
    /// The months after the flip in which a check is due.
    pub checks_after_months: Vec<u8>,
    /// How many days before its month a check may be held at the earliest. It may be held until the
    /// same number of days before the next planned check.
    pub check_days_before: u16,
}

/// Settings of the figures (`docs/DOMAIN.md` §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FigureSettings {
    /// The obligation that is the three-month clock: its start starts the clock, keeping it stops
    /// the clock.
    pub home_in_time: ObligationId,
    /// The number of months, under a lease that is not the client's own, after which a flip may be
    /// expected.
    pub flip_expected_after_months: u16,
    /// Counts below this number are suppressed.
    pub suppress_below: u32,
    /// How many homes a year each region plans to offer, if it has said so.
    pub homes_a_year: BTreeMap<RegionId, u32>,
}

/// Settings of deadlines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeadlineSettings {
    /// How many days ahead an obligation counts as due soon.
    pub due_soon_days: u16,
}

/// Settings of departures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DepartureSettings {
    /// Within how many days all parties must have agreed. Later it is a new proposal.
    pub agreed_within_days: u16,
}

/// The guarantee fund of a region. Dutch: *garantiefonds*. Source: S4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GuaranteeFundSettings {
    /// The party that keeps it: it pays, and so it settles the claims.
    pub keeper: Party,
    /// The leases that it can back. A three-party lease says for itself whether it does.
    pub contract_models: Vec<ContractModel>,
}

impl GuaranteeFundSettings {
    /// Whether the fund pays for this damage or missed rent.
    #[must_use]
    pub fn covers(&self, loss: &Loss) -> bool {
        loss.backed.is_some_and(|model| self.contract_models.contains(&model))
    }
}

/// Settings of a case that another organisation takes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TransferSettings {
    /// Within how many days the new organisation makes up for what the one before left late.
    pub catch_up_days: u16,
}

impl FollowUpSettings {
    /// When the check of a month is due, if the contract flipped on this day.
    #[must_use]
    pub fn due_on(&self, flipped_on: Day, month: u8) -> Day {
        flipped_on.plus_months(u16::from(month))
    }

    /// The first day on which the check of a month says something about that month.
    #[must_use]
    pub fn check_from(&self, flipped_on: Day, month: u8) -> Day {
        self.due_on(flipped_on, month).plus_days(-i32::from(self.check_days_before))
    }

    /// Whether a check that is held on this day is that of this month.
    #[must_use]
    pub fn is_around(&self, flipped_on: Day, month: u8, on: Day) -> bool {
        let until = self.check_until(flipped_on, month);
        on >= self.check_from(flipped_on, month) && until.is_none_or(|until| on < until)
    }

    /// The first day that belongs to the next planned check instead; none after the last.
    #[must_use]
    pub fn check_until(&self, flipped_on: Day, month: u8) -> Option<Day> {
        let next = self.checks_after_months.iter().find(|planned| **planned > month)?;
        Some(self.check_from(flipped_on, *next))
    }
}

impl AgreementSet {
    /// Its id and version.
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

    /// What must happen in a nuisance case at a level.
    pub fn obligations_at(&self, level: Level) -> impl Iterator<Item = (&Agreement, &Obligation)> {
        self.obligations().filter(move |(_, obligation)| obligation.level == Some(level))
    }

    /// The obligation of this id.
    #[must_use]
    pub fn obligation(&self, id: &ObligationId) -> Option<&Obligation> {
        self.obligations().map(|(_, obligation)| obligation).find(|obligation| obligation.id == *id)
    }
}
