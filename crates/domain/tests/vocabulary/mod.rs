//! The vocabulary of the tests: facts with sensible defaults, lives made of them, and
//! given/when/then.
//!
//! A fact is a function of the day it happens: `given(housed()).when(annual_review)`. A test that
//! needs other values writes only what differs: `|on| AnnualReviewHeld { attended_by:
//! vec![Party::Client], ..annual_review(on) }`.

mod after_flip;
mod always;
mod any;
mod fields;
mod flip;
mod intake;
mod lease_changes;
mod lives;
mod living;
mod matching;
mod moving_in;
mod nuisance;
mod region_transfer;
mod story;

pub use after_flip::*;
pub use always::*;
pub use any::*;
pub use flip::*;
pub use intake::*;
pub use lease_changes::*;
pub use lives::*;
pub use living::*;
pub use matching::*;
pub use moving_in::*;
pub use nuisance::*;
pub use region_transfer::*;
pub use story::*;

pub use omklap_domain::day::Day;
pub use omklap_domain::ids::*;
pub use omklap_domain::nuisance::Level;
pub use omklap_domain::trajectory::fact::*;
pub use omklap_domain::trajectory::{Fact, FactType, History, Phase, Refusal, Rules};

use std::fmt::Debug;
use std::str::FromStr;
use uuid::Uuid;

pub const OFFER: OfferId = OfferId(Uuid::from_u128(0x0ffe_0001));
pub const SECOND_OFFER: OfferId = OfferId(Uuid::from_u128(0x0ffe_0002));
pub const VACANCY: VacancyId = VacancyId(Uuid::from_u128(0x7ac0_0001));
pub const LEASE: LeaseId = LeaseId(Uuid::from_u128(0x1ea5_0001));
pub const OWN_LEASE: LeaseId = LeaseId(Uuid::from_u128(0x1ea5_0002));
pub const CASE: NuisanceCaseId = NuisanceCaseId(Uuid::from_u128(0xca5e_0001));
pub const SECOND_CASE: NuisanceCaseId = NuisanceCaseId(Uuid::from_u128(0xca5e_0002));
pub const SIGNAL: SignalId = SignalId(Uuid::from_u128(0x5160_0001));
pub const TALK: FlipTalkId = FlipTalkId(Uuid::from_u128(0x7a1c_0001));
pub const SECOND_TALK: FlipTalkId = FlipTalkId(Uuid::from_u128(0x7a1c_0002));
pub const DAMAGE: DamageId = DamageId(Uuid::from_u128(0xda3a_0001));
pub const CLAIM: ClaimId = ClaimId(Uuid::from_u128(0xc1a1_0001));
pub const REQUEST: ReturnRequestId = ReturnRequestId(Uuid::from_u128(0x4e74_0001));
pub const SECOND_REQUEST: ReturnRequestId = ReturnRequestId(Uuid::from_u128(0x4e74_0002));

/// A code or a date that is known to be well-formed.
pub fn code<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("the codes of the tests are well-formed")
}

/// An amount in euros.
pub fn euros(euros: i64) -> Cents {
    Cents::try_from(euros * 100).expect("below a million euro")
}

/// A level of the nuisance protocol.
pub fn level(level: u8) -> Level {
    Level::try_from(level).expect("from 0 to 5")
}

/// A level of guidance.
pub fn guidance(level: u8) -> GuidanceLevel {
    GuidanceLevel::try_from(level).expect("from 0 to 4")
}
