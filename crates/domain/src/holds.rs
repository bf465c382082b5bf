//! Which homes a trajectory holds: by an offer, while the client may still take it, and by a lease.
//! One home has one tenant (`docs/DOMAIN.md` §3.9, ADR 36).
//!
//! What one trajectory holds follows from its own history. Whether that is in the way of another
//! trajectory is [asked](Hold::clash) when a hold is written, and again when a worklist is read.

mod clash;
mod walk;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::agreements::AgreementSets;
use crate::day::Day;
use crate::ids::{ComplexId, MunicipalityCode, OrganisationId, UnitId, VacancyId};
use crate::trajectory::fact::LeaseTerms;
use crate::trajectory::{Fact, History};

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
    /// Its complex, by the offer. None if the offer named none, or if the case was taken over while it
    /// ran: then there was no offer.
    pub complex: Option<ComplexId>,
    /// The vacancy that the offer named; a lease has that of the offer before it.
    pub vacancy: Option<VacancyId>,
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
    /// The municipality of an offer, and of a lease with which the client got the keys after that offer; none
    /// for a lease that continues another.
    pub let_in: Option<MunicipalityCode>,
}

/// By what a home is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HeldBy {
    /// By an offer. Dutch: *aanbieding*.
    Offer,
    /// By a lease. Dutch: *huurcontract*.
    Lease,
}

/// Whether a fact of this kind can begin, end or move a hold.
#[must_use]
pub fn may_change_holds(fact: &Fact) -> bool {
    walk::may_change(fact)
}

/// The home that a fact comes to hold by what it says itself: its corporation, if the fact names one,
/// and the unit.
#[must_use]
pub fn home_named_in(fact: &Fact) -> Option<(Option<&OrganisationId>, &UnitId)> {
    match fact {
        Fact::DwellingOffered(offer) => Some((Some(&offer.corporation), &offer.unit)),
        Fact::HousedUnderIntermediaryLease(housed) => Some(home_of(&housed.terms)),
        Fact::HousedUnderThreePartyLease(housed) => Some(home_of(&housed.terms)),
        Fact::HousedUnderTemporaryLease(housed) => Some(home_of(&housed.terms)),
        Fact::HousedUnderOwnLease(housed) => Some(home_of(&housed.terms)),
        Fact::RunningCaseTakenOver(case) => case.lease.as_ref().map(|lease| home_of(&lease.terms)),
        Fact::DwellingRedivided(redivided) => Some((None, &redivided.unit)),
        Fact::RenovationStarted(started) => Some((None, &started.temporary_unit)),
        Fact::EventCorrected(correction) => correction.replacement.as_deref().and_then(home_named_in),
        _ => None,
    }
}

fn home_of(LeaseTerms { corporation, unit, .. }: &LeaseTerms) -> (Option<&OrganisationId>, &UnitId) {
    (Some(corporation), unit)
}

/// Every home that a trajectory holds or held, in the order in which the holds ended.
#[must_use]
pub fn holds(history: &History, sets: &AgreementSets) -> Vec<Hold> {
    walk::walk(history, sets)
}
