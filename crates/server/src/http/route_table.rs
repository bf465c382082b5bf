//! The table of routes, and the match of a request to its operation. The match is made once, before
//! anything else, on the normalised path, and every guard uses it. A path without a route is
//! answered here, before any guard or handler.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

use super::documents::openapi;
use super::operation::{Access, Operation, Route, Rules};
use super::problem::{Kind, Problem};
use super::vera;

/// The routes that the OpenAPI document does not describe. Those of the development issuer are
/// served only if it is the issuer.
const UNDESCRIBED: [(&str, &str); 13] = [
    ("/v1/openapi.json", "GET"),
    ("/v1/asyncapi.json", "GET"),
    ("/v1/docs", "GET"),
    ("/v1/docs/{file}", "GET"),
    ("/vera/v4/openapi.json", "GET"),
    ("/health/live", "GET"),
    ("/health/ready", "GET"),
    ("/problems/{code}", "GET"),
    ("/checkpoint", "GET"),
    ("/tile/{path:.*}", "GET"),
    ("/development/.well-known/openid-configuration", "GET"),
    ("/development/jwks", "GET"),
    ("/development/token", "POST"),
];

/// Every route, by its template.
static ROUTES: LazyLock<HashMap<String, Route>> = LazyLock::new(|| {
    let mut routes = HashMap::new();
    let mut add = |pattern: String, method, rules| {
        let route = Route { pattern: pattern.clone(), operations: BTreeMap::new() };
        routes.entry(pattern).or_insert(route).operations.insert(method, rules);
    };
    let own = openapi::document().paths.paths.into_iter().map(|(path, item)| (format!("/v1{path}"), item));
    let of_vera = vera::document().paths.paths.into_iter();
    let of_vera = of_vera.map(|(path, item)| (format!("{}{path}", vera::BASE), item));
    for (path, item) in own.chain(of_vera) {
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let access = openapi::access(operation).expect("every operation says so, as a test shows");
            let refuses_parameters = !openapi::has_query(operation);
            add(path.clone(), method, Rules { access, refuses_parameters });
        }
    }
    for (path, method) in UNDESCRIBED.iter().chain(omklap_web::ROUTES).copied() {
        add(path.to_owned(), method, Rules { access: Access::Everybody, refuses_parameters: false });
    }
    routes
});

/// Builds the table of routes at the start. Otherwise the first request would build it and block
/// its worker: actix's clock would stop meanwhile, and connections would be closed as if they had
/// been idle.
pub(super) fn prepare() {
    LazyLock::force(&ROUTES);
}

/// Finds the operation that a request is for, and puts the path in its normal form: everything
/// after this, the router included, reads the same path.
///
/// # Errors
/// What a handler failed with.
pub(super) async fn find(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let found = normalised(request.path()).and_then(|path| {
        // The router's own table, so that guards and router agree.
        let pattern = request.resource_map().match_pattern(&path)?;
        Some((path.into_owned(), ROUTES.get(&pattern)?))
    });
    let Some((path, route)) = found else {
        return Ok(request.error_response(Problem::from(Kind::NoSuchPath)));
    };
    let operation = match route.operations.get_key_value(request.method().as_str()) {
        Some((method, Rules { access, refuses_parameters })) => {
            Operation { route, method, access: Some(*access), refuses_parameters: *refuses_parameters }
        }
        None => Operation { route, method: "any", access: None, refuses_parameters: false },
    };
    if path != request.path() {
        let Some(uri) = with_path(request.uri(), &path) else {
            return Ok(request.error_response(Problem::from(Kind::NoSuchPath)));
        };
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    request.extensions_mut().insert(operation);
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

/// The path with unreserved characters as themselves (RFC 3986 §6.2.2.2). Anything else that is
/// percent-encoded, or encoded wrong, is in no path of ours: every id and code in one is made of
/// unreserved characters.
fn normalised(path: &str) -> Option<Cow<'_, str>> {
    if !path.contains('%') {
        return Some(path.into());
    }
    let mut parts = path.split('%');
    let mut normal = parts.next()?.to_owned();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        let letter = char::from(u8::from_str_radix(digits, 16).ok()?);
        if !letter.is_ascii_alphanumeric() && !"-._~".contains(letter) {
            return None;
        }
        normal.push(letter);
        normal.push_str(&part[2..]);
    }
    Some(normal.into())
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_are_decoded_and_nothing_is_decoded_twice() {
        for (path, normal) in [
            ("/v1/trajectories", Some("/v1/trajectories")),
            ("/v1/%74rajectories", Some("/v1/trajectories")),
            ("/%76%31/access%2Dlog%2dx", Some("/v1/access-log-x")),
            ("/v1/%2e/feed", Some("/v1/./feed")),
            ("/v1%2Ffeed", None),
            ("/v1/%2574rajectories", None),
            ("/v1/%20", None),
            ("/v1/%00", None),
            ("/v1/%c3%a9", None),
            ("/v1/%", None),
            ("/v1/%7", None),
            ("/v1/%7g", None),
            ("/v1/%+7", None),
            ("/v1/%é", None),
        ] {
            assert_eq!(normalised(path).as_deref(), normal, "{path}");
        }
    }

    #[test]
    fn a_query_stays_as_it_was_sent() {
        let uri = "http://localhost/v1/%66eed?after=%2e%20".parse().expect("a URI");
        let expected = "http://localhost/v1/feed?after=%2e%20";
        assert_eq!(with_path(&uri, "/v1/feed").expect("a path").to_string(), expected);
    }
}
