//! What a case must have before a fact of a kind can be reported, whatever the report contains: a
//! lease, arrears, an open nuisance case. With the phases of its row it decides what `admits` names.
//!
//! The rules in `admit/` refuse each report for itself; a test holds these needs against them, in
//! both directions. A need depends on data of one category, so `admits` of a viewer who does not
//! see that category leaves it aside.

use super::fact::{ContractModel, FactType};
use super::state::{Away, Lease, Trajectory};
use crate::agreements::{AgreementSet, AgreementSets};
use crate::category::Category;
use crate::day::Day;
use crate::ids::SignalId;
use crate::nuisance::{Level, NuisanceCase, NuisanceStatus};
use crate::trajectory::fact::{Outcome, Party};

/// The last month that a follow-up check can be for.
const MOST_CHECK_MONTHS: u8 = 120;

/// Something that a case must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// An assigned corporation, and an offer that the client may still get.
    OfferLeft,
    /// An assigned corporation.
    Assignment,
    /// Time to accept the open offer.
    TimeToAccept,
    /// A first rent that the municipality advanced and was not paid back.
    Advance,
    /// A lease of this kind in the agreements.
    Model(ContractModel),
    /// A lease that runs.
    Lease,
    /// A head lease of another provider than the one that guides.
    HeadLeaseOfAnother,
    /// A lease that was not the client's own from the first day.
    LeaseToFlip,
    /// No lease.
    NoLease,
    /// A temporary lease that runs.
    TemporaryLease,
    /// A client who lived in a dwelling.
    HousedOnce,
    /// A client who is alive.
    ClientAlive,
    /// Aftercare.
    Aftercare,
    /// A consent that was given.
    Consent,
    /// A signal that was not answered.
    UnansweredSignal,
    /// A client who is at home.
    AtHome,
    /// A client who stays elsewhere in this way.
    AwayAs(Away),
    /// Signed living agreements.
    SignedAgreements,
    /// Arrears.
    Arrears,
    /// A guarantee fund in the agreements.
    GuaranteeFund,
    /// A damage or a missed rent that the guarantee fund covers and that was not claimed.
    LossToClaim,
    /// A claim on the guarantee fund that was not settled.
    OpenClaim,
    /// A nuisance case.
    NuisanceCase,
    /// An open nuisance case, from one level to another.
    OpenCase(Level, Level),
    /// An open nuisance case that may be scaled up.
    CaseToEscalate,
    /// A nuisance case in its quiet period.
    QuietCase,
    /// A nuisance case whose quiet period is over.
    QuietCaseLongEnough,
    /// No termination of the lease.
    NoTermination,
    /// A notice that ends the lease.
    Notice,
    /// A termination of the lease, or a nuisance case at the level of ending it.
    Termination,
    /// No nuisance case that blocks the flip.
    NothingBlocksTheFlip,
    /// Flip conditions.
    FlipConditions,
    /// A flip talk on which no decision to start again followed.
    FlipTalk,
    /// Three positions that agree, and a new rent that was disclosed.
    AgreedFlip,
    /// The corporation's approval for a day near this one.
    ApprovedFlip,
    /// No notice, unless the corporation agreed to flip all the same.
    NoNoticeAtTheFlip,
    /// No arrears without a plan, unless the corporation agreed to flip all the same.
    NoArrearsAtTheFlip,
    /// No stay elsewhere, unless the corporation agreed to flip all the same.
    NotPlacedAtTheFlip,
    /// A request to return that waits for its decision.
    OpenReturnRequest,
    /// No request to return that waits for its decision.
    NoOpenReturnRequest,
    /// A request to return that was granted.
    GrantedReturn,
    /// A request to return that was not refused.
    ReturnRequestToWithdraw,
    /// A profile that fits some home and that the client agreed to.
    ProfileForAHome,
    /// A tenancy that did not end.
    RunningTenancy,
    /// A follow-up check that may be held now.
    FollowUpCheck,
    /// A follow-up check that may have been missed by now.
    CheckToMiss,
}

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
        kind.needs().iter().copied().filter(move |need| !self.has(*need, &sees_signal))
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
            Need::Consent => !state.consents.is_empty(),
            Need::UnansweredSignal => {
                state.signals.iter().any(|(id, signal)| !signal.answered && sees_signal(*id))
            }
            Need::AtHome => tenancy.away.is_none(),
            Need::AwayAs(away) => tenancy.away == Some(away),
            Need::SignedAgreements => tenancy.living_agreements_signed,
            Need::Arrears => tenancy.in_arrears,
            Need::GuaranteeFund => set.guarantee_fund.is_some(),
            Need::LossToClaim => {
                let losses = state.damages.values().chain(state.rents_missed.values());
                let mut to_claim = losses.filter(|loss| !loss.claimed && loss.cents > 0);
                to_claim.any(|loss| set.guarantee_fund.as_ref().is_none_or(|fund| fund.covers(loss)))
            }
            Need::OpenClaim => state.claims.values().any(Option::is_some),
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

