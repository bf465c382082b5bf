//! The guarantee fund (`docs/DOMAIN.md` §3.7).

use super::rules;
use crate::vocabulary::*;

rules! {
    the_fund_is_for_clients_who_were_housed: NeverHoused beside DamageUnknown,
        broken by nominated_in_the_north_of_limburg().then(corporation_assigned).when(fund_claimed),
        kept by damaged().when(fund_claimed);
    without_a_fund_in_the_agreements_nothing_is_claimed: NoGuaranteeFund,
        broken by housed().then(damage).when(fund_claimed),
        kept by damaged().when(fund_claimed);
    without_a_fund_in_the_agreements_no_lease_is_backed: NoGuaranteeFund,
        broken by contracting_in_almere().when(three_party_lease),
        kept by contracting_in_almere().when(|on| HousedUnderThreePartyLease { guarantee_fund: false, ..three_party_lease(on) });
    the_fund_pays_under_a_lease_that_it_backs: LeaseNotCovered,
        broken by not_backed().then(damage).when(fund_claimed),
        kept by damaged().when(fund_claimed);
    the_fund_pays_for_no_rent_under_a_lease_of_another_kind: LeaseNotCovered,
        broken by contracting_in_the_north_of_limburg().then(intermediary_lease).then(rent_missed).when(fund_claimed_for_rent),
        kept by backed_by_the_fund().then(rent_missed).when(fund_claimed_for_rent);
    what_is_damaged_after_the_flip_is_the_tenants_own: LeaseNotCovered,
        broken by flipped_from(backed_by_the_fund()).then(damage).when(fund_claimed),
        kept by flipped_from(damaged()).when(fund_claimed);
    two_claims_have_two_ids: ClaimIdTaken,
        broken by damaged().then(fund_claimed).then(second_damage).when(|on| GuaranteeFundClaimed { damage_id: Some(SECOND_DAMAGE), ..fund_claimed(on) }),
        kept by damaged().then(fund_claimed).then(rent_missed).when(again(fund_claimed_for_rent));
    a_damage_is_claimed_once: AlreadyClaimed,
        broken by damaged().then(fund_claimed).when(again(fund_claimed)),
        kept by damaged().then(fund_claimed).then(second_damage).when(again(|on| GuaranteeFundClaimed { damage_id: Some(SECOND_DAMAGE), ..fund_claimed(on) }));
    a_claim_that_the_fund_refused_is_not_made_again: AlreadyClaimed,
        broken by damaged().then(fund_claimed).then(|on| GuaranteeFundSettled { awarded_cents: euros(0), ..fund_settled(on) }).when(again(fund_claimed)),
        kept by damaged().then(fund_claimed).then(retracted(12)).when(again(fund_claimed));
    a_rent_is_claimed_once: AlreadyClaimed,
        broken by backed_by_the_fund().then(rent_missed).then(fund_claimed_for_rent).when(again(|on| fund_claimed_for_rent(on.plus_days(-1)))),
        kept by backed_by_the_fund().then(rent_missed).when(fund_claimed_for_rent);
    a_claim_is_about_a_damage_that_was_reported: DamageUnknown,
        broken by backed_by_the_fund().when(fund_claimed),
        kept by damaged().when(fund_claimed);
    a_claim_for_damage_names_the_damage: ClaimRestsOnNothing,
        broken by damaged().when(|on| GuaranteeFundClaimed { damage_id: None, ..fund_claimed(on) }),
        kept by damaged().when(fund_claimed);
    a_claim_for_arrears_names_the_rents: ClaimRestsOnNothing,
        broken by backed_by_the_fund().then(rent_missed).when(|on| GuaranteeFundClaimed { rents_due_on: Vec::new(), ..fund_claimed_for_rent(on) }),
        kept by backed_by_the_fund().then(rent_missed).when(fund_claimed_for_rent);
    a_claim_does_not_count_a_rent_twice: ClaimRestsOnNothing,
        broken by backed_by_the_fund().then(rent_missed).when(|on| GuaranteeFundClaimed { rents_due_on: fund_claimed_for_rent(on).rents_due_on.repeat(2), ..fund_claimed_for_rent(on) }),
        kept by backed_by_the_fund().then(rent_missed).when(fund_claimed_for_rent);
    a_rent_that_was_paid_is_not_claimed: RentNotMissed,
        broken by backed_by_the_fund().then(rent_missed).then(arrears_cleared).when(|on| fund_claimed_for_rent(on.plus_days(-1))),
        kept by backed_by_the_fund().then(rent_missed).then(arrears_plan).when(|on| fund_claimed_for_rent(on.plus_days(-1)));
    a_claim_is_at_most_the_damage: ClaimAboveLoss,
        broken by damaged().when(|on| GuaranteeFundClaimed { amount_cents: euros(401), ..fund_claimed(on) }),
        kept by damaged().when(|on| GuaranteeFundClaimed { amount_cents: euros(400), ..fund_claimed(on) });
    a_claim_is_at_most_the_rents_that_were_missed: ClaimAboveLoss,
        broken by backed_by_the_fund().then(rent_missed).when(|on| GuaranteeFundClaimed { amount_cents: euros(621), ..fund_claimed_for_rent(on) }),
        kept by backed_by_the_fund().then(rent_missed).when(|on| GuaranteeFundClaimed { amount_cents: euros(620), ..fund_claimed_for_rent(on) });
    a_dwelling_is_cleared_after_the_client_left: DwellingNotLeft,
        broken by damaged().when(|on| GuaranteeFundClaimed { ground: ClaimGround::Clearance, ..fund_claimed(on) }),
        kept by damaged().then(ended_with(Outcome::MovedAway)).when(|on| GuaranteeFundClaimed { ground: ClaimGround::Clearance, ..fund_claimed(on) });
    a_claim_is_made_before_it_is_settled: ClaimNotOpen,
        broken by damaged().when(fund_settled),
        kept by damaged().then(fund_claimed).when(fund_settled);
    a_claim_is_settled_once: ClaimNotOpen,
        broken by damaged().then(fund_claimed).then(fund_settled).when(fund_settled),
        kept by damaged().then(fund_claimed).when(fund_settled);
    the_fund_pays_no_more_than_was_claimed: AwardAboveClaim,
        broken by damaged().then(fund_claimed).when(|on| GuaranteeFundSettled { awarded_cents: euros(401), ..fund_settled(on) }),
        kept by damaged().then(fund_claimed).when(|on| GuaranteeFundSettled { awarded_cents: euros(400), ..fund_settled(on) });
    the_agreement_set_says_who_keeps_the_fund: NotTheKeeper,
        broken by damaged().then(fund_claimed).when(|on| GuaranteeFundSettled { settled_by: Some(Party::MatchingPoint), ..fund_settled(on) }),
        kept by damaged().then(fund_claimed).when(|on| GuaranteeFundSettled { settled_by: Some(Party::Municipality), ..fund_settled(on) });
}

