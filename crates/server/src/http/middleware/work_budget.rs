//! The work budget of a client: the work of a request is charged when it is over, and a client that
//! used too much waits.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use omklap_domain::ids::ClientId;
use omklap_domain::trajectory::work::Work;
use omklap_store::background::counting;

use super::authenticate::SignedIn;
use crate::auth::SignIn;
use crate::http::problem::{Kind, Problem};
use crate::http::services::Services;

/// A body of at most this many bytes holds a few facts.
const FEW_BYTES: usize = 4 * 1024;

/// The work spent on a request. It is charged to its program when the work ends, even if the caller
/// has hung up.
struct Spending {
    sign_in: Arc<SignIn>,
    client: ClientId,
    work: Work,
}

impl Drop for Spending {
    fn drop(&mut self) {
        self.sign_in.spend(&self.client, self.work.steps());
    }
}

/// Handles a request of a program that has budget left, and charges the work. The caller is already
/// authenticated.
///
/// # Errors
/// What a handler failed with.
pub(in crate::http) async fn enforce(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let client = request.extensions().get::<SignedIn>().map(|signed_in| signed_in.client().clone());
    let sign_in = request.app_data::<Data<Services>>().map(|services| Arc::clone(&services.sign_in));
    let Some((client, sign_in)) = client.zip(sign_in) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    // All but a few earlier requests have been charged by the time its turn comes.
    let _turn = if is_long(&request) { sign_in.turn(&client).await } else { None };
    if let Some(seconds) = sign_in.wait_for_work(&client) {
        let problem = Problem { retry_after: Some(seconds), ..Kind::WorkSpent.into() };
        return Ok(request.error_response(problem));
    }
    let spending = Spending { sign_in, client, work: Work::default() };
    let answer = counting(spending.work.clone(), next.call(request)).await;
    answer.map(ServiceResponse::map_into_boxed_body)
}

/// Whether a request may take long: its body is more than a few facts, or its length is not
/// announced.
fn is_long(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    announced.map_or_else(|| headers.contains_key(TRANSFER_ENCODING), |length| length > FEW_BYTES)
}
