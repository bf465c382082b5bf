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
/// The same, only right after the name: amounts and dates are grouped like this too.
const WITHOUT_NOUGHT_AFTER_NAME: [&[usize]; 4] = [&[4, 4], &[2, 2, 2, 2], &[3, 3, 2], &[1; 8]];

/// Digits without anything between them.
pub(super) type Group = Range<usize>;

/// All digits of a text. Everything about them and the separators is computed once, so that a
/// number of nine digits is tested in constant time.
#[derive(Default)]
pub(super) struct Digits {
    groups: Vec<Group>,
    /// For each group, how many digits stand before it.
    offsets: Vec<usize>,
    /// For each digit, its group.
    group_of: Vec<usize>,
    /// For each group, the first group of the longest number that it can be part of.
    joined_since: Vec<usize>,
    /// For each group, the first group from which on all separators up to this group are the same.
    alike_since: Vec<usize>,
    /// The sum of all digits before each digit.
    sums: Vec<usize>,
    /// The same, with each digit multiplied by its index.
    weighed: Vec<usize>,
}

impl Digits {
    pub(super) fn of(letters: &Letters, steps: &mut usize) -> Self {
        let mut digits = Self { sums: vec![0], weighed: vec![0], ..Self::default() };
        *steps += letters.len();
        for (at, letter) in letters.slice(0..letters.len()).iter().enumerate() {
            if let Some(value) = letter.is_ascii_digit().then(|| *letter as usize - '0' as usize) {
                digits.push(letters, at, value, steps);
            }
        }
        digits
    }

    fn push(&mut self, letters: &Letters, at: usize, value: usize, steps: &mut usize) {
        match self.groups.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => self.begin(letters, at, steps),
        }
        let index = self.group_of.len();
        self.group_of.push(self.groups.len() - 1);
        self.sums.push(self.sums[index] + value);
        self.weighed.push(self.weighed[index] + index * value);
    }

    /// Begins a group, and reads the separator before it.
    fn begin(&mut self, letters: &Letters, at: usize, steps: &mut usize) {
        let new = self.groups.len();
        self.groups.push(at..at + 1);
        self.offsets.push(self.group_of.len());
        let between = self.gap(letters, new);
        *steps += between.map_or(1, <[char]>::len);
        let is_alike = between.is_some() && new > 1 && self.gap(letters, new - 1) == between;
        self.joined_since.push(if between.is_some() { self.joined_since[new - 1] } else { new });
        self.alike_since.push(if is_alike { self.alike_since[new - 1] } else { new });
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The numbers that begin with this group: one of nine digits, and one without its leading zero.
    pub(super) fn candidates(&self, first: usize) -> impl Iterator<Item = Candidate> {
        let candidate = move |length| self.candidate(first, length);
        [candidate(FEWEST), candidate(DIGITS)].into_iter().flatten()
    }

    fn candidate(&self, first: usize, length: usize) -> Option<Candidate> {
        let begins = self.offsets[first];
        let end = begins + length;
        let last = *self.group_of.get(end - 1)?;
        let ends_group = self.offsets[last] + self.groups[last].len() == end;
        let is_joined = self.joined_since[last] <= first;
        let is_uniform = last == first || self.alike_since[last] <= first + 1;
        if !ends_group || !is_joined || !self.passes_eleven_test(begins..end) {
            return None;
        }
        let mut lengths = [0; DIGITS];
        let of = first..last + 1;
        for (length, group) in lengths.iter_mut().zip(&self.groups[of.clone()]) {
            *length = group.len();
        }
        let letters = self.groups[first].start..self.groups[last].end;
        let year = (begins..begins + 4).fold(0, |year, at| year * 10 + self.sums[at + 1] - self.sums[at]);
        let starts_with_year = (1900..2100).contains(&year);
        let candidate = Candidate { letters, groups: of, lengths, is_uniform, starts_with_year };
        candidate.is_one_number().then_some(candidate)
    }

    /// The last nine digits of a longer group after zeros or the code of the Netherlands:
    /// `00123456782`, `31123456782`.
    pub(super) fn after_prefix(&self, letters: &Letters, group: usize) -> Option<Range<usize>> {
        let (group, begins) = (&self.groups[group], self.offsets[group]);
        let prefix = group.len().checked_sub(DIGITS).filter(|length| (1..=4).contains(length))?;
        let ahead = letters.slice(group.start..group.start + prefix);
        let is_prefix = ahead.iter().all(|digit| *digit == '0')
            || ahead.ends_with(&['3', '1']) && ahead.iter().rev().skip(2).all(|digit| *digit == '0');
        let passes = self.passes_eleven_test(begins + prefix..begins + prefix + DIGITS);
        (is_prefix && passes).then(|| group.start + prefix..group.end)
    }

    /// With the weights 9 to 2 and -1, the digits make a multiple of eleven. A leading zero may be
    /// left out.
    fn passes_eleven_test(&self, range: Range<usize>) -> bool {
        let sum = self.sums[range.end] - self.sums[range.start];
        let last = self.sums[range.end] - self.sums[range.end - 1];
        // The last digit counts once here.
        let weighed = range.end * sum - (self.weighed[range.end] - self.weighed[range.start]);
        sum > last && (weighed - last) % 11 == last
    }

    /// The separator between a group and the previous one, if both may belong to one number: a few
    /// characters that are neither letters nor digits.
    fn gap<'l>(&self, letters: &'l Letters, of: usize) -> Option<&'l [char]> {
        let (before, group) = (self.groups.get(of.checked_sub(1)?)?, self.groups.get(of)?);
        let length = group.start - before.end;
        if length > LONGEST_RUN {
            return None;
        }
        let between = letters.slice(before.end..group.start);
        let is_run = || between[0] != ' ' && between.iter().all(|letter| *letter == between[0]);
        let separates = between.iter().all(|letter| !letter.is_alphanumeric());
        (separates && (length <= BETWEEN || is_run())).then_some(between)
    }
}