#[test]
fn the_fund_also_pays_after_the_end() {
    let signed_by = vec![Party::Client, Party::HousingCorporation];
    let leaving = damaged().then(|on| LeaseEndAgreed { signed_by, ..lease_end_agreed(on) });
    let evicted = leaving.months_later(1).then(ended_with(Outcome::PlacementEnded));
    evicted.then(fund_claimed).when(fund_settled).leads_to(Phase::Ended);
}

#[test]
fn a_claim_is_settled_although_newer_agreements_have_no_fund() {
    let changed = damaged().then(fund_claimed).then(agreement_set_changed);
    changed.clone().when(fund_settled).admitted();
    let kept_by_nobody =
        |on| GuaranteeFundSettled { settled_by: Some(Party::MatchingPoint), ..fund_settled(on) };
    changed.when(kept_by_nobody).refused([Refusal::NotTheKeeper]);
}

#[test]
fn a_rent_missed_in_two_parts_is_claimed_whole() {
    let part =
        |on: Day| RentMissed { due_on: code("2026-01-01"), amount_cents: euros(100), ..rent_missed(on) };
    let whole = |on| GuaranteeFundClaimed {
        rents_due_on: vec![code("2026-01-01")],
        amount_cents: euros(200),
        ..fund_claimed_for_rent(on)
    };
    backed_by_the_fund().then(part).then(part).when(whole).admitted();
}

const SECOND_DAMAGE: DamageId = DamageId(uuid::Uuid::from_u128(2));

fn damaged() -> Story {
    backed_by_the_fund().then(damage)
}

fn second_damage(on: Day) -> DamageReported {
    DamageReported { damage_id: SECOND_DAMAGE, ..damage(on) }
}

fn not_backed() -> Story {
    contracting_in_the_north_of_limburg()
        .then(|on| HousedUnderThreePartyLease { guarantee_fund: false, ..three_party_lease(on) })
}

/// An accepted offer in a region that has three-party leases and no fund.
fn contracting_in_almere() -> Story {
    let bound = |on| IntakeRegistered { agreement_set: bound_to("almere"), ..intake(on) };
    let ready = nothing().then(bound).then(profile).then(readiness_confirmed);
    let offered = ready.then(housing_requested).then(corporation_assigned).then(dwelling_offered);
    offered.then(offer_accepted)
}

/// The same claim under another id.
fn again(claim: impl Fn(Day) -> GuaranteeFundClaimed) -> impl Fn(Day) -> GuaranteeFundClaimed {
    move |on| GuaranteeFundClaimed { claim_id: ClaimId(uuid::Uuid::from_u128(2)), ..claim(on) }
}
