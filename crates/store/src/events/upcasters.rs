//! Older versions of an event are upcast to the present one when they are read. What is stored is
//! never rewritten.
//!
//! One list serves our own reading and the stock repository of cqrs-es.

use cqrs_es::persist::{EventUpcaster, SemanticVersionEventUpcaster, SerializedEvent};
use serde_json::Value;

/// Every upcaster, in the order in which they apply.
#[must_use]
pub fn all() -> Vec<Box<dyn EventUpcaster>> {
    vec![
        Box::new(SemanticVersionEventUpcaster::new("outflow-announced", "1.1", Box::new(expected_on))),
        Box::new(SemanticVersionEventUpcaster::new("processing-restricted", "1.1", Box::new(asked_by))),
        Box::new(SemanticVersionEventUpcaster::new("warning-issued", "1.1", Box::new(ground))),
        Box::new(SemanticVersionEventUpcaster::new("lease-termination-started", "1.1", Box::new(ground))),
    ]
}

/// 1.0 gave the month in which the client would move (`expectedMonth`, "2026-05"); 1.1 gives the
/// day (`expectedOn`): the first of the month.
fn expected_on(mut payload: Value) -> Value {
    if let Some(fact) = payload.as_object_mut()
        && let Some(Value::String(month)) = fact.remove("expectedMonth")
    {
        fact.insert("expectedOn".to_owned(), format!("{month}-01").into());
    }
    payload
}

/// 1.0 did not say who asked for a restriction (`askedBy`): it was always the client (AVG art. 18).
fn asked_by(mut payload: Value) -> Value {
    if let Some(fact) = payload.as_object_mut() {
        fact.entry("askedBy").or_insert_with(|| "client".into());
    }
    payload
}

/// 1.0 had no `ground`: a warning or notice was about its nuisance case, and otherwise about the
/// lease, for a reason that it did not say.
fn ground(mut payload: Value) -> Value {
    if let Some(fact) = payload.as_object_mut() {
        let ground = if fact.contains_key("caseId") { "nuisance" } else { "other" };
        fact.entry("ground").or_insert_with(|| ground.into());
    }
    payload
}

/// The upcasters, as our own reading applies them.
pub(crate) struct Upcasters(Vec<Box<dyn EventUpcaster>>);

impl Upcasters {
    pub(crate) fn new() -> Self {
        Self(all())
    }

    /// Whether an event needs upcasting: few do, and the others are decoded directly.
    pub(crate) fn fit(&self, event_type: &str, version: &str) -> bool {
        self.0.iter().any(|upcaster| upcaster.can_upcast(event_type, version))
    }

    pub(crate) fn lift(&self, event_type: &str, version: &str, payload: Value) -> Value {
        let mut event = SerializedEvent {
            event_type: event_type.to_owned(),
            event_version: version.to_owned(),
            payload,
            aggregate_id: String::new(),
            sequence: 0,
            aggregate_type: String::new(),
            metadata: Value::Null,
        };
        for upcaster in &self.0 {
            if upcaster.can_upcast(&event.event_type, &event.event_version) {
                event = upcaster.upcast(event);
            }
        }
        event.payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_announced_month_becomes_its_first_day() {
        let stored =
            json!({"type": "outflow-announced", "occurredOn": "2025-11-03", "expectedMonth": "2026-05"});
        let lifted = Upcasters::new().lift("outflow-announced", "1.0", stored);
        let expected =
            json!({"type": "outflow-announced", "occurredOn": "2025-11-03", "expectedOn": "2026-05-01"});
        assert_eq!(lifted, expected);
    }

    #[test]
    fn a_restriction_of_which_nobody_said_who_asked_for_it_was_asked_for_by_the_client() {
        let stored = json!({"type": "processing-restricted", "occurredOn": "2026-03-02", "ground": "objection-pending"});
        let lifted = Upcasters::new().lift("processing-restricted", "1.0", stored);
        assert_eq!(lifted["askedBy"], "client");
    }

    #[test]
    fn a_warning_in_a_case_was_about_nuisance_and_any_other_about_something_else() {
        for kind in ["warning-issued", "lease-termination-started"] {
            let lifted = |stored: Value| Upcasters::new().lift(kind, "1.0", stored)["ground"].clone();
            assert_eq!(lifted(json!({"type": kind, "caseId": "ca5e0001"})), "nuisance");
            assert_eq!(lifted(json!({"type": kind})), "other");
        }
    }

    #[test]
    fn a_present_version_is_left_alone() {
        assert!(!Upcasters::new().fit("outflow-announced", "1.1"));
        assert!(!Upcasters::new().fit("rent-missed", "1.0"));
    }
}
