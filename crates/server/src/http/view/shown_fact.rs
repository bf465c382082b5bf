//! A fact in a response: whole, or the part that the caller may see.

use omklap_domain::trajectory::Fact;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A fact as far as the caller may see it. Withheld fields and erased texts are absent, even those
/// that are required in a whole fact.
#[derive(Clone, Copy, Debug)]
pub struct ShownFact;

/// A fact with withheld fields or erased texts: its kind and the remaining fields, each as in the
/// whole fact.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a fact is stripped as JSON; this is the documentation of what is left")]
struct FactInPart {
    /// What kind of fact it is.
    #[schema(rename = "type")]
    kind: String,
}

impl PartialSchema for ShownFact {
    fn schema() -> RefOr<Schema> {
        let either = [Fact::name(), FactInPart::name()];
        either
            .iter()
            .fold(AnyOfBuilder::new(), |any, name| any.item(Ref::from_schema_name(name.as_ref())))
            .into()
    }
}

impl ToSchema for ShownFact {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FactInPart::name().into_owned(), FactInPart::schema()));
        schemas.push((Fact::name().into_owned(), Fact::schema()));
        Fact::schemas(schemas);
    }
}
