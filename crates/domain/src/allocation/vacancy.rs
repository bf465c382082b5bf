//! A vacancy: a dwelling that a corporation has for the outflow, from the notice of the former tenant to
//! the letting.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::stream_facts;
use super::refusal::Refusal;
use super::stream::{
    BrokenRule, InPart, Place, Reporters, RestsOn, Stream, StreamId, StreamKind, WithoutLease,
};
use super::vacant_home::VacantHome;
use crate::day::Day;
use crate::holds::Matter;
use crate::ids::{ComplexId, OrganisationId, RegionId, VacancyId};
use crate::role::Role;
use crate::trajectory::fact::Cents;

stream_facts! {
    /// One fact about a vacancy. In JSON it is `{"type": "vacancy-opened", "occurredOn": "2026-03-01", …}`.
    VacancyFact "One fact about a vacancy.",
    /// A fact about a vacancy was wrong. The earlier fact stays readable. Dutch: *correctie*.
    VacancyCorrected,
    naming [VacancyOpened "vacancy-opened"],
    other [
        VacancyChanged "vacancy-changed",
        VacancyWithdrawn "vacancy-withdrawn",
        VacancyLet "vacancy-let",
    ],
}

/// A corporation reports a dwelling that it has or will have for the outflow. Dutch: *leegkomende
/// woning*. Source: S4 and VERA (*Publicatie*).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VacancyOpened {
    /// The day of the report in the corporation's own system.
    pub occurred_on: Day,
    /// The vacancy. The corporation generates the id.
    pub vacancy_id: VacancyId,
    /// The corporation.
    pub corporation: OrganisationId,
    /// The region of the partners that may let it to their clients.
    pub region: RegionId,
    /// The dwelling.
    pub home: VacantHome,
}

/// The dwelling turns out to be different: it is described as a whole again. Dutch: *leegkomende woning
/// gewijzigd*. Source: our decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VacancyChanged {
    /// The day from which it is so.
    pub occurred_on: Day,
    /// The dwelling, which is the same unit.
    pub home: VacantHome,
}

/// The dwelling is not for the outflow after all. Dutch: *leegkomende woning ingetrokken*. Source: our
/// decision, after VERA (*Publicatie* ended).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VacancyWithdrawn {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why.
    pub ground: VacancyWithdrawalGround,
}

/// The dwelling was let. Dutch: *leegkomende woning verhuurd*. Source: our decision, after VERA
/// (*Huurovereenkomst*).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VacancyLet {
    /// The day it happened.
    pub occurred_on: Day,
    /// To whom, and nothing more: the lease is in the client's own case.
    pub to: LetTo,
}

/// Why a dwelling is not for the outflow after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VacancyWithdrawalGround {
    /// The former tenant stays: *huuropzegging ingetrokken*.
    StaysOccupied,
    /// It is renovated, sold or demolished first: *renovatie, verkoop of sloop*.
    NotToBeLet,
    /// No client fits it: *geen passende kandidaat*.
    NobodyFits,
    /// It was reported by mistake: *ten onrechte gemeld*.
    ReportedByMistake,
    /// Another reason.
    Other,
}

/// To whom a dwelling was let.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LetTo {
    /// A client of the outflow: *uitstromer*.
    Outflow,
    /// Somebody else: *andere huurder*.
    Elsewhere,
}

/// A vacancy as it is on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vacancy {
    /// How it was opened, with the dwelling as it was described last; none before that.
    pub opened: Option<VacancyOpened>,
    /// How far it is.
    pub status: VacancyStatus,
    /// To whom it was let, if the corporation reported that.
    pub let_to: Option<LetTo>,
}

/// How far a vacancy is. Dutch: *stand*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VacancyStatus {
    /// It can be offered.
    #[default]
    Open,
    /// It is not for the outflow after all.
    Withdrawn,
    /// It was let.
    Let,
}

impl Vacancy {
    /// Whether it was opened and can be offered.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.opened.is_some() && self.status == VacancyStatus::Open
    }

    /// The vacancy as it is if a client lives in the dwelling, or lived there, under a lease that follows an
    /// offer of this vacancy: let, whatever the corporation reports (ADR 48).
    #[must_use]
    pub fn with_tenant(mut self, has_tenant: bool) -> Self {
        if has_tenant {
            (self.status, self.let_to) = (VacancyStatus::Let, Some(LetTo::Outflow));
        }
        self
    }

    /// What has to be done about an open offer at this rent that names this vacancy, as ADR 36 says of a home
    /// that is let.
    #[must_use]
    pub fn matter_of_an_open_offer(&self, offered_at: Option<Cents>) -> Option<Matter> {
        let rent = self.opened.as_ref().map(|opened| opened.home.rent_cents);
        match (self.status, self.let_to) {
            (VacancyStatus::Withdrawn, _) => Some(Matter::VacancyWithdrawn),
            (VacancyStatus::Let, Some(LetTo::Elsewhere)) => Some(Matter::LetElsewhere),
            (VacancyStatus::Open, _) if offered_at.is_some() && offered_at != rent => {
                Some(Matter::RentChanged)
            }
            _ => None,
        }
    }

    fn id(&self) -> Option<StreamId> {
        self.opened.as_ref().map(VacancyOpened::stream)
    }
}

impl VacancyStatus {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Open, Self::Withdrawn, Self::Let];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Withdrawn => "withdrawn",
            Self::Let => "let",
        }
    }
}

