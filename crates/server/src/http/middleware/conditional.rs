//! `If-None-Match`: a reader that has an answer already gets 304 instead of the same again
//! (RFC 9110 §13.1.2).
//!
//! The tag of an answer covers its bytes, as its reader gets them: it says nothing that they do not.
//! The handler has read, and the access log has its line, before the two are compared. An answer
//! with a tag of its own, which names a version for `If-Match`, keeps it in front.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use sha2::{Digest, Sha256};

use crate::http::problem::{Complaint, Fault, Form, Problem};
use crate::http::request::entity_tags::{EntityTags, LONGEST_VALUE};

/// The answers that are new each time: they have cursors with another seal, a line of the access log for
/// the read itself, or the instant at which they were made.
const NEVER_THE_SAME: [&str; 5] = [
    "/v1/feed",
    "/v1/subscriptions",
    "/v1/subscriptions/{subscriptionId}",
    "/v1/trajectories/{trajectoryId}/access-log",
    "/v1/trajectories/{trajectoryId}/case-file",
];

/// Whether the answers of a route have a tag to ask with again.
#[must_use]
pub fn is_cacheable(route: &str) -> bool {
    (route.starts_with("/v1/") || route.starts_with("/problems/")) && !NEVER_THE_SAME.contains(&route)
}

/// Refuses a read whose `If-None-Match` is longer than any list of tags or holds more than visible
/// ASCII, before its handler runs.
///
/// # Errors
/// What a handler failed with.
pub(in crate::http) async fn refuse_no_text(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.method() == Method::GET
        && let Some(complaint) = request.headers().get_all(IF_NONE_MATCH).find_map(complaint)
    {
        return Ok(request.error_response(Problem::from(complaint)));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

fn complaint(value: &HeaderValue) -> Option<Complaint> {
    if value.len() > LONGEST_VALUE {
        return Some(Complaint::header("If-None-Match", Fault::TooLong).limit(LONGEST_VALUE));
    }
    let is_visible = value.as_bytes().iter().all(|byte| (b' '..=b'~').contains(byte));
    (!is_visible).then(|| Complaint::header("If-None-Match", Form::EntityTags))
}

/// Tags every answer that can be requested again, and leaves out one that the caller has.
///
/// # Errors
/// What a middleware inside of this one failed with; ours fail with nothing.
pub(in crate::http) async fn revalidate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_read = request.method() == Method::GET;
    let answer = next.call(request).await?.map_into_boxed_body();
    let route = answer.request().match_pattern().unwrap_or_default();
    if !is_read || answer.status() != StatusCode::OK || !is_cacheable(&route) {
        return Ok(answer);
    }
    let (request, response) = answer.into_parts();
    let (mut response, body) = response.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return Ok(ServiceResponse::new(request, response.set_body(body))),
    };
    let mark = hex::encode(&Sha256::digest(&bytes)[..8]);
    let version = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
    let version = version.map(|version| version.trim_matches('"').to_owned());
    // Only a tag with a version is for `If-Match`, which takes no weak one.
    let (weakly, opaque) = match version {
        Some(version) => ("", format!("{version}.{mark}")),
        None => ("W/", mark),
    };
    let tags = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let is_known = tags.filter_map(EntityTags::read).any(|tags| tags.name(&opaque));
    let tag = HeaderValue::try_from(format!("{weakly}\"{opaque}\"")).expect("a tag is visible ASCII");
    response.headers_mut().insert(ETAG, tag);
    if !is_known {
        return Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(bytes))));
    }
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response.headers_mut().remove(CONTENT_TYPE);
    response.headers_mut().remove(CONTENT_LENGTH);
    Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(()))))
}
