//! Offers of dwellings, as far as later rules need them.

use std::collections::BTreeSet;

use imbl::OrdSet;

use crate::day::Day;
use crate::ids::{OfferId, OrganisationId, UnitId};
use crate::trajectory::fact::{Cents, FlipConditionKind};

/// Offers made and open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// How many count as the client's.
    pub used: u8,
    /// How many of these the client did not answer in time. The set says whether they count.
    pub unanswered: u8,
    /// How many more were granted.
    pub granted: u8,
    /// The id of every offer.
    pub made: OrdSet<OfferId>,
    /// The offer that is open or accepted.
    pub open: Option<Offer>,
}

impl Offers {
    /// How many count as the client's, if an unanswered offer does or does not.
    #[must_use]
    pub fn counted(&self, unanswered_counts: bool) -> u8 {
        self.used.saturating_sub(if unanswered_counts { 0 } else { self.unanswered })
    }
}

/// One offer of a dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The offer.
    pub id: OfferId,
    /// The corporation that offers.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// The rent a month.
    pub rent: Cents,
    /// The last day on which it may be answered.
    pub respond_by: Option<Day>,
    /// Whether the client took it.
    pub accepted: bool,
    /// Whether living agreements were signed for it before the keys were handed over.
    pub living_agreements_signed: bool,
    /// Whether flip conditions were set and acknowledged for it before the keys were handed over.
    pub flip_conditions_set: bool,
    /// What those conditions are about.
    pub flip_conditions: BTreeSet<FlipConditionKind>,
}