impl Need {
    /// The category of the data that decides whether a case has it.
    #[must_use]
    pub fn category(self) -> Category {
        match self {
            Self::OfferLeft
            | Self::Assignment
            | Self::TimeToAccept
            | Self::Model(_)
            | Self::Lease
            | Self::HeadLeaseOfAnother
            | Self::LeaseToFlip
            | Self::NoLease
            | Self::TemporaryLease
            | Self::HousedOnce
            | Self::GuaranteeFund
            | Self::ClientAlive
            | Self::RunningTenancy
            | Self::FollowUpCheck
            | Self::CheckToMiss
            | Self::Aftercare => Category::Course,
            Self::ProfileForAHome => Category::Profile,
            Self::Consent => Category::Consents,
            Self::Advance => Category::FirstRent,
            Self::UnansweredSignal
            | Self::AtHome
            | Self::AwayAs(_)
            | Self::SignedAgreements
            | Self::NotPlacedAtTheFlip => Category::Living,
            Self::Arrears | Self::LossToClaim | Self::NoArrearsAtTheFlip => Category::Rent,
            Self::OpenClaim => Category::GuaranteeFund,
            Self::NuisanceCase
            | Self::OpenCase(..)
            | Self::CaseToEscalate
            | Self::QuietCase
            | Self::QuietCaseLongEnough
            | Self::NoTermination
            | Self::NoNoticeAtTheFlip
            | Self::Notice
            | Self::Termination
            | Self::NothingBlocksTheFlip => Category::NuisanceCourse,
            Self::FlipConditions | Self::FlipTalk | Self::AgreedFlip | Self::ApprovedFlip => Category::Flip,
            Self::OpenReturnRequest
            | Self::NoOpenReturnRequest
            | Self::ReturnRequestToWithdraw
            | Self::GrantedReturn => Category::Return,
        }
    }
}

