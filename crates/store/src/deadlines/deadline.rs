//! What the event of a deadline says.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::{ObligationId, TrajectoryId};
use omklap_domain::trajectory::fact::Party;
use serde::{Deserialize, Serialize};

use crate::read_models::Derived;
use crate::read_models::obligations::ObligationRow;

/// The payload of a deadline's event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    /// What happened to it.
    #[serde(rename = "type")]
    pub kind: DeadlineKind,
    /// The first day on which that was so, whenever it was recorded.
    pub occurred_on: Day,
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The number of the agreement.
    pub agreement: u8,
    /// The obligation's id in the set.
    pub obligation: ObligationId,
    /// The set, as `id@version`.
    pub agreement_set: String,
    /// The day on which it is due.
    pub due_on: Day,
    /// The parties that owe it.
    pub responsible: Vec<Party>,
    /// The number of the fact that started it.
    pub started_by: u64,
    /// Its number among those that this fact started.
    pub part: u16,
    /// What it is about, such as the id of a nuisance case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Deadline {
    /// Whether this follows from a case: such an obligation is open, its day is this one, and by
    /// the day of recording it was near or had passed.
    pub(crate) fn follows_from(&self, derived: &Derived, sets: &AgreementSets, recorded_on: Day) -> bool {
        let set = sets.iter().find(|set| format!("{}@{}", set.id, set.version) == self.agreement_set);
        let Some(set) = set else { return false };
        let since = match self.kind {
            DeadlineKind::ObligationDueSoon => self.due_on.plus_days(-i32::from(set.deadlines.due_soon_days)),
            DeadlineKind::ObligationOverdue => self.due_on.plus_days(1),
        };
        let is_it = |row: &&ObligationRow| {
            (&row.obligation, row.started_by, row.part) == (&self.obligation, self.started_by, self.part)
        };
        let is_so = |row: &ObligationRow| {
            let says = (row.agreement, &row.agreement_set, row.due_on, &row.owed_by, &row.reference);
            let same =
                (self.agreement, &self.agreement_set, Some(self.due_on), &self.responsible, &self.reference);
            says == same && row.is_open() && self.occurred_on == since.max(row.started_on)
        };
        since <= recorded_on && derived.obligations.iter().find(is_it).is_some_and(is_so)
    }
}

/// Whether an obligation is due soon or overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    /// Its day is near.
    ObligationDueSoon,
    /// Its day has passed.
    ObligationOverdue,
}

impl DeadlineKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ObligationDueSoon, Self::ObligationOverdue];

    /// The name in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ObligationDueSoon => "obligation-due-soon",
            Self::ObligationOverdue => "obligation-overdue",
        }
    }

    pub(super) fn sequence(self) -> u64 {
        match self {
            Self::ObligationDueSoon => 1,
            Self::ObligationOverdue => 2,
        }
    }
}
