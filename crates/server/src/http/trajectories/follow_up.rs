//! The follow-up after the flip: the checks planned and held, and what is known of the tenancy.

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::follow_up::{
    Check, CheckStatus, FollowUp, Held, Missed, Retained, YEARS, follow_up_until,
};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::{FollowUpFinding, MissedReason, Outcome, Tenancy};
use omklap_domain::visibility::{Category, Fields};
use serde::Serialize;
use utoipa::ToSchema;

use super::TrajectoryPath;
use super::as_of::{AsOfParams, CaseAsOf};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;

/// The follow-up of a trajectory on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowUpStanding)]
#[serde(rename_all = "camelCase")]
struct FollowUpBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    version: u64,
    /// The day.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// When the contract flipped; absent if it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    flipped_on: Option<Day>,
    /// How long the tenant is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    until: Option<Day>,
    /// The checks, by month.
    #[schema(required = false)]
    checks: Vec<CheckBody>,
    /// What is known of the tenancy one, two and three years after the flip; nothing before that
    /// day has come.
    #[schema(required = false)]
    retained: Vec<RetainedBody>,
    /// How it ended; absent before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outcome: Option<Outcome>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    ended_on: Option<Day>,
    /// The fields that the caller may not see, as JSON pointers; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withheld: Option<Vec<String>>,
}

/// The categories of the fields.
const FIELDS: &[Fields] = &[
    (Category::Guidance, "checks/*/held/resident"),
    (Category::Course, "flippedOn until checks retained outcome endedOn"),
];

/// One check. Dutch: *contactmoment*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowUpCheck)]
#[serde(rename_all = "camelCase")]
struct CheckBody {
    /// The month after the flip.
    month: u8,
    /// When it is due.
    #[schema(value_type = String, format = Date)]
    due_on: Day,
    /// Whether the agreements require it; other checks were held voluntarily.
    planned: bool,
    /// Its status on the day.
    status: CheckStatus,
    /// How it was held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    held: Option<HeldBody>,
    /// The times it did not happen.
    missed: Vec<MissedBody>,
}

/// A check that was held.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowUpCheckThatWasHeld)]
struct HeldBody {
    /// When.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// The number of the fact.
    sequence: u64,
    /// The client's housing situation.
    tenancy: Tenancy,
    /// How the client fared.
    #[schema(required = false)]
    resident: FollowUpFinding,
}

/// A check that did not happen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowUpCheckThatWasMissed)]
struct MissedBody {
    /// When that was reported.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// The number of the fact.
    sequence: u64,
    /// Why.
    reason: MissedReason,
}

/// What is known of the tenancy on an anniversary of the flip.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetainedAfter)]
struct RetainedBody {
    /// How many years after the flip.
    #[schema(minimum = 1, maximum = 3)]
    years: u8,
    /// What is known.
    retained: Retained,
}

/// Read the follow-up
///
/// The checks after the flip and what is known of the tenancy, on the day `validOn` (today by
/// default), as it was known at the instant `knownAt`. Before the flip there are none.
#[utoipa::path(
    operation_id = "readFollowUp", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, AsOfParams),
    responses((status = 200, description = "The follow-up.", body = FollowUpBody))
)]
#[get("/trajectories/{trajectoryId}/follow-up")]
pub async fn follow_up(services: Data<Services>, case: CaseAsOf) -> Result<Disclosed<FollowUpBody>, Problem> {
    let (history, on) = (&case.history, case.on_day(services.clock.today())?);
    let body = FollowUpBody::of(case.trajectory, history, on, services.ledger.sets());
    Ok(case.disclose(body, FIELDS))
}

/// An example of the response.
#[must_use]
pub fn example(trajectory: TrajectoryId, history: &History, on: Day, sets: &AgreementSets) -> impl Serialize {
    FollowUpBody::of(trajectory, history, on, sets)
}

impl FollowUpBody {
    fn of(trajectory_id: TrajectoryId, history: &History, on: Day, sets: &AgreementSets) -> Self {
        let followed = follow_up_until(history, on, sets);
        let ended = followed.as_ref().and_then(|followed| followed.ended);
        Self {
            trajectory_id,
            version: history.version(),
            on,
            flipped_on: followed.as_ref().map(|followed| followed.flipped_on),
            until: followed.as_ref().map(|followed| followed.until),
            checks: followed.as_ref().map(|followed| checks(followed, on)).unwrap_or_default(),
            retained: followed.as_ref().map(|followed| retained(followed, on)).unwrap_or_default(),
            outcome: ended.map(|ended| ended.outcome),
            ended_on: ended.map(|ended| ended.on),
            withheld: None,
        }
    }
}

fn checks(followed: &FollowUp<'_>, on: Day) -> Vec<CheckBody> {
    let body = |check: &Check| CheckBody {
        month: check.month,
        due_on: check.due_on,
        planned: check.planned,
        status: check.status_on(on, followed.ended),
        held: check.held.map(HeldBody::from),
        missed: check.missed.iter().copied().map(MissedBody::from).collect(),
    };
    followed.checks.iter().map(body).collect()
}

fn retained(followed: &FollowUp<'_>, on: Day) -> Vec<RetainedBody> {
    let after = |years| followed.retained_after(years, on).map(|retained| RetainedBody { years, retained });
    YEARS.into_iter().filter_map(after).collect()
}

impl From<Held> for HeldBody {
    fn from(held: Held) -> Self {
        Self { on: held.on, sequence: held.sequence, tenancy: held.tenancy, resident: held.resident }
    }
}

impl From<Missed> for MissedBody {
    fn from(missed: Missed) -> Self {
        Self { on: missed.on, sequence: missed.sequence, reason: missed.reason }
    }
}
