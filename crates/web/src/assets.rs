//! The files that the pages load: one stylesheet and a few small modules, compiled into the program.

use actix_web::body::MessageBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::pages::Pages;

/// The stylesheet
#[get("/assets/omklap.css")]
pub async fn stylesheet(pages: Data<Pages>) -> HttpResponse {
    // The theme comes last: it sets the design tokens that the stylesheet reads.
    file("text/css; charset=utf-8", format!("{}{}", include_str!("assets/omklap.css"), pages.theme))
}

fn file(kind: &'static str, content: impl MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(content)
}
