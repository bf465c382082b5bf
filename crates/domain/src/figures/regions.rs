//! What one trajectory adds to the figures of each region in which it was: what happened before a move counts
//! in the region of that day, and what was open then goes along.

use std::collections::BTreeMap;

use super::{Clock, Contribution, Verdicts};
use crate::agreements::assess::{Assessed, Closing};
use crate::agreements::{AgreementSet, AgreementSets, Verdict};
use crate::day::Day;
use crate::ids::{OrganisationId, RegionId};
use crate::trajectory::History;
use crate::trajectory::fact::{AgreementSetVersion, Fact, Outcome};

/// The contributions of a trajectory, while its history is walked.
pub(super) struct Regions<'s> {
    all: Vec<Contribution>,
    /// The agreements under which each stay in a region is counted, and the contribution of that region.
    stays: Vec<Stay<'s>>,
    /// The stay in which the walk is.
    at: usize,
    deceased: bool,
}

struct Stay<'s> {
    set: &'s AgreementSet,
    contribution: usize,
    /// The day on which the client went to another region.
    until: Option<Day>,
}

impl<'s> Regions<'s> {
    /// Before anything happened. The last stay is counted under the agreements in force, an earlier one under
    /// those of its end.
    pub fn of(history: &History, in_force: &'s AgreementSet, sets: &'s AgreementSets) -> Self {
        let mut regions = Self {
            all: Vec::new(),
            stays: Vec::new(),
            at: 0,
            deceased: history.state().outcome == Some(Outcome::Deceased),
        };
        let set_of = |bound_to: &AgreementSetVersion| sets.get(bound_to).unwrap_or(in_force);
        for (_, fact) in history.happened() {
            match fact {
                Fact::IntakeRegistered(intake) => {
                    regions.enter(&intake.region, &intake.municipality, set_of(&intake.agreement_set));
                }
                Fact::RunningCaseTakenOver(case) => {
                    regions.enter(&case.region, &case.municipality, set_of(&case.agreement_set));
                }
                Fact::AgreementSetChanged(changed) => regions.bind(set_of(&changed.agreement_set)),
                Fact::TrajectoryTransferred(transfer) => regions.directed_by(transfer.municipality.as_ref()),
                Fact::RegionTransferAccepted(accepted) => {
                    regions.leave(accepted.occurred_on);
                    let to = &accepted.to;
                    regions.enter(&to.region, &to.municipality, set_of(&to.agreement_set));
                    regions.here().moved_in_on.push(accepted.occurred_on);
                }
                _ => {}
            }
        }
        regions.bind(in_force);
        regions
    }

    fn enter(&mut self, region: &RegionId, municipality: &OrganisationId, set: &'s AgreementSet) {
        let known = self.all.iter().position(|one| one.region == *region);
        let contribution = known.unwrap_or_else(|| {
            self.all.push(Contribution::nothing_yet(region.clone(), municipality.clone()));
            self.all.len() - 1
        });
        self.all[contribution].municipality = municipality.clone();
        self.stays.push(Stay { set, contribution, until: None });
    }

    fn leave(&mut self, on: Day) {
        if let Some(stay) = self.stays.last_mut() {
            stay.until = Some(on);
            self.all[stay.contribution].moved_out_on.push(on);
        }
    }

    fn bind(&mut self, set: &'s AgreementSet) {
        if let Some(stay) = self.stays.last_mut() {
            stay.set = set;
        }
    }

    fn directed_by(&mut self, municipality: Option<&OrganisationId>) {
        if let Some(municipality) = municipality {
            self.here().municipality = municipality.clone();
        }
    }

    /// The number of the contribution of the present region.
    fn present(&self) -> usize {
        self.stays.last().map_or(0, |stay| stay.contribution)
    }

    fn here(&mut self) -> &mut Contribution {
        let present = self.present();
        &mut self.all[present]
    }

