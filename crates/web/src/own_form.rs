//! Where a form comes from: only this page may post one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use actix_web::{FromRequest, HttpRequest};

use crate::language::Language;
use crate::pages::Trouble;

/// A form that was posted from this page and no other site. A browser says where a form comes from;
/// a caller that says nothing is no browser, and has no cookie that somebody else could use.
#[derive(Debug)]
pub struct OwnForm;

impl FromRequest for OwnForm {
    type Error = Trouble;
    type Future = Ready<Result<Self, Trouble>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let language = Language::of(request);
        let refused = Trouble::posted_from_elsewhere(language);
        ready(if comes_from_here(request.headers()) { Ok(Self) } else { Err(refused) })
    }
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("Sec-Fetch-Site") {
        return site == "same-origin";
    }
    let host = text(HOST.as_str()).unwrap_or_default();
    match text(ORIGIN.as_str()) {
        Some(origin) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn sent(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).expect("a name"), HeaderValue::from_static(value))
        });
        comes_from_here(&pairs.collect())
    }

    #[test]
    fn a_form_of_another_site_or_of_unknown_origin_is_refused() {
        assert!(sent(&[("sec-fetch-site", "same-origin")]));
        assert!(sent(&[("host", "omklap.example"), ("origin", "https://omklap.example")]));
        assert!(!sent(&[("sec-fetch-site", "cross-site")]));
        assert!(!sent(&[("sec-fetch-site", "same-site")]));
        assert!(!sent(&[("host", "omklap.example"), ("origin", "https://evil.example")]));
        assert!(!sent(&[("host", "omklap.example"), ("origin", "null")]));
        assert!(!sent(&[("host", "omklap.example")]));
    }
}
