//! Pages that a journey writes: compared, or written anew.

use std::fs;
use std::path::Path;

/// Fails where a page of the repository is not what the journey says; with `OMKLAP_BLESS` set, writes it.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a test is told how to run by its surroundings")]
pub fn says(page: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    if std::env::var("OMKLAP_BLESS").is_ok() {
        return fs::write(file, text).expect("the page can be written");
    }
    let before = fs::read_to_string(file).unwrap_or_default();
    let changed = before.lines().zip(text.lines()).find(|(before, now)| before != now);
    assert!(
        before == text,
        "{page} is out of date, first at {changed:?}; if that is right, run the journey with OMKLAP_BLESS=1"
    );
}
