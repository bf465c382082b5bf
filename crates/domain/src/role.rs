//! The parties of a trajectory, and the roles that act for them (`docs/DOMAIN.md` §2).

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A side of the agreements. Dutch: *partij*.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, DriveMut,
)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// *Cliënt*.
    Client,
    /// *Zorgaanbieder*.
    CareProvider,
    /// *Woningcorporatie*.
    HousingCorporation,
    /// *Gemeente*.
    Municipality,
    /// *Transferpunt, matchingpoint*.
    MatchingPoint,
}

/// The three parties that sign living agreements, review them and decide on the flip (S0).
pub const THE_THREE: [Party; 3] = [Party::Client, Party::CareProvider, Party::HousingCorporation];

/// The role in which a caller acts (`docs/DOMAIN.md` §2 and §8). Dutch: *rol*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// *Cliënt*: sees only their own trajectory.
    Client,
    /// *Begeleider*, of the care provider.
    Guide,
    /// *Zorgaanbieder*.
    CareProvider,
    /// *Overlastmeldpunt van de zorgaanbieder*: the one desk there that sees who reported nuisance.
    NuisanceDesk,
    /// *Woningcorporatie*.
    HousingCorporation,
    /// *Overlastmedewerker van de corporatie*.
    NuisanceOfficer,
    /// *Coördinator van het transferpunt of matchingpoint*.
    MatchingPoint,
    /// *Gemeente*: sees figures only.
    Municipality,
    /// *Wmo-consulent van de gemeente*: sees the clients to whom the municipality has obligations.
    WmoConsultant,
    /// *Auditor*.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Client,
        Self::Guide,
        Self::CareProvider,
        Self::NuisanceDesk,
        Self::HousingCorporation,
        Self::NuisanceOfficer,
        Self::MatchingPoint,
        Self::Municipality,
        Self::WmoConsultant,
        Self::Auditor,
    ];

    /// The name on the wire and in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Guide => "guide",
            Self::CareProvider => "care-provider",
            Self::NuisanceDesk => "nuisance-desk",
            Self::HousingCorporation => "housing-corporation",
            Self::NuisanceOfficer => "nuisance-officer",
            Self::MatchingPoint => "matching-point",
            Self::Municipality => "municipality",
            Self::WmoConsultant => "wmo-consultant",
            Self::Auditor => "auditor",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// The party for which this role speaks; an auditor speaks for none.
    #[must_use]
    pub fn party(self) -> Option<Party> {
        match self {
            Self::Client => Some(Party::Client),
            Self::Guide | Self::CareProvider | Self::NuisanceDesk => Some(Party::CareProvider),
            Self::HousingCorporation | Self::NuisanceOfficer => Some(Party::HousingCorporation),
            Self::MatchingPoint => Some(Party::MatchingPoint),
            Self::Municipality | Self::WmoConsultant => Some(Party::Municipality),
            Self::Auditor => None,
        }
    }
}
