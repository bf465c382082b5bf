//! One obligation of an agreement as the set defines it: what starts it, when it is due, and what
//! keeps it (`docs/DOMAIN.md` §4).

use serde::{Deserialize, Serialize};

use super::both_languages::BothLanguages;
use super::field::{FieldPath, Scalar};
use super::pattern::{FactTypes, Pattern};
use crate::ids::ObligationId;
use crate::nuisance::Level;
use crate::nuisance::course::{case_of, is_about_some_case};
use crate::trajectory::FactType;
use crate::trajectory::fact::{ContractModel, Fact, Party};

/// A duty of one or more parties, once it has started. Dutch: *verplichting*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Obligation {
    /// Its id in the set, such as `4.2`.
    pub id: ObligationId,
    /// What the parties must do.
    pub text: BothLanguages,
    /// The parties that are responsible.
    pub responsible: Responsible,
    /// The parties that it protects, which must agree before it is set aside.
    pub protects: Vec<Party>,
    /// Whether the parties cannot set it aside.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub never_set_aside: bool,
    /// The level of a nuisance case at which it must be kept. It starts whenever a case comes to
    /// this level, and it is about that case. If absent, it is no step of the nuisance protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Facts that start it. Each one starts a new instance. At a level: the facts that bring a case
    /// there, as far as they start it.
    pub starts_with: Vec<Pattern>,
    /// The deadline. If absent, it is never late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// What keeps it.
    pub kept_by: KeptBy,
    /// The fact from which on keeping counts. If absent, only facts after the start count.
    #[serde(skip_serializing_if = "FactTypes::is_empty")]
    pub counts_since: FactTypes,
    /// What makes it fall away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends_with: Vec<Pattern>,
    /// What undoes the keeping: the clock runs on from the start, with the days that passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<UndoneBy>,
    /// The field that start, keeping and falling away must have in common, such as `caseId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same: Option<FieldPath>,
    /// Whether keeping it starts it again. The reader checks that the starts agree with this.
    pub recurs: bool,
    /// Whether a start is ignored while an earlier instance is open.
    pub one_at_a_time: bool,
    /// The absences that pause its clock.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paused_by: Vec<PauseKind>,
    /// The leases under which it applies. If empty, it applies under all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contract_models: Vec<ContractModel>,
    /// The sources of the obligation.
    pub source: Vec<Source>,
}

/// The parties that are responsible for an obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Responsible {
    /// These parties, together.
    Parties(Vec<Actor>),
    /// The party that the starting fact names in this field.
    NamedIn(FieldPath),
}

/// A party that a set names as responsible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The client.
    Client,
    /// The provider.
    CareProvider,
    /// The corporation.
    HousingCorporation,
    /// The municipality.
    Municipality,
    /// The matching point.
    MatchingPoint,
    /// The party that the client rents from: the provider under an intermediary lease, otherwise
    /// the corporation.
    Landlord,
}

/// The deadline of an obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deadline {
    /// On the day of the start.
    SameDay,
    /// This number of calendar days after the start.
    Days(u16),
    /// This number of working days after the start.
    WorkingDays(u16),
    /// This number of weeks after the start.
    Weeks(u16),
    /// This number of calendar months after the start.
    Months(u16),
    /// No later than the day of another fact.
    Before(FactTypes),
    /// On the date in a field of the starting fact.
    On {
        /// The field.
        field: FieldPath,
        /// At most this number of months after the start, whatever the field says.
        at_most_months: Option<u16>,
        /// This number of weeks after the start, if the fact has no such date.
        #[serde(skip_serializing_if = "Option::is_none")]
        else_weeks: Option<u16>,
    },
    /// A number of months before the date in a field of the starting fact.
    MonthsBefore {
        /// The number of months.
        months: u16,
        /// The field.
        field: FieldPath,
    },
    /// Several times: after each of the months in the set's follow-up settings.
    FollowUpChecks,
}

