//! Validates facts against the schemas that the OpenAPI document publishes, and reports every place
//! that does not match.
//!
//! Decision: ADR 9.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

use omklap_domain::allocation::{Stream, StreamFact, StreamKind, StreamVisitor};
use omklap_domain::likeness::most_like;
use omklap_domain::trajectory::fact::published;
use omklap_domain::trajectory::{Fact, FactType};
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::compiled_schema::CompiledSchema;
use crate::http::documents::schema_of::COMPONENTS;
use crate::http::problem::{Complaint, Fault};

/// The kinds of facts that a report may hold, each with its published schema.
pub struct Vocabulary {
    /// The schemas by name, as the OpenAPI document publishes them.
    published: Map<String, Value>,
    /// Each kind, with the name of its schema. In the order of the vocabulary.
    kinds: Vec<(&'static str, String)>,
    /// The schema of a fact of any kind. The replacement of a correction is checked separately, so that
    /// its complaints have their own pointers.
    any: String,
    /// Each is compiled for the first fact of its kind.
    schemas: BTreeMap<&'static str, OnceLock<CompiledSchema>>,
}

/// The facts of trajectories.
static OF_TRAJECTORIES: LazyLock<Vocabulary> = LazyLock::new(|| {
    let schema = serde_json::to_value(Fact::schema()).expect("a schema is JSON");
    let mapping = &schema["discriminator"]["mapping"];
    let name = |kind: &FactType| {
        let location = mapping[kind.as_str()].as_str().and_then(|text| text.strip_prefix(COMPONENTS));
        location.expect("the schema distinguishes facts by their type").to_owned()
    };
    let kinds = FactType::ALL.iter().map(|kind| (kind.as_str(), name(kind)));
    Vocabulary::of(published(), kinds.collect(), Fact::name().into_owned())
});

/// The facts of the streams beside the trajectory.
static OF_STREAMS: LazyLock<BTreeMap<StreamKind, Vocabulary>> = LazyLock::new(|| {
    struct Facts;
    impl StreamVisitor for Facts {
        type Output = Vocabulary;
        fn visit<S: Stream>(self) -> Vocabulary {
            Vocabulary::of(S::Fact::published(), S::Fact::kinds(), S::Fact::name().into_owned())
        }
    }
    StreamKind::ALL.iter().map(|kind| (*kind, kind.visit(Facts))).collect()
});

impl Vocabulary {
    fn of(
        published: BTreeMap<String, RefOr<Schema>>,
        kinds: Vec<(&'static str, String)>,
        any: String,
    ) -> Self {
        let schema = |schema| serde_json::to_value(schema).expect("a schema is JSON");
        Self {
            published: published.into_iter().map(|(name, of)| (name, schema(of))).collect(),
            schemas: kinds.iter().map(|(kind, _)| (*kind, OnceLock::new())).collect(),
            kinds,
            any,
        }
    }

    /// Of trajectories.
    #[must_use]
    pub fn of_trajectories() -> &'static Self {
        &OF_TRAJECTORIES
    }

    /// Of the streams of this kind.
    #[must_use]
    pub fn of_streams(kind: StreamKind) -> &'static Self {
        &OF_STREAMS[&kind]
    }

    /// Every place of the fact at `pointer` that does not match the schema of its kind.
    #[must_use]
    pub fn complaints(&self, fact: &Value, pointer: &str) -> Vec<Complaint> {
        let kind = match self.kind(fact, pointer) {
            Ok(kind) => kind,
            Err(complaint) => return vec![complaint],
        };
        let schema = self.schemas[kind].get_or_init(|| self.schema(kind));
        let mut complaints = schema.complaints(fact, pointer);
        if let Some(replacement @ Value::Object(_)) =
            fact.get("replacement").filter(|_| kind == FactType::EventCorrected.as_str())
        {
            complaints.extend(self.complaints(replacement, &format!("{pointer}/replacement")));
        }
        complaints
    }

