//! The published API, read from its OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::Api;

/// The OpenAPI document.
#[derive(Clone, Debug)]
pub struct Document(Value);

impl Document {
    /// The document that a ledger publishes.
    #[must_use]
    pub fn published(api: &Api) -> Self {
        Self(api.get("/v1/openapi.json").answer().with_status(200).body)
    }

    /// The schema of a kind of fact of a trajectory. Streams beside it have an `event-corrected` of their
    /// own.
    #[must_use]
    pub fn fact(&self, kind: &str) -> &Value {
        let facts = self.0["components"]["schemas"]["Fact"]["oneOf"].as_array().expect("the kinds");
        let mut schemas = facts.iter().map(|fact| self.resolved(fact));
        schemas.find(|schema| schema["properties"]["type"]["const"] == kind).expect("it is published")
    }

    /// Every path with a GET operation.
    #[must_use]
    pub fn readable_paths(&self) -> BTreeSet<&str> {
        let paths = self.0["paths"].as_object().expect("paths").iter();
        paths
            .filter(|(_, operations)| operations.get("get").is_some())
            .map(|(path, _)| path.as_str())
            .collect()
    }

    /// The names of the query parameters of a path's GET operation.
    #[must_use]
    pub fn parameters(&self, path: &str) -> Vec<&str> {
        let parameters = self.0["paths"][path]["get"]["parameters"].as_array().into_iter().flatten();
        parameters.filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str()).collect()
    }

    /// The schema of the request body of an operation.
    #[must_use]
    pub fn body_of(&self, path: &str, method: &str) -> &Value {
        &self.0["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    }

    /// Pointers to every string without a format or an enumeration: free texts and codes. List
    /// positions are 0.
    #[must_use]
    pub fn texts(&self, schema: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.gather_texts(schema, "", &mut found);
        found
    }

    /// Pointers to every value of the published schema with this name, such as `OrganisationId`.
    /// Values in lists are left out.
    #[must_use]
    pub fn values_of(&self, schema: &Value, name: &str) -> Vec<String> {
        if schema["$ref"] == format!("#/components/schemas/{name}") {
            return vec![String::new()];
        }
        let fields = self.resolved(schema)["properties"].as_object().into_iter().flatten();
        let below = |(field, inner): (&String, &Value)| -> Vec<String> {
            self.values_of(inner, name).into_iter().map(|rest| format!("/{field}{rest}")).collect()
        };
        fields.flat_map(below).collect()
    }

    /// The allowed values at a pointer; `None` if any value is allowed.
    #[must_use]
    pub fn enum_values(&self, schema: &Value, pointer: &str) -> Option<Vec<Value>> {
        let parts = pointer.split('/').skip(1);
        let schema = parts.fold(self.resolved(schema), |schema, part| {
            let inner =
                if part.parse::<usize>().is_ok() { &schema["items"] } else { &schema["properties"][part] };
            self.resolved(inner)
        });
        schema["enum"].as_array().cloned()
    }

    /// The path to every value, without a leading slash, with `*` for list positions. A fact counts
    /// as one value: its fields depend on its kind.
    #[must_use]
    pub fn leaves(&self, schema: &Value) -> Vec<String> {
        // A correction holds another fact, and so on.
        if schema["$ref"].as_str().is_some_and(|name| name.ends_with("Fact")) {
            return vec![String::new()];
        }
        let schema = self.resolved(schema);
        let below = |part: &str, inner: &Value| -> Vec<String> {
            let leaves = self.leaves(inner).into_iter();
            leaves.map(|leaf| format!("{part}/{leaf}").trim_end_matches('/').to_owned()).collect()
        };
        let either = ["allOf", "oneOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
        let mut found: Vec<_> = either.flat_map(|part| self.leaves(part)).collect();
        if let Some(fields) = schema["properties"].as_object() {
            found.extend(fields.iter().flat_map(|(name, field)| below(name, field)));
        } else if schema["items"].is_object() {
            found.extend(below("*", &schema["items"]));
        }
        if found.is_empty() { vec![String::new()] } else { found }
    }

    /// Every operation, such as `get /worklist`, whose successful answer is JSON, with the schema
    /// of the answer.
    #[must_use]
    pub fn json_answers(&self) -> Vec<(String, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths").iter();
        let operations = paths.flat_map(|(path, operations)| {
            let operations = operations.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
        });
        let answers = operations.flat_map(|(way, operation)| {
            let fine = |status: &str| operation["responses"][status]["content"].get("application/json");
            ["200", "201"]
                .into_iter()
                .filter_map(fine)
                .map(|content| (way.clone(), &content["schema"]))
                .collect::<Vec<_>>()
        });
        answers.collect()
    }

    fn resolved<'d>(&'d self, schema: &'d Value) -> &'d Value {
        let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        named.map_or(schema, |name| self.resolved(&self.0["components"]["schemas"][name]))
    }

    fn gather_texts(&self, schema: &Value, at: &str, found: &mut Vec<String>) {
        let schema = self.resolved(schema);
        if let Some(fields) = schema["properties"].as_object() {
            fields.iter().for_each(|(name, field)| self.gather_texts(field, &format!("{at}/{name}"), found));
        } else if schema["items"].is_object() {
            self.gather_texts(&schema["items"], &format!("{at}/0"), found);
        } else if schema["type"] == "string" && schema["enum"].is_null() && schema["format"].is_null() {
            found.push(at.to_owned());
        }
    }
}

/// The body with this text at a pointer. Missing objects and lists on the way are created.
#[must_use]
pub fn with_text(mut body: Value, pointer: &str, text: &str) -> Value {
    let mut place = &mut body;
    for part in pointer.trim_start_matches('/').split('/') {
        if let Ok(at) = part.parse::<usize>() {
            if !place.is_array() {
                *place = json!([null]);
            }
            place = &mut place[at];
        } else {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[part];
        }
    }
    *place = text.into();
    body
}
