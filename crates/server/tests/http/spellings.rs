//! No operation is reached past its guards by writing its path in another way.

use std::num::NonZeroU32;

use omklap::auth::Rate;
use omklap::http::documents::openapi;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::server::{Server, Settings};
use crate::wire::{Wire, WireResponse};

/// An id of nothing.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";
/// The allowance of a caller that is never too fast.
const PLENTY: u32 = 1_000_000;
/// How many random spellings of each path are tried, in addition to the fixed ones.
const DRAWN: usize = 25;

/// Every published operation, with a path of it.
fn operations() -> Vec<(&'static str, String)> {
    let mut operations = Vec::new();
    for (path, item) in openapi::document().paths.paths {
        let path = path.replace("{region}", "amsterdam").replace("{organisationId}", "de-vaart");
        let path = path.split('/').map(|part| if part.starts_with('{') { NOBODY } else { part });
        let path = format!("/v1{}", path.collect::<Vec<_>>().join("/"));
        for (method, operation) in [
            ("GET", item.get),
            ("POST", item.post),
            ("PUT", item.put),
            ("PATCH", item.patch),
            ("DELETE", item.delete),
        ] {
            operations.extend(operation.map(|_| (method, path.clone())));
        }
    }
    operations
}

fn encoded(letter: char) -> String {
    format!("%{:02x}", u32::from(letter))
}

/// Other spellings of the same path (RFC 3986 §6.2.2): unreserved characters, percent-encoded.
fn equivalents(path: &str, random: &mut ChaCha8Rng) -> Vec<String> {
    let encode = |at: &dyn Fn(usize, char) -> bool| -> String {
        let letter = |(index, letter): (usize, char)| {
            if letter != '/' && at(index, letter) { encoded(letter) } else { letter.into() }
        };
        path.chars().enumerate().map(letter).collect()
    };
    let mut spellings: Vec<_> = (1..path.len()).map(|one| encode(&|index, _| index == one)).collect();
    spellings.push(encode(&|_, _| true));
    spellings.push(encode(&|_, _| true).to_uppercase().replace("%2D", "%2d"));
    for _ in 0..DRAWN {
        let drawn: Vec<bool> = path.chars().map(|_| random.random_bool(0.3)).collect();
        spellings.push(encode(&|index, _| drawn[index]));
    }
    spellings.retain(|spelling| spelling != path);
    spellings
}

/// Spellings that some servers treat as the same path, and that are another path or none here.
fn lookalikes(path: &str, random: &mut ChaCha8Rng) -> Vec<String> {
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    let mut spellings = vec![
        format!("{path}/"),
        format!("{path}%20"),
        format!("{path}%00"),
        format!("{path};a=b"),
        format!("{path}%3Flimit=1"),
        format!("{path}%23"),
        format!("{path}/."),
        format!("{path}/%2e%2e/"),
        path.to_uppercase(),
        path.replacen("v1", "V1", 1),
        path.replacen("/v1", "/v1/docs/..", 1),
        path.replacen("/v1", "/health/..%2Fv1", 1),
        path.replace('/', "\\"),
        format!("/v1{}", path.replacen("/v1", "/v1%2F..", 1)),
    ];
    for at in slashes {
        for instead in ["//", "/./", "/%2e/", "/%2E%2E/x/", "%2F", "%2f", "/%5C", "%252F", "/;/"] {
            spellings.push(format!("{}{instead}{}", &path[..at], &path[at + 1..]));
        }
    }
    for _ in 0..DRAWN {
        let at = random.random_range(1..path.len());
        let (odd, other) = (["%", "%%", "%7", "%zz", "%25", "%0a", "%C3%A9", "é", "+", "~", ":", "@"], "x");
        spellings.push(format!("{}{}{}", &path[..at], odd.choose(random).unwrap_or(&other), &path[at..]));
    }
    spellings.retain(|spelling| spelling != path);
    spellings
}

/// A server that counts requests, so that a test can distinguish requests that were let in from
/// those that were not.
async fn counting() -> Server {
    let rate = Some(Rate::of(NonZeroU32::new(PLENTY).expect("not none")));
    Server::set(Settings { rate, ..Settings::default() }).await
}

