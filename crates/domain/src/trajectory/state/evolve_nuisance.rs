//! The nuisance protocol (`docs/DOMAIN.md` §5): what each fact does to its case.

use super::{Termination, Trajectory, WarnedAbout};
use crate::day::Day;
use crate::ids::NuisanceCaseId;
use crate::nuisance::{Level, NuisanceCase, NuisanceStatus};
use crate::trajectory::fact::Fact;

impl Trajectory {
    pub(super) fn evolve_nuisance(&mut self, fact: &Fact) {
        let on = fact.occurred_on();
        match fact {
            Fact::NuisanceReported(report) => {
                self.nuisance
                    .insert(report.case_id, NuisanceCase::opened(Level::REPORTED, report.occurred_on));
            }
            Fact::ApproachAgreed(approach) => self.at_least(approach.case_id, Level::APPROACH_AGREED, on),
            Fact::Escalated(up) => self.level(up.case_id, up.to_level, on),
            Fact::Deescalated(down) => self.level(down.case_id, down.to_level, on),
            Fact::WarningIssued(warning) => {
                if let Some(about) = WarnedAbout::of(warning.ground, warning.case_id) {
                    self.tenancy.warnings.entry(about).or_default().insert(warning.occurred_on);
                }
                if let Some(id) = warning.case_id {
                    self.at_least(id, Level::WARNED, on);
                    self.change(id, |case| case.warned_on.push(warning.occurred_on));
                }
            }
            Fact::LastChanceAgreed(chance) => self.at_least(chance.case_id, Level::LAST_CHANCE, on),
            Fact::NuisanceResolved(resolved) => {
                self.status(resolved.case_id, NuisanceStatus::Resolved { on: resolved.occurred_on });
            }
            Fact::NuisanceReopened(again) => self.status(again.case_id, NuisanceStatus::Open),
            Fact::NuisanceCaseClosed(closed) => self.status(closed.case_id, NuisanceStatus::Over),
            Fact::NuisanceFoundUnfounded(finding) => self.status(finding.case_id, NuisanceStatus::Over),
            Fact::NuisanceHandedOver(handed) => self.status(handed.case_id, NuisanceStatus::Over),
            Fact::LeaseTerminationStarted(termination) => {
                self.tenancy.termination = Some(Termination {
                    case: termination.case_id,
                    notice_until: termination.notice_until,
                    eviction_ordered: false,
                });
                if let Some(id) = termination.case_id {
                    self.level(id, Level::ENDING_THE_LEASE, on);
                }
            }
            Fact::EvictionOrdered(_) => {
                if let Some(termination) = &mut self.tenancy.termination {
                    termination.eviction_ordered = true;
                }
            }
            Fact::EvictionPrevented(prevented) => {
                self.tenancy.termination =
                    self.tenancy.termination.take().filter(|ending| ending.case != prevented.case_id);
                if let Some(id) = prevented.case_id {
                    // The lease goes on under the terms of the last chance (our decision).
                    self.level(id, Level::LAST_CHANCE, on);
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, id: NuisanceCaseId, change: impl FnOnce(&mut NuisanceCase)) {
        if let Some(case) = self.nuisance.get_mut(&id) {
            change(case);
        }
    }

    fn level(&mut self, id: NuisanceCaseId, level: Level, on: Day) {
        self.change(id, |case| case.comes_to(level, on));
    }

    fn at_least(&mut self, id: NuisanceCaseId, level: Level, on: Day) {
        self.change(id, |case| case.comes_to(case.level.max(level), on));
    }

    fn status(&mut self, id: NuisanceCaseId, status: NuisanceStatus) {
        self.change(id, |case| case.status = status);
    }
}
