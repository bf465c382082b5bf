//! What a restored copy of the ledger does not do until an operator confirms it (ADR 27): take
//! reports and changes, hand out the feed, and sign.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::http::problem::{Kind, Problem};
use crate::http::services::Services;

/// The reads that must not be answered from a copy: a partner acts on the feed, and a case file is
/// signed.
const SPEAKING: [&str; 2] = ["/v1/feed", "/v1/trajectories/{trajectoryId}/case-file"];

/// Refuses what a copy does not do.
///
/// # Errors
/// What a handler failed with.
pub(in crate::http) async fn stay_silent(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_copy =
        request.app_data::<Data<Services>>().is_some_and(|services| services.copy.unconfirmed().is_some());
    if is_copy && speaks(&request) {
        return Ok(request.error_response(Problem::from(Kind::RestoredCopy)).map_into_boxed_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

/// Whether it would change the ledger, or speak for it.
fn speaks(request: &ServiceRequest) -> bool {
    let Some(route) = request.match_pattern() else { return false };
    route.starts_with("/v1/") && (!request.method().is_safe() || SPEAKING.contains(&route.as_str()))
}
