//! Facts as they are on the wire.

use std::path::Path;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// One sensible fact of every kind, without its date. `"day"` is the day it happens, `"day+14"` two weeks later.
static FACTS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../facts.json")).expect("facts.json is an object of facts")
});

/// A fact that is about to be reported; the case says on which day it happened.
#[derive(Clone, Debug)]
pub struct Told {
    fact: Map<String, Value>,
}

/// The fact of this kind as the journeys usually tell it.
#[must_use]
pub fn told(kind: &str) -> Told {
    let usual = FACTS.get(kind).and_then(Value::as_object);
    let mut fact = usual.unwrap_or_else(|| panic!("facts.json tells no {kind}")).clone();
    fact.insert("type".into(), kind.into());
    Told { fact }
}

/// Every kind of fact.
pub fn kinds() -> impl Iterator<Item = &'static str> + Clone {
    FACTS.keys().map(String::as_str)
}

impl From<&str> for Told {
    fn from(kind: &str) -> Self {
        told(kind)
    }
}

impl Told {
    /// The same with another value in this field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fact.insert(field.into(), value.into());
        self
    }

    /// The same without this field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.fact.remove(field);
        self
    }

    /// The same, and it happened on this day whatever the case says.
    #[must_use]
    pub fn on(self, day: &str) -> Self {
        self.with("occurredOn", day)
    }

    /// The same with this day wherever it names another than its own.
    #[must_use]
    pub fn dated(self, day: &str) -> Self {
        let mut fact = Value::Object(self.fact);
        replace_days(&mut fact, &|_| day.to_owned());
        let Value::Object(fact) = fact else { unreachable!("it was one") };
        Self { fact }
    }

    /// As it is on the wire, where it happened on this day.
    #[must_use]
    pub fn happening(&self, on: Date) -> Value {
        let mut fact = self.clone();
        fact.fact.entry("occurredOn").or_insert_with(|| on.to_string().into());
        let day = fact.fact["occurredOn"].as_str().and_then(|day| day.parse().ok()).unwrap_or(on);
        let mut fact = Value::Object(fact.fact);
        replace_days(&mut fact, &|days| (day + days.days()).to_string());
        fact
    }
}

/// Puts dates in the places of `"day+14"`.
fn replace_days(value: &mut Value, date: &impl Fn(i64) -> String) {
    match value {
        Value::String(text) => {
            let days = text
                .strip_prefix("day")
                .and_then(|days| if days.is_empty() { Some(0) } else { days.parse().ok() });
            if let Some(days) = days {
                *text = date(days);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| replace_days(value, date)),
        Value::Object(fields) => fields.values_mut().for_each(|value| replace_days(value, date)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The told histories of `demo/` by their names, one fact a line.
#[must_use]
pub fn demo_histories() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo");
    let files =
        std::fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("readable").path());
    let mut histories: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("readable")))
        .collect();
    histories.sort();
    histories
}
