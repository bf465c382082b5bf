//! What a case can need before a fact of some kind can be reported, whatever the report contains: a
//! lease, arrears, an open nuisance case. Each kind names its needs in its row. With the phases there
//! they decide what `admits` names.
//!
//! The rules in `admit/` refuse each report for itself; a test holds these needs against them, in
//! both directions.

use super::terms::ContractModel;
use crate::category::Category;
use crate::nuisance::Level;

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
    /// A proposal to move to another region that waits for an answer.
    ProposedTransfer,
    /// A second provider.
    SecondProvider,
    /// A consent that was given.
    Consent,
    /// A signal that was not answered.
    UnansweredSignal,
    /// A client who is at home.
    AtHome,
    /// A client who is placed elsewhere.
    Placed,
    /// A client who is absent.
    Absent,
    /// A client who lives in a temporary home while its own home is renovated.
    InRenovation,
    /// Signed living agreements.
    SignedAgreements,
    /// Arrears.
    Arrears,
    /// A guarantee fund in the agreements.
    GuaranteeFund,
    /// A damage or a missed rent that the guarantee fund covers and that was not claimed.
    LossToClaim,
    /// A damage that was neither settled nor claimed.
    DamageToSettle,
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
            Self::ProposedTransfer => Category::Transfer,
            Self::SecondProvider => Category::Guidance,
            Self::ProfileForAHome => Category::Profile,
            Self::Consent => Category::Consents,
            Self::Advance => Category::FirstRent,
            Self::UnansweredSignal
            | Self::AtHome
            | Self::Placed
            | Self::Absent
            | Self::InRenovation
            | Self::SignedAgreements
            | Self::NotPlacedAtTheFlip => Category::Living,
            Self::Arrears | Self::LossToClaim | Self::DamageToSettle | Self::NoArrearsAtTheFlip => {
                Category::Rent
            }
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
