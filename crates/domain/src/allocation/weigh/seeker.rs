//! A client who looks for a home, as far as a weighing reads the case and one viewer sees it.

use serde::{Deserialize, Serialize};

use crate::agreements::AgreementSet;
use crate::category::Category;
use crate::day::Day;
use crate::ids::{ComplexId, MunicipalityCode, OfferId, OrganisationId, TrajectoryId, UnitId};
use crate::trajectory::fact::{
    Access, Cents, DwellingOffered, Fact, FittingResult, Household, OutflowProfileSet, Profile,
};
use crate::trajectory::{History, Phase, Trajectory};

/// What a weighing reads of a case. It is stored with the rows of `seekers`, so it holds no private text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seeker {
    /// The case.
    pub trajectory: TrajectoryId,
    /// Since when the client is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_on: Option<Day>,
    /// When the client is expected to be ready, as it was announced last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_on: Option<Day>,
    /// When a home was requested last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_on: Option<Day>,
    /// What the client needs of a home, by the last outflow profile; none before that, and none for a viewer
    /// who does not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<HomeNeeds>,
    /// Whether a guide must be reachable at night; none if that is not known to the viewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach_at_night: Option<bool>,
    /// The corporation that was assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<OrganisationId>,
    /// The offers so far.
    pub offers: OffersSoFar,
    /// The homes that the client refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedHome>,
    /// The fitting tests whose result the viewer sees, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<FittingTest>,
}

/// The offers that a client got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OffersSoFar {
    /// Those that were answered, by an answer or by silence.
    pub used: u8,
    /// Of these, those that were not answered in time.
    pub unanswered: u8,
    /// How many the partners granted besides the first.
    pub granted: u8,
}

/// What a client needs of a home. The names of neighbourhoods are private, so of an area it says only
/// whether a part of the municipality is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields of an outflow profile, which documents them")]
pub struct HomeNeeds {
    pub profile: Profile,
    pub household: Household,
    pub municipality_of_origin: MunicipalityCode,
    pub preferred_areas: Vec<MunicipalityCode>,
    pub excluded_areas: Vec<ExcludedMunicipality>,
    pub rent_limit_cents: Cents,
    pub access: Access,
    pub quiet_needed: bool,
    pub pets: bool,
}

/// A municipality, or a part of it, in which a client does not want to live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExcludedMunicipality {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// Whether only a part of it is excluded.
    pub partly: bool,
}

/// A home that a client refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedHome {
    /// Whose it was.
    pub corporation: OrganisationId,
    /// Which one; none for a viewer who does not see that, or not which dwelling a vacancy is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Its complex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complex: Option<ComplexId>,
}

/// What came out of the fitting test of an offered home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FittingTest {
    /// The rent of that home.
    pub rent_cents: Cents,
    /// What came out.
    pub result: FittingResult,
}

impl Seeker {
    /// The client of this case now, for a viewer who sees these categories of these facts; none if no home is
    /// sought: the client is not in preparation, not ready and not nominated, or has an offer. Whether the
    /// viewer sees the course is for the caller to check.
    #[must_use]
    pub fn now(
        trajectory: TrajectoryId,
        history: &History,
        shows: impl Fn(&Fact, Category) -> bool,
    ) -> Option<Self> {
        Self::by(trajectory, history.state(), history.happened().map(|(_, fact)| fact), shows)
    }

    /// The same on a day.
    #[must_use]
    pub fn on(
        trajectory: TrajectoryId,
        history: &History,
        on: Day,
        shows: impl Fn(&Fact, Category) -> bool,
    ) -> Option<Self> {
        let until = history.happened().map(|(_, fact)| fact).take_while(|fact| fact.occurred_on() <= on);
        Self::by(trajectory, &history.state_on(on), until, shows)
    }

