//! What is logged about a request. Nothing in it can identify a person, so there are no addresses
//! and no ids.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::field::{Empty, display};
use tracing_actix_web::{RequestId, RootSpanBuilder};
use uuid::Uuid;

/// Creates the log span of a request.
pub(in crate::http) struct Span;

impl RootSpanBuilder for Span {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        let id = request.extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id);
        tracing::info_span!("request", %id, method = %request.method(), route = Empty, status = Empty)
    }

    fn on_request_end<B: MessageBody>(span: tracing::Span, outcome: &Result<ServiceResponse<B>, Error>) {
        match outcome {
            Ok(answer) => {
                let route = answer.request().match_pattern();
                span.record("route", route.as_deref().unwrap_or("none"));
                span.record("status", answer.status().as_u16());
                // A problem's cause is logged where its body is written; the page writes its own.
                let failed = answer.response().error().filter(|_| answer.status().is_server_error());
                span.in_scope(|| {
                    if let Some(error) = failed {
                        tracing::error!(%error, "a request failed");
                    } else {
                        tracing::debug!("answered");
                    }
                });
            }
            Err(error) => {
                span.record("status", display(error.as_response_error().status_code()));
                span.in_scope(|| tracing::error!(%error, "a request failed"));
            }
        }
    }
}
