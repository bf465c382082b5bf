//! What one trajectory adds to the figures of a region.

use super::fairness::OffersGiven;
use super::fund::FundClaim;
use super::outflow::Announced;
use super::realised::Realised;
use super::regions::Regions;
use super::residence::Residence;
use crate::agreements::assess::Assessed;
use crate::agreements::calendar::days_between;
use crate::agreements::{AgreementSet, AgreementSets, Verdict};
use crate::day::Day;
use crate::follow_up::{Retained, YEARS, follow_up};
use crate::ids::{ComplexId, MunicipalityCode, OrganisationId, RegionId};
use crate::nuisance::Level;
use crate::nuisance::protocol::{CaseState, nuisance_cases_in};
use crate::seekers::Seeker;
use crate::trajectory::History;
use crate::trajectory::fact::{ContractModel, DwellingOffered, Fact, Outcome};

/// What one trajectory adds to the figures, as days, so that it can be counted for any period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The region to whose figures it adds.
    pub region: RegionId,
    /// The municipality that directs, or the last one that did in this region.
    pub municipality: OrganisationId,
    /// The days on which the client came from another region.
    pub moved_in_on: Vec<Day>,
    /// The days on which the client went to another region: a move, not an end.
    pub moved_out_on: Vec<Day>,
    /// Its leases in the provider's name, each with its chance to flip (figure 1).
    pub flips: Vec<FlipChance>,
    /// The tenancy after the flip (figure 2).
    pub retention: Option<Retention>,
    /// When the client first moved into a home in this region (figure 3).
    pub housed_on: Option<Day>,
    /// How and when it ended.
    pub ended: Option<(Outcome, Day)>,
    /// Every run of the clock from readiness to a home (figure 4).
    pub clocks: Vec<Clock>,
    /// From readiness to the first offer: the day of the offer, and how many days it took.
    pub to_offer: Option<(Day, u32)>,
    /// From readiness to the keys: the day of the keys, and how many days it took.
    pub to_keys: Option<(Day, u32)>,
    /// The homes that were offered.
    pub offers: Vec<OfferMade>,
    /// Every instance of an obligation that counts.
    pub obligations: Vec<Verdicts>,
    /// The nuisance cases that are open: their level.
    pub open_nuisance: Vec<Level>,
    /// What was announced about a client who seeks a first home.
    pub announced: Option<Announced>,
    /// The claims on the guarantee fund of the region.
    pub fund_claims: Vec<FundClaim>,
    /// The client, if a home is sought.
    pub seeker: Option<Seeker>,
    /// Where the client lives.
    pub residence: Option<Residence>,
    /// What it adds to what became of the plans of the region.
    pub realised: Realised,
    /// The offers that it got, by who the client is.
    pub offers_given: OffersGiven,
}

/// The obligations of one agreement that have the same verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdicts {
    /// The agreement's number.
    pub agreement: u8,
    /// Their verdict.
    pub verdict: Verdict,
    /// For each, the day on which it was decided in time or became late, or else on which it is due
    /// or began.
    pub on: Vec<Day>,
}

/// A lease in the provider's name, and whether it flipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlipChance {
    /// The day by which a flip may be expected.
    pub expected_on: Day,
    /// When the lease ended, by a flip or otherwise.
    pub ended_on: Option<Day>,
    /// When it flipped.
    pub flipped_on: Option<Day>,
    /// Whether it ended because the client died.
    pub deceased: bool,
}

/// What is known about a tenancy after the flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// When it flipped.
    pub flipped_on: Day,
    /// What is known one, two and three years later. `None` if that day is still to come.
    pub after_years: [Option<Retained>; 3],
}

/// One run of the clock from readiness to a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The last day that is in time.
    pub due_on: Day,
    /// The day on which an offer, or the keys, stopped it.
    pub stopped_on: Option<Day>,
    /// The day on which it was dropped: the client turned out not to be ready, the case ended, or
    /// the partners agreed.
    pub dropped_on: Option<Day>,
}

