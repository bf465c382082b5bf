//! What one fact of the history does: it is first applied to every open instance that it concerns, and
//! then starts new instances.

use super::due::Pause;
use super::open::{PlacedFact, responsible};
use super::walk::{Starting, Walk, Watching};
use super::{Closing, Start, departure, levels, partners, take_over, undone};
use crate::agreements::obligation::PauseKind;
use crate::nuisance::course::landlord_after;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel, Fact};

impl<'f> Walk<'_, 'f> {
    /// Applies the next fact.
    pub(super) fn step(&mut self, sequence: u64, fact: &'f Fact) {
        let replaced = self.acting.step(fact);
        let (kind, on, owner) = (fact.fact_type(), fact.occurred_on(), self.acting.owner(fact));
        let placed = PlacedFact { sequence, kind, on, fact, owner };
        self.history.push(placed);
        self.bind(fact);
        self.landlord = landlord_after(self.landlord, fact);
        self.away(placed);
        self.apply(placed);
        undone::undo(self, placed);
        partners::replace(self, &replaced, placed);
        let turned = self.turn(placed) || !replaced.is_empty();
        if let Fact::RunningCaseTakenOver(case) = fact {
            take_over::open(self, case, placed);
        } else {
            self.start_all(placed);
        }
        levels::moves(self, placed);
        if self.end(placed) || turned {
            let is_closed = |(_, instance): &(&usize, &Watching<'_>)| !instance.open.is_open();
            let closed: Vec<_> =
                self.instances.iter().filter(is_closed).map(|(ordinal, _)| *ordinal).collect();
            for ordinal in closed {
                self.put_away(ordinal);
            }
        }
    }

    /// Applies a fact to every open instance that watches for it and has the same reference, and
    /// moves the closed ones away.
    fn apply(&mut self, placed: PlacedFact<'f>) {
        let concerned = self.others.iter().copied().chain(self.referring.concerned_by(placed));
        let concerned: Vec<_> = concerned.collect();
        self.steps += 1 + concerned.len() as u64;
        for ordinal in concerned {
            if let Some(instance) =
                self.instances.get_mut(&ordinal).filter(|one| one.watches.contains(placed.kind))
            {
                if self.acting.counts(placed, instance.open.corporation.as_ref()) {
                    instance.open.apply(placed);
                }
                if !instance.open.is_open() {
                    self.put_away(ordinal);
                }
            }
        }
    }

    /// A move or a departure, which may close instances that watch for neither.
    fn turn(&mut self, placed: PlacedFact<'f>) -> bool {
        let fact = placed.fact;
        if let Some(model) = model_of(fact) {
            self.moved_in(model, placed);
        }
        if let Fact::DepartureAgreed(departure) = fact {
            departure::agreed(self, departure, placed);
        }
        model_of(fact).is_some() || matches!(fact, Fact::DepartureAgreed(_) | Fact::RunningCaseTakenOver(_))
    }

    /// The end of the case, after which nothing is required any more.
    fn end(&mut self, placed: PlacedFact<'_>) -> bool {
        let ends = matches!(
            placed.fact,
            Fact::TrajectoryEnded(_)
                | Fact::RegisteredByMistake(_)
                | Fact::FollowUpEnded(_)
                | Fact::TenantDeathReported(_)
                | Fact::ReturnedToShelter(_)
        );
        if ends {
            self.each_open()
                .for_each(|open| open.close(Closing::CaseEnded, placed.on, vec![placed.sequence]));
        }
        ends
    }

    fn bind(&mut self, fact: &Fact) {
        let bound_to: &AgreementSetVersion = match fact {
            Fact::IntakeRegistered(intake) => &intake.agreement_set,
            Fact::RunningCaseTakenOver(case) => &case.agreement_set,
            Fact::AgreementSetChanged(changed) => &changed.agreement_set,
            Fact::RegionTransferAccepted(accepted) => &accepted.to.agreement_set,
            _ => return,
        };
        // A set that this ledger does not have contains no obligations; admission has refused it.
        self.set = self.sets.get(bound_to);
    }

    /// Pauses and resumes the obligations for which the client must be at home.
    fn away(&mut self, placed: PlacedFact<'_>) {
        let began = match placed.fact {
            Fact::TemporaryPlacementStarted(_) => Some(PauseKind::TemporaryPlacement),
            Fact::AbsenceStarted(_) => Some(PauseKind::Absence),
            Fact::RenovationStarted(_) => Some(PauseKind::Renovation),
            _ => None,
        };
        let back =
            matches!(placed.fact, Fact::ReturnedHome(_) | Fact::AbsenceEnded(_) | Fact::RenovationEnded(_))
                || model_of(placed.fact).is_some();
        if let Some(kind) = began {
            let pause = Pause { from: placed.on, sequence: placed.sequence, ended: None };
            self.away = Some((kind, pause));
            self.each_open()
                .filter(|open| open.assessed.obligation.paused_by.contains(&kind))
                .for_each(|open| open.pause(pause));
        } else if back && self.away.take().is_some() {
            self.each_open().for_each(|open| open.resume(placed));
        }
    }

    /// Closes what does not apply under the client's new lease.
    fn moved_in(&mut self, model: ContractModel, placed: PlacedFact<'_>) {
        self.lease = Some((model, placed.on, placed.sequence));
        self.each_open()
            .filter(|open| !open.assessed.obligation.applies_under(model))
            .for_each(|open| open.close(Closing::OtherLease, placed.on, vec![placed.sequence]));
    }

    fn start_all(&mut self, placed: PlacedFact<'_>) {
        let Some(set) = self.set else { return };
        for (agreement, obligation) in set.obligations() {
            if obligation.level.is_none() && obligation.is_started_by(placed.fact) {
                let start = Start { sequence: placed.sequence, on: placed.on, counted_from: placed.on };
                let starting = Starting {
                    start,
                    fact: Some(placed.fact),
                    reference: obligation.reference_in(placed.fact),
                    responsible: responsible(&obligation.responsible, placed.fact, self.landlord),
                };
                self.start(set, agreement, obligation, &starting);
            }
        }
    }
}

/// The model of the lease if a fact moves the client in.
fn model_of(fact: &Fact) -> Option<ContractModel> {
    match fact {
        Fact::HousedUnderIntermediaryLease(_) => Some(ContractModel::Intermediary),
        Fact::HousedUnderThreePartyLease(_) => Some(ContractModel::ThreeParty),
        Fact::HousedUnderTemporaryLease(_) => Some(ContractModel::Temporary),
        Fact::HousedUnderOwnLease(_) => Some(ContractModel::Own),
        Fact::RunningCaseTakenOver(case) => case.lease.as_ref().map(|lease| lease.model),
        _ => None,
    }
}
