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
mod names;
mod vocabulary;
mod words;

use digits::{Candidate, Digits};
use letters::Letters;
use names::Names;
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
    let digits = Digits::of(letters, steps);
    let names = Names::of(letters, steps);
    let text = Text { letters, digits: &digits, names: &names, kind };
    let mut possible = None;
    let finding = |verdict, digits: &_| Finding { verdict, characters: letters.places(digits) };
    for first in 0..digits.groups().len() {
        *steps += 1;
        for candidate in digits.candidates(first) {
            match text.judge(&candidate, possible.is_some(), steps) {
                Some(Verdict::Certain) => return Some(finding(Verdict::Certain, &candidate.letters)),
                Some(verdict) => possible = possible.or(Some(finding(verdict, &candidate.letters))),
                None => {}
            }
        }
        let group = &digits.groups()[first];
        if let Some(number) = digits.after_prefix(letters, first).filter(|_| names.are_before(group))
            && Beside::of(letters, group, steps).is_named_right_before()
        {
            return Some(finding(Verdict::Certain, &number));
        }
    }
    possible
}

/// A text with what is looked up in it once.
struct Text<'t> {
    letters: &'t Letters,
    digits: &'t Digits,
    names: &'t Names,
    kind: Kind,
}

impl Text<'_> {
    /// Judges digits that pass the eleven test by the words beside them. The words are read only if
    /// they can make a difference: if `has_possible`, only a certain number is of interest.
    fn judge(&self, candidate: &Candidate, has_possible: bool, steps: &mut usize) -> Option<Verdict> {
        *steps += 1;
        let (letters, digits) = (self.letters, self.digits);
        let is_near = self.names.are_near(&candidate.letters);
        if !is_near && (has_possible || !candidate.is_whole()) {
            return None;
        }
        let is_one = candidate.is_usual(letters, digits) && !candidate.goes_on(letters, digits);
        if !is_near && !is_one {
            return None;
        }
        let beside = Beside::of(letters, &candidate.letters, steps);
        if !candidate.is_whole() {
            return self.judge_without_nought(candidate, &beside, is_one);
        }
        if beside.is_named_right_before() || beside.is_named_right_behind() {
            return Some(Verdict::Certain);
        }
        let is_code = self.kind == Kind::Code;
        let is_other = !is_code && (beside.is_country_code || beside.says_what_it_is());
        if is_other || beside.is_part_of_code(is_code) {
            return None;
        }
        if is_near { Some(Verdict::Certain) } else { is_one.then_some(Verdict::Possible) }
    }

    /// Eight digits count as a number without its leading zero only after its name.
    fn judge_without_nought(&self, candidate: &Candidate, beside: &Beside, is_one: bool) -> Option<Verdict> {
        let (letters, is_named) = (self.letters, beside.is_named_right_before());
        let is_other = beside.is_part_of_code(self.kind == Kind::Code)
            || beside.is_country_code
            || beside.says_what_it_is();
        let is_usual = is_one && !is_other && self.names.are_before(&candidate.letters);
        let is_after_name =
            is_named && candidate.is_usual_after_name() && !candidate.goes_on(letters, self.digits);
        (!candidate.is_day(letters) && (is_usual || is_after_name)).then_some(Verdict::Certain)
    }
}

#[cfg(test)]
mod tests;
