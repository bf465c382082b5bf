//! Facts as they are on the wire.

use std::path::Path;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// One valid fact of every kind, without its date. `"day"` is the day on which the fact happens,
/// `"day+14"` is two weeks later.
static FACTS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../facts.json")).expect("facts.json is an object of facts")
});

/// A sample fact that a test can change before it is reported. The case sets the day on which it
/// happened.
#[derive(Clone, Debug)]
pub struct SampleFact {
    fact: Map<String, Value>,
}

/// The sample of this kind in `facts.json`.
#[must_use]
pub fn sample_fact(kind: &str) -> SampleFact {
    let sample = FACTS.get(kind).and_then(Value::as_object);
    let mut fact = sample.unwrap_or_else(|| panic!("facts.json has no {kind}")).clone();
    fact.insert("type".into(), kind.into());
    SampleFact { fact }
}

/// The fact of a timeline entry or a step, whole or in part; null if all of it is withheld.
#[must_use]
pub fn shown_fact(entry: &Value) -> &Value {
    entry.get("fact").or_else(|| entry.get("factInPart")).unwrap_or(&Value::Null)
}

/// Every kind of fact.
pub fn kinds() -> impl Iterator<Item = &'static str> + Clone {
    FACTS.keys().map(String::as_str)
}

impl From<&str> for SampleFact {
    fn from(kind: &str) -> Self {
        sample_fact(kind)
    }
}

impl SampleFact {
    /// Sets a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fact.insert(field.into(), value.into());
        self
    }

    /// Removes a field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.fact.remove(field);
        self
    }

    /// Sets the day on which it happened, which the case then does not change.
    #[must_use]
    pub fn on(self, day: &str) -> Self {
        self.with("occurredOn", day)
    }

    /// Replaces every relative day, such as `"day+14"`, by this one.
    #[must_use]
    pub fn dated(self, day: &str) -> Self {
        let mut fact = Value::Object(self.fact);
        replace_days(&mut fact, &|_| day.to_owned());
        let Value::Object(fact) = fact else { unreachable!("it was one") };
        Self { fact }
    }

    /// The fact as JSON, if it happened on this day.
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

/// Replaces relative days such as `"day+14"` by dates.
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

/// The case that the demo's client who was registered twice has already.
const OTHER_CASE: &str = ",\"sameAs\":\"01900000-0000-7000-8000-000000000041\"";

/// The histories in `demo/` with the names of their files, one fact per line.
#[must_use]
pub fn demo_histories() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo");
    let files =
        std::fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("readable").path());
    let mut histories: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("readable")))
        // A ledger of a test has no other case to name.
        .map(|(name, history)| (name, history.replace(OTHER_CASE, "")))
        .collect();
    histories.sort();
    histories
}
