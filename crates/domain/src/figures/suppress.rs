//! Taking out of figures what would tell about single people (`domain.md` §6).
//!
//! A count above zero and under the threshold is not told. Nor is what would give it away: where a whole is told, so is the
//! sum of the parts that are not, and it must leave each of them more than one possible value, also for whoever knows this
//! rule ([`leaves_open`]). So others go too, and where that is not enough, the whole. Zero tells about nobody.
//!
//! A threshold of two hides nothing: what is above zero and below it is one.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::count::{AgreementCounts, Figures, Homes, Share, Spread, Waiting};
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
    // From the last to the first, whatever they count: an order by size would bound what is hidden by what is told.
    for at in (0..parts.len()).rev().filter(|at| parts[*at] >= threshold) {
        if leaves_open(&hidden, threshold) {
            break;
        }
        told[at] = Told::Suppressed;
        hidden.push(parts[at]);
    }
    (told, if leaves_open(&hidden, threshold) { whole } else { Told::Suppressed })
}

/// Whether the sum of hidden counts, which are above zero, leaves each of them more than one value: they are two at least, and
/// neither all one nor all as high as a small count can be. And together they are no small count themselves.
fn leaves_open(hidden: &[u32], threshold: u32) -> bool {
    let (sum, parts) = (hidden.iter().sum::<u32>(), u32::try_from(hidden.len()).unwrap_or(u32::MAX));
    parts >= 2 && sum >= threshold && sum > parts && sum != parts.saturating_mul(threshold - 1)
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
    /// The share as it may be told: as a whole or not at all. If one number of it is too small, none is told.
    #[must_use]
    pub fn told(&self, threshold: u32) -> ToldShare {
        // Those who died count as well, though they are not part of the whole: with them hidden alone, the whole would say how
        // many they are to a reader who knows the cases.
        let mut parts = vec![self.counted, self.unknown, self.deceased];
        parts.extend(self.others.values());
        let hidden = parts.iter().any(|count| Told::alone(*count, threshold) == Told::Suppressed);
        let told = |count: u32| if hidden { Told::Suppressed } else { Told::Count(count) };
        ToldShare {
            counted: told(self.counted),
            of: told(self.of()),
            // What became of the others is not even named: an outcome is only there if there was one.
            others: if hidden {
                BTreeMap::new()
            } else {
                self.others.iter().map(|(what, count)| (*what, told(*count))).collect()
            },
            unknown: told(self.unknown),
            deceased: told(self.deceased),
        }
    }
}

/// Where homes stand, as it may be told: in which places so many do, and how many in all the others. A place that is not told
/// is not named either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldSpread<K: Ord> {
    /// By place.
    pub told: BTreeMap<K, u32>,
    /// In all other places together.
    pub others: Told,
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
    /// From readiness to the offer, where enough were counted. How many is not to be told: other counts come near to it.
    pub to_offer: Option<Waiting>,
    /// From readiness to the keys, likewise.
    pub to_keys: Option<Waiting>,
    /// Homes offered.
    pub offered: Told,
    /// Homes let.
    pub r#let: Told,
    /// The homes offered by municipality.
    pub municipalities: ToldSpread<MunicipalityCode>,
    /// The homes offered by complex; those of no known complex under none.
    pub complexes: ToldSpread<Option<ComplexId>>,
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
        let (offered, municipalities, complexes) = self.spread.told(threshold);
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
            municipalities,
            complexes,
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

impl Spread {
    /// How many homes were offered, and where, as it may be told. The whole is the same for both: where one must hide it, the
    /// other does not give it away by what adds up to it.
    fn told(&self, threshold: u32) -> (Told, ToldSpread<MunicipalityCode>, ToldSpread<Option<ComplexId>>) {
        let (municipalities, by_municipality) = ToldSpread::of(&self.municipalities, threshold);
        let (complexes, by_complex) = ToldSpread::of(&self.complexes, threshold);
        match (by_municipality, by_complex) {
            (Told::Count(_), Told::Count(_)) => (by_complex, municipalities, complexes),
            _ => (Told::Suppressed, ToldSpread::nothing(), ToldSpread::nothing()),
        }
    }
}

impl<K: Ord + Clone> ToldSpread<K> {
    fn of(counts: &BTreeMap<K, u32>, threshold: u32) -> (Self, Told) {
        let (told, whole) = suppress(&counts.values().copied().collect::<Vec<_>>(), threshold);
        let told: BTreeMap<K, u32> = counts
            .iter()
            .zip(told)
            .filter_map(|((place, _), told)| Some((place.clone(), told.count()?)))
            .collect();
        let others = match whole {
            Told::Count(whole) => Told::Count(whole - told.values().sum::<u32>()),
            Told::Suppressed => Told::Suppressed,
        };
        (Self { told, others }, whole)
    }

