//! Files that the code writes: compared, or written anew.

use std::fs;
use std::path::Path;

/// Fails where a file is not what the code says; with `OMKLAP_BLESS` set, writes it.
#[expect(clippy::disallowed_methods, reason = "a test is told how to run by its surroundings")]
pub fn compare(file: &Path, text: &str) {
    if std::env::var("OMKLAP_BLESS").is_ok() {
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
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
