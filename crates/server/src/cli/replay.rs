//! `omklap replay ID`.

use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::CommandResult;
use super::remote::Remote;
use crate::auth::scope::Scope;
use crate::config::Config;

/// Show a trajectory step by step, in the order of happening: each fact, its reporter, and what it
/// changed and why
///
/// A corrected fact keeps its place, struck through with the reason. The last line lists the
/// numbers of the facts that are withheld from the caller.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The trajectory
    #[arg(value_name = "ID")]
    trajectory: TrajectoryId,
    /// Only what happened on this day or later
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Only what happened on this day or earlier
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// As it was known at this instant [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// The language of the output
    #[arg(long, value_enum, default_value_t = LanguageChoice::En)]
    language: LanguageChoice,
    /// One step a line, as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// The indent of the lines under a step.
const INDENT: &str = "                 ";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageChoice {
    En,
    Nl,
}

/// A step, as far as it is shown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    sequence: u64,
    #[serde(rename = "type")]
    fact_type: Option<String>,
    occurred_on: String,
    recorded_at: Option<String>,
    actor: Option<String>,
    organisation: Option<String>,
    role: Option<String>,
    struck: Option<Correction>,
    corrected: Option<Correction>,
    #[serde(default, alias = "factInPart")]
    fact: Map<String, Value>,
    #[serde(default)]
    withheld: Vec<String>,
    #[serde(default)]
    erased: Vec<String>,
    changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Correction {
    by: u64,
    recorded_at: String,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    rule: String,
    agreement_set: Option<AgreementSetVersion>,
    evidence: Vec<u64>,
    text: String,
}

