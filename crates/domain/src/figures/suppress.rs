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
pub enum Told {
    /// The count, which may be shown.
    Count(u32),
    /// The count is too small to be shown, or another one could be computed from it.
    Suppressed,
}

impl Told {
    fn alone(count: u32, threshold: u32) -> Self {
        if count == 0 || count >= threshold { Self::Count(count) } else { Self::Suppressed }
    }

    /// The count, if it may be shown.
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

/// The parts of a whole, and the whole, with suppression applied.
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
    // From the last to the first, whatever they count. An order by size would put bounds on the
    // suppressed counts.
    for at in (0..parts.len()).rev().filter(|at| parts[*at] >= threshold) {
        if leaves_open(&hidden, threshold) {
            break;
        }
        told[at] = Told::Suppressed;
        hidden.push(parts[at]);
    }
    (told, if leaves_open(&hidden, threshold) { whole } else { Told::Suppressed })
}

/// Whether the sum of suppressed counts, each above zero, leaves every one of them more than one
/// possible value. There must be at least two; they must not all be one, nor all be as high as a
/// small count can be. Together they must not be a small count either.
fn leaves_open(hidden: &[u32], threshold: u32) -> bool {
    let (sum, parts) = (hidden.iter().sum::<u32>(), u32::try_from(hidden.len()).unwrap_or(u32::MAX));
    parts >= 2 && sum >= threshold && sum > parts && sum != parts.saturating_mul(threshold - 1)
}

/// A share with suppression applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldShare {
    /// Those that the figure counts.
    pub counted: Told,
    /// The whole.
    pub of: Told,
    /// The others, by what happened to them.
    pub others: BTreeMap<&'static str, Told>,
    /// Those whose result is not known.
    pub unknown: Told,
    /// Those who died. They are not part of the whole.
    pub deceased: Told,
}

impl Share {
    /// The share with suppression applied. If one of its numbers is too small, all are suppressed.
    #[must_use]
    pub fn told(&self, threshold: u32) -> ToldShare {
        // Those who died count as well, although they are not part of the whole. If only their
        // number were hidden, a reader who knows the cases could compute it from the whole.
        let mut parts = vec![self.counted, self.unknown, self.deceased];
        parts.extend(self.others.values());
        let hidden = parts.iter().any(|count| Told::alone(*count, threshold) == Told::Suppressed);
        let told = |count: u32| if hidden { Told::Suppressed } else { Told::Count(count) };
        ToldShare {
            counted: told(self.counted),
            of: told(self.of()),
            // What happened to the others is not even named, because an outcome is listed only if
            // it occurred.
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

/// Where homes are, with suppression applied: the counts of the places that may be shown, and one
/// count for all others. A suppressed place is not named either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldSpread<K: Ord> {
    /// The counts of the places that may be shown.
    pub told: BTreeMap<K, u32>,
    /// The count of all other places together.
    pub others: Told,
}

/// The figures of a region with suppression applied.
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
    /// From readiness to the offer, if enough were counted. The number must not be shown, because
    /// other counts come near it.
    pub to_offer: Option<Waiting>,
    /// From readiness to the keys, in the same way.
    pub to_keys: Option<Waiting>,
    /// Homes offered.
    pub offered: Told,
    /// Homes let.
    pub r#let: Told,
    /// The homes offered by municipality.
    pub municipalities: ToldSpread<MunicipalityCode>,
    /// The homes offered by complex. Homes without a known complex are counted under `None`.
    pub complexes: ToldSpread<Option<ComplexId>>,
    /// How each agreement was kept: kept, late, overdue, set aside, due.
    pub agreements: BTreeMap<u8, [Told; 5]>,
    /// Open nuisance cases by level.
    pub nuisance: BTreeMap<Level, Told>,
}

impl Figures {
    /// Applies suppression with the threshold of the region's set.
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
    /// Kept, late, overdue, set aside and due, with suppression applied. Their sum is shown
    /// nowhere.
    #[must_use]
    pub fn told(&self, threshold: u32) -> [Told; 5] {
        [self.kept, self.late, self.overdue, self.set_aside, self.due]
            .map(|count| Told::alone(count, threshold))
    }
}

impl Spread {
    /// The number of homes offered and where they are, with suppression applied. The whole is the
    /// same for both tables. If one must hide it, the other must not show parts that add up to it.
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
    fn a_small_count_is_suppressed_and_zero_is_not() {
        assert_eq!(suppress(&[0, 12], 5), (vec![Count(0), Count(12)], Count(12)));
        assert_eq!(suppress(&[3], 5), (vec![Suppressed], Suppressed));
    }

