//! Prevention: who speaks for the client, and what would have prevented the loss of a home.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::{CLIENTS_SIDE, EVER_AFTER, RUNNING, Row};
use crate::category::Category::{Guidance, Identity};
use crate::day::Day;
use crate::role::Role::{CareProvider, Guide, WmoConsultant};
use crate::text::PrivateText;

/// Somebody speaks for the client: a guardian of a minor, or a representative. Dutch: *vertegenwoordiger,
/// voogd*. Source: S2 (Den Haag: a minor whose mother had died).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepresentativeAppointed {
    /// The day it happened.
    pub occurred_on: Day,
    /// In which capacity.
    pub capacity: Capacity,
    /// The representative's name.
    pub name: PrivateText,
    /// How to reach the representative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<PrivateText>,
}

impl RepresentativeAppointed {
    // That a client has a guardian or an administrator is as personal as the client's name.
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        &[Guide, CareProvider, WmoConsultant],
        &[(Identity, "occurredOn capacity name contact")],
    );
}

/// In which capacity somebody represents a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// *Voogd*: of a minor.
    Guardian,
    /// *Curator*.
    Curator,
    /// *Mentor*.
    Mentor,
    /// *Bewindvoerder*.
    Administrator,
    /// *Gemachtigde*.
    AuthorisedPerson,
}

/// The client's own account of how it came so far. Dutch: *klantreis*. Source: S2 (Den Haag): how did you
/// come into an institution, and could it have been prevented?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientJourneyRecorded {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why it came so far.
    pub how_it_came: PrivateText,
    /// What would have prevented it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_would_have_helped: Option<PrivateText>,
    /// The chances that were missed, as codes that can be counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = BTreeSet<MissedChance>, required = false, max_items = 6)]
    pub missed_chances: Vec<MissedChance>,
}

impl ClientJourneyRecorded {
    pub(super) const ROW: Row = Row::stays(
        EVER_AFTER,
        CLIENTS_SIDE,
        &[(Guidance, "occurredOn howItCame whatWouldHaveHelped missedChances")],
    );
}

/// A chance that was missed to keep a client in a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum MissedChance {
    /// *Woonduur of inschrijving verloren* (S2 Den Haag).
    WaitingTimeLost,
    /// *Overlast van buren niet opgepakt*.
    NuisanceOfNeighboursNotAnswered,
    /// *Achterstand niet gezien*.
    ArrearsNotSeen,
    /// *Hulp te laat*.
    HelpTooLate,
    /// *Ziekenhuis of detentie: woning opgezegd*.
    HomeGivenUpDuringAbsence,
    /// Another one.
    Other,
}
