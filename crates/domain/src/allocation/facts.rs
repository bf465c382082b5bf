//! The facts of a stream: what each kind of stream has of them, and the macro that makes it.

use std::collections::BTreeMap;

use cqrs_es::DomainEvent;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::stream::{Correction, StreamId};
use crate::day::Day;

/// One fact of a stream: the request body, the stored event and the timeline entry at once. It holds
/// nothing personal and no free text.
pub trait StreamFact: DomainEvent + ToSchema + 'static {
    /// The names of its kinds, each with the name of its published schema.
    fn kinds() -> Vec<(&'static str, String)>;

    /// The schema of each kind by its component name, and every schema that these refer to.
    fn published() -> BTreeMap<String, RefOr<Schema>>;

    /// The name of its kind.
    fn kind(&self) -> &'static str;

    /// The day on which it happened.
    fn occurred_on(&self) -> Day;

    /// The correction, if it is one.
    fn correction(&self) -> Option<Correction<'_, Self>>
    where
        Self: Sized;

    /// The stream that it names, if its fields name one.
    fn stream(&self) -> Option<StreamId>;
}

/// Makes the facts of a stream: the enum of its kinds and of corrections, with its published schemas. The
/// kinds whose fields name the stream come first; they have a method `stream`.
macro_rules! stream_facts {
    (
        $(#[$doc:meta])* $facts:ident $description:literal,
        $(#[$corrected_doc:meta])* $corrected:ident,
        naming [$($naming:ident $naming_type:literal),* $(,)?],
        other [$($other:ident $other_type:literal),* $(,)?] $(,)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "type", rename_all = "kebab-case")]
        pub enum $facts {
            $(#[doc = concat!("See [`", stringify!($naming), "`].")] $naming($naming),)*
            $(#[doc = concat!("See [`", stringify!($other), "`].")] $other($other),)*
            #[doc = concat!("See [`", stringify!($corrected), "`].")]
            EventCorrected($corrected),
        }

        $(#[$corrected_doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $corrected {
            /// The day on which the mistake was found.
            pub occurred_on: $crate::day::Day,
            /// The number of the fact in this stream.
            #[schema(minimum = 1)]
            pub corrects: u64,
            /// What really happened; without it the fact is retracted.
            #[schema(no_recursion)]
            #[serde(skip_serializing_if = "Option::is_none")]
            pub replacement: Option<Box<$facts>>,
        }

        $(impl From<$naming> for $facts {
            fn from(fact: $naming) -> Self {
                Self::$naming(fact)
            }
        })*

        impl $facts {
            fn collected() -> $crate::trajectory::fact::Collected {
                let mut collected = $crate::trajectory::fact::Collected::default();
                $(collected.fact::<$naming>($naming_type);)*
                $(collected.fact::<$other>($other_type);)*
                collected.fact::<$corrected>("event-corrected");
                collected.without(stringify!($facts))
            }
        }

        impl cqrs_es::DomainEvent for $facts {
            fn event_type(&self) -> String {
                $crate::allocation::StreamFact::kind(self).to_owned()
            }

            fn event_version(&self) -> String {
                "1.0".to_owned()
            }
        }

        impl utoipa::PartialSchema for $facts {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                Self::collected().one_of($description)
            }
        }

        impl utoipa::ToSchema for $facts {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                schemas.extend(<Self as $crate::allocation::StreamFact>::published());
            }
        }

        impl $crate::allocation::StreamFact for $facts {
            fn kinds() -> Vec<(&'static str, String)> {
                Self::collected().facts()
            }

            fn published() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Schema>> {
                Self::collected().published()
            }

            fn kind(&self) -> &'static str {
                match self {
                    $(Self::$naming(_) => $naming_type,)*
                    $(Self::$other(_) => $other_type,)*
                    Self::EventCorrected(_) => "event-corrected",
                }
            }

            fn occurred_on(&self) -> $crate::day::Day {
                match self {
                    $(Self::$naming(fact) => fact.occurred_on,)*
                    $(Self::$other(fact) => fact.occurred_on,)*
                    Self::EventCorrected(fact) => fact.occurred_on,
                }
            }

            fn correction(&self) -> Option<$crate::allocation::Correction<'_, Self>> {
                match self {
                    Self::EventCorrected(fact) => Some($crate::allocation::Correction {
                        corrects: fact.corrects,
                        replacement: fact.replacement.as_deref(),
                    }),
                    _ => None,
                }
            }

            fn stream(&self) -> Option<$crate::allocation::StreamId> {
                match self {
                    $(Self::$naming(fact) => Some(fact.stream()),)*
                    _ => None,
                }
            }
        }
    };
}
pub(super) use stream_facts;