impl std::str::FromStr for VacancyStatus {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

impl VacancyOpened {
    fn stream(&self) -> StreamId {
        StreamId(self.vacancy_id.0)
    }
}

/// Which dwelling it is, a provider learns from the offer.
static IN_PART: InPart<Vacancy> =
    InPart { roles: &[Role::CareProvider, Role::Guide], looks_like, kind_of_change };

/// Whether two states differ in nothing but which dwelling it is. The day of the report is that of the change.
fn looks_like(one: &Vacancy, other: &Vacancy) -> bool {
    let shown = |vacancy: &Vacancy| {
        let opened = vacancy.opened.as_ref();
        opened.map(|opened| {
            (opened.vacancy_id, opened.corporation.clone(), opened.region.clone(), vacancy.status)
        })
    };
    let homes = one.opened.as_ref().zip(other.opened.as_ref());
    shown(one) == shown(other) && homes.is_none_or(|(one, other)| one.home.looks_like(&other.home))
}

fn kind_of_change(before: &Vacancy, after: &Vacancy) -> &'static str {
    match (&before.opened, &after.opened) {
        (None, Some(_)) => "vacancy-opened",
        (_, None) => "vacancy-withdrawn",
        _ if before.status == after.status => "vacancy-changed",
        _ => match after.status {
            VacancyStatus::Withdrawn => "vacancy-withdrawn",
            VacancyStatus::Let => "vacancy-let",
            VacancyStatus::Open => "vacancy-changed",
        },
    }
}

impl Stream for Vacancy {
    type Fact = VacancyFact;
    const KIND: StreamKind = StreamKind::Vacancy;
    const READ_BY_OWNER: &'static [Role] = &[Role::HousingCorporation];
    // A municipality gets counts only (design: who lives where is not its business).
    const READ_IN_REGION: &'static [Role] =
        &[Role::CareProvider, Role::Guide, Role::MatchingPoint, Role::Auditor];
    const IN_PART: Option<&'static InPart<Self>> = Some(&IN_PART);

    fn evolve(&mut self, fact: &VacancyFact) {
        match fact {
            VacancyFact::VacancyOpened(opened) => {
                *self = Self { opened: Some(opened.clone()), ..Self::default() };
            }
            VacancyFact::VacancyChanged(changed) => {
                if let Some(opened) = &mut self.opened {
                    opened.home = changed.home.clone();
                }
            }
            VacancyFact::VacancyWithdrawn(_) => self.status = VacancyStatus::Withdrawn,
            VacancyFact::VacancyLet(is_let) => {
                (self.status, self.let_to) = (VacancyStatus::Let, Some(is_let.to));
            }
            VacancyFact::EventCorrected(_) => {}
        }
    }

    fn broken_by(&self, fact: &VacancyFact) -> Vec<BrokenRule> {
        let is_open = self.opened.is_some() && self.status == VacancyStatus::Open;
        let not_open = (!is_open).then_some(Refusal::VacancyNotOpen.into());
        match fact {
            VacancyFact::VacancyOpened(opened) => {
                let again = self.opened.is_some().then_some(Refusal::VacancyOpenedBefore.into());
                again.into_iter().chain(opened.home.faults()).collect()
            }
            VacancyFact::VacancyChanged(changed) => {
                let before = self.opened.as_ref();
                let other = before.is_some_and(|before| before.home.unit != changed.home.unit);
                let other = other.then_some(Refusal::AnotherUnit.into());
                not_open.into_iter().chain(other).chain(changed.home.faults()).collect()
            }
            _ => not_open.into_iter().collect(),
        }
    }

    fn reporters<'a>(&'a self, fact: &'a VacancyFact) -> Reporters<'a> {
        let opened = match fact {
            VacancyFact::VacancyOpened(opened) => Some(opened),
            _ => self.opened.as_ref(),
        };
        Reporters {
            roles: &[Role::HousingCorporation],
            organisation: opened.map(|opened| &opened.corporation),
            region: opened.map(|opened| &opened.region),
        }
    }

    fn place(&self) -> Option<Place<'_>> {
        let opened = self.opened.as_ref()?;
        Some(Place {
            organisation: Some(&opened.corporation),
            region: &opened.region,
            status: self.status.as_str(),
            unit: Some(&opened.home.unit),
            municipality: Some(&opened.home.municipality),
        })
    }

    fn rests_on<'a>(&'a self, fact: &'a VacancyFact) -> RestsOn<'a> {
        let otherwise = match fact {
            VacancyFact::VacancyLet(VacancyLet { to: LetTo::Elsewhere, .. }) => {
                Some((None, Refusal::VacancyLetToOutflow))
            }
            VacancyFact::VacancyChanged(changed) => {
                Some((Some(changed.occurred_on), Refusal::VacancyNotOpen))
            }
            VacancyFact::VacancyWithdrawn(withdrawn) => {
                Some((Some(withdrawn.occurred_on), Refusal::VacancyNotOpen))
            }
            _ => None,
        };
        let without_lease = otherwise.zip(self.id()).map(|((by, otherwise), vacancy)| WithoutLease {
            vacancy,
            by,
            otherwise,
        });
        let (corporation, home) = match (fact, &self.opened) {
            (VacancyFact::VacancyOpened(opened), _) => (&opened.corporation, &opened.home),
            (VacancyFact::VacancyChanged(changed), Some(opened)) => (&opened.corporation, &changed.home),
            _ => return RestsOn { without_lease, ..RestsOn::default() },
        };
        let only_open = match fact {
            VacancyFact::VacancyOpened(opened) => Some(opened.stream()),
            _ => None,
        };
        let named = |complex: &ComplexId| {
            let id = StreamId::named(StreamKind::Complex, &[corporation.as_str(), complex.as_str()]);
            (id, &home.municipality)
        };
        RestsOn {
            complex: home.complex.as_ref().map(named),
            home: Some((corporation, &home.unit, home.available_from)),
            only_open,
            without_lease,
        }
    }
}
