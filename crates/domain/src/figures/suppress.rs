//! Suppresses counts that would disclose data about individual people (`docs/DOMAIN.md` §6).
//!
//! A count above zero and below the threshold is suppressed. So are counts from which it could be
//! computed. If the whole is shown, the sum of the suppressed parts is known. That sum must leave
//! each of them more than one possible value, even to a reader who knows this rule
//! ([`leaves_open`]). So further parts are suppressed as well, and if that is not enough, the
//! whole. Zero discloses nothing about anyone.
//!
//! A threshold of two hides nothing: the only count above zero and below it is one.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::count::{AgreementCounts, Figures, Homes, Share, Spread, Waiting};
use crate::ids::{ComplexId, MunicipalityCode};
use crate::nuisance::Level;

/// A count that may be suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedCount {
    /// The count, which may be shown.
    Count(u32),
    /// The count is too small to be shown, or another one could be computed from it.
    Suppressed,
}

impl PublishedCount {
    fn alone(count: u32, threshold: u32) -> Self {
        if count == 0 || count >= threshold { Self::Count(count) } else { Self::Suppressed }
    }

    /// The count, if it may be shown.
    #[must_use]
    pub fn count(self) -> Option<u32> {
        if let Self::Count(count) = self { Some(count) } else { None }
    }
}

impl Serialize for PublishedCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.count().serialize(serializer)
    }
}

/// The parts of a whole, and the whole, with suppression applied.
#[must_use]
pub fn suppress(parts: &[u32], threshold: u32) -> (Vec<PublishedCount>, PublishedCount) {
    let total: u32 = parts.iter().sum();
    let mut shown: Vec<PublishedCount> =
        parts.iter().map(|count| PublishedCount::alone(*count, threshold)).collect();
    let mut hidden: Vec<u32> =
        parts.iter().copied().filter(|count| *count > 0 && *count < threshold).collect();
    let whole = PublishedCount::alone(total, threshold);
    if hidden.is_empty() || whole == PublishedCount::Suppressed {
        return (shown, whole);
    }
    // From the last to the first, whatever they count. An order by size would put bounds on the
    // suppressed counts.
    for at in (0..parts.len()).rev().filter(|at| parts[*at] >= threshold) {
        if leaves_open(&hidden, threshold) {
            break;
        }
        shown[at] = PublishedCount::Suppressed;
        hidden.push(parts[at]);
    }
    (shown, if leaves_open(&hidden, threshold) { whole } else { PublishedCount::Suppressed })
}

/// Whether the sum of suppressed counts, each above zero, leaves every one of them more than one
/// possible value. There must be at least two; they must not all be one, nor all be as high as a
/// small count can be. Together they must not be a small count either.
pub(super) fn leaves_open(hidden: &[u32], threshold: u32) -> bool {
    let (sum, parts) = (hidden.iter().sum::<u32>(), u32::try_from(hidden.len()).unwrap_or(u32::MAX));
    parts >= 2 && sum >= threshold && sum > parts && sum != parts.saturating_mul(threshold - 1)
}

/// A share with suppression applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedShare {
    /// Those that the figure counts.
    pub counted: PublishedCount,
    /// The whole.
    pub of: PublishedCount,
    /// The others, by what happened to them.
    pub others: BTreeMap<&'static str, PublishedCount>,
    /// Those whose result is not known.
    pub unknown: PublishedCount,
    /// Those who died. They are not part of the whole.
    pub deceased: PublishedCount,
}

impl Share {
    /// The share with suppression applied. If one of its numbers is too small, all are suppressed.
    #[must_use]
    pub fn published(&self, threshold: u32) -> PublishedShare {
        // Those who died count as well, although they are not part of the whole. If only their
        // number were hidden, a reader who knows the cases could compute it from the whole.
        let mut parts = vec![self.counted, self.unknown, self.deceased];
        parts.extend(self.others.values());
        let hidden =
            parts.iter().any(|count| PublishedCount::alone(*count, threshold) == PublishedCount::Suppressed);
        let shown =
            |count: u32| if hidden { PublishedCount::Suppressed } else { PublishedCount::Count(count) };
        PublishedShare {
            counted: shown(self.counted),
            of: shown(self.of()),
            // What happened to the others is not even named, because an outcome is listed only if
            // it occurred.
            others: if hidden {
                BTreeMap::new()
            } else {
                self.others.iter().map(|(what, count)| (*what, shown(*count))).collect()
            },
            unknown: shown(self.unknown),
            deceased: shown(self.deceased),
        }
    }
}

/// Where homes are, with suppression applied: the counts of the places that may be shown, and one
/// count for all others. A suppressed place is not named either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedSpread<K: Ord> {
    /// The counts of the places that may be shown.
    pub shown: BTreeMap<K, u32>,
    /// The count of all other places together.
    pub others: PublishedCount,
}

