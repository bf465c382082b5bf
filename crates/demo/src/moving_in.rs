//! The keys, and what is agreed in the first weeks.

use omklap_domain::ids::LeaseId;
use omklap_domain::trajectory::fact::{
    CareForm, ContractModel, Coverer, Fact, FirstRentCovered, FirstRentHelpRequested, FirstRentRepaid,
    FlipCondition, FlipConditionKind, FlipConditionsSet, GuidancePlanAgreed, HousedUnderIntermediaryLease,
    HousedUnderOwnLease, HousedUnderTemporaryLease, HousedUnderThreePartyLease, Informed, LeaseExtended,
    LeaseTerms, LivingAgreementsSigned, Meeting, NeighbourhoodCircleJoined, NeighbourhoodInformed,
    NeighbourhoodMeetingHeld, NeighboursMet, RelapsePlanAgreed, THE_THREE, WelcomeTalkHeld,
};

use super::profile::guidance_level;
use super::simulation::{Advance, Simulation};
use super::words;

/// The first rent and the lease. The client lives there from today.
pub(super) fn get_the_keys(simulation: &mut Simulation<'_>) -> Advance {
    simulation.pass(4..15)?;
    let accepted = simulation.state().offers.open.clone().expect("the client accepted an offer");
    let rent = accepted.rent;
    let cannot_pay = simulation.chance(0.4);
    if cannot_pay {
        let requested = FirstRentHelpRequested { occurred_on: simulation.today, amount_cents: rent };
        simulation.report_with_slips(requested)?;
        simulation.pass(1..6)?;
    }
    if simulation.chance(0.85) {
        let covered_by = simulation.one_of(&[
            Coverer::Municipality,
            Coverer::SpecialAssistance,
            Coverer::CareProvider,
            Coverer::OwnMeans,
        ]);
        simulation.report_with_slips(FirstRentCovered {
            occurred_on: simulation.today,
            covered_by,
            amount_cents: rent,
        })?;
        if covered_by == Coverer::Municipality && simulation.chance(0.7) {
            simulation.later(150..400, |on| FirstRentRepaid { occurred_on: on, amount_cents: rent });
        }
    }
    simulation.pass(3..14)?;
    let terms = LeaseTerms {
        lease_id: LeaseId(simulation.id()),
        care_provider: simulation.partners().care_provider.clone(),
        corporation: accepted.corporation,
        unit: accepted.unit,
        rent_cents: rent,
        care_agreement: simulation.chance(0.9).then(|| simulation.code("zorgovereenkomst:")),
        care_form: Some(simulation.one_of(&[
            CareForm::IndividualGuidance,
            CareForm::IndividualGuidance,
            CareForm::ShelteredAtHome,
        ])),
    };
    let housed = lease(simulation, terms);
    simulation.report(housed)
}

fn lease(simulation: &mut Simulation<'_>, terms: LeaseTerms) -> Fact {
    let occurred_on = simulation.today;
    match simulation.one_of(simulation.region.models) {
        ContractModel::Intermediary => {
            let head_lease = Some(simulation.code("hoofdhuur:"));
            HousedUnderIntermediaryLease { occurred_on, terms, head_lease }.into()
        }
        ContractModel::ThreeParty => {
            let guarantee_fund = simulation.chance(0.7) && simulation.has_a_fund();
            HousedUnderThreePartyLease { occurred_on, terms, guarantee_fund }.into()
        }
        ContractModel::Own => HousedUnderOwnLease { occurred_on, terms }.into(),
        ContractModel::Temporary => {
            let lease_id = terms.lease_id;
            let ends_on = occurred_on.plus_months(24);
            simulation.later(560..720, |on| LeaseExtended {
                occurred_on: on,
                lease_id,
                ends_on: ends_on.plus_months(12),
            });
            HousedUnderTemporaryLease { occurred_on, terms, ends_on }.into()
        }
    }
}

/// What is agreed with the keys and in the weeks after.
pub(super) fn settle(simulation: &mut Simulation<'_>) -> Advance {
    if !simulation.lease().was_always_own() {
        set_flip_conditions(simulation)?;
    }
    simulation.pass(3..20)?;
    agree_on_guidance(simulation)?;
    simulation.pass(2..15)?;
    agree_on_a_relapse(simulation)?;
    if simulation.chance(0.85) {
        simulation.pass(1..12)?;
        let notes = simulation.perhaps(words::WELCOME);
        simulation.report_with_slips(WelcomeTalkHeld { occurred_on: simulation.today, notes })?;
    }
    simulation.pass(1..20)?;
    let document = simulation.code("woonafspraken:");
    simulation.report(LivingAgreementsSigned {
        occurred_on: simulation.today,
        signed_by: THE_THREE.into(),
        document,
    })?;
    simulation.pass(5..40)?;
    let how = simulation.one_of(&[
        Meeting::Alone,
        Meeting::WithGuide,
        Meeting::WithGuide,
        Meeting::DeclinedByClient,
    ]);
    simulation.report_with_slips(NeighboursMet { occurred_on: simulation.today, how })?;
    know_the_neighbourhood(simulation)
}

fn know_the_neighbourhood(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.chance(0.15) {
        let informed = vec![Informed::NeighbourhoodTeam, Informed::Police];
        simulation.report_with_slips(NeighbourhoodInformed { occurred_on: simulation.today, informed })?;
    }
    if simulation.chance(0.05) {
        let outcome = simulation.perhaps(words::NEIGHBOURS_ASK);
        simulation.report_with_slips(NeighbourhoodMeetingHeld { occurred_on: simulation.today, outcome })?;
    }
    if simulation.chance(0.1) {
        simulation.later(30..300, |on| NeighbourhoodCircleJoined { occurred_on: on, circle: None });
    }
    Ok(())
}

/// A guidance plan, at first or for another year.
pub(super) fn agree_on_guidance(simulation: &mut Simulation<'_>) -> Advance {
    let plan = GuidancePlanAgreed {
        occurred_on: simulation.today,
        level: guidance_level(simulation, &[2, 2, 3, 3, 4]),
        goals: vec![simulation.words(words::GOALS)],
        document: Some(simulation.code("begeleidingsplan:")),
    };
    simulation.report_with_slips(plan)
}

/// What to do when things get worse.
pub(super) fn agree_on_a_relapse(simulation: &mut Simulation<'_>) -> Advance {
    let early_signs = simulation.perhaps(words::EARLY_SIGNS);
    let plan = RelapsePlanAgreed { occurred_on: simulation.today, early_signs, document: None };
    simulation.report_with_slips(plan)
}

/// The client knows from the start what a lease of its own requires.
fn set_flip_conditions(simulation: &mut Simulation<'_>) -> Advance {
    let conditions = [
        (FlipConditionKind::Rent, words::CONDITION_RENT),
        (FlipConditionKind::DayActivity, words::CONDITION_DAY),
        (FlipConditionKind::Neighbours, words::CONDITION_NEIGHBOURS),
    ]
    .map(|(kind, choices)| FlipCondition { kind, condition: simulation.words(choices) });
    simulation.report(FlipConditionsSet {
        occurred_on: simulation.today,
        conditions: conditions.into(),
        acknowledged_by_client: true,
    })
}
