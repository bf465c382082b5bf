//! omklap, as a program over HTTP and in process.

use std::sync::Arc;
use std::time::Duration;

use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{Ledger, OperatorKey, Seen, Target};
use reqwest::RequestBuilder;

use super::{Operation, STREAMS, System, Work};
use crate::case;
use crate::omklap::{self, Server};

pub const REPORT_OVER_HTTP: &str = "report, omklap over HTTP";
pub const REPORT_IN_PROCESS: &str = "report, omklap in process";
pub const READ_OVER_HTTP: &str = "GET a trajectory, omklap over HTTP";

/// Reports and reads over HTTP, signed in: reports with every read model, reads each with its line in the
/// access log.
pub async fn over_http() -> [System; 2] {
    let database = ScratchDatabase::create().await;
    // The server closes a connection that rests, as this does while the others have their turns; the client before it.
    let http =
        reqwest::Client::builder().pool_idle_timeout(Duration::from_secs(1)).build().expect("a client");
    let server = Server::start(&database);
    server.ready(&http).await;
    omklap::open(&omklap::ledger(&database, server.operator_key()), 1, STREAMS).await;
    let token = server.token(&database).await;
    // The server has connections of its own, and PostgreSQL a hundred for all systems together.
    database.pool().close().await;
    let shared = Arc::new(Shared { _database: database, http, server, token });
    let report = |shared: &Shared, url: &str| {
        let post = shared.http.post(format!("{url}/events")).header("Content-Type", "application/json");
        post.header("If-Match", "*").body(case::report().to_string())
    };
    let read = |shared: &Shared, url: &str| shared.http.get(url);
    [system(REPORT_OVER_HTTP, &shared, report), system(READ_OVER_HTTP, &shared, read)]
}

/// What both use, as long as they are measured.
struct Shared {
    _database: ScratchDatabase,
    http: reqwest::Client,
    server: Server,
    token: String,
}

fn system(
    name: &'static str,
    shared: &Arc<Shared>,
    request: impl Fn(&Shared, &str) -> RequestBuilder + 'static,
) -> System {
    let process = shared.server.process();
    let shared = Arc::clone(shared);
    let operation = Box::new(move |number| {
        let url = format!("{}/v1/trajectories/{}", shared.server.url, case::trajectory(0, number));
        let request = request(&shared, &url).bearer_auth(&shared.token);
        Box::pin(async move {
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
            answer.bytes().await.expect("a whole answer");
        }) as Operation
    });
    System { name, work: Work::Ours { operation, server: Some(process) } }
}

/// The ledger in this process, with its database.
#[derive(Clone)]
pub struct InProcess {
    pub ledger: Arc<Ledger>,
    pub database: Arc<ScratchDatabase>,
}

impl InProcess {
    /// A new one, with the cases that are reported on.
    pub async fn open() -> Self {
        let database = Arc::new(ScratchDatabase::create().await);
        let ledger = omklap::ledger(&database, OperatorKey::of_tests());
        omklap::open(&ledger, 1, STREAMS).await;
        Self { ledger, database }
    }

    /// Reports through the ledger, with every read model.
    pub fn reports(&self) -> System {
        let this = self.clone();
        let operation = Box::new(move |number| {
            let this = this.clone();
            Box::pin(async move {
                let target = Target::Existing { id: case::trajectory(0, number), seen: Seen::Any };
                this.ledger.record(omklap::report(target, vec![case::reported()])).await.expect("recorded");
            }) as Operation
        });
        System { name: REPORT_IN_PROCESS, work: Work::Ours { operation, server: None } }
    }
}
