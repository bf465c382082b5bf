//! The outflow profile: which kind of dwelling fits a client.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::{PROVIDER, Row};
use super::terms::{Amount, Cents, GuidanceLevel};
use crate::category::Category::{self, CaseTable, DwellingProfile, Weighed};
use crate::day::Day;
use crate::ids::{MunicipalityCode, UserId};
use crate::text::PrivateText;
use crate::trajectory::phase::Phase::{Housed, Matching, Preparing, Ready};

/// The outflow profile, set as a whole at every revision. Dutch: *uitstroomprofiel*. Source: S2 (Assen) names
/// it; the categories are our decision, `docs/DOMAIN.md` §7. A milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own on the form")]
pub struct OutflowProfileSet {
    /// The day it happened.
    pub occurred_on: Day,
    /// The category.
    pub profile: Profile,
    /// Who moves in.
    pub household: Household,
    /// Where the client comes from (*gemeente van herkomst*).
    pub municipality_of_origin: MunicipalityCode,
    /// Areas the client prefers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = BTreeSet<Area>, required = false, max_items = 50)]
    pub preferred_areas: Vec<Area>,
    /// Areas that do not fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = BTreeSet<ExcludedArea>, required = false, max_items = 50)]
    pub excluded_areas: Vec<ExcludedArea>,
    /// The highest rent a month, in euro cents.
    #[schema(value_type = Amount)]
    pub rent_limit_cents: Cents,
    /// The access that the client needs.
    pub access: Access,
    /// Whether the place must be quiet.
    pub quiet_needed: bool,
    /// Whether pets come along.
    pub pets: bool,
    /// Where the day activity is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_activity_place: Option<PrivateText>,
    /// Where the client's network lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_place: Option<PrivateText>,
    /// The expected level of guidance.
    pub guidance_level: GuidanceLevel,
    /// Whether a guide must be reachable at night.
    pub reach_at_night: bool,
    /// Whether financial support is needed.
    pub financial_support: bool,
    /// In how many months the client is expected to be ready.
    #[schema(maximum = 60)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_within_months: Option<u8>,
    /// Who assessed it.
    pub assessor: UserId,
    /// Whether the client agrees with it.
    pub client_agreed: bool,
    /// The first day on which it applies.
    pub valid_from: Day,
}

impl OutflowProfileSet {
    pub(super) const ROW: Row = Row::stays(
        &[Preparing, Ready, Matching, Housed],
        PROVIDER,
        &[
            (CaseTable, "occurredOn validFrom"),
            (DwellingProfile, "profile household municipalityOfOrigin preferredAreas excludedAreas"),
            (DwellingProfile, "rentLimitCents access quietNeeded pets"),
            (Weighed, "dayActivityPlace networkPlace"),
            (Category::Profile, "excludedAreas/*/reason guidanceLevel reachAtNight financialSupport"),
            (Category::Profile, "readyWithinMonths assessor clientAgreed"),
        ],
    );
}

/// The kind of dwelling that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Not yet, or other care.
    P0,
    /// Independent, light guidance.
    P1,
    /// Independent, intensive at first, quiet stairwell.
    P2,
    /// Own unit in a cluster, guide near.
    P3,
    /// In-between form: shared, training unit.
    P4,
    /// Low-stimulus place, few neighbours.
    P5,
}

/// Who moves in. Dutch: *huishouden*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Household {
    /// *Alleenstaand*.
    Single,
    /// *Paar*.
    Couple,
    /// *Met kinderen*.
    WithChildren,
    /// *Samen met anderen* (S2 Neder-Betuwe).
    Shared,
}

/// The access that a client needs to the dwelling. Dutch: *toegankelijkheid*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Stairs are no trouble.
    AnyFloor,
    /// *Begane grond of lift*.
    GroundFloorOrLift,
    /// *Rolstoelgeschikt*.
    Wheelchair,
}

/// An area of a municipality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Area {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The neighbourhood, if it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<PrivateText>,
}

/// An area that does not fit, with a reason that is hidden from the corporation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExcludedArea {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The neighbourhood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<PrivateText>,
    /// Why it does not fit.
    pub reason: PrivateText,
}
