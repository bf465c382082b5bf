//! What the claims of a region on its guarantee fund add up to, so that the balance of the fund can be
//! read by partners who do not see the cases ([ADR
//! 47](../../../../docs/adr/0047-the-balance-of-a-fund-points-at-nobody.md)).

use std::collections::{BTreeMap, BTreeSet};

use super::Contribution;
use crate::ids::{ClaimId, TrajectoryId};
use crate::trajectory::fact::{GuaranteeFundClaimed, GuaranteeFundSettled};

/// A claim on the guarantee fund of a region, in euro cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundClaim {
    /// The claim.
    pub claim: ClaimId,
    /// What was claimed.
    pub claimed_cents: i64,
    /// What the fund pays; none until its keeper has answered.
    pub awarded_cents: Option<i64>,
}

impl FundClaim {
    pub(super) fn of(claimed: &GuaranteeFundClaimed) -> Self {
        let claimed_cents = claimed.amount_cents.into();
        Self { claim: claimed.claim_id, claimed_cents, awarded_cents: None }
    }

    pub(super) fn settle(&mut self, settled: &GuaranteeFundSettled) {
        if self.claim == settled.claim_id {
            self.awarded_cents = Some(settled.awarded_cents.into());
        }
    }
}

/// What was claimed and awarded, in euro cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FundTotals {
    /// What was claimed.
    pub claimed: i64,
    /// What the fund pays.
    pub awarded: i64,
}

/// The claims of a region that the keeper of its fund has answered, added up for each case. Claims
/// without an answer are left out: landlords make claims, so one of them could make as many as it needs
/// to uncover another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FundAnswers(BTreeMap<TrajectoryId, FundTotals>);

impl FundAnswers {
    /// The answers in what each case adds to the figures of a region.
    #[must_use]
    pub fn of<'c>(added: impl IntoIterator<Item = (TrajectoryId, &'c Contribution)>) -> Self {
        let mut answers = BTreeMap::<TrajectoryId, FundTotals>::new();
        for (case, contribution) in added {
            for claim in &contribution.fund_claims {
                if let Some(awarded) = claim.awarded_cents {
                    let totals = answers.entry(case).or_default();
                    totals.claimed += claim.claimed_cents;
                    totals.awarded += awarded;
                }
            }
        }
        Self(answers)
    }

    /// All cases together.
    #[must_use]
    pub fn totals(&self) -> FundTotals {
        let add = |sum: FundTotals, one: &FundTotals| FundTotals {
            claimed: sum.claimed + one.claimed,
            awarded: sum.awarded + one.awarded,
        };
        self.0.values().fold(FundTotals::default(), add)
    }

    /// Whether a reader who knows the totals of an earlier statement learns from these about no fewer
    /// cases than `threshold`, or about none: for what was claimed and for what was awarded.
    #[must_use]
    pub fn may_follow(&self, earlier: &Self, threshold: u32) -> bool {
        let cases: BTreeSet<_> = self.0.keys().chain(earlier.0.keys()).collect();
        let changed = |of: fn(&FundTotals) -> i64| {
            let cents = |answers: &Self, case| answers.0.get(case).map_or(0, of);
            cases.iter().filter(|case| cents(self, case) != cents(earlier, case)).count()
        };
        let hides = |cases: usize| cases == 0 || u32::try_from(cases).is_ok_and(|cases| cases >= threshold);
        hides(changed(|totals| totals.claimed)) && hides(changed(|totals| totals.awarded))
    }
}
