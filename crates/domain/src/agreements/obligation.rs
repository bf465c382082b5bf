//! One obligation of an agreement, as the set says it: what starts it, by when, and what keeps it
//! (`domain.md` §4).

use serde::{Deserialize, Serialize};

use super::field::{FieldPath, Scalar};
use super::pattern::{FactTypes, Pattern};
use super::set::BothLanguages;
use crate::ids::ObligationId;
use crate::trajectory::FactType;
use crate::trajectory::fact::{ContractModel, Fact, Party};

/// What one or more parties owe, once it has started. Dutch: *verplichting*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Obligation {
    /// Its id in the set, such as `4.2`.
    pub id: ObligationId,
    /// What is owed.
    pub text: BothLanguages,
    /// Who owes it.
    pub responsible: Responsible,
    /// The facts of which each starts it anew.
    pub starts_with: Vec<Pattern>,
    /// By when; without one it is never late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// What keeps it.
    pub kept_by: KeptBy,
    /// From which fact on keeping counts; without one only what comes after the start.
    #[serde(skip_serializing_if = "FactTypes::is_empty")]
    pub counts_since: FactTypes,
    /// What makes it fall away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends_with: Vec<Pattern>,
    /// The field that start, keeping and falling away must have in common, such as `caseId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same: Option<FieldPath>,
    /// Whether what keeps it starts it again. The reader holds the starts against it.
    pub recurs: bool,
    /// Whether a start is passed over while an earlier one is open.
    pub one_at_a_time: bool,
    /// During what its clock stands still.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paused_by: Vec<PauseKind>,
    /// Under which leases it applies; none is all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contract_models: Vec<ContractModel>,
    /// Where it comes from.
    pub source: Vec<Source>,
}

/// Who owes an obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Responsible {
    /// These, together.
    Parties(Vec<Party>),
    /// The one that the starting fact names in this field.
    NamedIn(FieldPath),
}

/// By when an obligation is to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deadline {
    /// On the day of the start.
    SameDay,
    /// So many calendar days after the start.
    Days(u16),
    /// So many working days after the start.
    WorkingDays(u16),
    /// So many weeks after the start.
    Weeks(u16),
    /// So many calendar months after the start.
    Months(u16),
    /// No later than the day of another fact.
    Before(FactTypes),
    /// On the date that a field of the starting fact tells.
    On {
        /// The field.
        field: FieldPath,
        /// At most so many months after the start, whatever the field says.
        at_most_months: Option<u16>,
        /// So many weeks after the start where that fact tells no such date.
        #[serde(skip_serializing_if = "Option::is_none")]
        else_weeks: Option<u16>,
    },
    /// So many months before the date that a field of the starting fact tells.
    MonthsBefore {
        /// How many.
        months: u16,
        /// The field.
        field: FieldPath,
    },
    /// Several times: after each of the months in the set's follow-up settings.
    FollowUpChecks,
}

/// What keeps an obligation: all of these facts, and one of those.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeptBy {
    /// Facts that must all have happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Pattern>,
    /// Facts of which one must have happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Pattern>,
    /// The ledger itself keeps it, at once.
    pub enforced: bool,
}

/// During what the clock of an obligation stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseKind {
    /// From `temporary-placement-started` to `returned-home`.
    TemporaryPlacement,
    /// From `absence-started` to `absence-ended`.
    Absence,
}

/// Where an obligation comes from (`domain.md`, head).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Stated in the first seed.
    S0,
    /// Stated in the second seed.
    S1,
    /// Stated in the third seed.
    S2,
    /// Stated in the fourth seed.
    S3,
    /// Stated in the fifth seed.
    S4,
    /// Stated in other public material of the field.
    P,
    /// A decision of the region, or ours.
    #[serde(rename = "decision")]
    Decision,
}

/// The facts that are about one signal.
pub(crate) const SIGNALS: [FactType; 2] = [FactType::SignalReported, FactType::SignalAnswered];

impl Obligation {
    /// How many facts `kept-by.all` may ask for: an open instance remembers each in one bit.
    pub const MOST_TO_KEEP: usize = 32;

    /// The kinds of facts that can change an instance of this obligation once it has started.
    #[must_use]
    pub fn watches(&self) -> FactTypes {
        let limit = match &self.deadline {
            Some(Deadline::Before(facts)) => *facts,
            _ => FactTypes::default(),
        };
        self.kept_by.patterns().chain(&self.ends_with).fold(limit, |all, pattern| all.or(pattern.facts))
    }

    /// Whether it applies under a lease of this model.
    #[must_use]
    pub fn applies_under(&self, model: ContractModel) -> bool {
        self.contract_models.is_empty() || self.contract_models.contains(&model)
    }

    /// Whether this fact starts it.
    #[must_use]
    pub fn is_started_by(&self, fact: &Fact) -> bool {
        self.starts_with.iter().any(|pattern| pattern.matches(fact))
    }

    /// Whether it is about signals. Signals are hidden from some viewers one by one, so each of its instances is about one signal
    /// and depends on no other: [reading a set](super::set::AgreementSet) sees to it that it has `same = "signalId"`.
    #[must_use]
    pub fn is_about_signals(&self) -> bool {
        let patterns = self.starts_with.iter().chain(self.kept_by.patterns()).chain(&self.ends_with);
        patterns
            .fold(FactTypes::default(), |all, pattern| all.or(pattern.facts))
            .meets(FactTypes::of(&SIGNALS))
    }

    /// What this fact says in the field that must be the same, where there is one.
    #[must_use]
    pub fn reference_in(&self, fact: &Fact) -> Option<Scalar> {
        self.same.as_ref().and_then(|field| field.read(fact))
    }
}

impl KeptBy {
    /// Every fact it asks for.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.all.iter().chain(&self.any)
    }
}

impl Responsible {
    /// The parties that the set itself names.
    #[must_use]
    pub fn parties(&self) -> Vec<Party> {
        match self {
            Self::Parties(parties) => parties.clone(),
            Self::NamedIn(_) => Vec::new(),
        }
    }
}
