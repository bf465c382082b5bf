//! What the partners set aside together (`DepartureAgreed`): the instances that are open now, once.
//! An obligation that recurs starts again, counted as if it had been kept on its due date.

use super::due::recurring_from;
use super::open::PlacedFact;
use super::walk::{Starting, Walk};
use super::{Closing, Start};
use crate::agreements::field::Scalar;
use crate::day::Day;
use crate::ids::ObligationId;
use crate::trajectory::fact::Party;

/// What was set aside, as far as a recurring obligation needs it to start again.
pub(super) struct SetAside {
    /// The reference of the instance.
    pub(super) reference: Option<Scalar>,
    /// The parties that were responsible.
    pub(super) responsible: Vec<Party>,
    /// The due date. `None` if it had no date, or if its clock was paused.
    pub(super) due: Option<Day>,
}

/// Sets aside the open instances of an obligation. If there are none, it sets aside the next one
/// that starts. Of an obligation about signals it sets aside the open instances only: whether there
/// are any depends on signals that some viewers do not see.
pub(super) fn agreed<'f>(walk: &mut Walk<'_, 'f>, id: &'f ObligationId, placed: PlacedFact<'_>) {
    let (mut set_aside, mut is_done): (Vec<SetAside>, bool) = (Vec::new(), false);
    for open in walk.each_open().filter(|open| open.assessed.obligation.id == *id) {
        open.close(Closing::Departure, placed.on, vec![placed.sequence]);
        is_done |= !open.assessed.obligation.is_about_signals();
        let due = open.assessed.due_on(placed.on);
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
    if !is_done {
        walk.departures.push((id, placed.sequence));
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
