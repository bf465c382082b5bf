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
    only_a_damage_that_was_reported_is_settled: DamageUnknown,
        broken by housed().when(damage_settled),
        kept by housed().then(damage).when(damage_settled);
    a_damage_is_settled_once: DamageAlreadySettled,
        broken by housed().then(damage).then(damage_settled).when(damage_settled),
        kept by housed().then(damage).then(ended_with(Outcome::MovedAway)).when(damage_settled);
    a_damage_that_was_settled_is_not_claimed: DamageAlreadySettled,
        broken by backed_by_the_fund().then(damage).then(damage_settled).when(fund_claimed),
        kept by backed_by_the_fund().then(damage).when(fund_claimed);
    what_the_fund_was_asked_to_pay_is_settled_by_the_fund: AlreadyClaimed,
        broken by backed_by_the_fund().then(damage).then(fund_claimed).when(damage_settled),
        kept by backed_by_the_fund().then(damage).then(fund_claimed).when(fund_settled);
}

#[test]
fn arrears_are_paid_after_the_client_left() {
    let left = given(housed()).then(rent_missed).then(ended_with(Outcome::MovedAway));
    let cleared = left.when(arrears_cleared).leads_to(Phase::Ended);
    assert!(!cleared.state().tenancy.in_arrears);
    cleared.when(arrears_cleared).refused([Refusal::NoArrears]);
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
