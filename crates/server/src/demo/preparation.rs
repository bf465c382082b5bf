//! From the intake to being ready.

use omklap_domain::ids::{LeaseId, NuisanceCaseId};
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    Access, AlreadyKept, Area, ConsentGiven, ConsentScope, ConsentWithdrawn, ContactPersonAssigned,
    ExcludedArea, FinancialSupport, FinancialSupportAssigned, GuidanceLevel, Household, IntakeRegistered,
    LeaseTerms, Origin, Outcome, OutflowAnnounced, OutflowProfileSet, Party, PreparationStep,
    PreparationStepCompleted, PrivacyExplained, Profile, ReadinessConfirmed, RunningCaseTakenOver,
    RunningLease, RunningNuisanceCase, TrajectoryEnded,
};

use super::living;
use super::teller::{Teller, Told, written};
use super::words;

const ORIGINS: &[Origin] = &[
    Origin::ShelteredHousing,
    Origin::ShelteredHousing,
    Origin::ShelteredHousing,
    Origin::Shelter,
    Origin::Shelter,
    Origin::GroupHome,
    Origin::Clinic,
    Origin::WomensShelter,
    Origin::ForensicCare,
];

/// What a client learns and arranges, in any order.
const STEPS: &[PreparationStep] = &[
    PreparationStep::LivingSkillsTraining,
    PreparationStep::IncomeArranged,
    PreparationStep::DebtsInView,
    PreparationStep::NetworkInView,
    PreparationStep::DayActivityArranged,
];

/// A case that was under way when the region started: it begins in the home.
pub(super) fn take_over(teller: &mut Teller<'_>) -> Told {
    let at = teller.one_of(teller.region.municipalities);
    let corporation = teller.one_of(teller.region.corporations);
    let provider = teller.one_of(teller.region.providers);
    let started_on = teller.today.plus_days(-teller.days(120..700));
    let intake_on = started_on.plus_days(-teller.days(150..500));
    let open_nuisance_cases = if teller.trouble(0.15) {
        let reported_on = teller.today.plus_days(-teller.days(10..90));
        vec![RunningNuisanceCase {
            case_id: NuisanceCaseId(teller.id()),
            level: Level::APPROACH_AGREED,
            reported_on,
        }]
    } else {
        Vec::new()
    };
    let kept = ["4.1", "2.1", "10.1"];
    let case = RunningCaseTakenOver {
        occurred_on: teller.today,
        client_name: teller.words(words::NAMES),
        client_contact: teller.perhaps(words::HOW_TO_REACH),
        origin: teller.one_of(ORIGINS),
        care_provider: written(provider),
        municipality: written(at.organisation),
        region: written(teller.region.id),
        agreement_set: teller.set(),
        previous_trajectory: None,
        phase: Phase::Housed,
        intake_on,
        ready_on: Some(intake_on.plus_days(90)),
        corporation: Some(written(corporation)),
        lease: Some(RunningLease {
            model: teller.one_of(teller.region.models),
            terms: LeaseTerms {
                lease_id: LeaseId(teller.id()),
                care_provider: written(provider),
                corporation: written(corporation),
                unit: teller.code("VHE-"),
                rent_cents: teller.cents(48_000..70_000),
                care_agreement: None,
            },
            started_on,
        }),
        flipped_on: None,
        open_nuisance_cases,
        already_kept: kept.map(|kept| AlreadyKept { obligation: written(kept), kept_on: started_on }).into(),
    };
    teller.say(case)?;
    contact_person(teller, Party::CareProvider)?;
    contact_person(teller, Party::HousingCorporation)
}

/// Everything from the intake until the client is ready for a home.
pub(super) fn prepare(teller: &mut Teller<'_>) -> Told {
    intake(teller)?;
    for step in teller.in_any_order(STEPS) {
        teller.pass(12..55)?;
        step_completed(teller, step)?;
        if teller.trouble(0.25) {
            living::signal(teller)?;
        }
        if teller.trouble(0.01) {
            let outcome = teller.one_of(&[Outcome::Withdrew, Outcome::NotReady, Outcome::OtherCare]);
            return end(teller, outcome);
        }
    }
    teller.pass(5..30)?;
    teller.say(OutflowAnnounced { occurred_on: teller.today, expected_on: teller.today.plus_months(6) })?;
    set_profile(teller)?;
    if teller.chance(0.3) {
        teller.pass(30..90)?;
        set_profile(teller)?;
    }
    teller.pass(10..60)?;
    become_ready(teller)
}

/// Somebody assesses that the client can live alone.
pub(super) fn become_ready(teller: &mut Teller<'_>) -> Told {
    let confirmed = ReadinessConfirmed {
        occurred_on: teller.today,
        assessor: teller.code("u-"),
        notes: teller.perhaps(words::READY),
    };
    teller.say(confirmed)
}

