//! Who has a small view of a trajectory beside the partners that work on it: what it needs and nothing else
//! (`docs/DOMAIN.md` §8.1, [ADR 39](../../../../docs/adr/0039-a-small-view-beside-the-partners.md)).

use std::collections::BTreeSet;

use super::{Category, Role, Viewer};
use crate::ids::OrganisationId;
use crate::trajectory::fact::{Fact, Party};
use crate::trajectory::{FactType, Trajectory};

/// Why an organisation that is no partner of a trajectory has a small view of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// It decides whether it takes the client over in another region.
    Receiver,
    /// It helps the client beside the provider that guides.
    SecondProvider,
    /// It referred somebody who was about to lose a home, and follows what becomes of that.
    Referrer,
}

/// The small view of a viewer, if it has one. A partner of the trajectory has a view of its own.
pub(super) fn beside(viewer: &Viewer, trajectory: &Trajectory) -> Option<Beside> {
    let own = &viewer.organisation;
    match viewer.role {
        Role::Guide | Role::CareProvider | Role::WmoConsultant if receives(viewer, trajectory) => {
            Some(Beside::Receiver)
        }
        Role::Guide | Role::CareProvider if trajectory.second_providers.contains(own) => {
            Some(Beside::SecondProvider)
        }
        Role::HousingCorporation if refers(trajectory) == Some(own) => Some(Beside::Referrer),
        _ => None,
    }
}

fn receives(viewer: &Viewer, trajectory: &Trajectory) -> bool {
    let own = viewer.role.party().map(|party| (party, &viewer.organisation));
    own.is_some() && receiver(trajectory) == own
}

/// The organisation that is asked to take a client over in another region, and the party it acts for.
fn receiver(trajectory: &Trajectory) -> Option<(Party, &OrganisationId)> {
    let (to, partners) = trajectory.proposed_transfer.as_ref().zip(trajectory.partners.as_ref())?;
    Some(partners.receiver_of(to))
}

/// The organisation that referred the client. It follows the case until the client has a home with the
/// partners: from then on the home is not the one that was at risk.
fn refers(trajectory: &Trajectory) -> Option<&OrganisationId> {
    trajectory.referred_by.as_ref().filter(|_| trajectory.tenancy.housed_on.is_none())
}

/// The organisations that have a small view of a trajectory, each with the party it acts for: for the lists.
#[must_use]
pub fn beside_the_partners(trajectory: &Trajectory) -> BTreeSet<(Party, &OrganisationId)> {
    let second = trajectory.second_providers.iter().map(|provider| (Party::CareProvider, provider));
    let referrer = refers(trajectory).map(|corporation| (Party::HousingCorporation, corporation));
    receiver(trajectory).into_iter().chain(second).chain(referrer).collect()
}

impl Beside {
    /// Whether its small view has a category.
    pub(super) fn sees(self, category: Category) -> bool {
        use Category as C;
        match self {
            // Which home and which guidance the client needs: not who it is, nor where it lives.
            Self::Receiver => {
                matches!(category, C::Transfer | C::CaseTable | C::DwellingProfile | C::Weighed | C::Profile)
            }
            Self::SecondProvider => {
                matches!(category, C::Identity | C::Course | C::Dwelling | C::LivingGoals)
            }
            Self::Referrer => matches!(category, C::Course | C::CaseTable | C::TableTalk),
        }
    }

    /// Whether it reports this fact at all; the row of its kind and the rules decide further.
    pub(super) fn reports(self, fact: &Fact, own: &OrganisationId) -> bool {
        match (self, fact) {
            // Without its organisation it would be the contact person of the provider that guides.
            (Self::SecondProvider, Fact::ContactPersonAssigned(contact)) => {
                contact.organisation.as_ref() == Some(own)
            }
            _ => self.reports_some(fact.fact_type()),
        }
    }

    /// Whether it reports some fact of this kind.
    pub(super) fn reports_some(self, kind: FactType) -> bool {
        match self {
            Self::Receiver => {
                matches!(kind, FactType::RegionTransferAccepted | FactType::RegionTransferRefused)
            }
            Self::SecondProvider => {
                matches!(kind, FactType::ContactPersonAssigned | FactType::SignalReported)
            }
            Self::Referrer => kind == FactType::CaseDiscussed,
        }
    }
}
