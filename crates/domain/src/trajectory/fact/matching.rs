//! Matching: from the request to the corporation that looks for a home. Its offers: `offers.rs`.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{COORDINATOR, CORPORATION, PROVIDER, Row};
use super::terms::Party;
use crate::category::Category::{Course, Dwelling, Profile, Weighed};
use crate::day::Day;
use crate::ids::{DocumentReference, OrganisationId};
use crate::role::Role::{CareProvider, Guide, MatchingPoint};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::{BackFromMatching, To};
use crate::trajectory::phase::Phase::{Housed, Matching, Ready};

/// The provider nominates the client for a dwelling. Dutch: *voordracht, aanvraag*. Source: S2, S4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HousingRequested {
    /// The day it happened.
    pub occurred_on: Day,
    /// The application form (*aanmeldformulier*).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<DocumentReference>,
}

impl HousingRequested {
    pub(super) const ROW: Row = Row::leads(
        &[Ready, Housed],
        To(Matching),
        PROVIDER,
        &[(Course, "occurredOn"), (Weighed, "application")],
    )
    .needing(&[Need::ProfileForAHome]);
}

/// The matching point sends an incomplete request back. Dutch: *aanvraag retour*. Source:
/// `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestReturned {
    /// The day it happened.
    pub occurred_on: Day,
    /// What is missing.
    #[schema(value_type = BTreeSet<MissingItem>, min_items = 1, max_items = 6)]
    pub missing: Vec<MissingItem>,
    /// What to add to the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl RequestReturned {
    pub(super) const ROW: Row = Row::leads(
        &[Matching],
        BackFromMatching,
        COORDINATOR,
        &[(Course, "occurredOn"), (Profile, "missing notes")],
    );
}

/// What an application lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum MissingItem {
    /// *Uitstroomprofiel*.
    OutflowProfile,
    /// *Inkomen*.
    Income,
    /// *Schulden*.
    Debts,
    /// *Identiteitsbewijs*.
    IdentityDocument,
    /// *Begeleidingsplan*.
    GuidancePlan,
    /// Something else.
    Other,
}

/// The corporation that fits best is asked for a dwelling. Dutch: *corporatie toegewezen*. Source: S4: the
/// matching point picks it. S0: provider and corporation look for a dwelling together. The agreement set says
/// who assigns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorporationAssigned {
    /// The day it happened.
    pub occurred_on: Day,
    /// The corporation.
    pub corporation: OrganisationId,
    /// Who assigns it: the matching point, unless this names the care provider, who agreed it with the
    /// corporation. The corporation takes it up with an offer, or hands it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_by: Option<Party>,
}

impl CorporationAssigned {
    pub(super) const ROW: Row = Row::stays(
        &[Matching],
        &[MatchingPoint, Guide, CareProvider],
        &[(Course, "occurredOn corporation assignedBy")],
    );

    /// The party that assigns.
    #[must_use]
    pub fn assigner(&self) -> Party {
        self.assigned_by.unwrap_or(Party::MatchingPoint)
    }
}

/// The corporation hands an assignment back. Another one can be assigned then. Dutch: *toewijzing
/// teruggegeven*. Source: our decision, `docs/DOMAIN.md` §3.2, after S0 (found together).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignmentReturned {
    /// The day it happened.
    pub occurred_on: Day,
    /// The corporation that hands it back.
    pub corporation: OrganisationId,
    /// Why.
    pub ground: AssignmentReturnGround,
    /// What the partners need to know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl AssignmentReturned {
    // The next corporation sees that there was another, and not why it handed the client back.
    pub(super) const ROW: Row = Row::stays(
        &[Matching],
        CORPORATION,
        &[(Course, "occurredOn corporation"), (Dwelling, "ground explanation")],
    )
    .needing(&[Need::Assignment]);
}

/// Why a corporation hands an assignment back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum AssignmentReturnGround {
    /// *Geen passende woning te verwachten*.
    NoFittingDwelling,
    /// *Spreiding: in deze buurt wonen al veel cliënten* (S2 Haarlem, Hoeksche Waard).
    Spreading,
    /// *Netwerk of dagbesteding is elders*.
    NetworkElsewhere,
    /// Another reason.
    Other,
}
