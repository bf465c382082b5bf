//! What the partners set aside together (`DepartureAgreed`): what is owed now, once. What recurs is owed again, counted
//! as if it had been kept on the day on which it was due.

use super::due::recurring_from;
use super::open::Told;
use super::walk::{Starting, Walk};
use super::{Closing, Start};
use crate::agreements::field::Scalar;
use crate::day::Day;
use crate::ids::ObligationId;
use crate::trajectory::fact::Party;

/// What was set aside, as far as what recurs goes on from it.
pub(super) struct SetAside {
    /// What it was about.
    pub(super) reference: Option<Scalar>,
    /// Who owed it.
    pub(super) responsible: Vec<Party>,
    /// When it was due; none where it had no date, or its clock stood still.
    pub(super) due: Option<Day>,
}

/// Sets aside what is open of an obligation; if nothing is, the next that starts. Of an obligation about signals only what is
/// open: whether anything is depends on signals that some viewers do not see.
pub(super) fn agreed<'f>(walk: &mut Walk<'_, 'f>, id: &'f ObligationId, told: Told<'_>) {
    let (mut set_aside, mut is_done): (Vec<SetAside>, bool) = (Vec::new(), false);
    for open in walk.each_open().filter(|open| open.assessed.obligation.id == *id) {
        open.close(Closing::Departure, told.on, vec![told.sequence]);
        is_done |= !open.assessed.obligation.is_about_signals();
        let due = open.assessed.due_on(told.on);
        // Of several about the same the last: what is kept starts one anew, however many were open.
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
        walk.departures.push((id, told.sequence));
    }
    for one in set_aside {
        go_on(walk, id, one, (told.sequence, told.on));
    }
}

/// Starts what recurs again, by the set in force, from the fact with this number on this day.
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
