//! The places where a text names a citizen service number.

use std::ops::Range;

use super::letters::Letters;
use super::vocabulary::{NAMES_IN_TWO, NOT, is_name, without_suffix};
use super::words::{AFTER, BEFORE};

/// The places in a text where a citizen service number is named and not negated, in order.
pub(super) struct Names(Vec<Range<usize>>);

impl Names {
    /// Looks up each word of the text once.
    pub(super) fn of(letters: &Letters, steps: &mut usize) -> Self {
        *steps += letters.len();
        let (mut names, mut at) = (Vec::new(), 0);
        // The last three words.
        let mut last: [(String, usize); 3] = Default::default();
        while let Some(letter) = letters.get(at) {
            if !letter.is_alphabetic() {
                if letter.is_ascii_digit() || "!?".contains(letter) {
                    last = Default::default();
                }
                at += 1;
                continue;
            }
            let rest = letters.slice(at..letters.len());
            let length = rest.iter().take_while(|letter| letter.is_alphabetic()).count();
            let word: String = rest[..length].iter().flat_map(|letter| letter.to_lowercase()).collect();
            let [three, two, one] = &last;
            let is_spelt = word == "n" && one.0 == "s" && two.0 == "b";
            let (start, previous) = match () {
                () if is_name(&word) => (Some(at), &one.0),
                () if NAMES_IN_TWO.contains(&[one.0.as_str(), without_suffix(&word)]) => {
                    (Some(one.1), &two.0)
                }
                () => (is_spelt.then_some(two.1), &three.0),
            };
            names.extend(start.filter(|_| !NOT.contains(&previous.as_str())).map(|start| start..at + length));
            last.rotate_left(1);
            last[2] = (word, at);
            at += length;
        }
        Self(names)
    }

    /// Whether the name is near these digits, before them.
    pub(super) fn are_before(&self, number: &Range<usize>) -> bool {
        let next = self.0.partition_point(|name| name.end <= number.start);
        next.checked_sub(1).is_some_and(|last| self.0[last].start + BEFORE >= number.start)
    }

    /// Whether the name is near these digits, before or after them.
    pub(super) fn are_near(&self, number: &Range<usize>) -> bool {
        let next = self.0.partition_point(|name| name.start < number.end);
        let is_after = self.0.get(next).is_some_and(|name| name.end <= number.end + AFTER);
        is_after || self.are_before(number)
    }
}
