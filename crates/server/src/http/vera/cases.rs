//! The cases of a corporation, as far as VERA has words for them.

use omklap_domain::ids::{LeaseId, OfferId, OrganisationId, TrajectoryId};
use omklap_domain::trajectory::fact::{DwellingOffered, LeaseTerms};
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{Category, Shown, View, view};
use omklap_store::{Filter, Known};
use omklap_vera::CaseKey;

use super::corporation;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::view::disclosure::Disclosure;

/// How many cases are looked at at most.
const MOST_CASES: u32 = 10_000;

/// A case that a corporation may read, and what it sees of it.
pub(super) struct Case {
    pub trajectory: TrajectoryId,
    pub history: History,
    pub view: View,
}

/// An offer of the corporation's own, and the fact that accepted or ended it.
pub(super) struct OwnOffer<'c> {
    pub offered: &'c DwellingOffered,
    pub ended_by: Option<&'c Fact>,
}

/// The cases that the calling corporation may read.
pub(super) async fn all(services: &Services, caller: &Caller) -> Result<Vec<Case>, Problem> {
    corporation(caller)?;
    let filter = Filter { viewer: Some(caller.viewer.clone()), ..Filter::default() };
    let rows = services.ledger.list(&filter, None, MOST_CASES).await?;
    let ids: Vec<TrajectoryId> = rows.into_iter().map(|row| row.trajectory).collect();
    let histories = services.ledger.histories(&ids).await?;
    let case = |(trajectory, history): (TrajectoryId, History)| {
        let view = view(&caller.viewer, trajectory, &history);
        Case { trajectory, history, view }
    };
    Ok(histories.into_iter().map(case).filter(|case| case.view.knows()).collect())
}

/// One of them.
pub(super) async fn one(services: &Services, caller: &Caller, id: TrajectoryId) -> Result<Case, Problem> {
    corporation(caller)?;
    let known = services.ledger.load_known_to(&caller.viewer, id).await?;
    let Known { history, view, .. } = known.ok_or(Kind::NoSuchTrajectory)?;
    Ok(Case { trajectory: id, history, view })
}

impl Case {
    /// The offers of this corporation whose dwelling it sees, in the order in which they were made.
    pub fn offers<'c>(&'c self, corporation: &OrganisationId) -> Vec<OwnOffer<'c>> {
        let facts: Vec<&Fact> = self.history.happened().map(|(_, fact)| fact).collect();
        let own = facts.iter().filter_map(|fact| match fact {
            Fact::DwellingOffered(offered) if offered.corporation == *corporation => Some(offered),
            _ => None,
        });
        let visible = own.filter(|offered| self.shows(&Fact::DwellingOffered((*offered).clone()), "/unit"));
        let ended_by = |offer: OfferId| facts.iter().rev().find(|fact| ends(fact, offer)).copied();
        visible
            .map(|offered| OwnOffer {
                offered,
                ended_by: ended_by(offered.offer_id).filter(|fact| self.shows(fact, "/ground")),
            })
            .collect()
    }

    /// The lease under which the client lives in the dwelling of this offer.
    pub fn lease_of(&self, offered: &DwellingOffered) -> Option<CaseKey> {
        let lease = self.history.state().tenancy.lease.as_ref()?;
        let is_of_the_offer = (&lease.corporation, &lease.unit) == (&offered.corporation, &offered.unit);
        is_of_the_offer.then_some(CaseKey { trajectory: self.trajectory, part: lease.id.0 })
    }

    /// Whether the client lives or lived under this lease with this corporation.
    pub fn has_lease(&self, corporation: &OrganisationId, lease: LeaseId) -> bool {
        let mut is_own = false;
        self.history.happened().any(|(_, fact)| {
            let begun = match fact {
                Fact::ContractFlipped(flip) => flip.lease_id,
                fact => {
                    let Some(terms) = terms(fact) else { return false };
                    is_own = terms.corporation == *corporation;
                    terms.lease_id
                }
            };
            is_own && begun == lease
        })
    }

    /// Whether the corporation sees a fact, with this field of it.
    fn shows(&self, fact: &Fact, field: &str) -> bool {
        match self.view.show(fact) {
            Shown::Whole => true,
            Shown::InPart { withheld } => !withheld.iter().any(|hidden| hidden == field),
            Shown::Withheld => false,
        }
    }

    /// What reading it discloses.
    pub fn disclosure(&self, categories: impl IntoIterator<Item = Category>) -> Disclosure {
        Disclosure::of_each([self.trajectory], categories)
    }
}

fn terms(fact: &Fact) -> Option<&LeaseTerms> {
    match fact {
        Fact::HousedUnderIntermediaryLease(housed) => Some(&housed.terms),
        Fact::HousedUnderThreePartyLease(housed) => Some(&housed.terms),
        Fact::HousedUnderTemporaryLease(housed) => Some(&housed.terms),
        Fact::HousedUnderOwnLease(housed) => Some(&housed.terms),
        _ => None,
    }
}

fn ends(fact: &Fact, offer: OfferId) -> bool {
    match fact {
        Fact::OfferAccepted(accepted) => accepted.offer_id == offer,
        Fact::OfferRefused(refused) => refused.offer_id == offer,
        Fact::OfferWithdrawn(withdrawn) => withdrawn.offer_id == offer,
        _ => false,
    }
}
