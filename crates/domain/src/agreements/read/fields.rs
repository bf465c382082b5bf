//! The fields that the facts have. They come from the published vocabulary, so that a set can name
//! only what partners can send.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use utoipa::Number;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::agreements::field::FieldPath;
use crate::trajectory::FactType;
use crate::trajectory::fact::published;

static VOCABULARY: LazyLock<BTreeMap<String, RefOr<Schema>>> = LazyLock::new(published);

/// The values that a field can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Yes or no.
    Bool,
    /// A whole number in this range.
    Number(RangeInclusive<i64>),
    /// A date.
    Date,
    /// One of these words.
    Choice(Vec<String>),
    /// Any text.
    Text,
    /// A private text, which is stored in the vault: no set can test its content.
    Private,
    /// An object or a list, or a value with several forms.
    Parts,
}

/// The values that a field of a kind of fact can have. `None` if it has no such field.
pub(super) fn shape(kind: FactType, path: &FieldPath) -> Option<Shape> {
    let mut schema = component(&format!("{kind:?}"))?;
    for step in path.steps() {
        let Schema::Object(object) = schema else { return None };
        schema = resolved(object.properties.get(step)?)?;
    }
    if component("PrivateText").is_some_and(|private| std::ptr::eq(private, schema)) {
        return Some(Shape::Private);
    }
    Some(shape_of(schema))
}

/// The fields of a kind of fact.
pub(super) fn names(kind: FactType) -> Vec<&'static str> {
    match component(&format!("{kind:?}")) {
        Some(Schema::Object(object)) => {
            object.properties.keys().map(String::as_str).filter(|name| *name != "type").collect()
        }
        _ => Vec::new(),
    }
}

fn component(name: &str) -> Option<&'static Schema> {
    resolved(VOCABULARY.get(name)?)
}

fn resolved(schema: &'static RefOr<Schema>) -> Option<&'static Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(reference) => component(reference.ref_location.rsplit('/').next()?),
    }
}

fn shape_of(schema: &Schema) -> Shape {
    let Schema::Object(object) = schema else { return Shape::Parts };
    if let Some(words) = &object.enum_values {
        return Shape::Choice(words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect());
    }
    match &object.schema_type {
        SchemaType::Type(Type::Boolean) => Shape::Bool,
        SchemaType::Type(Type::Integer) => {
            let least = object.minimum.as_ref().and_then(whole).unwrap_or(i64::MIN);
            let most = object.maximum.as_ref().and_then(whole).unwrap_or(i64::MAX);
            Shape::Number(least..=most)
        }
        SchemaType::Type(Type::String) => match &object.format {
            Some(SchemaFormat::KnownFormat(KnownFormat::Date)) => Shape::Date,
            _ => Shape::Text,
        },
        _ => Shape::Parts,
    }
}

fn whole(number: &Number) -> Option<i64> {
    match number {
        Number::Int(number) => i64::try_from(*number).ok(),
        Number::UInt(number) => i64::try_from(*number).ok(),
        Number::Float(_) => None,
    }
}
