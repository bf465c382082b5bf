//! What is shared: the explanation, consent and its withdrawal.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{CLIENTS_SIDE, PROVIDER, RUNNING, Row};
use super::terms::Party;
use crate::category::Category::{Consents, Guidance};
use crate::day::Day;
use crate::ids::DocumentReference;
use crate::text::PrivateText;

/// What is shared with whom was explained to the client. Dutch: *privacy uitgelegd*. Source: agreement 10,
/// obligation 10.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivacyExplained {
    /// The day it happened.
    pub occurred_on: Day,
    /// The parties that data is shared with.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub shared_with: Vec<Party>,
    /// The leaflet that the client was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaflet: Option<DocumentReference>,
}

impl PrivacyExplained {
    pub(super) const ROW: Row = Row::stays(RUNNING, PROVIDER, &[(Consents, "occurredOn sharedWith leaflet")]);
}

/// The client agrees to something being shared. Dutch: *toestemming gegeven*. Source: agreement 10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentGiven {
    /// The day it happened.
    pub occurred_on: Day,
    /// What may be shared.
    pub scope: ConsentScope,
    /// The parties it may be shared with.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub recipients: Vec<Party>,
    /// The signed form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentReference>,
}

impl ConsentGiven {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, CLIENTS_SIDE, &[(Consents, "occurredOn scope recipients document")]);
}

/// The client withdraws consent. Sharing that was based on it stops. Dutch: *toestemming ingetrokken*.
/// Source: obligation 10.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentWithdrawn {
    /// The day it happened.
    pub occurred_on: Day,
    /// What may no longer be shared.
    pub scope: ConsentScope,
    /// Why, if the client gives a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl ConsentWithdrawn {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, CLIENTS_SIDE, &[(Consents, "occurredOn scope"), (Guidance, "reason")])
            .needing(&[Need::Consent]);
}

/// What a client may consent to share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentScope {
    /// *Uitstroomprofiel*.
    OutflowProfile,
    /// *Begeleidingsdoelen*.
    GuidanceGoals,
    /// *Gezondheid*.
    Health,
    /// *Financiën*.
    Finances,
    /// *Contact met buren*.
    ContactWithNeighbours,
}
