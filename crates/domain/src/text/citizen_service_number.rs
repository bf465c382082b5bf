//! Finding a citizen service number (BSN) in a text: such a number is stored nowhere (ADR 23).
//!
//! Nine digits that pass the eleven test are one only if somebody meant one, and one in eleven of all numbers of nine digits
//! passes by chance. So that a number is judged by what stands beside it: with a word such as `BSN` near, it is
//! [certain](Verdict::Certain); behind a word that says what else it is, such as `zaaknummer`, it is none; without either it is
//! [possible](Verdict::Possible), and whoever wrote it says which. Every look to the left and to the right is bounded: the
//! cost of a search is linear in the text.

use std::ops::Range;

mod digits;
mod letters;
mod words;

use digits::{Candidate, Group};
use letters::Letters;
use words::Beside;

/// How sure it is that digits are a citizen service number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// They pass the eleven test, and nothing says what they are.
    Possible,
    /// They pass the eleven test, and a word near them says that they are one.
    Certain,
}

/// A citizen service number, or what could be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How sure it is.
    pub verdict: Verdict,
    /// Where its digits are, in Unicode characters from 0.
    pub characters: Range<usize>,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Somebody wrote it.
    Prose,
    /// A code that a partner made: letters and digits in one.
    Code,
}

/// The first citizen service number of a text; if none is certain, the first that is possible.
#[must_use]
pub fn citizen_service_number(text: &str) -> Option<Finding> {
    find(text, Kind::Prose, &mut 0)
}

/// The same of a code, such as the pseudonym of a user: letters that are written in one with the digits do not make them
/// something else. A code says nothing to people, so that what is possible in one is as good as certain.
#[must_use]
pub fn citizen_service_number_in_code(code: &str) -> Option<Finding> {
    find(code, Kind::Code, &mut 0)
}

/// Whether a text holds what is or could be a citizen service number.
#[must_use]
pub fn holds_citizen_service_number(text: &str) -> bool {
    citizen_service_number(text).is_some()
}

/// Searches, and counts the letters that are looked at, however often each is. Letters that look like digits are read as such
/// only if a word near them calls the number a citizen service number.
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

/// The first number that is certain; if there is none, the first that is possible.
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

/// What digits that pass the eleven test are, by what stands beside them.
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
        // Eight digits are one without its leading nought only right behind its name.
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
