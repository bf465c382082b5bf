//! What the claims of a region add up to, and when that points at nobody.

use omklap_domain::agreements::assess::assess;
use omklap_domain::figures::{Contribution, FundAnswers, FundTotals};

use crate::vocabulary::*;

fn claimed() -> Story {
    backed_by_the_fund().then(damage).then(fund_claimed)
}

fn answered() -> Story {
    claimed().then(fund_settled)
}

/// The answers of the fund in these cases, in the region of each.
fn answers(cases: &[Story]) -> FundAnswers {
    let contribution = |story: &Story| {
        let assessed = assess(&story.history, &SETS);
        Contribution::of_each_region(&story.history, &assessed, *TODAY, &SETS)
    };
    let added: Vec<_> = (0_u128..)
        .zip(cases)
        .flat_map(|(id, case)| {
            contribution(case).into_iter().map(move |one| (TrajectoryId(uuid::Uuid::from_u128(id)), one))
        })
        .collect();
    FundAnswers::of(added.iter().map(|(id, one)| (*id, one)))
}

#[test]
fn what_the_keeper_has_not_answered_counts_nowhere() {
    assert_eq!(answers(&[claimed()]).totals(), FundTotals::default());
    assert_eq!(answers(&[answered(), claimed()]).totals(), FundTotals { claimed: 40_000, awarded: 30_000 });
}

#[test]
fn a_claim_that_is_answered_after_a_move_is_paid_by_the_fund_it_was_made_on() {
    let to = || RegionTerms { care_provider: code("het-anker"), ..to_amsterdam() };
    let proposed = |on| RegionTransferProposed { to: to(), ..transfer_proposed(on) };
    let accepted = |on| RegionTransferAccepted { to: to(), ..transfer_accepted(on) };
    let moved = claimed().then(proposed).then(accepted).then(fund_settled);
    assert_eq!(answers(&[moved]).totals(), FundTotals { claimed: 40_000, awarded: 30_000 });
}

#[test]
fn a_statement_shows_nothing_of_fewer_clients_than_the_threshold() {
    let of = |many: usize| answers(&vec![answered(); many]);
    assert!(of(0).may_follow(&of(0), 5) && of(5).may_follow(&of(0), 5) && of(5).may_follow(&of(5), 5));
    for few in [1, 4] {
        assert!(!of(few).may_follow(&of(0), 5), "{few}");
        assert!(!of(5 + few).may_follow(&of(5), 5), "{few} more");
    }
    assert!(of(10).may_follow(&of(5), 5));
    assert!(!of(5).may_follow(&of(6), 5), "what is taken back would show as well");
}

#[test]
fn claims_of_enough_clients_do_not_hide_the_one_award_among_them() {
    let refused =
        || claimed().then(|on| GuaranteeFundSettled { awarded_cents: euros(0), ..fund_settled(on) });
    let mut cases = vec![refused(); 4];
    cases.push(answered());
    assert!(!answers(&cases).may_follow(&answers(&[]), 5));
}
