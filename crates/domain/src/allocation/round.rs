//! The monthly round of a region: the matching point asks every provider who can take the step to a home
//! of their own, and the partners meet on one day (S4). The names are not here: they are the requests in the
//! cases ([ADR 49](../../../../docs/adr/0049-a-round-asks-every-provider.md)).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::stream_facts;
use super::refusal::Refusal;
use super::stream::{
    BrokenRule, EVERY_PARTNER, Named, NamedThing, Period, Place, Reporters, Stream, StreamId, StreamKind,
};
use crate::day::Day;
use crate::ids::{DocumentReference, OrganisationId, RegionId};
use crate::organisation::OrganisationKind;
use crate::role::Role;

stream_facts! {
    /// One fact about a round. In JSON it is `{"type": "round-called", "occurredOn": "2026-03-02", …}`.
    RoundFact "One fact about the monthly round of a region.",
    /// A fact about a round was wrong. The earlier fact stays readable. Dutch: *correctie*.
    RoundCorrected,
    naming [RoundCalled "round-called"],
    other [
        RoundAnswered "round-answered",
        RoundHeld "round-held",
        RoundCancelled "round-cancelled",
    ],
}

/// The matching point calls a round: the partners meet on a day, and the providers say before that who
/// can take the step. Dutch: *ronde uitgeschreven*. Source: S4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundCalled {
    /// The day on which it was called.
    pub occurred_on: Day,
    /// The region.
    pub region: RegionId,
    /// The day on which the partners meet.
    pub held_on: Day,
    /// The last day for providers to answer.
    pub answer_by: Day,
}

/// A provider answers the round: it has nobody, or those whose homes it requested. A later answer replaces
/// it. Dutch: *ronde beantwoord*. Source: S4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundAnswered {
    /// The day of the answer.
    pub occurred_on: Day,
    /// The provider.
    pub provider: OrganisationId,
    /// Whether it has nobody. If not, the requests of its own cases are what it has.
    pub nobody: bool,
}

/// The partners met. Dutch: *ronde gehouden*. Source: S4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundHeld {
    /// The day on which they met: that of the round.
    pub occurred_on: Day,
    /// The document with the minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<DocumentReference>,
}

/// The round is not held: it was called for the wrong day, or nobody has anything to discuss. Another day is
/// another round. Dutch: *ronde afgezegd*. Source: decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundCancelled {
    /// The day on which it was cancelled.
    pub occurred_on: Day,
}

/// A round as it is on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Round {
    /// How it was called; none while nothing happened.
    pub called: Option<RoundCalled>,
    /// The last answer of each provider.
    pub answers: BTreeMap<OrganisationId, RoundAnswered>,
    /// How it was held.
    pub held: Option<RoundHeld>,
    /// When it was cancelled.
    pub cancelled: Option<RoundCancelled>,
}

/// How far a round is. Dutch: *stand*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoundStatus {
    /// It was called.
    Called,
    /// It was held.
    Held,
    /// It was cancelled.
    Cancelled,
}

impl RoundStatus {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Called => "called",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The id of the round of a region on a day.
#[must_use]
pub fn round_id(region: &RegionId, held_on: Day) -> StreamId {
    StreamId::named(StreamKind::Round, &[region.as_str(), &held_on.to_string()])
}

impl RoundCalled {
    fn stream(&self) -> StreamId {
        round_id(&self.region, self.held_on)
    }

    /// A round is called for a day that has not passed, and is answered between the two.
    fn faults(&self) -> impl Iterator<Item = BrokenRule> {
        let Self { occurred_on, held_on, answer_by, .. } = self;
        let past = (held_on < occurred_on).then_some(Refusal::RoundInThePast);
        let outside = !(occurred_on..=held_on).contains(&answer_by);
        let outside = (outside && past.is_none()).then_some(Refusal::AnswerDayOutside);
        past.into_iter().chain(outside).map(BrokenRule::from)
    }
}

impl Round {
    /// How far it is.
    #[must_use]
    pub fn status(&self) -> RoundStatus {
        match (&self.held, &self.cancelled) {
            (Some(_), _) => RoundStatus::Held,
            (None, Some(_)) => RoundStatus::Cancelled,
            (None, None) => RoundStatus::Called,
        }
    }

