//! The facts in the body of a report.

use std::future::Future;
use std::pin::Pin;

use actix_web::body::{BodyStream, to_bytes_limited};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use omklap_domain::allocation::Stream;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::work::Work;
use omklap_store::background::{apart, spend};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::json::{self, MOST_FACTS};
use super::request_hash::request_hash;
use super::schema_check::{self, Vocabulary};
use crate::http::problem::{Complaint, Fault, Kind, Problem, Shape};
use crate::http::services::Patience;

/// How large a report may be, in bytes.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// How large any other body may be, in bytes: an organisation with all its programs and regions.
const LARGEST_OTHER_BODY: usize = 256 * 1024;
/// Up to this many bytes, a body is read on the request's own thread.
const READ_AT_ONCE: usize = 4 * 1024;

/// Facts that are reported together, and how they were written.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What happened.
    pub facts: Vec<Fact>,
    /// One fact or a list.
    pub shape: Shape,
    /// Of the path and the body: two requests with the same [hash](request_hash) are the same.
    pub request_hash: [u8; 32],
}

impl PartialSchema for Facts {
    /// One fact, or a list of facts.
    fn schema() -> RefOr<Schema> {
        one_or_a_list(&Fact::name())
    }
}

fn one_or_a_list(name: &str) -> RefOr<Schema> {
    let fact = || Ref::from_schema_name(name);
    let list = ArrayBuilder::new()
        .items(fact())
        .description(Some("Facts in the order of recording. All of them are admitted, or none."))
        .min_items(Some(1))
        .max_items(Some(MOST_FACTS));
    OneOfBuilder::new().item(fact()).item(list).into()
}

impl ToSchema for Facts {}

impl FromRequest for Facts {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = body(&request, payload, LARGEST_BODY).await?;
            let path = request.path().to_owned();
            let (facts, shape, request_hash) =
                reading(body.len(), move |work| read(Vocabulary::of_trajectories(), &path, &body, work))
                    .await?;
            Ok(Self { facts, shape, request_hash })
        })
    }
}

/// Facts of one stream beside the trajectory that are reported together, and how they were written.
#[derive(Clone, Debug)]
pub struct StreamFacts<S: Stream> {
    /// What happened.
    pub facts: Vec<S::Fact>,
    /// One fact or a list.
    pub shape: Shape,
    /// As [`Facts::request_hash`].
    pub request_hash: [u8; 32],
}

impl<S: Stream> PartialSchema for StreamFacts<S> {
    /// One fact, or a list of facts.
    fn schema() -> RefOr<Schema> {
        one_or_a_list(&S::Fact::name())
    }
}

impl<S: Stream> ToSchema for StreamFacts<S> {}

impl<S: Stream> FromRequest for StreamFacts<S> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = body(&request, payload, LARGEST_BODY).await?;
            let (path, vocabulary) = (request.path().to_owned(), Vocabulary::of_streams(S::KIND));
            let (facts, shape, request_hash) =
                reading(body.len(), move |work| read(vocabulary, &path, &body, work)).await?;
            Ok(Self { facts, shape, request_hash })
        })
    }
}

/// Reads the body of a request that is not a report.
pub(in crate::http) async fn read_other<T: Send + 'static>(
    request: &HttpRequest,
    payload: Payload,
    read: impl FnOnce(&[u8], &Work) -> T + Send + 'static,
) -> Result<T, Problem> {
    let body = body(request, payload, LARGEST_OTHER_BODY).await?;
    Ok(reading(body.len(), move |work| read(&body, work)).await)
}

/// The media type of a JSON merge patch (RFC 7396).
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Reads the body of a change, which may also be called a JSON merge patch.
pub(in crate::http) async fn read_patch<T: Send + 'static>(
    request: &HttpRequest,
    payload: Payload,
    read: impl FnOnce(&[u8], &Work) -> T + Send + 'static,
) -> Result<T, Problem> {
    let body = body_of([JSON, MERGE_PATCH], request, payload, LARGEST_OTHER_BODY).await?;
    Ok(reading(body.len(), move |work| read(&body, work)).await)
}

/// The media type of every other body.
const JSON: &str = "application/json";

/// The whole body, if it is JSON, small enough and in time.
async fn body(request: &HttpRequest, payload: Payload, largest: usize) -> Result<Bytes, Problem> {
    body_of([JSON, JSON], request, payload, largest).await
}

/// The whole body, if it is of one of these types, small enough and in time.
async fn body_of(
    types: [&str; 2],
    request: &HttpRequest,
    payload: Payload,
    largest: usize,
) -> Result<Bytes, Problem> {
    let headers = request.headers();
    let is_read = types.iter().any(|known| request.content_type().eq_ignore_ascii_case(known));
    if !is_read || headers.contains_key(CONTENT_ENCODING) {
        return Err(Kind::NotJson.into());
    }
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > largest) {
        return Err(Kind::TooLarge.into());
    }
    let patience = Patience::of(request).body;
    tokio::time::timeout(patience, received(payload, largest))
        .await
        .unwrap_or_else(|_| Err(Kind::TooSlow.into()))
}

