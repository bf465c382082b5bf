//! An example of every kind of fact that a partner reports: the first of its kind in the demo's
//! stories, read by the types themselves.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use omklap_demo::STORIES;
use omklap_domain::trajectory::{Fact, FactType};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::example::{Example, ExampleBuilder};

/// The first fact of each kind.
static FIRST: LazyLock<BTreeMap<FactType, Value>> = LazyLock::new(|| {
    let mut first = BTreeMap::new();
    for line in STORIES.iter().flat_map(|story| story.facts.lines()) {
        let fact: Fact = serde_json::from_str(line).expect("the stories hold facts");
        let kind = fact.fact_type();
        first.entry(kind).or_insert_with(|| serde_json::to_value(fact).expect("a fact is JSON"));
    }
    first.retain(|kind, _| !kind.is_about_the_record());
    first
});

/// The examples of these kinds, by the name of the kind's type.
pub(super) fn named(is_wanted: impl Fn(FactType) -> bool) -> BTreeMap<String, RefOr<Example>> {
    let wanted = FIRST.iter().filter(|(kind, _)| is_wanted(**kind));
    let example = |(kind, fact): (&FactType, &Value)| {
        let example = ExampleBuilder::new().summary(kind.as_str()).value(Some(fact.clone()));
        (type_name(*kind), example.build().into())
    };
    wanted.map(example).collect()
}

/// `OfferRefused` for `offer-refused`.
fn type_name(kind: FactType) -> String {
    let capital = |part: &str| {
        let (first, rest) = part.split_at(1);
        first.to_uppercase() + rest
    };
    kind.as_str().split('-').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::request::schema_check::Vocabulary;

    #[test]
    fn every_kind_of_fact_that_a_partner_reports_has_an_example_that_is_accepted() {
        let examples = named(|_| true);
        let reported = FactType::ALL.iter().filter(|kind| !kind.is_about_the_record());
        assert_eq!(reported.clone().count(), examples.len());
        for kind in reported {
            let RefOr::T(example) = &examples[&type_name(*kind)] else { panic!("{kind}") };
            let fact = example.value.as_ref().expect("a fact");
            assert_eq!(fact["type"], kind.as_str());
            assert!(Vocabulary::of_trajectories().complaints(fact, "").is_empty(), "{fact:#}");
        }
    }
}
