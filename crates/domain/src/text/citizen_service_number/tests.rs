use proptest::prelude::*;
use uuid::Uuid;

use super::*;

mod cost;
mod examples;

const SEPARATORS: [&str; 26] = [
    "",
    " ",
    ".",
    "-",
    "–",
    "—",
    "/",
    ",",
    "_",
    "  ",
    "   ",
    "\t",
    "\n",
    "\u{A0}",
    "\u{2009}",
    "\u{200B}",
    "\u{AD}",
    ". ",
    ", ",
    "\r\n",
    " - ",
    ":",
    " / ",
    " : ",
    "\u{A0}-\u{A0}",
    "|",
];

/// Eight random digits, and the ninth that makes them pass the eleven test, if there is one.
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

/// The digits in groups of these lengths.
fn written(digits: &[u8], zero: char, separator: &str, lengths: &[usize]) -> String {
    let digit = |digit: u8| char::from_u32(u32::from(zero) + u32::from(digit)).expect("a digit");
    let mut rest = digits;
    let groups = lengths.iter().map(|length| {
        let (group, others) = rest.split_at(*length);
        rest = others;
        group.iter().map(|value| digit(*value)).collect::<String>()
    });
    groups.collect::<Vec<_>>().join(separator)
}

fn verdict(text: &str) -> Option<Verdict> {
    citizen_service_number(text).map(|finding| finding.verdict)
}

