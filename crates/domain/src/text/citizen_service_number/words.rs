//! The words beside a number: whether they name a citizen service number, or another number.

use std::ops::Range;

use super::letters::Letters;
use super::vocabulary::{
    CONNECTING, JOINING, LINKS, MONEY, NOT, SUFFIXES, is_abbreviation, is_label, is_name,
};

/// How many letters before a number are read.
pub(super) const BEFORE: usize = 48;
/// How many letters after a number are read.
pub(super) const AFTER: usize = 24;
/// How far before a number its country code may begin, in letters.
const COUNTRY_CODE: usize = 10;
/// How many words may be between a number and the word that says what it is.
const MOST_WORDS: usize = 8;
/// The longest group of digits that may be the start of the same number: `06 111 222 333`.
const LONGEST_BEGINNING: usize = 5;
/// The longest prefix in capitals that makes the digits after it a code: `INV-123456782`.
const LONGEST_PREFIX: usize = 5;
/// How many digits a citizen service number has.
const DIGITS: usize = 9;

/// A token of the text beside a number.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Digits(usize),
    Mark(char),
}

/// What the words right before a number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// It is a citizen service number.
    Name,
    /// It is another kind of number.
    Other,
    Nothing,
}

/// The text beside a number.
pub(super) struct Beside<'l> {
    before: &'l [char],
    after: &'l [char],
    said_before: Said,
    words_after: Vec<Token>,
    /// Whether the number is a telephone number with a country code: `+32 470 000 004`, `0031 …`.
    pub(super) is_country_code: bool,
}

impl<'l> Beside<'l> {
    pub(super) fn of(letters: &'l Letters, number: &Range<usize>, steps: &mut usize) -> Self {
        let before = letters.before(number.start, BEFORE);
        let after = letters.slice(number.end..number.end + AFTER);
        let is_cut =
            number.start > BEFORE && letters.get(number.start - BEFORE - 1).is_some_and(char::is_alphabetic);
        let mut back = Backwards { letters: before, end: before.len(), is_cut };
        let said_before = said(&mut back);
        *steps += before.len() - back.end + after.len() + COUNTRY_CODE;
        let is_country_code = is_country_code(letters.before(number.start, COUNTRY_CODE));
        Self { before, after, said_before, words_after: tokens(after), is_country_code }
    }

    /// Whether digits or letters beside the number form one code with it.
    pub(super) fn is_part_of_code(&self, in_code: bool) -> bool {
        let mut glued = self.after.iter().take_while(|letter| letter.is_alphanumeric());
        if glued.any(char::is_ascii_digit) {
            return true;
        }
        let prefix = letters_at_end(self.before);
        let ahead = &self.before[..self.before.len() - prefix.len()];
        let word: String = prefix.iter().collect::<String>().to_lowercase();
        if is_name(&word) || SUFFIXES.iter().any(|suffix| word.ends_with(suffix)) {
            return false;
        }
        let is_shouted = |letters: &[char]| letters.iter().all(|letter| letter.is_uppercase());
        if prefix.is_empty() {
            let Some((mark, rest)) = self.before.split_last() else { return false };
            let prefix = letters_at_end(rest);
            return !in_code
                && "-#/".contains(*mark)
                && (1..=LONGEST_PREFIX).contains(&prefix.len())
                && is_shouted(prefix)
                && !is_name(&prefix.iter().collect::<String>().to_lowercase());
        }
        let is_mixed = ahead.last().is_some_and(char::is_ascii_digit);
        is_mixed || !in_code && is_shouted(prefix)
    }

    /// Whether a word makes the number another kind of number: a word before it, with only
    /// connecting words and numbers of the same kind between them, or a word right after it.
    pub(super) fn says_what_it_is(&self) -> bool {
        self.said_before == Said::Other || self.is_labelled_after()
    }

    /// Whether its name is right before it, with only connecting words, words for other numbers and
    /// negations of those between them: `BSN/RSIN: `, `BSN (geen RSIN) `.
    pub(super) fn is_named_right_before(&self) -> bool {
        self.said_before == Said::Name
    }

    /// Whether only its name is right behind it: `(BSN)`, `(=BSN)`, `is bsn`.
    pub(super) fn is_named_right_behind(&self) -> bool {
        let is_link = |token: &Token| match token {
            Token::Mark(mark) => "(=[".contains(*mark),
            Token::Word(word) => LINKS.contains(&word.as_str()),
            Token::Digits(_) => false,
        };
        let links = self.words_after.iter().take_while(|token| is_link(token)).count();
        match &self.words_after[links..] {
            [Token::Word(word), rest @ ..] if links > 0 && is_name(word) => {
                matches!(rest.first(), None | Some(Token::Mark(')' | ']' | '.' | ',' | ';' | '!' | '?')))
            }
            _ => false,
        }
    }

    fn is_labelled_after(&self) -> bool {
        match self.words_after.as_slice() {
            [Token::Mark('€'), ..] | [Token::Mark(','), Token::Mark('-'), ..] => true,
            // An amount and its cents.
            [Token::Mark(','), Token::Digits(2), ..] => self.after.get(1).is_some_and(char::is_ascii_digit),
            [Token::Word(word), ..] if MONEY.contains(&word.as_str()) => true,
            [Token::Mark('(' | '='), Token::Word(word), rest @ ..] => {
                let is_negated = NOT.contains(&word.as_str())
                    && matches!(rest.first(), Some(Token::Word(word)) if is_name(word));
                is_label(word) || is_negated
            }
            _ => false,
        }
    }
}

