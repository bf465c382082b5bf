//! The words of these tests.

use std::collections::BTreeSet;
use std::str::FromStr;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{BrokenRule, ComplexFact, History, NotTheirs, Stream, StreamFact};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::{Entry, Misnaming, Register};
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
    broken(history, fact).iter().map(BrokenRule::code).collect()
}

/// The rules that one more fact breaks.
pub fn broken<S: Stream>(history: &History<S>, fact: &Value) -> Vec<BrokenRule> {
    let fact = read::<S>(fact);
    let id = history.recorded().first().and_then(StreamFact::stream).or_else(|| fact.stream());
    let checked = history.check(id.unwrap_or_default(), &fact, code(TODAY));
    checked.err().unwrap_or_default()
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

/// Why a viewer may not report a fact, by the agreements that come with omklap.
pub fn may_report<S: Stream>(state: &S, viewer: &Viewer, fact: &S::Fact) -> Result<(), NotTheirs> {
    state.may_report(viewer, fact, &AgreementSets::shipped())
}

/// Stadswonen and Gemeente Venlo work in every region of these tests, Wonen Elders in none of them; the
/// Rekenkamer is an auditor.
pub fn register() -> Register {
    let entry = |(name, kind, regions): (&str, _, &[&str])| {
        let regions = regions.iter().map(|region| code(region)).collect();
        (code(name), Entry { kind, regions, former: false })
    };
    let here: &[&str] = &["amsterdam", "noord-limburg", "rivierenland"];
    [
        ("stadswonen", OrganisationKind::HousingCorporation, here),
        ("de-vaart", OrganisationKind::CareProvider, here),
        ("gemeente-venlo", OrganisationKind::Municipality, here),
        ("rekenkamer", OrganisationKind::Auditor, here),
        ("wonen-elders", OrganisationKind::HousingCorporation, &["groningen"]),
    ]
    .into_iter()
    .map(entry)
    .collect()
}

/// What this fact names wrongly in a stream in this state, by its place.
pub fn misnamed<S: Stream>(state: &S, fact: &Value) -> Vec<(String, Misnaming)> {
    let wrong = register().misnamed_in_stream(state, &[read::<S>(fact)], &AgreementSets::shipped());
    wrong.into_iter().map(|wrong| (wrong.field, wrong.fault)).collect()
}

pub fn code<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("well written")
}
