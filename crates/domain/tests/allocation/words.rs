//! The words of these tests.

use std::collections::BTreeSet;
use std::str::FromStr;

use omklap_domain::allocation::{BrokenRule, ComplexFact, History, Stream, StreamFact};
use omklap_domain::visibility::{Role, Viewer};
use serde_json::{Value, json};

pub const TODAY: &str = "2026-03-02";

/// A complex of Stadswonen in Venlo.
pub fn described() -> Value {
    json!({
        "type": "complex-described", "occurredOn": "2026-02-02", "complex": "C-118", "corporation": "stadswonen",
        "region": "noord-limburg", "municipality": "0983", "neighbourhood": "BU09830101", "homes": 24
    })
}

/// A correction of the fact with this number.
pub fn corrected(number: u64, replacement: Option<Value>) -> Value {
    let mut fact = json!({"type": "event-corrected", "occurredOn": "2026-03-01", "corrects": number});
    if let Some(replacement) = replacement {
        fact["replacement"] = replacement;
    }
    fact
}

/// The same fact with another value of a field.
pub fn with(mut fact: Value, field: &str, value: impl Into<Value>) -> Value {
    fact[field] = value.into();
    fact
}

/// A history of these facts, each of which is admitted.
pub fn history<S: Stream>(facts: impl IntoIterator<Item = Value>) -> History<S> {
    let mut history = History::default();
    for fact in facts {
        assert_eq!(refused(&history, &fact), [""; 0], "{fact}");
        history.record(read::<S>(&fact));
    }
    history
}

/// The codes of the rules that one more fact breaks.
pub fn refused<S: Stream>(history: &History<S>, fact: &Value) -> Vec<&'static str> {
    let fact = read::<S>(fact);
    let id = history.recorded().first().and_then(StreamFact::stream).or_else(|| fact.stream());
    let checked = history.check(id.unwrap_or_default(), &fact, code(TODAY));
    checked.err().unwrap_or_default().into_iter().map(BrokenRule::code).collect()
}

/// The fact of a stream that this is on the wire.
pub fn read<S: Stream>(fact: &Value) -> S::Fact {
    serde_json::from_value(fact.clone()).expect("a fact")
}

/// The fact of a complex that this is on the wire.
pub fn of_complex(fact: &Value) -> ComplexFact {
    serde_json::from_value(fact.clone()).expect("a fact")
}

/// A viewer of this organisation in Noord-Limburg.
pub fn viewer(role: Role, organisation: &str) -> Viewer {
    let regions = BTreeSet::from([code("noord-limburg")]);
    Viewer { role, organisation: code(organisation), regions, trajectory: None }
}

pub fn code<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("well written")
}
