//! How long a request body and a response may take in total.

use std::time::Duration;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::middleware::Next;

use super::finish_response::{self, Addressee};
use crate::http::problem::Kind;
use crate::http::services::Patience;

/// Gives up on a response that takes too long, and reports that. The request may or may not have
/// been recorded: the caller finds out as after any lost response.
///
/// # Errors
/// The error of a handler.
pub(in crate::http) async fn enforce(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    within(Patience::of(request.request()).answer, request, next).await
}

async fn within(
    limit: Duration,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // Read now: `next` takes the request, and actix-web does not allow a second handle on it while
    // it is routed.
    let to = Addressee::of(request.request());
    if let Ok(answer) = tokio::time::timeout(limit, next.call(request)).await {
        return answer.map(ServiceResponse::map_into_boxed_body);
    }
    let response = finish_response::alone(&Kind::Unavailable.into(), to);
    Err(InternalError::from_response("the response took too long", response).into())
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, HttpResponse, web};

    use super::*;

    #[tokio::test]
    async fn an_answer_that_never_comes_is_given_up() {
        let silent = || async {
            std::future::pending::<()>().await;
            HttpResponse::Ok().finish()
        };
        let app = App::new()
            .route("/silent", web::get().to(silent))
            .service(web::scope("/v1").route("/prompt", web::get().to(HttpResponse::Ok)))
            .wrap(from_fn(|request, next| within(Duration::from_millis(100), request, next)));
        let app = init_service(app).await;
        let status = async |path| {
            let answer = try_call_service(&app, TestRequest::with_uri(path).to_request()).await;
            answer.map_or_else(|error| error.as_response_error().status_code(), |answer| answer.status())
        };
        assert_eq!(status("/silent").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status("/v1/prompt").await, StatusCode::OK);
    }
}
