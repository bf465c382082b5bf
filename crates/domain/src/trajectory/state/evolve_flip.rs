//! The way to the flip.

use super::{Lease, Trajectory};
use crate::trajectory::fact::Fact;

impl Trajectory {
    pub(super) fn evolve_flip(&mut self, fact: &Fact) {
        match fact {
            Fact::FlipConditionsSet(conditions) => match &mut self.offers.open {
                Some(accepted) => accepted.flip_conditions_set = conditions.acknowledged_by_client,
                None => self.flip.conditions_set = conditions.acknowledged_by_client,
            },
            Fact::FlipTalkHeld(talk) => {
                self.flip.talks.insert(talk.talk_id);
                self.flip.talk = Some(talk.talk_id);
                self.flip.positions.clear();
                self.flip.approved = false;
            }
            Fact::FlipPositionGiven(given) => {
                self.flip.positions.insert(given.party, given.position);
                self.flip.approved = self.flip.approved && self.flip.positions_agree();
            }
            Fact::RentAtFlipDisclosed(_) => self.flip.new_rent_disclosed = true,
            Fact::FlipApproved(_) => self.flip.approved = true,
            Fact::AftercareAgreed(_) => self.flip.aftercare_agreed = true,
            // The next decision starts with a new talk. The rent is shown again, because it may
            // have changed.
            Fact::FlipPostponed(_) | Fact::FlipCancelled(_) => {
                self.flip.talk = None;
                self.flip.positions.clear();
                self.flip.approved = false;
                self.flip.new_rent_disclosed = false;
            }
            Fact::ContractFlipped(flip) => {
                self.flip.flipped_on = Some(flip.occurred_on);
                if let Some(before) = self.tenancy.lease.take() {
                    self.tenancy.leases.insert(flip.lease_id);
                    self.tenancy.lease = Some(Lease {
                        id: flip.lease_id,
                        model: None,
                        corporation: before.corporation,
                        unit: before.unit,
                        started_on: flip.own_lease_starts_on,
                        ends_on: None,
                    });
                }
            }
            _ => {}
        }
    }
}
