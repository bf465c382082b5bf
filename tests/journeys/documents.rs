//! The tests that the documents name exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use omklap_tests::files;

const SECURITY: &str = include_str!("../../docs/SECURITY.md");
const SEEDS: &str = include_str!("../../docs/SEEDS.md");

#[test]
fn every_test_that_the_page_about_security_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = ["crates", "tests"].map(|folder| files(&root.join(folder)));
    let sources =
        sources.into_iter().flatten().filter(|file| file.extension().is_some_and(|end| end == "rs"));
    let tests: BTreeSet<_> = sources
        .flat_map(|file| {
            let source = fs::read_to_string(file).expect("readable");
            let names = source.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let named: Vec<_> =
        SECURITY.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() >= 4).collect();
    assert!(named.len() > 100, "{}", named.len());
    let missing: Vec<_> = named.into_iter().filter(|name| !tests.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The page names tests that macros make as well, by their module and name or by their sentence.
#[test]
fn every_test_that_the_page_about_the_source_texts_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = ["crates", "tests"].map(|folder| files(&root.join(folder)));
    let rust = |file: &std::path::PathBuf| file.extension().is_some_and(|end| end == "rs");
    let sources = sources.into_iter().flatten().filter(rust);
    let text: String = sources.map(|file| fs::read_to_string(file).expect("readable")).collect();
    let known: BTreeSet<_> = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let rows = SEEDS.lines().filter(|line| line.starts_with("| S"));
    let shown_by = rows.filter_map(|row| row.split(" | ").nth(4));
    let named: Vec<_> = shown_by.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(named.len() > 100, "{}", named.len());
    let exists = |name: &&str| name.split("::").all(|part| known.contains(part));
    let missing: Vec<_> = named.into_iter().filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