    #[test]
    fn a_small_count_cannot_be_computed_from_the_whole() {
        assert_eq!(suppress(&[40, 12, 3], 5), (vec![Count(40), Suppressed, Suppressed], Count(55)));
    }

    #[test]
    fn small_counts_with_a_small_sum_suppress_another_count() {
        assert_eq!(
            suppress(&[30, 10, 2, 1], 5),
            (vec![Count(30), Suppressed, Suppressed, Suppressed], Count(43))
        );
    }

    #[test]
    fn small_counts_that_hide_each_other_suppress_no_other_count() {
        assert_eq!(suppress(&[4, 3, 9], 5), (vec![Suppressed, Suppressed, Count(9)], Count(16)));
    }

    #[test]
    fn the_whole_is_suppressed_if_the_parts_cannot_hide_a_count() {
        assert_eq!(suppress(&[0, 3, 2], 6), (vec![Count(0), Suppressed, Suppressed], Suppressed));
    }

    #[test]
    fn counts_of_one_cannot_be_computed_from_their_number() {
        let ones = [28, 1, 1, 1, 1, 1, 1];
        let (told, whole) = suppress(&ones, 5);
        assert_eq!((&told[..], whole), (&[Suppressed; 7][..], Count(34)), "28 hides them");
        assert_eq!(suppress(&[1; 5], 5), (vec![Suppressed; 5], Suppressed));
    }

    /// A reader of a response knows every row of counts that leads to it. No hidden count may be
    /// the same in all of these rows.
    #[test]
    fn a_reader_who_knows_the_rule_cannot_compute_a_suppressed_count() {
        for (threshold, parts, highest) in [(3, 3, 12), (3, 4, 10), (4, 3, 16), (5, 3, 18), (5, 4, 15)] {
            let mut leads_to: HashMap<String, Vec<Vec<u32>>> = HashMap::new();
            for counts in rows(parts, highest) {
                leads_to.entry(format!("{:?}", suppress(&counts, threshold))).or_default().push(counts);
            }
            for (answer, possible) in leads_to {
                let (told, whole) = suppress(&possible[0], threshold);
                let hidden: Vec<usize> = (0..parts).filter(|at| told[*at] == Suppressed).collect();
                let sum: u32 = hidden.iter().map(|at| possible[0][*at]).sum();
                // Rows with a count above the highest are not included here.
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

    /// The adversary knows the rule, and knows some cases of every kind because they are its own.
    /// It gets one response about a year, whatever days it names
    /// (`a_year_has_one_answer_for_who_does_not_see_every_case`).
    #[test]
    fn a_partner_who_knows_the_rule_and_its_own_cases_cannot_compute_a_suppressed_share() {
        let (threshold, highest) = (5, 8);
        let own: Vec<Vec<u32>> = rows(4, 4);
        let mut leads_to: HashMap<String, Vec<Vec<u32>>> = HashMap::new();
        for counts in rows(4, highest) {
            leads_to.entry(format!("{:?}", share(&counts).told(threshold))).or_default().push(counts);
        }
        let suppressed: Vec<_> = leads_to.values().filter(|possible| possible.len() > 1).collect();
        assert_eq!(suppressed.len(), 1, "every suppressed share gives the same response");
        assert!(leads_to.values().all(|possible| possible.len() > 1 || is_told(&possible[0], threshold)));
        for own in own {
            let knows = |counts: &&Vec<u32>| counts.iter().zip(&own).all(|(count, own)| count >= own);
            let possible: Vec<_> = suppressed[0].iter().filter(knows).collect();
            for at in 0..4 {
                let values: HashSet<u32> = possible.iter().map(|counts| counts[at]).collect();
                assert!(values.len() > 1, "part {at} is {values:?} to a partner with {own:?}");
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

    /// Every row of this many counts, up to the highest.
    fn rows(parts: usize, highest: u32) -> Vec<Vec<u32>> {
        (0..parts).fold(vec![Vec::new()], |rows, _| {
            rows.iter()
                .flat_map(|row| (0..=highest).map(move |count| [&row[..], &[count]].concat()))
                .collect()
        })
    }
}
