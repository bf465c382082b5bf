//! One instance while it is open, with its progress so far.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;

use super::accord::Accord;
use super::due::{Due, Pause};
use super::{Assessed, Closed, Closing, Happened};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::Responsible;
use crate::agreements::pattern::{FactTypes, Pattern};
use crate::day::Day;
use crate::ids::OrganisationId;
use crate::trajectory::fact::{Fact, FactType, Party};

/// An instance, with the part of `kept-by` that has happened.
pub(super) struct Open<'s> {
    pub(super) assessed: Assessed<'s>,
    /// Its position in the order of starting.
    pub(super) ordinal: usize,
    /// The kinds of facts that can change it.
    watches: FactTypes,
    /// The value that the facts which start and keep it must share.
    pub(super) reference: Option<Scalar>,
    /// One bit for each fact of `kept-by.all`.
    done: u32,
    /// Whether a fact of `kept-by.any` has happened.
    any_done: bool,
    /// What helped to keep it so far.
    helped: Vec<Helped>,
    /// The corporation that it is about, if it is about one.
    pub(super) corporation: Option<OrganisationId>,
    /// What the fact that kept it has in the field by which another fact undoes that.
    pub(super) kept_with: Option<Scalar>,
    /// Who agreed so far to set it aside.
    pub(super) accord: Accord,
}

/// A fact that helped to keep an instance.
struct Helped {
    sequence: u64,
    /// The facts of `kept-by.all` that it is, one bit each.
    all: u32,
    /// Whether it is a fact of `kept-by.any`.
    any: bool,
}

/// The organisation to which a fact belongs, and the party for which it acts.
pub(super) type Owner<'f> = (Party, &'f OrganisationId);

/// A fact with its place in the history.
#[derive(Clone, Copy)]
pub(super) struct PlacedFact<'f> {
    pub(super) sequence: u64,
    pub(super) kind: FactType,
    pub(super) on: Day,
    pub(super) fact: &'f Fact,
    /// The organisation to which it belongs, if it belongs to one.
    pub(super) owner: Option<Owner<'f>>,
}

impl<'s> Open<'s> {
    pub(super) fn new(assessed: Assessed<'s>, reference: Option<Scalar>) -> Self {
        let watches = assessed.obligation.watches();
        let any_done = assessed.obligation.kept_by.any.is_empty();
        let (helped, accord) = (Vec::new(), Accord::default());
        Self {
            assessed,
            ordinal: 0,
            watches,
            reference,
            done: 0,
            any_done,
            helped,
            corporation: None,
            accord,
            kept_with: None,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.assessed.closed.is_none()
    }

    pub(super) fn is_about_same(&self, reference: Option<&Scalar>) -> bool {
        self.reference.as_ref() == reference
    }

    pub(super) fn close(&mut self, how: Closing, on: Day, evidence: Vec<u64>) {
        self.assessed.closed = Some(Closed { how, on, evidence, undone: None });
    }

    /// Applies a fact that happened after the start.
    pub(super) fn apply(&mut self, placed: PlacedFact<'_>) {
        if !self.watches.contains(placed.kind) {
            return;
        }
        self.keep(placed);
        if let Due::Before { facts, happened: happened @ None } = &mut self.assessed.due
            && facts.contains(placed.kind)
        {
            *happened = Some((placed.on, placed.sequence));
        }
        self.give_way(placed);
        let falls_away = |pattern: &Pattern| pattern.matches(placed.fact);
        if self.is_open()
            && self.assessed.obligation.ends_with.iter().any(falls_away)
            && self.is_about(placed.fact)
        {
            self.close(Closing::FellAway, placed.on, vec![placed.sequence]);
        }
    }

    /// A check that was not held is not held any more once a later one was.
    fn give_way(&mut self, placed: PlacedFact<'_>) {
        if let (Some(month), Fact::FollowUpCheckHeld(later)) = (self.assessed.month, placed.fact)
            && self.is_open()
            && later.month > month
        {
            self.close(Closing::FellAway, placed.on, vec![placed.sequence]);
        }
    }

    /// Applies a fact that may help to keep it, whether it happened before or after the start.
    pub(super) fn keep(&mut self, placed: PlacedFact<'_>) {
        if !self.watches.contains(placed.kind) {
            return;
        }
        let kept_by = &self.assessed.obligation.kept_by;
        let mut helped = Helped { sequence: placed.sequence, all: 0, any: false };
        for (bit, pattern) in kept_by.all.iter().enumerate() {
            if self.done & 1 << bit == 0 && pattern.matches(placed.fact) && self.is_about(placed.fact) {
                helped.all |= 1 << bit;
            }
        }
        helped.any = !self.any_done
            && kept_by.any.iter().any(|pattern| pattern.matches(placed.fact))
            && self.is_about(placed.fact);
        if helped.all != 0 || helped.any {
            self.help(helped);
            self.close_if_kept(placed.on);
            let undone_by = self.assessed.obligation.undone_by.as_ref().filter(|_| !self.is_open());
            self.kept_with = undone_by.and_then(|undone| undone.same.read(placed.fact));
        }
    }

    /// Applies a kind of fact that a take-over implies. Only its day is known.
    pub(super) fn keep_by_kind(&mut self, kind: FactType, sequence: u64, on: Day) {
        let kept_by = &self.assessed.obligation.kept_by;
        let mut helped = Helped { sequence, all: 0, any: false };
        for bit in (0..kept_by.all.len()).filter(|bit| kept_by.all[*bit].facts.contains(kind)) {
            helped.all |= 1 << bit;
        }
        helped.any = !self.any_done && kept_by.any.iter().any(|pattern| pattern.facts.contains(kind));
        if helped.all != 0 || helped.any {
            self.help(helped);
            self.close_if_kept(on);
        }
    }

    /// The instance, with what of `kept-by` already happened.
    pub(super) fn into_assessed(self) -> Assessed<'s> {
        if !self.is_open() {
            return self.assessed;
        }
        let kept_by = &self.assessed.obligation.kept_by;
        let all = (0..kept_by.all.len()).filter(|bit| self.done & 1 << bit != 0).map(|bit| bit + 1);
        let any = (self.any_done && !kept_by.any.is_empty()).then_some(0);
        let places = all.chain(any).filter_map(|place| u8::try_from(place).ok());
        Assessed { happened: Happened(places.collect()), ..self.assessed }
    }