/// A home that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferMade {
    /// The day of the offer.
    pub on: Day,
    /// The municipality where the home is.
    pub municipality: MunicipalityCode,
    /// Its complex.
    pub complex: Option<ComplexId>,
    /// When the keys were handed over.
    pub let_on: Option<Day>,
}

impl Contribution {
    /// What a trajectory adds to the figures of each region in which it was, based on its history and its
    /// [assessment](crate::agreements::assess()) up to a day: one contribution for each region, the present
    /// one last. None if it is not opened, if it was registered by mistake, or if it is bound to a set
    /// that this ledger does not have.
    #[must_use]
    pub fn of_each_region(
        history: &History,
        assessed: &[Assessed<'_>],
        known_on: Day,
        sets: &AgreementSets,
    ) -> Vec<Self> {
        let state = history.state();
        let set = state.agreement_set.as_ref().and_then(|bound_to| sets.get(bound_to));
        // A case that should not have been registered is in no figure.
        let counts = state.outcome != Some(Outcome::RegisteredByMistake) && state.partners.is_some();
        let Some(set) = set.filter(|_| counts) else { return Vec::new() };
        let mut regions = Regions::of(history, set, sets);
        let mut ready_on = None;
        for (_, fact) in history.happened() {
            regions.apply(fact, &mut ready_on);
        }
        regions.assessed(assessed, known_on);
        let mut all = regions.contributions();
        if let Some(here) = all.last_mut() {
            here.announced = Announced::about(history);
            here.seeker = Seeker::of(history, sets, |_, _| true);
            here.residence = Residence::of(history);
            here.ended = state.outcome.zip(state.ended_on);
            here.retention = follow_up(history, sets).map(|followed| Retention {
                flipped_on: followed.flipped_on,
                after_years: YEARS.map(|years| followed.retained_after(years, known_on)),
            });
            here.open_nuisance = nuisance_cases_in(history, assessed, sets)
                .iter()
                .filter(|case| case.state_on(known_on) == Some(CaseState::Open))
                .filter_map(|case| case.level_on(known_on).map(|at| at.settings.level))
                .collect();
        }
        all
    }

    /// What it adds to the figures of the region in which it is, of
    /// [all that it adds](Self::of_each_region).
    #[must_use]
    pub fn of(
        history: &History,
        assessed: &[Assessed<'_>],
        known_on: Day,
        sets: &AgreementSets,
    ) -> Option<Self> {
        Self::of_each_region(history, assessed, known_on, sets).pop()
    }

    pub(super) fn nothing_yet(region: RegionId, municipality: OrganisationId) -> Self {
        Self {
            region,
            municipality,
            moved_in_on: Vec::new(),
            moved_out_on: Vec::new(),
            flips: Vec::new(),
            retention: None,
            housed_on: None,
            ended: None,
            clocks: Vec::new(),
            to_offer: None,
            to_keys: None,
            offers: Vec::new(),
            obligations: Vec::new(),
            open_nuisance: Vec::new(),
            announced: None,
            fund_claims: Vec::new(),
            seeker: None,
            residence: None,
            realised: Realised::default(),
            offers_given: OffersGiven::default(),
        }
    }

    /// Whether the client went on to another region and did not come back.
    #[must_use]
    pub fn has_moved_out(&self) -> bool {
        let (last_in, last_out) = (self.moved_in_on.last(), self.moved_out_on.last());
        last_out.is_some_and(|out| last_in.is_none_or(|back| back <= out))
    }

    /// Whether the client found a home by the regular way, before living in one of the partners.
    #[must_use]
    pub fn found_own_home(&self) -> bool {
        self.housed_on.is_none() && self.ended.is_some_and(|(outcome, _)| outcome == Outcome::MovedOnWell)
    }

    /// Whether the client kept the home that was at risk.
    #[must_use]
    pub fn kept_the_home(&self) -> bool {
        self.ended.is_some_and(|(outcome, _)| outcome == Outcome::HomeKept)
    }

    pub(super) fn apply(&mut self, fact: &Fact, ready_on: &mut Option<Day>, set: &AgreementSet) {
        self.realised.apply(fact);
        self.offers_given.apply(fact);
        match fact {
            Fact::ReadinessConfirmed(ready) => *ready_on = Some(ready.occurred_on),
            Fact::ReadinessRevoked(_) => *ready_on = None,
            Fact::DwellingOffered(offer) => self.offered(offer, *ready_on),
            Fact::HousedUnderIntermediaryLease(housed) => {
                self.moved_in(housed.occurred_on, ready_on);
                self.lease_in_providers_name(housed.occurred_on, set);
            }
            Fact::HousedUnderThreePartyLease(housed) => self.moved_in(housed.occurred_on, ready_on),
            Fact::HousedUnderTemporaryLease(housed) => self.moved_in(housed.occurred_on, ready_on),
            Fact::HousedUnderOwnLease(housed) => self.moved_in(housed.occurred_on, ready_on),
            Fact::RunningCaseTakenOver(case) => {
                self.housed_on = case.lease.as_ref().map(|lease| lease.started_on);
                if let Some(lease) =
                    case.lease.as_ref().filter(|lease| lease.model == ContractModel::Intermediary)
                {
                    self.lease_in_providers_name(lease.started_on, set);
                    case.flipped_on.into_iter().for_each(|on| self.flipped(on));
                }
            }
            Fact::GuaranteeFundClaimed(claimed) => self.fund_claims.push(FundClaim::of(claimed)),
            Fact::ContractFlipped(flip) => self.flipped(flip.occurred_on),
            Fact::TrajectoryEnded(end) => self.lease_ended(end.occurred_on, end.outcome == Outcome::Deceased),
            Fact::ReturnedToShelter(back) => self.lease_ended(back.occurred_on, false),
            Fact::TenantDeathReported(death) => self.lease_ended(death.occurred_on, true),
            _ => {}
        }
    }

    fn offered(&mut self, offer: &DwellingOffered, ready_on: Option<Day>) {
        let on = offer.occurred_on;
        if let (None, Some(ready_on)) = (self.to_offer, ready_on) {
            self.to_offer = Some((on, days(ready_on, on)));
        }
        let (municipality, complex) = (offer.municipality.clone(), offer.complex.clone());
        self.offers.push(OfferMade { on, municipality, complex, let_on: None });
    }

    fn moved_in(&mut self, on: Day, ready_on: &mut Option<Day>) {
        self.housed_on = self.housed_on.or(Some(on));
        self.lease_ended(on, false);
        if let Some(offer) = self.offers.last_mut() {
            offer.let_on = Some(on);
        }
        if let (None, Some(ready_on)) = (self.to_keys, ready_on.take()) {
            self.to_keys = Some((on, days(ready_on, on)));
        }
    }

    fn lease_in_providers_name(&mut self, started_on: Day, set: &AgreementSet) {
        let expected_on = started_on.plus_months(set.figures.flip_expected_after_months);
        self.flips.push(FlipChance { expected_on, ended_on: None, flipped_on: None, deceased: false });
    }

    fn flipped(&mut self, on: Day) {
        if let Some(lease) = self.flips.last_mut().filter(|lease| lease.ended_on.is_none()) {
            (lease.ended_on, lease.flipped_on) = (Some(on), Some(on));
        }
    }

    pub(super) fn lease_ended(&mut self, on: Day, deceased: bool) {
        if let Some(lease) = self.flips.last_mut().filter(|lease| lease.ended_on.is_none()) {
            (lease.ended_on, lease.deceased) = (Some(on), deceased);
        }
    }
}

fn days(from: Day, to: Day) -> u32 {
    u32::try_from(days_between(from, to)).unwrap_or(0)
}
