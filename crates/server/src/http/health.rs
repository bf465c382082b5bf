//! Whether the server runs, and whether it can work.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

use super::problem::Problem;
use super::services::Services;
use jiff::Timestamp;
use omklap_store::access_log::Unbatched;
use omklap_store::tree::{LATE, SigningState, SigningTrouble};

/// What a restored copy does not do.
const COPY: &str = "This database counts as a restored copy. Reads of cases, lists and figures are answered. Reports, \
    the feed, webhooks, deadlines, checkpoints and case files are not, until the owner of the tables runs \
    `omklap restored confirm`.";

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
            let now = services.clock.now();
            let state = services.signer.state().await?;
            let unbatched = services.ledger.unbatched(now).await?;
            let reasons = degraded(&state, unbatched, now);
            if reasons.is_empty() {
                json!({"status": "ready"})
            } else {
                let details: Vec<_> = reasons.iter().map(|reason| in_words(reason, &state)).collect();
                json!({"status": "degraded", "reasons": reasons, "details": details})
            }
        }
        Some(copy) => json!({
            "status": "restored-copy",
            "reason": copy.reason.as_str(),
            "since": copy.noticed_at,
            "details": [COPY],
        }),
    }))
}

/// What a reason means, and what the ledger does not do because of it.
fn in_words(reason: &str, state: &SigningState) -> String {
    match (reason, state.trouble) {
        ("signing-lags", _) => format!(
            "{} events wait for a checkpoint: they are covered by their chains only. The log says why none is signed.",
            state.unsigned
        ),
        ("witnesses-lag", _) => {
            "No quorum of the witnesses cosigns: `/checkpoint` shows an older checkpoint. The log says why."
                .to_owned()
        }
        ("access-log-lags", _) => {
            "New lines of the access log are in no batch, so that nothing covers them. The log says why; a transaction \
             that stays open in this PostgreSQL holds the batches back too."
                .to_owned()
        }
        (_, Some(trouble)) => trouble.in_words().to_owned(),
        (reason, None) => reason.to_owned(),
    }
}

/// Why the ledger does not sign, in stable codes.
fn degraded(state: &SigningState, unbatched: Option<Unbatched>, now: Timestamp) -> Vec<&'static str> {
    let is_late = state.unsigned_since.is_some_and(|since| now.duration_since(since) > LATE);
    let late = is_late.then_some("signing-lags");
    let is_unwitnessed = state.unwitnessed_since.is_some_and(|since| now.duration_since(since) > LATE);
    let unwitnessed = is_unwitnessed.then_some("witnesses-lag");
    let waits = unbatched.is_some_and(Unbatched::lags).then_some("access-log-lags");
    state.trouble.map(SigningTrouble::code).into_iter().chain(late).chain(unwitnessed).chain(waits).collect()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn an_event_that_waits_half_an_hour_for_its_signature_is_trouble() {
        let since: Timestamp = "2026-03-02T09:00:00Z".parse().expect("an instant");
        let state =
            SigningState { unsigned: 1, unsigned_since: Some(since), unwitnessed_since: None, trouble: None };
        assert!(degraded(&state, None, since + LATE).is_empty());
        assert_eq!(degraded(&state, None, since + LATE + SignedDuration::from_secs(1)), ["signing-lags"]);
        let broken = SigningState { trouble: Some(SigningTrouble::CheckpointNotOurs), ..state };
        assert_eq!(degraded(&broken, None, since), ["checkpoint-not-ours"]);
    }

    #[test]
    fn a_line_that_waits_half_an_hour_for_its_batch_while_the_log_goes_on_is_trouble() {
        let since: Timestamp = "2026-03-02T09:00:00Z".parse().expect("an instant");
        let state =
            SigningState { unsigned: 0, unsigned_since: None, unwitnessed_since: None, trouble: None };
        let quiet = Unbatched { since, latest: since + LATE };
        assert!(degraded(&state, Some(quiet), since + LATE * 9).is_empty(), "nothing was written since");
        let goes_on = Unbatched { latest: since + LATE + SignedDuration::from_secs(1), ..quiet };
        assert_eq!(degraded(&state, Some(goes_on), since + LATE), ["access-log-lags"]);
    }
}
