//! What the documents name exists: tests, and each heading in both languages.

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

/// Each Dutch heading names its English twin in a comment: `## Twee opdrachten <!-- Two commands -->`.
const IN_TWO_LANGUAGES: [(&str, &str); 2] = [
    (include_str!("../../README.md"), include_str!("../../README.nl.md")),
    (include_str!("../../docs/CONNECTING.md"), include_str!("../../docs/nl/AANSLUITEN.md")),
];

#[test]
fn every_heading_has_its_twin_in_the_other_language_in_the_same_order() {
    for (english, dutch) in IN_TWO_LANGUAGES {
        let without = without_twin(english, dutch);
        assert!(without.is_empty(), "headings without a twin: {without:#?}");
        let english: Vec<_> = headings(english).map(str::to_owned).collect();
        assert_eq!(headings(dutch).map(twin).collect::<Vec<_>>(), english, "the same order");
    }
}

#[test]
fn a_heading_without_its_twin_is_named() {
    let (english, dutch) =
        ("# A\n\n## B\n\n## New\n", "# a <!-- A -->\n\n## b <!-- B -->\n\n## Nieuw\n\n## c <!-- C -->\n");
    assert_eq!(without_twin(english, dutch), ["## New", "## Nieuw", "## c <!-- C -->"]);
    let fenced = "# A\n\n```console\n# no heading\n```\n";
    assert_eq!(without_twin(fenced, "# a <!-- A -->\n"), Vec::<&str>::new());
}

#[test]
fn both_readmes_show_the_same_commands_and_answers() {
    let [(english, dutch), _] = IN_TWO_LANGUAGES;
    let blocks = |page: &'static str| page.split("```").skip(1).step_by(2).collect::<Vec<_>>();
    assert_eq!(blocks(dutch), blocks(english));
}

/// The headings of both pages that have no twin in the other.
fn without_twin<'a>(english: &'a str, dutch: &'a str) -> Vec<&'a str> {
    let twins: BTreeSet<_> = headings(dutch).map(twin).collect();
    let known: BTreeSet<_> = headings(english).map(str::to_owned).collect();
    let in_english = headings(english).filter(|heading| !twins.contains(*heading));
    let in_dutch = headings(dutch).filter(|heading| !known.contains(&twin(heading)));
    in_english.chain(in_dutch).collect()
}

/// The headings of a page, without what is in its code blocks.
fn headings(page: &str) -> impl Iterator<Item = &str> {
    let outside = page.split("```").step_by(2).flat_map(str::lines);
    outside.filter(|line| line.trim_start_matches('#').starts_with(' ') && line.starts_with('#'))
}

/// The English heading that a Dutch one names.
fn twin(heading: &str) -> String {
    let level = heading.split(' ').next().unwrap_or_default();
    let named = heading.split_once("<!-- ").and_then(|(_, rest)| rest.split_once(" -->"));
    named.map_or_else(|| heading.to_owned(), |(named, _)| format!("{level} {named}"))
}
