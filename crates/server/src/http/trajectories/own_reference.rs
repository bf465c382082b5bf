//! An organisation's own case number for a trajectory (ADR 29).

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::LazyLock;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, put};
use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::text::{Finding, citizen_service_number, citizen_service_number_in_code};
use omklap_domain::visibility::Role;
use omklap_store::access_log::Action;
use omklap_store::own_references::NotReferred;
use omklap_store::{OwnReference, ReferenceOf};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::TrajectoryPath;
use crate::http::problem::{Complaint, Fault, Form, Kind, Place, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::compiled_schema::CompiledSchema;
use crate::http::request::headers::one;
use crate::http::request::query::Query;
use crate::http::request::{facts, json, schema_check};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::{Disclosure, shows};

/// The header with an organisation's own case number.
const HEADER: &str = "Omklap-Reference";

static SCHEMA: LazyLock<CompiledSchema> = LazyLock::new(CompiledSchema::of_type::<ReferenceBody>);

/// The case number that an organisation itself has for a trajectory. Only that organisation sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = OwnReference)]
#[serde(deny_unknown_fields)]
pub struct ReferenceBody {
    /// The number: at most 64 printable ASCII characters.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[!-~]([ -~]{0,62}[!-~])?$",
        example = "ZV-2026-0041"
    )]
    reference: String,
}

/// The organisation's own case number for the trajectory that a request opens.
#[derive(Clone, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ReferenceHeader {
    /// Your own case number for the trajectory: only your organisation sees it. If your
    /// organisation has it on another trajectory, nothing is opened, and the answer names that one.
    #[param(
        rename = "Omklap-Reference",
        value_type = Option<String>,
        nullable = false,
        pattern = "^[!-~]([ -~]{0,62}[!-~])?$",
        example = "ZV-2026-0041"
    )]
    reference: Option<OwnReference>,
}

impl ReferenceHeader {
    /// The number of the caller's organisation.
    ///
    /// # Errors
    /// If the caller's role keeps none.
    pub(super) fn of(self, caller: &Caller) -> Result<Option<ReferenceOf>, Problem> {
        let Some(reference) = self.reference else { return Ok(None) };
        Ok(Some(ReferenceOf { organisation: organisation_of(caller)?.clone(), reference }))
    }
}

impl FromRequest for ReferenceHeader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let written = one(request.headers(), HEADER);
        let read = written.and_then(|text| text.map(|text| read(text, Place::Header(HEADER))).transpose());
        ready(read.map(|reference| Self { reference }).map_err(Problem::from))
    }
}

/// The body of a request with a number, if it matches the schema.
#[derive(Debug)]
pub struct ValidatedReference(OwnReference);

impl FromRequest for ValidatedReference {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let json::Read { value, complaints } = facts::read_other(&request, payload, json::read).await?;
            let Some(value) = value else { return Err(Problem::malformed(complaints)) };
            let complaints = schema_check::joined(complaints, SCHEMA.complaints(&value, ""));
            if !complaints.is_empty() {
                return Err(Problem::malformed(complaints));
            }
            let body: ReferenceBody =
                serde_json::from_value(value).map_err(|_| Complaint::body("", Fault::Unreadable))?;
            Ok(Self(read(&body.reference, Place::Body("/reference".to_owned()))?))
        })
    }
}

/// Takes the parameter that finds a trajectory by the organisation's own number.
pub(super) fn wanted(query: &mut Query) -> Option<OwnReference> {
    let text = query.take::<String>("reference", Form::CaseNumber)?;
    let place = Place::Parameter("reference".to_owned());
    read(&text, place).map_err(|complaint| query.complain(complaint)).ok()
}

/// A number from a request. It is stored, so it is no citizen service number.
fn read(text: &str, place: Place) -> Result<OwnReference, Complaint> {
    if text.len() > OwnReference::LONGEST {
        return Err(Complaint::at(place, Fault::TooLong).limit(OwnReference::LONGEST));
    }
    let reference = text.parse().map_err(|_| Complaint::at(place.clone(), Form::CaseNumber))?;
    match number_in(text) {
        Some(finding) => Err(Complaint::found(place, &finding)),
        None => Ok(reference),
    }
}

