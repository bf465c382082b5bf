//! Living there: signals, absence, money, follow-up and the way back.

use super::{Away, Claim, Loss, ReturnRequest, Signal, Trajectory, WarnedAbout};
use crate::ids::LeaseId;
use crate::trajectory::fact::{Cents, Fact, GuaranteeFundClaimed};

impl Trajectory {
    pub(super) fn evolve_living(&mut self, fact: &Fact) {
        match fact {
            Fact::LivingAgreementsSigned(_) => match &mut self.offers.open {
                Some(accepted) => accepted.living_agreements_signed = true,
                None => self.tenancy.living_agreements_signed = true,
            },
            Fact::LeaseExtended(extended) => {
                if let Some(lease) = &mut self.tenancy.lease {
                    lease.ends_on = Some(extended.ends_on);
                }
            }
            Fact::RentChanged(changed) => {
                if let Some(lease) = &mut self.tenancy.lease {
                    lease.rent = changed.rent_cents;
                }
            }
            Fact::DwellingRedivided(redivided) => {
                if let Some(lease) = &mut self.tenancy.lease {
                    lease.unit = redivided.unit.clone();
                }
            }
            Fact::HeadLeaseTakenOver(taken_over) => {
                if let Some(lease) = &mut self.tenancy.lease {
                    lease.care_provider = taken_over.care_provider.clone();
                }
            }
            Fact::RenovationStarted(_) => self.tenancy.away = Some(Away::Renovation),
            Fact::SignalReported(signal) => {
                self.signals.insert(signal.signal_id, Signal { answered: false });
            }
            Fact::SignalAnswered(answer) => {
                if let Some(signal) = self.signals.get_mut(&answer.signal_id) {
                    signal.answered = true;
                }
            }
            Fact::TemporaryPlacementStarted(_) => self.tenancy.away = Some(Away::Placed),
            Fact::AbsenceStarted(_) => self.tenancy.away = Some(Away::Absent),
            Fact::ReturnedHome(_) | Fact::AbsenceEnded(_) | Fact::RenovationEnded(_) => {
                self.tenancy.away = None;
            }
            // A plan covers the rents that were missed before it.
            Fact::RentMissed(missed) => {
                if let Some(loss) = self.loss(missed.amount_cents) {
                    let before = self.rents_missed.get(&missed.due_on).copied();
                    let cents = loss.cents.saturating_add(before.map_or(0, |before| before.cents));
                    let claimed = before.is_some_and(|before| before.claimed);
                    self.rents_missed.insert(missed.due_on, Loss { cents, claimed, ..loss });
                }
                self.tenancy.in_arrears = true;
                self.tenancy.arrears_planned = false;
            }
            Fact::ArrearsPlanAgreed(_) => self.tenancy.arrears_planned = true,
            // Warnings about arrears that are paid do not count for later ones (our decision).
            Fact::ArrearsCleared(_) => {
                self.tenancy.in_arrears = false;
                self.tenancy.arrears_planned = false;
                self.tenancy.warnings.remove(&WarnedAbout::Arrears);
                // A rent that was claimed is not claimed again, even if it is missed again.
                let claimed = self.rents_missed.iter().filter(|(_, rent)| rent.claimed);
                self.rents_missed = claimed.map(|(due_on, rent)| (*due_on, *rent)).collect();
            }
            Fact::LeaseEndAgreed(agreed) => self.tenancy.end_agreed_on = Some(agreed.ends_on),
            Fact::DamageReported(damage) => {
                if let Some(loss) = self.loss(damage.estimate_cents) {
                    self.damages.insert(damage.damage_id, loss);
                }
            }
            Fact::DamageSettled(settled) => {
                if let Some(damage) = self.damages.get_mut(&settled.damage_id) {
                    damage.settled = true;
                }
            }
            Fact::GuaranteeFundClaimed(claim) => {
                let lease = self.claim_losses(claim);
                self.claims.insert(claim.claim_id, Claim { open: Some(claim.amount_cents), lease });
            }
            Fact::GuaranteeFundSettled(settled) => {
                if let Some(claim) = self.claims.get_mut(&settled.claim_id) {
                    claim.open = None;
                }
            }
            Fact::FollowUpCheckHeld(check) => {
                self.checks_held.insert(check.month);
            }
            Fact::ReturnRequested(request) => {
                self.return_requests.insert(request.request_id);
                self.return_request = Some(ReturnRequest { id: request.request_id, granted: None });
            }
            Fact::LightWmoTestDone(test) => {
                self.return_request =
                    Some(ReturnRequest { id: test.request_id, granted: Some(test.granted) });
            }
            Fact::ReturnedToShelter(_) | Fact::ReturnRequestWithdrawn(_) => self.return_request = None,
            Fact::TenancyEnded(_) => self.tenancy.left = true,
            _ => {}
        }
    }

    /// A damage or a missed rent under the lease that runs.
    fn loss(&self, cents: Cents) -> Option<Loss> {
        let lease = self.tenancy.lease.as_ref()?;
        let backed = lease.model.filter(|_| !lease.without_fund);
        Some(Loss { cents: cents.into(), lease: lease.id, backed, claimed: false, settled: false })
    }

    /// Marks what a claim rests on as claimed, and returns the lease under which it happened.
    fn claim_losses(&mut self, claim: &GuaranteeFundClaimed) -> Option<LeaseId> {
        let mut lease = None;
        if let Some(damage) = claim.damage_id.and_then(|id| self.damages.get_mut(&id)) {
            damage.claimed = true;
            lease = Some(damage.lease);
        }
        for due_on in &claim.rents_due_on {
            if let Some(rent) = self.rents_missed.get_mut(due_on) {
                rent.claimed = true;
                lease = Some(rent.lease);
            }
        }
        lease
    }
}
