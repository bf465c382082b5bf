//! Figures for Prometheus: requests, how long they take, refusals by rule, webhooks, the pool.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::Services;
use super::problem::{Problem, Rule};
use crate::messaging::{WEBHOOK_ATTEMPTS, WEBHOOK_LAG};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const REFUSALS: &str = "omklap_refusals_total";
const CONNECTIONS: &str = "omklap_database_connections";

/// From the time of one look at the end of the ledger to a day, by steps that an outage falls between.
const LAGS: [f64; 12] = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 60.0, 600.0, 3_600.0, 21_600.0, 86_400.0];

/// From a millisecond, by steps that a report's two round trips fall between, to ten seconds.
const BUCKETS: [f64; 13] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// How often what was measured is put into its buckets where nobody comes to read it.
const UPKEEP: Duration = Duration::from_secs(15);

/// One recorder for the program, however many servers a test starts in it.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count, and keeps what is counted small.
pub(super) fn start() {
    let handle = recorder().clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            handle.run_upkeep();
        }
    });
}

fn recorder() -> &'static PrometheusHandle {
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &BUCKETS)
            .and_then(|recorder| {
                recorder.set_buckets_for_metric(Matcher::Full(WEBHOOK_LAG.to_owned()), &LAGS)
            })
            .expect("there are buckets")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder was there first; /metrics stays empty");
        }
        metrics::describe_counter!(REQUESTS, "Requests answered, by route, method and status.");
        metrics::describe_histogram!(DURATION, "How long requests took, by route and method.");
        metrics::describe_counter!(REFUSALS, "Rules broken in reports that were refused, by code.");
        metrics::describe_counter!(
            WEBHOOK_ATTEMPTS,
            "Tries to deliver a message by webhook, by what came of them."
        );
        metrics::describe_histogram!(
            WEBHOOK_LAG,
            "From the recording of an event to its being accepted by a receiver."
        );
        metrics::describe_gauge!(CONNECTIONS, "Connections to the database, idle and in use.");
        handle
    })
}

/// Counts one request. Routes are templates: an id is no label.
pub(super) async fn measure<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let answer = next.call(request).await?;
    let route = answer.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    // A method is the caller's own word: only those that a route answers become a label.
    let method = if route == "none" { "any".to_owned() } else { answer.request().method().to_string() };
    let status = answer.status().as_u16().to_string();
    metrics::histogram!(DURATION, "route" => route.clone(), "method" => method.clone())
        .record(started.elapsed());
    metrics::counter!(REQUESTS, "route" => route, "method" => method, "status" => status).increment(1);
    Ok(answer)
}

/// Counts the rules that a refused report broke.
pub(super) fn count(problem: &Problem) {
    for refusal in problem.refused.iter().flat_map(|(refused, _)| &refused.refusals) {
        metrics::counter!(REFUSALS, "code" => Rule::Refusal(*refusal).code()).increment(1);
    }
}

/// Figures for Prometheus
#[get("/metrics")]
pub(super) async fn show(services: Data<Services>) -> HttpResponse {
    let pool = &services.pool;
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    metrics::gauge!(CONNECTIONS, "state" => "idle").set(idle);
    metrics::gauge!(CONNECTIONS, "state" => "in-use").set(pool.size().saturating_sub(idle));
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(recorder().render())
}
