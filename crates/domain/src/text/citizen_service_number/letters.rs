//! A text in the form that is searched: digits of every script as `0` to `9`, without invisible
//! characters.

use std::ops::Range;

use uuid::Uuid;

/// The form of a UUID: its digits are random, and not a number.
const UUID_LENGTH: usize = 36;

/// The digit zero of every script with decimal digits (Unicode 14, `Nd`). The other nine follow it.
#[rustfmt::skip]
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900,
    0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x1_04A0, 0x1_0D30, 0x1_1066, 0x1_10F0, 0x1_1136, 0x1_11D0, 0x1_12F0, 0x1_1450,
    0x1_14D0, 0x1_1650, 0x1_16C0, 0x1_1730, 0x1_18E0, 0x1_1950, 0x1_1C50, 0x1_1D50, 0x1_1DA0, 0x1_6A60, 0x1_6AC0, 0x1_6B50,
    0x1_D7CE, 0x1_D7D8, 0x1_D7E2, 0x1_D7EC, 0x1_D7F6, 0x1_E140, 0x1_E2F0, 0x1_E950, 0x1_FBF0,
];

/// The letters of a text, each with its place in it.
pub(super) struct Letters {
    letters: Vec<char>,
    places: Vec<usize>,
}

impl Letters {
    pub(super) fn of(text: &str, steps: &mut usize) -> Self {
        let seen = text.chars().enumerate().filter(|(_, letter)| !is_invisible(*letter));
        let (places, letters) = seen.map(|(place, letter)| (place, plain(letter))).unzip();
        let mut letters = Self { letters, places };
        letters.hide_uuids(steps);
        letters
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<char> {
        self.letters.get(at).copied()
    }

    /// These letters; none beyond the end.
    pub(super) fn slice(&self, range: Range<usize>) -> &[char] {
        let end = range.end.min(self.len());
        &self.letters[range.start.min(end)..end]
    }

    /// The `most` letters before this one, the nearest last.
    pub(super) fn before(&self, at: usize, most: usize) -> &[char] {
        self.slice(at.saturating_sub(most)..at)
    }

    /// Where these letters are in the text.
    pub(super) fn places(&self, letters: &Range<usize>) -> Range<usize> {
        self.places[letters.start]..self.places[letters.end - 1] + 1
    }

    /// The same, with letters that look like digits replaced by those digits in words that contain
    /// digits: `O11222333`. None if there are no such letters.
    pub(super) fn with_look_alikes(&self, steps: &mut usize) -> Option<Self> {
        let (mut letters, mut at, mut changes) = (self.letters.clone(), 0, false);
        while at < self.len() {
            let run = self.letters[at..].iter().map_while(|letter| looks_like(*letter)).count();
            *steps += run + 1;
            let has_digit = self.slice(at..at + run).iter().any(|letter| is_digit(*letter));
            for letter in letters[at..at + run].iter_mut().filter(|_| has_digit) {
                let digit = looks_like(*letter).unwrap_or(*letter);
                changes |= digit != *letter;
                *letter = digit;
            }
            at += run + 1;
        }
        changes.then(|| Self { letters, places: self.places.clone() })
    }

    /// Replaces each digit of a UUID by a letter.
    fn hide_uuids(&mut self, steps: &mut usize) {
        let mut at = 0;
        while at + UUID_LENGTH <= self.len() {
            *steps += 1;
            let begins = self.letters[at].is_ascii_hexdigit()
                && (at == 0 || !self.letters[at - 1].is_ascii_alphanumeric());
            let is_uuid = begins && self.letters[at + 8] == '-' && {
                *steps += UUID_LENGTH;
                let here: String = self.slice(at..at + UUID_LENGTH).iter().collect();
                Uuid::try_parse(&here).is_ok()
            };
            if is_uuid {
                self.letters[at..at + UUID_LENGTH].fill('x');
            }
            at += if is_uuid { UUID_LENGTH } else { 1 };
        }
    }
}

/// Whether this is a digit of some script, or a circled, raised or lowered one.
pub(super) fn is_digit(letter: char) -> bool {
    plain(letter).is_ascii_digit() || decorated(letter).is_some()
}

/// The value of a digit in a circle, in brackets, with a full stop, raised or lowered (the digits
/// that Unicode's compatibility forms make plain).
fn decorated(letter: char) -> Option<char> {
    const ONES: [u32; 7] = [0x2460, 0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A];
    if letter.is_ascii() {
        return None;
    }
    let code = u32::from(letter);
    let value = match code {
        0xB9 => 1,
        0xB2 | 0xB3 => code - 0xB0,
        0x2070 | 0x2074..=0x2079 => code - 0x2070,
        0x2080..=0x2089 => code - 0x2080,
        0x24EA | 0x24FF => 0,
        _ => 1 + ONES.iter().map(|one| code.wrapping_sub(*one)).find(|value| *value < 9)?,
    };
    char::from_digit(value, 10)
}

/// The digit that a Latin, Greek or Cyrillic letter looks like; for a digit, the digit itself.
fn looks_like(letter: char) -> Option<char> {
    match letter {
        'O' | 'o' | 'Ο' | 'ο' | 'О' | 'о' => Some('0'),
        'l' | 'I' | 'Ι' | 'І' => Some('1'),
        _ if letter.is_ascii_digit() => Some(letter),
        _ => decorated(letter),
    }
}

/// Zero-width characters and the soft hyphen, which are invisible between digits.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// A digit of any script as `0` to `9`, any white space as a space, any dash as a hyphen.
fn plain(letter: char) -> char {
    if letter.is_ascii() {
        return if letter.is_ascii_whitespace() { ' ' } else { letter };
    }
    let code = u32::from(letter);
    let script = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1);
    let digit = script.map(|script| code - ZEROS[script]).filter(|value| *value < 10);
    match letter {
        _ if letter.is_whitespace() => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        _ => digit.and_then(|value| char::from_digit(value, 10)).unwrap_or(letter),
    }
}