proptest! {
    #[test]
    fn a_citizen_service_number_after_its_name_is_certain_however_it_is_written(
        digits in citizen_service_numbers(),
        zero in prop::sample::select(vec!['0', '٠', '0', '०', '𝟎', '𝟶']),
        separator in prop::sample::select(&SEPARATORS[..]),
        every in 1_usize..9,
        before in prop::sample::select(vec![
            "BSN ", "bsn:", "Bsn", "bsnr", "BSNnummer", "sofi", "sofinr", "bsn_", "B.S.N. ", "burgerservicenummer van cliënt is ",
            "burger service nummer\t", "Sofi-nummer: ", "tel. 0612345678, BSN ", "clientbsn ", "citizen service number ",
        ]),
        after in prop::sample::select(vec!["", ".", ", geboren in 1980", ") ☎", "\n", "x", "van"]),
    ) {
        let lengths: Vec<usize> = digits.chunks(every).map(<[u8]>::len).collect();
        let text = format!("{before}{}{after}", written(&digits, zero, separator, &lengths));
        prop_assert_eq!(verdict(&text), Some(Verdict::Certain), "{}", text);
    }

    #[test]
    fn a_number_without_a_word_near_it_is_possible_and_its_place_is_reported(
        digits in citizen_service_numbers(),
        separator in prop::sample::select(&SEPARATORS[..]),
        lengths in prop::sample::select(vec![vec![9], vec![3, 3, 3], vec![4, 2, 3], vec![1; 9]]),
        before in prop::sample::select(vec![
            "", "cliënt (", "tel. 0612345678, ", "tel. +31 6 12345678, ", "\u{1F3E0}", "dossier ", "op 2026-11-25; ", "dossiernummer",
        ]),
        after in prop::sample::select(vec!["", ".", ", geboren in 1980", ") ☎", " van cliënt"]),
    ) {
        let number = written(&digits, '0', separator, &lengths);
        let found = citizen_service_number(&format!("{before}{number}{after}"));
        let begins = before.chars().count();
        let expected = Finding { verdict: Verdict::Possible, characters: begins..begins + number.chars().count() };
        prop_assert_eq!(found, Some(expected), "{}{}{}", before, number, after);
    }

    #[test]
    fn no_separator_between_its_groups_hides_a_citizen_service_number(
        digits in citizen_service_numbers(),
        mark in any::<char>().prop_filter("a mark", |mark| !mark.is_alphanumeric() && !"×÷".contains(*mark)),
        times in 1_usize..4,
        name in prop::sample::select(vec!["BSN ", "burgerservicenummer: ", "sofinr"]),
    ) {
        let number = written(&digits, '0', &mark.to_string().repeat(times), &[3, 3, 3]);
        prop_assert_eq!(verdict(&format!("{name}{number}")), Some(Verdict::Certain), "{}{}", name, number);
        prop_assert_eq!(verdict(&number), Some(Verdict::Possible), "{}", number);
    }

    #[test]
    fn a_look_alike_letter_hides_a_citizen_service_number_only_if_no_word_names_it(
        digits in citizen_service_numbers(),
        (zero, one) in prop::sample::select(vec![('O', 'l'), ('o', 'I'), ('О', 'І')]),
        lengths in prop::sample::select(vec![vec![9], vec![3, 3, 3], vec![4, 2, 3]]),
        (name, separator) in (prop::sample::select(vec!["BSN ", "bsn: ", "bsn", "sofinummer "]), prop::sample::select(vec![" ", ".", "+"])),
    ) {
        let number = written(&digits, '0', separator, &lengths).replace('0', &zero.to_string()).replace('1', &one.to_string());
        let all_have_digits = number.split(separator).all(|group| group.contains(|letter: char| letter.is_ascii_digit()));
        prop_assume!(all_have_digits && number.contains([zero, one]));
        prop_assert_eq!(verdict(&format!("{name}{number}")), Some(Verdict::Certain), "{}{}", name, number);
        prop_assert_eq!(verdict(&format!("cliënt {number}")), None, "{}", number);
    }

    #[test]
    fn its_leading_zero_may_be_missing_only_after_its_name(
        digits in citizen_service_numbers(),
        lengths in prop::sample::select(vec![vec![8], vec![2, 3, 3], vec![3, 2, 3]]),
        separator in prop::sample::select(vec![" ", ".", "-"]),
        name in prop::sample::select(vec!["BSN ", "bsn: ", "sofinummer "]),
    ) {
        let mut digits = digits;
        digits[0] = 0;
        let weighed: u32 = digits[1..8].iter().zip([8, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        prop_assume!(weighed % 11 < 10 && weighed > 0 && digits[1] > 3);
        digits[8] = u8::try_from(weighed % 11).expect("a digit");
        let number = written(&digits[1..], '0', separator, &lengths);
        prop_assert_eq!(verdict(&format!("{name}{number}")), Some(Verdict::Certain), "{}{}", name, number);
        prop_assert_eq!(verdict(&format!("code {number}")), None);
    }

    #[test]
    fn digits_that_fail_the_eleven_test_are_left_alone(
        digits in citizen_service_numbers(), wrong in 1_u8..10,
        separator in prop::sample::select(&SEPARATORS[..]),
    ) {
        let mut other = digits;
        other[8] = (digits[8] + wrong) % 10;
        prop_assert_eq!(verdict(&written(&other, '0', separator, &[3, 3, 3])), None);
    }

    #[test]
    fn a_word_that_names_another_kind_of_number_rules_it_out(
        digits in citizen_service_numbers(),
        label in prop::sample::select(vec![
            "zaak ", "zaaknummer ", "zaaknr. ", "Zaaknummer: ", "zaak met nummer ", "kenmerk ", "ons kenmerk: ", "RSIN ", "rsin: ",
            "btw-nummer NL", "factuur ", "INV-", "tel. ", "polisnummer ", "geen BSN: ", "€ ", "zaaknummers 123456782, 111222333 en ",
        ]),
        separator in prop::sample::select(vec!["", "."]),
    ) {
        let text = format!("{label}{}", written(&digits, '0', separator, &[3, 3, 3]));
        prop_assert_eq!(verdict(&text), None, "{}", text);
    }

    #[test]
    fn a_word_for_another_number_beside_its_name_does_not_excuse_it(
        digits in citizen_service_numbers(),
        other in prop::sample::select(vec!["RSIN", "rsin-nummer", "zaaknummer", "btw-nummer", "kenmerk", "klantnr", "storingsnummer", "€"]),
        (before, after) in prop::sample::select(vec![
            ("BSN/", ": "), ("BSN of ", " "), ("bsn or ", ": "), ("BSN (geen ", ") "), ("BSN, geen ", " "), ("sofinummer / ", " "),
            ("burgerservicenummer, niet ", ": "),
        ]),
    ) {
        let number = written(&digits, '0', "", &[9]);
        for text in [format!("{before}{other}{after}{number}"), format!("{other} {number} (BSN)"), format!("{other} {number} is bsn")] {
            prop_assert_eq!(verdict(&text), Some(Verdict::Certain), "{}", text);
        }
        let unknown = format!("BSN onbekend, {other} {number}");
        prop_assert_eq!(verdict(&unknown), None, "{}", unknown);
    }

    #[test]
    fn dates_telephone_numbers_amounts_and_drawn_ids_are_left_alone(
        (day, month, year) in (1_u8..29, 1_u8..13, 1920_u16..2040),
        (number, few) in (10_000_000_u32..99_999_999, 0_u8..10),
        (id, begins) in (any::<u128>(), prop::sample::select(vec!["", "urn:uuid:", "("])),
        country in 20_u16..999,
    ) {
        let id = Uuid::from_u128(id);
        for text in [
            format!("{year}-{month:02}-{day:02} {few}"),
            format!("{day:02}-{month:02}-{year}, {few} keer"),
            format!("{few} {day:02}.{month:02}.{year}"),
            format!("{day} {month} {year} 14"),
            format!("{day}/{month}/{year} {number}"),
            format!("{day:02}-{month:02}-{year} 14:30"),
            format!("BSN bekend, geboren {day:02}{month:02}{year}"),
            format!("06-{number}, 06 {number} of 06{number}"),
            format!("+31 6 {number}, +316{number}, +31 (0)6 {number} of 0031-6{number}"),
            format!("+{country} {few}{number}, 00{country} {few}{number}, +{country} {:03} {:03} {few}04", number % 1000, number / 1000 % 1000),
            format!("€ {}.{}.{},{few}0", few + 1, number % 900 + 100, number / 1_000 % 900 + 100),
            format!("schulden: {} {} {} {}", number % 900 + 100, number / 1_000 % 900 + 100, number / 10_000 % 900 + 100, u16::from(few) + 500),
            format!("zaak {year}.{:05}", number % 100_000),
            format!("{year}.{:05}", number % 100_000),
            format!("{begins}{id}"),
            format!("{begins}{}", id.simple()),
        ] {
            prop_assert_eq!(verdict(&text), None, "{}", text);
        }
    }

    #[test]
    fn in_a_code_letters_do_not_hide_a_citizen_service_number(
        digits in citizen_service_numbers(),
        before in prop::sample::select(vec!["", "u", "U", "u-", "org", "case-", "client_", "NL", "a.b."]),
    ) {
        let code = format!("{before}{}", written(&digits, '0', "", &[9]));
        prop_assert!(citizen_service_number_in_code(&code).is_some(), "{}", code);
    }
}
