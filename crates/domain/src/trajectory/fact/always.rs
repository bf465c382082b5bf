//! Facts that are admitted at any point of a running case.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Fact;
use super::need::Need;
use super::row::{BEFORE_HOUSING, COORDINATOR, EVER_AFTER, EVERY_PARTY, PROVIDER, RUNNING, Row};
use super::terms::{AgreementSetVersion, Outcome, Party};
use crate::category::Category::{Course, Departures, Guidance, Identity, Living};
use crate::day::Day;
use crate::ids::{ObligationId, OrganisationId, TrajectoryId};
use crate::role::Role::{CareProvider, Client, Guide, HousingCorporation, MatchingPoint, WmoConsultant};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::To;
use crate::trajectory::phase::Phase::Ended;

/// A party agrees to set an obligation aside. It is set aside once every party that owes it, and every party
/// that it protects, has agreed with a fact of its own. Dutch: *afwijking afgesproken, maatwerk*. Source: S1
/// (room for tailoring); who must agree is our decision, `docs/DOMAIN.md` §3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DepartureAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The obligation.
    pub obligation: ObligationId,
    /// The party that agrees. A partner reports its own agreement only; a history that is imported may
    /// name all parties that agreed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub agreed_by: Vec<Party>,
    /// The parties that are asked to agree as well. They see this fact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = BTreeSet<Party>, required = false, max_items = 5)]
    pub asks: Vec<Party>,
    /// Why.
    pub reason: PrivateText,
}

impl DepartureAgreed {
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        &[Client, Guide, CareProvider, HousingCorporation, MatchingPoint, WmoConsultant],
        &[(Departures, "occurredOn obligation agreedBy asks reason")],
    );
}

/// The partners bind the trajectory to another agreement set, or to a newer version: never
/// silently. Dutch: *andere afsprakenset*. Source: our decision, `docs/DOMAIN.md` §4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementSetChanged {
    /// The day it happened.
    pub occurred_on: Day,
    /// The agreements that apply from now on.
    pub agreement_set: AgreementSetVersion,
    /// Why.
    pub reason: PrivateText,
}

impl AgreementSetChanged {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, COORDINATOR, &[(Course, "occurredOn agreementSet"), (Living, "reason")]);
}

/// Another provider or municipality takes over. Dutch: *overgedragen*. Source: `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrajectoryTransferred {
    /// The day it happened.
    pub occurred_on: Day,
    /// The provider from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_provider: Option<OrganisationId>,
    /// The municipality from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<OrganisationId>,
    /// Why.
    pub ground: TransferGround,
}

impl TrajectoryTransferred {
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        &[Guide, CareProvider, MatchingPoint, WmoConsultant],
        &[(Course, "occurredOn careProvider municipality ground")],
    );
}

/// Why a case is transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum TransferGround {
    /// *Faillissement*.
    ProviderBankrupt,
    /// *Zorgaanbieder stopt*.
    ProviderStopped,
    /// *Wens van de cliënt*.
    ClientChoice,
    /// *Verhuizing*.
    Moved,
    /// Something else.
    Other,
}

/// The case ends. Dutch: *traject beëindigd*. Source: `docs/DOMAIN.md` §3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrajectoryEnded {
    /// The day it happened.
    pub occurred_on: Day,
    /// How it ended.
    pub outcome: Outcome,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl TrajectoryEnded {
    pub(super) const ROW: Row = Row::leads(
        RUNNING,
        To(Ended),
        &[Guide, CareProvider, MatchingPoint],
        &[(Course, "occurredOn outcome"), (Guidance, "notes")],
    );
}

/// The case was registered by mistake, or the client has another one: it ends and is in no figure. Dutch:
/// *abusievelijk geregistreerd, dubbel geregistreerd*. Source: our decision, `docs/DOMAIN.md` §3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisteredByMistake {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case that the client has, if this one is a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<TrajectoryId>,
    /// What went wrong.
    pub reason: PrivateText,
}

impl RegisteredByMistake {
    pub(super) const ROW: Row = Row::leads(
        BEFORE_HOUSING,
        To(Ended),
        PROVIDER,
        &[(Course, "occurredOn"), (Identity, "sameAs"), (Guidance, "reason")],
    )
    .needing(&[Need::NoLease]);
}

/// An earlier fact was wrong: it is retracted, or replaced. Dutch: *gecorrigeerd*. Source: `docs/DOMAIN.md`
/// §3.1. The earlier fact stays readable; the log itself is never edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventCorrected {
    /// The day it happened.
    pub occurred_on: Day,
    /// The number of the fact in this trajectory.
    #[schema(minimum = 1)]
    pub corrects: u64,
    /// What really happened; without it the fact is retracted.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Box<Fact>>,
    /// What was wrong. Auditors read it, also if they see the corrected fact in part.
    pub reason: PrivateText,
}

impl EventCorrected {
    // `not_theirs` limits it to callers who could report both the corrected fact and the
    // replacement.
    // What is shown of a correction depends on the fact that it corrects: see
    // `View::show_correction`.
    pub(super) const ROW: Row =
        Row::stays(EVER_AFTER, EVERY_PARTY, &[(Course, "occurredOn corrects replacement reason")]);
}
