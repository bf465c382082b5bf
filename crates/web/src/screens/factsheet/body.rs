//! What the API answers of a year: its plan, what became of it, where clients live, and the fund.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::screens::figures::Count;

/// A year: all of it if it has ended, else its plan as far as it is known.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sheet {
    pub(super) plan: Option<Plan>,
    pub(super) realised: Option<Realised>,
    pub(super) year_end_spread: Option<Spread>,
    pub(super) guarantee_fund: Option<Fund>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Plan {
    pub(super) forecast: Option<Forecast>,
    pub(super) quota: Option<Quota>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Forecast {
    pub(super) clients: u32,
    pub(super) expected: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Expected {
    pub(super) month: Option<u8>,
    pub(super) profile: Option<String>,
    pub(super) origin: Option<String>,
    pub(super) clients: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quota {
    pub(super) total: u32,
    pub(super) homes: Vec<QuotaPart>,
}

#[derive(Debug, Deserialize)]
pub(super) struct QuotaPart {
    pub(super) corporation: Option<String>,
    pub(super) municipality: Option<String>,
    pub(super) homes: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct Realised {
    pub(super) on: Date,
    pub(super) ready: Ready,
    pub(super) lets: Lets,
    pub(super) demand: Demand,
    pub(super) supply: Supply,
}

/// Numbers by their code.
pub(super) type Parts = BTreeMap<String, u32>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ready {
    pub(super) clients: Count,
    pub(super) months: Parts,
    pub(super) other_months: Count,
    pub(super) profiles: Parts,
    pub(super) other_profiles: Count,
    pub(super) origins: Parts,
    pub(super) other_origins: Count,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lets {
    pub(super) homes: Count,
    pub(super) corporations: Parts,
    pub(super) other_corporations: Count,
    pub(super) municipalities: Parts,
    pub(super) other_municipalities: Count,
    pub(super) shares: Vec<Share>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Share {
    pub(super) corporation: String,
    pub(super) let_to_clients: Count,
    pub(super) lettings: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Demand {
    pub(super) clients: Count,
    pub(super) access_kinds: Parts,
    pub(super) other_access_kinds: Count,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Supply {
    pub(super) homes: u32,
    pub(super) access_kinds: Parts,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spread {
    pub(super) on: Date,
    pub(super) residents: Count,
    pub(super) municipalities: Vec<Municipality>,
    pub(super) other_municipalities: Count,
    pub(super) of_unknown_place: Count,
}

#[derive(Debug, Deserialize)]
pub(super) struct Municipality {
    pub(super) municipality: String,
    pub(super) residents: u32,
}

/// Amounts in euro cents.
#[derive(Debug, Deserialize)]
pub(super) struct Fund {
    #[serde(rename = "depositedCents")]
    pub(super) deposited: i64,
    #[serde(rename = "claimedCents")]
    pub(super) claimed: Option<i64>,
    #[serde(rename = "awardedCents")]
    pub(super) awarded: Option<i64>,
    #[serde(rename = "balanceCents")]
    pub(super) balance: Option<i64>,
}
