//! Types that several groups of facts share.

pub use crate::role::{Party, THE_THREE};

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{AgreementSetId, DocumentReference, LeaseId, OrganisationId, UnitId};

/// An agreement set and its version, to which a trajectory is bound at intake. Dutch: *afsprakenset*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementSetVersion {
    /// The set.
    pub id: AgreementSetId,
    /// Its version, from 1.
    #[schema(minimum = 1, maximum = 65_535)]
    pub version: u16,
}

impl AgreementSetVersion {
    /// The set and version of a name such as `amsterdam-2018@1`, if it is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (id, version) = name.split_once('@')?;
        Some(Self { id: id.parse().ok()?, version: version.parse().ok()? })
    }
}

/// An amount of euro cents, from 0 to a million euro.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0, maximum = 100_000_000, example = 62_350)]
#[drive(skip)]
pub struct Cents(i64);

/// The schema of an amount that cannot be nothing: a rent, a debt, a damage. Reports are checked
/// against it; an older ledger may hold 0.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = i64, minimum = 1, maximum = 100_000_000, example = 62_350)]
pub struct Amount(pub i64);

/// An amount below zero or above a million euro.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount must be from 0 to 100000000 cents")]
pub struct AmountOutOfRange;

impl TryFrom<i64> for Cents {
    type Error = AmountOutOfRange;
    fn try_from(cents: i64) -> Result<Self, AmountOutOfRange> {
        if (0..=100_000_000).contains(&cents) { Ok(Self(cents)) } else { Err(AmountOutOfRange) }
    }
}

impl From<Cents> for i64 {
    fn from(cents: Cents) -> Self {
        cents.0
    }
}

/// How much guidance a client has, from 0 (none) to 4 (daily) (D). Dutch: *begeleidingsniveau*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 0, maximum = 4)]
#[drive(skip)]
pub struct GuidanceLevel(u8);

/// A guidance level above 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a guidance level must be from 0 to 4")]
pub struct NoSuchGuidanceLevel;

impl TryFrom<u8> for GuidanceLevel {
    type Error = NoSuchGuidanceLevel;
    fn try_from(level: u8) -> Result<Self, NoSuchGuidanceLevel> {
        if level <= 4 { Ok(Self(level)) } else { Err(NoSuchGuidanceLevel) }
    }
}

impl From<GuidanceLevel> for u8 {
    fn from(level: GuidanceLevel) -> Self {
        level.0
    }
}

/// The contract model under which a client rents before the flip. Dutch: *contractvorm*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ContractModel {
    /// The care provider rents and sublets: *intermediaire verhuur* (S0).
    Intermediary,
    /// Corporation, care provider and client sign together: *driepartijenovereenkomst* (S4).
    ThreeParty,
    /// For a fixed term: *tijdelijk contract*.
    Temporary,
    /// In the client's own name from the first day: *eigen contract vanaf de eerste dag*. No flip is expected.
    Own,
}

/// The terms that every lease before the flip has. Dutch: *huurovereenkomst*.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseTerms {
    /// The lease.
    pub lease_id: LeaseId,
    /// The provider that rents the dwelling, co-signs the lease or guides the tenant.
    pub care_provider: OrganisationId,
    /// The corporation that owns the dwelling.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// The rent a month, in euro cents.
    #[schema(value_type = Amount)]
    pub rent_cents: Cents,
    /// The care agreement signed with the lease, if there is one (*zorgovereenkomst*; obligation 3.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_agreement: Option<DocumentReference>,
    /// The form of the care that belongs to the lease (S4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_form: Option<CareForm>,
}

/// The form of the care that belongs to a lease. Dutch: *vorm van de zorg*. Source: S4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum CareForm {
    /// *Begeleiding individueel*.
    IndividualGuidance,
    /// *Beschermd thuis*.
    ShelteredAtHome,
    /// Another form.
    Other,
}

/// How a trajectory ended (`docs/DOMAIN.md` §3, our decision). Dutch: *uitkomst*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Three years in their own tenancy.
    FollowUpCompleted,
    /// Left the dwelling for another good one; before the first dwelling: found a home by the regular way.
    MovedOnWell,
    /// The client withdrew.
    Withdrew,
    /// The only offer was refused.
    OfferRefused,
    /// The client turned out not to be ready.
    NotReady,
    /// Other care was needed.
    OtherCare,
    /// The placement was ended early.
    PlacementEnded,
    /// Evicted.
    Evicted,
    /// Back to sheltered housing or shelter.
    ReturnedToShelter,
    /// Died. Every reminder stops and no figure counts it as a failure.
    Deceased,
    /// Moved out of the region.
    MovedAway,
    /// It is not known where the client is.
    OutOfSight,
    /// The guidance is completed; the client lives on under a lease that was their own from the first day.
    GuidanceCompleted,
    /// The case should not have been registered. It is in no figure.
    RegisteredByMistake,
    /// The client came because the home was at risk (prevention, S2 Den Haag), and kept it. Dutch: *woning
    /// behouden*.
    HomeKept,
}

impl Outcome {
    /// Whether the client no longer lives in the dwelling. A client who withdrew from guidance, or is out of
    /// sight, may still live there.
    #[must_use]
    pub fn leaves_the_home(self) -> bool {
        match self {
            Self::MovedOnWell
            | Self::OtherCare
            | Self::PlacementEnded
            | Self::Evicted
            | Self::ReturnedToShelter
            | Self::Deceased
            | Self::MovedAway => true,
            Self::FollowUpCompleted
            | Self::Withdrew
            | Self::OfferRefused
            | Self::NotReady
            | Self::OutOfSight
            | Self::GuidanceCompleted
            | Self::RegisteredByMistake
            | Self::HomeKept => false,
        }
    }
}

/// The danger that allows steps of the protocol to be skipped. Dutch: *acute grond*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum AcuteGround {
    /// *Geweld*.
    Violence,
    /// *Brand, brandgevaar*.
    Fire,
    /// *Bedreiging*.
    Threat,
}
