//! Finding a citizen service number (BSN) in a text: such a number is stored nowhere (`architecture.md` §4, Private text).
//!
//! What is found is what somebody wrote as one number. Nine digits of a date and the word after it are not, nor is a telephone
//! number behind its country code, nor nine digits inside a longer code. One in eleven of all other numbers of nine digits passes
//! the eleven test by chance and is refused too: who meant another number writes a word between its digits.

use uuid::Uuid;

/// The most characters that stand between two digits of one number: `111. 222. 333`.
const BETWEEN: usize = 2;

/// As people group a number: `111 222 333` and `1112.22.333`, whatever stands between the groups.
const CUSTOMARY: [&[usize]; 2] = [&[3, 3, 3], &[4, 2, 3]];

/// With which words, written in one with it, a number is still one of its own: `BSN111222333`, `sofinr111222333`.
const NAMES: [&str; 4] = ["bsn", "sofi", "nr", "nummer"];

/// Behind which a number is a telephone number, backwards: `+31` and `0031`.
const COUNTRY_CODES: [&str; 2] = ["13+", "1300"];

/// How a UUID is written: its digits are drawn, and are no number.
const UUID_LENGTH: usize = 36;

/// The digit nought of every script that writes numbers in tens (Unicode 14, `Nd`); the nine others follow it.
#[rustfmt::skip]
const NOUGHTS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900,
    0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x1_04A0, 0x1_0D30, 0x1_1066, 0x1_10F0, 0x1_1136, 0x1_11D0, 0x1_12F0, 0x1_1450,
    0x1_14D0, 0x1_1650, 0x1_16C0, 0x1_1730, 0x1_18E0, 0x1_1950, 0x1_1C50, 0x1_1D50, 0x1_1DA0, 0x1_6A60, 0x1_6AC0, 0x1_6B50,
    0x1_D7CE, 0x1_D7D8, 0x1_D7E2, 0x1_D7EC, 0x1_D7F6, 0x1_E140, 0x1_E2F0, 0x1_E950, 0x1_FBF0,
];

/// Whether a text holds a Dutch citizen service number: nine digits that pass the eleven test, in digits of any script, with
/// up to two separators between them.
#[must_use]
pub fn holds_citizen_service_number(text: &str) -> bool {
    let written: Vec<char> = text.chars().filter(|letter| !is_invisible(*letter)).map(plain).collect();
    let written = without_uuids(written);
    (0..written.len()).any(|start| {
        let (before, from) = written.split_at(start);
        from[0].is_ascii_digit()
            && begins_after(before)
            && nine_digits(from).is_some_and(passes_eleven_test)
            && !is_telephone_number_after(before)
    })
}

/// Zero-width characters and the soft hyphen, which nobody sees between the digits.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// A digit of any script as `0` to `9`, any white space as a space, any dash as a hyphen.
fn plain(letter: char) -> char {
    let code = u32::from(letter);
    let digit = NOUGHTS.iter().rev().map(|nought| code.wrapping_sub(*nought)).find(|value| *value < 10);
    match letter {
        _ if letter.is_whitespace() => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        _ => digit.and_then(|value| char::from_digit(value, 10)).unwrap_or(letter),
    }
}

/// With a letter in the place of each digit of a UUID.
fn without_uuids(mut written: Vec<char>) -> Vec<char> {
    let mut at = 0;
    while at + UUID_LENGTH <= written.len() {
        let begins = written[at].is_ascii_hexdigit() && (at == 0 || !written[at - 1].is_ascii_alphanumeric());
        let here = &written[at..at + UUID_LENGTH];
        if begins && here[8] == '-' && Uuid::try_parse(&here.iter().collect::<String>()).is_ok() {
            written[at..at + UUID_LENGTH].fill('x');
            at += UUID_LENGTH;
        } else {
            at += 1;
        }
    }
    written
}

