//! How many clients of a region seek a home, for readers who see counts only
//! ([ADR 45](../../../../docs/adr/0045-a-seeker-is-listed-as-each-partner-sees-it.md)).

use super::{Contribution, PublishedCount, suppress};
use crate::seekers::{Certainty, Seeker};
use crate::trajectory::fact::Bottleneck;

/// The bottlenecks, in the order in which they are counted.
const BOTTLENECKS: [Bottleneck; 8] = [
    Bottleneck::Income,
    Bottleneck::Debts,
    Bottleneck::DwellingSupply,
    Bottleneck::Care,
    Bottleneck::Indication,
    Bottleneck::MunicipalityOfOrigin,
    Bottleneck::Mismatch,
    Bottleneck::Other,
];

/// The clients of a region who seek a home, with small counts suppressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeekersCounted {
    /// Those who are ready.
    pub ready: PublishedCount,
    /// Those whose case is stuck, by what holds it up.
    pub stuck: [(Bottleneck, PublishedCount); BOTTLENECKS.len()],
}

/// Counts the seekers of a region. Counts above zero and below the threshold are suppressed. How
/// many are expected is in the [notice](super::expected_outflow), and not counted a second time in
/// other periods: the difference would be a few people.
#[must_use]
pub fn counted_seekers<'c>(
    contributions: impl IntoIterator<Item = &'c Contribution>,
    threshold: u32,
) -> SeekersCounted {
    let seekers: Vec<&Seeker> = contributions.into_iter().filter_map(|one| one.seeker.as_ref()).collect();
    let count = |is_counted: &dyn Fn(&Seeker) -> bool| {
        u32::try_from(seekers.iter().filter(|seeker| is_counted(seeker)).count()).unwrap_or(u32::MAX)
    };
    let ready = count(&|seeker| seeker.certainty == Some(Certainty::Sure));
    let stuck = BOTTLENECKS.map(|on| count(&|seeker| seeker.stuck.is_some_and(|stuck| stuck.on == on)));
    let (parts, _) = suppress(&stuck, threshold);
    SeekersCounted {
        ready: suppress(&[ready], threshold).1,
        stuck: std::array::from_fn(|at| (BOTTLENECKS[at], parts[at])),
    }
}
