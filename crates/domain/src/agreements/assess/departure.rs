//! What the partners set aside together (`DepartureAgreed`): the instances that are open now, once.
//! An obligation that recurs starts again, counted as if it had been kept on its due date.

use super::due::recurring_from;
use super::open::PlacedFact;
use super::walk::{Starting, Walk};
use super::{Assessed, Closing, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::Obligation;
use crate::day::Day;
use crate::ids::ObligationId;
use crate::trajectory::fact::{DepartureAgreed, Party};

/// What was set aside, as far as a recurring obligation needs it to start again.
pub(super) struct SetAside {
    /// The reference of the instance.
    pub(super) reference: Option<Scalar>,
    /// The parties that were responsible.
    pub(super) responsible: Vec<Party>,
    /// The due date. `None` if it had no date, or if its clock was paused.
    pub(super) due: Option<Day>,
}

/// One party, or several, that agreed to set an obligation aside: one fact.
#[derive(Clone, Debug)]
pub(super) struct Agreed {
    on: Day,
    sequence: u64,
    parties: Vec<Party>,
}

/// Who has agreed so far to set one instance aside, or the next one that starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Accord(Vec<Agreed>);

impl Accord {
    /// Adds a fact. Facts that are too old for it are another proposal.
    fn add(&mut self, agreed: &Agreed, within_days: u16) {
        let first = agreed.on.plus_days(-i32::from(within_days));
        self.0.retain(|earlier| earlier.on >= first);
        self.0.push(agreed.clone());
    }

    /// Forgets what this party agreed to: another organisation acts for it now.
    pub(super) fn forget(&mut self, party: Party) {
        for agreed in &mut self.0 {
            agreed.parties.retain(|agrees| *agrees != party);
        }
        self.0.retain(|agreed| !agreed.parties.is_empty());
    }

    /// The numbers of the facts, if every party that owes the obligation or that it protects has
    /// agreed for itself.
    pub(super) fn of_all(&self, obligation: &Obligation, responsible: &[Party]) -> Option<Vec<u64>> {
        let has_agreed = |party: &Party| self.0.iter().any(|agreed| agreed.parties.contains(party));
        let all = !self.0.is_empty() && responsible.iter().chain(&obligation.protects).all(has_agreed);
        (all && obligation.can_be_set_aside()).then(|| self.0.iter().map(|agreed| agreed.sequence).collect())
    }
}

impl Walk<'_, '_> {
    /// Forgets what a party agreed to that was not agreed by all yet.
    pub(super) fn forget_accords_of(&mut self, party: Party) {
        self.each_open().for_each(|open| open.accord.forget(party));
        self.departures.values_mut().for_each(|accord| accord.forget(party));
    }
}

/// Sets aside the open instances of an obligation to which every party concerned has agreed. If none
/// is open, the parties agree about the next one that starts. Of an obligation about signals they
/// agree about the open instances only: whether there are any depends on signals that some viewers
/// do not see. So each instance keeps its own agreement.
pub(super) fn agreed<'f>(walk: &mut Walk<'_, 'f>, departure: &'f DepartureAgreed, placed: PlacedFact<'_>) {
    let id = &departure.obligation;
    let agreed = Agreed { on: placed.on, sequence: placed.sequence, parties: departure.agreed_by.clone() };
    let (mut set_aside, mut is_open): (Vec<SetAside>, bool) = (Vec::new(), false);
    for open in walk.each_open().filter(|open| open.assessed.obligation.id == *id) {
        is_open |= !open.assessed.obligation.is_about_signals();
        let within = open.assessed.set.departures.agreed_within_days;
        open.accord.add(&agreed, within);
        let Assessed { obligation, responsible, .. } = &open.assessed;
        let Some(evidence) = open.accord.of_all(obligation, responsible) else { continue };
        let due = open.assessed.due_on(placed.on);
        open.close(Closing::Departure, placed.on, evidence);
        // Of several instances with the same reference, the last due date counts. However many were
        // open, keeping them would start only one new instance.
        match set_aside.iter_mut().find(|one| open.is_about_same(one.reference.as_ref())) {
            Some(same) => same.due = same.due.max(due),
            None => set_aside.push(SetAside {
                reference: open.reference.clone(),
                responsible: open.assessed.responsible.clone(),
                due,
            }),
        }
    }
    if !is_open && let Some(set) = walk.set {
        let within = set.departures.agreed_within_days;
        walk.departures.entry(id).or_default().add(&agreed, within);
    }
    for one in set_aside {
        go_on(walk, id, one, (placed.sequence, placed.on));
    }
}

/// Starts a recurring obligation again under the set in force, from the fact with this number on
/// this day.
pub(super) fn go_on(walk: &mut Walk<'_, '_>, id: &ObligationId, aside: SetAside, since: (u64, Day)) {
    let Some(set) = walk.set else { return };
    let Some((agreement, obligation)) = set.obligations().find(|(_, one)| one.id == *id && one.recurs) else {
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
    walk.start(set, agreement, obligation, &starting);
}
