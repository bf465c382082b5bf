//! A published schema, compiled, and the complaints about what does not match it.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind as Broken;
use jsonschema::{Draft, ValidationError, Validator};
use omklap_domain::day::Day;
use omklap_domain::likeness::most_like;
use omklap_domain::text::{STORABLE_PATTERN, TEXT_PATTERN};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::json::{MOST_COMPLAINTS, escaped};
use crate::http::documents::schema_of::{COMPONENTS, schemas_of};
use crate::http::problem::{Complaint, Fault, Form};

/// A schema and the validator that was compiled from it.
pub struct CompiledSchema {
    document: Value,
    validator: Validator,
}

impl CompiledSchema {
    /// The schema of this type.
    ///
    /// # Panics
    /// If the schema refers to one that it does not bring along, or does not compile. Every body that
    /// is validated has a test.
    #[must_use]
    pub fn of_type<T: ToSchema>() -> Self {
        Self::named(&T::name(), &schemas_of::<T>())
    }

    /// The schema with this name, among those that it refers to.
    ///
    /// # Panics
    /// As [`of_type`](Self::of_type).
    #[must_use]
    pub fn named(name: &str, schemas: &Map<String, Value>) -> Self {
        let document = json!({"$ref": format!("{COMPONENTS}{name}"), "components": {"schemas": schemas}});
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .with_format("date", |text: &str| text.parse::<Day>().is_ok())
            .build(&document)
            .expect("a published schema compiles");
        Self { document, validator }
    }

    /// Every place of the value at `pointer` that does not match.
    #[must_use]
    pub fn complaints(&self, value: &Value, pointer: &str) -> Vec<Complaint> {
        // Checking validity first costs a tenth of listing the errors.
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let errors = self.validator.iter_errors(value);
        errors.flat_map(|error| self.about(&error, pointer)).take(MOST_COMPLAINTS).collect()
    }

    /// The complaints about a keyword that does not match.
    fn about(&self, error: &ValidationError<'_>, pointer: &str) -> Vec<Complaint> {
        let at = format!("{pointer}{}", error.instance_path());
        let one = |fault| vec![Complaint::body(at.as_str(), fault)];
        let limited =
            |fault, limit: &dyn std::fmt::Display| vec![Complaint::body(at.as_str(), fault).limit(limit)];
        match error.kind() {
            Broken::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                vec![Complaint::body(format!("{at}/{}", escaped(name)), Fault::Required)]
            }
            Broken::AdditionalProperties { unexpected } => unexpected
                .iter()
                .map(|name| {
                    Complaint::body(format!("{at}/{}", escaped(name)), Fault::UnknownField)
                        .like(most_like(name, self.fields_beside(error)))
                })
                .collect(),
            Broken::Type { kind: jsonschema::error::TypeKind::Single(expected) } => {
                limited(Fault::WrongType, expected)
            }
            Broken::Type { .. } => one(Fault::WrongType),
            Broken::Format { format } if format == "date" => one(Fault::NotADate),
            Broken::Format { format } if format == "uuid" => one(Fault::NotAUuid),
            Broken::Enum { options } => limited(Fault::NotOneOf, &listed(options)),
            Broken::MaxLength { limit } => limited(Fault::TooLong, limit),
            Broken::MinLength { limit } => limited(Fault::TooShort, limit),
            Broken::MaxItems { limit } => limited(Fault::TooMany, limit),
            Broken::MinItems { limit } => limited(Fault::TooFew, limit),
            Broken::Minimum { limit } => limited(Fault::TooLow, limit),
            Broken::Maximum { limit } => limited(Fault::TooHigh, limit),
            Broken::UniqueItems => one(Fault::Repeated),
            Broken::Pattern { pattern } if is_reported_elsewhere(pattern) => Vec::new(),
            Broken::Pattern { pattern } => match Form::of_pattern(pattern) {
                Some(form) => vec![Complaint::body(at, form)],
                None => limited(Fault::NotAsAgreed, pattern),
            },
            _ => one(Fault::NotAsAgreed),
        }
    }

    /// The fields that the schema has where it found one too many.
    fn fields_beside<'s>(&'s self, error: &ValidationError<'_>) -> impl Iterator<Item = &'s str> {
        let keyword = error.schema_path().as_str();
        let schema = keyword.rsplit_once('/').and_then(|(schema, _)| self.document.pointer(schema));
        let fields = schema.and_then(|schema| schema["properties"].as_object());
        fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str))
    }
}

/// The pattern of a date, which the schema has beside the format.
static DATE: LazyLock<String> = LazyLock::new(|| {
    let schema = serde_json::to_value(Day::schema()).expect("a schema is JSON");
    schema["pattern"].as_str().unwrap_or_default().to_owned()
});

/// Whether reading the body gives a better complaint than this pattern: a day that does not exist,
/// a forbidden character, or nothing visible.
pub(in crate::http) fn is_reported_elsewhere(pattern: &str) -> bool {
    pattern == *DATE || pattern == TEXT_PATTERN || pattern == STORABLE_PATTERN
}

fn listed(options: &Value) -> String {
    let names = options.as_array().into_iter().flatten().map(|option| match option {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    });
    names.collect::<Vec<_>>().join(", ")
}
