//! A fact in a response: whole, or the part that the caller may see.

use omklap_domain::trajectory::{Fact, FactType};
use omklap_domain::visibility::Shown;
use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::erased_texts;

/// A fact as far as a caller sees it: whole, or in a field of its own what is left of it. So the
/// type of a whole fact promises every field that is required.
#[derive(Debug)]
pub(in crate::http) struct ShownFact {
    /// The fact, if nothing of it is withheld or erased.
    pub whole: Option<Value>,
    /// Otherwise, what is left of it.
    pub in_part: Option<Value>,
    /// The withheld fields, as JSON pointers.
    pub withheld: Vec<String>,
    /// The places of erased texts, as JSON pointers.
    pub erased: Vec<String>,
}

impl ShownFact {
    /// What is shown of a fact. Its texts are decrypted.
    pub fn of(fact: &Fact, shown: &Shown) -> Self {
        let mut json = serde_json::to_value(fact).expect("a fact can be written as JSON");
        let withheld = if let Shown::InPart { withheld } = shown { withheld.clone() } else { Vec::new() };
        shown.strip(&mut json);
        let erased = erased_texts::take_out(&mut json);
        let is_whole = withheld.is_empty() && erased.is_empty();
        let (whole, in_part) = if is_whole { (Some(json), None) } else { (None, Some(json)) };
        Self { whole, in_part, withheld, erased }
    }
}

/// The schema of a fact with withheld fields or erased texts.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct FactInPart;

impl PartialSchema for FactInPart {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some(
                "A fact with withheld fields or erased texts: its kind and the remaining fields, each as in the \
                 whole fact. Fields that a whole fact always has may be absent.",
            ))
            .property("type", Ref::from_schema_name(FactType::name()))
            .required("type")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for FactInPart {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FactType::name().into_owned(), FactType::schema()));
    }
}

#[cfg(test)]
mod tests {
    use omklap_domain::day::Day;
    use omklap_domain::trajectory::fact::OutflowAnnounced;

    use super::*;

    fn announced() -> Fact {
        let day = |month| Day::new(2026, month, 1).expect("a day");
        OutflowAnnounced { occurred_on: day(4), expected_on: day(10) }.into()
    }

    #[test]
    fn a_fact_is_whole_or_in_part_and_never_both() {
        let whole = ShownFact::of(&announced(), &Shown::Whole);
        assert!(whole.in_part.is_none() && whole.withheld.is_empty());
        assert_eq!(whole.whole.expect("a fact")["expectedOn"], "2026-10-01");
        let withheld = vec!["/expectedOn".to_owned()];
        let part = ShownFact::of(&announced(), &Shown::InPart { withheld: withheld.clone() });
        assert!(part.whole.is_none());
        assert_eq!(part.withheld, withheld);
        let left = part.in_part.expect("a part");
        assert_eq!((&left["type"], left.get("expectedOn")), (&"outflow-announced".into(), None));
    }
}
