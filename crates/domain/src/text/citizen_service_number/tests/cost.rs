//! The cost of a search, in letters read.

use super::super::{Kind, find};

/// Texts that make a search read as much as possible.
fn nasty(length: usize) -> Vec<(&'static str, String)> {
    [
        ("telephone numbers", "+31 111222333"),
        ("numbers in one row", "111222333 "),
        ("digits", "1"),
        ("single digits", "1 "),
        ("digits with three blanks", "1   "),
        ("groups of three", "111 222 333 "),
        ("names", "bsn "),
        ("names and numbers", "bsn 111222333,"),
        ("labels", "zaaknummer 111222333, "),
        ("connecting words", "en of 111222333 "),
        ("capitals", "ABCDE-111222333"),
        ("almost UUIDs", "aaaaaaaa-"),
        ("UUIDs", "0199a3b4-c5d6-7f01-a234-56789abcdef0 "),
        ("separators", " - . "),
        ("letters", "a"),
        ("other scripts", "١١١٢٢٢٣٣٣ "),
        ("invisible letters", "1\u{200B}"),
        ("country codes", "+31 (0) "),
        ("eights", "11122233 "),
        ("sums", "111+222+333+"),
        ("runs of one mark", "1++++++++"),
        ("letters that look like digits", "O1l"),
        ("names and letters that look like digits", "bsn O11222334 "),
        ("letters only", "Oo"),
        ("single digits after a negated name", "geen BSN, zie 1 1 2 1 1 2 1 1 2 "),
        ("other numbers after a name", "BSN of RSIN 111222334, "),
        ("amounts", "€111222333 "),
        ("circled digits", "①②③"),
        ("long numbers after a name", "bsn 00111222334 "),
    ]
    .map(|(name, part)| (name, part.chars().cycle().take(length).collect()))
    .into()
}

/// Texts with many short numbers, each of which begins another number of nine digits.
const SHORT_NUMBERS: [&str; 12] = [
    "1(2)",
    "1:2;3,4.",
    "1/2-",
    "1,2;",
    "1 1 2 ",
    "1 ",
    "1   ",
    "12 34-",
    "111 222 333 ",
    "111-222-333 ",
    "1",
    "111222333 ",
];

/// The letters that a search for the numbers in this text reads.
fn steps(text: &str) -> usize {
    let mut steps = 0;
    let _ = find(text, Kind::Prose, &mut steps);
    steps
}

#[test]
fn digits_cost_at_most_three_times_as_much_as_letters() {
    let length = 64 << 10;
    let a_byte = |part: &str| {
        // A text without digits is not searched at all, so this one has some.
        let text: String = "00000000 ".chars().chain(part.chars().cycle()).take(length).collect();
        steps(&text) * 1_000 / length
    };
    let letters = a_byte("a");
    for part in SHORT_NUMBERS {
        let digits = a_byte(part);
        assert!(
            digits <= letters * 3,
            "{part:?}: {digits} thousandths of a step a byte, {letters} for letters"
        );
    }
}

#[test]
fn the_cost_of_a_search_is_linear_in_the_text() {
    let cost = |text: &str| {
        let mut steps = 0;
        let _ = find(text, Kind::Prose, &mut steps);
        // Again without the first finding: a text without one is searched to its end.
        let _ = find(&text.replace("333", "334"), Kind::Prose, &mut steps);
        steps
    };
    // In thousandths of a step.
    let a_byte = |length: usize| {
        nasty(length).into_iter().map(move |(name, text)| (name, cost(&text) * 1_000 / text.len()))
    };
    for ((name, small), (_, large)) in a_byte(8 << 10).zip(a_byte(512 << 10)) {
        assert!(
            large <= small * 3,
            "{name}: {small} thousandths of a step a byte of 8 KB, {large} of 512 KB"
        );
        assert!(large < 30_000, "{name}: {large} thousandths of a step a byte");
    }
}