async fn response_to(wire: &mut Wire, method: &str, target: &str, token: Option<&str>) -> WireResponse {
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let headers = format!("content-type: application/json\r\nif-match: *\r\n{token}");
    wire.asks(method, target, &headers, if method == "GET" { "" } else { "{}" }).await
}

#[tokio::test]
async fn a_path_that_is_spelt_otherwise_is_the_same_operation_with_all_its_guards() {
    let server = counting().await;
    let (mut wire, mut random) = (Wire::to(server.address).await, ChaCha8Rng::seed_from_u64(11));
    let (nothing, everything) = (server.token_granting(&[]), server.token());
    let mut tried = 0;
    for (method, path) in operations() {
        for token in [None, Some(nothing.as_str()), Some(everything.as_str())] {
            let expected = response_to(&mut wire, method, &path, token).await;
            let is_counted = expected.head.contains("ratelimit-policy");
            assert_eq!(is_counted, token.is_some(), "{method} {path}: {} {}", expected.head, expected.body);
            for spelling in equivalents(&path, &mut random) {
                let response = response_to(&mut wire, method, &spelling, token).await;
                let same = (response.status, response.problem(), response.head.contains("ratelimit-policy"));
                assert_eq!(same, (expected.status, expected.problem(), is_counted), "{method} {spelling}");
                tried += 1;
            }
        }
    }
    assert!(tried > 5_000, "{tried} spellings");
}

#[tokio::test]
async fn a_path_that_only_looks_like_one_of_ours_is_none_or_is_guarded() {
    let server = counting().await;
    let (mut wire, mut random) = (Wire::to(server.address).await, ChaCha8Rng::seed_from_u64(12));
    let nothing = server.token_granting(&[]);
    let mut tried = 0;
    for (method, path) in operations() {
        for spelling in lookalikes(&path, &mut random) {
            for (token, guarded) in
                [(None, (401, "sign-in-required")), (Some(nothing.as_str()), (403, "insufficient-scope"))]
            {
                let response = response_to(&mut wire, method, &spelling, token).await;
                let outcome = (response.status, response.problem());
                // Every partner may look up the others, whatever its token grants.
                let open = if token.is_some() { (404, "no-such-organisation") } else { guarded };
                let known = [(404, "no-such-path"), (400, ""), guarded, (405, "method-not-allowed"), open];
                let outcome = (outcome.0, outcome.1.as_str());
                assert!(known.contains(&outcome), "{method} {spelling}: {outcome:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 4_000, "{tried} spellings");
}

#[tokio::test]
async fn a_public_path_is_public_in_every_spelling() {
    let server = Server::start().await;
    let (mut wire, mut random) = (Wire::to(server.address).await, ChaCha8Rng::seed_from_u64(13));
    for path in ["/health/live", "/problems/stale", "/v1/docs", "/development/jwks"] {
        for spelling in equivalents(path, &mut random) {
            assert_eq!(response_to(&mut wire, "GET", &spelling, None).await.status, 200, "{spelling}");
        }
        for spelling in lookalikes(path, &mut random) {
            let status = response_to(&mut wire, "GET", &spelling, None).await.status;
            assert!([404, 400].contains(&status), "{spelling}: {status}");
        }
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused_before_any_handler() {
    let server = counting().await;
    let mut wire = Wire::to(server.address).await;
    let everything = server.token();
    let operations = operations();
    for (_, path) in &operations {
        let unknown = ["PATCH", "TRACE", "PURGE"].into_iter();
        for method in unknown.filter(|method| !operations.contains(&(*method, path.clone()))) {
            let response = response_to(&mut wire, method, path, None).await;
            assert_eq!(
                (response.status, response.problem().as_str()),
                (401, "sign-in-required"),
                "{method} {path}"
            );
            let response = response_to(&mut wire, method, path, Some(&everything)).await;
            assert_eq!(
                (response.status, response.problem().as_str()),
                (405, "method-not-allowed"),
                "{method} {path}"
            );
        }
    }
}
