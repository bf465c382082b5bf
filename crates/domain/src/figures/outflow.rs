//! The half year's notice for a region: how many clients are expected to leave in each quarter, by the home
//! that fits, without anybody's name (S2 Noord-Limburg;
//! [ADR 43](../../../../docs/adr/0043-the-notice-for-a-region-is-a-count.md)).

use super::{Contribution, PublishedCount, suppress};
use crate::day::Day;
use crate::trajectory::History;
use crate::trajectory::fact::{Fact, Profile};

/// How many quarters ahead a notice looks.
const AHEAD: u16 = 4;

/// The profiles that a home is sought for, in the order in which they are counted. Dutch: *uitstroomprofiel*.
const SOUGHT: [Profile; 5] = [Profile::P1, Profile::P2, Profile::P3, Profile::P4, Profile::P5];

/// A client without a home who was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The day on which the client is expected to be ready, as it was announced last.
    pub expected_on: Day,
    /// The kind of home that fits, if a profile was set.
    pub profile: Option<Profile>,
}

impl Announced {
    /// What was announced about a client who seeks a first home; none after that, or if the case ended or
    /// no home fits yet.
    pub(super) fn about(history: &History) -> Option<Self> {
        let state = history.state();
        let seeks = state.outcome.is_none() && state.tenancy.housed_on.is_none();
        let (mut expected_on, mut profile) = (None, None);
        for (_, fact) in history.happened() {
            match fact {
                Fact::OutflowAnnounced(announced) => expected_on = Some(announced.expected_on),
                Fact::OutflowProfileSet(set) => profile = Some(set.profile),
                _ => {}
            }
        }
        let expected_on = expected_on.filter(|_| seeks && profile != Some(Profile::P0))?;
        Some(Self { expected_on, profile })
    }
}

/// The clients who are expected in one quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedInQuarter {
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// All clients together.
    pub clients: PublishedCount,
    /// By profile, from `p1` to `p5`.
    pub by_profile: [(Profile, PublishedCount); SOUGHT.len()],
    /// Those without a profile yet.
    pub without_profile: PublishedCount,
}

/// The last day of the last quarter that has ended on a day: a notice is made once a quarter, so that no two
/// of them differ by one client.
#[must_use]
pub fn last_quarter_ended(on: Day) -> Day {
    first_of_quarter(on).plus_days(-1)
}

/// The notice of a region: the quarters after this last day of a quarter, with small counts suppressed.
#[must_use]
pub fn expected_outflow<'c>(
    contributions: impl IntoIterator<Item = &'c Contribution>,
    ended_on: Day,
    threshold: u32,
) -> Vec<ExpectedInQuarter> {
    let announced: Vec<Announced> = contributions.into_iter().filter_map(|one| one.announced).collect();
    let first = ended_on.plus_days(1);
    (0..AHEAD)
        .map(|quarter| {
            let from = first.plus_months(3 * quarter);
            let to = first.plus_months(3 * (quarter + 1)).plus_days(-1);
            in_quarter(&announced, from, to, threshold)
        })
        .collect()
}

fn in_quarter(announced: &[Announced], from: Day, to: Day, threshold: u32) -> ExpectedInQuarter {
    let here = || announced.iter().filter(|one| (from..=to).contains(&one.expected_on));
    let count = |profile: Option<Profile>| {
        u32::try_from(here().filter(|one| one.profile == profile).count()).unwrap_or(u32::MAX)
    };
    let counts: Vec<u32> = SOUGHT.into_iter().map(Some).chain([None]).map(count).collect();
    let (parts, clients) = suppress(&counts, threshold);
    let by_profile = std::array::from_fn(|at| (SOUGHT[at], parts[at]));
    ExpectedInQuarter { from, to, clients, by_profile, without_profile: parts[SOUGHT.len()] }
}

fn first_of_quarter(day: Day) -> Day {
    let date = day.date();
    let month = (date.month() - 1) / 3 * 3 + 1;
    Day::new(date.year(), month, 1).unwrap_or(day)
}
