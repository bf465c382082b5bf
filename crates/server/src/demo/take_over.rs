//! A case that was under way when the region started: its story begins in the home.

use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, NuisanceCaseId};
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    AlreadyKept, LeaseTerms, Party, RunningCaseTakenOver, RunningLease, RunningNuisanceCase,
};

use super::preparation::{ORIGINS, contact_person};
use super::teller::{Teller, Told, written};
use super::words;

/// What was kept before anybody registered it.
const KEPT: [&str; 3] = ["4.1", "2.1", "10.1"];

/// The opening balance, and whom one calls from now on.
pub(super) fn take_over(teller: &mut Teller<'_>) -> Told {
    let at = teller.one_of(teller.region.municipalities);
    let lease = lease(teller);
    let intake_on = lease.started_on.plus_days(-teller.days(150..500));
    let kept = |kept| AlreadyKept { obligation: written(kept), kept_on: lease.started_on };
    let case = RunningCaseTakenOver {
        occurred_on: teller.today,
        client_name: teller.words(words::NAMES),
        client_contact: teller.perhaps(words::HOW_TO_REACH),
        origin: teller.one_of(ORIGINS),
        care_provider: lease.terms.care_provider.clone(),
        municipality: written(at.organisation),
        region: written(teller.region.id),
        agreement_set: teller.set(),
        previous_trajectory: None,
        phase: Phase::Housed,
        intake_on,
        ready_on: Some(intake_on.plus_days(90)),
        corporation: Some(lease.terms.corporation.clone()),
        flipped_on: None,
        open_nuisance_cases: open_nuisance_cases(teller),
        already_kept: KEPT.map(kept).into(),
        lease: Some(lease),
    };
    teller.say(case)?;
    contact_person(teller, Party::CareProvider)?;
    contact_person(teller, Party::HousingCorporation)
}

fn lease(teller: &mut Teller<'_>) -> RunningLease {
    let started_on: Day = teller.today.plus_days(-teller.days(120..700));
    let terms = LeaseTerms {
        lease_id: LeaseId(teller.id()),
        care_provider: written(teller.one_of(teller.region.providers)),
        corporation: written(teller.one_of(teller.region.corporations)),
        unit: teller.code("VHE-"),
        rent_cents: teller.cents(48_000..70_000),
        care_agreement: None,
    };
    RunningLease { model: teller.one_of(teller.region.models), terms, started_on }
}

/// Sometimes one is open, with an approach that was agreed.
fn open_nuisance_cases(teller: &mut Teller<'_>) -> Vec<RunningNuisanceCase> {
    if !teller.trouble(0.15) {
        return Vec::new();
    }
    let reported_on = teller.today.plus_days(-teller.days(10..90));
    let case_id = NuisanceCaseId(teller.id());
    vec![RunningNuisanceCase { case_id, level: Level::APPROACH_AGREED, reported_on }]
}
