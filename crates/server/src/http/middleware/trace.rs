//! The trace of a request (W3C trace context): read from the request, written to the access log,
//! and returned.

use actix_web::http::header::HeaderMap;
use actix_web::{HttpMessage, HttpRequest};
use omklap_store::access_log::Trace;
use tracing_actix_web::RequestId;
use uuid::Uuid;

use crate::http::request::headers::one;

/// The trace that a request belongs to: the one that `traceparent` names, else one of its own.
/// Every request is a span; none is left out.
#[must_use]
pub fn of(request: &HttpRequest) -> Trace {
    let id = request.extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id);
    let (_, last) = id.as_u64_pair();
    let parent = parent(request.headers());
    Trace {
        trace_id: parent.as_ref().map_or(id, |(trace, _)| *trace),
        span_id: format!("{last:016x}"),
        parent_span_id: parent.map(|(_, span)| span),
    }
}

/// The value of `traceresponse`: the span of this request in the access log.
#[must_use]
pub fn response(trace: &Trace) -> String {
    format!("00-{}-{}-01", trace.trace_id.simple(), trace.span_id)
}

/// The trace and the span of the caller. A `traceparent` that is written otherwise is ignored, as
/// that standard says.
#[must_use]
pub fn parent(headers: &HeaderMap) -> Option<(Uuid, String)> {
    let mut parts = one(headers, "traceparent").ok()??.split('-');
    let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
    let written = |text: &str, length| {
        text.len() == length
            && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let known = version != "ff" && written(version, 2) && written(trace, 32) && written(span, 16);
    let trace = trace.parse::<Uuid>().ok().filter(|trace| known && !trace.is_nil())?;
    (span != "0000000000000000").then(|| (trace, span.to_owned()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(traceparent: &str) -> Option<(Uuid, String)> {
        let request = TestRequest::default().insert_header(("traceparent", traceparent)).to_http_request();
        parent(request.headers())
    }

    #[test]
    fn a_trace_is_taken_over_with_the_span_of_the_caller() {
        let (trace, span) = read(PARENT).expect("as W3C has it");
        assert_eq!((trace.simple().to_string().as_str(), span.as_str()), (&PARENT[3..35], &PARENT[36..52]));
    }

    #[test]
    fn a_trace_that_is_written_otherwise_is_none() {
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
