//! The small bodies of requests about subscriptions.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use omklap_domain::likeness::most_like;
use omklap_domain::trajectory::work::Work;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, SchemaType, Type};

use crate::http::feed::Kinds;
use crate::http::feed::cursor::Cursor;
use crate::http::feed::event_type::EventType;
use crate::http::problem::{Breach, Complaint, Fault, Problem};
use crate::http::request::facts;
use crate::http::request::json;
use crate::http::request::json::escaped;
use crate::http::request::request_hash::request_hash;

/// A request for a subscription.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = NewSubscription)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionRequest {
    /// The address of the receiver: `https` and public, unless the operator allowed the host.
    #[schema(max_length = 2000, pattern = r"^[^\x00]*$", example = "https://hooks.example.org/omklap")]
    pub url: String,
    /// Kinds of events; without it, all. A kind that its owner does not see is sent as
    /// `fact-withheld`. `trajectory-withdrawn` and `trajectory-destroyed` come in any case.
    #[schema(schema_with = kinds, required = false, example = json!(["offer-refused", "obligation-overdue"]))]
    pub types: Vec<String>,
    /// The cursor of the feed after which it starts; without it, it starts with the next event.
    #[schema(value_type = String, required = false, nullable = false, max_length = 4000, pattern = r"^[^\x00]*$", example = json!(crate::http::feed::cursor::EXAMPLE))]
    pub after: Option<Cursor>,
    /// Of the body: two requests with the same [hash](request_hash) are the same.
    #[schema(ignore)]
    pub request_hash: [u8; 32],
}

/// The event after which to replay.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = Replay)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// After which event, as the feed and the subscription give cursors.
    #[schema(value_type = String, max_length = 4000, pattern = r"^[^\x00]*$", example = json!(crate::http::feed::cursor::EXAMPLE))]
    pub after: Cursor,
}

/// What to change of a subscription, as a JSON merge patch (RFC 7396): what is absent stays as it is.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = SubscriptionChange)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionPatch {
    /// The address of the receiver: `https` and public, unless the operator allowed the host.
    #[schema(
        required = false,
        nullable = false,
        max_length = 2000,
        pattern = r"^[^\x00]*$",
        example = "https://hooks.example.org/omklap"
    )]
    pub url: Option<String>,
    /// Kinds of events from now on; `null` or an empty list is all.
    #[schema(schema_with = kinds_or_null, required = false, example = json!(["offer-refused", "obligation-overdue"]))]
    pub types: Option<Vec<String>>,
}

/// The schema of a set of kinds of events, or null.
fn kinds_or_null() -> Array {
    let mut kinds = kinds();
    kinds.schema_type = SchemaType::from_iter([Type::Array, Type::Null]);
    kinds.description = Some("Kinds of events from now on; `null` or an empty list is all.".to_owned());
    kinds
}

/// The schema of a set of kinds of events.
fn kinds() -> Array {
    let mut kinds = EventType::set();
    kinds.description = Some(
        "Kinds of events; without it, all. A kind that its owner does not see is sent as `fact-withheld`. \
         `trajectory-withdrawn` and `trajectory-destroyed` come in any case."
            .to_owned(),
    );
    kinds
}

/// An object that is being read: every field must be known, present and valid, and all faults are
/// reported at once.
struct Fields {
    given: Map<String, Value>,
    complaints: Vec<Complaint>,
}

impl Fields {
    fn read(body: &[u8], known: &[&str], work: &Work) -> Result<Self, Problem> {
        let json::Read { value, mut complaints } = json::read(body, work);
        let given = match value {
            Some(Value::Object(given)) => given,
            Some(_) => return Err(Complaint::body("", Fault::WrongType).limit("object").into()),
            None => return Err(Problem::malformed(complaints)),
        };
        let unknown = given.keys().filter(|name| !known.contains(&name.as_str()));
        complaints.extend(unknown.map(|name| {
            Complaint::body(format!("/{}", escaped(name)), Fault::UnknownField)
                .like(most_like(name, known.iter().copied()))
        }));
        Ok(Self { given, complaints })
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.given.get(name) {
            Some(Value::String(text)) => return Some(text.clone()),
            Some(_) => self.complain(Complaint::body(format!("/{name}"), Fault::WrongType).limit("string")),
            None => {}
        }
        None
    }