async fn received(payload: Payload, largest: usize) -> Result<Bytes, Problem> {
    match to_bytes_limited(BodyStream::new(payload), largest).await {
        Ok(Ok(body)) => Ok(body),
        // The caller hung up, or sent invalid HTTP, so nobody reads the response.
        Ok(Err(_)) => Err(Kind::BadRequest.into()),
        Err(_) => Err(Kind::TooLarge.into()),
    }
}

/// Reads a body of this length: a short one at once, a longer one on a thread that answers no
/// requests.
async fn reading<T: Send + 'static>(length: usize, read: impl FnOnce(&Work) -> T + Send + 'static) -> T {
    if length > READ_AT_ONCE {
        return apart(read).await;
    }
    let work = Work::default();
    let read = read(&work);
    spend(work.steps());
    read
}

/// The facts of a body, if every one of them matches its schema. Reading stops if the work is given
/// up.
fn read<F: DeserializeOwned>(
    vocabulary: &Vocabulary,
    path: &str,
    body: &[u8],
    work: &Work,
) -> Result<(Vec<F>, Shape, [u8; 32]), Problem> {
    let json::Read { value, mut complaints } = json::read(body, work);
    let Some(value) = value else { return Err(Problem::malformed(complaints)) };
    let hash = request_hash(path, &value);
    let (written, shape) = match value {
        Value::Array(facts) => (facts, Shape::List),
        fact => (vec![fact], Shape::One),
    };
    if written.is_empty() {
        complaints.push(Complaint::body("", Fault::TooFew).limit(1));
    }
    // Checking stops after `MOST_COMPLAINTS`; the caller fixes those first.
    let of_schema = in_their_places(&written, shape)
        .take_while(|_| !work.is_given_up())
        .flat_map(|(fact, at)| vocabulary.complaints(fact, &at))
        .take(json::MOST_COMPLAINTS)
        .collect();
    complaints = schema_check::joined(complaints, of_schema);
    if work.is_given_up() {
        // The caller hung up, so nobody reads this response.
        return Err(Kind::BadRequest.into());
    }
    if !complaints.is_empty() {
        return Err(Problem::malformed(complaints));
    }
    let decoded = in_their_places(&written, shape).map(|(fact, at)| decoded(fact, at));
    decoded.collect::<Result<_, _>>().map(|facts| (facts, shape, hash))
}

/// Each fact, and the JSON pointer to it.
fn in_their_places(written: &[Value], shape: Shape) -> impl Iterator<Item = (&Value, String)> {
    written.iter().enumerate().map(move |(index, fact)| match shape {
        Shape::One => (fact, String::new()),
        Shape::List => (fact, format!("/{index}")),
    })
}

/// Decodes a fact that matches its schema. That fails only for a rule that no schema can express.
fn decoded<F: DeserializeOwned>(fact: &Value, at: String) -> Result<F, Problem> {
    F::deserialize(fact).map_err(|_| Complaint::body(at, Fault::Unreadable).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENT_MISSED: &str = r#"{"type":"consent-withdrawn","occurredOn":"2026-03-01","scope":"health"}"#;

    fn read_facts(body: &str) -> Result<(Vec<Fact>, Shape, [u8; 32]), Problem> {
        read(Vocabulary::of_trajectories(), "/", body.as_bytes(), &Work::default())
    }

    fn errors(body: &str) -> Vec<Complaint> {
        read_facts(body).expect_err("something is wrong").errors
    }

    #[test]
    fn one_fact_and_a_list_of_one_say_the_same() {
        let (one, list) = (read_facts(RENT_MISSED), read_facts(&format!("[{RENT_MISSED}]")));
        let (one, list) = (one.expect("a fact"), list.expect("a list"));
        assert_eq!(one.0, list.0);
        assert_eq!((one.1, list.1), (Shape::One, Shape::List));
    }

    #[test]
    fn a_wrong_fact_in_a_list_is_named_by_its_place() {
        let list = format!(r#"[{RENT_MISSED},{{"type":"consent-withdrawn","occurredOn":"2026-03-01"}}]"#);
        assert_eq!(errors(&list), [Complaint::body("/1/scope", Fault::Required)]);
    }

    #[test]
    fn wrong_json_and_wrong_shape_are_named_together() {
        let fact = r#"{"type":"consent-withdrawn","type":"consent-withdrawn","occurredOn":"1 maart"}"#;
        let expected = [
            Complaint::body("/type", Fault::DuplicateKey),
            Complaint::body("/occurredOn", Fault::NotADate),
            Complaint::body("/scope", Fault::Required),
        ];
        let errors = errors(fact);
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert!(expected.iter().all(|complaint| errors.contains(complaint)), "{errors:?}");
    }

    #[test]
    fn a_report_holds_a_fact_and_ten_thousand_at_most() {
        assert_eq!(errors("[]"), [Complaint::body("", Fault::TooFew).limit(1)]);
        let many = format!("[{}{RENT_MISSED}]", format!("{RENT_MISSED},").repeat(MOST_FACTS));
        assert_eq!(errors(&many), [Complaint::body("", Fault::TooMany).limit(MOST_FACTS)]);
    }
}
