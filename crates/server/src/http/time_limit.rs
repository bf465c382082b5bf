//! How long an answer may take as a whole.

use std::time::Duration;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use super::problem::{Kind, Problem};

/// Longer than all that may take its time: a body that comes slowly, a statement of the database, waiting for news.
const LIMIT: Duration = Duration::from_secs(60);

/// Gives up on an answer that does not come, and says so. What it was about to record it recorded or did not: the caller
/// finds out as after any answer that was lost.
///
/// # Errors
/// What a handler failed with.
pub(super) async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    within(LIMIT, request, next).await
}

async fn within(
    limit: Duration,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = request.request().clone();
    match tokio::time::timeout(limit, next.call(request)).await {
        Ok(answer) => answer.map(ServiceResponse::map_into_boxed_body),
        Err(_) => Ok(ServiceResponse::from_err(Problem::from(Kind::Unavailable), asked)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};

    use super::*;

    #[tokio::test]
    async fn an_answer_that_never_comes_is_given_up() {
        let silent = || async {
            std::future::pending::<()>().await;
            HttpResponse::Ok()
        };
        let app = App::new()
            .route("/silent", web::get().to(silent))
            .route("/prompt", web::get().to(HttpResponse::Ok))
            .wrap(from_fn(|request, next| within(Duration::from_millis(100), request, next)));
        let app = init_service(app).await;
        let status = async |path| call_service(&app, TestRequest::with_uri(path).to_request()).await.status();
        assert_eq!(status("/silent").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status("/prompt").await, StatusCode::OK);
    }
}