/// Groups of digits that together pass the eleven test and may be one number.
pub(super) struct Candidate {
    /// From the first digit to the last.
    pub(super) letters: Range<usize>,
    /// The range of the groups.
    groups: Range<usize>,
    /// The length of each group; the rest is zero.
    lengths: [usize; DIGITS],
    /// Whether all groups have the same separator.
    is_uniform: bool,
    starts_with_year: bool,
}

/// Whether this separator makes two groups separate numbers.
fn sets_apart(between: &[char]) -> bool {
    let has = |marks: &[char]| between.iter().any(|mark| marks.contains(mark));
    has(&OF_SIDES) || has(&OF_EACH) && between.contains(&' ')
}

impl Candidate {
    fn lengths(&self) -> &[usize] {
        &self.lengths[..self.groups.len()]
    }

    /// Whether the groups are written as separate numbers: a sum, or amounts.
    fn is_set_apart(&self, letters: &Letters, digits: &Digits) -> bool {
        let mut gaps = self.groups.clone().skip(1).filter_map(|group| digits.gap(letters, group));
        gaps.any(sets_apart)
    }

    /// Whether no digit is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.lengths[..].iter().sum::<usize>() == DIGITS
    }

    /// Whether people write a number like this. A year and a case number are not one number:
    /// `2026.92462`.
    pub(super) fn is_usual(&self, letters: &Letters, digits: &Digits) -> bool {
        let lengths = self.lengths();
        let is_number_of_year = self.starts_with_year && lengths == [4, 5];
        let usual = if self.is_whole() { &USUAL[..] } else { &WITHOUT_NOUGHT[..] };
        !is_number_of_year
            && (self.is_customary() || self.is_uniform && usual.contains(&lengths))
            && !self.is_set_apart(letters, digits)
    }

    /// Whether people write a number without its leading zero like this right after its name.
    pub(super) fn is_usual_after_name(&self) -> bool {
        self.is_uniform && WITHOUT_NOUGHT_AFTER_NAME.contains(&self.lengths())
    }

    /// Whether the digits can be one number at all. A date and the number after it have different
    /// separators.
    fn is_one_number(&self) -> bool {
        self.is_uniform || self.is_customary()
    }

    fn is_customary(&self) -> bool {
        CUSTOMARY.contains(&self.lengths())
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
    pub(super) fn goes_on(&self, letters: &Letters, digits: &Digits) -> bool {
        if self.groups.len() == 1 {
            return false;
        }
        let within = digits.gap(letters, self.groups.start + 1);
        let is_alike = |of: usize, neighbour: Option<usize>| {
            let group = neighbour.and_then(|neighbour| digits.groups.get(neighbour));
            group.is_some_and(|group| group.len() <= LONGEST_GROUP) && digits.gap(letters, of) == within
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
