//! The CPU time that the server spends on bodies, headers and queries that are made to be
//! expensive: CPU seconds per megabyte, for three sizes. If the cost grows in proportion to the
//! size, all three columns have the same number.

use std::time::Duration;

use omklap_store::database::scratch::ScratchDatabase;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::results::{row, table};
use crate::{case, nasty, omklap};

/// The sizes that are sent, in bytes. The head of a request must be much smaller.
const SIZES: [usize; 3] = [8 << 10, 64 << 10, 512 << 10];
const SIZES_OF_HEADS: [usize; 3] = [1 << 10, 4 << 10, 16 << 10];
/// CPU time to spend on each way, long enough to measure.
const ENOUGH: Duration = Duration::from_millis(300);
/// The most requests of each way.
const MOST: usize = 40;

/// One kind of expensive request.
struct Way {
    name: &'static str,
    family: &'static str,
    sizes: [usize; 3],
    request: Box<dyn Fn(usize) -> RequestBuilder>,
}

/// Sends every kind of request to a server, and prints what each cost.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let server = omklap::Server::start(&database);
    let http = Client::new();
    server.ready(&http).await;
    omklap::open_one(&omklap::ledger(&database, server.operator_key()), case::trajectory(0, 0)).await;
    let token = server.token(&database).await;
    table(
        "CPU seconds per megabyte, by the size of the request",
        &["request", "with", "small", "middle", "large", "large / small", "answers"],
    );
    for way in ways(&http, &server.url, &token) {
        let mut measured = [(0.0, 0); 3];
        for (at, size) in way.sizes.into_iter().enumerate() {
            measured[at] = a_megabyte(&server, &|| (way.request)(size), size).await;
        }
        print(&way, measured);
    }
}

/// Prints the CPU seconds per megabyte and the status of each size.
fn print(way: &Way, measured: [(f64, u16); 3]) {
    let (seconds, statuses) = (measured.map(|(seconds, _)| seconds), measured.map(|(_, status)| status));
    let [small, middle, large] = seconds;
    let ratio = large / small.max(0.001);
    let figures = [small, middle, large].map(|seconds| format!("{seconds:.3}"));
    let names = [way.name, way.family].map(str::to_owned);
    let last = [format!("{ratio:.1}"), statuses.map(|status| status.to_string()).join(", ")];
    row(
        &[&names[..], &figures, &last].concat(),
        &json!({
            "request": way.name, "with": way.family, "bytes": way.sizes,
            "cpuSecondsPerMegabyte": seconds, "largeToSmall": ratio, "statuses": statuses,
        }),
    );
}

/// CPU seconds that the server spends per megabyte of such requests, and the last response's
/// status.
#[expect(clippy::cast_precision_loss, reason = "few bytes")]
async fn a_megabyte(
    server: &omklap::Server,
    request: &dyn Fn() -> RequestBuilder,
    size: usize,
) -> (f64, u16) {
    let began = server.process().cpu_time();
    let (mut sent, mut status) = (0, 0);
    while sent < MOST && server.process().cpu_time().saturating_sub(began) < ENOUGH {
        let answer = request().send().await.expect("an answer");
        status = answer.status().as_u16();
        answer.bytes().await.expect("a whole answer");
        sent += 1;
    }
    let megabytes = (sent * size) as f64 / f64::from(1 << 20);
    (server.process().cpu_time().saturating_sub(began).as_secs_f64() / megabytes, status)
}

fn ways(http: &Client, url: &str, token: &str) -> Vec<Way> {
    let post = |path: String| {
        let (http, token) = (http.clone(), token.to_owned());
        let url = format!("{url}{path}");
        move |body: String| {
            let request = http.post(&url).header("Content-Type", "application/json").header("If-Match", "*");
            request.bearer_auth(&token).body(body)
        }
    };
    let (open, report, subscribe) = (
        post("/v1/trajectories?dryRun=true".to_owned()),
        post(format!("/v1/trajectories/{}/events?dryRun=true", case::trajectory(0, 0))),
        post("/v1/subscriptions".to_owned()),
    );
    let mut ways = Vec::new();
    for (family, body) in nasty::BODIES {
        let (open, report, subscribe) = (open.clone(), report.clone(), subscribe.clone());
        let way = |name, request| Way { name, family, sizes: SIZES, request };
        ways.push(way("POST /v1/trajectories (dry run)", Box::new(move |size| open(body(size))) as _));
        ways.push(way("POST …/events (dry run)", Box::new(move |size| report(body(size)))));
        ways.push(way("POST /v1/subscriptions", Box::new(move |size| subscribe(body(size)))));
    }
    for (family, facts) in nasty::LISTS {
        let (open, report) = (open.clone(), report.clone());
        let list = move |opening: Option<Value>, size: usize| {
            let of_one = facts(0).to_string().len() + 1;
            let facts = (0..size / of_one).map(|n| facts(u32::try_from(n).expect("few")));
            opening.into_iter().chain(facts).collect::<Value>().to_string()
        };
        let way = |name, request| Way { name, family, sizes: SIZES, request };
        let opening = json!(case::before()[0]);
        ways.push(way(
            "POST /v1/trajectories (dry run)",
            Box::new(move |size| open(list(Some(opening.clone()), size))) as _,
        ));
        ways.push(way("POST …/events (dry run)", Box::new(move |size| report(list(None, size)))));
    }
    ways.extend(heads(http, url, token));
    ways
}

/// Expensive headers and queries.
fn heads(http: &Client, url: &str, token: &str) -> Vec<Way> {
    let mut ways = Vec::new();
    for (family, name, text) in nasty::HEADERS {
        let (http, url, token) =
            (http.clone(), format!("{url}/v1/trajectories?dryRun=true"), token.to_owned());
        let request = move |size: usize| {
            let request = http.post(&url).header("Content-Type", "application/json").bearer_auth(&token);
            request.header(name, text.repeat(size / text.len())).body("{}")
        };
        ways.push(Way { name, family, sizes: SIZES_OF_HEADS, request: Box::new(request) });
    }
    for (family, path, text) in nasty::QUESTIONS {
        let (http, url, token) = (http.clone(), format!("{url}{path}"), token.to_owned());
        let request = move |size: usize| {
            http.get(format!("{url}{}", text.repeat(size / text.len()))).bearer_auth(&token)
        };
        ways.push(Way { name: path, family, sizes: SIZES_OF_HEADS, request: Box::new(request) });
    }
    ways
}
