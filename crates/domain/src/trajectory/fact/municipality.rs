//! What the municipality does for a client. The provider may report it later; a Wmo consultant reports it
//! on the day (`docs/DOMAIN.md` §8.1).

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case_table::Bottleneck;
use super::row::{EVER_AFTER, MUNICIPAL, RUNNING, Row};
use crate::category::Category::{MunicipalHelp, Profile};
use crate::day::Day;
use crate::text::PrivateText;

/// The municipality removed what held the case up. Dutch: *belemmering weggenomen*. Source: S2 (Haarlem,
/// Groningen), S3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObstacleRemoved {
    /// The day it happened.
    pub occurred_on: Day,
    /// What had held it up.
    pub bottleneck: Bottleneck,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl ObstacleRemoved {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, MUNICIPAL, &[(MunicipalHelp, "occurredOn"), (Profile, "bottleneck explanation")]);
}

/// The municipality sent a budget coach. Dutch: *budgetcoach ingezet*. Source: S2 (Haarlem).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetCoachSent {
    /// The day it happened.
    pub occurred_on: Day,
    /// Who coaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coach: Option<PrivateText>,
}

impl BudgetCoachSent {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, MUNICIPAL, &[(MunicipalHelp, "occurredOn"), (Profile, "coach")]);
}

/// The municipality found a place for a client who would be without one. Dutch: *plek gevonden*. Source:
/// `docs/DOMAIN.md` §5, level 5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceFound {
    /// The day it happened.
    pub occurred_on: Day,
    /// What kind of place.
    pub kind: PlaceKind,
    /// Where, and from when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl PlaceFound {
    pub(super) const ROW: Row =
        Row::stays(EVER_AFTER, MUNICIPAL, &[(MunicipalHelp, "occurredOn"), (Profile, "kind explanation")]);
}

/// A place for a client who would be without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// Another home of their own.
    OwnHome,
    /// *Tussenvoorziening*.
    InBetween,
    /// *Beschermd wonen*.
    ShelteredHousing,
    /// *Maatschappelijke opvang*.
    Shelter,
    /// Another place.
    Other,
}
