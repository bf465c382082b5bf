//! What suppression must hide, and from whom.

use std::collections::{HashMap, HashSet};

use super::PublishedCount::{Count, Suppressed};
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
    let (shown, whole) = suppress(&ones, 5);
    assert_eq!((&shown[..], whole), (&[Suppressed; 7][..], Count(34)), "28 hides them");
    assert_eq!(suppress(&[1; 5], 5), (vec![Suppressed; 5], Suppressed));
}

/// A reader of a response knows every row of counts that leads to it. No hidden count may be
/// the same in all of these rows.
#[test]
fn a_suppressed_count_cannot_be_computed_from_the_rule() {
    for (threshold, parts, highest) in [(3, 3, 12), (3, 4, 10), (4, 3, 16), (5, 3, 18), (5, 4, 15)] {
        let mut leads_to: HashMap<String, Vec<Vec<u32>>> = HashMap::new();
        for counts in rows(parts, highest) {
            leads_to.entry(format!("{:?}", suppress(&counts, threshold))).or_default().push(counts);
        }
        for (answer, possible) in leads_to {
            let (shown, whole) = suppress(&possible[0], threshold);
            let hidden: Vec<usize> = (0..parts).filter(|at| shown[*at] == Suppressed).collect();
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
/// (`a_year_has_one_answer_for_a_viewer_that_does_not_see_every_case`).
#[test]
fn a_suppressed_share_cannot_be_computed_from_the_rule_and_own_cases() {
    let (threshold, highest) = (5, 8);
    let own: Vec<Vec<u32>> = rows(4, 4);
    let mut leads_to: HashMap<String, Vec<Vec<u32>>> = HashMap::new();
    for counts in rows(4, highest) {
        leads_to.entry(format!("{:?}", share(&counts).published(threshold))).or_default().push(counts);
    }
    let suppressed: Vec<_> = leads_to.values().filter(|possible| possible.len() > 1).collect();
    assert_eq!(suppressed.len(), 1, "every suppressed share gives the same response");
    assert!(leads_to.values().all(|possible| possible.len() > 1 || is_shown(&possible[0], threshold)));
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

fn is_shown(counts: &[u32], threshold: u32) -> bool {
    counts.iter().all(|count| *count == 0 || *count >= threshold)
}

/// Every row of this many counts, up to the highest.
fn rows(parts: usize, highest: u32) -> Vec<Vec<u32>> {
    (0..parts).fold(vec![Vec::new()], |rows, _| {
        rows.iter().flat_map(|row| (0..=highest).map(move |count| [&row[..], &[count]].concat())).collect()
    })
}

#[test]
fn a_further_division_names_no_part_if_its_parts_cannot_be_shown_beside_the_whole() {
    let beside = |whole, parts: &[(u8, u32)]| published_beside(whole, &parts.iter().copied().collect(), 5);
    let whole = PublishedCount::Count(6);
    let none_named = PublishedSpread { shown: BTreeMap::new(), others: whole };
    for parts in [&[(1, 5), (2, 1)][..], &[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)]] {
        assert_eq!(beside(whole, parts), none_named, "{parts:?}");
    }
    let spread = beside(PublishedCount::Count(12), &[(1, 7), (2, 5)]);
    assert_eq!((spread.shown, spread.others), ([(1, 7), (2, 5)].into(), PublishedCount::Count(0)));
    assert_eq!(beside(PublishedCount::Suppressed, &[(1, 7), (2, 5)]), PublishedSpread::nothing());
}
