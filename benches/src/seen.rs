//! What signing in, and deriving what the caller may see, add to a read and to a report.

use std::time::{Duration, Instant};

use omklap::auth::scope::Scope;
use omklap::auth::{DevelopmentIssuer, SignIn, TokenRequest};
use omklap::clock::Clock;
use omklap_domain::visibility::{Role, Viewer, view};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{Organisations, Target};

use crate::case;
use crate::omklap as bench;
use crate::omklap::Server;
use crate::results::{Figure, result, section};
use crate::timing::median;

/// How often each thing is done.
const OFTEN: usize = 500;

/// Reads and reports over HTTP, and measures separately the part that depends on the caller: the
/// token, the program's registration, and the view of every fact of the case.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let http = reqwest::Client::new();
    let server = Server::start(&database);
    server.ready(&http).await;
    let ledger = bench::ledger(&database, server.operator_key());
    for number in 0..OFTEN {
        let report = bench::report(Target::New(case::trajectory(0, number)), case::before());
        ledger.record(report).await.expect("an admissible case");
    }
    let token = server.token(&database).await;
    let (mut reads, mut reports) = (Vec::new(), Vec::new());
    for number in 0..OFTEN {
        let url = format!("{}/v1/trajectories/{}", server.url, case::trajectory(0, number));
        let read = http.get(&url).bearer_auth(&token);
        reads.push(answered(read).await);
        let report = http
            .post(format!("{url}/events"))
            .header("Content-Type", "application/json")
            .header("If-Match", "*")
            .bearer_auth(&token)
            .body(case::report().to_string());
        reports.push(answered(report).await);
    }
    let (first, again) = signed_in(&database).await;
    let viewed = viewed(&ledger).await;
    let (read, report) = (median(reads), median(reports));
    section("signing in, and what the caller may see");
    result("signing in with a new token", &[Figure::median(first)]);
    result("signing in with a token seen before", &[Figure::median(again)]);
    result("the view of a case", &[Figure::median(viewed)]);
    for (what, whole) in [("a read", read), ("a report", report)] {
        result(&format!("{what} over HTTP"), &[Figure::median(whole)]);
        for (token, signed_in) in [("a new token", first), ("a token seen before", again)] {
            let added = Figure::added(signed_in + viewed, whole);
            result(&format!("signing in with {token} and the view, in {what}"), &[added]);
        }
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Duration {
    let started = Instant::now();
    let answer = request.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
    answer.bytes().await.expect("a whole answer");
    started.elapsed()
}

/// How long it takes to identify the caller: with tokens that are new, and with tokens that were
/// seen before.
async fn signed_in(database: &ScratchDatabase) -> (Duration, Duration) {
    let (issuer, clock) = (DevelopmentIssuer::generate(), Clock::running());
    let request = |n: usize| TokenRequest {
        client: "cosis".to_owned(),
        purpose: Some(format!("measuring-{n}")),
        scopes: Scope::ALL.into(),
        ..TokenRequest::default()
    };
    let tokens: Vec<String> = (0..OFTEN).map(|n| issuer.token(&request(n), clock.now())).collect();
    let sign_in = SignIn::developing(issuer, Organisations::new(database.pool().clone()), clock);
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for took in [&mut first, &mut again] {
        for token in &tokens {
            let started = Instant::now();
            let grant = sign_in.recognise(token).await.expect("a good token");
            sign_in.client(&grant).await.expect("readable").expect("registered");
            took.push(started.elapsed());
        }
    }
    (median(first), median(again))
}

/// How long it takes to derive what a provider sees of every fact of a case.
async fn viewed(ledger: &omklap_store::Ledger) -> Duration {
    let id = case::trajectory(0, 0);
    let history = ledger.load(id).await.expect("readable").expect("there").history();
    let organisation = "cosis".parse().expect("a code");
    let viewer = Viewer { role: Role::CareProvider, organisation, regions: [].into(), trajectory: None };
    let took = (0..OFTEN).map(|_| {
        let started = Instant::now();
        let view = view(&viewer, id, &history);
        for fact in history.recorded() {
            std::hint::black_box(view.show_among(history.recorded(), fact));
        }
        started.elapsed()
    });
    median(took.collect())
}
