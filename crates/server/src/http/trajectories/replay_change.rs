//! One change of a replay: in codes for programs, and in words.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::agreements::assess::Verdict;
use omklap_domain::day::Day;
use omklap_domain::nuisance::protocol::CaseState;
use omklap_domain::replay::{Change, Obliged};
use omklap_domain::trajectory::fact::Party;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::request::language::Language;

/// Something that a fact changed, and why. Dutch: *verandering*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayChange)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeBody {
    /// What changed.
    what: What,
    /// By which rule: an obligation of the agreement set, the table of phases, the nuisance
    /// protocol, the follow-up.
    rule: String,
    /// The set in force, as `id@version`, if the rule is part of a set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agreement_set: Option<String>,
    /// What it is about, such as the id of a nuisance case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    subject: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from: Option<String>,
    /// What it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<String>,
    /// The due date of the obligation, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    due_on: Option<Day>,
    /// The parties that are responsible for the obligation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    responsible: Vec<Party>,
    /// The numbers of the facts that this rests on.
    evidence: Vec<u64>,
    /// The same in the caller's language.
    text: String,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReplayWhat)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// The phase.
    Phase,
    /// An obligation was opened.
    ObligationOpened,
    /// An obligation was kept, set aside or lapsed; with `from`, one that had been kept was undone.
    ObligationSettled,
    /// A nuisance case came to another level.
    NuisanceLevel,
    /// The status of a nuisance case changed: quiet, closed, unfounded, handed over, or open again.
    NuisanceStand,
    /// The follow-up began, a check was held or missed, or it ended.
    FollowUp,
}

impl ChangeBody {
    pub fn of(change: &Change, sequence: u64, sets: &AgreementSets, language: Language) -> Self {
        match change {
            Change::Phase { from, to } => Self {
                from: Some(from.to_string()),
                to: Some(to.to_string()),
                ..Self::new(
                    What::Phase,
                    "phases",
                    sequence,
                    format!("{} {from} → {to}", language.of_two("phase", "fase")),
                )
            },
            Change::Opened(obliged) => Self::opened(obliged, sequence, sets, language),
            Change::Settled { obligation, from, to, evidence } => Self {
                from: from.map(|from| from.to_string()),
                ..Self::settled(obligation, *to, evidence, sequence, sets, language)
            },
            Change::NuisanceLevel { case, from, to } => {
                let from = from.map(|level| u8::from(level).to_string());
                let to = u8::from(*to).to_string();
                let level = language.of_two("nuisance level", "overlast niveau");
                let text =
                    from.as_ref().map_or(format!("{level} {to}"), |from| format!("{level} {from} → {to}"));
                let subject = Some(case.to_string());
                Self {
                    subject,
                    from,
                    to: Some(to),
                    ..Self::new(What::NuisanceLevel, "nuisance-protocol", sequence, text)
                }
            }
            Change::NuisanceState { case, state } => {
                let to = state_text(*state);
                let text = format!("{} {to}", language.of_two("nuisance case:", "overlastzaak:"));
                let subject = Some(case.to_string());
                Self {
                    subject,
                    to: Some(to),
                    ..Self::new(What::NuisanceStand, "nuisance-protocol", sequence, text)
                }
            }
            Change::FollowUpBegan { until } => {
                let text = format!("{} {until}", language.of_two("follow-up until", "nazorg tot"));
                Self {
                    to: Some("began".to_owned()),
                    due_on: Some(*until),
                    ..Self::new(What::FollowUp, "follow-up", sequence, text)
                }
            }
            Change::CheckHeld { month } => {
                Self::check(*month, "held", language.of_two("held", "gehouden"), sequence, language)
            }
            Change::CheckMissed { month } => {
                Self::check(*month, "missed", language.of_two("missed", "gemist"), sequence, language)
            }
            Change::FollowUpEnded { outcome } => {
                let outcome = coded(outcome);
                let text = format!("{} {outcome}", language.of_two("follow-up ended:", "nazorg geëindigd:"));
                Self { to: Some(outcome), ..Self::new(What::FollowUp, "follow-up", sequence, text) }
            }
        }
    }

    fn new(what: What, rule: &str, sequence: u64, text: String) -> Self {
        Self {
            what,
            rule: rule.to_owned(),
            agreement_set: None,
            subject: None,
            from: None,
            to: None,
            due_on: None,
            responsible: Vec::new(),
            evidence: vec![sequence],
            text,
        }
    }

    fn opened(obliged: &Obliged, sequence: u64, sets: &AgreementSets, language: Language) -> Self {
        let by = obliged.due_on.map(|day| format!(", {} {day}", language.of_two("by", "uiterlijk")));
        let text = format!(
            "{}: {}{}",
            named(obliged, sets, language),
            language.of_two("due", "te doen"),
            by.unwrap_or_default()
        );
        Self {
            agreement_set: Some(obliged.agreement_set.clone()),
            due_on: obliged.due_on,
            responsible: obliged.responsible.clone(),
            ..Self::new(What::ObligationOpened, obliged.obligation.as_str(), sequence, text)
        }
    }

    fn settled(
        obliged: &Obliged,
        to: Verdict,
        evidence: &[u64],
        sequence: u64,
        sets: &AgreementSets,
        language: Language,
    ) -> Self {
        let text =
            format!("{}: {}", named(obliged, sets, language), language.of_two(to.as_str(), in_dutch(to)));
        Self {
            agreement_set: Some(obliged.agreement_set.clone()),
            to: Some(to.to_string()),
            due_on: obliged.due_on,
            responsible: obliged.responsible.clone(),
            evidence: evidence.to_vec(),
            ..Self::new(What::ObligationSettled, obliged.obligation.as_str(), sequence, text)
        }
    }

    fn check(month: u8, to: &str, status: &str, sequence: u64, language: Language) -> Self {
        let text = format!("{} {month}: {status}", language.of_two("check of month", "contact in maand"));
        let subject = Some(format!("month {month}"));
        Self { subject, to: Some(to.to_owned()), ..Self::new(What::FollowUp, "follow-up", sequence, text) }
    }
}

/// An obligation with its text from its set.
fn named(obliged: &Obliged, sets: &AgreementSets, language: Language) -> String {
    let text = sets
        .obligation(&obliged.agreement_set, &obliged.obligation)
        .map(|obligation| language.of_two(&obligation.text.en, &obligation.text.nl).as_str());
    format!("{} {}", obliged.obligation, text.unwrap_or_default())
}

fn in_dutch(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotStarted => "nog niet begonnen",
        Verdict::Due => "open",
        Verdict::Kept => "nagekomen",
        Verdict::KeptLate => "te laat nagekomen",
        Verdict::Overdue => "te laat",
        Verdict::SetAside => "afgeweken of vervallen",
        Verdict::NotApplicable => "niet van toepassing",
    }
}

fn state_text(state: CaseState) -> String {
    match state {
        CaseState::Open => "open".to_owned(),
        CaseState::Quiet { until } => format!("quiet until {until}"),
        CaseState::Closed => "closed".to_owned(),
        CaseState::Unfounded => "unfounded".to_owned(),
        CaseState::HandedOver => "handed-over".to_owned(),
        CaseState::CaseEnded => "case-ended".to_owned(),
    }
}

/// A code as it is written on the wire.
fn coded(code: &impl Serialize) -> String {
    serde_json::to_value(code)
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}
