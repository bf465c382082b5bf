//! The words beside a number: whether they name a citizen service number, or another number.

use std::ops::Range;

use super::letters::Letters;

/// How many letters before a number are read.
const BEFORE: usize = 48;
/// How many letters after a number are read.
const AFTER: usize = 24;
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

/// Words for a citizen service number, alone or before [`SUFFIXES`].
const NAMES: [&str; 7] =
    ["bsn", "bsnr", "sofi", "burgerservice", "burgerservicenummer", "sociaalfiscaal", "citizenservice"];
/// The same in two words.
const NAMES_IN_TWO: [[&str; 2]; 4] =
    [["burger", "service"], ["citizen", "service"], ["sociaal", "fiscaal"], ["so", "fi"]];
/// Words before a name that negate it: `geen BSN`.
const NOT: [&str; 5] = ["geen", "niet", "no", "not", "nooit"];
/// The endings of words for a number.
const SUFFIXES: [&str; 8] = ["nummers", "nummer", "nrs", "nr", "number", "codes", "code", "id"];
/// Words that may be between a number and the word that says what it is.
const CONNECTING: [&str; 23] = [
    "nummers", "nummer", "nrs", "nr", "no", "number", "num", "id", "van", "de", "het", "is", "was", "met",
    "en", "of", "and", "or", "ons", "uw", "onder", "the",
    // The country of a tax number: `btw NL 123456782 B01`.
    "nl",
];
/// Of these, words that join the numbers of a list.
const JOINING: [&str; 4] = ["en", "of", "and", "or"];

/// Words that make a number another kind of number, alone or before [`SUFFIXES`]. Words for people
/// and for their files are left out: a number after `cliënt` or `dossier` often is a citizen
/// service number.
#[rustfmt::skip]
const LABELS: [&str; 71] = [
    "zaak", "zaken", "facturen", "polissen", "kenmerk", "referentie", "ref", "reference", "factuur", "invoice", "polis", "policy", "rsin", "btw", "vat", "kvk",
    "telefoon", "tel", "telnr", "phone", "mobiel", "mob", "gsm", "fax", "rekening", "bankrekening", "iban", "contract",
    "huurcontract", "order", "bestelling", "opdracht", "offerte", "melding", "incident", "ticket", "aanvraag", "beschikking",
    "besluit", "toewijzing", "declaratie", "vordering", "artikel", "serie", "meter", "ean", "vhe", "object", "complex", "bag",
    "agb", "big", "case", "claim", "transactie", "betaling", "boeking", "document", "brief", "pakket", "zending", "machtiging",
    "oin", "vestiging", "verordening", "woning", "kadaster", "perceel", "procedure", "rol", "indicatie",
];
/// Words that do so only before [`SUFFIXES`].
const LABELS_OF_NUMBERS: [&str; 10] = [
    "klant",
    "relatie",
    "lid",
    "lidmaatschap",
    "debiteur",
    "crediteur",
    "leverancier",
    "huurder",
    "fiscaal",
    "customer",
];
/// Words for money, before or after a number.
const MONEY: [&str; 4] = ["euro", "euros", "eur", "€"];

/// A token of the text beside a number.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Digits(usize),
    Mark(char),
}

/// The text beside a number.
pub(super) struct Beside<'l> {
    before: &'l [char],
    after: &'l [char],
    /// Nearest first.
    words_before: Vec<Token>,
    words_after: Vec<Token>,
    /// Whether the number is a telephone number with a country code: `+32 470 000 004`, `0031 …`.
    pub(super) is_country_code: bool,
}

impl<'l> Beside<'l> {
    pub(super) fn of(letters: &'l Letters, number: &Range<usize>, steps: &mut usize) -> Self {
        *steps += BEFORE + AFTER;
        let before = letters.before(number.start, BEFORE);
        let after = letters.slice(number.end..number.end + AFTER);
        let mut words_before = tokens(before);
        // A word is skipped if its beginning is out of range.
        let is_cut = number.start > BEFORE
            && letters.get(number.start - BEFORE - 1).is_some_and(char::is_alphabetic)
            && matches!(words_before.first(), Some(Token::Word(_)));
        words_before.drain(..usize::from(is_cut));
        words_before.reverse();
        let is_country_code = is_country_code(letters.before(number.start, COUNTRY_CODE));
        Self { before, after, words_before, words_after: tokens(after), is_country_code }
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
        self.is_labelled_before() || self.is_labelled_after()
    }

