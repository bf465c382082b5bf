//! The walk through a history, in the order of happening. Each fact is first applied to every open
//! instance that it concerns, and then starts new instances.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::departure::{self, Accord, SetAside};
use super::due::{Pause, due_dates};
use super::levels;
use super::open::{Open, PlacedFact, responsible};
use super::partners::{self, Acting};
use super::referring::Referring;
use super::take_over;
use super::undone::{self, Undoable};
use super::{Assessed, Closed, Closing, Due, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::{Obligation, PauseKind};
use crate::agreements::pattern::FactTypes;
use crate::agreements::set::{Agreement, AgreementSet};
use crate::agreements::sets::AgreementSets;
use crate::day::Day;
use crate::ids::{NuisanceCaseId, ObligationId};
use crate::nuisance::Level;
use crate::nuisance::course::landlord_after;
use crate::trajectory::fact::{AgreementSetVersion, ContractModel, Fact, Party};

/// The state of the walk.
pub(super) struct Walk<'s, 'f> {
    sets: &'s AgreementSets,
    /// The set in force.
    pub(super) set: Option<&'s AgreementSet>,
    pub(super) history: Vec<PlacedFact<'f>>,
    /// Who acts for the parties.
    pub(super) acting: Acting<'f>,
    /// The open instances, and those that the current fact closed, in the order of starting.
    pub(super) instances: BTreeMap<usize, Watching<'s>>,
    /// The instances to which a fact applies only if it has the same reference.
    pub(super) referring: Referring<'s>,
    /// The instances to which every fact of a watched kind applies.
    others: BTreeSet<usize>,
    /// The closed instances. They are kept apart, because a long history has thousands of them.
    pub(super) closed: Vec<Watching<'s>>,
    /// The closed instances whose keeping can still be undone.
    pub(super) undoable: Undoable<'s>,
    /// How many have started.
    pub(super) started: usize,
    /// The steps of work so far: looks at instances, and further looks at facts.
    pub(super) steps: u64,
    /// The model of the latest lease, with the day and the number of the fact that started it.
    lease: Option<(ContractModel, Day, u64)>,
    /// The party that the client rents from.
    pub(super) landlord: Party,
    /// The level of each nuisance case.
    pub(super) levels: HashMap<NuisanceCaseId, Level>,
    /// The current absence of the client, if any.
    away: Option<(PauseKind, Pause)>,
    /// Departures about obligations that had not started.
    pub(super) departures: BTreeMap<&'f ObligationId, Accord>,
}

/// An instance with the kinds of facts that it watches for. Skipping it costs one comparison.
pub(super) struct Watching<'s> {
    watches: FactTypes,
    pub(super) open: Box<Open<'s>>,
}

/// A start that the walk has reached.
pub(super) struct Starting<'a> {
    pub(super) start: Start,
    /// The fact that starts it. `None` if a take-over or a departure implies the start.
    pub(super) fact: Option<&'a Fact>,
    /// The reference of the instance.
    pub(super) reference: Option<Scalar>,
    /// The parties that are responsible.
    pub(super) responsible: Vec<Party>,
}

impl<'s, 'f> Walk<'s, 'f> {
    pub(super) fn of(sets: &'s AgreementSets) -> Self {
        Self {
            sets,
            set: None,
            history: Vec::new(),
            acting: Acting::default(),
            instances: BTreeMap::new(),
            referring: Referring::default(),
            others: BTreeSet::new(),
            closed: Vec::new(),
            undoable: Undoable::default(),
            started: 0,
            steps: 0,
            lease: None,
            landlord: Party::HousingCorporation,
            levels: HashMap::new(),
            away: None,
            departures: BTreeMap::new(),
        }
    }

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

    /// Moves a closed instance out of the way.
    pub(super) fn put_away(&mut self, ordinal: usize) {
        self.forget(ordinal).into_iter().for_each(|instance| self.shelve(instance));
    }

    fn shelve(&mut self, instance: Watching<'s>) {
        self.undoable.add(&instance.open, self.closed.len());
        self.closed.push(instance);
    }

    /// Removes an instance.
    pub(super) fn forget(&mut self, ordinal: usize) -> Option<Watching<'s>> {
        let instance = self.instances.remove(&ordinal)?;
        self.others.remove(&ordinal);
        if let Some(reference) = &instance.open.reference {
            self.referring.remove(instance.open.assessed.obligation, reference, ordinal);
        }
        Some(instance)
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

    /// Whether an instance of an obligation with this reference is open.
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

    /// Opens an instance, or several if there are several deadlines.
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
        // A departure sets aside only the open obligations about signals: which signal comes next
        // depends on the viewer.
        let departure = match self.departures.remove(&obligation.id) {
            Some(accord) if !obligation.is_about_signals() => accord,
            _ => Accord::default(),
        };
        let start = starting.start;
        for (month, due) in due_dates(obligation.deadline.as_ref(), start.counted_from, starting.fact, set) {
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
            let mut instance = Open::new(assessed, starting.reference.clone());
            instance.accord = departure.clone();
            self.open(instance, starting);
        }
    }

    /// Applies to a new instance what already happened: absences, the lease, departures and earlier
    /// facts.
    pub(super) fn open(&mut self, mut instance: Open<'s>, starting: &Starting<'_>) {
        instance.corporation = partners::corporation(self, starting).cloned();
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
        } else if let Some(departure) = instance.accord.of_all(obligation, &starting.responsible) {
            instance.close(Closing::Departure, start.on, departure);
            set_aside = Some(SetAside {
                reference: starting.reference.clone(),
                responsible: starting.responsible.clone(),
                due: instance.assessed.due_on(start.on),
            });
        } else if obligation.kept_by.enforced {
            instance.close(Closing::Kept, start.on, vec![start.sequence]);
        } else if !obligation.counts_since.is_empty() && starting.fact.is_some() {
            let since = obligation.counts_since;
            let first = self.history.iter().rposition(|placed| since.contains(placed.kind)).unwrap_or(0);
            self.steps += (self.history.len() - first) as u64;
            self.history[first..].iter().for_each(|placed| {
                if instance.is_open() && self.acting.counts(*placed, instance.corporation.as_ref()) {
                    instance.keep(*placed);
                }
            });
        }
        let ordinal = self.started;
        instance.ordinal = ordinal;
        self.started += 1;
        let open = instance.is_open();
        let filters_by_reference = !matches!(instance.assessed.due, Due::Before { .. });
        match instance.reference.as_ref().filter(|_| filters_by_reference) {
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
            self.shelve(watching);
        }
        if let Some(set_aside) = set_aside {
            departure::go_on(self, &obligation.id, set_aside, (start.sequence, start.on));
        }
    }

    /// Every instance, and the obligations of the current set that have none.
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
                responsible: obligation.responsible.parties(self.landlord),
                due: Due::Whenever,
                paused: Vec::new(),
                closed: other_lease.map(|(_, on, sequence)| Closed {
                    how: Closing::OtherLease,
                    on,
                    evidence: vec![sequence],
                    undone: None,
                }),
            });
        }
        assessed
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
