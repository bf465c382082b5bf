//! The answer about a plan.

use omklap_domain::allocation::plan::{ExpectedClients, Mismatch, Parts, Plan, QuotaPart};
use omklap_domain::day::Day;
use omklap_domain::ids::{DocumentReference, OrganisationId, RegionId};
use serde::Serialize;
use utoipa::ToSchema;

/// The plan of a region for a year as it is on a day. Its own numbers are public to the partners.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanBody {
    /// The region.
    region: RegionId,
    /// The year.
    year: u16,
    /// How many clients are expected to be ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    forecast: Option<ForecastBody>,
    /// How many homes are for clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    quota: Option<QuotaBody>,
    /// How many homes each corporation let to anybody.
    lettings: Vec<LettingsBody>,
}

/// How many clients are expected to be ready.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Forecast)]
#[serde(rename_all = "camelCase")]
struct ForecastBody {
    /// The document in which it was agreed.
    document: DocumentReference,
    /// The day on which it was agreed.
    #[schema(value_type = String, format = Date)]
    agreed_on: Day,
    /// All clients together.
    clients: u32,
    /// Part by part.
    expected: Vec<ExpectedClients>,
}

/// How many homes are for clients.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quota)]
#[serde(rename_all = "camelCase")]
struct QuotaBody {
    /// The document in which it was agreed.
    document: DocumentReference,
    /// The day on which it was agreed.
    #[schema(value_type = String, format = Date)]
    agreed_on: Day,
    /// The whole: the part without corporation and municipality, or else the sum of the parts.
    total: u32,
    /// Part by part.
    homes: Vec<QuotaPart>,
    /// Parts that do not add up to the whole.
    mismatches: Vec<MismatchBody>,
}

/// Parts of a quota that do not add up to the whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuotaMismatch)]
struct MismatchBody {
    /// Which parts.
    parts: Parts,
    /// What they add up to.
    sum: u32,
    /// The whole.
    total: u32,
}

/// The homes that a corporation let.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lettings)]
struct LettingsBody {
    /// The corporation.
    corporation: OrganisationId,
    /// How many homes, to anybody.
    lettings: u32,
}

impl PlanBody {
    /// The plan in this state; none while nothing happened.
    pub(super) fn of(state: Plan) -> Option<Self> {
        let Plan { of, forecast, quota, lettings } = state;
        let (region, year) = of?;
        let forecast = forecast.map(|forecast| ForecastBody {
            clients: forecast.clients(),
            document: forecast.document,
            agreed_on: forecast.occurred_on,
            expected: forecast.expected,
        });
        let quota = quota.map(|quota| QuotaBody {
            total: quota.homes(),
            mismatches: quota.mismatches().into_iter().map(MismatchBody::from).collect(),
            document: quota.document,
            agreed_on: quota.occurred_on,
            homes: quota.homes,
        });
        let lettings =
            lettings.into_iter().map(|(corporation, lettings)| LettingsBody { corporation, lettings });
        Some(Self { region, year, forecast, quota, lettings: lettings.collect() })
    }
}

impl From<Mismatch> for MismatchBody {
    fn from(Mismatch { parts, sum, whole }: Mismatch) -> Self {
        Self { parts, sum, total: whole }
    }
}
