//! Warnings: an offer goes against the client's profile. A warning is no refusal; provider and
//! corporation may have agreed on it (`docs/DOMAIN.md` §3.9).

use serde::Serialize;
use utoipa::ToSchema;

use super::fact::{Access, DwellingOffered, OutflowProfileSet};

/// Where an offer goes against the profile. All of it rests on the dwelling part of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = OfferWarningCode)]
pub enum Warning {
    /// The client excluded the municipality.
    AreaExcluded,
    /// The client excluded a part of the municipality.
    AreaPartlyExcluded,
    /// The rent is above the client's limit.
    RentAboveLimit,
    /// The dwelling is less accessible than the client needs.
    AccessNotAsNeeded,
    /// The client needs access, and the offer does not say how accessible the dwelling is.
    AccessUnknown,
}

impl Warning {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::AreaExcluded,
        Self::AreaPartlyExcluded,
        Self::RentAboveLimit,
        Self::AccessNotAsNeeded,
        Self::AccessUnknown,
    ];

    /// The field of the offer, as a JSON pointer.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::AreaExcluded | Self::AreaPartlyExcluded => "/municipality",
            Self::RentAboveLimit => "/rentCents",
            Self::AccessNotAsNeeded | Self::AccessUnknown => "/access",
        }
    }

    /// What to look at, in English.
    #[must_use]
    pub fn in_english(self) -> &'static str {
        match self {
            Self::AreaExcluded => "The client's profile excludes this municipality.",
            Self::AreaPartlyExcluded => {
                "The client's profile excludes a part of this municipality: check the area."
            }
            Self::RentAboveLimit => "The rent is above the limit in the client's profile.",
            Self::AccessNotAsNeeded => "The dwelling is less accessible than the client needs.",
            Self::AccessUnknown => "The client needs an accessible dwelling: check the access.",
        }
    }

    /// What to look at, in Dutch.
    #[must_use]
    pub fn in_dutch(self) -> &'static str {
        match self {
            Self::AreaExcluded => "Het profiel van de cliënt sluit deze gemeente uit.",
            Self::AreaPartlyExcluded => {
                "Het profiel van de cliënt sluit een deel van deze gemeente uit: controleer het gebied."
            }
            Self::RentAboveLimit => "De huur is hoger dan de grens in het profiel van de cliënt.",
            Self::AccessNotAsNeeded => "De woning is minder toegankelijk dan de cliënt nodig heeft.",
            Self::AccessUnknown => {
                "De cliënt heeft een toegankelijke woning nodig: controleer de toegankelijkheid."
            }
        }
    }
}

/// Every way in which an offer goes against a profile.
#[must_use]
pub fn warnings(offer: &DwellingOffered, profile: &OutflowProfileSet) -> Vec<Warning> {
    let here = || profile.excluded_areas.iter().filter(|area| area.municipality == offer.municipality);
    let whole = here().any(|area| area.neighbourhood.is_none());
    let access = match offer.access {
        None if profile.access != Access::AnyFloor => Some(Warning::AccessUnknown),
        Some(access) if reach(access) < reach(profile.access) => Some(Warning::AccessNotAsNeeded),
        _ => None,
    };
    [
        whole.then_some(Warning::AreaExcluded),
        (!whole && here().next().is_some()).then_some(Warning::AreaPartlyExcluded),
        (offer.rent_cents > profile.rent_limit_cents).then_some(Warning::RentAboveLimit),
        access,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How far a dwelling with this access reaches: each fits what those before it fit.
pub(crate) fn reach(access: Access) -> u8 {
    match access {
        Access::AnyFloor => 0,
        Access::GroundFloorOrLift => 1,
        Access::Wheelchair => 2,
    }
}
