//! From the intake to being ready.

use omklap_domain::trajectory::fact::{
    ConsentGiven, ConsentScope, ConsentWithdrawn, ContactPersonAssigned, FinancialSupport,
    FinancialSupportAssigned, IntakeRegistered, Origin, Outcome, OutflowAnnounced, Party, PreparationStep,
    PreparationStepCompleted, PrivacyExplained, ReadinessConfirmed, TrajectoryEnded,
};

use super::profile::set_profile;
use super::teller::{Teller, Told, written};
use super::{signals, words};

/// Where clients come from; most from sheltered housing.
pub(super) const ORIGINS: &[Origin] = &[
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

/// Everything from the intake until the client is ready for a home.
pub(super) fn prepare(teller: &mut Teller<'_>) -> Told {
    intake(teller)?;
    for step in teller.in_any_order(STEPS) {
        teller.pass(12..55)?;
        step_completed(teller, step)?;
        if teller.trouble(0.25) {
            signals::report(teller)?;
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
    consents(teller)
}

fn consents(teller: &mut Teller<'_>) -> Told {
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
