//! The state of a trajectory, as JSON.

use omklap_domain::day::Day;
use omklap_domain::ids::{
    ClaimId, NuisanceCaseId, OrganisationId, RegionId, ReturnRequestId, SignalId, TrajectoryId,
};
use omklap_domain::nuisance::{Level, NuisanceCase, NuisanceStatus};
use omklap_domain::trajectory::fact::{AgreementSetVersion, Cents, Outcome};
use omklap_domain::trajectory::state::ReturnRequest;
use omklap_domain::trajectory::{FactType, Phase, Trajectory};
use omklap_domain::visibility::{Category, Fields, View};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::view::due_obligation::DueBody;

mod client;
mod flip;
mod tenancy;

pub(super) use client::ClientBody;
use flip::FlipBody;
use tenancy::TenancyBody;

/// The state of a trajectory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Trajectory)]
#[serde(rename_all = "camelCase")]
pub(super) struct StandingBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The case number of the caller's own organisation, if it gave one; nobody else sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ZV-2026-0041")]
    pub(super) reference: Option<String>,
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    version: u64,
    /// The phase.
    #[schema(required = false)]
    phase: Phase,
    /// What the caller may report now in this case, as far as the caller sees what that depends on.
    #[schema(required = false)]
    pub(super) admits: Vec<FactType>,
    /// The due obligations that the caller may see, the most urgent first. Those without a date
    /// come last.
    due: Vec<DueBody>,
    /// How it ended; absent before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outcome: Option<Outcome>,
    /// The day of the intake, or of the take-over.
    #[schema(value_type = String, format = Date, required = false)]
    opened_on: Day,
    /// The day it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    ended_on: Option<Day>,
    /// Who the client is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) client: Option<ClientBody>,
    /// The provider that guides the client.
    #[schema(required = false)]
    care_provider: OrganisationId,
    /// The municipality that directs.
    municipality: OrganisationId,
    /// The region of partners.
    region: RegionId,
    /// The corporation, once assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    corporation: Option<OrganisationId>,
    /// The agreements it is bound to.
    #[schema(required = false)]
    agreement_set: AgreementSetVersion,
    /// Since when the client is ready, unless that was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    ready_on: Option<Day>,
    /// The tenancy; absent before the first lease.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tenancy: Option<TenancyBody>,
    /// The nuisance cases.
    #[schema(required = false)]
    nuisance_cases: Vec<NuisanceCaseBody>,
    /// The way to the flip.
    #[schema(required = false)]
    flip: FlipBody,
    /// Signals that wait for an answer.
    #[schema(required = false)]
    open_signals: Vec<SignalId>,
    /// Claims on the guarantee fund that are not settled.
    #[schema(required = false)]
    open_claims: Vec<ClaimBody>,
    /// The latest request to return.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    return_request: Option<ReturnRequestBody>,
    /// The fields that the caller may not see, as JSON pointers; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withheld: Option<Vec<String>>,
}

/// The category of each field. Every caller with access to a trajectory sees its id, its version,
/// its region and its municipality.
pub(super) const FIELDS: &[Fields] = &[
    (Category::Course, "phase admits outcome openedOn endedOn careProvider corporation agreementSet readyOn"),
    (Category::Course, "tenancy"),
    (Category::Identity, "client"),
    (Category::Dwelling, "tenancy/unit"),
    (Category::Living, "tenancy/livingAgreementsSigned tenancy/away openSignals"),
    (Category::Rent, "tenancy/inArrears"),
    (Category::GuaranteeFund, "openClaims"),
    (Category::NuisanceCourse, "tenancy/beingEnded nuisanceCases"),
    (Category::Flip, "flip/conditionsSet flip/talkId flip/positions flip/newRentDisclosed flip/approved"),
    (Category::Course, "flip/aftercareAgreed flip/flippedOn"),
    (Category::Return, "returnRequest"),
];

