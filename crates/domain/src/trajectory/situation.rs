//! Whether a case has what a fact of some kind needs ([`Need`]): with the phase, this decides what
//! `admits` names. A need depends on data of one category, so `admits` of a viewer who does not see
//! that category leaves it aside.

use super::fact::{ContractModel, FactType, Need, Outcome, Party};
use super::state::{Away, Lease, Loss, Trajectory};
use crate::agreements::{AgreementSet, AgreementSets};
use crate::day::Day;
use crate::ids::SignalId;
use crate::nuisance::{Level, NuisanceCase, NuisanceStatus};

/// The last month that a follow-up check can be for.
const MOST_CHECK_MONTHS: u8 = 120;

/// A case on a day, under its agreements.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    state: &'a Trajectory,
    set: &'a AgreementSet,
    on: Day,
}

impl<'a> Situation<'a> {
    /// The situation of a case in this state. `None` if it is not open yet, or if its agreements are
    /// not known.
    #[must_use]
    pub fn of(state: &'a Trajectory, on: Day, sets: &'a AgreementSets) -> Option<Self> {
        let set = sets.get(state.agreement_set.as_ref()?)?;
        Some(Self { state, set, on })
    }

    /// What a fact of this kind needs and the case does not have. Of signals, only those count that
    /// the viewer sees.
    pub fn lacks(self, kind: FactType, sees_signal: impl Fn(SignalId) -> bool) -> impl Iterator<Item = Need> {
        kind.row().needs.iter().copied().filter(move |need| !self.has(*need, &sees_signal))
    }

    fn has(self, need: Need, sees_signal: &impl Fn(SignalId) -> bool) -> bool {
        let Self { state, set, on } = self;
        let (tenancy, offers) = (&state.tenancy, &state.offers);
        match need {
            Need::OfferLeft => {
                state.corporation.is_some()
                    && offers.counted(set.matching.unanswered_offer_counts)
                        < set.matching.offers.saturating_add(offers.granted)
            }
            Need::Assignment => state.corporation.is_some(),
            Need::Advance => state.advanced_cents > 0,
            Need::TimeToAccept => {
                let last = offers.open.as_ref().and_then(|offer| offer.respond_by);
                last.is_none_or(|last| on <= last)
            }
            Need::Model(model) => set.contract_models.contains(&model),
            Need::Lease => tenancy.lease.is_some(),
            Need::HeadLeaseOfAnother => self.another_is_head_tenant(),
            Need::LeaseToFlip => !tenancy.lease.as_ref().is_some_and(Lease::was_always_own),
            Need::NoLease => tenancy.lease.is_none(),
            Need::TemporaryLease => {
                tenancy.lease.as_ref().is_some_and(|lease| lease.model == Some(ContractModel::Temporary))
            }
            Need::HousedOnce => tenancy.housed_on.is_some(),
            Need::ClientAlive => state.outcome != Some(Outcome::Deceased),
            Need::ProposedTransfer => state.proposed_transfer.is_some(),
            Need::SecondProvider => !state.second_providers.is_empty(),
            Need::Consent => !state.consents.is_empty(),
            Need::UnansweredSignal => {
                state.signals.iter().any(|(id, signal)| !signal.answered && sees_signal(*id))
            }
            Need::AtHome => tenancy.away.is_none(),
            Need::Placed => tenancy.away == Some(Away::Placed),
            Need::Absent => tenancy.away == Some(Away::Absent),
            Need::InRenovation => tenancy.away == Some(Away::Renovation),
            Need::SignedAgreements => tenancy.living_agreements_signed,
            Need::Arrears => tenancy.in_arrears,
            Need::GuaranteeFund => set.guarantee_fund.is_some(),
            Need::LossToClaim => {
                let losses = state.damages.values().chain(state.rents_missed.values());
                let mut to_claim = losses.filter(|loss| loss.is_open() && loss.cents > 0);
                to_claim.any(|loss| set.guarantee_fund.as_ref().is_none_or(|fund| fund.covers(loss)))
            }
            Need::DamageToSettle => state.damages.values().any(Loss::is_open),
            Need::OpenClaim => state.claims.values().any(|claim| claim.open.is_some()),
            Need::OpenReturnRequest => self.waits_for_a_decision(),
            Need::NoOpenReturnRequest => !self.waits_for_a_decision(),
            Need::ReturnRequestToWithdraw => {
                state.return_request.as_ref().is_some_and(|request| request.granted != Some(false))
            }
            Need::ProfileForAHome => {
                state.profile.is_some_and(|profile| profile.fits_a_home && profile.client_agreed)
            }
            Need::CheckToMiss => state.flip.flipped_on.is_none_or(|flipped_on| {
                (1..=MOST_CHECK_MONTHS).any(|month| {
                    !state.checks_held.contains(&month) && on >= set.follow_up.check_from(flipped_on, month)
                })
            }),
            Need::RunningTenancy => !tenancy.left,
            Need::FollowUpCheck => state.flip.flipped_on.is_none_or(|flipped_on| {
                (1..=MOST_CHECK_MONTHS).any(|month| {
                    !state.checks_held.contains(&month) && set.follow_up.is_around(flipped_on, month, on)
                })
            }),
            Need::GrantedReturn => {
                state.return_request.as_ref().is_some_and(|request| request.granted == Some(true))
            }
            _ => self.has_in_nuisance(need) || self.has_for_the_flip(need),
        }
    }

