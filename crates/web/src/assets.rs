//! The files that the pages load: one stylesheet and a few small modules, compiled into the program.

use actix_web::body::MessageBody;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::pages::Pages;

/// The stylesheet of every page.
pub const STYLESHEET: &str = include_str!("assets/omklap.css");

/// The verification: what is checked, and the form. One module, so that the page is three requests
/// and fits in one file.
pub const VERIFY: &str =
    concat!(include_str!("assets/verify/check.js"), include_str!("assets/verify/form.js"));

/// The words of the verification, each in Dutch and in English.
pub const VERIFY_WORDS: &str = include_str!("assets/verify/words.json");

/// The stylesheet
#[get("/assets/omklap.css")]
pub async fn stylesheet(pages: Data<Pages>) -> HttpResponse {
    // The theme comes last: it sets the design tokens that the stylesheet reads.
    file("text/css; charset=utf-8", format!("{STYLESHEET}{}", pages.theme))
}

/// The module of the replay
#[get("/assets/replay.js")]
pub async fn replay() -> HttpResponse {
    file("text/javascript; charset=utf-8", include_str!("assets/replay.js"))
}

/// The module of the verification
#[get("/assets/verify.js")]
pub async fn verify() -> HttpResponse {
    file("text/javascript; charset=utf-8", VERIFY)
}

fn file(kind: &'static str, content: impl MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(content)
}
