//! The walk along a history, in the order of happening: each fact is heard by every open instance, and then starts
//! what it starts.

use super::due::{Pause, dues};
use super::open::{Open, Told, responsible};
use super::take_over;
use super::{Assessed, Closed, Closing, Due, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::{Obligation, PauseKind};
use crate::agreements::set::{Agreement, AgreementSet};
use crate::agreements::sets::AgreementSets;
use crate::day::Day;
use crate::ids::ObligationId;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel, Fact};

/// What the walk knows so far.
pub(super) struct Walk<'s, 'f> {
    sets: &'s AgreementSets,
    /// The set in force.
    pub(super) set: Option<&'s AgreementSet>,
    told: Vec<Told<'f>>,
    pub(super) instances: Vec<Open<'s>>,
    /// The model of the latest lease, and the fact that brought it.
    lease: Option<(ContractModel, Day, u64)>,
    /// How the client is away now.
    away: Option<(PauseKind, Pause)>,
    /// Departures agreed before what they set aside had started.
    departures: Vec<(&'f ObligationId, u64)>,
}

/// A start as the walk comes to it: by a fact, or by what a take-over tells of the time before.
pub(super) struct Starting<'a> {
    pub(super) start: Start,
    pub(super) fact: &'a Fact,
    /// What the instance is about, where a take-over tells it.
    pub(super) reference: Option<Scalar>,
    pub(super) told_by_take_over: bool,
}

impl<'s, 'f> Walk<'s, 'f> {
    pub(super) fn of(sets: &'s AgreementSets) -> Self {
        Self {
            sets,
            set: None,
            told: Vec::new(),
            instances: Vec::new(),
            lease: None,
            away: None,
            departures: Vec::new(),
        }
    }

    pub(super) fn step(&mut self, sequence: u64, fact: &'f Fact) {
        let told = Told { sequence, kind: fact.fact_type(), on: fact.occurred_on(), fact };
        self.told.push(told);
        self.bind(fact);
        self.away(told);
        for instance in self.instances.iter_mut().filter(|instance| instance.is_open()) {
            instance.hear(told);
        }
        if let Some(model) = model_of(fact) {
            self.moved_in(model, told);
        }
        if let Fact::DepartureAgreed(departure) = fact {
            self.depart(&departure.obligation, told);
        }
        if let Fact::RunningCaseTakenOver(case) = fact {
            take_over::open(self, case, told);
        } else {
            self.start_all(told);
        }
        if let Fact::TrajectoryEnded(_) | Fact::FollowUpEnded(_) | Fact::ReturnedToShelter(_) = fact {
            for instance in self.instances.iter_mut().filter(|instance| instance.is_open()) {
                instance.close(Closing::CaseEnded, told.on, vec![sequence]);
            }
        }
    }

    fn bind(&mut self, fact: &Fact) {
        let bound_to: &AgreementSetVersion = match fact {
            Fact::IntakeRegistered(intake) => &intake.agreement_set,
            Fact::RunningCaseTakenOver(case) => &case.agreement_set,
            Fact::AgreementSetChanged(changed) => &changed.agreement_set,
            _ => return,
        };
        // A set that this ledger does not know obliges to nothing; admission has refused it.
        self.set = self.sets.get(bound_to);
    }

    /// Stops and starts the clocks of what the client must be at home for.
    fn away(&mut self, told: Told<'_>) {
        let began = match told.fact {
            Fact::TemporaryPlacementStarted(_) => Some(PauseKind::TemporaryPlacement),
            Fact::AbsenceStarted(_) => Some(PauseKind::Absence),
            _ => None,
        };
        let back = matches!(told.fact, Fact::ReturnedHome(_) | Fact::AbsenceEnded(_))
            || model_of(told.fact).is_some();
        let open = self.instances.iter_mut().filter(|instance| instance.is_open());
        if let Some(kind) = began {
            let pause = Pause { from: told.on, until: None, sequence: told.sequence };
            self.away = Some((kind, pause));
            open.filter(|instance| instance.assessed.obligation.paused_by.contains(&kind))
                .for_each(|instance| instance.pause(pause));
        } else if back && self.away.take().is_some() {
            open.for_each(|instance| instance.resume(told.on));
        }
    }

    /// What does not apply under the lease that the client now has is not asked.
    fn moved_in(&mut self, model: ContractModel, told: Told<'_>) {
        self.lease = Some((model, told.on, told.sequence));
        for instance in self.instances.iter_mut().filter(|instance| instance.is_open()) {
            if !instance.assessed.obligation.applies_under(model) {
                instance.close(Closing::OtherLease, told.on, vec![told.sequence]);
            }
        }
    }

