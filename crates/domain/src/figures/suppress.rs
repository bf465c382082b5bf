//! Taking out of figures what would tell about single people (`domain.md` §6).
//!
//! A count above zero and under the threshold is not told. Nor is what would give it away: where a whole is told, the
//! parts that are not told must add up to the threshold at least, and be two at least; so the smallest of the others
//! go too, and where that is not enough, the whole. Zero tells about nobody.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::count::{AgreementCounts, Figures, Homes, Share, Waiting};
use crate::ids::{ComplexId, MunicipalityCode};
use crate::nuisance::Level;

/// A count as it may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many.
    Count(u32),
    /// Too few to tell, or told it would give away another that is.
    Suppressed,
}

impl Told {
    fn alone(count: u32, threshold: u32) -> Self {
        if count == 0 || count >= threshold { Self::Count(count) } else { Self::Suppressed }
    }

    /// The count, where it is told.
    #[must_use]
    pub fn count(self) -> Option<u32> {
        if let Self::Count(count) = self { Some(count) } else { None }
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.count().serialize(serializer)
    }
}

/// Parts of a whole as they may be told, and the whole.
#[must_use]
pub fn suppress(parts: &[u32], threshold: u32) -> (Vec<Told>, Told) {
    let total: u32 = parts.iter().sum();
    let mut told: Vec<Told> = parts.iter().map(|count| Told::alone(*count, threshold)).collect();
    let mut hidden: Vec<u32> =
        parts.iter().copied().filter(|count| *count > 0 && *count < threshold).collect();
    let whole = Told::alone(total, threshold);
    if hidden.is_empty() || whole == Told::Suppressed {
        return (told, whole);
    }
    let mut others: Vec<usize> = (0..parts.len()).filter(|at| parts[*at] >= threshold).collect();
    others.sort_by_key(|at| parts[*at]);
    for at in others {
        if hidden.len() >= 2 && hidden.iter().sum::<u32>() >= threshold {
            break;
        }
        told[at] = Told::Suppressed;
        hidden.push(parts[at]);
    }
    let enough = hidden.len() >= 2 && hidden.iter().sum::<u32>() >= threshold;
    (told, if enough { whole } else { Told::Suppressed })
}

/// A share as it may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldShare {
    /// Those that the figure counts.
    pub counted: Told,
    /// The whole.
    pub of: Told,
    /// The others, by what became of them.
    pub others: BTreeMap<&'static str, Told>,
    /// Those of whom nobody knows.
    pub unknown: Told,
    /// Those who died, who are not part of the whole.
    pub deceased: Told,
}

impl Share {
    /// The share as it may be told.
    #[must_use]
    pub fn told(&self, threshold: u32) -> ToldShare {
        let mut parts = vec![self.counted, self.unknown];
        parts.extend(self.others.values());
        let (told, of) = suppress(&parts, threshold);
        ToldShare {
            counted: told[0],
            of,
            others: self.others.keys().copied().zip(told[2..].iter().copied()).collect(),
            unknown: told[1],
            deceased: Told::alone(self.deceased, threshold),
        }
    }
}

/// Where homes stand, as it may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldSpread {
    /// By municipality.
    pub municipalities: BTreeMap<MunicipalityCode, Told>,
    /// By complex.
    pub complexes: BTreeMap<Option<ComplexId>, Told>,
}

/// The figures of a region as they may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldFigures {
    /// Figure 1.
    pub flip_rate: ToldShare,
    /// Figure 2.
    pub retention: [ToldShare; 3],
    /// Figure 3.
    pub end_to_end: ToldShare,
    /// Figure 4.
    pub home_in_time: ToldShare,
    /// From readiness to the offer, where enough were counted.
    pub to_offer: Option<Waiting>,
    /// From readiness to the keys, where enough were counted.
    pub to_keys: Option<Waiting>,
    /// Homes offered.
    pub offered: Told,
    /// Homes let.
    pub r#let: Told,
    /// Where the homes offered stand.
    pub spread: ToldSpread,
    /// How each agreement was kept: kept, late, overdue, set aside, due.
    pub agreements: BTreeMap<u8, [Told; 5]>,
    /// Open nuisance cases by level.
    pub nuisance: BTreeMap<Level, Told>,
}

impl Figures {
    /// The figures as they may be told, with the threshold of the region's set.
    #[must_use]
    pub fn told(&self, threshold: u32) -> ToldFigures {
        let enough = |waiting: Option<Waiting>| waiting.filter(|waiting| waiting.counted >= threshold);
        let (municipalities, by_municipality) = parts(&self.spread.municipalities, threshold);
        let (complexes, by_complex) = parts(&self.spread.complexes, threshold);
        // The whole is the same for both: what one must hide, the other may not tell.
        let offered = if by_municipality == Told::Suppressed { Told::Suppressed } else { by_complex };
        let Homes { r#let, .. } = self.homes;
        ToldFigures {
            flip_rate: self.flip_rate.told(threshold),
            retention: self.retention.each_ref().map(|share| share.told(threshold)),
            end_to_end: self.end_to_end.told(threshold),
            home_in_time: self.home_in_time.told(threshold),
            to_offer: enough(self.to_offer),
            to_keys: enough(self.to_keys),
            offered,
            r#let: Told::alone(r#let, threshold),
            spread: ToldSpread { municipalities, complexes },
            agreements: self
                .agreements
                .iter()
                .map(|(number, counts)| (*number, counts.told(threshold)))
                .collect(),
            nuisance: self
                .nuisance
                .iter()
                .map(|(level, count)| (*level, Told::alone(*count, threshold)))
                .collect(),
        }
    }
}

impl AgreementCounts {
    /// Kept, late, overdue, set aside and due, as they may be told. Their sum is told nowhere.
    #[must_use]
    pub fn told(&self, threshold: u32) -> [Told; 5] {
        [self.kept, self.late, self.overdue, self.set_aside, self.due]
            .map(|count| Told::alone(count, threshold))
    }
}

fn parts<K: Ord + Clone>(counts: &BTreeMap<K, u32>, threshold: u32) -> (BTreeMap<K, Told>, Told) {
    let (told, whole) = suppress(&counts.values().copied().collect::<Vec<_>>(), threshold);
    (counts.keys().cloned().zip(told).collect(), whole)
}

#[cfg(test)]
mod tests {
    use super::Told::{Count, Suppressed};
    use super::*;

    #[test]
    fn a_small_count_is_not_told_and_zero_is() {
        assert_eq!(suppress(&[0, 12], 5), (vec![Count(0), Count(12)], Count(12)));
        assert_eq!(suppress(&[3], 5), (vec![Suppressed], Suppressed));
    }

    #[test]
    fn a_small_count_does_not_follow_from_the_whole() {
        assert_eq!(suppress(&[3, 12, 40], 5), (vec![Suppressed, Suppressed, Count(40)], Count(55)));
    }

    #[test]
    fn small_counts_that_add_up_to_a_small_one_take_another_with_them() {
        assert_eq!(
            suppress(&[2, 1, 9, 30], 5),
            (vec![Suppressed, Suppressed, Suppressed, Count(30)], Count(42))
        );
    }

    #[test]
    fn small_counts_that_hide_each_other_are_enough() {
        assert_eq!(suppress(&[4, 3, 9], 5), (vec![Suppressed, Suppressed, Count(9)], Count(16)));
    }

    #[test]
    fn where_the_parts_cannot_hide_it_the_whole_is_not_told() {
        assert_eq!(suppress(&[0, 3, 2], 6), (vec![Count(0), Suppressed, Suppressed], Suppressed));
    }
}
