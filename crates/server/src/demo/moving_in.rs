//! The keys, and what is agreed in the first weeks.

use omklap_domain::ids::LeaseId;
use omklap_domain::trajectory::fact::{
    ContractModel, Coverer, Fact, FirstRentCovered, FlipCondition, FlipConditionKind, FlipConditionsSet,
    GuidancePlanAgreed, HousedUnderIntermediaryLease, HousedUnderTemporaryLease, HousedUnderThreePartyLease,
    LeaseExtended, LeaseTerms, LivingAgreementsSigned, Meeting, NeighboursMet, RelapsePlanAgreed, THE_THREE,
    WelcomeTalkHeld,
};

use super::profile::guidance_level;
use super::teller::{Teller, Told};
use super::words;

/// The first rent and the lease. The client lives there from today.
pub(super) fn get_the_keys(teller: &mut Teller<'_>) -> Told {
    teller.pass(4..15)?;
    let rent = teller.cents(48_000..70_000);
    if teller.chance(0.85) {
        let covered_by = teller.one_of(&[
            Coverer::Municipality,
            Coverer::SpecialAssistance,
            Coverer::CareProvider,
            Coverer::OwnMeans,
        ]);
        teller.note(FirstRentCovered { occurred_on: teller.today, covered_by, amount_cents: rent })?;
    }
    teller.pass(3..14)?;
    let accepted = teller.state().offers.open.clone().expect("the client accepted an offer");
    let terms = LeaseTerms {
        lease_id: LeaseId(teller.id()),
        care_provider: teller.partners().care_provider.clone(),
        corporation: accepted.corporation,
        unit: accepted.unit,
        rent_cents: rent,
        care_agreement: teller.chance(0.9).then(|| teller.code("zorgovereenkomst:")),
    };
    let housed = lease(teller, terms);
    teller.say(housed)
}

fn lease(teller: &mut Teller<'_>, terms: LeaseTerms) -> Fact {
    let occurred_on = teller.today;
    match teller.one_of(teller.region.models) {
        ContractModel::Intermediary => {
            let head_lease = Some(teller.code("hoofdhuur:"));
            HousedUnderIntermediaryLease { occurred_on, terms, head_lease }.into()
        }
        ContractModel::ThreeParty => {
            let guarantee_fund = teller.chance(0.7);
            HousedUnderThreePartyLease { occurred_on, terms, guarantee_fund }.into()
        }
        ContractModel::Temporary => {
            let lease_id = terms.lease_id;
            let ends_on = occurred_on.plus_months(24);
            teller.later(560..720, |on| LeaseExtended {
                occurred_on: on,
                lease_id,
                ends_on: ends_on.plus_months(12),
            });
            HousedUnderTemporaryLease { occurred_on, terms, ends_on }.into()
        }
    }
}

/// What is agreed with the keys and in the weeks after.
pub(super) fn settle(teller: &mut Teller<'_>) -> Told {
    set_flip_conditions(teller)?;
    teller.pass(3..20)?;
    agree_on_guidance(teller)?;
    teller.pass(2..15)?;
    let early_signs = teller.perhaps(words::EARLY_SIGNS);
    teller.note(RelapsePlanAgreed { occurred_on: teller.today, early_signs, document: None })?;
    if teller.chance(0.85) {
        teller.pass(1..12)?;
        let notes = teller.perhaps(words::WELCOME);
        teller.note(WelcomeTalkHeld { occurred_on: teller.today, notes })?;
    }
    teller.pass(1..20)?;
    let document = teller.code("woonafspraken:");
    teller.say(LivingAgreementsSigned {
        occurred_on: teller.today,
        signed_by: THE_THREE.into(),
        document,
    })?;
    teller.pass(5..40)?;
    let how =
        teller.one_of(&[Meeting::Alone, Meeting::WithGuide, Meeting::WithGuide, Meeting::DeclinedByClient]);
    teller.note(NeighboursMet { occurred_on: teller.today, how })
}

/// A guidance plan, at first or for another year.
pub(super) fn agree_on_guidance(teller: &mut Teller<'_>) -> Told {
    let plan = GuidancePlanAgreed {
        occurred_on: teller.today,
        level: guidance_level(teller, &[2, 2, 3, 3, 4]),
        goals: vec![teller.words(words::GOALS)],
        document: Some(teller.code("begeleidingsplan:")),
    };
    teller.note(plan)
}

/// The client knows from the start what the own lease asks.
fn set_flip_conditions(teller: &mut Teller<'_>) -> Told {
    let conditions = [
        (FlipConditionKind::Rent, words::CONDITION_RENT),
        (FlipConditionKind::DayActivity, words::CONDITION_DAY),
        (FlipConditionKind::Neighbours, words::CONDITION_NEIGHBOURS),
    ]
    .map(|(kind, choices)| FlipCondition { kind, condition: teller.words(choices) });
    teller.say(FlipConditionsSet {
        occurred_on: teller.today,
        conditions: conditions.into(),
        acknowledged_by_client: true,
    })
}