    fn help(&mut self, helped: Helped) {
        self.done |= helped.all;
        self.any_done |= helped.any;
        self.helped.push(helped);
    }

    /// Takes back what these facts helped: they belonged to an organisation that was replaced.
    pub(super) fn take_back(&mut self, facts: &BTreeSet<u64>) {
        for helped in self.helped.extract_if(.., |helped| facts.contains(&helped.sequence)) {
            self.done &= !helped.all;
            self.any_done &= !helped.any;
        }
    }

    fn close_if_kept(&mut self, on: Day) {
        let all = self.assessed.obligation.kept_by.all.len();
        let all_done = self.done.count_ones() as usize == all;
        if self.is_open() && all_done && self.any_done {
            let evidence = self.helped.iter().map(|helped| helped.sequence).collect();
            self.close(Closing::Kept, on, evidence);
        }
    }

    /// Whether a fact is about the same case, signal, talk or check.
    fn is_about(&self, fact: &Fact) -> bool {
        let obligation = self.assessed.obligation;
        let same = self.reference.as_ref().is_none_or(|reference| obligation.is_about(reference, fact));
        same && (self.assessed.month.is_none() || self.assessed.month == month_of(fact))
    }

    pub(super) fn pause(&mut self, pause: Pause) {
        self.assessed.paused.push(pause);
    }

    pub(super) fn resume(&mut self, placed: PlacedFact<'_>) {
        if let Some(Pause { ended: ended @ None, .. }) = self.assessed.paused.last_mut() {
            *ended = Some((placed.on, placed.sequence));
        }
    }
}

/// The month of the follow-up check that a fact is about.
fn month_of(fact: &Fact) -> Option<u8> {
    match fact {
        Fact::FollowUpCheckHeld(check) => Some(check.month),
        Fact::FollowUpCheckMissed(check) => Some(check.month),
        _ => None,
    }
}

/// The parties that are responsible for an obligation that this fact starts.
pub(super) fn responsible(responsible: &Responsible, fact: &Fact, landlord: Party) -> Vec<Party> {
    match responsible {
        Responsible::Parties(_) => responsible.parties(landlord),
        Responsible::NamedIn(field) => {
            field.read(fact).as_ref().and_then(Scalar::as_text).and_then(party).into_iter().collect()
        }
    }
}

fn party(name: &str) -> Option<Party> {
    let name: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
    Party::deserialize(name).ok()
}
