//! Living there: signals, absence, money, follow-up and the way back.

use super::{Away, ReturnRequest, Signal, Trajectory, WarnedAbout};
use crate::trajectory::fact::Fact;

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
            Fact::RentMissed(_) => {
                self.tenancy.in_arrears = true;
                self.tenancy.arrears_planned = false;
            }
            Fact::ArrearsPlanAgreed(_) => self.tenancy.arrears_planned = true,
            // Warnings about arrears that are paid do not count for later ones (our decision).
            Fact::ArrearsCleared(_) => {
                self.tenancy.in_arrears = false;
                self.tenancy.arrears_planned = false;
                self.tenancy.warnings.remove(&WarnedAbout::Arrears);
            }
            Fact::LeaseEndAgreed(agreed) => self.tenancy.end_agreed_on = Some(agreed.ends_on),
            Fact::DamageReported(damage) => {
                self.damages.insert(damage.damage_id);
            }
            Fact::GuaranteeFundClaimed(claim) => {
                self.claims.insert(claim.claim_id, Some(claim.amount_cents));
            }
            Fact::GuaranteeFundSettled(settled) => {
                self.claims.insert(settled.claim_id, None);
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
}
