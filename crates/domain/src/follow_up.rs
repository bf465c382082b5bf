//! The follow-up after the flip: the checks that were planned, held and missed, how it ended, and
//! what is known about the tenancy after one, two and three years (`docs/DOMAIN.md` §6). The unknown is
//! never hidden.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::agreements::{AgreementSet, AgreementSets};
use crate::day::Day;
use crate::trajectory::History;
use crate::trajectory::fact::{
    Fact, FollowUpCheckHeld, FollowUpFinding, MissedReason, Outcome, Tenancy, TenancyEnder,
};

/// The anniversaries of the flip for which the figures use [`FollowUp::retained_after`].
pub const YEARS: [u8; 3] = [1, 2, 3];

/// The follow-up of one trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp<'s> {
    /// The set that was in force at the flip.
    pub set: &'s AgreementSet,
    /// When the contract flipped.
    pub flipped_on: Day,
    /// The number of the fact that reports the flip.
    pub sequence: u64,
    /// The last day of the follow-up.
    pub until: Day,
    /// The checks, by month.
    pub checks: Vec<Check>,
    /// How the trajectory ended, once it has.
    pub ended: Option<Ended>,
    /// When the client's own tenancy ended, and who ended it, if the landlord said so.
    pub tenancy_ended: Option<(Day, TenancyEnder)>,
}

/// One check, as planned, with what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The month after the flip.
    pub month: u8,
    /// When it is due.
    pub due_on: Day,
    /// Whether the set requires it. Otherwise a partner checked on its own initiative.
    pub planned: bool,
    /// How it was held.
    pub held: Option<Held>,
    /// The times it did not happen.
    pub missed: Vec<Missed>,
    /// When a later check was held, after which this one is not held any more.
    pub passed_on: Option<Day>,
}

/// A check that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The day of the check.
    pub on: Day,
    /// The number of the fact.
    pub sequence: u64,
    /// Where the client lives.
    pub tenancy: Tenancy,
    /// How the client is doing.
    pub resident: FollowUpFinding,
}

/// A check that did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The day on which that was reported.
    pub on: Day,
    /// The number of the fact.
    pub sequence: u64,
    /// Why.
    pub reason: MissedReason,
}

/// How a trajectory ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The outcome.
    pub outcome: Outcome,
    /// The day it ended.
    pub on: Day,
    /// The number of the fact.
    pub sequence: u64,
}

/// The status of a check on a given day. Dutch: *stand van het contactmoment*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// Its day is still to come.
    Planned,
    /// A partner asked how the client is doing.
    Held,
    /// A partner reported that it did not happen.
    Missed,
    /// Its day has passed and nothing was reported.
    Overdue,
    /// The case ended before its day.
    NotNeeded,
    /// Its day had passed when the case ended or the next check was held, and nothing was reported.
    /// It is no longer required.
    NotHeld,
}

/// What is known about a tenancy on an anniversary of the flip (`docs/DOMAIN.md` §6, figure 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Retained {
    /// Still in their own tenancy.
    OwnTenancy,
    /// In another good home.
    MovedOnWell,
    /// Evicted.
    Evicted,
    /// Back in sheltered housing or shelter.
    Returned,
    /// Died.
    Deceased,
    /// Out of sight.
    OutOfSight,
    /// Left the tenancy in another way, such as to other care or out of the region.
    LeftOtherwise,
    /// No partner has asked yet.
    Unknown,
}

/// The follow-up of a trajectory. `None` if its contract has not flipped.
#[must_use]
pub fn follow_up<'s>(history: &History, sets: &'s AgreementSets) -> Option<FollowUp<'s>> {
    of_facts(history.happened(), sets)
}

/// The follow-up of a trajectory as it was at the end of a day.
#[must_use]
pub fn follow_up_until<'s>(history: &History, day: Day, sets: &'s AgreementSets) -> Option<FollowUp<'s>> {
    of_facts(history.happened().take_while(|(_, fact)| fact.occurred_on() <= day), sets)
}

