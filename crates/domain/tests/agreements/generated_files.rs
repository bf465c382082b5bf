//! Generated files: compared, or written again.

use std::fs;
use std::path::Path;

/// Fails if a file differs from what the code generates. With `OMKLAP_BLESS` set, writes the file.
#[expect(clippy::disallowed_methods, reason = "a variable decides whether a test writes its files")]
pub fn compare(file: &Path, text: &str) {
    if std::env::var("OMKLAP_BLESS").is_ok() {
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(file, text).expect("the file can be written");
        return;
    }
    let before = fs::read_to_string(file).unwrap_or_default();
    let changed = before.lines().zip(text.lines()).find(|(before, now)| before != now);
    assert!(
        before == text,
        "{} is out of date, first at {changed:?}; if that is right, run the tests with OMKLAP_BLESS=1",
        file.display()
    );
}
