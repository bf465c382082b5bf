//! Facts about the record itself: what an operator of the ledger did with the data it holds about the client,
//! not what happened to the client. Partners do not report these.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::{EVER_AFTER, OPERATOR, Row};
use crate::category::Category::Consents;
use crate::day::Day;
use crate::ids::DocumentReference;

/// Until the restriction is lifted, only an auditor sees the trajectory and nobody reports on it.
/// Dutch: *verwerking beperkt*. Source: AVG (GDPR) art. 18.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProcessingRestricted {
    /// The day it happened.
    pub occurred_on: Day,
    /// The ground of the request.
    pub ground: RestrictionGround,
    /// Who asked for the restriction.
    pub asked_by: RestrictionAsker,
}

impl ProcessingRestricted {
    // Acts on the record are shown to the parties concerned, and to those who may see the
    // access log.
    pub(super) const ROW: Row = Row::stays(EVER_AFTER, OPERATOR, &[(Consents, "occurredOn ground askedBy")]);
}

/// Who asks for a restriction. Source: AVG art. 18 (the client), art. 58, second paragraph, f and g (the
/// authority). That a representative may ask for the client is our decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum RestrictionAsker {
    /// *Cliënt*.
    Client,
    /// *Vertegenwoordiger of gemachtigde van de cliënt*.
    Representative,
    /// *Autoriteit Persoonsgegevens of rechter*.
    Authority,
}

/// The ground on which processing is restricted: AVG art. 18, first paragraph, a to d.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum RestrictionGround {
    /// *Juistheid wordt betwist* (a).
    AccuracyContested,
    /// *Onrechtmatig, maar de cliënt wil geen wissing* (b).
    UnlawfulButKept,
    /// *Nodig voor een rechtsvordering van de cliënt* (c).
    NeededForClientsClaim,
    /// *Bezwaar wordt beoordeeld* (d).
    ObjectionPending,
}

/// The restriction ends. The client was informed beforehand (AVG art. 18, third paragraph). Dutch: *beperking
/// opgeheven*.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestrictionLifted {
    /// The day it happened.
    pub occurred_on: Day,
}

impl RestrictionLifted {
    pub(super) const ROW: Row = Row::stays(EVER_AFTER, OPERATOR, &[(Consents, "occurredOn")]);
}

/// Private texts were destroyed, in the transaction that recorded this fact. Dutch: *persoonsgegevens
/// gewist*. Source: AVG art. 17.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonalDataErased {
    /// The day it happened.
    pub occurred_on: Day,
    /// The ground of the erasure.
    pub ground: ErasureGround,
    /// The numbers of the facts whose texts were destroyed. If absent, the texts of every fact before this
    /// one were destroyed, with the key that sealed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeSet<u64>>, nullable = false, min_items = 1, max_items = 1_000)]
    pub facts: Option<Vec<u64>>,
}

impl PersonalDataErased {
    pub(super) const ROW: Row = Row::stays(EVER_AFTER, OPERATOR, &[(Consents, "occurredOn ground facts")]);
}

/// The ground on which texts are erased: AVG art. 17, first paragraph, a to e, and art. 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureGround {
    /// *Niet langer nodig* (art. 17, a).
    NoLongerNeeded,
    /// *Toestemming ingetrokken* (art. 17, b).
    ConsentWithdrawn,
    /// *Bezwaar gemaakt* (art. 17, c).
    Objected,
    /// *Onrechtmatig verwerkt* (art. 17, d).
    Unlawful,
    /// *Wettelijke verplichting* (art. 17, e).
    LegalObligation,
    /// *Onjuist, en gerectificeerd* (art. 16): a separate correction gives the right text.
    Rectified,
}

/// The record is kept even after its retention term. Dutch: *bewaarplicht wegens geschil of onderzoek*.
/// Source: AVG art. 17, third paragraph, e; the grounds are our decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LegalHoldPlaced {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why the record is kept.
    pub ground: HoldGround,
    /// The reference under which the party that asked for the hold has it on file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<DocumentReference>,
}

impl LegalHoldPlaced {
    pub(super) const ROW: Row =
        Row::stays(EVER_AFTER, OPERATOR, &[(Consents, "occurredOn ground reference")]);
}

/// Why a record is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum HoldGround {
    /// *Rechtsvordering*.
    LegalClaim,
    /// *Klacht*.
    Complaint,
    /// *Onderzoek of toezicht*.
    Investigation,
}

/// The record no longer has to be kept. Dutch: *bewaarplicht opgeheven*.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LegalHoldLifted {
    /// The day it happened.
    pub occurred_on: Day,
}

impl LegalHoldLifted {
    pub(super) const ROW: Row = Row::stays(EVER_AFTER, OPERATOR, &[(Consents, "occurredOn")]);
}