/// One nuisance case. Dutch: *overlastzaak*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceCase)]
#[serde(rename_all = "camelCase")]
struct NuisanceCaseBody {
    /// The case.
    case_id: NuisanceCaseId,
    /// The level it has, or had when it was resolved.
    level: Level,
    /// Whether it is open, quiet or over.
    status: NuisanceStatusBody,
    /// Since when it is quiet, if it is resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    resolved_on: Option<Day>,
    /// The dates of the written warnings in this case.
    #[schema(value_type = Vec<String>, format = Date)]
    warned_on: Vec<Day>,
}

/// Whether a nuisance case is open, quiet or over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NuisanceStatus)]
#[serde(rename_all = "kebab-case")]
pub(super) enum NuisanceStatusBody {
    /// Being worked on.
    Open,
    /// Resolved; the quiet period runs.
    Resolved,
    /// Closed, unfounded or handed over.
    Over,
}

/// A claim on the guarantee fund that is not settled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenClaim)]
#[serde(rename_all = "camelCase")]
struct ClaimBody {
    /// The claim.
    claim_id: ClaimId,
    /// What was claimed, in euro cents.
    amount_cents: Cents,
}

/// A request to return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenReturnRequest)]
#[serde(rename_all = "camelCase")]
struct ReturnRequestBody {
    /// The request.
    request_id: ReturnRequestId,
    /// The result of the light Wmo test; absent before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    granted: Option<bool>,
}

impl StandingBody {
    /// The state; none if the trajectory was not opened yet.
    pub(super) fn of(
        trajectory_id: TrajectoryId,
        version: u64,
        state: &Trajectory,
        due: Vec<DueBody>,
    ) -> Option<Self> {
        let partners = state.partners.clone()?;
        let open_signals = state.signals.iter().filter(|(_, signal)| !signal.answered).map(|(id, _)| *id);
        let claims = state
            .claims
            .iter()
            .filter_map(|(id, claim)| Some(ClaimBody { claim_id: *id, amount_cents: claim.open? }));
        Some(Self {
            trajectory_id,
            reference: None,
            version,
            phase: state.phase,
            admits: state.phase.admits(),
            due,
            outcome: state.outcome,
            opened_on: state.opened_on?,
            ended_on: state.ended_on,
            client: None,
            care_provider: partners.care_provider,
            municipality: partners.municipality,
            region: partners.region,
            corporation: state.corporation.clone(),
            agreement_set: state.agreement_set.clone()?,
            ready_on: state.ready_on,
            tenancy: state.tenancy.lease.as_ref().map(|lease| TenancyBody::of(lease, &state.tenancy)),
            nuisance_cases: state.nuisance.iter().map(|(id, case)| NuisanceCaseBody::of(*id, case)).collect(),
            flip: FlipBody::of(&state.flip),
            open_signals: open_signals.collect(),
            open_claims: claims.collect(),
            return_request: state.return_request.as_ref().map(ReturnRequestBody::of),
            withheld: None,
        })
    }

    /// Keeps only the signals that the caller may see.
    pub(super) fn leave_of(&mut self, view: &View) {
        self.open_signals.retain(|signal| view.sees_signal(*signal));
    }
}

impl NuisanceCaseBody {
    fn of(case_id: NuisanceCaseId, case: &NuisanceCase) -> Self {
        let (status, resolved_on) = match case.status {
            NuisanceStatus::Open => (NuisanceStatusBody::Open, None),
            NuisanceStatus::Resolved { on } => (NuisanceStatusBody::Resolved, Some(on)),
            NuisanceStatus::Over => (NuisanceStatusBody::Over, None),
        };
        Self { case_id, level: case.level, status, resolved_on, warned_on: case.warned_on.clone() }
    }
}

impl ReturnRequestBody {
    fn of(request: &ReturnRequest) -> Self {
        Self { request_id: request.id, granted: request.granted }
    }
}