    fn has_in_nuisance(self, need: Need) -> bool {
        let Self { state, set, on } = self;
        let any = |is: &dyn Fn(&NuisanceCase) -> bool| state.nuisance.values().any(is);
        match need {
            Need::NuisanceCase => !state.nuisance.is_empty(),
            Need::OpenCase(from, to) => any(&|case| case.is_open() && (from..=to).contains(&case.level)),
            Need::CaseToEscalate => any(&|case| {
                let acute = set.nuisance.acute_levels.iter().any(|to| *to > case.level);
                let next = case.level > Level::REPORTED && case.level < Level::ENDING_THE_LEASE;
                case.is_open() && (next || acute)
            }),
            Need::QuietCase => any(&|case| matches!(case.status, NuisanceStatus::Resolved { .. })),
            Need::QuietCaseLongEnough => any(&|case| {
                matches!(case.status, NuisanceStatus::Resolved { on: since }
                    if on >= since.plus_weeks(set.nuisance.quiet_weeks))
            }),
            Need::NoTermination => state.tenancy.termination.is_none(),
            Need::Notice => state.tenancy.termination.is_some(),
            Need::Termination => {
                state.tenancy.termination.is_some()
                    || any(&|case| case.is_open() && case.level == Level::ENDING_THE_LEASE)
            }
            Need::NothingBlocksTheFlip => {
                state.worst_nuisance_level().is_none_or(|level| level < set.flip.blocked_from_level)
            }
            _ => false,
        }
    }

    fn has_for_the_flip(self, need: Need) -> bool {
        let (flip, tenancy) = (&self.state.flip, &self.state.tenancy);
        match need {
            Need::FlipConditions => flip.conditions_set,
            Need::FlipTalk => flip.talk.is_some(),
            Need::AgreedFlip => flip.positions_agree() && flip.disclosed_rent.is_some(),
            Need::ApprovedFlip => {
                let around = i32::from(self.set.flip.days_from_approved_day);
                flip.approved_for
                    .is_some_and(|day| day.plus_days(-around) <= self.on && self.on <= day.plus_days(around))
            }
            Need::NoNoticeAtTheFlip => self.departed() || tenancy.termination.is_none(),
            Need::NoArrearsAtTheFlip => self.departed() || !tenancy.in_arrears || tenancy.arrears_planned,
            Need::NotPlacedAtTheFlip => self.departed() || tenancy.away != Some(Away::Placed),
            Need::Aftercare => flip.aftercare_agreed,
            _ => false,
        }
    }

    /// The party that settles claims on the guarantee fund.
    #[must_use]
    pub fn keeper_of_the_fund(self, sets: &AgreementSets) -> Option<Party> {
        self.state.fund(self.set, sets).map(|fund| fund.keeper)
    }

    fn another_is_head_tenant(self) -> bool {
        let guides = self.state.partners.as_ref().map(|partners| &partners.care_provider);
        self.state.tenancy.lease.as_ref().is_some_and(|lease| {
            lease.model == Some(ContractModel::Intermediary) && Some(&lease.care_provider) != guides
        })
    }

    /// Whether every party concerned agreed that the contract flips although something is open.
    fn departed(self) -> bool {
        self.state.departed_from(self.set, &self.set.flip.open_matters)
    }

    fn waits_for_a_decision(self) -> bool {
        self.state.return_request.as_ref().is_some_and(|request| request.granted.is_none())
    }
}
