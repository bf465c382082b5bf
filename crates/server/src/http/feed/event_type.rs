//! The kinds of events as a published schema: those of facts, and the others.

use omklap_domain::trajectory::FactType;
use serde::Serialize;
use utoipa::openapi::schema::{Array, ArrayBuilder, OneOfBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::http::feed::Kinds;

/// The kind of an event: of fact, or another.
#[derive(Clone, Copy, Debug)]
pub struct EventType;

/// The kinds of events that are not facts.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kinds are sent by their names; this is their documentation")]
enum OtherEventType {
    /// The day of an obligation is near.
    ObligationDueSoon,
    /// The day of an obligation has passed.
    ObligationOverdue,
    /// A fact that the reader does not see.
    FactWithheld,
    /// The reader lost access to the trajectory.
    TrajectoryWithdrawn,
    /// The trajectory's term has passed and it was destroyed.
    TrajectoryDestroyed,
}

impl EventType {
    /// The schema of a set of kinds.
    #[must_use]
    pub fn set() -> Array {
        ArrayBuilder::new()
            .items(Ref::from_schema_name(Self::name()))
            .unique_items(true)
            .max_items(Some(Kinds::known().count()))
            .build()
    }
}

impl PartialSchema for EventType {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .description(Some("The kind of an event: a kind of fact, or another."))
            .item(Ref::from_schema_name(FactType::name()))
            .item(Ref::from_schema_name(OtherEventType::name()))
            .into()
    }
}

impl ToSchema for EventType {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FactType::name().into_owned(), FactType::schema()));
        schemas.push((OtherEventType::name().into_owned(), OtherEventType::schema()));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_published_kinds_of_events_are_those_that_the_feed_has() {
        let codes = |schema| -> BTreeSet<String> {
            let schema = serde_json::to_value(schema).expect("JSON");
            let codes = schema["enum"].as_array().expect("a closed list").iter();
            codes.filter_map(|code| code.as_str().map(str::to_owned)).collect()
        };
        let published = &codes(FactType::schema()) | &codes(OtherEventType::schema());
        assert_eq!(published, Kinds::known().map(str::to_owned).collect());
    }
}
