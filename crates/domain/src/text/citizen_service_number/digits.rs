//! Groups of digits, and the numbers of nine digits that they form.

use std::ops::Range;

use super::letters::Letters;

/// How many digits a citizen service number has.
const DIGITS: usize = 9;
/// The fewest digits of a number: its leading zero may be missing.
pub(super) const FEWEST: usize = DIGITS - 1;

/// The most characters between two digits of one number: `111 - 222 - 333`.
const BETWEEN: usize = 3;
/// The same if all of them are one repeated mark: `111-----222-----333`.
const LONGEST_RUN: usize = 8;

/// Marks that separate two numbers if there are spaces beside them: a sum, a list, quantities
/// (`450 + 380`, `€450 €380`, `#12 #14`).
const OF_EACH: [char; 17] =
    ['+', '&', '=', '#', '€', '$', '£', '¥', '%', '‰', '°', '§', '~', '@', '<', '>', '^'];
/// Marks that always separate numbers: dimensions (`140×200×120`).
const OF_SIDES: [char; 2] = ['×', '÷'];

/// A group of digits longer than this, beside other groups, is a separate number.
const LONGEST_GROUP: usize = 5;

/// How people group a number, with any separators.
const CUSTOMARY: [&[usize]; 2] = [&[3, 3, 3], &[4, 2, 3]];
/// How people group a number with the same separator between all groups.
const USUAL: [&[usize]; 12] = [
    &[9],
    &[3, 3, 3],
    &[4, 2, 3],
    &[1; 9],
    &[2, 2, 2, 3],
    &[3, 2, 2, 2],
    &[2, 2, 2, 2, 1],
    &[1, 2, 2, 2, 2],
    &[4, 5],
    &[5, 4],
    &[3, 6],
    &[6, 3],
];
/// The same without the leading zero.
const WITHOUT_NOUGHT: [&[usize]; 3] = [&[8], &[2, 3, 3], &[3, 2, 3]];

/// Digits without anything between them.
pub(super) type Group = Range<usize>;

/// Groups of digits that together pass the eleven test.
pub(super) struct Candidate {
    /// From the first digit to the last.
    pub(super) letters: Range<usize>,
    /// The range of the groups.
    groups: Range<usize>,
    lengths: Vec<usize>,
    /// Whether all groups have the same separator.
    is_uniform: bool,
    /// Whether the groups are written as separate numbers: a sum, or amounts.
    is_set_apart: bool,
    starts_with_year: bool,
}

/// The groups of a text.
pub(super) fn groups(letters: &Letters, steps: &mut usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for at in 0..letters.len() {
        *steps += 1;
        if !letters.get(at).is_some_and(|letter| letter.is_ascii_digit()) {
            continue;
        }
        match groups.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// The numbers that begin with this group: one of nine digits, and one without its leading zero.
pub(super) fn candidates(
    letters: &Letters,
    groups: &[Group],
    first: usize,
    steps: &mut usize,
) -> Vec<Candidate> {
    let (mut found, mut digits) = (Vec::new(), 0);
    for last in first..groups.len().min(first + DIGITS) {
        *steps += LONGEST_RUN + DIGITS;
        if last > first && gap(letters, groups, last).is_none() {
            break;
        }
        digits += groups[last].len();
        if digits > DIGITS {
            break;
        }
        if digits >= FEWEST {
            found.extend(Candidate::of(letters, groups, first..last + 1));
        }
    }
    found
}

/// The separator between a group and the previous one, if both may belong to one number: a few
/// characters that are neither letters nor digits.
fn gap<'l>(letters: &'l Letters, groups: &[Group], of: usize) -> Option<&'l [char]> {
    let (before, group) = (groups.get(of.checked_sub(1)?)?, groups.get(of)?);
    let length = group.start - before.end;
    if length > LONGEST_RUN {
        return None;
    }
    let between = letters.slice(before.end..group.start);
    let is_run = between.first() != Some(&' ') && between.windows(2).all(|pair| pair[0] == pair[1]);
    let separates = between.iter().all(|letter| !letter.is_alphanumeric());
    (separates && (length <= BETWEEN || is_run)).then_some(between)
}

/// Whether this separator makes two groups separate numbers.
fn sets_apart(between: &[char]) -> bool {
    let has = |marks: &[char]| between.iter().any(|mark| marks.contains(mark));
    has(&OF_SIDES) || has(&OF_EACH) && between.contains(&' ')
}

