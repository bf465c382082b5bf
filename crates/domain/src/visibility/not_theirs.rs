//! Why a caller may not report a fact.

use crate::trajectory::FactType;

/// A fact that is not the caller's to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTheirs {
    /// The index of the fact in the list, from 0.
    pub index: usize,
    /// Its kind.
    pub fact_type: FactType,
    /// Why the caller may not report it.
    pub ground: Ground,
}

/// Why a caller may not report a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Only [other roles](crate::trajectory::fact::Row::reporters) report it.
    OfOtherRoles,
    /// This field names another partner than the caller's: a JSON pointer into the fact.
    SpeaksForAnother(&'static str),
    /// It opens a case in a region that the organisation does not serve. This field names the
    /// region.
    RegionOfOthers(&'static str),
    /// It concerns a lease that does not exist, or to which the corporation is not a party. This
    /// field shows that.
    NotPartyToTheLease(&'static str),
    /// It concerns an offer that does not exist, or that the corporation did not make. This field
    /// shows that.
    NotPartyToTheOffer(&'static str),
}
