//! The files that the pages load: one stylesheet and a few small modules, compiled into the program.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get};

/// The stylesheet
#[get("/assets/omklap.css")]
pub async fn stylesheet() -> HttpResponse {
    file("text/css; charset=utf-8", include_str!("assets/omklap.css"))
}

fn file(kind: &'static str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(content)
}
