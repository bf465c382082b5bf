//! Counts contributions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Contribution, FlipChance, Period, Verdicts};
use crate::agreements::Verdict;
use crate::day::Day;
use crate::follow_up::{Retained, YEARS};
use crate::ids::{ComplexId, MunicipalityCode};
use crate::nuisance::Level;
use crate::trajectory::fact::Outcome;

/// Part of a whole, with what happened to the rest. The unknown is part of the whole and is never
/// hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Those that the figure counts.
    pub counted: u32,
    /// The others, by what happened to them.
    pub others: BTreeMap<&'static str, u32>,
    /// Those whose result is not known, or not yet.
    pub unknown: u32,
    /// Those who died. No figure counts a death as a failure, so they are not part of the whole.
    pub deceased: u32,
}

impl Share {
    /// The whole: counted, others and unknown.
    #[must_use]
    pub fn of(&self) -> u32 {
        self.counted + self.others.values().sum::<u32>() + self.unknown
    }

    fn other(&mut self, what: &'static str) {
        *self.others.entry(what).or_default() += 1;
    }
}

/// How long something took, in days, by nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// How many were counted.
    pub counted: u32,
    /// Half took at most this long.
    pub median: u32,
    /// Four out of five took at most this long.
    pub percentile_80: u32,
    /// Nineteen out of twenty took at most this long.
    pub percentile_95: u32,
}

impl Waiting {
    /// The waiting times in these numbers of days. `None` if there are none.
    #[must_use]
    pub fn of(mut days: Vec<u32>) -> Option<Self> {
        days.sort_unstable();
        let rank = |percent: usize| days.get((days.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Self {
            counted: u32::try_from(days.len()).ok()?,
            median: rank(50)?,
            percentile_80: rank(80)?,
            percentile_95: rank(95)?,
        })
    }
}

/// Homes offered and let.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Homes {
    /// Offered.
    pub offered: u32,
    /// Handed over.
    pub r#let: u32,
}

/// Where the offered homes are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// By municipality.
    pub municipalities: BTreeMap<MunicipalityCode, u32>,
    /// By complex. Homes without a known complex are counted under `None`.
    pub complexes: BTreeMap<Option<ComplexId>, u32>,
}

/// How one agreement was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementCounts {
    /// Kept in time.
    pub kept: u32,
    /// Kept too late.
    pub late: u32,
    /// Not kept, and the due date has passed.
    pub overdue: u32,
    /// Set aside by the partners.
    pub set_aside: u32,
    /// Still to be kept.
    pub due: u32,
}

/// The figures of a region over a period, as counted. They must not be published as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Figure 1: flipped, of the leases in the provider's name that ended or became old enough in
    /// the period.
    pub flip_rate: Share,
    /// Figure 2: retained one, two and three years, of those whose anniversary is in the period.
    pub retention: [Share; 3],
    /// Figure 3: follow-up ended well, of those who moved in in the period.
    pub end_to_end: Share,
    /// Figure 4: in time, of the clocks that were stopped in time or ran out in the period.
    pub home_in_time: Share,
    /// Clients who found a home by the regular way before the partners offered one, in the period.
    pub own_homes: u32,
    /// Clients who kept the home that was at risk, in the period.
    pub kept_homes: u32,
    /// Clients who came from another region in the period.
    pub moved_in: u32,
    /// Clients who went to another region in the period.
    pub moved_out: u32,
    /// From readiness to the offer, for offers in the period.
    pub to_offer: Option<Waiting>,
    /// From readiness to the keys, for keys in the period.
    pub to_keys: Option<Waiting>,
    /// Homes offered and let in the period.
    pub homes: Homes,
    /// Where the offered homes are.
    pub spread: Spread,
    /// How each agreement was kept, by its number, for obligations that were decided in the period.
    pub agreements: BTreeMap<u8, AgreementCounts>,
    /// The nuisance cases that are open now, by level.
    pub nuisance: BTreeMap<Level, u32>,
}

