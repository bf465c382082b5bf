//! `Kandidaat`: who may get a dwelling.

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::allocation::StreamId;
use omklap_vera::{CandidateWritten, Written};
use utoipa::IntoParams;

use super::schemas::Kandidaat;
use super::{corporation, uris};
use crate::http::allocation::candidates::{CandidatesRead, discloses};
use crate::http::problem::{Complaint, Fault, Form, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::view::disclosed::Disclosed;

/// For which publication.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CandidateParams {
    /// The publication.
    #[param(rename = "publicatie", value_type = String)]
    publication: Option<StreamId>,
}

/// Geeft de kandidaten voor een publicatie
///
/// Those who are assigned to the corporation and for whom no hard check says no. They are in the order of
/// the agreement set, but have no `positie`: a rank without its reasons decides. The reasons are in
/// `GET /v1/vacancies/{vacancyId}/candidates`.
#[utoipa::path(
    operation_id = "listKandidaten", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])), params(CandidateParams),
    responses((status = 200, description = "The candidates.", body = Vec<Kandidaat>))
)]
#[get("/kandidaten")]
pub(super) async fn list(
    services: Data<Services>,
    caller: Caller,
    Params(CandidateParams { publication }): Params<CandidateParams>,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    corporation(&caller)?;
    let missing = || Problem::from(Complaint::parameter("publicatie", Fault::Required));
    let vacancy = publication.ok_or_else(missing)?;
    let found = CandidatesRead::of(&services, &caller, vacancy, AsOfParams::default()).await?;
    let candidates = found.list.places.iter().filter(|(_, weighing)| weighing.may_be_offered());
    let eligible: Vec<_> = candidates.map(|(trajectory, _)| *trajectory).collect();
    let uris = uris(&services);
    let candidate = |trajectory| CandidateWritten { trajectory, vacancy: &found.opened, eligible: true };
    let written = eligible.iter().map(|trajectory| candidate(*trajectory).message(&uris)).collect();
    Ok(Disclosed::whole(written, [discloses(&caller, eligible)]))
}

impl Parameters for CandidateParams {
    fn read(query: &mut Query) -> Self {
        Self { publication: query.take("publicatie", Form::Uuid) }
    }
}
