//! Rules of the guarantee fund (`docs/DOMAIN.md` §3.7, ADR 30): what a claim rests on, and who settles it.

use super::Admission;
use crate::agreements::set::GuaranteeFundSettings;
use crate::trajectory::fact::{ClaimGround, GuaranteeFundClaimed, GuaranteeFundSettled};
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::{Claim, Loss};

impl Admission<'_> {
    /// Only in a region that has a fund, only for what happened under a lease that it backs, once, and
    /// never more than that.
    pub(super) fn fund_claimed(&mut self, claim: &GuaranteeFundClaimed) {
        self.unless(self.state.tenancy.housed_on.is_some(), Refusal::NeverHoused);
        self.unless(!self.state.claims.contains_key(&claim.claim_id), Refusal::ClaimIdTaken);
        self.unless(self.set.guarantee_fund.is_some(), Refusal::NoGuaranteeFund);
        self.unless(names_what_fits_its_ground(claim), Refusal::ClaimRestsOnNothing);
        let damages = claim.damage_id.iter().map(|id| self.state.damages.get(id));
        let damages: Vec<Option<Loss>> = damages.map(Option::<&Loss>::copied).collect();
        self.unless(damages.iter().all(Option::is_some), Refusal::DamageUnknown);
        let rents = claim.rents_due_on.iter().map(|due_on| self.state.rents_missed.get(due_on));
        let rents: Vec<Option<Loss>> = rents.map(Option::<&Loss>::copied).collect();
        self.unless(rents.iter().all(Option::is_some), Refusal::RentNotMissed);
        let losses: Vec<Loss> = damages.into_iter().chain(rents).flatten().collect();
        self.losses_claimed(claim, &losses);
    }

    fn losses_claimed(&mut self, claim: &GuaranteeFundClaimed, losses: &[Loss]) {
        let fund = self.set.guarantee_fund.as_ref();
        let covered = |loss: &Loss| fund.is_none_or(|fund| fund.covers(loss));
        self.unless(losses.iter().all(covered), Refusal::LeaseNotCovered);
        self.unless(!losses.iter().any(|loss| loss.claimed), Refusal::AlreadyClaimed);
        self.unless(!losses.iter().any(|loss| loss.settled), Refusal::DamageAlreadySettled);
        let most = losses.iter().fold(0_i64, |sum, loss| sum.saturating_add(loss.cents));
        let fits = losses.is_empty() || i64::from(claim.amount_cents) <= most;
        self.unless(fits, Refusal::ClaimAboveLoss);
        if claim.ground == ClaimGround::Clearance {
            let tenancy = &self.state.tenancy;
            let lives_there = |loss: &Loss| {
                !tenancy.left && tenancy.lease.as_ref().is_some_and(|lease| lease.id == loss.lease)
            };
            self.unless(!losses.iter().any(lives_there), Refusal::DwellingNotLeft);
        }
    }

    /// The party that pays settles.
    pub(super) fn fund_settled(&mut self, settled: &GuaranteeFundSettled) {
        match self.state.claims.get(&settled.claim_id) {
            Some(Claim { open: Some(claimed), .. }) => {
                self.unless(settled.awarded_cents <= *claimed, Refusal::AwardAboveClaim);
            }
            _ => self.unless(false, Refusal::ClaimNotOpen),
        }
        let keeper = self.fund_that_answers().map(|fund| fund.keeper);
        self.unless(keeper.is_none_or(|keeper| settled.settler() == keeper), Refusal::NotTheKeeper);
    }

    /// The fund of the agreements, or of the latest agreements before them that had one.
    fn fund_that_answers(&self) -> Option<&GuaranteeFundSettings> {
        self.state.fund(self.set, self.sets)
    }
}

/// A claim rests on one damage, or on missed rents that are each named once.
fn names_what_fits_its_ground(claim: &GuaranteeFundClaimed) -> bool {
    let rents = &claim.rents_due_on;
    match claim.ground {
        ClaimGround::Damage | ClaimGround::Clearance => claim.damage_id.is_some() && rents.is_empty(),
        ClaimGround::Arrears => {
            let named_twice = (1..rents.len()).any(|at| rents[..at].contains(&rents[at]));
            claim.damage_id.is_none() && !rents.is_empty() && !named_twice
        }
    }
}
