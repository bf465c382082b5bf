//! How long a case is kept. Dutch: *bewaartermijn*. Source: *Selectielijst gemeenten 2020* (Wmo
//! 2015 art. 5.3.4). Which end of a trajectory is which outcome of that list is our decision,
//! `docs/DOMAIN.md` §11.

use serde::Serialize;

use crate::day::Day;
use crate::trajectory::fact::Outcome;
use crate::trajectory::{Phase, Trajectory};

/// How long cases are kept after they ended: a setting of the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Calendar years after the end of a provision that was granted.
    pub provision_years: u16,
    /// Days after an application was withdrawn before anything was decided.
    pub application_days: u16,
}

/// The rule that decides the retention term: how the case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// *Voorziening verstrekt en beëindigd* (process 8, result 3.1: *Beëindigd*, *WMO voorziening*).
    ProvisionEnded,
    /// *Aanvraag ingetrokken voor een besluit* (process 8, result 4.1: *Afgebroken*).
    ApplicationWithdrawn,
}

/// When a case that ended is to be destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Due {
    /// The term that applies.
    pub rule: Rule,
    /// The day it ended.
    pub ended_on: Day,
    /// The first day on which it is no longer kept.
    pub destroy_from: Day,
}

/// Why a case is kept although its term has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A legal hold is on it (AVG art. 17, third paragraph, e).
    LegalHold,
    /// Processing is restricted, which includes destruction (AVG art. 18).
    Restricted,
}

/// When a case is to be destroyed. `None` while it runs.
#[must_use]
pub fn due(state: &Trajectory, terms: Terms) -> Option<Due> {
    let ended_on = state.ended_on.filter(|_| state.phase == Phase::Ended)?;
    let nothing_decided =
        state.profile.is_none() && state.ready_on.is_none() && state.tenancy.housed_on.is_none();
    let withdrawn =
        matches!(state.outcome, Some(Outcome::Withdrew | Outcome::RegisteredByMistake)) && nothing_decided;
    let (rule, destroy_from) = if withdrawn {
        (Rule::ApplicationWithdrawn, ended_on.plus_days(i32::from(terms.application_days)))
    } else {
        (Rule::ProvisionEnded, ended_on.plus_months(terms.provision_years.saturating_mul(12)))
    };
    Some(Due { rule, ended_on, destroy_from })
}

/// Why a case is kept regardless of its term.
#[must_use]
pub fn kept(state: &Trajectory) -> Option<Kept> {
    let held = state.record.held_on.map(|_| Kept::LegalHold);
    held.or(state.record.restricted_on.map(|_| Kept::Restricted))
}
