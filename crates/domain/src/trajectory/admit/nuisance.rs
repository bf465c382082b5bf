//! Rules of the nuisance protocol (`docs/DOMAIN.md` §5).

use super::{Admission, all_three};
use crate::day::Day;
use crate::ids::NuisanceCaseId;
use crate::nuisance::{Level, NuisanceStatus};
use crate::trajectory::fact::{
    Deescalated, Escalated, Fact, LastChanceAgreed, NuisanceReported, TerminationGround, WarningIssued,
};
use crate::trajectory::refusal::Refusal;

impl Admission<'_> {
    pub(super) fn nuisance(&mut self, fact: &Fact) {
        match fact {
            Fact::NuisanceReported(report) => self.reported(report),
            Fact::ReporterInformed(informed) => self.case_known(informed.case_id),
            Fact::ApproachAgreed(approach) => {
                self.open_case(approach.case_id);
                self.unless(all_three(&approach.agreed_by), Refusal::ApproachNotAgreedByTheThree);
            }
            Fact::Escalated(up) => self.escalated(up),
            Fact::Deescalated(down) => self.deescalated(down),
            Fact::WarningIssued(warning) => self.warned(warning),
            Fact::LastChanceAgreed(chance) => self.last_chance(chance),
            Fact::NuisanceResolved(resolved) => {
                if let Some(level) = self.open_case(resolved.case_id) {
                    self.unless(level > Level::REPORTED, Refusal::ApproachNotAgreed);
                    self.unless(level < Level::ENDING_THE_LEASE, Refusal::LeaseIsBeingEnded);
                }
            }
            Fact::NuisanceReopened(again) => {
                self.quiet_since(again.case_id);
            }
            Fact::NuisanceCaseClosed(closed) => {
                if let Some(since) = self.quiet_since(closed.case_id) {
                    self.unless(
                        self.on >= since.plus_weeks(self.set.nuisance.quiet_weeks),
                        Refusal::QuietPeriodNotOver,
                    );
                }
            }
            Fact::NuisanceFoundUnfounded(finding) => {
                if let Some(level) = self.open_case(finding.case_id) {
                    self.unless(level == Level::REPORTED, Refusal::ApproachAlreadyAgreed);
                }
            }
            Fact::NuisanceHandedOver(handed) => {
                if let Some(level) = self.open_case(handed.case_id) {
                    self.unless(level < Level::ENDING_THE_LEASE, Refusal::LeaseIsBeingEnded);
                }
            }
            _ => self.ending(fact),
        }
    }

    pub(super) fn case_known(&mut self, id: NuisanceCaseId) {
        self.unless(self.state.nuisance.contains_key(&id), Refusal::NuisanceCaseUnknown);
    }

    /// The level of a case that is open.
    pub(super) fn open_case(&mut self, id: NuisanceCaseId) -> Option<Level> {
        self.case_known(id);
        let case = self.state.nuisance.get(&id)?;
        self.unless(case.is_open(), Refusal::NuisanceCaseNotOpen);
        Some(case.level)
    }

    fn quiet_since(&mut self, id: NuisanceCaseId) -> Option<Day> {
        self.case_known(id);
        match self.state.nuisance.get(&id)?.status {
            NuisanceStatus::Resolved { on } => Some(on),
            NuisanceStatus::Open | NuisanceStatus::Over => {
                self.unless(false, Refusal::NuisanceCaseNotResolved);
                None
            }
        }
    }

    fn reported(&mut self, report: &NuisanceReported) {
        self.needs_a_lease();
        self.not_after(Some(report.happened_on));
        self.not_before_moving_in(report.happened_on);
        self.unless(!self.state.nuisance.contains_key(&report.case_id), Refusal::NuisanceCaseIdTaken);
        if let Some(earlier) = report.earlier_case {
            let over =
                self.state.nuisance.get(&earlier).is_some_and(|case| case.status == NuisanceStatus::Over);
            self.unless(over, Refusal::EarlierCaseNotOver);
        }
    }

    /// Levels rise one at a time. An acute case may jump to the levels that the set names. The
    /// client is heard first.
    fn escalated(&mut self, up: &Escalated) {
        let settings = &self.set.nuisance;
        let heard_first = up.to_level < settings.client_heard_from_level || up.client_heard_on.is_some();
        let acute = up.acute.is_some() && settings.acute_levels.contains(&up.to_level);
        self.not_after(up.client_heard_on);
        self.unless(heard_first, Refusal::ClientNotHeard);
        self.heard_about(up.case_id, up.client_heard_on);
        if let Some(from) = self.open_case(up.case_id) {
            self.unless(up.to_level > from, Refusal::LevelDoesNotRise);
            self.unless(from > Level::REPORTED || acute, Refusal::ApproachNotAgreed);
            self.unless(acute || from.next().is_none_or(|next| up.to_level <= next), Refusal::LevelSkipped);
        }
    }

    /// A hearing before the case was reported was about something else.
    fn heard_about(&mut self, id: NuisanceCaseId, heard_on: Option<Day>) {
        let reported_on = self.state.nuisance.get(&id).map(|case| case.reported_on);
        let before = heard_on.zip(reported_on).is_some_and(|(heard, reported)| heard < reported);
        self.unless(!before, Refusal::HeardBeforeTheReport);
    }

    fn deescalated(&mut self, down: &Deescalated) {
        self.not_after(Some(down.reviewed_on));
        let since = self.state.nuisance.get(&down.case_id).map(|case| case.level_since);
        self.unless(since.is_none_or(|since| down.reviewed_on >= since), Refusal::ReviewedBeforeTheLevel);
        if let Some(from) = self.open_case(down.case_id) {
            self.unless(down.to_level < from && down.to_level > Level::REPORTED, Refusal::LevelDoesNotFall);
            self.unless(from < Level::ENDING_THE_LEASE, Refusal::LeaseIsBeingEnded);
        }
    }

    fn warned(&mut self, warning: &WarningIssued) {
        self.needs_a_lease();
        self.not_after(warning.client_heard_on);
        self.ground(warning.ground, warning.case_id);
        let explained = warning.ground != TerminationGround::Other || warning.explanation.is_some();
        self.unless(explained, Refusal::ExplanationMissing);
        if let Some(lease) = &self.state.tenancy.lease {
            self.unless(lease.landlord() == warning.by, Refusal::NotTheLandlord);
        }
        if let Some(id) = warning.case_id {
            let unheard = Level::WARNED < self.set.nuisance.client_heard_from_level;
            self.unless(unheard || warning.client_heard_on.is_some(), Refusal::ClientNotHeard);
            self.heard_about(id, warning.client_heard_on);
            if let Some(level) = self.open_case(id) {
                self.unless(level >= Level::SCALED_UP, Refusal::NotScaledUp);
            }
        }
    }

    fn last_chance(&mut self, chance: &LastChanceAgreed) {
        self.unless(all_three(&chance.signed_by), Refusal::SignatureOfTheThreeMissing);
        self.not_after(Some(chance.municipality_told_on));
        self.not_before(Some(chance.until));
        if let Some(level) = self.open_case(chance.case_id) {
            self.unless(level >= Level::WARNED, Refusal::NotWarned);
            self.unless(level < Level::ENDING_THE_LEASE, Refusal::LeaseIsBeingEnded);
        }
    }
}
