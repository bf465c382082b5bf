//! The case file: a case that anybody can check without this program.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use omklap_store::access_log::Action;
use omklap_store::exports::case_file::FORMAT;
use omklap_store::exports::sealed_file::FileError;
use omklap_store::tree::Pace;
use serde::Serialize;

use super::TrajectoryPath;
use crate::auth::scope::Scope;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::view::disclosure::{Disclosure, shows};

/// Export the case file
///
/// Everything of the case that the caller may see, with every hash and proof, sealed with the
/// ledger's key: one file that `omklap-verify` checks without network, database or trust in this
/// server. What the caller may not see is there by its hash alone.
#[utoipa::path(
    operation_id = "exportCaseFile", tag = "audit", security(("signIn" = ["audit:read"])), params(TrajectoryPath, Caller),
    responses((status = 200, description = "The file: canonical JSON (RFC 8785).", body = Object,
        headers(("Content-Disposition", description = "A name for the file."))))
)]
#[get("/trajectories/{trajectoryId}/case-file")]
pub async fn case_file(
    services: Data<Services>,
    named: TrajectoryPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::AuditRead)?;
    let (signer, now) = (&services.signer, services.clock.now());
    let witnesses = &services.transparency.witnesses;
    if !witnesses.is_empty() && services.copy.unconfirmed().is_none() {
        signer.sign(Pace::AT_ONCE, now).await?;
        // The file is exported whether or not witnesses cosigned: `omklap-verify --quorum` counts.
        witnesses.cosign(signer).await?;
    }
    let file =
        services.ledger.case_file(signer, &caller.viewer, named.trajectory, now).await.map_err(why_not)?;
    let name = format!("attachment; filename=\"{}.case.json\"", named.trajectory);
    let shown = Disclosure::of(named.trajectory, file.categories).in_part(file.in_part).by(Action::Export);
    let answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(file.text);
    Ok(shows(answer, [shown]))
}

/// An example of the beginning of a case file.
#[must_use]
pub fn example() -> impl Serialize {
    serde_json::json!({"format": FORMAT, "version": 1, "phase": "preparing", "events": [], "texts": []})
}

fn why_not(error: FileError) -> Problem {
    match error {
        FileError::NotFound => Kind::NoSuchTrajectory.into(),
        // An earlier transaction has not ended yet. It will in a moment.
        FileError::NotSignedYet => Kind::Crowded.into(),
        FileError::Store(error) => error.into(),
    }
}