    /// Counts what a fact adds, in the region in which the walk is.
    pub fn apply(&mut self, fact: &Fact, ready_on: &mut Option<Day>) {
        if let Fact::RegionTransferAccepted(_) = fact {
            return self.go_on();
        }
        // The fund on which a claim was made answers it, also after the client went to another region.
        if let Fact::GuaranteeFundSettled(settled) = fact {
            self.all.iter_mut().flat_map(|one| &mut one.fund_claims).for_each(|claim| claim.settle(settled));
        }
        if let Some(stay) = self.stays.get(self.at) {
            self.all[stay.contribution].apply(fact, ready_on, stay.set);
        }
    }

    /// The walk goes on in the next region, and a lease that runs and may still flip goes along.
    fn go_on(&mut self) {
        let left = self.stays.get(self.at).map(|stay| stay.contribution);
        self.at += 1;
        let entered = self.stays.get(self.at).map(|stay| stay.contribution);
        if let Some((left, entered)) = left.zip(entered) {
            let running = self.all[left].flips.pop_if(|lease| lease.ended_on.is_none());
            self.all[entered].flips.extend(running);
            let profile = self.all[left].realised.profile();
            self.all[entered].realised.comes_with(profile);
        }
    }

    /// The number of the contribution of the region in which the client was on a day.
    fn on(&self, day: Day) -> usize {
        let there = self.stays.iter().find(|stay| stay.until.is_none_or(|until| day <= until));
        there.map_or_else(|| self.present(), |stay| stay.contribution)
    }

    /// The clock of figure 4, and the count of each agreement, in the region in which each was decided or
    /// became late.
    pub fn assessed(&mut self, assessed: &[Assessed<'_>], known_on: Day) {
        let mut verdicts: BTreeMap<(usize, u8, Verdict), Vec<Day>> = BTreeMap::new();
        for one in assessed {
            self.clock(one);
            let Some((verdict, on)) = counted(one, known_on, self.deceased) else { continue };
            let at = if verdict == Verdict::Due { self.present() } else { self.on(on) };
            verdicts.entry((at, one.agreement.number, verdict)).or_default().push(on);
        }
        for ((at, agreement, verdict), on) in verdicts {
            self.all[at].obligations.push(Verdicts { agreement, verdict, on });
        }
    }

    fn clock(&mut self, one: &Assessed<'_>) {
        let closed = one.closed.as_ref();
        // Another instance runs on from where the keeping was undone, with the same last day.
        let is_undone = closed.is_some_and(|closed| closed.undone.is_some());
        let counts = one.start.is_some() && !is_undone && one.obligation.id == one.set.figures.home_in_time;
        let Some(due_on) = one.due().filter(|_| counts) else { return };
        let when = |kept: bool| {
            closed.filter(|closed| (closed.how == Closing::Kept) == kept).map(|closed| closed.on)
        };
        let clock = Clock { due_on, stopped_on: when(true), dropped_on: when(false) };
        let decided_on = closed.map_or(due_on, |closed| closed.on.min(due_on));
        let at = self.on(decided_on);
        self.all[at].clocks.push(clock);
    }

    /// All contributions, that of the present region last.
    pub fn contributions(mut self) -> Vec<Contribution> {
        let present = self.present();
        if present + 1 < self.all.len() {
            let here = self.all.remove(present);
            self.all.push(here);
        }
        self.all
    }
}

/// How an obligation counts, and on which day; none if it does not count.
fn counted(one: &Assessed<'_>, known_on: Day, deceased: bool) -> Option<(Verdict, Day)> {
    let start = one.start?;
    let closed = one.closed.as_ref();
    let status = one.status_on(known_on);
    let fell_away = closed.is_some_and(|closed| {
        closed.undone.is_some()
            || matches!(closed.how, Closing::FellAway | Closing::OtherParty | Closing::CaseEnded)
    });
    let verdict = match status.verdict() {
        // An obligation that was late and fell away was not kept. Nothing counts against a client who
        // died.
        Verdict::SetAside if fell_away && one.left_undone() && !deceased => Verdict::Overdue,
        Verdict::SetAside if fell_away => return None,
        Verdict::NotStarted | Verdict::NotApplicable => return None,
        verdict => verdict,
    };
    let on = status.day().unwrap_or(start.on);
    // A late obligation counts on the day it became late. Later facts change its verdict, not that day.
    Some((verdict, one.late_since(known_on).map_or(on, |late| late.min(on))))
}
