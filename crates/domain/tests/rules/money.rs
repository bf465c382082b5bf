//! Money.

use super::rules;
use crate::vocabulary::*;

rules! {
    no_rent_is_missed_before_the_move: NoLease,
        broken by matching().when(rent_missed),
        kept by housed().when(rent_missed);
    rent_was_due_before_it_was_missed: DateAfterTheFact,
        broken by housed().when(|on| RentMissed { due_on: on.plus_days(1), ..rent_missed(on) }),
        kept by housed().when(|on| RentMissed { due_on: on, ..rent_missed(on) });
    without_arrears_there_is_nothing_to_pay_in_instalments: NoArrears,
        broken by housed().when(arrears_plan),
        kept by housed().then(rent_missed).when(arrears_plan);
    without_arrears_there_is_nothing_to_clear: NoArrears,
        broken by housed().then(rent_missed).then(arrears_cleared).when(arrears_cleared),
        kept by housed().then(rent_missed).when(arrears_cleared);
    no_damage_is_done_before_the_move: NoLease,
        broken by matching().when(damage),
        kept by housed().when(damage);
    two_damages_have_two_ids: DamageIdTaken,
        broken by housed().then(damage).when(damage),
        kept by housed().then(damage).when(|on| DamageReported { damage_id: DamageId(uuid::Uuid::from_u128(2)), ..damage(on) });
    the_fund_is_for_clients_who_were_housed: NeverHoused,
        broken by matching().when(fund_claimed),
        kept by housed().when(fund_claimed);
    two_claims_have_two_ids: ClaimIdTaken,
        broken by housed().then(fund_claimed).when(fund_claimed),
        kept by housed().then(fund_claimed).when(|on| GuaranteeFundClaimed { claim_id: ClaimId(uuid::Uuid::from_u128(2)), ..fund_claimed(on) });
    a_claim_is_about_a_damage_that_was_reported: DamageUnknown,
        broken by housed().when(|on| GuaranteeFundClaimed { damage_id: Some(DAMAGE), ..fund_claimed(on) }),
        kept by housed().then(damage).when(|on| GuaranteeFundClaimed { damage_id: Some(DAMAGE), ..fund_claimed(on) });
    a_claim_is_made_before_it_is_settled: ClaimNotOpen,
        broken by housed().when(fund_settled),
        kept by housed().then(fund_claimed).when(fund_settled);
    a_claim_is_settled_once: ClaimNotOpen,
        broken by housed().then(fund_claimed).then(fund_settled).when(fund_settled),
        kept by housed().then(fund_claimed).when(fund_settled);
    the_fund_pays_no_more_than_was_claimed: AwardAboveClaim,
        broken by housed().then(fund_claimed).when(|on| GuaranteeFundSettled { awarded_cents: euros(401), ..fund_settled(on) }),
        kept by housed().then(fund_claimed).when(|on| GuaranteeFundSettled { awarded_cents: euros(400), ..fund_settled(on) });
}

#[test]
fn the_fund_also_pays_after_the_end() {
    let evicted = given(housed())
        .then(rent_missed)
        .then(lease_end_agreed)
        .months_later(1)
        .then(ended_with(Outcome::PlacementEnded));
    evicted.then(fund_claimed).when(fund_settled).leads_to(Phase::Ended);
}

#[test]
fn arrears_move_along_to_another_dwelling() {
    let moving = given(housed()).then(rent_missed).then(housing_requested).then(corporation_assigned);
    let moved = moving
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
        .then(|on| HousedUnderIntermediaryLease {
            terms: LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() },
            ..intermediary_lease(on)
        });
    moved.when(arrears_cleared).admitted();
}