    fn kind(&self, fact: &Value, pointer: &str) -> Result<&'static str, Complaint> {
        let Value::Object(fields) = fact else {
            return Err(Complaint::body(pointer, Fault::WrongType).limit("object"));
        };
        let at_type = |fault| Complaint::body(format!("{pointer}/type"), fault);
        let name = fields.get("type").ok_or_else(|| at_type(Fault::Required))?;
        let name = name.as_str().ok_or_else(|| at_type(Fault::WrongType).limit("string"))?;
        let mut known = self.kinds.iter().map(|(kind, _)| *kind);
        known
            .clone()
            .find(|known| *known == name)
            .ok_or_else(|| at_type(Fault::UnknownType).like(most_like(name, &mut known)))
    }

    fn schema(&self, kind: &str) -> CompiledSchema {
        let (_, name) =
            self.kinds.iter().find(|(known, _)| *known == kind).expect("a kind of this vocabulary");
        let mut schemas = Map::new();
        self.gather(name, &mut schemas);
        schemas.insert(self.any.clone(), json!({"type": "object"}));
        CompiledSchema::named(name, &schemas)
    }

    /// A schema and everything it refers to.
    fn gather(&self, name: &str, schemas: &mut Map<String, Value>) {
        if name == self.any || schemas.contains_key(name) {
            return;
        }
        let Some(schema) = self.published.get(name) else { return };
        schemas.insert(name.to_owned(), schema.clone());
        let mut referred = BTreeSet::new();
        references(schema, &mut referred);
        for name in referred {
            self.gather(name, schemas);
        }
    }
}

/// The complaints of reading a body together with those of its schema. Of two about the length of
/// the same text, that of the schema is kept, because it has the exact limit.
#[must_use]
pub fn joined(mut read: Vec<Complaint>, of_schema: Vec<Complaint>) -> Vec<Complaint> {
    let too_long = |complaint: &Complaint| complaint.rule == Fault::TooLong.into();
    let is_known = |complaint: &Complaint| {
        too_long(complaint) && of_schema.iter().any(|other| too_long(other) && other.place == complaint.place)
    };
    read.retain(|complaint| !is_known(complaint));
    read.extend(of_schema);
    read
}