    /// Whether nothing more can happen on this day: it was held or cancelled, or its day has passed.
    #[must_use]
    pub fn is_over(&self, on: Day) -> bool {
        self.status() != RoundStatus::Called || self.called.as_ref().is_some_and(|called| called.held_on < on)
    }
}

impl Stream for Round {
    type Fact = RoundFact;
    const KIND: StreamKind = StreamKind::Round;
    const SPEAKS_FOR: &'static str = "/provider";
    const READ_BY_OWNER: &'static [Role] = &[];
    // Who has answered is about organisations that meet on that day.
    const READ_IN_REGION: &'static [Role] = EVERY_PARTNER;

    fn evolve(&mut self, fact: &RoundFact) {
        match fact {
            RoundFact::RoundCalled(called) => self.called = Some(called.clone()),
            RoundFact::RoundAnswered(answer) => {
                self.answers.insert(answer.provider.clone(), answer.clone());
            }
            RoundFact::RoundHeld(held) => self.held = Some(held.clone()),
            RoundFact::RoundCancelled(cancelled) => self.cancelled = Some(cancelled.clone()),
            RoundFact::EventCorrected(_) => {}
        }
    }

    fn broken_by(&self, fact: &RoundFact) -> Vec<BrokenRule> {
        match fact {
            RoundFact::RoundCalled(called) => {
                let again = self.called.is_some().then_some(Refusal::RoundCalledBefore.into());
                again.into_iter().chain(called.faults()).collect()
            }
            RoundFact::RoundAnswered(RoundAnswered { occurred_on, .. })
            | RoundFact::RoundCancelled(RoundCancelled { occurred_on }) => {
                self.is_over(*occurred_on).then_some(Refusal::RoundOver.into()).into_iter().collect()
            }
            RoundFact::RoundHeld(held) => {
                let day = self.called.as_ref().map(|called| called.held_on);
                let again = (self.status() != RoundStatus::Called).then_some(Refusal::RoundOver);
                let other = (day != Some(held.occurred_on)).then_some(Refusal::HeldOnAnotherDay);
                again.into_iter().chain(other).map(BrokenRule::from).collect()
            }
            RoundFact::EventCorrected(_) => Vec::new(),
        }
    }

    fn reporters<'a>(&'a self, fact: &'a RoundFact) -> Reporters<'a> {
        let region = self.called.as_ref().map(|called| &called.region);
        let (roles, organisation, region): (&[Role], _, _) = match fact {
            RoundFact::RoundCalled(called) => (&[Role::MatchingPoint], None, Some(&called.region)),
            RoundFact::RoundAnswered(answer) => (&[Role::CareProvider], Some(&answer.provider), region),
            RoundFact::RoundHeld(_) | RoundFact::RoundCancelled(_) => (&[Role::MatchingPoint], None, region),
            RoundFact::EventCorrected(_) => (&[Role::MatchingPoint, Role::CareProvider], None, region),
        };
        Reporters { roles, organisation, region }
    }

    /// Nobody can answer a round of a past day. What happened may be reported later: the call together with
    /// what became of it.
    fn broken_by_report(facts: &[RoundFact], today: Day) -> Vec<(usize, BrokenRule)> {
        let became =
            |fact: &RoundFact| matches!(fact, RoundFact::RoundHeld(_) | RoundFact::RoundCancelled(_));
        if facts.iter().any(became) {
            return Vec::new();
        }
        let is_past = |fact: &RoundFact| matches!(fact, RoundFact::RoundCalled(called) if called.held_on < today && called.held_on >= called.occurred_on);
        let past = facts.iter().enumerate().filter(|(_, fact)| is_past(fact));
        past.map(|(index, _)| (index, Refusal::RoundInThePast.into())).collect()
    }

    fn names(fact: &RoundFact) -> Vec<Named<'_>> {
        let RoundFact::RoundAnswered(answer) = fact else { return Vec::new() };
        let what = NamedThing::Partner(&answer.provider, &[OrganisationKind::CareProvider]);
        vec![Named { field: "/provider".to_owned(), what }]
    }

    fn period(&self) -> Option<Period> {
        self.called.as_ref().map(|called| Period::Day(called.held_on))
    }

    fn place(&self) -> Option<Place<'_>> {
        let called = self.called.as_ref()?;
        Some(Place {
            organisation: None,
            region: &called.region,
            status: self.status().as_str(),
            unit: None,
            municipality: None,
        })
    }
}
