//! Losses, and the claims on the guarantee fund that rest on them (`docs/DOMAIN.md` §3.7).

use crate::ids::LeaseId;
use crate::trajectory::fact::{Cents, ContractModel};

/// A damage or a missed rent: what a claim on the guarantee fund can rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What it costs, in euro cents.
    pub cents: i64,
    /// The lease under which it happened.
    pub lease: LeaseId,
    /// Its contract model, if the guarantee fund can back it: not after the flip, and not under a
    /// three-party lease that says that the fund does not back it.
    pub backed: Option<ContractModel>,
    /// Whether it was claimed.
    pub claimed: bool,
    /// Whether it was settled without a claim.
    pub settled: bool,
}

impl Loss {
    /// Whether it was neither claimed nor settled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.claimed && !self.settled
    }
}

/// A claim on the guarantee fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What was claimed; none once the fund has answered.
    pub open: Option<Cents>,
    /// The lease under which the loss happened.
    pub lease: Option<LeaseId>,
}