fn references<'s>(schema: &'s Value, names: &mut BTreeSet<&'s str>) {
    match schema {
        Value::Object(fields) => {
            if let Some(name) =
                fields.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(COMPONENTS))
            {
                names.insert(name);
            }
            fields.values().for_each(|value| references(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::{Limit, Place};
    use omklap_domain::text::{TEXT_PATTERN, is_visible};

    fn codes(fact: &Value) -> Vec<(String, &'static str)> {
        let place = |complaint: &Complaint| match &complaint.place {
            Place::Body(pointer) => pointer.clone(),
            other => panic!("not in the body: {other:?}"),
        };
        let mut codes: Vec<_> = Vocabulary::of_trajectories()
            .complaints(fact, "")
            .iter()
            .map(|complaint| (place(complaint), complaint.rule.code()))
            .collect();
        codes.sort();
        codes
    }

    #[test]
    fn every_kind_of_fact_has_a_schema_that_compiles() {
        let of_streams = StreamKind::ALL.iter().map(|kind| Vocabulary::of_streams(*kind));
        for vocabulary in of_streams.chain([Vocabulary::of_trajectories()]) {
            for (kind, _) in &vocabulary.kinds {
                assert!(!vocabulary.schema(kind).complaints(&json!({}), "").is_empty(), "{kind}");
            }
        }
    }

    #[test]
    fn the_published_pattern_of_texts_and_the_reader_agree_on_what_is_visible() {
        let schema = json!({"type": "string", "pattern": TEXT_PATTERN});
        let published = jsonschema::validator_for(&schema).expect("the pattern compiles");
        for character in ('\u{1}'..='\u{ffff}').chain(['🏠', '\u{20000}']) {
            let text = character.to_string();
            assert_eq!(published.is_valid(&json!(text)), is_visible(&text), "{character:?}");
        }
        assert!(!published.is_valid(&json!("a\0")) && !is_visible("\u{e0041}"));
    }

    #[test]
    fn only_an_award_can_be_an_amount_of_nothing() {
        let zero = json!({"type": "rent-missed", "occurredOn": "2026-02-03", "dueOn": "2026-02-01", "amountCents": 0});
        assert_eq!(codes(&zero), [("/amountCents".to_owned(), "too-low")]);
        let mut amounts = Vec::new();
        for (name, schema) in &Vocabulary::of_trajectories().published {
            let fields = schema["properties"].as_object().into_iter().flatten();
            amounts.extend(fields.filter(|(field, _)| field.ends_with("Cents")).map(|(field, of)| {
                let of_amount =
                    of["$ref"] == format!("{COMPONENTS}Amount") || of["allOf"].to_string().contains("Amount");
                (format!("{name} {field}"), of_amount)
            }));
        }
        let may_be_nothing: Vec<_> =
            amounts.iter().filter(|(_, is_amount)| !is_amount).map(|(at, _)| at).collect();
        assert_eq!(may_be_nothing, ["GuaranteeFundSettled awardedCents"], "{amounts:?}");
        assert!(amounts.len() > 10, "{amounts:?}");
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let fact = json!({
            "type": "flip-position-given", "occurredOn": "2026-02-30", "talkId": "7", "party": "neighbour", "colour": "red",
        });
        let expected = [
            ("/colour", "unknown-field"),
            ("/occurredOn", "not-a-date"),
            ("/party", "not-one-of"),
            ("/position", "required"),
            ("/talkId", "not-a-uuid"),
        ];
        assert_eq!(codes(&fact), expected.map(|(place, code)| (place.to_owned(), code)));
    }

    #[test]
    fn a_misspelt_field_of_any_fact_is_met_with_a_field_that_exists() {
        let vocabulary = Vocabulary::of_trajectories();
        for (kind, name) in &vocabulary.kinds {
            let fields: Vec<_> = known_fields(&vocabulary.published[name]);
            for field in fields.iter().filter(|field| field.len() > 4 && **field != "type") {
                let misspelt = field.to_lowercase() + "s";
                let complaints = vocabulary.complaints(&json!({"type": kind, &misspelt: 1}), "");
                let unknown =
                    complaints.iter().find(|complaint| complaint.rule == Fault::UnknownField.into());
                let limit = unknown.and_then(|complaint| complaint.limit.as_ref());
                assert!(
                    matches!(limit, Some(Limit::Like(like)) if fields.contains(&like.as_str())),
                    "{kind} {misspelt}: {limit:?}"
                );
            }
        }
    }

    fn known_fields(schema: &Value) -> Vec<&str> {
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn a_misspelt_field_within_a_field_is_met_with_its_like() {
        let fact = json!({"type": "dwelling-offered", "considerations": {"wishs": "a", "moonlight": "b"}});
        let complaints = Vocabulary::of_trajectories().complaints(&fact, "");
        let like = |at: &str| {
            let place = Place::Body(at.to_owned());
            complaints.iter().find(|complaint| complaint.place == place).and_then(|found| found.limit.clone())
        };
        assert_eq!(like("/considerations/wishs"), Some(Limit::Like("wishes".to_owned())));
        assert_eq!(like("/considerations/moonlight"), None);
    }

    #[test]
    fn complaints_about_a_replacement_have_a_pointer() {
        let fact = json!({
            "type": "event-corrected", "occurredOn": "2026-02-03", "corrects": 0, "reason": "",
            "replacement": {"type": "rent-missed", "occurredOn": 5, "month": null},
        });
        let codes = codes(&fact);
        for expected in
            [("/corrects", "too-low"), ("/reason", "too-short"), ("/replacement/occurredOn", "wrong-type")]
        {
            assert!(codes.contains(&(expected.0.to_owned(), expected.1)), "{expected:?} in {codes:?}");
        }
    }

    #[test]
    fn the_limit_of_a_text_is_reported_once_and_exactly() {
        let too_long = |limit| Complaint::body("/b", Fault::TooLong).limit(limit);
        assert_eq!(joined(vec![too_long(4_000)], vec![too_long(200)]), [too_long(200)]);
        assert_eq!(joined(vec![too_long(4_000)], Vec::new()), [too_long(4_000)]);
    }

    #[test]
    fn a_fact_must_name_its_kind() {
        assert_eq!(codes(&json!({})), [("/type".to_owned(), "required")]);
        assert_eq!(codes(&json!({"type": "moon-landed-on"})), [("/type".to_owned(), "unknown-type")]);
        assert_eq!(codes(&json!(["type"])), [(String::new(), "wrong-type")]);
    }
}
