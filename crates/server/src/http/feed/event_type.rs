//! The kinds of events as a published schema: those of facts, and the others.

use std::sync::LazyLock;

use omklap_domain::allocation::{Stream, StreamFact, StreamKind, StreamVisitor};
use omklap_domain::trajectory::FactType;
use serde::Serialize;
use utoipa::openapi::schema::{AnyOfBuilder, Array, ArrayBuilder, ObjectBuilder, OneOfBuilder, Type};
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
    /// The last day to answer an offer has passed.
    OfferLapsed,
    /// A fact that the reader does not see.
    FactWithheld,
    /// The reader lost access to the trajectory.
    TrajectoryWithdrawn,
    /// The trajectory's term has passed and it was destroyed.
    TrajectoryDestroyed,
    /// The reader lost access to a stream beside the trajectory.
    StreamWithdrawn,
}

/// The kind of a fact of a stream beside the trajectory. A correction is `event-corrected`, as in a trajectory.
#[derive(Clone, Copy, Debug)]
pub struct StreamFactType;

/// What a stream beside the trajectory is.
#[derive(Clone, Copy, Debug)]
pub struct StreamKindName;

/// A fact of a stream beside the trajectory.
#[derive(Clone, Copy, Debug)]
pub struct StreamFactOfFeed;

/// The kinds of facts of streams beside the trajectory, without those that a trajectory has too.
pub fn fact_kinds_of_streams() -> impl Iterator<Item = &'static str> {
    static KINDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let kinds = StreamKind::ALL.iter().flat_map(|kind| kind.visit(FactKinds));
        kinds.filter(|kind| FactType::ALL.iter().all(|of_a_case| of_a_case.as_str() != *kind)).collect()
    });
    KINDS.iter().copied()
}

/// Lists the kinds of facts of a stream.
struct FactKinds;

impl StreamVisitor for FactKinds {
    type Output = Vec<&'static str>;
    fn visit<S: Stream>(self) -> Self::Output {
        S::Fact::kinds().into_iter().map(|(kind, _)| kind).collect()
    }
}

/// Gives the schema of the facts of a stream.
struct FactSchema;

impl StreamVisitor for FactSchema {
    type Output = Ref;
    fn visit<S: Stream>(self) -> Self::Output {
        Ref::from_schema_name(S::Fact::name())
    }
}

/// A closed list of words.
fn words(description: &str, words: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    object.enum_values(Some(words)).into()
}

impl PartialSchema for StreamFactType {
    fn schema() -> RefOr<Schema> {
        words("The kind of a fact of a stream beside the trajectory.", fact_kinds_of_streams())
    }
}

impl ToSchema for StreamFactType {}

impl PartialSchema for StreamKindName {
    fn schema() -> RefOr<Schema> {
        words("What a stream beside the trajectory is.", StreamKind::ALL.iter().map(|kind| kind.as_str()))
    }
}

impl ToSchema for StreamKindName {}

impl PartialSchema for StreamFactOfFeed {
    fn schema() -> RefOr<Schema> {
        let any = AnyOfBuilder::new().description(Some("A fact of a stream beside the trajectory."));
        StreamKind::ALL.iter().fold(any, |any, kind| any.item(kind.visit(FactSchema))).into()
    }
}

impl ToSchema for StreamFactOfFeed {}

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
            .item(Ref::from_schema_name(StreamFactType::name()))
            .item(Ref::from_schema_name(OtherEventType::name()))
            .into()
    }
}

impl ToSchema for EventType {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FactType::name().into_owned(), FactType::schema()));
        schemas.push((StreamFactType::name().into_owned(), StreamFactType::schema()));
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
        let published = &published | &codes(StreamFactType::schema());
        assert_eq!(published, Kinds::known().map(str::to_owned).collect());
    }
}
