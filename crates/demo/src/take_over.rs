//! A case that was under way when the region started: its history begins in the home.

use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, NuisanceCaseId};
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    AlreadyKept, LeaseTerms, Party, RunningCaseTakenOver, RunningLease, RunningNuisanceCase,
};

use super::preparation::{ORIGINS, contact_person};
use super::simulation::{Advance, Simulation, written};
use super::words;

/// What was kept before anybody registered it.
const KEPT: [&str; 3] = ["4.1", "2.1", "10.1"];

/// The opening balance, and the contact persons from now on.
pub(super) fn take_over(simulation: &mut Simulation<'_>) -> Advance {
    let at = simulation.one_of(simulation.region.municipalities);
    let lease = lease(simulation);
    let intake_on = lease.started_on.plus_days(-simulation.days(150..500));
    let kept = |kept| AlreadyKept { obligation: written(kept), kept_on: lease.started_on };
    let case = RunningCaseTakenOver {
        occurred_on: simulation.today,
        client_name: simulation.words(words::NAMES),
        client_contact: simulation.perhaps(words::HOW_TO_REACH),
        origin: simulation.one_of(ORIGINS),
        care_provider: lease.terms.care_provider.clone(),
        municipality: written(at.organisation),
        region: written(simulation.region.id),
        agreement_set: simulation.set(),
        previous_trajectory: None,
        phase: Phase::Housed,
        intake_on,
        ready_on: Some(intake_on.plus_days(90)),
        corporation: Some(lease.terms.corporation.clone()),
        flipped_on: None,
        open_nuisance_cases: open_nuisance_cases(simulation),
        already_kept: KEPT.map(kept).into(),
        lease: Some(lease),
    };
    simulation.report(case)?;
    contact_person(simulation, Party::CareProvider)?;
    contact_person(simulation, Party::HousingCorporation)
}

fn lease(simulation: &mut Simulation<'_>) -> RunningLease {
    let started_on: Day = simulation.today.plus_days(-simulation.days(120..700));
    let lease_id = LeaseId(simulation.id());
    let terms = LeaseTerms {
        lease_id,
        care_provider: written(simulation.one_of(simulation.region.providers)),
        corporation: written(simulation.one_of(simulation.region.corporations)),
        unit: simulation.unit("VHE-", lease_id.0),
        rent_cents: simulation.cents(48_000..70_000),
        care_agreement: None,
        care_form: None,
    };
    RunningLease { model: simulation.one_of(simulation.region.models), terms, started_on }
}

/// Sometimes one is open, with an approach that was agreed.
fn open_nuisance_cases(simulation: &mut Simulation<'_>) -> Vec<RunningNuisanceCase> {
    if !simulation.trouble(0.15) {
        return Vec::new();
    }
    let reported_on = simulation.today.plus_days(-simulation.days(10..90));
    let case_id = NuisanceCaseId(simulation.id());
    vec![RunningNuisanceCase { case_id, level: Level::APPROACH_AGREED, reported_on }]
}