fn of_facts<'s, 'f>(
    happened: impl Iterator<Item = (u64, &'f Fact)>,
    sets: &'s AgreementSets,
) -> Option<FollowUp<'s>> {
    let mut set = None;
    let mut followed: Option<FollowUp<'s>> = None;
    for (sequence, fact) in happened {
        let mut flipped_on = None;
        match fact {
            Fact::IntakeRegistered(intake) => set = sets.get(&intake.agreement_set),
            Fact::AgreementSetChanged(changed) => set = sets.get(&changed.agreement_set),
            Fact::RegionTransferAccepted(accepted) => set = sets.get(&accepted.to.agreement_set),
            Fact::RunningCaseTakenOver(case) => {
                set = sets.get(&case.agreement_set);
                flipped_on = case.flipped_on;
            }
            Fact::ContractFlipped(flip) => flipped_on = Some(flip.occurred_on),
            _ => {}
        }
        if let (Some(set), Some(flipped_on)) = (set, flipped_on) {
            followed = Some(FollowUp::begun(set, flipped_on, sequence));
        } else if let Some(followed) = &mut followed {
            followed.apply(sequence, fact);
        }
    }
    followed
}

impl<'s> FollowUp<'s> {
    fn begun(set: &'s AgreementSet, flipped_on: Day, sequence: u64) -> Self {
        let months = &set.follow_up.checks_after_months;
        Self {
            set,
            flipped_on,
            sequence,
            until: flipped_on.plus_months(set.follow_up.months),
            checks: months.iter().map(|month| Check::in_month(*month, flipped_on, true)).collect(),
            ended: None,
            tenancy_ended: None,
        }
    }

    fn apply(&mut self, sequence: u64, fact: &Fact) {
        match fact {
            Fact::FollowUpCheckHeld(held) => self.held(sequence, held),
            Fact::FollowUpCheckMissed(missed) => {
                let reported = Missed { on: missed.occurred_on, sequence, reason: missed.reason };
                self.check(missed.month).missed.push(reported);
            }
            Fact::FollowUpEnded(end) => self.end(end.outcome, end.occurred_on, sequence),
            Fact::TrajectoryEnded(end) => self.end(end.outcome, end.occurred_on, sequence),
            Fact::TenantDeathReported(death) => self.end(Outcome::Deceased, death.occurred_on, sequence),
            Fact::TenancyEnded(ended) => {
                self.tenancy_ended.get_or_insert((ended.occurred_on, ended.ended_by));
            }
            Fact::ReturnedToShelter(back) => self.end(Outcome::ReturnedToShelter, back.occurred_on, sequence),
            _ => {}
        }
    }

    fn held(&mut self, sequence: u64, held: &FollowUpCheckHeld) {
        let reported =
            Held { on: held.occurred_on, sequence, tenancy: held.tenancy, resident: held.resident };
        self.check(held.month).held = Some(reported);
        for earlier in self.checks.iter_mut().filter(|check| check.month < held.month) {
            earlier.passed_on = earlier.passed_on.min(Some(held.occurred_on)).or(Some(held.occurred_on));
        }
    }

    /// A client who returns after the follow-up ended keeps the outcome it ended with: the figures
    /// of that time do not change.
    fn end(&mut self, outcome: Outcome, on: Day, sequence: u64) {
        self.ended.get_or_insert(Ended { outcome, on, sequence });
    }

    /// The check of a month. A check that was not planned is added in its place.
    fn check(&mut self, month: u8) -> &mut Check {
        let at = match self.checks.binary_search_by_key(&month, |check| check.month) {
            Ok(at) => at,
            Err(at) => {
                self.checks.insert(at, Check::in_month(month, self.flipped_on, false));
                at
            }
        };
        &mut self.checks[at]
    }

