//! Facts that were corrupted on the way: each is recorded or refused, and none breaks anything.

use omklap_tests::{Case, Ledger, kinds};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// Bytes that a faulty program might insert anywhere.
const RUBBISH: [&[u8]; 12] = [
    b"\0",
    b"\xff",
    b"\\u0000",
    b"\\ud800",
    b"\"",
    b"{",
    b"[[",
    b"null",
    b"-",
    b"1e999",
    b"9999-12-31",
    b"\xef\xbb\xbf",
];

#[test]
fn no_mangled_fact_breaks_the_ledger() {
    let ledger = Ledger::empty();
    let case = ledger.scaled_up();
    let mut chance = StdRng::seed_from_u64(11);
    for (round, kind) in kinds().cycle().take(1_500).enumerate() {
        let body = mangled(&case, kind, &mut chance);
        let answer = case.reporting(&().into()).seen("*").body(body.clone()).answer();
        let sent = String::from_utf8_lossy(&body);
        assert!(
            [201, 400, 403, 404, 409].contains(&answer.status),
            "{round}: {sent} leads to {} {}",
            answer.status,
            answer.text
        );
        assert!(
            [201, 404].contains(&answer.status) || !answer.codes().is_empty(),
            "{round}: {sent} leads to {}",
            answer.text
        );
    }
    assert_eq!(i64::try_from(case.timeline().len()), Ok(ledger.facts()));
}

/// A fact of this kind with one to three random errors.
fn mangled(case: &Case, kind: &str, chance: &mut StdRng) -> Vec<u8> {
    let mut body = case.next(kind).to_string().into_bytes();
    for _ in 0..chance.random_range(1..=3) {
        let from = chance.random_range(0..body.len().max(1));
        let to = (from + chance.random_range(0..8)).min(body.len());
        match chance.random_range(0..4) {
            0 => drop(body.drain(from..to)),
            1 => body[from] ^= 1 << chance.random_range(0..8),
            2 => body.extend_from_within(from..to),
            _ => drop(body.splice(from..to, RUBBISH.choose(chance).expect("one of twelve").iter().copied())),
        }
    }
    body
}
