//! The walk along a history, in the order of happening: each fact is heard by every open instance, and then starts
//! what it starts.

use std::collections::{BTreeMap, BTreeSet};

use super::departure::{self, SetAside};
use super::due::{Pause, dues};
use super::open::{Open, Told, responsible};
use super::referring::Referring;
use super::take_over;
use super::{Assessed, Closed, Closing, Due, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::{Obligation, PauseKind};
use crate::agreements::pattern::FactTypes;
use crate::agreements::set::{Agreement, AgreementSet};
use crate::agreements::sets::AgreementSets;
use crate::day::Day;
use crate::ids::ObligationId;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel, Fact, Party};

/// What the walk knows so far.
pub(super) struct Walk<'s, 'f> {
    sets: &'s AgreementSets,
    /// The set in force.
    pub(super) set: Option<&'s AgreementSet>,
    told: Vec<Told<'f>>,
    /// The open instances, and those that this very fact closed, in the order in which they started.
    pub(super) instances: BTreeMap<usize, Watching<'s>>,
    /// Those of them that hear only what is about the same.
    referring: Referring<'s>,
    /// Those of them that hear every fact they watch for.
    others: BTreeSet<usize>,
    /// The closed ones: out of the way, for a history of thousands has thousands.
    closed: Vec<Watching<'s>>,
    /// How many have started.
    pub(super) started: usize,
    /// How many steps of work it took: instances looked at, and facts looked at again.
    pub(super) steps: u64,
    /// The model of the latest lease, and the fact that brought it.
    lease: Option<(ContractModel, Day, u64)>,
    /// How the client is away now.
    away: Option<(PauseKind, Pause)>,
    /// Departures agreed before what they set aside had started.
    pub(super) departures: Vec<(&'f ObligationId, u64)>,
}

/// An instance behind what it watches for, so that passing it by costs one comparison and no look into it.
pub(super) struct Watching<'s> {
    watches: FactTypes,
    pub(super) open: Box<Open<'s>>,
}

/// A start as the walk comes to it.
pub(super) struct Starting<'a> {
    pub(super) start: Start,
    /// The fact that starts it; none where a take-over or a departure stands for one.
    pub(super) fact: Option<&'a Fact>,
    /// What the instance is about.
    pub(super) reference: Option<Scalar>,
    /// Who owes it.
    pub(super) responsible: Vec<Party>,
}

impl<'s, 'f> Walk<'s, 'f> {
    pub(super) fn of(sets: &'s AgreementSets) -> Self {
        Self {
            sets,
            set: None,
            told: Vec::new(),
            instances: BTreeMap::new(),
            referring: Referring::default(),
            others: BTreeSet::new(),
            closed: Vec::new(),
            started: 0,
            steps: 0,
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
        self.hear(told);
        let turned = self.turn(told);
        if let Fact::RunningCaseTakenOver(case) = fact {
            take_over::open(self, case, told);
        } else {
            self.start_all(told);
        }
        if self.end(told) || turned {
            let is_closed = |(_, instance): &(&usize, &Watching<'_>)| !instance.open.is_open();
            let closed: Vec<_> =
                self.instances.iter().filter(is_closed).map(|(ordinal, _)| *ordinal).collect();
            for ordinal in closed {
                self.put_away(ordinal);
            }
        }
    }

    /// Every open instance that watches for such a fact, about the same, hears it; what it closes is put away.
    fn hear(&mut self, told: Told<'f>) {
        let concerned = self.others.iter().copied().chain(self.referring.concerned_by(told));
        let concerned: Vec<_> = concerned.collect();
        self.steps += 1 + concerned.len() as u64;
        for ordinal in concerned {
            if let Some(instance) =
                self.instances.get_mut(&ordinal).filter(|one| one.watches.contains(told.kind))
            {
                instance.open.hear(told);
                if !instance.open.is_open() {
                    self.put_away(ordinal);
                }
            }
        }
    }

    /// An instance that has closed is out of the way.
    fn put_away(&mut self, ordinal: usize) {
        self.forget(ordinal).into_iter().for_each(|instance| self.closed.push(instance));
    }

    /// Takes an instance away.
    pub(super) fn forget(&mut self, ordinal: usize) -> Option<Watching<'s>> {
        let instance = self.instances.remove(&ordinal)?;
        self.others.remove(&ordinal);
        if let Some(reference) = &instance.open.reference {
            self.referring.remove(instance.open.assessed.obligation, reference, ordinal);
        }
        Some(instance)
    }

    /// A move or a departure, which may close what watches for neither.
    fn turn(&mut self, told: Told<'f>) -> bool {
        let fact = told.fact;
        if let Some(model) = model_of(fact) {
            self.moved_in(model, told);
        }
        if let Fact::DepartureAgreed(departure) = fact {
            departure::agreed(self, &departure.obligation, told);
        }
        model_of(fact).is_some() || matches!(fact, Fact::DepartureAgreed(_) | Fact::RunningCaseTakenOver(_))
    }

    /// The end of the case, after which nothing is asked any more.
    fn end(&mut self, told: Told<'_>) -> bool {
        let ends = matches!(
            told.fact,
            Fact::TrajectoryEnded(_) | Fact::FollowUpEnded(_) | Fact::ReturnedToShelter(_)
        );
        if ends {
            self.each_open().for_each(|open| open.close(Closing::CaseEnded, told.on, vec![told.sequence]));
        }
        ends
    }

    pub(super) fn each_open(&mut self) -> impl Iterator<Item = &mut Open<'s>> {
        self.steps += self.instances.len() as u64;
        self.instances.values_mut().map(|instance| &mut *instance.open).filter(|open| open.is_open())
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
        if let Some(kind) = began {
            let pause = Pause { from: told.on, sequence: told.sequence, ended: None };
            self.away = Some((kind, pause));
            self.each_open()
                .filter(|open| open.assessed.obligation.paused_by.contains(&kind))
                .for_each(|open| open.pause(pause));
        } else if back && self.away.take().is_some() {
            self.each_open().for_each(|open| open.resume(told));
        }
    }

