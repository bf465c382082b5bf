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

/// Can work: the database answers. It is migrated, for a connection takes a role that a migration made. A restored copy that
/// nobody has confirmed says so: it answers reads, and nothing else.
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
