//! The start page: links to what a visitor can read without a token.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType};
use actix_web::{HttpResponse, get};

/// The links of the start page.
#[get("/")]
pub(in crate::http) async fn start() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .body(include_str!("start.html"))
}
