//! What the verifier reads: case files, certificates, receipts, checkpoints and proofs. It says what is wrong,
//! whatever the file is, and finds nothing right but the file that the ledger sealed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use omklap_verifier::{PublicKey, certified, compared, kept, only_grew, verify};

/// A case file and the key of the ledger that sealed it; the other half of the key was never kept.
const SEALED: &[u8] = include_bytes!("../../seeds/case_file/case.json");
static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
    let key = include_str!("../../seeds/case_file.key").trim();
    vec![key.parse().expect("a public key")]
});

fuzz_target!(|data: &[u8]| {
    assert_eq!(verify(data, &KEYS).is_ok(), data == SEALED);
    assert!(certified(data, &KEYS).is_err());
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (first, second) = text.split_once('\u{c}').unwrap_or((text, text));
    assert!(only_grew(first, second, &KEYS).is_err());
    assert!(compared(first.as_bytes(), second, None, &KEYS).is_err());
    assert!(kept(first, second.as_bytes(), &KEYS).is_err());
});