    /// What is known on a day about the tenancy `years` years after the flip. `None` before that
    /// anniversary.
    ///
    /// An end before the anniversary decides it. Otherwise a check of its month decides it, from the
    /// day on which it was held and if that day was around that month, or the first check on or
    /// after it. A later check says something about the anniversary only if the client still lives
    /// there.
    #[must_use]
    pub fn retained_after(&self, years: u8, known_on: Day) -> Option<Retained> {
        let anniversary = self.flipped_on.plus_months(u16::from(years) * 12);
        if anniversary > known_on {
            return None;
        }
        let ended = self.ended.filter(|ended| ended.on <= known_on);
        if let Some(ended) = ended.filter(|ended| ended.on <= anniversary) {
            return Some(Retained::by(ended.outcome));
        }
        let held = || {
            let checks = self.checks.iter().filter_map(|check| Some((check.month, check.held?)));
            checks.filter(|(_, held)| held.on <= known_on)
        };
        if let Some((_, left)) =
            held().find(|(_, held)| held.on <= anniversary && held.tenancy != Tenancy::OwnTenancy)
        {
            return Some(Retained::in_tenancy(left.tenancy));
        }
        // The landlord knows that the tenancy ended; where the client lives now, a check or the end says.
        let landlords_word = self.tenancy_ended.filter(|(on, _)| *on <= anniversary.min(known_on));
        if let Some((_, ended_by)) = landlords_word {
            let moved_on_well = ended.is_some_and(|ended| ended.outcome == Outcome::MovedOnWell)
                || held().any(|(_, held)| held.tenancy == Tenancy::MovedOnWell);
            return Some(match ended_by {
                _ if moved_on_well => Retained::MovedOnWell,
                TenancyEnder::Tenant => Retained::LeftOtherwise,
                TenancyEnder::Landlord => Retained::Evicted,
            });
        }
        let from = self.set.follow_up.check_from(self.flipped_on, years * 12);
        let of_its_month = held().find(|(month, held)| *month == years * 12 && held.on >= from);
        if let Some((_, held)) = of_its_month {
            return Some(Retained::in_tenancy(held.tenancy));
        }
        let still_there = held().any(|(_, held)| held.on >= anniversary && held.tenancy == Tenancy::OwnTenancy)
            // A client who was evicted afterwards, or whose follow-up was completed, lived there.
            || ended.is_some_and(|ended| matches!(ended.outcome, Outcome::FollowUpCompleted | Outcome::Evicted));
        Some(if still_there { Retained::OwnTenancy } else { Retained::Unknown })
    }
}

impl Check {
    fn in_month(month: u8, flipped_on: Day, planned: bool) -> Self {
        let due_on = flipped_on.plus_months(u16::from(month));
        Self { month, due_on, planned, held: None, missed: Vec::new(), passed_on: None }
    }

    /// The status on a day, given the end of the follow-up, if any.
    #[must_use]
    pub fn status_on(&self, day: Day, ended: Option<Ended>) -> CheckStatus {
        if self.held.is_some_and(|held| held.on <= day) {
            CheckStatus::Held
        } else if self.missed.iter().any(|missed| missed.on <= day) {
            CheckStatus::Missed
        } else if self.passed_on.is_some_and(|passed_on| passed_on <= day) {
            CheckStatus::NotHeld
        } else if let Some(ended) = ended.filter(|ended| ended.on <= day) {
            if ended.on <= self.due_on { CheckStatus::NotNeeded } else { CheckStatus::NotHeld }
        } else if self.due_on < day {
            CheckStatus::Overdue
        } else {
            CheckStatus::Planned
        }
    }
}

impl Retained {
    fn by(outcome: Outcome) -> Self {
        match outcome {
            Outcome::FollowUpCompleted => Self::OwnTenancy,
            Outcome::MovedOnWell => Self::MovedOnWell,
            Outcome::Evicted => Self::Evicted,
            Outcome::ReturnedToShelter => Self::Returned,
            Outcome::Deceased => Self::Deceased,
            Outcome::OutOfSight => Self::OutOfSight,
            Outcome::Withdrew
            | Outcome::OfferRefused
            | Outcome::NotReady
            | Outcome::OtherCare
            | Outcome::PlacementEnded
            | Outcome::GuidanceCompleted
            | Outcome::MovedAway
            | Outcome::RegisteredByMistake
            | Outcome::HomeKept => Self::LeftOtherwise,
        }
    }

    fn in_tenancy(tenancy: Tenancy) -> Self {
        match tenancy {
            Tenancy::OwnTenancy => Self::OwnTenancy,
            Tenancy::MovedOnWell => Self::MovedOnWell,
            Tenancy::LeftTenancy => Self::LeftOtherwise,
        }
    }
}
