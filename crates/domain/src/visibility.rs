//! Who may see what of a trajectory (`docs/DOMAIN.md` §8, agreement 10). Dutch: *respect voor privacy
//! cliënt*.

mod audience;
mod basis;
mod beside;
mod homes;
mod homes_held;
mod leaving;
mod listed;
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

pub use audience::{ListedSeeker, is_listed_for, listed_seekers, seekers_read_as};
pub use beside::beside_the_partners;
pub use leaving::access_ended_at;
pub use listed::Listed;
pub use not_theirs::{Ground, NotTheirs};
pub use partners::{housed_by, nominated_to, settled_with};
pub use reporting::{may_import, may_report, reportable};
pub use shown::{Shown, shown_categories_of};
pub use trying::{may_be_tried, redact_refusal};
pub use view::{View, view};

pub use crate::category::{AccessLevel, Category, Fields};
pub use crate::role::Role;

use std::collections::BTreeSet;

use crate::ids::{OrganisationId, RegionId, TrajectoryId};

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