impl FactType {
    /// What a case must have before a fact of this kind can be reported, besides its phase.
    #[must_use]
    pub fn needs(self) -> &'static [Need] {
        use Need as N;
        match self {
            Self::ConsentWithdrawn => &[N::Consent],
            Self::AssignmentReturned => &[N::Assignment],
            Self::FirstRentRepaid => &[N::Advance],
            Self::ReadinessRevoked | Self::RegisteredByMistake => &[N::NoLease],
            Self::HousingRequested => &[N::ProfileForAHome],
            Self::FollowUpCheckHeld => &[N::FollowUpCheck],
            Self::FollowUpCheckMissed => &[N::CheckToMiss],
            Self::TenancyEnded => &[N::RunningTenancy],
            Self::ReturnRequestWithdrawn => &[N::ReturnRequestToWithdraw],
            Self::DwellingOffered => &[N::OfferLeft],
            Self::OfferAccepted => &[N::TimeToAccept],
            Self::HousedUnderIntermediaryLease => &[N::Model(ContractModel::Intermediary)],
            Self::HousedUnderThreePartyLease => &[N::Model(ContractModel::ThreeParty)],
            Self::HousedUnderTemporaryLease => &[N::Model(ContractModel::Temporary)],
            Self::HousedUnderOwnLease => &[N::Model(ContractModel::Own)],
            Self::SignalAnswered => &[N::UnansweredSignal],
            Self::EvaluationHeld
            | Self::AnnualReviewHeld
            | Self::RentMissed
            | Self::DamageReported
            | Self::NuisanceReported
            | Self::WarningIssued
            | Self::RentChanged
            | Self::DwellingRedivided
            | Self::LeaseEndAgreed => &[N::Lease],
            Self::TemporaryPlacementStarted | Self::AbsenceStarted | Self::RenovationStarted => {
                &[N::Lease, N::AtHome]
            }
            Self::ReturnedHome => &[N::AwayAs(Away::Placed)],
            Self::AbsenceEnded => &[N::AwayAs(Away::Absent)],
            Self::RenovationEnded => &[N::Lease, N::AwayAs(Away::Renovation)],
            Self::HeadLeaseTakenOver => &[N::HeadLeaseOfAnother],
            Self::LeaseExtended => &[N::TemporaryLease],
            Self::ArrearsPlanAgreed | Self::ArrearsCleared => &[N::Arrears],
            Self::GuaranteeFundClaimed => &[N::HousedOnce, N::GuaranteeFund, N::LossToClaim],
            Self::GuaranteeFundSettled => &[N::OpenClaim],
            Self::ReturnRequested => &[N::HousedOnce, N::ClientAlive, N::NoOpenReturnRequest],
            Self::LightWmoTestDone => &[N::OpenReturnRequest],
            Self::ReturnedToShelter => &[N::ClientAlive, N::GrantedReturn],
            _ => self.needs_of_nuisance_and_flip(),
        }
    }

    fn needs_of_nuisance_and_flip(self) -> &'static [Need] {
        use Need as N;
        match self {
            Self::ReporterInformed => &[N::NuisanceCase],
            Self::ApproachAgreed => &[N::OpenCase(Level::REPORTED, Level::ENDING_THE_LEASE)],
            Self::Escalated => &[N::CaseToEscalate],
            Self::Deescalated => &[N::OpenCase(Level::SCALED_UP, Level::LAST_CHANCE)],
            Self::LastChanceAgreed => &[N::OpenCase(Level::WARNED, Level::LAST_CHANCE)],
            Self::NuisanceResolved => &[N::OpenCase(Level::APPROACH_AGREED, Level::LAST_CHANCE)],
            Self::NuisanceReopened => &[N::QuietCase],
            Self::NuisanceCaseClosed => &[N::QuietCaseLongEnough],
            Self::NuisanceFoundUnfounded => &[N::OpenCase(Level::REPORTED, Level::REPORTED)],
            Self::NuisanceHandedOver => &[N::OpenCase(Level::REPORTED, Level::LAST_CHANCE)],
            Self::LeaseTerminationStarted => &[N::Lease, N::NoTermination, N::SignedAgreements],
            Self::EvictionPrevented => &[N::Termination],
            Self::EvictionOrdered => &[N::Lease, N::Notice],
            Self::FlipConditionReviewed => &[N::FlipConditions],
            Self::FlipTalkHeld | Self::RentAtFlipDisclosed => &[N::LeaseToFlip],
            Self::FlipPositionGiven | Self::FlipPostponed | Self::FlipCancelled => &[N::FlipTalk],
            Self::FlipApproved => &[N::FlipTalk, N::AgreedFlip],
            Self::ContractFlipped => &[
                N::LeaseToFlip,
                N::FlipConditions,
                N::FlipTalk,
                N::AgreedFlip,
                N::ApprovedFlip,
                N::Aftercare,
                N::NothingBlocksTheFlip,
                N::NoNoticeAtTheFlip,
                N::NoArrearsAtTheFlip,
                N::NotPlacedAtTheFlip,
            ],
            _ => &[],
        }
    }
}
