//! omklap, as a program over HTTP and in process.

use std::sync::Arc;

use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{OperatorKey, Seen, Target};
use reqwest::RequestBuilder;

use super::cpu::Process;
use super::{Operation, System, Work};
use crate::case;
use crate::omklap::{self, Server};

pub const REPORT_OVER_HTTP: &str = "report, omklap over HTTP";
pub const REPORT_IN_PROCESS: &str = "report, omklap in process";
pub const READ_OVER_HTTP: &str = "GET a trajectory, omklap over HTTP";

/// Reports over HTTP, signed in, with every read model.
pub async fn reports_over_http() -> System {
    over_http(REPORT_OVER_HTTP, |http, url, token| {
        http.post(format!("{url}/events"))
            .header("Content-Type", "application/json")
            .header("If-Match", "*")
            .bearer_auth(token)
            .body(case::report().to_string())
    })
    .await
}

/// Reads over HTTP, signed in, each with its line in the access log.
pub async fn reads_over_http() -> System {
    over_http(READ_OVER_HTTP, |http, url, token| http.get(url).bearer_auth(token)).await
}

/// Reports through the ledger, with every read model.
pub async fn reports_in_process() -> System {
    let database = ScratchDatabase::create().await;
    let ledger = omklap::ledger(&database, OperatorKey::of_tests());
    omklap::open(&ledger, 1).await;
    let kept = Arc::new(database);
    let operation = Box::new(move |number| {
        let (ledger, _kept) = (Arc::clone(&ledger), Arc::clone(&kept));
        Box::pin(async move {
            let target = Target::Existing { id: case::trajectory(0, number), seen: Seen::Any };
            ledger.record(omklap::report(target, vec![case::reported()])).await.expect("recorded");
        }) as Operation
    });
    System { name: REPORT_IN_PROCESS, work: Work::Ours { operation, server: None } }
}

async fn over_http(
    name: &'static str,
    request: impl Fn(&reqwest::Client, &str, &str) -> RequestBuilder + 'static,
) -> System {
    let (database, http) = (ScratchDatabase::create().await, reqwest::Client::new());
    let server = Server::start(&database);
    server.ready(&http).await;
    omklap::open(&omklap::ledger(&database, server.operator_key()), 1).await;
    let token = server.token(&database).await;
    let process = Process::numbered(server.id());
    let operation = Box::new(move |number| {
        // As long as the system is measured.
        let _kept = &database;
        let url = format!("{}/v1/trajectories/{}", server.url, case::trajectory(0, number));
        let request = request(&http, &url, &token);
        Box::pin(async move {
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
            answer.bytes().await.expect("a whole answer");
        }) as Operation
    });
    System { name, work: Work::Ours { operation, server: Some(process) } }
}