/// A citizen service number in a case number. Letters hide none in one word; several words are a
/// text, in which `zaaknummer` says what the digits are.
fn number_in(text: &str) -> Option<Finding> {
    let in_one_word = || citizen_service_number_in_code(text).filter(|_| !text.contains(' '));
    citizen_service_number(text).or_else(in_one_word)
}

/// The organisation whose number the caller may write: the client in person and an auditor keep none.
fn organisation_of(caller: &Caller) -> Result<&OrganisationId, Problem> {
    if matches!(caller.viewer.role, Role::Client | Role::Auditor) {
        let others = Role::ALL.into_iter().filter(|role| !matches!(role, Role::Client | Role::Auditor));
        let others = others.map(Role::as_str).collect::<Vec<_>>().join(", ");
        let complaint = Complaint::header("Authorization", Fault::NotOneOf).limit(others);
        return Err(Problem { errors: vec![complaint], ..Kind::RoleNotAdmitted.into() });
    }
    Ok(&caller.viewer.organisation)
}

/// Give a trajectory your own case number
///
/// In the place of an earlier one. Every program of your organisation sees it, and nobody else. It
/// belongs to one trajectory of your organisation at a time.
#[utoipa::path(
    operation_id = "writeOwnReference", tag = "trajectories", security(("signIn" = ["trajectories:report"])), params(TrajectoryPath, Caller),
    request_body = ReferenceBody,
    responses((status = 200, description = "Written.", body = ReferenceBody)),
)]
#[put("/trajectories/{trajectoryId}/reference")]
pub async fn write(
    services: Data<Services>,
    named: TrajectoryPath,
    caller: Caller,
    ValidatedReference(reference): ValidatedReference,
) -> Result<Disclosed<ReferenceBody>, Problem> {
    let own = ReferenceOf { organisation: organisation_of(&caller)?.clone(), reference };
    let known = services.ledger.load_known_to(&caller.viewer, named.trajectory).await?;
    known.ok_or(Kind::NoSuchTrajectory)?;
    match services.ledger.refer(named.trajectory, &own, services.clock.now()).await {
        Ok(()) => {}
        Err(NotReferred::Taken(by)) => return Err(taken(&services, &caller, by).await),
        Err(NotReferred::Store(error)) => return Err(error.into()),
    }
    let body = ReferenceBody { reference: own.reference.as_str().to_owned() };
    Ok(Disclosed::whole(body, [Disclosure::of(named.trajectory, [])]).by(Action::Report))
}

/// Take your own case number off a trajectory
#[utoipa::path(
    operation_id = "deleteOwnReference", tag = "trajectories", security(("signIn" = ["trajectories:report"])), params(TrajectoryPath, Caller),
    responses((status = 204, description = "The trajectory has no number of your organisation.")),
)]
#[delete("/trajectories/{trajectoryId}/reference")]
pub async fn remove(
    services: Data<Services>,
    named: TrajectoryPath,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let organisation = organisation_of(&caller)?;
    let known = services.ledger.load_known_to(&caller.viewer, named.trajectory).await?;
    known.ok_or(Kind::NoSuchTrajectory)?;
    services.ledger.refer_no_more(named.trajectory, organisation).await?;
    let removed = Disclosure::of(named.trajectory, []).by(Action::Report);
    Ok(shows(HttpResponse::NoContent().finish(), [removed]))
}

/// The problem of a number that the organisation has on another trajectory. It is named only while
/// the caller has access to it.
pub(super) async fn taken(services: &Services, caller: &Caller, by: TrajectoryId) -> Problem {
    match services.ledger.load_known_to(&caller.viewer, by).await {
        Ok(known) => Problem { trajectory: known.map(|_| Box::new(by)), ..Kind::ReferenceTaken.into() },
        Err(error) => error.into(),
    }
}
