//! Pages that a journey generates: compared with the repository, or written again.

use std::fs;
use std::path::Path;

/// Asserts that a page of the repository has this text. With `OMKLAP_BLESS` set, writes the page.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "the environment decides whether to compare or to write")]
pub fn assert_page_matches(page: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    if std::env::var("OMKLAP_BLESS").is_ok() {
        return fs::write(file, text).expect("the page can be written");
    }
    let before = fs::read_to_string(file).unwrap_or_default();
    let changed = before.lines().zip(text.lines()).find(|(before, now)| before != now);
    assert!(
        before == text,
        "{page} is out of date, first at {changed:?}; if the change is right, run the journey with OMKLAP_BLESS=1"
    );
}