/// Whether a number can begin after this: a letter or digit before it makes it the rest of another code, but for its names.
fn begins_after(before: &[char]) -> bool {
    let Some(last) = before.last().filter(|last| last.is_alphanumeric()) else { return true };
    let word = before.iter().rev().take_while(|letter| letter.is_alphabetic());
    let word: String = word.collect::<Vec<_>>().into_iter().rev().collect();
    last.is_alphabetic() && NAMES.iter().any(|name| word.to_lowercase().ends_with(name))
}

/// Whether a country code is before it, perhaps with the nought that is left out abroad: `+31 (0)6 …`.
fn is_telephone_number_after(before: &[char]) -> bool {
    let near = before.iter().rev().take_while(|letter| is_part_of_number(**letter) || **letter == '+');
    let mut near: String = near.filter(|letter| !is_separator(**letter)).collect();
    if near.starts_with('0') {
        near.remove(0);
    }
    COUNTRY_CODES.iter().any(|code| near.starts_with(code))
}

fn is_part_of_number(letter: char) -> bool {
    letter.is_ascii_digit() || is_separator(letter)
}

/// The nine digits of the number that a text starts with, if it is one.
fn nine_digits(text: &[char]) -> Option<[u8; 9]> {
    let (mut digits, mut found) = ([0; 9], 0);
    let (mut groups, mut between) = (vec![0], Vec::new());
    let mut at = 0;
    while found < digits.len() {
        let separators = text[at..].iter().take_while(|letter| is_separator(**letter)).count();
        if separators > 0 {
            between.push(&text[at..at + separators]);
            groups.push(0);
            at += separators;
        }
        let digit = text.get(at).and_then(|letter| letter.to_digit(10)).filter(|_| separators <= BETWEEN)?;
        digits[found] = u8::try_from(digit).ok()?;
        *groups.last_mut()? += 1;
        (found, at) = (found + 1, at + 1);
    }
    // A date and what follows it, an amount and its cents: other things stand between their digits.
    let alike = between.iter().all(|separators| *separators == between[0]);
    let one_number = alike || CUSTOMARY.contains(&groups.as_slice());
    // A word may follow without a space; a word with digits in it is a code of which these are the beginning.
    let mut word = text[at..].iter().take_while(|letter| letter.is_alphanumeric());
    (one_number && !word.any(char::is_ascii_digit)).then_some(digits)
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '.' | '-' | '/' | ',' | '_' | '(' | ')')
}

