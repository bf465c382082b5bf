//! Whether a fact is admitted now (`docs/DOMAIN.md` §3.2 and §5).

mod ending;
mod flip;
mod guarantee_fund;
mod intake;
mod lease_changes;
mod living;
mod matching;
mod nuisance;
mod record;
mod region_transfer;

use super::fact::{Fact, Party, THE_THREE};
use super::refusal::Refusal;
use super::state::Trajectory;
use crate::agreements::{AgreementSet, AgreementSets};
use crate::day::Day;
use crate::ids::LeaseId;

/// What a rule may read besides the trajectory itself. Today comes from the edge; nothing here
/// reads a clock.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The agreement sets there are.
    pub sets: &'a AgreementSets,
    /// Today, in Europe/Amsterdam.
    pub today: Day,
}

/// Checks a fact against every rule, given the trajectory's current state.
///
/// # Errors
/// Every rule that is broken, not only the first. A fact that does not fit the phase is still
/// checked against the other rules, because they say what is missing.
pub fn admit(state: &Trajectory, fact: &Fact, sets: &AgreementSets) -> Result<(), Vec<Refusal>> {
    let fits_the_phase = fact.fact_type().row().phases.contains(&state.phase);
    if !fits_the_phase && state.opened_on.is_none() {
        return Err(vec![Refusal::NotYetOpened]);
    }
    let bound_to = match fact {
        Fact::IntakeRegistered(intake) => Some(&intake.agreement_set),
        Fact::RunningCaseTakenOver(case) => Some(&case.agreement_set),
        Fact::AgreementSetChanged(changed) => Some(&changed.agreement_set),
        Fact::RegionTransferAccepted(accepted) => Some(&accepted.to.agreement_set),
        _ => state.agreement_set.as_ref(),
    };
    let Some(set) = bound_to.and_then(|bound_to| sets.get(bound_to)) else {
        return Err(vec![Refusal::AgreementSetUnknown]);
    };
    let mut admission = Admission { state, sets, set, on: fact.occurred_on(), refusals: Vec::new() };
    admission.unless(fits_the_phase, Refusal::NotAdmittedInPhase);
    admission.intake(fact);
    admission.region_transfer(fact);
    admission.matching(fact);
    admission.living(fact);
    admission.lease_changes(fact);
    admission.nuisance(fact);
    admission.flip(fact);
    admission.record(fact);
    if admission.refusals.is_empty() { Ok(()) } else { Err(admission.refusals) }
}

/// One fact being checked: every rule runs, and each broken one is recorded as a refusal.
struct Admission<'a> {
    state: &'a Trajectory,
    sets: &'a AgreementSets,
    set: &'a AgreementSet,
    on: Day,
    refusals: Vec<Refusal>,
}

impl Admission<'_> {
    fn unless(&mut self, holds: bool, refusal: Refusal) {
        if !holds && !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    fn needs_a_lease(&mut self) {
        self.unless(self.state.tenancy.lease.is_some(), Refusal::NoLease);
    }

    /// Refuses the id of another lease of this client. The ledger refuses that of another client's
    /// lease with another provider, which no single history shows.
    fn lease_id_is_new(&mut self, id: LeaseId) {
        self.unless(!self.state.tenancy.leases.contains(&id), Refusal::LeaseIdTaken);
    }

    /// Refuses a date before the client first moved in.
    fn not_before_moving_in(&mut self, day: Day) {
        let housed_on = self.state.tenancy.housed_on;
        self.unless(housed_on.is_none_or(|housed_on| day >= housed_on), Refusal::BeforeMovingIn);
    }

    /// Refuses a date that is later than the day on which the fact happened.
    fn not_after(&mut self, day: Option<Day>) {
        self.unless(day.is_none_or(|day| day <= self.on), Refusal::DateAfterTheFact);
    }

    /// Refuses a date that is earlier than the day on which the fact happened.
    fn not_before(&mut self, day: Option<Day>) {
        self.unless(day.is_none_or(|day| day >= self.on), Refusal::DateBeforeTheFact);
    }
}

/// Whether client, provider and corporation are all among these.
fn all_three(parties: &[Party]) -> bool {
    THE_THREE.iter().all(|party| parties.contains(party))
}