/// The figures of a region with suppression applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFigures {
    /// Figure 1.
    pub flip_rate: PublishedShare,
    /// Figure 2.
    pub retention: [PublishedShare; 3],
    /// Figure 3.
    pub end_to_end: PublishedShare,
    /// Figure 4.
    pub home_in_time: PublishedShare,
    /// From readiness to the offer, if enough were counted. The number must not be shown, because
    /// other counts come near it.
    pub to_offer: Option<Waiting>,
    /// From readiness to the keys, in the same way.
    pub to_keys: Option<Waiting>,
    /// Homes offered.
    pub offered: PublishedCount,
    /// Homes let.
    pub r#let: PublishedCount,
    /// Homes that clients found by the regular way.
    pub own_homes: PublishedCount,
    /// Homes at risk that clients kept.
    pub kept_homes: PublishedCount,
    /// Clients who came from another region.
    pub moved_in: PublishedCount,
    /// Clients who went to another region.
    pub moved_out: PublishedCount,
    /// The homes offered by municipality.
    pub municipalities: PublishedSpread<MunicipalityCode>,
    /// The homes offered by complex. Homes without a known complex are counted under `None`.
    pub complexes: PublishedSpread<Option<ComplexId>>,
    /// How each agreement was kept: kept, late, overdue, set aside, due.
    pub agreements: BTreeMap<u8, [PublishedCount; 5]>,
    /// Open nuisance cases by level.
    pub nuisance: BTreeMap<Level, PublishedCount>,
}

impl Figures {
    /// Applies suppression with the threshold of the region's set.
    #[must_use]
    pub fn published(&self, threshold: u32) -> PublishedFigures {
        let enough = |waiting: Option<Waiting>| waiting.filter(|waiting| waiting.counted >= threshold);
        let (offered, municipalities, complexes) = self.spread.published(threshold);
        let Homes { r#let, .. } = self.homes;
        PublishedFigures {
            flip_rate: self.flip_rate.published(threshold),
            retention: self.retention.each_ref().map(|share| share.published(threshold)),
            end_to_end: self.end_to_end.published(threshold),
            home_in_time: self.home_in_time.published(threshold),
            to_offer: enough(self.to_offer),
            to_keys: enough(self.to_keys),
            offered,
            r#let: PublishedCount::alone(r#let, threshold),
            own_homes: PublishedCount::alone(self.own_homes, threshold),
            kept_homes: PublishedCount::alone(self.kept_homes, threshold),
            moved_in: PublishedCount::alone(self.moved_in, threshold),
            moved_out: PublishedCount::alone(self.moved_out, threshold),
            municipalities,
            complexes,
            agreements: self
                .agreements
                .iter()
                .map(|(number, counts)| (*number, counts.published(threshold)))
                .collect(),
            nuisance: self
                .nuisance
                .iter()
                .map(|(level, count)| (*level, PublishedCount::alone(*count, threshold)))
                .collect(),
        }
    }
}

impl AgreementCounts {
    /// Kept, late, overdue, set aside and due, with suppression applied. Their sum is shown
    /// nowhere.
    #[must_use]
    pub fn published(&self, threshold: u32) -> [PublishedCount; 5] {
        [self.kept, self.late, self.overdue, self.set_aside, self.due]
            .map(|count| PublishedCount::alone(count, threshold))
    }
}

impl Spread {
    /// How many are counted and where they are, with suppression applied.
    fn published(
        &self,
        threshold: u32,
    ) -> (PublishedCount, PublishedSpread<MunicipalityCode>, PublishedSpread<Option<ComplexId>>) {
        published_together(&self.municipalities, &self.complexes, threshold)
    }
}

/// Two divisions of the same whole, with suppression applied. If one must hide the whole, the other must
/// not show parts that add up to it.
#[must_use]
pub fn published_together<A: Ord + Clone, B: Ord + Clone>(
    one: &BTreeMap<A, u32>,
    other: &BTreeMap<B, u32>,
    threshold: u32,
) -> (PublishedCount, PublishedSpread<A>, PublishedSpread<B>) {
    let (one, by_one) = PublishedSpread::of(one, threshold);
    let (other, by_other) = PublishedSpread::of(other, threshold);
    match (by_one, by_other) {
        (PublishedCount::Count(_), PublishedCount::Count(_)) => (by_other, one, other),
        _ => (PublishedCount::Suppressed, PublishedSpread::nothing(), PublishedSpread::nothing()),
    }
}

/// A further division of a whole that is published, or not, for other reasons. If its parts could not be
/// shown beside the whole, none of them is named, as if all were too small: that is one of several reasons
/// why none is named, so it reveals no part.
#[must_use]
pub fn published_beside<K: Ord + Clone>(
    whole: PublishedCount,
    counts: &BTreeMap<K, u32>,
    threshold: u32,
) -> PublishedSpread<K> {
    match (whole, PublishedSpread::of(counts, threshold)) {
        (PublishedCount::Suppressed, _) => PublishedSpread::nothing(),
        (PublishedCount::Count(_), (spread, PublishedCount::Count(_))) => spread,
        (whole @ PublishedCount::Count(_), _) => PublishedSpread { shown: BTreeMap::new(), others: whole },
    }
}

impl<K: Ord + Clone> PublishedSpread<K> {
    fn of(counts: &BTreeMap<K, u32>, threshold: u32) -> (Self, PublishedCount) {
        let (parts, whole) = suppress(&counts.values().copied().collect::<Vec<_>>(), threshold);
        let shown: BTreeMap<K, u32> = counts
            .iter()
            .zip(parts)
            .filter_map(|((place, _), part)| Some((place.clone(), part.count()?)))
            .collect();
        let others = match whole {
            PublishedCount::Count(whole) => PublishedCount::Count(whole - shown.values().sum::<u32>()),
            PublishedCount::Suppressed => PublishedCount::Suppressed,
        };
        (Self { shown, others }, whole)
    }

    fn nothing() -> Self {
        Self { shown: BTreeMap::new(), others: PublishedCount::Suppressed }
    }
}

#[cfg(test)]
mod tests;
