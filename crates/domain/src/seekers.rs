//! Who seeks a home: who is ready, who comes when, and who is stuck (`docs/DOMAIN.md` §3.11,
//! [ADR 45](../../../docs/adr/0045-a-seeker-is-listed-as-each-partner-sees-it.md)).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::agreements::AgreementSets;
use crate::category::Category;
use crate::day::Day;
use crate::ids::{MunicipalityCode, OfferId, OrganisationId};
use crate::trajectory::fact::{Access, Bottleneck, Cents, Household, OutflowProfileSet, Profile};
use crate::trajectory::{Fact, History, Phase, Trajectory};

/// The phases in which a home is sought: until the keys.
const SEEKING: [Phase; 5] =
    [Phase::Preparing, Phase::Ready, Phase::Matching, Phase::Offered, Phase::Contracting];

/// A client who seeks a home, as far as a reader sees it. Dutch: *woningzoekende*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeker {
    /// The phase.
    pub phase: Phase,
    /// What the day rests on; none if no day is known and the case is stuck.
    pub certainty: Option<Certainty>,
    /// Since when the client is ready, or when the client is expected to be, or since when the case
    /// is stuck.
    pub day: Day,
    /// The corporation that is assigned.
    pub corporation: Option<OrganisationId>,
    /// The offer that is open or accepted.
    pub offer: Option<OpenOffer>,
    /// How many offers count as the client's by the agreements.
    pub offers_used: u8,
    /// What holds the case up.
    pub stuck: Option<Stuck>,
    /// What the client needs; none if no profile was set, or none that the reader sees.
    pub needs: Option<Needs>,
}

/// What the day on which a client is ready rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Readiness was confirmed (`readiness-confirmed`), or another home was requested
    /// (`housing-requested`). Dutch: *zeker*.
    Sure,
    /// The provider announced the day (`outflow-announced`). Dutch: *aangekondigd*.
    Announced,
    /// The profile gives a number of months (`readyWithinMonths` of `outflow-profile-set`), counted
    /// from the day on which it applies. Dutch: *geschat*.
    Estimated,
}

/// An offer that is open or accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOffer {
    /// The offer.
    pub id: OfferId,
    /// The last day to answer.
    pub respond_by: Option<Day>,
    /// Whether the client accepted it.
    pub accepted: bool,
}

/// What holds a case up: named at the case table and not removed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// The bottleneck.
    pub on: Bottleneck,
    /// The day of the talk that named it last.
    pub since: Day,
}

/// What a client needs of a home, by the last profile. Areas are not in it: their neighbourhoods are
/// private texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The kind of home that fits.
    pub profile: Profile,
    /// Who moves in.
    pub household: Household,
    /// Where the client comes from.
    pub origin: MunicipalityCode,
    /// The access that is needed.
    pub access: Access,
    /// Whether the place must be quiet.
    pub quiet: bool,
    /// Whether pets come along.
    pub pets: bool,
    /// The highest rent a month, in euro cents.
    pub rent_limit: Cents,
}

impl Certainty {
    /// The place of a seeker in the order: ready, expected, stuck without a day.
    #[must_use]
    pub fn rank(certainty: Option<Self>) -> u8 {
        match certainty {
            Some(Self::Sure) => 0,
            Some(Self::Announced | Self::Estimated) => 1,
            None => 2,
        }
    }
}

impl Seeker {
    /// The seeker of this history for a reader who sees these categories of these facts. None if no
    /// home is sought, or if the reader sees neither a day nor what holds the case up. Whether the
    /// reader sees the course is for the caller to check: everything here depends on it.
    #[must_use]
    pub fn of(
        history: &History,
        sets: &AgreementSets,
        shows: impl Fn(&Fact, Category) -> bool,
    ) -> Option<Self> {
        let state = history.state();
        if state.outcome.is_some() || !SEEKING.contains(&state.phase) {
            return None;
        }
        let mut said = Said::default();
        for (_, fact) in history.happened() {
            said.apply(fact, &shows);
        }
        let (certainty, day) = said.day(state)?;
        let offer = state.offers.open.as_ref();
        Some(Self {
            phase: state.phase,
            certainty,
            day,
            corporation: state.corporation.clone(),
            offer: offer.map(|open| OpenOffer {
                id: open.id,
                respond_by: open.respond_by,
                accepted: open.accepted,
            }),
            offers_used: offers_used(state, sets),
            stuck: said.stuck,
            needs: said.needs,
        })
    }
}

fn offers_used(state: &Trajectory, sets: &AgreementSets) -> u8 {
    let set = state.agreement_set.as_ref().and_then(|bound_to| sets.get(bound_to));
    state.offers.counted(set.is_none_or(|set| set.matching.unanswered_offer_counts))
}

/// What the facts say, as far as a reader sees it.
#[derive(Default)]
struct Said {
    announced: Option<Day>,
    estimated: Option<Day>,
    requested_on: Option<Day>,
    stuck: Option<Stuck>,
    needs: Option<Needs>,
}

impl Said {
    fn apply(&mut self, fact: &Fact, sees: &impl Fn(&Fact, Category) -> bool) {
        match fact {
            Fact::OutflowAnnounced(outflow) if sees(fact, Category::Course) => {
                self.announced = Some(outflow.expected_on);
            }
            Fact::OutflowProfileSet(set) => {
                self.estimated = sees(fact, Category::Profile).then(|| estimate(set)).flatten();
                self.needs = sees(fact, Category::DwellingProfile).then(|| Needs::of(set));
            }
            Fact::HousingRequested(requested) => self.requested_on = Some(requested.occurred_on),
            // What was expected before turned out not to be so.
            Fact::ReadinessRevoked(_) => (self.announced, self.estimated) = (None, None),
            Fact::CaseDiscussed(talk) if sees(fact, Category::TableTalk) => {
                self.stuck = Some(Stuck { on: talk.bottleneck, since: talk.occurred_on });
            }
            Fact::ObstacleRemoved(removed) if sees(fact, Category::Profile) => {
                self.stuck = self.stuck.filter(|stuck| stuck.on != removed.bottleneck);
            }
            _ => {}
        }
    }

    /// What the day rests on, and the day. A client who lives in one home and seeks another is ready
    /// since it was requested.
    fn day(&self, state: &Trajectory) -> Option<(Option<Certainty>, Day)> {
        let ready_on = state.ready_on.filter(|_| state.phase != Phase::Preparing);
        let moves_again = self.requested_on.filter(|_| state.tenancy.lease.is_some());
        let rests_on = |day: Option<Day>, certainty| day.map(|day| (Some(certainty), day));
        rests_on(moves_again.or(ready_on), Certainty::Sure)
            .or(rests_on(self.announced, Certainty::Announced))
            .or(rests_on(self.estimated, Certainty::Estimated))
            .or(self.stuck.map(|stuck| (None, stuck.since)))
    }
}

/// When a client is ready by the profile. No home fits yet by `p0`.
fn estimate(set: &OutflowProfileSet) -> Option<Day> {
    let months = set.ready_within_months.filter(|_| set.profile != Profile::P0)?;
    Some(set.valid_from.plus_months(months.into()))
}

impl Needs {
    fn of(set: &OutflowProfileSet) -> Self {
        Self {
            profile: set.profile,
            household: set.household,
            origin: set.municipality_of_origin.clone(),
            access: set.access,
            quiet: set.quiet_needed,
            pets: set.pets,
            rent_limit: set.rent_limit_cents,
        }
    }
}
