//! A client who looks for a home, as far as a weighing reads the case.

use crate::agreements::AgreementSet;
use crate::day::Day;
use crate::ids::{ComplexId, OfferId, OrganisationId, TrajectoryId, UnitId};
use crate::trajectory::fact::{DwellingOffered, Fact, OutflowProfileSet};
use crate::trajectory::{History, Phase};

/// What a weighing reads of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Seeker {
    /// The case.
    pub trajectory: TrajectoryId,
    /// Since when the client is ready.
    pub ready_on: Option<Day>,
    /// When the client is expected to be ready, as it was announced last.
    pub expected_on: Option<Day>,
    /// When a home was requested last.
    pub requested_on: Option<Day>,
    /// The outflow profile as it was set last; none before that, and none for a viewer who does not see
    /// it.
    pub profile: Option<OutflowProfileSet>,
    /// Whether a guide must be reachable at night; none if that is not known to the viewer.
    pub reach_at_night: Option<bool>,
    /// The corporation that was assigned.
    pub assigned_to: Option<OrganisationId>,
    /// Whether the client may get another offer by the agreement set.
    pub has_offers_left: bool,
    /// The homes that the client refused.
    pub refused: Vec<RefusedHome>,
}

/// A home that a client refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedHome {
    /// Whose it was.
    pub corporation: OrganisationId,
    /// Which one.
    pub unit: UnitId,
    /// Its complex.
    pub complex: Option<ComplexId>,
}

impl Seeker {
    /// The client of this case on a day; none if no home is sought then: the client is not in
    /// preparation, not ready and not nominated, or has an offer.
    #[must_use]
    pub fn of(trajectory: TrajectoryId, history: &History, set: &AgreementSet, on: Day) -> Option<Self> {
        let state = history.state_on(on);
        if !matches!(state.phase, Phase::Preparing | Phase::Ready | Phase::Matching) {
            return None;
        }
        let matching = &set.matching;
        let used = state.offers.counted(matching.unanswered_offer_counts);
        let mut seeker = Self {
            trajectory,
            ready_on: state.ready_on,
            expected_on: None,
            requested_on: None,
            profile: None,
            reach_at_night: None,
            assigned_to: state.corporation.clone(),
            has_offers_left: used < matching.offers.saturating_add(state.offers.granted),
            refused: Vec::new(),
        };
        let mut offered: Vec<(OfferId, &DwellingOffered)> = Vec::new();
        let until = history.happened().map(|(_, fact)| fact).take_while(|fact| fact.occurred_on() <= on);
        for fact in until {
            match fact {
                Fact::OutflowAnnounced(announced) => seeker.expected_on = Some(announced.expected_on),
                Fact::HousingRequested(requested) => seeker.requested_on = Some(requested.occurred_on),
                Fact::OutflowProfileSet(profile) => {
                    seeker.reach_at_night = Some(profile.reach_at_night);
                    seeker.profile = Some(profile.clone());
                }
                Fact::DwellingOffered(offer) => offered.push((offer.offer_id, offer)),
                Fact::OfferRefused(refused) => {
                    let home = offered.iter().find(|(id, _)| *id == refused.offer_id);
                    seeker.refused.extend(home.map(|(_, offer)| RefusedHome::of(offer)));
                }
                _ => {}
            }
        }
        let is_expected = seeker.ready_on.is_some() || seeker.expected_on.is_some();
        is_expected.then_some(seeker)
    }
}

impl RefusedHome {
    fn of(offer: &DwellingOffered) -> Self {
        Self {
            corporation: offer.corporation.clone(),
            unit: offer.unit.clone(),
            complex: offer.complex.clone(),
        }
    }
}
