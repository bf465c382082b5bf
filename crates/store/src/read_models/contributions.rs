//! What each trajectory adds to the figures of the regions in which it was, one row for each.

use omklap_domain::agreements::assess::Verdict;
use omklap_domain::agreements::calendar::last_day;
use omklap_domain::day::Day;
use omklap_domain::figures::{
    Clock, Contribution, FlipChance, OfferMade, OffersGiven, Realised, Retention, Verdicts,
};
use omklap_domain::follow_up::{Retained, YEARS};
use omklap_domain::ids::{ComplexId, MunicipalityCode, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::fact::Outcome;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::read_model::{DerivedFrom, ReadModel, Source, word};

/// One row of `contributions`; `migrations/0009_contributions.sql` explains the columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContributionRow {
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The version from which this was derived.
    pub version: DerivedFrom,
    /// The region.
    pub region: RegionId,
    /// What it adds.
    #[serde(serialize_with = "as_bytea")]
    pub contribution: Kept,
}

/// A [`Contribution`] as it is stored, good for any day: derived as if today were the last day of
/// the calendar.
///
/// The column holds it in the postcard encoding, in which a field is known only by its place. So a
/// change here, or to the order of an enum's variants, needs a migration that empties the table,
/// and a rebuild; a test compares the bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    municipality: OrganisationId,
    moved_in_on: Vec<Number>,
    moved_out_on: Vec<Number>,
    flips: Vec<(Number, Option<Number>, Option<Number>, bool)>,
    retention: Option<(Number, [Option<Retained>; 3])>,
    housed_on: Option<Number>,
    ended: Option<(Outcome, Number)>,
    clocks: Vec<(Number, Option<Number>, Option<Number>)>,
    to_offer: Option<(Number, u32)>,
    to_keys: Option<(Number, u32)>,
    offers: Vec<(Number, MunicipalityCode, Option<ComplexId>, Option<Number>)>,
    obligations: Vec<(u8, Verdict, Vec<Number>)>,
    open_nuisance: Vec<Level>,
}

/// A day as one number of 18 bits: the year since 1900, four bits for the month, five for the day.
/// It is read without any calculation, and sorts as days do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number(Day);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let date = self.0.date();
        let [year, month, day] = [date.year() - 1900, date.month().into(), date.day().into()]
            .map(i16::unsigned_abs)
            .map(u32::from);
        serializer.serialize_u32(year << 9 | month << 5 | day)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        let part = |number: u32| i8::try_from(number).unwrap_or(0);
        let year = i16::try_from(number >> 9).map_or(0, |years| years.saturating_add(1900));
        let day = Day::new(year, part(number >> 5 & 15), part(number & 31));
        day.map(Self).map_err(serde::de::Error::custom)
    }
}

/// The bytes as `jsonb_populate_recordset` reads them for a `bytea`.
fn as_bytea<S: Serializer>(kept: &Kept, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bytea(kept))
}

fn bytea(kept: &Kept) -> String {
    let bytes =
        postcard::to_stdvec(kept).expect("every part of it can be written, and memory takes everything");
    format!("\\x{}", hex::encode(bytes))
}

impl ReadModel for ContributionRow {
    const TABLE: &'static str = "contributions";
    const KEY: &'static [&'static str] = &["trajectory_id", "region"];
    const COLUMNS: &'static [&'static str] = &["trajectory_id", "version", "region", "contribution"];

    type Key<'row> = (TrajectoryId, &'row RegionId);

    fn derive(source: &Source<'_>) -> Vec<Self> {
        let each = Contribution::of_each_region(source.history, source.assessed, last_day(), source.sets);
        let row = |contribution: Contribution| Self {
            trajectory_id: source.trajectory,
            version: DerivedFrom(source.history.version()),
            region: contribution.region.clone(),
            contribution: Kept::of(contribution),
        };
        each.into_iter().map(row).collect()
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            trajectory_id: TrajectoryId(row.try_get(0)?),
            version: DerivedFrom::read(row.try_get(1)?),
            region: word(row.try_get(2)?)?,
            contribution: Kept::read(row.try_get(3)?)?,
        })
    }

    fn key(&self) -> Self::Key<'_> {
        (self.trajectory_id, &self.region)
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }

    fn label(&self) -> String {
        format!("the contribution to {}", self.region)
    }
}

