//! Rules of intake, preparation and the facts that are admitted at any time.

use super::Admission;
use crate::ids::RegionId;
use crate::trajectory::fact::{Fact, Outcome, RunningCaseTakenOver};
use crate::trajectory::phase::Phase;
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::Lease;

impl Admission<'_> {
    pub(super) fn intake(&mut self, fact: &Fact) {
        match fact {
            Fact::IntakeRegistered(intake) => {
                self.not_after(intake.care_started_on);
                self.serves(&intake.region);
            }
            Fact::RunningCaseTakenOver(case) => self.take_over(case),
            Fact::ConsentWithdrawn(consent) => {
                self.unless(self.state.consents.contains(&consent.scope), Refusal::ConsentNotGiven);
            }
            Fact::OutflowAnnounced(outflow) => self.not_before(Some(outflow.expected_on)),
            Fact::ReadinessRevoked(_) | Fact::RegisteredByMistake(_) => {
                self.unless(self.state.tenancy.lease.is_none(), Refusal::LivesInADwelling);
            }
            Fact::TrajectoryTransferred(transfer) => {
                self.unless(
                    transfer.care_provider.is_some() || transfer.municipality.is_some(),
                    Refusal::TransferToNobody,
                );
            }
            Fact::DepartureAgreed(departure) => {
                let earlier = self.state.earlier_sets.iter().filter_map(|bound_to| self.sets.get(bound_to));
                let sets = earlier.chain([self.set]);
                let named: Vec<_> = sets.filter_map(|set| set.obligation(&departure.obligation)).collect();
                self.unless(!named.is_empty(), Refusal::ObligationUnknown);
                let some_can_be = named.iter().any(|obligation| obligation.can_be_set_aside());
                self.unless(named.is_empty() || some_can_be, Refusal::NeverSetAside);
            }
            Fact::TrajectoryEnded(end) => self.ends_with(end.outcome),
            _ => {}
        }
    }

    /// The region must occur in some agreement set, whichever set judges the case itself. Figures
    /// leave out a region that no set names.
    pub(super) fn serves(&mut self, region: &RegionId) {
        let served = self.sets.iter().any(|set| set.regions.contains(region));
        self.unless(served, Refusal::RegionNotServed);
    }

    fn take_over(&mut self, case: &RunningCaseTakenOver) {
        let lives_somewhere = matches!(case.phase, Phase::Housed | Phase::FollowUp);
        let can_be_found_so =
            matches!(case.phase, Phase::Preparing | Phase::Ready | Phase::Matching) || lives_somewhere;
        self.unless(can_be_found_so, Refusal::PhaseCannotBeTakenOver);
        self.unless(lives_somewhere == case.lease.is_some(), Refusal::LeaseMissing);
        self.unless(!lives_somewhere || case.corporation.is_some(), Refusal::LeaseMissing);
        self.unless((case.phase == Phase::FollowUp) == case.flipped_on.is_some(), Refusal::FlipDateMissing);
        let earlier = [
            Some(case.intake_on),
            case.ready_on,
            case.flipped_on,
            case.lease.as_ref().map(|lease| lease.started_on),
        ];
        let kept = case.already_kept.iter().map(|kept| Some(kept.kept_on));
        let reported = case.open_nuisance_cases.iter().map(|open| Some(open.reported_on));
        for day in earlier.into_iter().chain(kept).chain(reported) {
            self.not_after(day);
        }
        let moved_in = case.lease.as_ref().map(|lease| lease.started_on);
        let reported = case.open_nuisance_cases.iter().map(|open| open.reported_on).min();
        self.unless(
            moved_in.zip(reported).is_none_or(|(moved_in, reported)| reported >= moved_in),
            Refusal::BeforeMovingIn,
        );
        self.serves(&case.region);
        let known = case.already_kept.iter().all(|kept| self.set.obligation(&kept.obligation).is_some());
        self.unless(known, Refusal::KeptObligationUnknown);
        if let Some(lease) = &case.lease {
            self.unless(self.set.contract_models.contains(&lease.model), Refusal::ContractModelNotAgreed);
            self.unless(lease.terms.care_provider == case.care_provider, Refusal::LeaseOfAnotherProvider);
        }
    }

    /// Some outcomes need a dwelling, some a flip, some an earlier fact.
    fn ends_with(&mut self, outcome: Outcome) {
        let lives_somewhere = self.state.tenancy.lease.is_some();
        let own = self.state.tenancy.lease.as_ref().is_some_and(Lease::was_always_own);
        let fits = match outcome {
            Outcome::FollowUpCompleted | Outcome::RegisteredByMistake => false,
            Outcome::Evicted => lives_somewhere,
            Outcome::PlacementEnded => lives_somewhere && self.state.flip.flipped_on.is_none() && !own,
            Outcome::GuidanceCompleted => own,
            // Prevention: a home in the partners' sense was never needed.
            Outcome::HomeKept => self.state.home_at_risk && self.state.tenancy.housed_on.is_none(),
            Outcome::OfferRefused | Outcome::NotReady => !lives_somewhere,
            Outcome::ReturnedToShelter => self.state.tenancy.housed_on.is_some(),
            Outcome::Withdrew
            // Before the first dwelling: the client found a home by the regular way.
            | Outcome::MovedOnWell
            | Outcome::OtherCare
            | Outcome::Deceased
            | Outcome::MovedAway
            | Outcome::OutOfSight => true,
        };
        self.unless(fits, Refusal::OutcomeDoesNotFit);
        if outcome == Outcome::Evicted {
            self.evicted();
        }
        if outcome == Outcome::PlacementEnded && fits {
            self.placement_ended();
        }
        if outcome == Outcome::ReturnedToShelter {
            self.return_was_granted();
        }
    }

    pub(super) fn return_was_granted(&mut self) {
        let granted = self.state.return_request.as_ref().is_some_and(|request| request.granted == Some(true));
        self.unless(granted, Refusal::ReturnNotGranted);
    }
}