impl Figures {
    /// Counts contributions over a period.
    #[must_use]
    pub fn over<'c>(contributions: impl IntoIterator<Item = &'c Contribution>, period: Period) -> Self {
        let mut figures = Self::default();
        let (mut to_offer, mut to_keys) = (Vec::new(), Vec::new());
        for one in contributions {
            let taken =
                |took: Option<(Day, u32)>| took.filter(|(on, _)| period.holds(*on)).map(|(_, days)| days);
            to_offer.extend(taken(one.to_offer));
            to_keys.extend(taken(one.to_keys));
            figures.flips(one, period);
            figures.retained(one, period);
            figures.end_to_end(one, period);
            figures.clocks(one, period);
            figures.homes(one, period);
            let own_home = one.ended.filter(|(_, on)| one.found_own_home() && period.holds(*on));
            figures.own_homes += u32::from(own_home.is_some());
            let kept_home = one.ended.filter(|(_, on)| one.kept_the_home() && period.holds(*on));
            figures.kept_homes += u32::from(kept_home.is_some());
            figures.moves(one, period);
            figures.agreements(one, period);
            for level in &one.open_nuisance {
                *figures.nuisance.entry(*level).or_default() += 1;
            }
        }
        figures.to_offer = Waiting::of(to_offer);
        figures.to_keys = Waiting::of(to_keys);
        figures
    }

    fn moves(&mut self, one: &Contribution, period: Period) {
        let within = |days: &[Day]| {
            u32::try_from(days.iter().filter(|day| period.holds(**day)).count()).unwrap_or(u32::MAX)
        };
        self.moved_in += within(&one.moved_in_on);
        self.moved_out += within(&one.moved_out_on);
    }

    fn flips(&mut self, one: &Contribution, period: Period) {
        let decided = |lease: &&FlipChance| {
            period.holds(lease.ended_on.map_or(lease.expected_on, |on| on.min(lease.expected_on)))
        };
        for lease in one.flips.iter().filter(decided) {
            match lease {
                FlipChance { deceased: true, .. } => self.flip_rate.deceased += 1,
                FlipChance { flipped_on: Some(_), .. } => self.flip_rate.counted += 1,
                FlipChance { ended_on: Some(_), .. } => self.flip_rate.other("ended-otherwise"),
                FlipChance { .. } => self.flip_rate.other("not-flipped-yet"),
            }
        }
    }

    fn retained(&mut self, one: &Contribution, period: Period) {
        let Some(retention) = one.retention else { return };
        for ((share, years), retained) in self.retention.iter_mut().zip(YEARS).zip(retention.after_years) {
            let anniversary = retention.flipped_on.plus_months(u16::from(years) * 12);
            let Some(retained) = retained.filter(|_| period.holds(anniversary)) else { continue };
            match retained {
                Retained::OwnTenancy | Retained::MovedOnWell => share.counted += 1,
                Retained::Evicted => share.other("evicted"),
                Retained::Returned => share.other("returned"),
                Retained::OutOfSight => share.other("out-of-sight"),
                Retained::LeftOtherwise => share.other("left-otherwise"),
                Retained::Deceased => share.deceased += 1,
                Retained::Unknown => share.unknown += 1,
            }
        }
    }

    fn end_to_end(&mut self, one: &Contribution, period: Period) {
        if !one.housed_on.is_some_and(|housed_on| period.holds(housed_on)) {
            return;
        }
        let share = &mut self.end_to_end;
        match one.ended.map(|(outcome, _)| outcome) {
            // Another region follows the client: here it is a move, and no end.
            None if one.has_moved_out() => share.other("moved-out"),
            None => share.unknown += 1,
            Some(Outcome::Deceased) => share.deceased += 1,
            Some(Outcome::GuidanceCompleted) => share.counted += 1,
            Some(Outcome::FollowUpCompleted | Outcome::MovedOnWell) if one.retention.is_some() => {
                share.counted += 1;
            }
            Some(_) => share.other("ended-otherwise"),
        }
    }

    /// Every clock counts in one period. A clock that stopped in time counts on the day it stopped.
    /// Any other clock counts on its last day, once that has passed. Later facts change its result,
    /// not that day.
    fn clocks(&mut self, one: &Contribution, period: Period) {
        let share = &mut self.home_in_time;
        for clock in &one.clocks {
            let in_time = |on: &Day| *on <= clock.due_on;
            match (clock.stopped_on, clock.dropped_on) {
                (Some(on), _) if in_time(&on) => share.counted += u32::from(period.holds(on)),
                // A clock that was dropped in time was never late.
                (None, Some(on)) if in_time(&on) => {}
                _ if !period.holds(clock.due_on) || clock.due_on == period.reported_on() => {}
                (Some(_), _) => share.other("late"),
                (None, Some(_)) => share.other("never"),
                (None, None) => share.other("not-yet"),
            }
        }
    }

    fn homes(&mut self, one: &Contribution, period: Period) {
        for offer in &one.offers {
            if period.holds(offer.on) {
                self.homes.offered += 1;
                *self.spread.municipalities.entry(offer.municipality.clone()).or_default() += 1;
                *self.spread.complexes.entry(offer.complex.clone()).or_default() += 1;
            }
            self.homes.r#let += u32::from(offer.let_on.is_some_and(|on| period.holds(on)));
        }
    }

    fn agreements(&mut self, one: &Contribution, period: Period) {
        for Verdicts { agreement, verdict, on } in &one.obligations {
            let counts = self.agreements.entry(*agreement).or_default();
            let counted = match verdict {
                Verdict::Due => &mut counts.due,
                Verdict::Kept => &mut counts.kept,
                Verdict::KeptLate => &mut counts.late,
                Verdict::Overdue => &mut counts.overdue,
                Verdict::SetAside => &mut counts.set_aside,
                Verdict::NotStarted | Verdict::NotApplicable => continue,
            };
            // An obligation that is still open counts whatever its due date.
            let counts = |on: &&Day| *verdict == Verdict::Due || period.holds(**on);
            *counted += u32::try_from(on.iter().filter(counts).count()).unwrap_or(u32::MAX);
        }
    }
}
