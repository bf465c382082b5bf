//! A year of the guarantee fund of a region: what partners put into it (S4). What it pays is decided in
//! the cases; `figures/fund.rs` adds that up ([ADR
//! 47](../../../../docs/adr/0047-the-balance-of-a-fund-points-at-nobody.md)).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::stream_facts;
use super::stream::{
    BrokenRule, EVERY_PARTNER, Named, NamedThing, Place, Reporters, Stream, StreamId, StreamKind,
};
use crate::agreements::AgreementSet;
use crate::day::Day;
use crate::ids::{OrganisationId, RegionId};
use crate::organisation::OrganisationKind;
use crate::role::{Party, Role};
use crate::trajectory::Refusal;
use crate::trajectory::fact::{Amount, Cents};

stream_facts! {
    /// One fact about a year of a guarantee fund. In JSON it is `{"type": "guarantee-fund-deposited", …}`.
    GuaranteeFundFact "One fact about a year of a guarantee fund.",
    /// A fact about a year of a guarantee fund was wrong. The earlier fact stays readable. Dutch: *correctie*.
    GuaranteeFundCorrected,
    naming [GuaranteeFundDeposited "guarantee-fund-deposited"],
    other [],
}

/// A partner put money into the guarantee fund of the region. Dutch: *storting in het garantiefonds*.
/// Source: S4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuaranteeFundDeposited {
    /// The day it happened.
    pub occurred_on: Day,
    /// The region whose fund it is.
    pub region: RegionId,
    /// The year for which the money is meant.
    #[schema(minimum = 1900, maximum = 2199)]
    pub year: u16,
    /// The partner that paid.
    pub depositor: OrganisationId,
    /// The amount, in euro cents.
    #[schema(value_type = Amount)]
    pub amount_cents: Cents,
}

impl GuaranteeFundDeposited {
    fn stream(&self) -> StreamId {
        StreamId::named(StreamKind::GuaranteeFundYear, &[self.region.as_str(), &self.year.to_string()])
    }
}

/// The kinds of partners that put money into a fund: those that work with clients (decision).
const DEPOSITORS: &[OrganisationKind] = &[
    OrganisationKind::CareProvider,
    OrganisationKind::HousingCorporation,
    OrganisationKind::Municipality,
    OrganisationKind::MatchingPoint,
];

/// A year of a fund, with what was put into it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GuaranteeFundYear {
    /// The deposits, in the order of happening.
    pub deposits: Vec<GuaranteeFundDeposited>,
}

impl Stream for GuaranteeFundYear {
    type Fact = GuaranteeFundFact;
    const KIND: StreamKind = StreamKind::GuaranteeFundYear;
    const READ_BY_OWNER: &'static [Role] = &[];
    const READ_IN_REGION: &'static [Role] = EVERY_PARTNER;

    fn evolve(&mut self, fact: &GuaranteeFundFact) {
        if let GuaranteeFundFact::GuaranteeFundDeposited(deposit) = fact {
            self.deposits.push(deposit.clone());
        }
    }

    fn broken_by(&self, _: &GuaranteeFundFact) -> Vec<BrokenRule> {
        Vec::new()
    }

    fn reporters<'a>(&'a self, fact: &'a GuaranteeFundFact) -> Reporters<'a> {
        let deposit = match fact {
            GuaranteeFundFact::GuaranteeFundDeposited(deposit) => Some(deposit),
            GuaranteeFundFact::EventCorrected(_) => self.deposits.first(),
        };
        Reporters {
            roles: &[Role::MatchingPoint, Role::Municipality, Role::WmoConsultant],
            organisation: None,
            region: deposit.map(|deposit| &deposit.region),
        }
    }

    /// The keeper of the fund reports what it received (`docs/DOMAIN.md` §3.7).
    fn reporters_by_agreement(set: &AgreementSet) -> Option<&'static [Role]> {
        Some(match set.guarantee_fund.as_ref()?.keeper {
            Party::MatchingPoint => &[Role::MatchingPoint],
            _ => &[Role::Municipality, Role::WmoConsultant],
        })
    }

    fn broken_by_agreement(_: &GuaranteeFundFact, set: Option<&AgreementSet>) -> Vec<BrokenRule> {
        let has_one = set.is_some_and(|set| set.guarantee_fund.is_some());
        (!has_one).then_some(Refusal::NoGuaranteeFund.into()).into_iter().collect()
    }

    fn names(fact: &GuaranteeFundFact) -> Vec<Named<'_>> {
        let GuaranteeFundFact::GuaranteeFundDeposited(deposit) = fact else { return Vec::new() };
        let what = NamedThing::Partner(&deposit.depositor, DEPOSITORS);
        vec![Named { field: "/depositor".to_owned(), what }]
    }

    fn place(&self) -> Option<Place<'_>> {
        let deposit = self.deposits.first()?;
        Some(Place {
            organisation: None,
            region: &deposit.region,
            status: "deposited",
            unit: None,
            municipality: None,
        })
    }
}