fn intake(teller: &mut Teller<'_>) -> Told {
    let at = teller.one_of(teller.region.municipalities);
    let intake = IntakeRegistered {
        occurred_on: teller.today,
        client_name: teller.words(words::NAMES),
        client_contact: teller.perhaps(words::HOW_TO_REACH),
        origin: teller.one_of(ORIGINS),
        care_started_on: Some(teller.today.plus_days(-teller.days(30..3_000))),
        care_provider: written(teller.one_of(teller.region.providers)),
        municipality: written(at.organisation),
        region: written(teller.region.id),
        agreement_set: teller.set(),
        previous_trajectory: None,
    };
    teller.say(intake)?;
    let shared_with = vec![Party::CareProvider, Party::HousingCorporation, Party::Municipality];
    teller.note(PrivacyExplained {
        occurred_on: teller.today,
        shared_with,
        leaflet: Some(written("folder:wat-delen-wij")),
    })?;
    contact_person(teller, Party::CareProvider)?;
    teller.pass(2..12)?;
    consent(teller, ConsentScope::OutflowProfile, Party::HousingCorporation)?;
    if teller.chance(0.6) {
        consent(teller, ConsentScope::GuidanceGoals, Party::HousingCorporation)?;
    }
    if teller.chance(0.4) {
        consent(teller, ConsentScope::Finances, Party::Municipality)?;
    }
    Ok(())
}

fn consent(teller: &mut Teller<'_>, scope: ConsentScope, with: Party) -> Told {
    teller.say(ConsentGiven { occurred_on: teller.today, scope, recipients: vec![with], document: None })?;
    if teller.chance(0.03) {
        let reason = teller.perhaps(words::CONSENT_WITHDRAWN);
        teller.later(60..900, |on| ConsentWithdrawn { occurred_on: on, scope, reason });
    }
    Ok(())
}

fn step_completed(teller: &mut Teller<'_>, step: PreparationStep) -> Told {
    let words = match step {
        PreparationStep::DebtsInView => words::DEBTS,
        PreparationStep::NetworkInView => words::NETWORK,
        PreparationStep::DayActivityArranged => words::DAY_ACTIVITY,
        PreparationStep::LivingSkillsTraining | PreparationStep::IncomeArranged => words::STEP,
    };
    let notes = teller.perhaps(words);
    teller.note(PreparationStepCompleted { occurred_on: teller.today, step, notes })?;
    if step == PreparationStep::DebtsInView && teller.chance(0.35) {
        teller.pass(5..20)?;
        let kind = teller.one_of(&[
            FinancialSupport::BudgetCoach,
            FinancialSupport::BudgetManagement,
            FinancialSupport::ProtectiveAdministration,
            FinancialSupport::DebtCounselling,
        ]);
        teller.note(FinancialSupportAssigned { occurred_on: teller.today, kind, supporter: None })?;
    }
    Ok(())
}

/// The outflow profile, at first or anew.
pub(super) fn set_profile(teller: &mut Teller<'_>) -> Told {
    let at = teller.one_of(teller.region.municipalities);
    let elsewhere = teller.one_of(teller.region.municipalities);
    let excluded = ExcludedArea {
        municipality: written(elsewhere.code),
        neighbourhood: teller.perhaps(words::NEIGHBOURHOODS),
        reason: teller.words(words::NOT_THERE),
    };
    let profile = OutflowProfileSet {
        occurred_on: teller.today,
        profile: teller.one_of(&[
            Profile::P1,
            Profile::P1,
            Profile::P2,
            Profile::P2,
            Profile::P3,
            Profile::P4,
            Profile::P5,
        ]),
        household: teller.one_of(&[
            Household::Single,
            Household::Single,
            Household::Single,
            Household::WithChildren,
            Household::Couple,
            Household::Shared,
        ]),
        municipality_of_origin: written(at.code),
        preferred_areas: vec![Area {
            municipality: written(at.code),
            neighbourhood: teller.perhaps(words::NEIGHBOURHOODS),
        }],
        excluded_areas: if teller.chance(0.25) { vec![excluded] } else { Vec::new() },
        rent_limit_cents: teller.cents(58_000..72_000),
        access: teller.one_of(&[
            Access::AnyFloor,
            Access::AnyFloor,
            Access::GroundFloorOrLift,
            Access::Wheelchair,
        ]),
        quiet_needed: teller.chance(0.4),
        pets: teller.chance(0.2),
        day_activity_place: teller.perhaps(words::DAY_ACTIVITY_PLACES),
        network_place: teller.perhaps(words::NEIGHBOURHOODS),
        guidance_level: guidance_level(teller, &[1, 2, 2, 3]),
        reach_at_night: teller.chance(0.3),
        financial_support: teller.chance(0.4),
        ready_within_months: Some(teller.one_of(&[0, 1, 2, 3, 6])),
        assessor: teller.code("u-"),
        client_agreed: teller.chance(0.95),
        valid_from: teller.today,
    };
    teller.say(profile)
}

pub(super) fn guidance_level(teller: &mut Teller<'_>, levels: &[u8]) -> GuidanceLevel {
    GuidanceLevel::try_from(teller.one_of(levels)).expect("levels are from 0 to 4")
}

/// Somebody is named who is called, at first or after the one before left.
pub(super) fn contact_person(teller: &mut Teller<'_>, party: Party) -> Told {
    let organisation = teller.organisation_of(party);
    let contact = ContactPersonAssigned {
        occurred_on: teller.today,
        party,
        organisation,
        user: Some(teller.code("u-")),
        name: teller.words(words::NAMES),
        contact: teller.words(words::HOW_TO_REACH),
    };
    teller.note(contact)
}

/// The trajectory ends.
pub(super) fn end(teller: &mut Teller<'_>, outcome: Outcome) -> Told {
    let notes = teller.perhaps(words::ENDED);
    teller.say(TrajectoryEnded { occurred_on: teller.today, outcome, notes })
}
