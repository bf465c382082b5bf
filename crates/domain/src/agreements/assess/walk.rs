//! The instances of a history, as far as the walk has come. `step.rs` says what each fact does to
//! them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::accord::Accord;
use super::due::{Pause, due_dates, recurring_from};
use super::open::{Open, PlacedFact};
use super::partners::{self, Acting};
use super::referring::Referring;
use super::undoable::Undoable;
use super::{Assessed, Closed, Closing, Due, Happened, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::{Obligation, PauseKind};
use crate::agreements::pattern::FactTypes;
use crate::agreements::set::{Agreement, AgreementSet};
use crate::agreements::sets::AgreementSets;
use crate::day::Day;
use crate::ids::{NuisanceCaseId, ObligationId};
use crate::nuisance::Level;
use crate::trajectory::fact::{ContractModel, Fact, Party};

/// The state of the walk.
pub(super) struct Walk<'s, 'f> {
    pub(super) sets: &'s AgreementSets,
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
    pub(super) others: BTreeSet<usize>,
    /// The closed instances. They are kept apart, because a long history has thousands of them.
    pub(super) closed: Vec<Watching<'s>>,
    /// The closed instances whose keeping can still be undone.
    pub(super) undoable: Undoable<'s>,
    /// How many have started.
    pub(super) started: usize,
    /// The steps of work so far: looks at instances, and further looks at facts.
    pub(super) steps: u64,
    /// The model of the latest lease, with the day and the number of the fact that started it.
    pub(super) lease: Option<(ContractModel, Day, u64)>,
    /// The party that the client rents from.
    pub(super) landlord: Party,
    /// The level of each nuisance case.
    pub(super) levels: HashMap<NuisanceCaseId, Level>,
    /// The current absence of the client, if any.
    pub(super) away: Option<(PauseKind, Pause)>,
    /// Departures about obligations that had not started.
    pub(super) departures: BTreeMap<&'f ObligationId, Accord>,
}

/// An instance with the kinds of facts that it watches for. Skipping it costs one comparison.
pub(super) struct Watching<'s> {
    pub(super) watches: FactTypes,
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

/// What was set aside, as far as a recurring obligation needs it to start again.
pub(super) struct SetAside {
    /// The reference of the instance.
    pub(super) reference: Option<Scalar>,
    /// The parties that were responsible.
    pub(super) responsible: Vec<Party>,
    /// The due date. `None` if it had no date, or if its clock was paused.
    pub(super) due: Option<Day>,
}

impl<'s> Walk<'s, '_> {
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

    pub(super) fn each_open(&mut self) -> impl Iterator<Item = &mut Open<'s>> {
        self.steps += self.instances.len() as u64;
        self.instances.values_mut().map(|instance| &mut *instance.open).filter(|open| open.is_open())
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
                happened: Happened::default(),
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
            self.start_again(&obligation.id, set_aside, (start.sequence, start.on));
        }
    }

    /// Starts a recurring obligation again under the set in force, from the fact with this number on
    /// this day.
    pub(super) fn start_again(&mut self, id: &ObligationId, aside: SetAside, since: (u64, Day)) {
        let Some(set) = self.set else { return };
        let Some((agreement, obligation)) = set.obligations().find(|(_, one)| one.id == *id && one.recurs)
        else {
            return;
        };
        let (sequence, on) = since;
        let counted_from = recurring_from(obligation, aside.due.unwrap_or(on), on, set);
        let starting = Starting {
            start: Start { sequence, on, counted_from },
            fact: None,
            reference: aside.reference,
            responsible: aside.responsible,
        };
        self.start(set, agreement, obligation, &starting);
    }

    /// Every instance, and the obligations of the current set that have none.
    pub(super) fn into_assessed(self) -> Vec<Assessed<'s>> {
        let mut started = self.closed;
        started.extend(self.instances.into_values());
        started.sort_unstable_by_key(|instance| instance.open.ordinal);
        let mut assessed: Vec<_> =
            started.into_iter().map(|instance| instance.open.into_assessed()).collect();
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
                happened: Happened::default(),
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
