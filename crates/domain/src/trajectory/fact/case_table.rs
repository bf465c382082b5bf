//! The case table: who talks about a case that is stuck, and what they agree on.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::{RUNNING, Row};
use super::terms::Party;
use crate::category::Category::{CaseTable, TableTalk};
use crate::day::Day;
use crate::ids::OrganisationId;
use crate::role::Role::{CareProvider, Guide, HousingCorporation, MatchingPoint, WmoConsultant};
use crate::text::PrivateText;

/// The case was discussed at the case table. Dutch: *besproken aan de casustafel*. Source: S3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseDiscussed {
    /// The day it happened.
    pub occurred_on: Day,
    /// What holds the case up.
    pub bottleneck: Bottleneck,
    /// What was agreed.
    pub outcome: PrivateText,
    /// Who was at the table. What was said is shown to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 12)]
    pub attendees: Vec<Attendee>,
}

impl CaseDiscussed {
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        &[Guide, CareProvider, HousingCorporation, MatchingPoint, WmoConsultant],
        &[(CaseTable, "occurredOn"), (TableTalk, "bottleneck outcome attendees")],
    );

    /// Whether somebody of this organisation was at the table.
    #[must_use]
    pub fn was_attended_by(&self, organisation: &OrganisationId) -> bool {
        self.attendees.iter().any(|attendee| attendee.organisation.as_ref() == Some(organisation))
    }
}

/// Somebody at the case table. Dutch: *deelnemer*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attendee {
    /// For which party.
    pub party: Party,
    /// The organisation of this person. The client has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
}

/// What holds a case up. Dutch: *knelpunt*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Bottleneck {
    /// *Inkomen*.
    Income,
    /// *Schulden*.
    Debts,
    /// *Woningaanbod*.
    DwellingSupply,
    /// *Zorg*.
    Care,
    /// *Indicatie*.
    Indication,
    /// *Gemeente van herkomst*.
    MunicipalityOfOrigin,
    /// *Mismatch met de woning*.
    Mismatch,
    /// Something else.
    Other,
}