    /// Sets aside what is open of an obligation; where nothing is, the next that starts.
    fn depart(&mut self, id: &'f ObligationId, told: Told<'_>) {
        let mut open = self
            .instances
            .iter_mut()
            .filter(|instance| instance.is_open() && instance.assessed.obligation.id == *id)
            .peekable();
        if open.peek().is_none() {
            self.departures.push((id, told.sequence));
        }
        open.for_each(|instance| instance.close(Closing::Departure, told.on, vec![told.sequence]));
    }

    fn start_all(&mut self, told: Told<'_>) {
        let Some(set) = self.set else { return };
        for (agreement, obligation) in set.obligations() {
            if obligation.is_started_by(told.fact) {
                let start = Start { sequence: told.sequence, on: told.on, counted_from: told.on };
                let reference = obligation.reference_in(told.fact);
                let starting = Starting { start, fact: told.fact, reference, told_by_take_over: false };
                self.start(set, agreement, obligation, &starting);
            }
        }
    }

    /// Opens an instance, or several where there are several deadlines.
    pub(super) fn start(
        &mut self,
        set: &'s AgreementSet,
        agreement: &'s Agreement,
        obligation: &'s Obligation,
        starting: &Starting<'_>,
    ) {
        let runs = |open: &Open<'_>| {
            open.is_open()
                && open.assessed.obligation.id == obligation.id
                && open.is_about_same(starting.reference.as_ref())
        };
        if obligation.one_at_a_time && self.instances.iter().any(runs) {
            return;
        }
        let start = starting.start;
        let fact = (!starting.told_by_take_over).then_some(starting.fact);
        let departure = self.departures.iter().position(|(id, _)| **id == obligation.id);
        let departure = departure.map(|at| self.departures.remove(at).1);
        for (month, due) in dues(obligation.deadline.as_ref(), start.counted_from, fact, set) {
            let assessed = Assessed {
                set,
                agreement,
                obligation,
                start: Some(start),
                month,
                reference: starting.reference.as_ref().map(ToString::to_string),
                responsible: responsible(&obligation.responsible, starting.fact),
                due,
                paused: Vec::new(),
                closed: None,
            };
            let instance = Open::new(assessed, starting.reference.clone());
            self.open(instance, starting, departure);
        }
    }

    /// Holds a new instance against what holds already.
    fn open(&mut self, mut instance: Open<'s>, starting: &Starting<'_>, departure: Option<u64>) {
        let obligation = instance.assessed.obligation;
        let start = starting.start;
        if let Some((kind, pause)) = self.away
            && obligation.paused_by.contains(&kind)
        {
            instance.pause(pause);
        }
        if let Some((_, _, lease)) = self.lease.filter(|(model, ..)| !obligation.applies_under(*model)) {
            instance.close(Closing::OtherLease, start.on, vec![lease]);
        } else if let Some(departure) = departure {
            instance.close(Closing::Departure, start.on, vec![departure]);
        } else if obligation.kept_by.enforced {
            instance.close(Closing::Kept, start.on, vec![start.sequence]);
        } else if !obligation.counts_since.is_empty() && !starting.told_by_take_over {
            let since = obligation.counts_since;
            let first = self.told.iter().rposition(|told| since.contains(told.kind)).unwrap_or(0);
            self.told[first..].iter().for_each(|told| {
                if instance.is_open() {
                    instance.keep(*told);
                }
            });
        }
        self.instances.push(instance);
    }

    /// Every instance, and the obligations of the present set that have none.
    pub(super) fn into_assessed(self) -> Vec<Assessed<'s>> {
        let mut assessed: Vec<_> = self.instances.into_iter().map(|instance| instance.assessed).collect();
        let Some(set) = self.set else { return assessed };
        for (agreement, obligation) in set.obligations() {
            if assessed.iter().any(|one| std::ptr::eq(one.obligation, obligation)) {
                continue;
            }
            let other_lease = self.lease.filter(|(model, ..)| !obligation.applies_under(*model));
            assessed.push(Assessed {
                set,
                agreement,
                obligation,
                start: None,
                month: None,
                reference: None,
                responsible: obligation.responsible.parties(),
                due: Due::Whenever,
                paused: Vec::new(),
                closed: other_lease.map(|(_, on, sequence)| Closed {
                    how: Closing::OtherLease,
                    on,
                    evidence: vec![sequence],
                }),
            });
        }
        assessed
    }
}

/// The model of the lease under which a fact moves the client in.
fn model_of(fact: &Fact) -> Option<ContractModel> {
    match fact {
        Fact::HousedUnderIntermediaryLease(_) => Some(ContractModel::Intermediary),
        Fact::HousedUnderThreePartyLease(_) => Some(ContractModel::ThreeParty),
        Fact::HousedUnderTemporaryLease(_) => Some(ContractModel::Temporary),
        Fact::RunningCaseTakenOver(case) => case.lease.as_ref().map(|lease| lease.model),
        _ => None,
    }
}
