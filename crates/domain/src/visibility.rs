//! Who may see what of a trajectory (`domain.md` §8, agreement 10). Dutch: *respect voor privacy
//! cliënt*.

mod basis;
mod category;
mod fields;
mod homes;
mod leaving;
mod needed;
mod not_theirs;
mod obligations;
mod parties;
mod partners;
mod reporting;
mod shown;
mod signals;
mod trying;
mod view;

pub use category::{Category, Sight};
pub use fields::Fields;
pub use leaving::access_ended_at;
pub use not_theirs::{Ground, NotTheirs};
pub use partners::{housed_by, nominated_to, settled_with};
pub use reporting::{may_report, reportable};
pub use shown::{Shown, shown_categories_of};
pub use trying::{may_be_tried, redact_refusal};
pub use view::{View, view};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{OrganisationId, RegionId, TrajectoryId};
use crate::trajectory::fact::Party;

/// The role in which a caller acts (`domain.md` §2 and §8). Dutch: *rol*.
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

/// A caller, as far as access to a trajectory depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The role in which it acts.
    pub role: Role,
    /// The organisation that it acts for.
    pub organisation: OrganisationId,
    /// The regions in which that organisation works.
    pub regions: BTreeSet<RegionId>,
    /// The one trajectory that a client may see.
    pub trajectory: Option<TrajectoryId>,
}
