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
    ]
    .map(|(name, part)| (name, part.chars().cycle().take(length).collect()))
    .into()
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
        assert!(large < 200_000, "{name}: {large} thousandths of a step a byte");
    }
}
