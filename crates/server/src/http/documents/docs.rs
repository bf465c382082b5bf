//! The OpenAPI document, and Swagger UI to read it with. Its files are inside the program: nothing
//! comes from elsewhere.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ContentEncoding, ContentType,
};
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get};
use utoipa_swagger_ui::Config;

use super::{asyncapi, openapi};
use crate::http::problem::{Kind, Problem};
use crate::http::services::Services;

/// Swagger UI styles its elements in place and draws its icons as data.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; frame-ancestors 'none'";

static DOCUMENT: LazyLock<String> = LazyLock::new(openapi::printed);

static SWAGGER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| Arc::new(Config::from("/v1/openapi.json")));

pub(in crate::http) fn routes(api: &mut ServiceConfig) {
    api.service(document).service(asyncapi::serve).service(page).service(file);
}

/// The API as OpenAPI 3.1, open to everybody and every origin
#[get("/openapi.json")]
async fn document() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(DOCUMENT.as_str())
}

/// The API to read and try
#[get("/docs")]
async fn page() -> HttpResponse {
    // Not Swagger UI's own page: its links are relative to a path with a trailing slash, and ours
    // have none.
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(include_str!("docs.html"))
}

/// What the page needs
#[get("/docs/{file}")]
async fn file(file: Path<String>, services: Data<Services>) -> Result<HttpResponse, Problem> {
    let name = file.as_str();
    if name == "swagger-initializer.js" {
        let initializer = match services.sign_in.development() {
            Some(_) => concat!(include_str!("development-token.js"), include_str!("initializer.js")),
            None => include_str!("initializer.js"),
        };
        return Ok(HttpResponse::Ok()
            .content_type("text/javascript; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .body(initializer));
    }
    let found = utoipa_swagger_ui::serve(name, Arc::clone(&SWAGGER))
        .map_err(|error| Problem::internal(error.to_string()))?;
    let found = found.ok_or(Kind::NoSuchPath)?;
    let mut answer = HttpResponse::Ok();
    answer.content_type(found.content_type).insert_header((CONTENT_SECURITY_POLICY, POLICY));
    if found.gzpipped {
        answer.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    Ok(answer.body(found.bytes.into_owned()))
}
