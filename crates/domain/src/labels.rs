//! What codes are called in Dutch and English: one table, `labels/labels.toml`, for the labels of the
//! API and for the page.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What one code is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code.
    pub code: String,
    /// In Dutch.
    pub nl: String,
    /// In English.
    pub en: String,
}

/// A label as the table has it: in Dutch, or in both languages.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Dutch(String),
    Both([String; 2]),
}

static LISTS: LazyLock<BTreeMap<String, Vec<Label>>> = LazyLock::new(|| {
    let written: BTreeMap<String, BTreeMap<String, Written>> =
        toml::from_str(include_str!("labels/labels.toml")).expect("a test reads it");
    let label = |(code, written): (String, Written)| match written {
        Written::Dutch(nl) => Label { en: spaced(&code), nl, code },
        Written::Both([nl, en]) => Label { code, nl, en },
    };
    written.into_iter().map(|(list, codes)| (list, codes.into_iter().map(label).collect())).collect()
});

/// The labels, by the name of the schema that lists the codes.
#[must_use]
pub fn lists() -> &'static BTreeMap<String, Vec<Label>> {
    &LISTS
}

/// The label of a code in the first list that has it.
#[must_use]
pub fn label_of(code: &str) -> Option<&'static Label> {
    LISTS.values().flatten().find(|label| label.code == code)
}

/// A code as words: with spaces for its dashes.
#[must_use]
pub fn spaced(code: &str) -> String {
    code.replace('-', " ")
}
