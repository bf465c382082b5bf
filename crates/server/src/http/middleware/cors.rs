//! Which web pages may call this server from a browser (CORS). A partner's system does not need it,
//! because it is not a browser.

use actix_cors::Cors;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH,
    IF_NONE_MATCH, LINK, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Condition;
use thiserror::Error;

/// How long a browser may cache the response to a preflight request, in seconds.
const REMEMBERED: usize = 3_600;

/// The origins whose pages may read responses. By default there are none.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<String>);

/// A text that is not an origin as browsers write it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "\"{0}\" is not an origin: write https://name or https://name:port, in small letters and without a path; http only on loopback"
)]
pub struct NoOrigin(pub String);

impl Origins {
    /// These origins.
    ///
    /// # Errors
    /// The first that is not written as browsers write an origin: it would silently match no page.
    pub fn of(names: &[String]) -> Result<Self, NoOrigin> {
        match names.iter().find(|name| !is_origin(name)) {
            Some(wrong) => Err(NoOrigin(wrong.clone())),
            None => Ok(Self(names.to_vec())),
        }
    }

    /// Responds to preflight requests, and adds the headers that say whose pages may read a
    /// response.
    pub(in crate::http) fn admitted(&self) -> Condition<Cors> {
        let may = |cors: Cors, origin: &String| cors.allowed_origin(origin);
        let cors = self.0.iter().fold(Cors::default(), may);
        let cors = cors
            .allowed_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allowed_headers([ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH])
            .allowed_headers(
                [
                    "idempotency-key",
                    "omklap-role",
                    "omklap-reference",
                    "x-correlation-id",
                    "x-causation-id",
                    "traceparent",
                ]
                .map(HeaderName::from_static),
            )
            .expose_headers([CONTENT_LANGUAGE, ETAG, LINK, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE])
            .expose_headers(["api-version", "ratelimit", "ratelimit-policy"].map(HeaderName::from_static))
            .max_age(REMEMBERED);
        Condition::new(!self.0.is_empty(), cors)
    }
}

fn is_origin(name: &str) -> bool {
    let Ok(uri) = name.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let is_safe = match scheme {
        "https" => true,
        "http" => ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host()),
        _ => false,
    };
    let is_bare = format!("{scheme}://{authority}") == name && !authority.as_str().contains('@');
    is_safe && is_bare && name.to_ascii_lowercase() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for origin in [
            "https://omklap.example.org",
            "https://omklap.example.org:8443",
            "http://localhost:5173",
            "http://[::1]:80",
        ] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in [
            "*",
            "null",
            "",
            "omklap.example.org",
            "https://omklap.example.org/",
            "https://omklap.example.org/app",
            "http://omklap.example.org",
            "https://Omklap.example.org",
            "https://a@omklap.example.org",
            "file:///tmp",
            "https://*.example.org/",
        ] {
            assert_eq!(Origins::of(&[other.to_owned()]).err(), Some(NoOrigin(other.to_owned())));
        }
    }
}
