//! Finding a citizen service number (BSN) in a text: such a number is stored nowhere (ADR 23).
//!
//! One in eleven of all numbers of nine digits passes the eleven test by chance, so the test alone
//! decides nothing. The words beside a number do. With a word such as `BSN` near it, it is
//! [certain](Verdict::Certain). After a word for another kind of number, such as `zaaknummer`, it
//! is none. Without either it is [possible](Verdict::Possible), and its writer has to say which it
//! is. The search looks a bounded distance to the left and to the right, so its cost is linear in
//! the text.

use std::ops::Range;

mod digits;
mod letters;
mod words;

use digits::{Candidate, Group};
use letters::Letters;
use words::Beside;

/// How certain it is that digits are a citizen service number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// They pass the eleven test, and no word says what they are.
    Possible,
    /// They pass the eleven test, and a word near them says that they are one.
    Certain,
}

/// A number that is, or could be, a citizen service number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How certain it is.
    pub verdict: Verdict,
    /// Where its digits are, in Unicode characters from 0.
    pub characters: Range<usize>,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text by people.
    Prose,
    /// A code that a partner made: letters and digits in one word.
    Code,
}

/// The first certain citizen service number in a text; if there is none, the first possible one.
#[must_use]
pub fn citizen_service_number(text: &str) -> Option<Finding> {
    find(text, Kind::Prose, &mut 0)
}

/// The same for a code, such as the pseudonym of a user. Letters in the same word do not make the
/// digits another kind of number. Callers treat a possible number in a code as certain.
#[must_use]
pub fn citizen_service_number_in_code(code: &str) -> Option<Finding> {
    find(code, Kind::Code, &mut 0)
}

/// Whether a text contains a certain or possible citizen service number.
#[must_use]
pub fn holds_citizen_service_number(text: &str) -> bool {
    citizen_service_number(text).is_some()
}

/// Searches, and counts each look at a letter in `steps`. Letters that look like digits are read as
/// digits only if a word near them names a citizen service number.
fn find(text: &str, kind: Kind, steps: &mut usize) -> Option<Finding> {
    *steps += text.len();
    let digits = text.chars().filter(|letter| letters::is_digit(*letter)).take(digits::FEWEST).count();
    if digits == 0 {
        return None;
    }
    let letters = Letters::of(text, steps);
    let found = if digits < digits::FEWEST { None } else { search(&letters, kind, steps) };
    let is_certain = |finding: &Finding| finding.verdict == Verdict::Certain;
    if kind == Kind::Code || found.as_ref().is_some_and(is_certain) {
        return found;
    }
    let alike = letters.with_look_alikes(steps).and_then(|letters| search(&letters, kind, steps));
    alike.filter(is_certain).or(found)
}

/// The first certain number; if there is none, the first possible one.
fn search(letters: &Letters, kind: Kind, steps: &mut usize) -> Option<Finding> {
    let groups = digits::groups(letters, steps);
    let mut possible = None;
    for first in 0..groups.len() {
        for candidate in digits::candidates(letters, &groups, first, steps) {
            let Some(verdict) = judge(letters, &groups, &candidate, kind, steps) else { continue };
            let finding = Finding { verdict, characters: letters.places(&candidate.letters) };
            if verdict == Verdict::Certain {
                return Some(finding);
            }
            possible.get_or_insert(finding);
        }
    }
    possible
}

/// Judges digits that pass the eleven test by the words beside them.
fn judge(
    letters: &Letters,
    groups: &[Group],
    candidate: &Candidate,
    kind: Kind,
    steps: &mut usize,
) -> Option<Verdict> {
    let beside = Beside::of(letters, &candidate.letters, steps);
    let is_code = kind == Kind::Code;
    if beside.is_part_of_code(is_code) {
        return None;
    }
    if !is_code && (beside.is_country_code || beside.says_what_it_is()) {
        return None;
    }
    let goes_on = candidate.goes_on(letters, groups);
    if !candidate.is_whole() {
        // Eight digits count as a number without its leading zero only right after its name.
        let is_one = candidate.is_usual() && !goes_on && !candidate.is_day(letters);
        return (is_one && beside.names_it_before()).then_some(Verdict::Certain);
    }
    if beside.names_it() {
        return candidate.is_one_number().then_some(Verdict::Certain);
    }
    (candidate.is_usual() && !goes_on).then_some(Verdict::Possible)
}

#[cfg(test)]
mod tests;
