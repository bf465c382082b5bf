//! Metrics for Prometheus: requests, their duration, refusals by rule, webhooks, the pool.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpResponse, HttpServer, get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sqlx::PgPool;

use super::finish_response;
use crate::http::Listening;
use crate::http::problem::{ALARMS, Problem, Rule};
use crate::jobs::checkpoints::{ACCESS_LOG_LAG, SIGNING_LAG, SIGNING_TROUBLE, UNSIGNED};

use crate::http::operation::{self, Operation};
use crate::webhooks::{WEBHOOK_ATTEMPTS, WEBHOOK_LAG};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const REFUSALS: &str = "omklap_refusals_total";
const CONNECTIONS: &str = "omklap_database_connections";

/// From the time of one look at the end of the ledger to a day, by steps that an outage falls
/// between.
const LAGS: [f64; 12] = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 60.0, 600.0, 3_600.0, 21_600.0, 86_400.0];

/// From a millisecond, by steps that a report's two round trips fall between, to ten seconds.
const BUCKETS: [f64; 13] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// How often measurements are aggregated if no scraper reads them.
const UPKEEP: Duration = Duration::from_secs(15);

/// One recorder for the program, however many servers a test starts in it.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts counting, and aggregates regularly so that memory use stays small.
pub(in crate::http) fn start() {
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
        metrics::describe_counter!(WEBHOOK_ATTEMPTS, "Attempts to deliver a message by webhook, by outcome.");
        metrics::describe_histogram!(
            WEBHOOK_LAG,
            "From the recording of an event to its being accepted by a receiver."
        );
        metrics::describe_counter!(
            ALARMS,
            "Answers withheld because the database held something else than was recorded."
        );
        metrics::describe_gauge!(UNSIGNED, "Events that no signed checkpoint covers yet.");
        metrics::describe_gauge!(SIGNING_LAG, "The age of the oldest of them, in seconds.");
        metrics::describe_gauge!(
            ACCESS_LOG_LAG,
            "The age of the oldest line of the access log that is in no batch, in seconds."
        );
        metrics::describe_gauge!(SIGNING_TROUBLE, "1 if nothing is signed until an operator has looked.");
        metrics::describe_gauge!(CONNECTIONS, "Connections to the database, idle and in use.");
        handle
    })
}

/// Counts one request. Routes are templates: an id is no label.
pub(in crate::http) async fn measure<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let answer = next.call(request).await?;
    // Path and method are chosen by the caller, so only those of a route become a label.
    let operation = Operation::of(answer.request());
    let (route, method) =
        operation.map_or(("none", "any"), |operation| (operation.route(), operation.method()));
    let status = answer.status().as_u16().to_string();
    metrics::histogram!(DURATION, "route" => route, "method" => method).record(started.elapsed());
    metrics::counter!(REQUESTS, "route" => route, "method" => method, "status" => status).increment(1);
    Ok(answer)
}

/// Counts the rules that a refused report broke.
pub(in crate::http) fn count(problem: &Problem) {
    for refusal in problem.refused.iter().flat_map(|(refused, _)| &refused.refusals) {
        metrics::counter!(REFUSALS, "code" => Rule::Refusal(*refusal).code()).increment(1);
    }
}

/// Serves `GET /metrics` on this address and nothing else. The figures are those of the whole
/// program.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve(pool: PgPool, on: SocketAddr) -> io::Result<Listening> {
    let listener = TcpListener::bind(on)?;
    let address = listener.local_addr()?;
    let app = move || {
        App::new()
            .app_data(Data::new(pool.clone()))
            .service(show)
            .default_service(web::to(operation::unrouted))
            .wrap(from_fn(finish_response::complete))
    };
    let server = HttpServer::new(app).workers(1).shutdown_timeout(1).disable_signals();
    Ok(Listening { address, server: server.listen(listener)?.run() })
}

/// Figures for Prometheus
#[get("/metrics")]
async fn show(pool: Data<PgPool>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(rendered(&pool))
}

/// The figures as Prometheus reads them.
#[must_use]
pub fn rendered(pool: &PgPool) -> String {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    metrics::gauge!(CONNECTIONS, "state" => "idle").set(idle);
    metrics::gauge!(CONNECTIONS, "state" => "in-use").set(pool.size().saturating_sub(idle));
    recorder().render()
}
