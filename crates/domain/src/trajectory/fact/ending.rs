//! Ending the lease: the notice, the judgment, the eviction that is prevented, and an end that is agreed.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{BEFORE_THE_FLIP, LANDLORDS, NUISANCE, Row, WITH_A_LEASE};
use super::terms::{AcuteGround, Party};
use crate::category::Category::{Course, Living, Nuisance, NuisanceCourse};
use crate::day::Day;
use crate::ids::{DocumentReference, LeaseId, NuisanceCaseId};
use crate::text::PrivateText;

/// The landlord ends the lease. Dutch: *huurbeëindiging gestart*. Source: `docs/DOMAIN.md` §3.2 and §3.4: two
/// dated warnings on the same ground or an acute ground, signed agreements on file, an alternative place, and a
/// term of notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseTerminationStarted {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why the lease is ended.
    pub ground: TerminationGround,
    /// The nuisance case. Needed if the ground is nuisance, and only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<NuisanceCaseId>,
    /// The danger that allows warnings to be skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acute: Option<AcuteGround>,
    /// Where the client can go.
    pub alternative_place: PrivateText,
    /// When the notice ends.
    pub notice_until: Day,
    /// The notice.
    pub document: DocumentReference,
}

impl LeaseTerminationStarted {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        LANDLORDS,
        &[
            (NuisanceCourse, "occurredOn caseId noticeUntil"),
            (Nuisance, "ground acute alternativePlace document"),
        ],
    )
    .needing(&[Need::Lease, Need::NoTermination, Need::SignedAgreements]);
}

/// What a landlord holds against the tenant. Dutch: *grond van de waarschuwing of opzegging*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum TerminationGround {
    /// *Huurachterstand*.
    Arrears,
    /// *Overlast*, in a nuisance case.
    Nuisance,
    /// Another reason, which a warning explains.
    Other,
}

/// The court orders the eviction. Without such a judgment nobody is put out, if the agreement set asks for one.
/// Dutch: *ontruimingsvonnis*. Source: `docs/DOMAIN.md` §3.4. It happened on the day of the judgment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvictionOrdered {
    /// The day it happened.
    pub occurred_on: Day,
    /// The nuisance case, if the lease is ended because of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<NuisanceCaseId>,
    /// The judgment.
    pub judgment: DocumentReference,
}

impl EvictionOrdered {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, LANDLORDS, &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "judgment")])
            .needing(&[Need::Lease, Need::Notice]);
}

/// Client and landlord agree that the lease ends, and the client has a place to go. Dutch: *huurbeëindiging met
/// wederzijds goedvinden*. Source: `docs/DOMAIN.md` §3.4. Without it, or a notice that is over, the placement
/// of a client with a lease does not end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseEndAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// The parties that signed: client and landlord are needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub signed_by: Vec<Party>,
    /// The last day of the lease.
    pub ends_on: Day,
    /// Where the client goes.
    pub next_place: PrivateText,
    /// The agreement.
    pub document: DocumentReference,
}

impl LeaseEndAgreed {
    pub(super) const ROW: Row = Row::stays(
        BEFORE_THE_FLIP,
        LANDLORDS,
        &[(Course, "occurredOn leaseId endsOn"), (Living, "signedBy nextPlace document")],
    )
    .needing(&[Need::Lease]);
}

/// The eviction is prevented and the lease continues. Dutch: *huisuitzetting voorkomen*. Source: S2
/// (Noord-Limburg), `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvictionPrevented {
    /// The day it happened.
    pub occurred_on: Day,
    /// The nuisance case, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<NuisanceCaseId>,
    /// What helped.
    pub how: PrivateText,
}

impl EvictionPrevented {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, NUISANCE, &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "how")])
            .needing(&[Need::Termination]);
}
