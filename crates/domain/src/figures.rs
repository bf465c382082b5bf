//! The figures of a region (`docs/DOMAIN.md` §6): four figures, each with its parts, and the counts
//! beside them.
//!
//! A trajectory's [`Contribution`] is a pure function of its history and holds days, not counts. So
//! it can be stored as rows and counted for any period. [`Figures`] counts contributions;
//! [`Figures::published`] suppresses what would disclose data about individual people.

mod confirmed;
mod contribution;
mod count;
mod demand;
mod fairness;
mod fund;
mod outflow;
mod realised;
mod regions;
mod residence;
mod seekers;
mod suppress;

pub use confirmed::is_confirmed;
pub use contribution::{Clock, Contribution, FlipChance, OfferMade, Retention, Verdicts};
pub use count::{AgreementCounts, Figures, Homes, Share, Spread, Waiting};
pub use demand::Demand;
pub use fairness::{Division, Lost, OfferGiven, OffersGiven, PublishedFairness, PublishedOffers};
pub use fund::{FundAnswers, FundClaim, FundTotals};
pub use outflow::{Announced, ExpectedInQuarter, expected_outflow, last_quarter_ended};
pub use realised::{BecameReady, Divided, Realised, RealisedCounts};
pub use residence::{
    ComplexKey, Named, NamedComplexes, NamedMunicipalities, NamedNeighbourhoods, Residence, Residents,
};
pub use seekers::{SeekersCounted, counted_seekers};
pub use suppress::{PublishedCount, PublishedFigures, PublishedShare, PublishedSpread, suppress};

use crate::day::Day;

/// The name of the part of a count of which it is not known where it belongs.
pub const UNKNOWN: &str = "unknown";

/// From one day to another, both included, as reported on a day. It does not extend past that day:
/// what is still to come can neither have succeeded nor have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    from: Day,
    to: Day,
    reported_on: Day,
}

/// A period that ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the period ends before it begins")]
pub struct ReversedPeriod;

impl Period {
    /// From one day to another, or to the day of reporting if that is earlier.
    ///
    /// # Errors
    /// If it ends before it begins.
    pub fn new(from: Day, to: Day, reported_on: Day) -> Result<Self, ReversedPeriod> {
        let to = to.min(reported_on);
        if from <= to { Ok(Self { from, to, reported_on }) } else { Err(ReversedPeriod) }
    }

    /// Whether a day is in the period.
    #[must_use]
    pub fn holds(self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Its first day.
    #[must_use]
    pub fn from(self) -> Day {
        self.from
    }

    /// Its last day.
    #[must_use]
    pub fn to(self) -> Day {
        self.to
    }

    /// The day on which it is reported.
    #[must_use]
    pub fn reported_on(self) -> Day {
        self.reported_on
    }
}
