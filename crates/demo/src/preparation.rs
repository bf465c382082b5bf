//! From the intake to being ready.

use omklap_domain::trajectory::fact::{
    Capacity, ClientJourneyRecorded, ConsentGiven, ConsentScope, ConsentWithdrawn, ContactFunction,
    ContactPersonAssigned, FinancialSupport, FinancialSupportAssigned, IntakeRegistered, MissedChance,
    Origin, Outcome, OutflowAnnounced, Party, PreparationStep, PreparationStepCompleted, PrivacyExplained,
    ReadinessConfirmed, RegisteredByMistake, RepresentativeAppointed, TrajectoryEnded,
};

use super::profile::set_profile;
use super::simulation::{Advance, Simulation, written};
use super::{signals, words};

/// The housing that clients come from; mostly sheltered housing.
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
pub(super) fn prepare(simulation: &mut Simulation<'_>) -> Advance {
    intake(simulation)?;
    hear_the_client(simulation)?;
    for step in simulation.in_any_order(STEPS) {
        simulation.pass(12..55)?;
        step_completed(simulation, step)?;
        if simulation.trouble(0.25) {
            signals::report(simulation)?;
        }
        if simulation.trouble(0.01) {
            let outcome = simulation.one_of(&[Outcome::Withdrew, Outcome::NotReady, Outcome::OtherCare]);
            return end(simulation, outcome);
        }
    }
    simulation.pass(5..30)?;
    simulation.report(OutflowAnnounced {
        occurred_on: simulation.today,
        expected_on: simulation.today.plus_months(6),
    })?;
    set_profile(simulation)?;
    if simulation.chance(0.3) {
        simulation.pass(30..90)?;
        set_profile(simulation)?;
    }
    simulation.pass(10..60)?;
    become_ready(simulation)
}

/// Somebody assesses that the client can live alone.
pub(super) fn become_ready(simulation: &mut Simulation<'_>) -> Advance {
    let confirmed = ReadinessConfirmed {
        occurred_on: simulation.today,
        assessor: simulation.code("u-"),
        notes: simulation.perhaps(words::READY),
    };
    simulation.report(confirmed)
}

fn intake(simulation: &mut Simulation<'_>) -> Advance {
    let at = simulation.one_of(simulation.region.municipalities);
    let intake = IntakeRegistered {
        occurred_on: simulation.today,
        client_name: simulation.words(words::NAMES),
        client_contact: simulation.perhaps(words::HOW_TO_REACH),
        origin: simulation.one_of(ORIGINS),
        care_started_on: Some(simulation.today.plus_days(-simulation.days(30..3_000))),
        care_provider: written(simulation.one_of(simulation.region.providers)),
        municipality: written(at.organisation),
        region: written(simulation.region.id),
        agreement_set: simulation.set(),
        previous_trajectory: None,
        referred_by: None,
    };
    simulation.report(intake)?;
    let shared_with = vec![Party::CareProvider, Party::HousingCorporation, Party::Municipality];
    simulation.report_with_slips(PrivacyExplained {
        occurred_on: simulation.today,
        shared_with,
        leaflet: Some(written("folder:wat-delen-wij")),
    })?;
    contact_person(simulation, Party::CareProvider)?;
    if simulation.chance(0.01) {
        // The morning shift had registered the client as well.
        let reason = simulation.words(words::ENDED);
        let occurred_on = simulation.today;
        return simulation.report(RegisteredByMistake { occurred_on, same_as: None, reason });
    }
    simulation.pass(2..12)?;
    consents(simulation)
}

fn consents(simulation: &mut Simulation<'_>) -> Advance {
    consent(simulation, ConsentScope::OutflowProfile, Party::HousingCorporation)?;
    if simulation.chance(0.6) {
        consent(simulation, ConsentScope::GuidanceGoals, Party::HousingCorporation)?;
    }
    if simulation.chance(0.4) {
        consent(simulation, ConsentScope::Finances, Party::Municipality)?;
    }
    Ok(())
}

fn consent(simulation: &mut Simulation<'_>, scope: ConsentScope, with: Party) -> Advance {
    simulation.report(ConsentGiven {
        occurred_on: simulation.today,
        scope,
        recipients: vec![with],
        document: None,
    })?;
    if simulation.chance(0.03) {
        let reason = simulation.perhaps(words::CONSENT_WITHDRAWN);
        simulation.later(60..900, |on| ConsentWithdrawn { occurred_on: on, scope, reason });
    }
    Ok(())
}

fn step_completed(simulation: &mut Simulation<'_>, step: PreparationStep) -> Advance {
    let words = match step {
        PreparationStep::DebtsInView => words::DEBTS,
        PreparationStep::NetworkInView => words::NETWORK,
        PreparationStep::DayActivityArranged => words::DAY_ACTIVITY,
        PreparationStep::LivingSkillsTraining | PreparationStep::IncomeArranged => words::STEP,
    };
    let notes = simulation.perhaps(words);
    simulation.report_with_slips(PreparationStepCompleted { occurred_on: simulation.today, step, notes })?;
    if step == PreparationStep::DebtsInView && simulation.chance(0.35) {
        simulation.pass(5..20)?;
        let kind = simulation.one_of(&[
            FinancialSupport::BudgetCoach,
            FinancialSupport::BudgetManagement,
            FinancialSupport::ProtectiveAdministration,
            FinancialSupport::DebtCounselling,
        ]);
        simulation.report_with_slips(FinancialSupportAssigned {
            occurred_on: simulation.today,
            kind,
            supporter: None,
        })?;
    }
    Ok(())
}

/// Who speaks for the client, and how it came so far.
fn hear_the_client(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.chance(0.1) {
        let capacity = simulation.one_of(&[Capacity::Administrator, Capacity::Mentor, Capacity::Guardian]);
        let name = simulation.words(words::NAMES);
        let occurred_on = simulation.today;
        simulation.report(RepresentativeAppointed { occurred_on, capacity, name, contact: None })?;
    }
    if simulation.chance(0.3) {
        simulation.pass(3..20)?;
        let chance = simulation.one_of(&[
            MissedChance::HelpTooLate,
            MissedChance::ArrearsNotSeen,
            MissedChance::WaitingTimeLost,
        ]);
        let journey = ClientJourneyRecorded {
            occurred_on: simulation.today,
            how_it_came: simulation.words(words::HOW_IT_CAME),
            what_would_have_helped: simulation.perhaps(words::WOULD_HAVE_HELPED),
            missed_chances: vec![chance],
        };
        simulation.report_with_slips(journey)?;
    }
    Ok(())
}

/// A contact person is named: the first one, or a successor.
pub(super) fn contact_person(simulation: &mut Simulation<'_>, party: Party) -> Advance {
    let organisation = simulation.organisation_of(party);
    let contact = ContactPersonAssigned {
        occurred_on: simulation.today,
        party,
        organisation,
        user: Some(simulation.code("u-")),
        name: simulation.words(words::NAMES),
        contact: simulation.words(words::HOW_TO_REACH),
        function: simulation.chance(0.2).then_some(ContactFunction::Caretaker),
    };
    simulation.report_with_slips(contact)
}

/// The trajectory ends.
pub(super) fn end(simulation: &mut Simulation<'_>, outcome: Outcome) -> Advance {
    let notes = simulation.perhaps(words::ENDED);
    simulation.report(TrajectoryEnded { occurred_on: simulation.today, outcome, notes })
}
