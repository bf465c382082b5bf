//! The order of candidates: one lexicographic rule that the agreement set writes, and the digest of a
//! list.

use jiff::civil::date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{Asked, Check, CheckResult, CheckSort, Rank, Weighing};
use crate::day::Day;
use crate::ids::{ListDigest, TrajectoryId};
use crate::trajectory::fact::Access;
use crate::trajectory::warning::reach;

/// One part of the order, as the agreement set names it. Dutch: *volgorde*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrderKey {
    /// Who meets every hard check comes before who has to be asked something, and these before who fails
    /// one.
    HardMet,
    /// Who needs access or quiet comes first, if the dwelling has it.
    NeedsWhatIsScarce,
    /// Who is ready longer comes first.
    ReadySince,
    /// Whose home was requested earlier comes first.
    RequestedOn,
    /// SHA-256 of both ids: the same for everybody who computes it, and nobody's choice.
    Lot,
}

/// The order if a set does not write one.
pub const DEFAULT_ORDER: [OrderKey; 5] = [
    OrderKey::HardMet,
    OrderKey::NeedsWhatIsScarce,
    OrderKey::ReadySince,
    OrderKey::RequestedOn,
    OrderKey::Lot,
];

/// The rank of a weighing.
pub(super) fn rank(asked: &Asked<'_>, checks: &[Check]) -> Vec<Rank> {
    let part = |key: &OrderKey| match key {
        OrderKey::HardMet => Rank::Number(hard_met(checks)),
        OrderKey::NeedsWhatIsScarce => Rank::Number(i64::from(!needs_what_is_scarce(asked))),
        OrderKey::ReadySince => since(asked.seeker.ready_on),
        OrderKey::RequestedOn => since(asked.seeker.requested_on),
        OrderKey::Lot => Rank::Lot(lot(asked)),
    };
    asked.set.matching.order.iter().map(part).collect()
}

/// 0 if every hard check is met, 1 if one is unknown, 2 if one is not met.
fn hard_met(checks: &[Check]) -> i64 {
    let hard = checks.iter().filter(|check| check.sort == CheckSort::Hard);
    let weight = |check: &Check| match check.result {
        CheckResult::Met => 0,
        CheckResult::Unknown => 1,
        CheckResult::NotMet => 2,
    };
    hard.map(weight).max().unwrap_or_default()
}

fn needs_what_is_scarce(asked: &Asked<'_>) -> bool {
    let Some(profile) = &asked.seeker.profile else { return false };
    let home = &asked.vacancy.home;
    let needs_access = profile.access != Access::AnyFloor;
    let has_access = home.access.is_some_and(|here| reach(here) >= reach(profile.access));
    needs_access && has_access || profile.quiet_needed && home.quiet == Some(true)
}

/// The days since 1900; a day that is not known comes last.
fn since(day: Option<Day>) -> Rank {
    let days = |day: Day| i64::from((day.date() - date(1900, 1, 1)).get_days());
    Rank::Number(day.map_or(i64::MAX, days))
}

fn lot(asked: &Asked<'_>) -> [u8; 32] {
    Sha256::new_with_prefix(asked.vacancy.vacancy_id.0)
        .chain_update(asked.seeker.trajectory.0)
        .finalize()
        .into()
}

/// Weighings in their order.
#[must_use]
pub fn ranked<T>(mut weighed: Vec<(T, Weighing)>) -> Vec<(T, Weighing)> {
    weighed.sort_by(|(_, one), (_, other)| one.rank.cmp(&other.rank));
    weighed
}

/// The digest of a list of candidates: SHA-256 over a line for each, with its place, its case and the
/// results of its checks. An offer keeps it, so that the list can be computed again and compared.
///
/// # Panics
/// Never: a SHA-256 in hexadecimal is a [`ListDigest`].
#[must_use]
pub fn digest<'w>(list: impl IntoIterator<Item = (TrajectoryId, &'w Weighing)>) -> ListDigest {
    let mut hash = Sha256::new();
    for (place, (trajectory, weighing)) in (1..).zip(list) {
        hash.update(format!("{place} {trajectory}"));
        for check in &weighing.checks {
            hash.update(format!(" {}={}", check.code.as_str(), check.result.as_str()));
        }
        hash.update("\n");
    }
    format!("{:x}", hash.finalize()).parse().expect("64 hexadecimal digits")
}
