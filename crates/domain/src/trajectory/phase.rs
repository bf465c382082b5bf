//! The phases of a trajectory.

use std::fmt;

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The phase of a trajectory (`docs/DOMAIN.md` §3). Dutch: *fase*.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    DriveMut,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Nothing was reported yet. No trajectory that can be read is in this phase.
    #[default]
    Unopened,
    /// Getting ready to live on one's own.
    Preparing,
    /// Ready for a home.
    Ready,
    /// Nominated; a dwelling is sought.
    Matching,
    /// A dwelling is offered.
    Offered,
    /// The offer is accepted; the lease is being made.
    Contracting,
    /// Living there, not yet under a lease of the client's own.
    Housed,
    /// The contract has flipped; the partners follow up for three years.
    FollowUp,
    /// Over.
    Ended,
}

impl Phase {
    /// Every phase, in the order of a trajectory.
    pub const ALL: [Self; 9] = [
        Self::Unopened,
        Self::Preparing,
        Self::Ready,
        Self::Matching,
        Self::Offered,
        Self::Contracting,
        Self::Housed,
        Self::FollowUp,
        Self::Ended,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unopened => "unopened",
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Matching => "matching",
            Self::Offered => "offered",
            Self::Contracting => "contracting",
            Self::Housed => "housed",
            Self::FollowUp => "follow-up",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The phase that a fact leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// The phase does not change.
    Nowhere,
    /// To this phase.
    To(Phase),
    /// To the phase that the fact itself states.
    AsStated,
    /// Back to the phase before matching: housed if there is a lease, otherwise ready.
    BackFromMatching,
}
