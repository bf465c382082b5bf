//! The match: a vacancy and a client who looks for a home, compared check by check, with reasons for and
//! against. There is no score and nothing is decided: people choose (AVG art. 22). Pure, and without
//! names.
//!
//! Decision: ADR 44.

mod checks;
mod list;
mod order;
mod quota;
mod seeker;
mod sight;

pub use checks::{CheckCode, CheckSort};
pub use list::CandidateList;
pub use order::{DEFAULT_ORDER, OrderKey, digest, ranked};
pub use quota::{Lets, QuotaCount};
pub use seeker::{ExcludedMunicipality, FittingTest, HomeNeeds, OffersSoFar, RefusedHome, Seeker};
pub use sight::{RESTS_ON, sees_who_lives_in};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::vacancy::VacancyOpened;
use crate::agreements::AgreementSet;
use crate::day::Day;

/// A vacancy compared with one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighing {
    /// Every check, in the order of the table.
    pub checks: Vec<Check>,
    /// What decides the client's place in a list, in the order of the agreement set.
    pub rank: Vec<Rank>,
}

/// One check of a weighing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WeighingCheck)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which check.
    pub code: CheckCode,
    /// How much it counts.
    pub sort: CheckSort,
    /// What came out.
    pub result: CheckResult,
    /// What the client needs: a day, a number or a code, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "wheelchair")]
    pub needs: Option<String>,
    /// What the dwelling offers: a day, a number or a code, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ground-floor-or-lift")]
    pub offers: Option<String>,
}

/// What came out of a check. Dutch: *uitkomst*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckResult {
    /// The dwelling fits.
    Met,
    /// It does not.
    NotMet,
    /// The vacancy or the profile does not say: ask.
    Unknown,
}

impl CheckResult {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not-met",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether a client may get a dwelling. Dutch: *komt in aanmerking*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Eligibility {
    /// Every hard check is met.
    Eligible,
    /// No hard check says no, and at least one is unknown: ask first.
    Ask,
    /// A hard check says no.
    NotEligible,
}

/// What a weighing counts besides the client: who lives in the complex, and what was let of the quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Clients of the outflow who live there; none if the viewer does not see them all.
    pub living_in_complex: Option<u32>,
    /// Its homes, if the corporation described it.
    pub homes_in_complex: Option<u16>,
    /// The quota of the year that the home counts in; none if there is none, or if the viewer does not see
    /// every home that was let under it.
    pub quota: Option<QuotaCount>,
}

/// One part of a rank: the lower one comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A number, or a day as a number.
    Number(i64),
    /// A lot.
    Lot([u8; 32]),
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub vacancy: &'a VacancyOpened,
    pub seeker: &'a Seeker,
    pub counts: Counts,
    pub set: &'a AgreementSet,
    pub on: Day,
}

/// Compares a vacancy with a client on a day, by an agreement set.
#[must_use]
pub fn weigh(
    vacancy: &VacancyOpened,
    seeker: &Seeker,
    counts: Counts,
    set: &AgreementSet,
    on: Day,
) -> Weighing {
    let asked = Asked { vacancy, seeker, counts, set, on };
    let checks = checks::all(&asked);
    let rank = order::rank(&asked, &checks);
    Weighing { checks, rank }
}

impl Weighing {
    /// Whether the client may get the dwelling, by the hard checks.
    #[must_use]
    pub fn eligibility(&self) -> Eligibility {
        let of = |check: &Check| match check.result {
            CheckResult::Met => Eligibility::Eligible,
            CheckResult::Unknown => Eligibility::Ask,
            CheckResult::NotMet => Eligibility::NotEligible,
        };
        self.hard().map(of).max().unwrap_or(Eligibility::Eligible)
    }

    /// Whether the home may be offered to the client: no hard check says no. What is unknown is asked.
    #[must_use]
    pub fn may_be_offered(&self) -> bool {
        self.eligibility() != Eligibility::NotEligible
    }

    /// The hard checks.
    pub fn hard(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.sort == CheckSort::Hard)
    }
}
