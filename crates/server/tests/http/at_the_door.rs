//! What a server does before any handler runs: CORS, TLS, rate limits.

use std::num::NonZeroU32;
use std::path::PathBuf;

use omklap::auth::Rate;
use omklap::http::middleware::cors::Origins;
use omklap::http::tls;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Certificate, Client, Method};

use crate::server::{Server, Settings, answer};

const PARTNER: &str = "https://begeleiding.example.org";

async fn for_pages_of_a_partner() -> Server {
    let origins = Origins::of(&[PARTNER.to_owned()]).expect("an origin");
    Server::set(Settings { origins, ..Settings::default() }).await
}

/// The preflight request of a browser.
async fn before_a_report(server: &Server, origin: &str) -> crate::server::Answer {
    let url = format!("http://{}/v1/trajectories", server.address);
    let request = Client::new().request(Method::OPTIONS, url).header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", "POST");
    answer(request.header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key"))
        .await
}

#[tokio::test]
async fn a_page_of_an_origin_that_was_named_may_report_and_read() {
    let server = for_pages_of_a_partner().await;
    let response = before_a_report(&server, PARTNER).await;
    assert_eq!(response.status, 200, "{}", response.body);
    assert_eq!(response.headers["access-control-allow-origin"], PARTNER);
    assert!(response.headers["access-control-allow-methods"].to_str().expect("methods").contains("POST"));
    let read = answer(server.get("/v1/trajectories").header("Origin", PARTNER)).await;
    assert_eq!(
        (read.status, &read.headers["access-control-allow-origin"]),
        (200, &PARTNER.parse().expect("a value"))
    );
    assert!(read.headers["access-control-expose-headers"].to_str().expect("headers").contains("etag"));
}

#[tokio::test]
async fn a_page_of_another_origin_may_not() {
    let server = for_pages_of_a_partner().await;
    let other = "https://elders.example.org";
    assert!(!before_a_report(&server, other).await.headers.contains_key("access-control-allow-origin"));
    let read = answer(server.get("/v1/trajectories").header("Origin", other)).await;
    assert!(!read.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn without_a_configured_origin_no_page_may_call() {
    let server = Server::start().await;
    let response = before_a_report(&server, PARTNER).await;
    assert_eq!((response.status, response.problem()), (401, "sign-in-required"));
    let read = answer(server.get("/v1/trajectories").header("Origin", PARTNER)).await;
    assert!(!read.headers.contains_key("access-control-allow-origin"));
}

/// A certificate for `localhost` in two files, as an operator has them.
fn certificate() -> (Certificate, [PathBuf; 2]) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let place = std::env::temp_dir();
    let file = |kind: &str| place.join(format!("omklap-at-the-door-{}-{kind}.pem", std::process::id()));
    let files = [file("certificate"), file("key")];
    std::fs::write(&files[0], cert.pem()).expect("a temporary file");
    std::fs::write(&files[1], signing_key.serialize_pem()).expect("a temporary file");
    (Certificate::from_pem(cert.pem().as_bytes()).expect("PEM"), files)
}

#[tokio::test]
async fn https_is_spoken_with_the_certificate_of_the_operator_and_nothing_else() {
    let (trusted, [chain, key]) = certificate();
    let tls = Some(tls::config(&chain, &key).expect("a chain and its key"));
    let server = Server::set(Settings { tls, ..Settings::default() }).await;
    let ready = |scheme: &str| format!("{scheme}://localhost:{}/health/ready", server.address.port());
    let to_it = |client: reqwest::ClientBuilder| {
        client.resolve("localhost", server.address).build().expect("a client")
    };
    let partner = to_it(Client::builder().add_root_certificate(trusted));
    let answered = partner.get(ready("https")).send().await.expect("an answer");
    assert_eq!(answered.status(), 200);
    assert!(to_it(Client::builder()).get(ready("https")).send().await.is_err(), "no authority certified it");
    assert!(partner.get(ready("http")).send().await.is_err(), "nothing is said in plain");
    let swapped = tls::config(&key, &chain).expect_err("a key is no certificate");
    assert!(swapped.to_string().ends_with("certificate.pem: no items found"), "{swapped}");
    for file in [chain, key] {
        std::fs::remove_file(file).expect("it was written");
    }
}

#[tokio::test]
async fn too_many_requests_are_refused_with_the_time_to_try_again() {
    let rate = Some(Rate::of(NonZeroU32::new(2).expect("two")));
    let server = Server::set(Settings { rate, ..Settings::default() }).await;
    let mut last = answer(server.get("/v1/trajectories")).await;
    assert_eq!(
        (last.status, &last.headers["ratelimit-policy"]),
        (200, &r#""client";q=2;w=1"#.parse().expect("a value"))
    );
    for _ in 0..20 {
        last = answer(server.get("/v1/trajectories")).await;
        if last.status != 200 {
            break;
        }
    }
    assert_eq!((last.status, last.problem()), (429, "too-many-requests"));
    assert_eq!(last.headers["retry-after"], "1");
    assert_eq!(answer(server.anonymous("/health/ready")).await.status, 200, "others are not kept waiting");
}
