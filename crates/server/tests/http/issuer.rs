//! No caller can make the server call an issuer more often than its minimum interval.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use omklap::auth::certificate_authorities::Authorities;
use omklap::auth::{Issuer, IssuerSettings};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::server::{Server, Settings, answer};

#[tokio::test]
async fn the_keys_of_an_issuer_are_fetched_once_in_five_seconds_whatever_keys_are_named() {
    let (url, requests) = issuer_without_keys().await;
    let settings = json!({ "url": url, "audience": "omklap", "jwks_uri": format!("{url}/keys") });
    let settings: IssuerSettings = serde_json::from_value(settings).expect("settings");
    let trusted = Issuer::of("sso", &settings, &Authorities::default());
    let server = Server::set(Settings { issuer: Some(trusted), ..Settings::default() }).await;
    let began = Instant::now();
    for burst in 0..3 {
        let named = (0..40).map(|key| token(&url, &format!("key-{burst}-{key}")));
        let asks = |token| answer(server.anonymous("/v1/trajectories").bearer_auth(token));
        for response in named.map(asks).collect::<JoinSet<_>>().join_all().await {
            assert_eq!(response.errors(), [("Authorization", "unknown-key")], "{}", response.body);
        }
        let at_most = 1 + began.elapsed().as_secs() / 5;
        let fetched = requests.load(Ordering::SeqCst);
        assert!((1..=at_most).contains(&fetched), "{fetched} times, and {at_most} were due");
    }
    let before = requests.load(Ordering::SeqCst);
    for later in 0.. {
        assert!(later < 600, "no new key is fetched for half a minute");
        let token = token(&url, &format!("key-of-later-{later}"));
        let response = answer(server.anonymous("/v1/trajectories").bearer_auth(token)).await;
        assert_eq!(response.status, 401);
        if requests.load(Ordering::SeqCst) > before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(requests.load(Ordering::SeqCst) <= 1 + began.elapsed().as_secs() / 5, "one in five seconds");
}

/// An issuer that responds but has no keys, and how often they were requested.
async fn issuer_without_keys() -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it listens"));
    let requests = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            counts.fetch_add(1, Ordering::SeqCst);
            let _ = connection.read(&mut [0; 4096]).await;
            let response = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"keys\":[]}";
            let _ = connection.write_all(response.as_bytes()).await;
        }
    });
    (url, requests)
}

/// A token that names this key. Its signature is never checked.
fn token(issuer: &str, key: &str) -> String {
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": key });
    let parts = [header, json!({ "iss": issuer })].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{}.AAAA", parts.join("."))
}
