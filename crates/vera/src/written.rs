//! Writing a message strictly: only fields of the domain forms, each in the form that its schema names,
//! and nothing that is empty.

use std::fmt::Display;

use omklap_domain::day::Day;
use omklap_domain::trajectory::fact::Cents;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::codes::{Code, CodeList};

/// A message that omklap writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Written(Map<String, Value>);

impl Written {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Option<Value>>) -> Self {
        if let Some(value) = value.into() {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    pub(crate) fn text(self, name: &str, text: &dyn Display) -> Self {
        self.with(name, Value::from(text.to_string()))
    }

    /// A reference by id: VERA `…-sleutels`.
    pub(crate) fn named(self, name: &str, id: &dyn Display) -> Self {
        self.with(name, json!({ "id": id.to_string() }))
    }

    pub(crate) fn code(self, name: &str, list: CodeList, code: &str) -> Self {
        self.with(name, reference(list, code))
    }

    /// A field of `format: date`.
    pub(crate) fn date(self, name: &str, day: Day) -> Self {
        self.text(name, &day)
    }

    /// A field of `format: date-time` that holds a day. Midnight in UTC is the same day in the
    /// Netherlands, where it is one or two o'clock.
    pub(crate) fn day_as_instant(self, name: &str, day: Day) -> Self {
        self.text(name, &format!("{day}T00:00:00Z"))
    }

    /// An amount in euros.
    pub(crate) fn euros(self, name: &str, cents: Cents) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "at most a million euro")]
        let euros = i64::from(cents) as f64 / 100.0;
        self.with(name, json!(euros))
    }

    /// A field, as it was written.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The message as JSON.
    #[must_use]
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// A code with its name and its list: VERA `Referentiedata`.
pub(crate) fn reference(list: CodeList, code: &str) -> Value {
    let Code { code, name, .. } = Code::written(list, code);
    json!({ "code": code, "naam": name, "soort": { "code": list.as_str() } })
}
