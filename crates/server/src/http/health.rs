//! Whether the server runs, and whether it can work.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

use super::problem::Problem;
use super::services::Services;
use jiff::{SignedDuration, Timestamp};
use omklap_store::tree::{SigningState, SigningTrouble};

/// After how long an event that is not signed is a sign of trouble. Checkpoints are signed every few
/// minutes, whatever the settings say.
const LATE: SignedDuration = SignedDuration::from_mins(30);

/// Runs
#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// Ready: the database responds. It is also migrated, because a connection takes a role that a
/// migration made. Degraded: it answers and records, but what it records is not signed, and an
/// operator has to look. An unconfirmed restored copy reports that it is one: it only answers reads.
#[get("/health/ready")]
pub(super) async fn ready(services: Data<Services>) -> Result<HttpResponse, Problem> {
    services.ledger.ping().await?;
    Ok(HttpResponse::Ok().json(match services.copy.unconfirmed() {
        None => {
            let reasons = degraded(&services.signer.state().await?, services.clock.now());
            if reasons.is_empty() {
                json!({"status": "ready"})
            } else {
                json!({"status": "degraded", "reasons": reasons})
            }
        }
        Some(copy) => json!({
            "status": "restored-copy",
            "reason": copy.reason.as_str(),
            "since": copy.noticed_at,
        }),
    }))
}

/// Why the ledger does not sign, in stable codes.
fn degraded(state: &SigningState, now: Timestamp) -> Vec<&'static str> {
    let is_late = state.unsigned_since.is_some_and(|since| now.duration_since(since) > LATE);
    let late = is_late.then_some("signing-lags");
    state.trouble.map(SigningTrouble::code).into_iter().chain(late).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_waits_half_an_hour_for_its_signature_is_trouble() {
        let since: Timestamp = "2026-03-02T09:00:00Z".parse().expect("an instant");
        let state = SigningState { unsigned: 1, unsigned_since: Some(since), trouble: None };
        assert!(degraded(&state, since + LATE).is_empty());
        assert_eq!(degraded(&state, since + LATE + SignedDuration::from_secs(1)), ["signing-lags"]);
        let broken = SigningState { trouble: Some(SigningTrouble::CheckpointNotOurs), ..state };
        assert_eq!(degraded(&broken, since), ["checkpoint-not-ours"]);
    }
}
