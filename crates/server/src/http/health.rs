//! Whether the server runs, and whether it can work.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

use super::problem::Problem;
use super::services::Services;

/// Runs
#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// Ready: the database responds. It is also migrated, because a connection takes a role that a
/// migration made. An unconfirmed restored copy reports that it is one: it only answers reads.
#[get("/health/ready")]
pub(super) async fn ready(services: Data<Services>) -> Result<HttpResponse, Problem> {
    services.ledger.ping().await?;
    Ok(HttpResponse::Ok().json(match services.copy.unconfirmed() {
        None => json!({"status": "ready"}),
        Some(copy) => json!({
            "status": "restored-copy",
            "reason": copy.reason.as_str(),
            "since": copy.noticed_at,
        }),
    }))
}
