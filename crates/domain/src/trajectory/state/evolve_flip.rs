//! The way to the flip.

use imbl::OrdMap;

use super::{Lease, Trajectory};
use crate::trajectory::fact::{Fact, Party};

impl Trajectory {
    pub(super) fn evolve_flip(&mut self, fact: &Fact) {
        match fact {
            Fact::FlipConditionsSet(set) => {
                let about = set.conditions.iter().map(|condition| condition.kind).collect();
                let (acknowledged, kinds) = match &mut self.offers.open {
                    Some(accepted) => (&mut accepted.flip_conditions_set, &mut accepted.flip_conditions),
                    None => (&mut self.flip.conditions_set, &mut self.flip.conditions),
                };
                (*acknowledged, *kinds) = (set.acknowledged_by_client, about);
            }
            Fact::FlipTalkHeld(talk) => {
                self.new_decision();
                self.flip.talks.insert(talk.talk_id);
                self.flip.talk = Some(talk.talk_id);
            }
            Fact::FlipPositionGiven(given) => {
                self.flip.positions.insert(given.party, given.position);
                self.flip.approved_for = self.flip.approved_for.filter(|_| self.flip.positions_agree());
            }
            Fact::RentAtFlipDisclosed(disclosed) => {
                let before = self.flip.disclosed_rent.replace(disclosed.new_rent_cents);
                if before != Some(disclosed.new_rent_cents) {
                    // The client decides about this rent.
                    self.flip.positions.remove(&Party::Client);
                    self.flip.approved_for = None;
                }
            }
            Fact::FlipApproved(approved) => {
                let before = self.flip.approved_for.replace(approved.flip_on);
                if before.is_some_and(|before| before != approved.flip_on) {
                    // The client decides about this day.
                    self.flip.positions.remove(&Party::Client);
                }
            }
            Fact::AftercareAgreed(_) => self.flip.aftercare_agreed = true,
            // The next decision starts with a new talk. The rent is shown again, because it may
            // have changed.
            Fact::FlipPostponed(_) | Fact::FlipCancelled(_) => {
                self.new_decision();
                self.departures = OrdMap::default();
            }
            Fact::ContractFlipped(flip) => {
                self.flip.flipped_on = Some(flip.occurred_on);
                self.old_lease_ends();
                if let Some(before) = self.tenancy.lease.take() {
                    self.tenancy.leases.insert(flip.lease_id);
                    self.tenancy.of_the_landlord.insert(flip.lease_id);
                    self.tenancy.lease = Some(Lease {
                        id: flip.lease_id,
                        model: None,
                        care_provider: before.care_provider,
                        corporation: before.corporation,
                        unit: before.unit,
                        rent: flip.rent_cents,
                        started_on: flip.own_lease_starts_on,
                        ends_on: None,
                        without_fund: false,
                    });
                }
            }
            Fact::DepartureAgreed(departure) => {
                let agreed_by = departure.agreed_by.iter().map(|party| (*party, departure.occurred_on));
                let mut so_far = self.departures.get(&departure.obligation).cloned().unwrap_or_default();
                so_far.extend(agreed_by);
                self.departures.insert(departure.obligation.clone(), so_far);
            }
            _ => {}
        }
    }

    /// Talk, rent, positions and approval belong to one decision.
    fn new_decision(&mut self) {
        self.flip.talk = None;
        self.flip.disclosed_rent = None;
        self.flip.positions.clear();
        self.flip.approved_for = None;
    }
}
