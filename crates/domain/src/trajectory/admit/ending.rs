//! Rules of ending the lease (`docs/DOMAIN.md` §3.4): what protects a client from losing the home.

use super::Admission;
use crate::ids::NuisanceCaseId;
use crate::nuisance::Level;
use crate::trajectory::fact::{
    EvictionOrdered, EvictionPrevented, Fact, LeaseEndAgreed, LeaseTerminationStarted, Party,
    TerminationGround,
};
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::{Termination, WarnedAbout};

impl Admission<'_> {
    pub(super) fn ending(&mut self, fact: &Fact) {
        match fact {
            Fact::LeaseTerminationStarted(termination) => self.termination(termination),
            Fact::EvictionOrdered(ordered) => self.eviction_ordered(ordered),
            Fact::EvictionPrevented(prevented) => self.eviction_prevented(prevented),
            Fact::LeaseEndAgreed(agreed) => self.lease_end_agreed(agreed),
            _ => {}
        }
    }

    /// A ground fits its case, and arrears are there.
    pub(super) fn ground(&mut self, ground: TerminationGround, case: Option<NuisanceCaseId>) {
        self.unless(WarnedAbout::of(ground, case).is_some(), Refusal::GroundDoesNotFit);
        let owes = ground != TerminationGround::Arrears || self.state.tenancy.in_arrears;
        self.unless(owes, Refusal::NoArrears);
    }

    /// Warnings on this ground under this lease or an acute ground, signed agreements on file, and a
    /// term of notice. The alternative place is a field of the fact.
    fn termination(&mut self, termination: &LeaseTerminationStarted) {
        let acute = termination.acute.is_some();
        self.needs_a_lease();
        self.ground(termination.ground, termination.case_id);
        self.unless(self.state.tenancy.termination.is_none(), Refusal::TerminationAlreadyStarted);
        self.unless(self.state.tenancy.living_agreements_signed, Refusal::NoSignedAgreements);
        if let Some(level) = termination.case_id.and_then(|id| self.open_case(id)) {
            self.unless(acute || level >= Level::LAST_CHANCE, Refusal::NoLastChance);
            // Danger skips the warnings, but not the hearing that comes with level 2
            // (`docs/DOMAIN.md` §5, guards).
            self.unless(!acute || level >= Level::SCALED_UP, Refusal::NotScaledUp);
        }
        let about = WarnedAbout::of(termination.ground, termination.case_id);
        let warned = about.is_none_or(|about| self.is_warned_enough(about));
        self.unless(acute || warned, Refusal::NotEnoughWarnings);
        let settings = &self.set.termination;
        let months = if acute { settings.notice_months_in_danger } else { settings.notice_months };
        self.unless(termination.notice_until >= self.on.plus_months(months), Refusal::NoticeTooShort);
    }

    /// Whether there are as many warnings as the set requires, each as long after the one before as it
    /// requires.
    fn is_warned_enough(&self, about: WarnedAbout) -> bool {
        let apart = i32::from(self.set.termination.warnings_apart_days.max(1));
        let Some(days) = self.state.tenancy.warnings.get(&about) else {
            return self.set.nuisance.warnings_before_termination == 0;
        };
        let mut next = days.get_min().copied();
        for _ in 0..self.set.nuisance.warnings_before_termination {
            let Some(day) = next else { return false };
            next = days.range(day.plus_days(apart)..).next().copied();
        }
        true
    }

    fn eviction_ordered(&mut self, ordered: &EvictionOrdered) {
        self.needs_a_lease();
        let started = self.state.tenancy.termination.is_some_and(|ending| ending.case == ordered.case_id);
        self.unless(started, Refusal::NoTerminationStarted);
    }

    /// Also admitted if a case was scaled up, or taken over, at the level of ending the lease
    /// without a notice here.
    fn eviction_prevented(&mut self, prevented: &EvictionPrevented) {
        let case = prevented.case_id.and_then(|id| self.state.nuisance.get(&id));
        let at_its_end = case.is_some_and(|case| case.is_open() && case.level == Level::ENDING_THE_LEASE);
        let started = self.state.tenancy.termination.is_some_and(|ending| ending.case == prevented.case_id);
        self.unless(started || at_its_end, Refusal::NoTerminationStarted);
    }

    fn lease_end_agreed(&mut self, agreed: &LeaseEndAgreed) {
        self.needs_a_lease();
        self.not_before(Some(agreed.ends_on));
        if let Some(lease) = &self.state.tenancy.lease {
            self.unless(lease.id == agreed.lease_id, Refusal::LeaseNotRunning);
            let both = [Party::Client, lease.landlord()];
            let signed = both.iter().all(|party| agreed.signed_by.contains(party));
            self.unless(signed, Refusal::ClientOrLandlordDidNotSign);
        }
    }

    /// Nobody is evicted before the notice is over, nor without the judgment that the set asks for.
    pub(super) fn evicted(&mut self) {
        let termination = self.state.tenancy.termination;
        self.unless(termination.is_some(), Refusal::NoTerminationStarted);
        if let Some(termination) = termination {
            self.unless(self.on >= termination.notice_until, Refusal::NoticeNotOver);
            self.unless(self.is_ordered(termination), Refusal::NoEvictionOrder);
        }
    }

    fn is_ordered(&self, termination: Termination) -> bool {
        termination.eviction_ordered || !self.set.termination.court_order
    }

    /// The placement of a client with a lease ends if client and landlord agreed so, or when the client
    /// could be evicted.
    pub(super) fn placement_ended(&mut self) {
        let tenancy = &self.state.tenancy;
        let agreed = tenancy.end_agreed_on.is_some_and(|ends_on| self.on >= ends_on);
        let evictable = tenancy
            .termination
            .is_some_and(|ending| self.on >= ending.notice_until && self.is_ordered(ending));
        self.unless(tenancy.lease.is_none() || agreed || evictable, Refusal::LeaseEndNotAgreed);
    }
}