    fn by<'f>(
        trajectory: TrajectoryId,
        state: &Trajectory,
        facts: impl Iterator<Item = &'f Fact>,
        shows: impl Fn(&Fact, Category) -> bool,
    ) -> Option<Self> {
        if !matches!(state.phase, Phase::Preparing | Phase::Ready | Phase::Matching) {
            return None;
        }
        let mut said = Said::begin(trajectory, state);
        for fact in facts {
            said.apply(fact, &shows);
        }
        let seeker = said.seeker;
        let is_expected = seeker.ready_on.is_some() || seeker.expected_on.is_some();
        is_expected.then_some(seeker)
    }

    /// For a reader who does not see which dwelling a vacancy is: that it is one which was refused would name it
    /// (ADR 53).
    #[must_use]
    pub fn without_units(mut self) -> Self {
        self.refused.iter_mut().for_each(|home| home.unit = None);
        self
    }

    /// Whether the client may get another offer by this agreement set.
    #[must_use]
    pub fn has_offers_left(&self, set: &AgreementSet) -> bool {
        let OffersSoFar { used, unanswered, granted } = self.offers;
        let matching = &set.matching;
        let counted = if matching.unanswered_offer_counts { used } else { used.saturating_sub(unanswered) };
        counted < matching.offers.saturating_add(granted)
    }
}

impl HomeNeeds {
    /// What a profile says of them.
    #[must_use]
    pub fn of(profile: &OutflowProfileSet) -> Self {
        let excluded = profile.excluded_areas.iter().map(|area| ExcludedMunicipality {
            municipality: area.municipality.clone(),
            partly: area.neighbourhood.is_some(),
        });
        Self {
            profile: profile.profile,
            household: profile.household,
            municipality_of_origin: profile.municipality_of_origin.clone(),
            preferred_areas: profile.preferred_areas.iter().map(|area| area.municipality.clone()).collect(),
            excluded_areas: excluded.collect(),
            rent_limit_cents: profile.rent_limit_cents,
            access: profile.access,
            quiet_needed: profile.quiet_needed,
            pets: profile.pets,
        }
    }
}

/// What the facts say so far.
struct Said<'f> {
    seeker: Seeker,
    offered: Vec<(OfferId, &'f Fact, &'f DwellingOffered)>,
}

impl<'f> Said<'f> {
    fn begin(trajectory: TrajectoryId, state: &Trajectory) -> Self {
        let offers = &state.offers;
        let seeker = Seeker {
            trajectory,
            ready_on: state.ready_on,
            expected_on: None,
            requested_on: None,
            profile: None,
            reach_at_night: None,
            assigned_to: state.corporation.clone(),
            offers: OffersSoFar { used: offers.used, unanswered: offers.unanswered, granted: offers.granted },
            refused: Vec::new(),
            tests: Vec::new(),
        };
        Self { seeker, offered: Vec::new() }
    }

    fn apply(&mut self, fact: &'f Fact, shows: &impl Fn(&Fact, Category) -> bool) {
        let seeker = &mut self.seeker;
        match fact {
            Fact::OutflowAnnounced(announced) if shows(fact, Category::Course) => {
                seeker.expected_on = Some(announced.expected_on);
            }
            // What was expected before turned out not to be so.
            Fact::ReadinessRevoked(_) => seeker.expected_on = None,
            Fact::HousingRequested(requested) => seeker.requested_on = Some(requested.occurred_on),
            Fact::OutflowProfileSet(profile) => {
                seeker.reach_at_night = shows(fact, Category::Profile).then_some(profile.reach_at_night);
                seeker.profile = shows(fact, Category::DwellingProfile).then(|| HomeNeeds::of(profile));
            }
            Fact::DwellingOffered(offer) => self.offered.push((offer.offer_id, fact, offer)),
            Fact::OfferRefused(refused) => {
                let home = self.offer(refused.offer_id).map(|(fact, offer)| {
                    let is_shown = shows(fact, Category::Dwelling);
                    RefusedHome {
                        corporation: offer.corporation.clone(),
                        unit: is_shown.then(|| offer.unit.clone()),
                        complex: offer.complex.clone().filter(|_| is_shown),
                    }
                });
                self.seeker.refused.extend(home);
            }
            Fact::FittingTestDone(tested) => {
                let offer = self.offer(tested.offer_id);
                let is_shown =
                    |offered: &Fact| shows(offered, Category::Dwelling) && shows(fact, Category::Dwelling);
                let test = offer
                    .filter(|(offered, _)| is_shown(offered))
                    .map(|(_, offer)| FittingTest { rent_cents: offer.rent_cents, result: tested.result });
                self.seeker.tests.extend(test);
            }
            _ => {}
        }
    }

    fn offer(&self, id: OfferId) -> Option<(&'f Fact, &'f DwellingOffered)> {
        self.offered.iter().rev().find(|(offered, ..)| *offered == id).map(|(_, fact, offer)| (*fact, *offer))
    }
}
