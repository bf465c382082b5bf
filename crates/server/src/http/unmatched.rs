//! What no route answers: another method, or another path.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, HttpResponse};

use super::openapi;
use super::problem::{Kind, Problem};

/// Paths that are not in the OpenAPI document; they are read.
const OTHERS: [&str; 8] = [
    "/",
    "/v1/openapi.json",
    "/v1/docs",
    "/v1/docs/{file}",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/problems/{code}",
];

/// Every path, with the methods it answers.
static ALLOWED: LazyLock<Vec<(ResourceDef, String)>> = LazyLock::new(|| {
    let mut allowed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, item) in &openapi::document().paths.paths {
        let methods = [
            ("GET, HEAD", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PUT", item.put.is_some()),
            ("DELETE", item.delete.is_some()),
        ];
        let methods = methods.into_iter().filter_map(|(method, there)| there.then_some(method));
        allowed.entry(format!("/v1{path}")).or_default().extend(methods);
    }
    allowed.extend(OTHERS.map(|path| (path.to_owned(), vec!["GET, HEAD"])));
    allowed.into_iter().map(|(path, methods)| (ResourceDef::new(path.as_str()), methods.join(", "))).collect()
});

/// Says that the method is not allowed, or that the path does not exist.
pub(super) async fn answer(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let known = ALLOWED.iter().find(|(path, _)| path.is_match(request.path()));
    Err(match known {
        Some((_, allow)) => Problem { allow: Some(allow.clone()), ..Kind::MethodNotAllowed.into() },
        None => Kind::NoSuchPath.into(),
    })
}