impl Kept {
    /// The contribution in a column.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, sqlx::Error> {
        postcard::from_bytes(bytes).map_err(|error| sqlx::Error::Decode(error.into()))
    }

    fn of(contribution: Contribution) -> Self {
        let number = |day: Option<Day>| day.map(Number);
        let clock = |clock: Clock| (Number(clock.due_on), number(clock.stopped_on), number(clock.dropped_on));
        let flip = |flip: FlipChance| {
            (Number(flip.expected_on), number(flip.ended_on), number(flip.flipped_on), flip.deceased)
        };
        let offer =
            |offer: OfferMade| (Number(offer.on), offer.municipality, offer.complex, number(offer.let_on));
        let verdicts = |Verdicts { agreement, verdict, on }: Verdicts| {
            (agreement, verdict, on.into_iter().map(Number).collect())
        };
        Self {
            municipality: contribution.municipality,
            moved_in_on: contribution.moved_in_on.into_iter().map(Number).collect(),
            moved_out_on: contribution.moved_out_on.into_iter().map(Number).collect(),
            flips: contribution.flips.into_iter().map(flip).collect(),
            retention: contribution.retention.map(|kept| (Number(kept.flipped_on), kept.after_years)),
            housed_on: number(contribution.housed_on),
            ended: contribution.ended.map(|(outcome, on)| (outcome, Number(on))),
            clocks: contribution.clocks.into_iter().map(clock).collect(),
            to_offer: contribution.to_offer.map(|(on, took)| (Number(on), took)),
            to_keys: contribution.to_keys.map(|(on, took)| (Number(on), took)),
            offers: contribution.offers.into_iter().map(offer).collect(),
            obligations: contribution.obligations.into_iter().map(verdicts).collect(),
            open_nuisance: contribution.open_nuisance,
        }
    }

    /// What this adds on a day. On the last day of the calendar everything open is overdue and
    /// every anniversary is past; this undoes what is not so yet.
    #[must_use]
    pub fn on(self, region: RegionId, today: Day) -> Contribution {
        let day = |number: Option<Number>| number.map(|Number(day)| day);
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
            moved_in_on: self.moved_in_on.into_iter().map(|Number(on)| on).collect(),
            moved_out_on: self.moved_out_on.into_iter().map(|Number(on)| on).collect(),
            flips: self.flips.into_iter().map(flip).collect(),
            retention: self.retention.map(|(flipped_on, after)| retention(flipped_on.0, after, today)),
            housed_on: day(self.housed_on),
            ended: self.ended.map(|(outcome, on)| (outcome, on.0)),
            clocks: self.clocks.into_iter().map(clock).collect(),
            to_offer: self.to_offer.map(|(on, took)| (on.0, took)),
            to_keys: self.to_keys.map(|(on, took)| (on.0, took)),
            offers: self.offers.into_iter().map(offer).collect(),
            obligations: verdicts_on(self.obligations, today),
            open_nuisance: self.open_nuisance,
            // The notice for a region, the counts of those who seek a home and of where people live, and
            // what became of a plan are derived from the histories as they were then.
            announced: None,
            // So is the balance of its guarantee fund.
            fund_claims: Vec::new(),
            seeker: None,
            residence: None,
            realised: Realised::default(),
            offers_given: OffersGiven::default(),
        }
    }
}

/// What is not due yet on a day is not overdue.
fn verdicts_on(kept: Vec<(u8, Verdict, Vec<Number>)>, today: Day) -> Vec<Verdicts> {
    let mut all = Vec::with_capacity(kept.len() + 1);
    for (agreement, verdict, on) in kept {
        let mut on: Vec<Day> = on.into_iter().map(|Number(on)| on).collect();
        if verdict == Verdict::Overdue {
            let due: Vec<Day> = on.extract_if(.., |on| *on > today).collect();
            if !due.is_empty() {
                all.push(Verdicts { agreement, verdict: Verdict::Due, on: due });
            }
        }
        all.push(Verdicts { agreement, verdict, on });
    }
    all
}

/// What is known on a day: nothing about an anniversary that is still to come.
fn retention(flipped_on: Day, mut after_years: [Option<Retained>; 3], today: Day) -> Retention {
    for (retained, years) in after_years.iter_mut().zip(YEARS) {
        if flipped_on.plus_months(u16::from(years) * 12) > today {
            *retained = None;
        }
    }
    Retention { flipped_on, after_years }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an earlier version has written must be read as it was meant, or the table must be
    /// emptied and rebuilt.
    #[test]
    fn the_bytes_mean_what_they_meant() {
        let day = |month, day| Number(Day::new(2026, month, day).expect("a date"));
        let code = |text: &str| serde_json::from_value(text.into()).expect("a code");
        let kept = Kept {
            municipality: serde_json::from_value("gemeente-venlo".into()).expect("a code"),
            moved_in_on: vec![day(3, 3)],
            moved_out_on: Vec::new(),
            flips: vec![(day(1, 2), Some(day(3, 4)), None, true)],
            retention: Some((day(5, 6), [Some(Retained::Evicted), Some(Retained::Unknown), None])),
            housed_on: Some(day(7, 8)),
            ended: Some((Outcome::OutOfSight, day(9, 10))),
            clocks: vec![(day(11, 12), None, Some(day(12, 31)))],
            to_offer: Some((day(2, 28), 300)),
            to_keys: None,
            offers: vec![(
                day(2, 1),
                code("0983"),
                Some(serde_json::from_value("C-1".into()).expect("a code")),
                None,
            )],
            obligations: vec![(10, Verdict::NotApplicable, vec![day(4, 30)]), (1, Verdict::Kept, vec![])],
            open_nuisance: vec![Level::ENDING_THE_LEASE],
        };
        assert_eq!(
            bytea(&kept),
            r"\x0e67656d65656e74652d76656e6c6f01e3f8030001a2f80301e4f803000101a6f903010201070001e8f903010baafa0301ecfa0300019ffb0301dcf803ac020001c1f80304303938330103432d3100020a06019ef9030102000105"
        );
        let bytes = postcard::to_stdvec(&kept).expect("written");
        assert_eq!(Kept::read(&bytes).expect("read"), kept);
    }
}
