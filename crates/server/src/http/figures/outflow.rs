//! The half year's notice for the corporations of a region.

use actix_web::get;
use actix_web::web::{Data, Json};
use omklap_domain::day::Day;
use omklap_domain::figures::{ExpectedInQuarter, expected_outflow, last_quarter_ended};
use omklap_domain::ids::RegionId;
use omklap_domain::trajectory::fact::{Party, Profile};
use omklap_domain::visibility::Role;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Regional, set_of};
use crate::clock;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::services::Services;

/// The clients who are expected to leave sheltered housing in a region, by quarter and by the kind of home
/// that fits. A count is null if it would reveal something about single people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpectedOutflow)]
#[serde(rename_all = "camelCase")]
pub struct OutflowBody {
    /// The region.
    region: RegionId,
    /// The last day of the quarter at whose end the notice was made.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// Counts above zero and below this are not shown.
    suppressed_below: u32,
    /// The four quarters after that day.
    #[schema(min_items = 4, max_items = 4)]
    quarters: Vec<QuarterBody>,
}

/// The clients who are expected in one quarter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpectedInQuarter)]
#[serde(rename_all = "camelCase")]
struct QuarterBody {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    to: Day,
    /// All clients together.
    clients: Option<u32>,
    /// By the kind of home that fits.
    #[schema(min_items = 5, max_items = 5)]
    profiles: Vec<ProfileBody>,
    /// Those without a profile yet.
    without_profile: Option<u32>,
}

/// The clients for whom one kind of home fits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpectedForProfile)]
struct ProfileBody {
    /// The kind of home.
    profile: Profile,
    /// How many clients.
    clients: Option<u32>,
}

/// Read the half year's notice of a region
///
/// How many clients without a home were announced (`outflow-announced`), by quarter and profile, without
/// name, provider or municipality, as it was known at the end of the last quarter: the answer changes
/// once a quarter. A count that would reveal something about single people is null, and so is any count
/// that it could be computed from. For corporations, municipalities, matching points and auditors: to a
/// provider, which could uncover a count by announcing clients itself, and to a client, every count is null.
#[utoipa::path(
    operation_id = "readExpectedOutflow", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller),
    responses((status = 200, description = "The notice.", body = OutflowBody))
)]
#[get("/regions/{region}/outflow")]
pub async fn outflow(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
) -> Result<Json<OutflowBody>, Problem> {
    let set = set_of(&services, &region)?;
    let on = last_quarter_ended(services.clock.today());
    let added = services.ledger.contributions_then(&region, on, Some(clock::ended(on))).await?;
    let threshold = set.figures.suppress_below;
    let expected = expected_outflow(added.iter().map(|(_, contribution)| contribution), on, threshold);
    let notice = OutflowBody::of(region, on, threshold, expected);
    Ok(Json(if announces(caller.viewer.role) { notice.without_counts() } else { notice }))
}

/// Whether callers in this role report the clients of the notice themselves, so that they could uncover
/// a small count.
pub(super) fn announces(role: Role) -> bool {
    matches!(role.party(), Some(Party::CareProvider | Party::Client))
}

/// An example of the response.
#[must_use]
pub fn example(region: RegionId, today: Day) -> impl Serialize {
    let on = last_quarter_ended(today);
    OutflowBody::of(region, on, 5, expected_outflow([], on, 5))
}

impl OutflowBody {
    fn of(region: RegionId, on: Day, suppressed_below: u32, expected: Vec<ExpectedInQuarter>) -> Self {
        Self { region, on, suppressed_below, quarters: expected.into_iter().map(QuarterBody::from).collect() }
    }
}

impl OutflowBody {
    fn without_counts(mut self) -> Self {
        for quarter in &mut self.quarters {
            (quarter.clients, quarter.without_profile) = (None, None);
            quarter.profiles.iter_mut().for_each(|profile| profile.clients = None);
        }
        self
    }
}

impl From<ExpectedInQuarter> for QuarterBody {
    fn from(quarter: ExpectedInQuarter) -> Self {
        let ExpectedInQuarter { from, to, clients, by_profile, without_profile } = quarter;
        let profiles = by_profile.map(|(profile, clients)| ProfileBody { profile, clients: clients.count() });
        let without_profile = without_profile.count();
        Self { from, to, clients: clients.count(), profiles: profiles.into(), without_profile }
    }
}
