//! What the partners set aside together (`DepartureAgreed`): the instances that are open now, once.
//! An obligation that recurs starts again, counted as if it had been kept on its due date.

use super::accord::Agreed;
use super::open::PlacedFact;
use super::walk::{SetAside, Walk};
use super::{Assessed, Closing};
use crate::trajectory::fact::DepartureAgreed;

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
        walk.start_again(id, one, (placed.sequence, placed.on));
    }
}