/// Reads the words before a number from the last to the first.
fn said(words_before: &mut Backwards) -> Said {
    let (mut words, mut is_joined, mut ends_sentence, mut is_far) = (0, false, false, false);
    while let Some(token) = words_before.next() {
        match token {
            Token::Mark('€' | '$' | '£') => return said_before_label(words_before),
            Token::Mark('!' | '?') => return Said::Nothing,
            Token::Mark(mark) => {
                (is_joined, ends_sentence) = (is_joined || ",;".contains(mark), mark == '.');
                is_far |= ",;".contains(mark);
            }
            Token::Digits(length) if is_joined && length != DIGITS => return Said::Nothing,
            // A word before digits and a connecting word is about those digits: `zaak 7 van …`.
            Token::Digits(length) if !is_joined && (words > 0 || length > LONGEST_BEGINNING) => {
                return Said::Nothing;
            }
            Token::Digits(_) => (is_joined, is_far) = (false, true),
            Token::Word(word) if is_name(&word) => {
                let said = if is_far { Said::Nothing } else { Said::Name };
                return if words_before.is_negated() { Said::Other } else { said };
            }
            Token::Word(word) if ends_sentence && !is_abbreviation(&word) => return Said::Nothing,
            Token::Word(word) if is_label(&word) => {
                return if is_far { Said::Other } else { said_before_label(words_before) };
            }
            Token::Word(word) if CONNECTING.contains(&word.as_str()) && words < MOST_WORDS => {
                (words, ends_sentence) = (words + 1, false);
                is_joined |= JOINING.contains(&word.as_str());
            }
            Token::Word(_) => return Said::Nothing,
        }
    }
    Said::Nothing
}

/// What the words before a word for another number say: that word excuses the number, unless the
/// name of a citizen service number is beside it (`BSN of RSIN`, `BSN, geen zaaknummer`).
fn said_before_label(words_before: &mut Backwards) -> Said {
    let mut is_negated = false;
    while let Some(token) = words_before.next() {
        match token {
            Token::Mark(',' | ';') if is_negated => {}
            Token::Mark('/' | '-' | '(' | ')' | ':' | '=' | '+' | '|' | '&') => {}
            Token::Word(word) if is_name(&word) => {
                return if words_before.is_negated() { Said::Other } else { Said::Name };
            }
            Token::Word(word) if NOT.contains(&word.as_str()) => is_negated = true,
            Token::Word(word) if CONNECTING.contains(&word.as_str()) || is_label(&word) => {}
            _ => return Said::Other,
        }
    }
    Said::Other
}

/// The tokens before a number, the nearest first. They are read only as far as they are needed.
struct Backwards<'l> {
    letters: &'l [char],
    /// Where the letters end that were not read yet.
    end: usize,
    /// Whether a word at the beginning of the letters is cut off; it is left out.
    is_cut: bool,
}

impl Backwards<'_> {
    /// Whether the next word negates the last one.
    fn is_negated(&mut self) -> bool {
        let next = self.find(|token| matches!(token, Token::Word(_)));
        matches!(next, Some(Token::Word(word)) if NOT.contains(&word.as_str()))
    }
}

impl Iterator for Backwards<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while self.end > 0 && self.letters[self.end - 1] == ' ' {
            self.end -= 1;
        }
        let rest = &self.letters[..self.end];
        let last = *rest.last()?;
        let alike = |is: fn(char) -> bool| rest.iter().rev().take_while(|letter| is(**letter)).count();
        let (length, is_word) = match last {
            _ if last.is_alphabetic() => (alike(char::is_alphabetic), true),
            _ if last.is_ascii_digit() => (alike(|letter| letter.is_ascii_digit()), false),
            _ => {
                self.end -= 1;
                return Some(Token::Mark(last));
            }
        };
        self.end -= length;
        let word = || rest[self.end..].iter().collect::<String>().to_lowercase();
        match is_word {
            true if self.end == 0 && self.is_cut => None,
            true => Some(Token::Word(word())),
            false => Some(Token::Digits(length)),
        }
    }
}

fn letters_at_end(letters: &[char]) -> &[char] {
    let length = letters.iter().rev().take_while(|letter| letter.is_alphabetic()).count();
    &letters[letters.len() - length..]
}

/// Words in lower case, groups of digits, and marks; without white space.
fn tokens(letters: &[char]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let alike = |is: fn(char) -> bool| letters[at..].iter().take_while(|letter| is(**letter)).count();
        let length = if letter.is_alphabetic() {
            let length = alike(char::is_alphabetic);
            let word = letters[at..at + length].iter().collect::<String>();
            tokens.push(Token::Word(word.to_lowercase()));
            length
        } else if letter.is_ascii_digit() {
            let length = alike(|letter| letter.is_ascii_digit());
            tokens.push(Token::Digits(length));
            length
        } else {
            if *letter != ' ' {
                tokens.push(Token::Mark(*letter));
            }
            1
        };
        at += length;
    }
    tokens
}

/// Whether these letters end in a country code, possibly with the trunk zero: `+31 (0)`.
fn is_country_code(before: &[char]) -> bool {
    let is_part = |letter: &&char| letter.is_ascii_digit() || " .-/()+".contains(**letter);
    let near: Vec<char> = before.iter().rev().take_while(is_part).copied().collect();
    let near: String =
        near.iter().rev().filter(|letter| letter.is_ascii_digit() || **letter == '+').collect();
    if let Some((_, digits)) = near.rsplit_once('+') {
        return (1..=4).contains(&digits.len());
    }
    let code = near.strip_prefix("00");
    code.is_some_and(|code| (2..=4).contains(&code.len()) && !code.starts_with('0'))
}
