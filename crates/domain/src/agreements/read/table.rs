//! A table of a TOML file that keeps the place of every value, so that all faults can be reported
//! at once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::agreements::both_languages::BothLanguages;
use crate::text::is_visible;

/// Something that is wrong in a set file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetFault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

/// The faults found so far. Reading continues after each, so that the author of a set sees all of
/// them.
pub(super) struct Faults<'t> {
    text: &'t str,
    found: RefCell<Vec<SetFault>>,
}

impl<'t> Faults<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, found: RefCell::default() }
    }

    pub(super) fn at(&self, place: &Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.found.borrow_mut().push(SetFault {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
        });
    }

    /// The number of faults so far.
    pub(super) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// Each fault once, in the order of the file. Faults at one place are in the order in which
    /// they were found.
    pub(super) fn into_list(self) -> Vec<SetFault> {
        let mut found = self.found.into_inner();
        let mut seen = BTreeSet::new();
        found.retain(|fault| seen.insert(fault.clone()));
        found.sort_by_key(|fault| (fault.line, fault.column));
        found
    }
}

/// A value with its place.
pub(super) type Value<'t> = &'t Spanned<DeValue<'t>>;

/// One table, with the keys that were read from it.
pub(super) struct Table<'t> {
    pub(super) place: Range<usize>,
    entries: &'t DeTable<'t>,
    faults: &'t Faults<'t>,
    read: RefCell<BTreeSet<&'static str>>,
}

impl<'t> Table<'t> {
    pub(super) fn new(entries: &'t DeTable<'t>, place: Range<usize>, faults: &'t Faults<'t>) -> Self {
        Self { place, entries, faults, read: RefCell::default() }
    }

    /// This value as a table. Reports a fault if it is not one.
    pub(super) fn of(value: Value<'t>, faults: &'t Faults<'t>) -> Option<Self> {
        if let DeValue::Table(entries) = value.get_ref() {
            return Some(Self::new(entries, value.span(), faults));
        }
        faults.at(&value.span(), format!("a table is expected here, not {}", value.get_ref().type_str()));
        None
    }

    pub(super) fn faults(&self) -> &'t Faults<'t> {
        self.faults
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &'static str) -> Option<Value<'t>> {
        self.read.borrow_mut().insert(key);
        self.entries.get(key)
    }

    /// The place of the value of a key, or of the table if the key is absent.
    pub(super) fn place_of(&self, key: &'static str) -> Range<usize> {
        self.entries.get(key).map_or_else(|| self.place.clone(), Spanned::span)
    }

    pub(super) fn optional<T: DeserializeOwned>(&self, key: &'static str) -> Option<T> {
        self.value(key).and_then(|value| leaf(value, self.faults))
    }

    pub(super) fn required<T: DeserializeOwned>(&self, key: &'static str) -> Option<T> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.optional(key)
    }

    /// The items of a list, each wrong one with a fault at its own place. `None` if one is wrong or
    /// the key is absent.
    pub(super) fn each<T: DeserializeOwned>(&self, key: &'static str) -> Option<Vec<T>> {
        self.value(key).and_then(|value| each(value, self.faults))
    }

    pub(super) fn required_each<T: DeserializeOwned>(&self, key: &'static str) -> Option<Vec<T>> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.each(key)
    }

    pub(super) fn table(&self, key: &'static str) -> Option<Self> {
        let value = self.value(key);
        if value.is_none() {
            self.missing(key);
        }
        value.and_then(|value| Self::of(value, self.faults))
    }

    /// The values of a list. Empty if the key is absent.
    pub(super) fn list(&self, key: &'static str) -> Vec<Value<'t>> {
        self.value(key).map_or_else(Vec::new, |value| items(value, self.faults))
    }

    /// Whether the value of a key is an empty list.
    pub(super) fn list_is_empty(&self, key: &'static str) -> bool {
        self.value(key).is_some_and(|value| value.get_ref().as_array().is_some_and(|items| items.is_empty()))
    }

    /// The tables of a list of tables.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Self> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.list(key).into_iter().filter_map(|value| Self::of(value, self.faults)).collect()
    }

    /// Every key with its value, for tables with free keys.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, Value<'t>)> {
        self.entries.iter().map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    pub(super) fn missing(&self, key: &str) {
        self.faults.at(&self.place, format!("`{key}` is missing"));
    }

    /// Reports the keys that were not read.
    pub(super) fn done(self) {
        let read = self.read.borrow();
        for (key, _) in self.entries.iter().filter(|(key, _)| !read.contains(key.get_ref().as_ref())) {
            let known = read.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            self.faults
                .at(&key.span(), format!("unknown key `{}`; the known keys are {known}", key.get_ref()));
        }
    }
}

/// The items of a list. Reports a fault if it is not one.
pub(super) fn items<'t>(value: Value<'t>, faults: &Faults<'t>) -> Vec<Value<'t>> {
    if let DeValue::Array(items) = value.get_ref() {
        return items.iter().collect();
    }
    faults.at(&value.span(), format!("a list is expected here, not {}", value.get_ref().type_str()));
    Vec::new()
}

/// The items of a list, read one by one so that each wrong one is reported. `None` if one is wrong.
pub(super) fn each<T: DeserializeOwned>(value: Value<'_>, faults: &Faults<'_>) -> Option<Vec<T>> {
    let is_list = value.get_ref().as_array().is_some();
    let read: Vec<Option<T>> = items(value, faults).into_iter().map(|item| leaf(item, faults)).collect();
    read.into_iter().collect::<Option<_>>().filter(|_| is_list)
}

/// A value without nested values that need a place of their own.
pub(super) fn leaf<T: DeserializeOwned>(value: Value<'_>, faults: &Faults<'_>) -> Option<T> {
    T::deserialize(ValueDeserializer::from(value.clone()))
        .map_err(|error| faults.at(&error.span().unwrap_or_else(|| value.span()), error.message()))
        .ok()
}

/// Reports a fault if a list has a duplicate.
pub(super) fn named_once<T: PartialEq>(table: &Table<'_>, key: &'static str, names: Option<&[T]>) {
    let names = names.unwrap_or_default();
    if (1..names.len()).any(|at| names[..at].contains(&names[at])) {
        table.faults().at(&table.place_of(key), format!("there is a duplicate in `{key}`"));
    }
}

/// A text in Dutch and in English, at a key.
pub(super) fn both_languages(table: &Table<'_>, key: &'static str) -> Option<BothLanguages> {
    let text = table.table(key)?;
    let (nl, en): (Option<String>, Option<String>) = (text.required("nl"), text.required("en"));
    for (key, said) in [("nl", &nl), ("en", &en)] {
        if said.as_ref().is_some_and(|said| !is_visible(said)) {
            text.faults().at(&text.place_of(key), "this text is empty");
        }
    }
    text.done();
    Some(BothLanguages { nl: nl?, en: en? })
}
