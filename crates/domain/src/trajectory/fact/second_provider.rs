//! A second provider beside the one that guides: home care, treatment, welfare work.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{PROVIDER, RUNNING, Row};
use crate::category::Category::Guidance;
use crate::day::Day;
use crate::ids::OrganisationId;

/// Another provider helps the client as well, and gets a small view of the case. Dutch: *tweede zorgaanbieder*.
/// Source: S2 (Haarlem, Hoeksche Waard: guidance by one, home care, treatment or welfare work by others); what
/// it sees is our decision, `docs/DOMAIN.md` §8.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondProviderJoined {
    /// The day it happened.
    pub occurred_on: Day,
    /// The second provider.
    pub second_provider: OrganisationId,
    /// What it does for the client.
    pub help: SecondHelp,
}

impl SecondProviderJoined {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(Guidance, "occurredOn secondProvider help")]);
}

/// A second provider stops; it loses its view. Dutch: *tweede zorgaanbieder gestopt*. Source: our decision,
/// `docs/DOMAIN.md` §8.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondProviderLeft {
    /// The day it happened.
    pub occurred_on: Day,
    /// The second provider.
    pub second_provider: OrganisationId,
}

impl SecondProviderLeft {
    pub(super) const ROW: Row = Row::stays(RUNNING, PROVIDER, &[(Guidance, "occurredOn secondProvider")])
        .needing(&[Need::SecondProvider]);
}

/// What a second provider does for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum SecondHelp {
    /// *Thuiszorg*.
    HomeCare,
    /// *Behandeling*.
    Treatment,
    /// *Welzijnswerk*.
    WelfareWork,
    /// Something else.
    Other,
}