    fn is_labelled_before(&self) -> bool {
        let (mut words, mut is_joined, mut ends_sentence) = (0, false, false);
        for (at, token) in self.words_before.iter().enumerate() {
            match token {
                Token::Mark('€' | '$' | '£') => return true,
                Token::Mark('!' | '?') => return false,
                Token::Mark(mark) => {
                    (is_joined, ends_sentence) = (is_joined || ",;".contains(*mark), *mark == '.');
                }
                Token::Digits(length) if is_joined && *length != DIGITS => return false,
                // A word before digits and a connecting word is about those digits: `zaak 7 van …`.
                Token::Digits(length) if !is_joined && (words > 0 || *length > LONGEST_BEGINNING) => {
                    return false;
                }
                Token::Digits(_) => is_joined = false,
                Token::Word(word) if is_name(word) => return self.is_negated(at),
                Token::Word(word) if ends_sentence && !is_abbreviation(word) => return false,
                Token::Word(word) if is_label(word) => return true,
                Token::Word(word) if CONNECTING.contains(&word.as_str()) && words < MOST_WORDS => {
                    (words, ends_sentence) = (words + 1, false);
                    is_joined |= JOINING.contains(&word.as_str());
                }
                Token::Word(_) => return false,
            }
        }
        false
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

    /// Whether a word near it, before or after, names it a citizen service number.
    pub(super) fn names_it(&self) -> bool {
        let after: Vec<_> = self.words_after.iter().rev().cloned().collect();
        self.names_it_before() || names(&after)
    }

    /// Whether a word before it names it a citizen service number.
    pub(super) fn names_it_before(&self) -> bool {
        names(&self.words_before)
    }

    /// Whether the word before this one negates it.
    fn is_negated(&self, at: usize) -> bool {
        let next = self.words_before[at + 1..].iter().find(|token| matches!(token, Token::Word(_)));
        matches!(next, Some(Token::Word(word)) if NOT.contains(&word.as_str()))
    }
}

/// Whether these words, in reverse order, name a citizen service number without a negation.
fn names(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens
        .iter()
        .filter_map(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None })
        .collect();
    let is_negated = |at: usize| words.get(at).is_some_and(|word| NOT.contains(word));
    let in_one = words.iter().enumerate().any(|(at, word)| is_name(word) && !is_negated(at + 1));
    let in_two = words.windows(2).any(|pair| NAMES_IN_TWO.contains(&[pair[1], pair[0]]));
    let spelt = words.windows(3).any(|three| three == ["n", "s", "b"]);
    in_one || in_two || spelt
}

fn is_name(word: &str) -> bool {
    let alone = NAMES.contains(&word) || NAMES.contains(&without_suffix(word));
    // As the end of a longer word: `clientbsn`.
    alone || without_suffix(word).ends_with("bsn")
}

fn is_label(word: &str) -> bool {
    let singular = word.strip_suffix("en").or_else(|| word.strip_suffix('s')).unwrap_or(word);
    if [word, singular].iter().any(|word| LABELS.contains(word)) || MONEY.contains(&word) {
        return true;
    }
    let stem = without_suffix(word);
    let is_stem = |stem: &str| {
        let is_compound = |label: &str| label.len() > 3 && stem.ends_with(label);
        LABELS.iter().any(|label| *label == stem || is_compound(label)) || LABELS_OF_NUMBERS.contains(&stem)
    };
    stem.len() < word.len() && (is_stem(stem) || is_stem(stem.trim_end_matches('s')))
}

fn is_abbreviation(word: &str) -> bool {
    word.len() <= 4 || word.ends_with("nr")
}

fn without_suffix(word: &str) -> &str {
    SUFFIXES.iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word)
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