    fn required(&mut self, name: &str) -> Option<String> {
        if !self.given.contains_key(name) {
            self.complain(Complaint::body(format!("/{name}"), Fault::Required));
        }
        self.text(name)
    }

    fn cursor(&mut self, text: Option<String>) -> Option<Cursor> {
        let cursor = text?.parse().ok();
        if cursor.is_none() {
            self.complain(Complaint::body("/after", Fault::NotACursor));
        }
        cursor
    }

    fn kinds(&mut self) -> Vec<String> {
        let Some(given) = self.given.get("types").cloned() else { return Vec::new() };
        let Value::Array(given) = given else {
            self.complain(Complaint::body("/types", Fault::WrongType).limit("array"));
            return Vec::new();
        };
        let most = Kinds::known().count();
        if given.len() > most {
            self.complain(Complaint::body("/types", Fault::TooMany).limit(most));
            return Vec::new();
        }
        let mut kinds: Vec<String> = Vec::new();
        let mut is_repeated = false;
        for (place, kind) in given.iter().enumerate() {
            match kind.as_str().filter(|kind| Kinds::known().any(|known| known == *kind)) {
                Some(kind) if kinds.iter().any(|before| before == kind) => is_repeated = true,
                Some(kind) => kinds.push(kind.to_owned()),
                None => {
                    let breach = Breach::none_of(kind.as_str().unwrap_or_default(), Kinds::known());
                    self.complain(Complaint::body(format!("/types/{place}"), breach));
                }
            }
        }
        if is_repeated {
            self.complain(Complaint::body("/types", Fault::Repeated));
        }
        kinds
    }

    fn complain(&mut self, complaint: Complaint) {
        self.complaints.push(complaint);
    }

    fn end<T>(self, read: Option<T>) -> Result<T, Problem> {
        match read {
            Some(read) if self.complaints.is_empty() => Ok(read),
            _ => Err(Problem::malformed(self.complaints)),
        }
    }
}

impl SubscriptionRequest {
    fn read(body: &[u8], work: &Work) -> Result<Self, Problem> {
        let mut fields = Fields::read(body, &["url", "types", "after"], work)?;
        let (url, types) = (fields.required("url"), fields.kinds());
        let after = fields.text("after");
        let after = fields.cursor(after);
        let request_hash = request_hash("/v1/subscriptions", &Value::Object(fields.given.clone()));
        fields.end(url.map(|url| Self { url, types, after, request_hash }))
    }
}

impl SubscriptionPatch {
    fn read(body: &[u8], work: &Work) -> Result<Self, Problem> {
        let mut fields = Fields::read(body, &["url", "types"], work)?;
        // In a merge patch, null takes a field away: without kinds, all are sent.
        let takes_kinds_away = fields.given.get("types").is_some_and(Value::is_null);
        let types = if takes_kinds_away {
            Some(Vec::new())
        } else {
            fields.given.contains_key("types").then(|| fields.kinds())
        };
        let url = fields.text("url");
        fields.end(Some(Self { url, types }))
    }
}

impl ReplayRequest {
    fn read(body: &[u8], work: &Work) -> Result<Self, Problem> {
        let mut fields = Fields::read(body, &["after"], work)?;
        let after = fields.required("after");
        let after = fields.cursor(after);
        fields.end(after.map(|after| Self { after }))
    }
}

impl FromRequest for SubscriptionRequest {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { facts::read_other(&request, payload, Self::read).await? })
    }
}

impl FromRequest for SubscriptionPatch {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { facts::read_patch(&request, payload, Self::read).await? })
    }
}

impl FromRequest for ReplayRequest {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { facts::read_other(&request, payload, Self::read).await? })
    }
}
