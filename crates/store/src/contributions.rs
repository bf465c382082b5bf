//! What each trajectory adds to the figures of its region, one row each.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::agreements::assess::{Assessed, Verdict};
use omklap_domain::agreements::calendar::last_day;
use omklap_domain::day::Day;
use omklap_domain::figures::{Clock, Contribution, FlipChance, OfferMade, Retention};
use omklap_domain::follow_up::{Retained, YEARS};
use omklap_domain::ids::{ComplexId, MunicipalityCode, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::Outcome;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::types::Json;

use crate::derived::{DerivedFrom, Row};

/// One row of `contributions`; what its columns say stands in `migrations/0009_contributions.sql`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContributionRow {
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The version from which this was derived.
    pub version: DerivedFrom,
    /// The region.
    pub region: RegionId,
    /// What it adds.
    pub contribution: Kept,
}

/// A [`Contribution`] as it is kept, for whatever day comes: told as if the calendar had come to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    municipality: OrganisationId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flips: Vec<(Number, Option<Number>, Option<Number>, bool)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retention: Option<(Number, [Option<Retained>; 3])>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    housed_on: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<(Outcome, Number)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    clocks: Vec<(Number, Option<Number>, Option<Number>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to_offer: Option<(Number, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to_keys: Option<(Number, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offers: Vec<(Number, MunicipalityCode, Option<ComplexId>, Option<Number>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    obligations: Vec<(u8, Verdict, Vec<Number>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    open_nuisance: Vec<Level>,
}

/// A day, written as the number 20260301.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number(Day);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let date = self.0.date();
        let number = i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day());
        serializer.serialize_i32(number)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i32::deserialize(deserializer)?;
        let part = |number| i8::try_from(number).unwrap_or(0);
        let year = i16::try_from(number / 10_000).unwrap_or(0);
        let day = Day::new(year, part(number / 100 % 100), part(number % 100));
        day.map(Self).map_err(serde::de::Error::custom)
    }
}

impl Row for ContributionRow {
    fn by_key(&self, other: &Self) -> Ordering {
        self.trajectory_id.cmp(&other.trajectory_id)
    }
}

/// The row of a history and of what was assessed of it.
#[must_use]
pub fn derive(
    trajectory: TrajectoryId,
    history: &History,
    assessed: &[Assessed<'_>],
    sets: &AgreementSets,
) -> Vec<ContributionRow> {
    let contribution = Contribution::of(history, assessed, last_day(), sets);
    let row = contribution.map(|contribution| ContributionRow {
        trajectory_id: trajectory,
        version: DerivedFrom(history.version()),
        region: contribution.region.clone(),
        contribution: Kept::of(contribution),
    });
    row.into_iter().collect()
}

impl Kept {
    fn of(told: Contribution) -> Self {
        let number = |day: Option<Day>| day.map(Number);
        let mut obligations: BTreeMap<(u8, Verdict), Vec<Number>> = BTreeMap::new();
        for (agreement, on, verdict) in told.obligations {
            obligations.entry((agreement, verdict)).or_default().push(Number(on));
        }
        let clock = |clock: Clock| (Number(clock.due_on), number(clock.stopped_on), number(clock.dropped_on));
        let flip = |flip: FlipChance| {
            (Number(flip.expected_on), number(flip.ended_on), number(flip.flipped_on), flip.deceased)
        };
        let offer =
            |offer: OfferMade| (Number(offer.on), offer.municipality, offer.complex, number(offer.let_on));
        Self {
            municipality: told.municipality,
            flips: told.flips.into_iter().map(flip).collect(),
            retention: told.retention.map(|told| (Number(told.flipped_on), told.after_years)),
            housed_on: number(told.housed_on),
            ended: told.ended.map(|(outcome, on)| (outcome, Number(on))),
            clocks: told.clocks.into_iter().map(clock).collect(),
            to_offer: told.to_offer.map(|(on, took)| (Number(on), took)),
            to_keys: told.to_keys.map(|(on, took)| (Number(on), took)),
            offers: told.offers.into_iter().map(offer).collect(),
            obligations: obligations
                .into_iter()
                .map(|((number, verdict), on)| (number, verdict, on))
                .collect(),
            open_nuisance: told.open_nuisance,
        }
    }

    /// What this adds on a day. On the last day of the calendar everything open would be overdue and every anniversary
    /// past; what is not so yet is put back here.
    #[must_use]
    pub fn on(self, region: RegionId, today: Day) -> Contribution {
        let day = |number: Option<Number>| number.map(|Number(day)| day);
        let not_yet =
            |verdict, on| if verdict == Verdict::Overdue && on > today { Verdict::Due } else { verdict };
        let obligations = self.obligations.into_iter().flat_map(|(number, verdict, days)| {
            days.into_iter().map(move |Number(on)| (number, on, not_yet(verdict, on)))
        });
        let clock = |(due_on, stopped, dropped): (Number, _, _)| Clock {
            due_on: due_on.0,
            stopped_on: day(stopped),
            dropped_on: day(dropped),
        };
        let flip = |(expected_on, ended_on, flipped_on, deceased): (Number, _, _, _)| FlipChance {
            expected_on: expected_on.0,
            ended_on: day(ended_on),
            flipped_on: day(flipped_on),
            deceased,
        };
        let offer = |(on, municipality, complex, let_on): (Number, _, _, _)| OfferMade {
            on: on.0,
            municipality,
            complex,
            let_on: day(let_on),
        };
        Contribution {
            region,
            municipality: self.municipality,
            flips: self.flips.into_iter().map(flip).collect(),
            retention: self.retention.map(|(flipped_on, after)| retention(flipped_on.0, after, today)),
            housed_on: day(self.housed_on),
            ended: self.ended.map(|(outcome, on)| (outcome, on.0)),
            clocks: self.clocks.into_iter().map(clock).collect(),
            to_offer: self.to_offer.map(|(on, took)| (on.0, took)),
            to_keys: self.to_keys.map(|(on, took)| (on.0, took)),
            offers: self.offers.into_iter().map(offer).collect(),
            obligations: obligations.collect(),
            open_nuisance: self.open_nuisance,
        }
    }
}

/// What is known on a day; of an anniversary that is still to come nothing is.
fn retention(flipped_on: Day, mut after_years: [Option<Retained>; 3], today: Day) -> Retention {
    for (retained, years) in after_years.iter_mut().zip(YEARS) {
        if flipped_on.plus_months(u16::from(years) * 12) > today {
            *retained = None;
        }
    }
    Retention { flipped_on, after_years }
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "trajectory_id, version, region, contribution"
    };
}
pub(crate) use columns;

pub(crate) fn read(row: &PgRow) -> Result<ContributionRow, sqlx::Error> {
    Ok(ContributionRow {
        trajectory_id: TrajectoryId(row.try_get(0)?),
        version: DerivedFrom(row.try_get::<i64, _>(1)?.unsigned_abs()),
        region: crate::derived::word(row.try_get(2)?)?,
        contribution: row.try_get::<Json<Kept>, _>(3)?.0,
    })
}
