//! Which homes a trajectory holds: by an offer, while the client may still take it, and by a lease.
//! One home has one tenant (`docs/DOMAIN.md` §3.9, ADR 36).
//!
//! What one trajectory holds follows from its own history. Whether that is in the way of another
//! trajectory is [asked](Hold::clash) when a hold is written, and again when a worklist is read.

mod clash;
mod walk;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::agreements::AgreementSets;
use crate::day::Day;
use crate::ids::{OrganisationId, UnitId};
use crate::trajectory::History;

pub use clash::{Clash, Matter, Other};

/// A home that a trajectory holds in some period. Dutch: *bezette woning*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The number of the fact that begins it.
    pub opened_by: u64,
    /// The corporation whose home it is.
    pub corporation: OrganisationId,
    /// The home.
    pub unit: UnitId,
    /// By what it is held.
    pub what: HeldBy,
    /// The offer or the lease.
    pub id: Uuid,
    /// The first day.
    pub since: Day,
    /// The first day on which the home is free again, if that is known: the hold ended, or its last
    /// day was agreed.
    pub until: Option<Day>,
    /// How many offers at once the agreements of the offer allow; 0 for no limit. 1 for a lease.
    pub at_once: u8,
    /// The last day to answer, of an offer that was not answered and not withdrawn.
    pub respond_by: Option<Day>,
}

/// By what a home is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldBy {
    /// By an offer. Dutch: *aanbieding*.
    Offer,
    /// By a lease. Dutch: *huurcontract*.
    Lease,
}

/// Every home that a trajectory holds or held, in the order in which the holds ended.
#[must_use]
pub fn holds(history: &History, sets: &AgreementSets) -> Vec<Hold> {
    walk::walk(history, sets)
}
