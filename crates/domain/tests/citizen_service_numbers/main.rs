//! The accuracy of the search for citizen service numbers, on generated texts: at least 95 % of the
//! written numbers are found, and at most 1 % of honest texts are refused.

mod draw;

use draw::Draw;
use omklap_domain::text::{Verdict, citizen_service_number};

/// How many texts are generated from each line.
const TIMES: usize = 40;

/// The texts that are generated from these lines.
fn drawn(lines: &str, seed: u64) -> Vec<String> {
    let mut draw = Draw::from(seed);
    let lines: Vec<_> = lines.lines().filter(|line| !line.starts_with('#')).collect();
    (0..TIMES).flat_map(|_| lines.iter().map(|line| draw.fill(line)).collect::<Vec<_>>()).collect()
}

/// Prints the share of these texts for which `is_so` holds, and some examples that are wrong.
#[expect(clippy::disallowed_macros, reason = "a test prints what it measured")]
fn measured<'t>(what: &str, texts: &'t [String], is_so: impl Fn(&str) -> bool, wrong: bool) -> f64 {
    let (yes, no): (Vec<&'t String>, Vec<&'t String>) = texts.iter().partition(|text| is_so(text));
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let rate = yes.len() as f64 / texts.len() as f64;
    println!("{what}: {} of {} texts, {:.2} %", yes.len(), texts.len(), rate * 100.0);
    for text in if wrong { yes } else { no }.iter().take(40) {
        println!("    {text}");
    }
    rate
}

#[test]
fn at_most_one_honest_text_in_a_hundred_is_stopped() {
    let honest = drawn(include_str!("honest.txt"), 5);
    assert!(honest.len() > 4_000, "{} texts", honest.len());
    let stopped = measured(
        "honest texts that are stopped",
        &honest,
        |text| citizen_service_number(text).is_some(),
        true,
    );
    assert!(stopped <= 0.01, "{stopped}");
}

#[test]
fn at_most_one_honest_text_in_a_thousand_is_certain() {
    let is_certain =
        |text: &str| citizen_service_number(text).is_some_and(|finding| finding.verdict == Verdict::Certain);
    let certain = measured(
        "honest texts that are called certain",
        &drawn(include_str!("honest.txt"), 6),
        is_certain,
        true,
    );
    assert!(certain <= 0.001, "{certain}");
}

#[test]
fn at_least_ninety_five_of_a_hundred_written_numbers_are_found() {
    let written = drawn(include_str!("written.txt"), 7);
    assert!(written.len() > 3_000, "{} texts", written.len());
    let found = measured(
        "written numbers that are found",
        &written,
        |text| citizen_service_number(text).is_some(),
        false,
    );
    assert!(found >= 0.95, "{found}");
}

#[test]
fn at_least_ninety_nine_of_a_hundred_named_numbers_are_certain() {
    let is_named = |line: &&str| {
        let words = line.to_lowercase().replace("{bsn}", "");
        let has_number = ["{bsn}", "{marked}", "{alike}"].iter().any(|number| line.contains(number));
        has_number && ["bsn", "sofi", "burger"].iter().any(|name| words.contains(name))
    };
    let lines: Vec<_> = include_str!("written.txt").lines().filter(is_named).collect();
    let is_certain =
        |text: &str| citizen_service_number(text).is_some_and(|finding| finding.verdict == Verdict::Certain);
    let rate = measured("named numbers that are certain", &drawn(&lines.join("\n"), 8), is_certain, false);
    assert!(rate >= 0.99, "{rate}");
}
