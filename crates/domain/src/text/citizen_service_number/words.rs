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
const LABELS: [&str; 80] = [
    "zaak", "zaken", "facturen", "polissen", "kenmerk", "referentie", "ref", "reference", "factuur", "invoice", "polis", "policy", "rsin", "btw", "vat", "kvk",
    "telefoon", "tel", "telnr", "phone", "mobiel", "mob", "gsm", "fax", "rekening", "bankrekening", "iban", "contract",
    "huurcontract", "order", "bestelling", "opdracht", "offerte", "melding", "incident", "ticket", "aanvraag", "beschikking",
    "besluit", "toewijzing", "declaratie", "vordering", "artikel", "serie", "meter", "ean", "vhe", "object", "complex", "bag",
    "agb", "big", "case", "claim", "transactie", "betaling", "boeking", "document", "brief", "pakket", "zending", "machtiging",
    "oin", "vestiging", "verordening", "woning", "kadaster", "perceel", "procedure", "rol", "indicatie",
    "cjib", "giro", "girorekening", "meterstand", "lot", "werkorder", "kamer", "storing", "registratie",
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

/// The endings of compounds that name some number: `storingsnummer`, `betalingskenmerk`.
const ENDINGS: [&str; 8] = ["nummers", "nummer", "nrs", "nr", "number", "codes", "code", "kenmerk"];
/// The beginnings of such compounds that often are about a citizen service number.
const OF_PERSONS: [&str; 14] = [
    "persoon",
    "person",
    "identificatie",
    "identiteit",
    "identity",
    "client",
    "cliënt",
    "dossier",
    "patiënt",
    "patient",
    "burger",
    "bewoner",
    "inwoner",
    "deelnemer",
];

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

/// Words between a number and its name behind it.
const LINKS: [&str; 12] =
    ["is", "was", "het", "zijn", "haar", "een", "mijn", "hun", "the", "his", "her", "dus"];

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
                () if NAMES_IN_TWO.contains(&[one.0.as_str(), word.as_str()]) => (Some(one.1), &two.0),
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
    let head = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    let is_of_person = || is_name(word) || OF_PERSONS.iter().any(|person| word.starts_with(person));
    if head.is_some_and(|head| head.chars().count() > 2) && !is_of_person() {
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
