//! The list of candidates for a vacancy, and the weighing that an offer keeps of it.

use jiff::Timestamp;

use super::{Eligibility, Weighing, digest, ranked};
use crate::day::Day;
use crate::ids::{ListDigest, TrajectoryId};
use crate::trajectory::fact::OfferWeighing;

/// The candidates for a vacancy in their order, as one viewer may read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateList {
    /// The day for which it was computed.
    pub valid_on: Day,
    /// The instant as of which the cases and the vacancy were known.
    pub known_at: Timestamp,
    /// Its digest, as [`digest`] makes it.
    pub digest: ListDigest,
    /// Each candidate, the first place first.
    pub places: Vec<(TrajectoryId, Weighing)>,
}

impl CandidateList {
    /// The list of these weighings.
    #[must_use]
    pub fn of(weighed: Vec<(TrajectoryId, Weighing)>, valid_on: Day, known_at: Timestamp) -> Self {
        let places = ranked(weighed);
        let digest = digest(places.iter().map(|(id, weighing)| (*id, weighing)));
        Self { valid_on, known_at, digest, places }
    }

    /// How many candidates meet every condition.
    #[must_use]
    pub fn eligible(&self) -> u32 {
        let eligible = self.places.iter().filter(|(_, one)| one.eligibility() == Eligibility::Eligible);
        number(eligible.count())
    }

    /// What an offer to this client keeps; none for a client who is not in the list. Also a client for whom
    /// a condition says no has a place: partners may agree to the offer, and it is counted which place it was.
    #[must_use]
    pub fn weighing_of(&self, client: TrajectoryId) -> Option<OfferWeighing> {
        let at = self.places.iter().position(|(id, _)| *id == client)?;
        Some(OfferWeighing {
            valid_on: self.valid_on,
            known_at: self.known_at,
            eligible: self.eligible(),
            place: number(at + 1),
            digest: self.digest.clone(),
        })
    }
}

fn number(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