impl Replay {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        let asked = [("from", &self.from), ("to", &self.to), ("knownAt", &self.known_at)];
        let asked = asked.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let language = match self.language {
            LanguageChoice::En => "en",
            LanguageChoice::Nl => "nl",
        };
        let ledger = self.remote.ledger(settings, "replay", &[Scope::TrajectoriesRead]).await?;
        let steps = ledger.replay(&self.trajectory.to_string(), &asked.collect::<Vec<_>>(), language).await?;
        let mut output = BufWriter::new(stdout().lock());
        for step in steps.items {
            if self.json {
                writeln!(output, "{step}")?;
            } else {
                write!(output, "{}", in_words(serde_json::from_value(step)?, self.language))?;
            }
        }
        if !steps.withheld.is_empty() {
            if self.json {
                writeln!(output, "{}", json!({"withheldFacts": steps.withheld}))?;
            } else {
                writeln!(output, "{}", not_for_you(&steps.withheld, self.language))?;
            }
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

impl LanguageChoice {
    fn of_two<'t>(self, english: &'t str, dutch: &'t str) -> &'t str {
        match self {
            Self::En => english,
            Self::Nl => dutch,
        }
    }
}

/// A step as people read it: when and what, who, what it says, and a line for each change with its
/// rule and the facts that it rests on.
fn in_words(step: Step, spoken: LanguageChoice) -> String {
    let kind = step.fact_type.as_deref().unwrap_or(spoken.of_two("(withheld)", "(niet voor u)"));
    let recorded = step.recorded_at.map(|at| recorded(&at, spoken) + "  ");
    let who = [step.actor, step.organisation, step.role].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mark = if step.struck.is_some() { '✗' } else { ' ' };
    let mut text = format!("{} {mark}{:>4}  {kind:<36} ", step.occurred_on, step.sequence);
    text += &[&recorded.unwrap_or_default(), &plain(&who), "\n"].concat();
    for (listed, what) in [
        (fields(&step.fact), ""),
        (step.withheld.join(" "), spoken.of_two("not for you: ", "niet voor u: ")),
        (step.erased.join(" "), spoken.of_two("erased: ", "gewist: ")),
    ] {
        if !listed.is_empty() {
            text += &[INDENT, what, &listed, "\n"].concat();
        }
    }
    if let Some(struck) = step.struck {
        text += &corrected(spoken.of_two("struck through by", "doorgehaald door"), &struck, spoken);
    }
    if let Some(by) = step.corrected {
        text += &corrected(spoken.of_two("as corrected by", "zoals gecorrigeerd door"), &by, spoken);
    }
    for change in step.changes {
        let evidence = change.evidence.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let set = change
            .agreement_set
            .as_ref()
            .map(|set| format!(" {}@{}", set.id, set.version))
            .unwrap_or_default();
        let because = spoken.of_two("facts", "feiten");
        let Change { rule, text: sentence, .. } = &change;
        text += &[INDENT, "→ ", &plain(sentence), " [", rule, &set, "; ", because, " ", &evidence, "]\n"]
            .concat();
    }
    text
}

fn corrected(
    how: &str,
    Correction { by, recorded_at, reason }: &Correction,
    spoken: LanguageChoice,
) -> String {
    let reason = match reason {
        Some(reason) => [": ", &plain(reason)].concat(),
        None => {
            spoken.of_two(" (reason erased, or not for you)", " (reden gewist, of niet voor u)").to_owned()
        }
    };
    format!("{INDENT}{how} {by}, {}{reason}\n", recorded(recorded_at, spoken))
}

fn recorded(at: &str, spoken: LanguageChoice) -> String {
    let recorded = spoken.of_two("recorded", "vastgelegd");
    format!("{recorded} {} UTC", at.get(..16).unwrap_or(at).replace('T', " "))
}

/// What a fact says beside its kind and its day, each field by its name.
fn fields(fact: &Map<String, Value>) -> String {
    let said = fact.iter().filter(|(name, _)| !["type", "occurredOn"].contains(&name.as_str()));
    said.map(|(name, value)| format!("{name} {}", value_in_words(value))).collect::<Vec<_>>().join("; ")
}

fn value_in_words(value: &Value) -> String {
    match value {
        Value::String(text) => plain(text),
        Value::Array(values) => values.iter().map(value_in_words).collect::<Vec<_>>().join(", "),
        Value::Object(inner) => format!("({})", fields(inner)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A written text on one line, without control characters.
fn plain(text: &str) -> String {
    let said =
        |letter: char| if letter.is_control() { letter.escape_default().to_string() } else { letter.into() };
    text.chars().map(said).collect()
}

fn not_for_you(withheld: &[u64], spoken: LanguageChoice) -> String {
    let facts = withheld.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    [spoken.of_two("not for you: facts ", "niet voor u: feiten "), &facts].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(step: Value, spoken: LanguageChoice) -> String {
        in_words(serde_json::from_value(step).expect("a step"), spoken)
    }

    #[test]
    fn a_step_shows_when_what_who_and_why() {
        let step = json!({
            "sequence": 3, "type": "readiness-confirmed", "occurredOn": "2026-03-04", "recordedAt": "2026-03-05T09:10:11Z",
            "actor": "u-7f3a", "organisation": "de-vaart", "role": "care-provider",
            "factInPart": {"type": "readiness-confirmed", "occurredOn": "2026-03-04", "by": ["client", "provider"], "notes": "klaar\u{1b}[2J"},
            "withheld": ["/debts"], "erased": ["/advice"],
            "changes": [{"rule": "phases", "evidence": [3], "text": "phase preparing → ready"}]
        });
        assert_eq!(
            printed(step, LanguageChoice::En),
            "2026-03-04     3  readiness-confirmed                  recorded 2026-03-05 09:10 UTC  u-7f3a, de-vaart, care-provider\n\
             \u{20}                by client, provider; notes klaar\\u{1b}[2J\n\
             \u{20}                not for you: /debts\n\
             \u{20}                erased: /advice\n\
             \u{20}                → phase preparing → ready [phases; facts 3]\n"
        );
    }

    #[test]
    fn a_corrected_fact_is_struck_through_with_the_reason() {
        let step = json!({
            "sequence": 4, "type": "rent-missed", "occurredOn": "2026-03-04", "recordedAt": "2026-03-05T09:10:11Z",
            "struck": {"by": 7, "recordedAt": "2026-03-06T08:00:00Z", "reason": "verkeerde cliënt"},
            "corrected": {"by": 9, "recordedAt": "2026-03-07T08:00:00Z"}, "changes": []
        });
        let text = printed(step, LanguageChoice::Nl);
        assert!(text.contains("✗   4  rent-missed"), "{text}");
        assert!(
            text.contains("doorgehaald door 7, vastgelegd 2026-03-06 08:00 UTC: verkeerde cliënt"),
            "{text}"
        );
        assert!(
            text.contains("door 9, vastgelegd 2026-03-07 08:00 UTC (reden gewist, of niet voor u)"),
            "{text}"
        );
    }

    #[test]
    fn the_last_line_names_what_is_not_for_you() {
        assert_eq!(not_for_you(&[5, 6], LanguageChoice::En), "not for you: facts 5, 6");
    }
}