    /// What does not apply under the lease that the client now has is not asked.
    fn moved_in(&mut self, model: ContractModel, told: Told<'_>) {
        self.lease = Some((model, told.on, told.sequence));
        self.each_open()
            .filter(|open| !open.assessed.obligation.applies_under(model))
            .for_each(|open| open.close(Closing::OtherLease, told.on, vec![told.sequence]));
    }

    fn start_all(&mut self, told: Told<'_>) {
        let Some(set) = self.set else { return };
        for (agreement, obligation) in set.obligations() {
            if obligation.is_started_by(told.fact) {
                let start = Start { sequence: told.sequence, on: told.on, counted_from: told.on };
                let starting = Starting {
                    start,
                    fact: Some(told.fact),
                    reference: obligation.reference_in(told.fact),
                    responsible: responsible(&obligation.responsible, told.fact),
                };
                self.start(set, agreement, obligation, &starting);
            }
        }
    }

    /// Whether an instance of an obligation is open that is about this.
    fn runs(&mut self, obligation: &Obligation, reference: Option<&Scalar>) -> bool {
        let about =
            reference.into_iter().flat_map(|reference| self.referring.about(&obligation.id, reference));
        let mut looked_at = 0;
        let runs = self.others.iter().copied().chain(about).any(|ordinal| {
            looked_at += 1;
            self.instances.get(&ordinal).is_some_and(|instance| {
                let open = &instance.open;
                open.is_open()
                    && open.assessed.obligation.id == obligation.id
                    && open.is_about_same(reference)
            })
        });
        self.steps += looked_at;
        runs
    }

    /// Opens an instance, or several where there are several deadlines.
    pub(super) fn start(
        &mut self,
        set: &'s AgreementSet,
        agreement: &'s Agreement,
        obligation: &'s Obligation,
        starting: &Starting<'_>,
    ) {
        if obligation.one_at_a_time && self.runs(obligation, starting.reference.as_ref()) {
            return;
        }
        // A departure sets aside what is open of signals: which signal comes next depends on who looks.
        let may_be_awaited = |id: &ObligationId| *id == obligation.id && !obligation.is_about_signals();
        let departure = self.departures.iter().position(|(id, _)| may_be_awaited(id));
        let departure = departure.map(|at| self.departures.remove(at).1);
        let start = starting.start;
        for (month, due) in dues(obligation.deadline.as_ref(), start.counted_from, starting.fact, set) {
            let assessed = Assessed {
                set,
                agreement,
                obligation,
                start: Some(start),
                month,
                reference: starting.reference.as_ref().map(ToString::to_string),
                responsible: starting.responsible.clone(),
                due,
                paused: Vec::new(),
                closed: None,
            };
            self.open(Open::new(assessed, starting.reference.clone()), starting, departure);
        }
    }

    /// Holds a new instance against what holds already.
    fn open(&mut self, mut instance: Open<'s>, starting: &Starting<'_>, departure: Option<u64>) {
        let obligation = instance.assessed.obligation;
        let start = starting.start;
        let mut set_aside = None;
        if let Some((kind, pause)) = self.away
            && obligation.paused_by.contains(&kind)
        {
            instance.pause(pause);
        }
        if let Some((_, _, lease)) = self.lease.filter(|(model, ..)| !obligation.applies_under(*model)) {
            instance.close(Closing::OtherLease, start.on, vec![lease]);
        } else if let Some(departure) = departure {
            instance.close(Closing::Departure, start.on, vec![departure]);
            set_aside = Some(SetAside {
                reference: starting.reference.clone(),
                responsible: starting.responsible.clone(),
                due: instance.assessed.due_on(start.on),
            });
        } else if obligation.kept_by.enforced {
            instance.close(Closing::Kept, start.on, vec![start.sequence]);
        } else if !obligation.counts_since.is_empty() && starting.fact.is_some() {
            let since = obligation.counts_since;
            let first = self.told.iter().rposition(|told| since.contains(told.kind)).unwrap_or(0);
            self.steps += (self.told.len() - first) as u64;
            self.told[first..].iter().for_each(|told| {
                if instance.is_open() {
                    instance.keep(*told);
                }
            });
        }
        let ordinal = self.started;
        instance.ordinal = ordinal;
        self.started += 1;
        let open = instance.is_open();
        let hears_its_own = !matches!(instance.assessed.due, Due::Before { .. });
        match instance.reference.as_ref().filter(|_| hears_its_own) {
            _ if !open => {}
            Some(reference) => self.referring.add(obligation, reference, ordinal),
            None => {
                self.others.insert(ordinal);
            }
        }
        let watching = Watching { watches: obligation.watches(), open: Box::new(instance) };
        if open {
            self.instances.insert(ordinal, watching);
        } else {
            self.closed.push(watching);
        }
        if let Some(set_aside) = set_aside {
            departure::go_on(self, &obligation.id, set_aside, (start.sequence, start.on));
        }
    }

    /// Every instance, and the obligations of the present set that have none.
    pub(super) fn into_assessed(self) -> Vec<Assessed<'s>> {
        let mut started = self.closed;
        started.extend(self.instances.into_values());
        started.sort_unstable_by_key(|instance| instance.open.ordinal);
        let mut assessed: Vec<_> = started.into_iter().map(|instance| instance.open.assessed).collect();
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