/// The facts that keep an obligation: all facts of `all`, and one of `any`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeptBy {
    /// Facts that must all have happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Pattern>,
    /// Facts; at least one of these must have happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Pattern>,
    /// The ledger itself keeps it immediately.
    pub enforced: bool,
}

/// Facts that undo the keeping of an obligation: an offer that is withdrawn was no home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct UndoneBy {
    /// The facts.
    pub facts: FactTypes,
    /// The field that such a fact and the fact that kept the obligation have in common, such as
    /// `offerId`.
    pub same: FieldPath,
}

/// The absences that can pause the clock of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseKind {
    /// From `temporary-placement-started` to `returned-home`.
    TemporaryPlacement,
    /// From `absence-started` to `absence-ended`.
    Absence,
    /// From `renovation-started` to `renovation-ended`.
    Renovation,
}

/// The source of an obligation (`docs/DOMAIN.md`, head).
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
    /// Stated in other public material of the sector.
    P,
    /// A decision of the region, or our own.
    #[serde(rename = "decision")]
    Decision,
}

/// The facts that are about one signal.
pub(crate) const SIGNALS: [FactType; 2] = [FactType::SignalReported, FactType::SignalAnswered];

impl Obligation {
    /// The most facts that `kept-by.all` may have: an open instance stores each in one bit.
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

    /// Whether the parties can set it aside together. What the ledger enforces they cannot.
    #[must_use]
    pub fn can_be_set_aside(&self) -> bool {
        !self.never_set_aside && !self.kept_by.enforced
    }

    /// Whether a fact can be about what this reference says. A fact that names no nuisance case, and
    /// could not have named one, is about every case.
    #[must_use]
    pub(crate) fn is_about(&self, reference: &Scalar, fact: &Fact) -> bool {
        match self.reference_in(fact) {
            Some(named) => named == *reference,
            None => self.is_about_all_in(fact),
        }
    }

    /// Whether a fact is about every nuisance case, because it cannot name one.
    pub(crate) fn is_about_all_in(&self, fact: &Fact) -> bool {
        self.level.is_some() && case_of(fact).is_none() && !is_about_some_case(fact.fact_type())
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

    /// Whether it is about signals. Signals are hidden from some viewers one by one, so each of its
    /// instances is about one signal and depends on no other: [reading a
    /// set](super::set::AgreementSet) requires `same = "signalId"`.
    #[must_use]
    pub fn is_about_signals(&self) -> bool {
        let patterns = self.starts_with.iter().chain(self.kept_by.patterns()).chain(&self.ends_with);
        patterns
            .fold(FactTypes::default(), |all, pattern| all.or(pattern.facts))
            .meets(FactTypes::of(&SIGNALS))
    }

    /// What a fact is about, if the obligation is about one such thing: the value of the field that
    /// must be the same, or the nuisance case.
    #[must_use]
    pub fn reference_in(&self, fact: &Fact) -> Option<Scalar> {
        if self.level.is_some() {
            return case_of(fact).map(Scalar::of_case);
        }
        self.same.as_ref().and_then(|field| field.read(fact))
    }
}

impl KeptBy {
    /// Every pattern in it.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.all.iter().chain(&self.any)
    }
}

impl Responsible {
    /// The parties that the set itself names, if the client rents from this landlord.
    #[must_use]
    pub fn parties(&self, landlord: Party) -> Vec<Party> {
        match self {
            Self::Parties(actors) => actors.iter().map(|actor| actor.party(landlord)).collect(),
            Self::NamedIn(_) => Vec::new(),
        }
    }
}

impl Actor {
    /// The party, given the client's landlord.
    #[must_use]
    pub fn party(self, landlord: Party) -> Party {
        match self {
            Self::Client => Party::Client,
            Self::CareProvider => Party::CareProvider,
            Self::HousingCorporation => Party::HousingCorporation,
            Self::Municipality => Party::Municipality,
            Self::MatchingPoint => Party::MatchingPoint,
            Self::Landlord => landlord,
        }
    }
}