impl Candidate {
    fn of(letters: &Letters, groups: &[Group], range: Range<usize>) -> Option<Self> {
        let of = &groups[range.clone()];
        let written = of.iter().flat_map(|group| letters.slice(group.clone()));
        let digits: Vec<u32> = written.filter_map(|digit| digit.to_digit(10)).collect();
        if !passes_eleven_test(&digits) {
            return None;
        }
        let gaps: Vec<_> = (range.start + 1..range.end).map(|group| gap(letters, groups, group)).collect();
        let year = digits.iter().take(4).fold(0, |year, digit| year * 10 + digit);
        Some(Self {
            letters: of.first()?.start..of.last()?.end,
            groups: range,
            lengths: of.iter().map(ExactSizeIterator::len).collect(),
            is_uniform: gaps.windows(2).all(|pair| pair[0] == pair[1]),
            is_set_apart: gaps.iter().flatten().any(|between| sets_apart(between)),
            starts_with_year: (1900..2100).contains(&year),
        })
    }

    /// Whether no digit is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.lengths.iter().sum::<usize>() == DIGITS
    }

    /// Whether people write a number like this. A year and a case number are not one number:
    /// `2026.92462`.
    pub(super) fn is_usual(&self) -> bool {
        let lengths = self.lengths.as_slice();
        let is_number_of_year = self.starts_with_year && lengths == [4, 5];
        let usual = if self.is_whole() { &USUAL[..] } else { &WITHOUT_NOUGHT[..] };
        !is_number_of_year
            && !self.is_set_apart
            && (self.is_customary() || self.is_uniform && usual.contains(&lengths))
    }

    /// Whether the digits can be one number at all. A date and the number after it have different
    /// separators.
    pub(super) fn is_one_number(&self) -> bool {
        self.is_uniform || self.is_customary()
    }

    fn is_customary(&self) -> bool {
        CUSTOMARY.contains(&self.lengths.as_slice())
    }

    /// Whether this is a date, written without separators.
    pub(super) fn is_day(&self, letters: &Letters) -> bool {
        let digits: String = letters.slice(self.letters.clone()).iter().collect();
        let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
        let is_day = |year, month, day| {
            part(year).is_some_and(|year| (1900..2100).contains(&year))
                && part(month).is_some_and(|month| (1..=12).contains(&month))
                && part(day).is_some_and(|day| (1..=31).contains(&day))
        };
        digits.len() == FEWEST && (is_day(0..4, 4..6, 6..8) || is_day(4..8, 2..4, 0..2))
    }

    /// Whether it is part of something longer, such as a list of amounts: another group follows or
    /// precedes it with the same separator.
    pub(super) fn goes_on(&self, letters: &Letters, groups: &[Group]) -> bool {
        if self.lengths.len() == 1 {
            return false;
        }
        let within = gap(letters, groups, self.groups.start + 1);
        let is_alike = |of: usize, neighbour: Option<usize>| {
            let group = neighbour.and_then(|neighbour| groups.get(neighbour));
            group.is_some_and(|group| group.len() <= LONGEST_GROUP) && gap(letters, groups, of) == within
        };
        is_alike(self.groups.start, self.groups.start.checked_sub(1))
            || is_alike(self.groups.end, Some(self.groups.end))
            || within.is_some_and(|gap| gap.contains(&',')) && ends_in_list(letters, self.letters.end)
            || within.is_some_and(|gap| gap.contains(&'+')) && is_added_up(letters, self.letters.end)
    }
}

/// Whether the last item of a list follows here: `450, 380, 125 en 900`.
fn ends_in_list(letters: &Letters, at: usize) -> bool {
    let next: String = letters.slice(at..at + 5).iter().collect();
    let last = [" en ", " of ", " and ", " or "].into_iter().find_map(|word| next.strip_prefix(word));
    last.is_some_and(|rest| rest.is_empty() || rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Whether the result of a sum follows here: `450+380+125=955`.
fn is_added_up(letters: &Letters, at: usize) -> bool {
    letters.slice(at..at + BETWEEN).iter().find(|letter| **letter != ' ') == Some(&'=')
}

/// With the weights 9 to 2 and -1, the digits make a multiple of eleven. A leading zero may be left
/// out.
fn passes_eleven_test(digits: &[u32]) -> bool {
    let Some((last, others)) = digits.split_last() else { return false };
    let weighed: u32 = others.iter().rev().zip(2..).map(|(digit, weight)| digit * weight).sum();
    weighed > 0 && weighed % 11 == *last
}
