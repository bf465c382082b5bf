//! Rules of living there, of money, of follow-up and of the way back.

use super::{Admission, all_three};
use crate::ids::{ReturnRequestId, SignalId};
use crate::trajectory::fact::{ContractModel, Fact, FollowUpEnded, LeaseExtended, Outcome};
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::Away;

impl Admission<'_> {
    pub(super) fn living(&mut self, fact: &Fact) {
        match fact {
            Fact::EvaluationHeld(_) => self.needs_a_lease(),
            Fact::AnnualReviewHeld(review) => {
                self.needs_a_lease();
                self.unless(all_three(&review.attended_by), Refusal::OneOfTheThreeAbsent);
            }
            Fact::LeaseExtended(extended) => self.extended(extended),
            Fact::SignalReported(signal) => {
                self.unless(!self.state.signals.contains_key(&signal.signal_id), Refusal::SignalIdTaken);
            }
            Fact::SignalAnswered(answer) => {
                self.signal_known(answer.signal_id);
                let answered =
                    self.state.signals.get(&answer.signal_id).is_some_and(|signal| signal.answered);
                self.unless(!answered, Refusal::SignalAlreadyAnswered);
            }
            Fact::GuidanceScaled(scaled) => scaled.signal_id.into_iter().for_each(|id| self.signal_known(id)),
            Fact::TemporaryPlacementStarted(placement) => {
                self.needs_a_lease();
                self.unless(self.state.tenancy.away.is_none(), Refusal::AlreadyAway);
                self.not_before(placement.expected_until);
                placement.nuisance_case.into_iter().for_each(|id| self.case_known(id));
            }
            Fact::AbsenceStarted(absence) => {
                self.needs_a_lease();
                self.unless(self.state.tenancy.away.is_none(), Refusal::AlreadyAway);
                self.not_before(absence.expected_until);
            }
            Fact::ReturnedHome(_) => {
                self.unless(self.state.tenancy.away == Some(Away::Placed), Refusal::NotAway);
            }
            Fact::AbsenceEnded(_) => {
                self.unless(self.state.tenancy.away == Some(Away::Absent), Refusal::NotAway);
            }
            _ => self.money(fact),
        }
    }

    fn money(&mut self, fact: &Fact) {
        match fact {
            Fact::RentMissed(missed) => {
                self.needs_a_lease();
                self.not_after(Some(missed.due_on));
            }
            Fact::ArrearsPlanAgreed(_) | Fact::ArrearsCleared(_) => {
                self.unless(self.state.tenancy.in_arrears, Refusal::NoArrears);
            }
            Fact::DamageReported(damage) => {
                self.needs_a_lease();
                self.unless(!self.state.damages.contains_key(&damage.damage_id), Refusal::DamageIdTaken);
            }
            Fact::DamageSettled(settled) => {
                let damage = self.state.damages.get(&settled.damage_id);
                self.unless(damage.is_some(), Refusal::DamageUnknown);
                self.unless(!damage.is_some_and(|damage| damage.settled), Refusal::DamageAlreadySettled);
                self.unless(!damage.is_some_and(|damage| damage.claimed), Refusal::AlreadyClaimed);
            }
            Fact::GuaranteeFundClaimed(claim) => self.fund_claimed(claim),
            Fact::GuaranteeFundSettled(settled) => self.fund_settled(settled),
            _ => self.after_the_flip(fact),
        }
    }

    fn after_the_flip(&mut self, fact: &Fact) {
        match fact {
            Fact::FollowUpCheckHeld(check) => {
                self.in_its_window(check.month);
                let until =
                    self.state.flip.flipped_on.and_then(|on| self.set.follow_up.check_until(on, check.month));
                self.unless(until.is_none_or(|until| self.on < until), Refusal::CheckOfALaterMonth);
                self.unless(
                    !self.state.checks_held.contains(&check.month),
                    Refusal::FollowUpCheckAlreadyHeld,
                );
            }
            Fact::FollowUpCheckMissed(check) => {
                self.in_its_window(check.month);
                self.unless(
                    !self.state.checks_held.contains(&check.month),
                    Refusal::FollowUpCheckAlreadyHeld,
                );
            }
            Fact::FollowUpEnded(end) => self.follow_up_ended(end),
            Fact::ReturnRequested(request) => {
                let open = self.state.return_request.as_ref().is_some_and(|open| open.granted.is_none());
                let taken = self.state.return_requests.contains(&request.request_id);
                self.unless(self.state.tenancy.housed_on.is_some(), Refusal::NeverHoused);
                self.unless(!open && !taken, Refusal::ReturnAlreadyRequested);
                self.client_lives();
            }
            Fact::ReturnRequestWithdrawn(withdrawn) => {
                let refused =
                    self.state.return_request.as_ref().is_some_and(|request| request.granted == Some(false));
                let open = self.is_latest_request(withdrawn.request_id) && !refused;
                self.unless(open, Refusal::ReturnNotRequested);
            }
            Fact::TenancyEnded(ended) => {
                let lease = self.state.tenancy.lease.as_ref().filter(|_| !self.state.tenancy.left);
                self.unless(lease.is_some_and(|lease| lease.id == ended.lease_id), Refusal::LeaseNotRunning);
            }
            Fact::TenantDeathReported(death) => self.not_after(death.died_on),
            Fact::LightWmoTestDone(test) => {
                let open = self.is_latest_request(test.request_id)
                    && self.state.return_request.as_ref().is_some_and(|request| request.granted.is_none());
                // Does not check that the client is alive. The party that does the test does not
                // see the course, and the refusal would disclose a death.
                self.unless(open, Refusal::ReturnNotRequested);
            }
            Fact::ReturnedToShelter(back) => {
                self.unless(self.is_latest_request(back.request_id), Refusal::ReturnNotRequested);
                self.return_was_granted();
                self.client_lives();
            }
            _ => {}
        }
    }

    /// A check says how the client lives around its month. It is neither held nor missed before.
    fn in_its_window(&mut self, month: u8) {
        let from = self.state.flip.flipped_on.map(|on| self.set.follow_up.check_from(on, month));
        self.unless(from.is_none_or(|from| self.on >= from), Refusal::CheckTooEarly);
    }

    fn client_lives(&mut self) {
        self.unless(self.state.outcome != Some(Outcome::Deceased), Refusal::ClientDeceased);
    }

    fn is_latest_request(&self, id: ReturnRequestId) -> bool {
        self.state.return_request.as_ref().is_some_and(|request| request.id == id)
    }

    fn signal_known(&mut self, id: SignalId) {
        self.unless(self.state.signals.contains_key(&id), Refusal::SignalUnknown);
    }

    fn extended(&mut self, extended: &LeaseExtended) {
        self.needs_a_lease();
        if let Some(lease) = &self.state.tenancy.lease {
            self.unless(lease.id == extended.lease_id, Refusal::LeaseNotRunning);
            self.unless(lease.model == Some(ContractModel::Temporary), Refusal::LeaseNotTemporary);
            self.unless(
                lease.ends_on.is_none_or(|ends_on| extended.ends_on > ends_on),
                Refusal::DateBeforeTheFact,
            );
        }
    }

    fn follow_up_ended(&mut self, end: &FollowUpEnded) {
        let over_on =
            self.state.flip.flipped_on.map(|flipped_on| flipped_on.plus_months(self.set.follow_up.months));
        match end.outcome {
            Outcome::FollowUpCompleted => {
                self.unless(over_on.is_some_and(|over_on| self.on >= over_on), Refusal::FollowUpNotOver);
                self.unless(!self.state.tenancy.left, Refusal::OutcomeDoesNotFit);
            }
            Outcome::Evicted => self.evicted(),
            Outcome::ReturnedToShelter => self.return_was_granted(),
            Outcome::MovedOnWell
            | Outcome::OtherCare
            | Outcome::Deceased
            | Outcome::MovedAway
            | Outcome::OutOfSight => {}
            Outcome::Withdrew
            | Outcome::OfferRefused
            | Outcome::NotReady
            | Outcome::PlacementEnded
            | Outcome::GuidanceCompleted
            | Outcome::RegisteredByMistake
            | Outcome::HomeKept => {
                self.unless(false, Refusal::OutcomeDoesNotFit);
            }
        }
    }
}