fn passes_eleven_test(digits: [u8; 9]) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = digits.iter().zip(weights).map(|(digit, weight)| i32::from(*digit) * weight).sum();
    sum != 0 && sum % 11 == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEPARATORS: [&str; 19] = [
        "", " ", ".", "-", "–", "—", "/", ",", "_", "  ", "\t", "\n", "\u{A0}", "\u{2009}", "\u{200B}",
        "\u{AD}", ". ", ", ", "\r\n",
    ];

    /// Numbers of which eight digits are drawn, and the ninth follows from them where one does.
    fn citizen_service_numbers() -> impl Strategy<Value = [u8; 9]> {
        proptest::array::uniform8(0_u8..10).prop_filter_map("no ninth digit fits", |eight| {
            let weighed = eight.iter().zip([9, 8, 7, 6, 5, 4, 3, 2]);
            let last = weighed.map(|(digit, weight)| u32::from(*digit) * weight).sum::<u32>() % 11;
            let last = u8::try_from(last).ok().filter(|last| *last < 10 && eight != [0; 8])?;
            let mut nine = [last; 9];
            nine[..8].copy_from_slice(&eight);
            Some(nine)
        })
    }

    fn written(digits: [u8; 9], nought: char, separator: &str, every: usize) -> String {
        let digit = |digit: u8| char::from_u32(u32::from(nought) + u32::from(digit)).expect("a digit");
        let digits = digits.map(|value| digit(value).to_string());
        digits.chunks(every).map(<[String]>::concat).collect::<Vec<_>>().join(separator)
    }

    proptest! {
        #[test]
        fn every_citizen_service_number_is_found_wherever_it_stands(
            digits in citizen_service_numbers(),
            nought in prop::sample::select(vec!['0', '٠', '0', '०', '𝟎', '𝟶']),
            separator in prop::sample::select(&SEPARATORS[..]),
            every in 1_usize..9,
            before in prop::sample::select(vec![
                "", "BSN ", "bsn:", "Bsn", "bsnr", "BSNnummer", "sofi", "sofinr", "nr", "bsn_", "cliënt (", "tel. 0612345678, ",
                "\u{1F3E0}", "op 2026-11-25: ",
            ]),
            after in prop::sample::select(vec!["", ".", ", geboren in 1980", ") ☎", "\n", "x", "van"]),
        ) {
            let text = format!("{before}{}{after}", written(digits, nought, separator, every));
            prop_assert!(holds_citizen_service_number(&text), "{text}");
        }

        #[test]
        fn nine_digits_that_fail_the_eleven_test_are_left_alone(
            digits in citizen_service_numbers(), wrong in 1_u8..10,
            separator in prop::sample::select(&SEPARATORS[..]),
        ) {
            let mut other = digits;
            other[8] = (digits[8] + wrong) % 10;
            prop_assert!(!holds_citizen_service_number(&written(other, '0', separator, 3)));
        }

        #[test]
        fn dates_telephone_numbers_amounts_and_drawn_ids_are_left_alone(
            (day, month, year) in (1_u8..29, 1_u8..13, 1920_u16..2040),
            (number, few) in (10_000_000_u32..99_999_999, 0_u8..10),
            (id, begins) in (any::<u128>(), prop::sample::select(vec!["", "urn:uuid:", "("])),
        ) {
            let id = Uuid::from_u128(id);
            for text in [
                format!("{year}-{month:02}-{day:02} {few}"),
                format!("{day:02}-{month:02}-{year}, {few} keer"),
                format!("{few} {day:02}.{month:02}.{year}"),
                format!("{day}/{month}/{year} {number}"),
                format!("{day:02}-{month:02}-{year} 14:30"),
                format!("06-{number}, 06 {number} of 06{number}"),
                format!("+31 6 {number}, +316{number}, +31 (0)6 {number} of 0031-6{number}"),
                format!("€ {}.{}.{},{few}0", few + 1, number % 900 + 100, number / 1_000 % 900 + 100),
                format!("{begins}{id}"),
                format!("{begins}{}", id.simple()),
            ] {
                prop_assert!(!holds_citizen_service_number(&text), "{text}");
            }
        }
    }

    #[test]
    fn a_citizen_service_number_is_found_however_it_is_written() {
        for text in [
            "111222333",
            "BSN 111222333.",
            "bsn111222333",
            "bsn:1112.22.333",
            "111 222 333 van cliënt",
            "111-222-333",
            "1112-22-333",
            "111–222–333",
            "111/222/333",
            "111,222,333",
            "111_222_333",
            "111  222  333",
            "111\t222\t333",
            "111\n222\n333",
            "111\u{A0}222\u{A0}333",
            "111\u{2009}222\u{2009}333",
            "111\u{200B}222\u{200B}333",
            "111\u{AD}222\u{AD}333",
            "111. 222. 333",
            "(111)222333",
            "(111) 222-333",
            "111222333",
            "١١١٢٢٢٣٣٣",
            "𝟏𝟏𝟏𝟐𝟐𝟐𝟑𝟑𝟑",
            "nr111222333",
            "bsnr111222333",
            "sofinr111222333",
            "111222333x",
            "1112.22 333",
            "tel. +31 6 12345678, 111222333",
            "tel. +31, BSN 111222333",
            "31 111222333",
        ] {
            assert!(holds_citizen_service_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "111222334",
            "0612345678",
            "NL91ABNA0417164300",
            "a111222333",
            "1112223331",
            "000000000",
            "2026-11-21",
            "111 222 3331",
            "+31 111222333",
            "+31 (0)111222333",
            "111222333a4",
            "1 en 11222333",
        ] {
            assert!(!holds_citizen_service_number(text), "{text}");
        }
    }
}