    fn nothing() -> Self {
        Self { told: BTreeMap::new(), others: Told::Suppressed }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::Told::{Count, Suppressed};
    use super::*;

    #[test]
    fn a_small_count_is_not_told_and_zero_is() {
        assert_eq!(suppress(&[0, 12], 5), (vec![Count(0), Count(12)], Count(12)));
        assert_eq!(suppress(&[3], 5), (vec![Suppressed], Suppressed));
    }

    #[test]
    fn a_small_count_does_not_follow_from_the_whole() {
        assert_eq!(suppress(&[40, 12, 3], 5), (vec![Count(40), Suppressed, Suppressed], Count(55)));
    }

    #[test]
    fn small_counts_that_add_up_to_a_small_one_take_another_with_them() {
        assert_eq!(
            suppress(&[30, 10, 2, 1], 5),
            (vec![Count(30), Suppressed, Suppressed, Suppressed], Count(43))
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

    #[test]
    fn counts_that_are_all_one_do_not_follow_from_how_many_they_are() {
        let ones = [28, 1, 1, 1, 1, 1, 1];
        let (told, whole) = suppress(&ones, 5);
        assert_eq!((&told[..], whole), (&[Suppressed; 7][..], Count(34)), "28 hides them");
        assert_eq!(suppress(&[1; 5], 5), (vec![Suppressed; 5], Suppressed));
    }

    /// Everybody who reads an answer knows every row of counts that leads to it. In none of them all is one that is hidden the
    /// same.
    #[test]
    fn whoever_knows_the_rule_cannot_compute_what_is_hidden() {
        for (threshold, parts, highest) in [(3, 3, 12), (3, 4, 10), (4, 3, 16), (5, 3, 18), (5, 4, 15)] {
            let mut leads_to: HashMap<String, Vec<Vec<u32>>> = HashMap::new();
            for counts in rows(parts, highest) {
                leads_to.entry(format!("{:?}", suppress(&counts, threshold))).or_default().push(counts);
            }
            for (answer, possible) in leads_to {
                let (told, whole) = suppress(&possible[0], threshold);
                let hidden: Vec<usize> = (0..parts).filter(|at| told[*at] == Suppressed).collect();
                let sum: u32 = hidden.iter().map(|at| possible[0][*at]).sum();
                // Rows with a count beyond the highest are not here.
                if whole != Suppressed && sum > highest {
                    continue;
                }
                for at in hidden {
                    let values: HashSet<u32> = possible.iter().map(|counts| counts[at]).collect();
                    assert!(values.len() > 1, "part {at} of {answer} is {values:?}");
                }
            }
        }
    }

    /// The adversary knows the rule, and some cases of every kind because they are its own. It gets one answer about a year,
    /// whatever days it names (`a_year_has_one_answer_for_who_does_not_see_every_case`).
    #[test]
    fn whoever_knows_the_rule_and_its_own_cases_cannot_compute_what_a_share_hides() {
        let (threshold, highest) = (5, 8);
        let own: Vec<Vec<u32>> = rows(4, 4);
        let mut leads_to: HashMap<String, Vec<Vec<u32>>> = HashMap::new();
        for counts in rows(4, highest) {
            leads_to.entry(format!("{:?}", share(&counts).told(threshold))).or_default().push(counts);
        }
        let suppressed: Vec<_> = leads_to.values().filter(|possible| possible.len() > 1).collect();
        assert_eq!(suppressed.len(), 1, "everything that is hidden is answered alike");
        assert!(leads_to.values().all(|possible| possible.len() > 1 || is_told(&possible[0], threshold)));
        for own in own {
            let knows = |counts: &&Vec<u32>| counts.iter().zip(&own).all(|(count, own)| count >= own);
            let possible: Vec<_> = suppressed[0].iter().filter(knows).collect();
            for at in 0..4 {
                let values: HashSet<u32> = possible.iter().map(|counts| counts[at]).collect();
                assert!(values.len() > 1, "part {at} is {values:?} to who has {own:?}");
            }
        }
    }

    fn share(counts: &[u32]) -> Share {
        let others = BTreeMap::from([("evicted", counts[2])]);
        Share { counted: counts[0], unknown: counts[1], others, deceased: counts[3] }
    }

    fn is_told(counts: &[u32], threshold: u32) -> bool {
        counts.iter().all(|count| *count == 0 || *count >= threshold)
    }

    /// Every row of so many counts up to the highest.
    fn rows(parts: usize, highest: u32) -> Vec<Vec<u32>> {
        (0..parts).fold(vec![Vec::new()], |rows, _| {
            rows.iter()
                .flat_map(|row| (0..=highest).map(move |count| [&row[..], &[count]].concat()))
                .collect()
        })
    }
}
