//! Why a client is on the agenda of a round (S4: who is new, how earlier transfers are, who is stuck).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::day::Day;
use crate::seekers::{Certainty, Seeker};
use crate::trajectory::{Fact, History};

/// Why a client is on the agenda of a round. Dutch: *agendapunt*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AgendaPoint {
    /// A home was requested since the last round: *nieuwe aanvraag*.
    NewRequest,
    /// A corporation was assigned earlier, and there are no keys yet: *eerdere overdracht*.
    EarlierTransfer,
    /// Something holds the case up: *stilstand*.
    Stuck,
    /// The client is ready, has no offer, and no open home fits: *geen passende woning*.
    NoHomeFits,
}

/// What the agenda needs to know of a client besides the [seeker](Seeker).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtTheRound {
    /// When a home was requested last.
    pub requested_on: Option<Day>,
    /// Whether an open home fits.
    pub fits: bool,
}

/// The points of a client since the last round; since ever if there was none before.
#[must_use]
pub fn points(seeker: &Seeker, at: AtTheRound, since: Option<Day>) -> BTreeSet<AgendaPoint> {
    let is_new = at.requested_on.is_some_and(|on| since.is_none_or(|since| on >= since));
    let is_ready = seeker.certainty == Some(Certainty::Sure) && seeker.offer.is_none();
    [
        (is_new, AgendaPoint::NewRequest),
        (seeker.corporation.is_some() && !is_new, AgendaPoint::EarlierTransfer),
        (seeker.stuck.is_some(), AgendaPoint::Stuck),
        (is_ready && !at.fits, AgendaPoint::NoHomeFits),
    ]
    .into_iter()
    .filter_map(|(applies, point)| applies.then_some(point))
    .collect()
}

/// The day on which a home was requested last in a case.
#[must_use]
pub fn requested_on(history: &History) -> Option<Day> {
    let requests = history.happened().filter_map(|(_, fact)| match fact {
        Fact::HousingRequested(requested) => Some(requested.occurred_on),
        _ => None,
    });
    requests.last()
}
