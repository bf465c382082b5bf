//! The `AsyncAPI` document: the messages that partners receive by webhook, made from the types that
//! are sent.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ContentType};
use actix_web::{HttpResponse, get};
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::http::feed::Kinds;
use crate::webhooks::cloud_event::{CloudEvent, kind_of};

static DOCUMENT: LazyLock<String> = LazyLock::new(printed);

/// The document.
#[must_use]
pub fn document() -> Value {
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "omklap messages",
            "version": crate::http::VERSION,
            "description": "The messages of webhook subscriptions: CloudEvents 1.0 after the NL GOV profile 1.1 in structured mode, \
                            delivered as Standard Webhooks 1.0. A message is thin: it says that an event of a kind happened in a \
                            trajectory, and the address where callers with access can read it. Messages about one trajectory come in order, each at \
                            least once, always with the same `id`.",
            "license": { "name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/" },
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "webhook": {
                "title": "Webhook",
                "address": null,
                "description": "The `url` of a subscription (POST /v1/subscriptions).",
                "messages": messages(|kind| json!({ "$ref": format!("#/components/messages/{kind}") })),
            },
        },
        "operations": {
            "sendEvent": {
                "action": "send",
                "title": "Send an event",
                "summary": "One event, sent to the subscription's `url`.",
                "channel": { "$ref": "#/channels/webhook" },
                "bindings": { "http": { "method": "POST", "bindingVersion": "0.3.0" } },
            },
        },
        "components": {
            "messages": messages(message),
            "schemas": schemas(),
        },
    })
}

/// The document as it is committed and served.
///
/// # Panics
/// Never: a value is JSON.
#[must_use]
pub fn printed() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("a value is JSON");
    text.push('\n');
    text
}

/// The `AsyncAPI` document
#[get("/asyncapi.json")]
pub(in crate::http) async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(DOCUMENT.as_str())
}

/// A value for each kind of message, by its name.
fn messages(of: impl Fn(&str) -> Value) -> Map<String, Value> {
    Kinds::known().chain(["test"]).map(|kind| (kind.to_owned(), of(kind))).collect()
}

fn message(kind: &str) -> Value {
    json!({
        "name": kind_of(kind),
        "title": kind,
        "contentType": "application/cloudevents+json",
        "headers": { "$ref": "#/components/schemas/StandardWebhookHeaders" },
        "payload": {
            "allOf": [
                { "$ref": format!("#/components/schemas/{}", CloudEvent::name()) },
                { "properties": { "type": { "const": kind_of(kind) } } },
            ],
        },
    })
}

/// What a message consists of.
fn schemas() -> BTreeMap<String, Value> {
    let mut named: Vec<(String, RefOr<Schema>)> =
        vec![(CloudEvent::name().into_owned(), CloudEvent::schema())];
    CloudEvent::schemas(&mut named);
    let mut schemas: BTreeMap<String, Value> = named
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).expect("a schema is JSON")))
        .collect();
    schemas.insert(
        "StandardWebhookHeaders".to_owned(),
        json!({
            "type": "object",
            "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
            "properties": {
                "webhook-id": { "type": "string", "format": "uuid", "description": "The `id` of the event." },
                "webhook-timestamp": { "type": "string", "pattern": "^[0-9]+$", "description": "When it was sent, in seconds since 1970." },
                "webhook-signature": {
                    "type": "string",
                    "description": "`v1,` and the HMAC-SHA256 of `id.timestamp.body`; two with a space between them for a day after \
                                    the secret was rotated.",
                },
            },
        }),
    );
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::documents::assert_references_resolve;

    #[test]
    fn the_committed_document_is_this_one() {
        let committed = include_str!("../../../../../api-spec/asyncapi.json");
        assert!(committed == printed(), "run: omklap asyncapi > api-spec/asyncapi.json");
    }

    #[test]
    fn everything_that_is_referred_to_is_there() {
        assert_references_resolve(&document());
    }
}
