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
