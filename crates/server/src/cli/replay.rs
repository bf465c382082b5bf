//! `omklap replay ID`.

use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use omklap_domain::ids::TrajectoryId;
use serde::Deserialize;

use super::Outcome;
use super::remote::Remote;
use crate::config::Config;
use crate::http::scope::Scope;

/// Tell a trajectory step by step, in the order of happening: each fact, by whom, and what it changed and why
///
/// A fact that was corrected stands where it stood, struck through with the reason.
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
    /// In which language
    #[arg(long, value_enum, default_value_t = Spoken::En)]
    language: Spoken,
    /// One step a line, as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Spoken {
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
    changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct Correction {
    by: u64,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    rule: String,
    agreement_set: Option<String>,
    evidence: Vec<u64>,
    text: String,
}

impl Replay {
    pub(super) async fn run(self, settings: &Config) -> Outcome {
        let asked = [("from", &self.from), ("to", &self.to), ("knownAt", &self.known_at)];
        let asked = asked.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let language = match self.language {
            Spoken::En => "en",
            Spoken::Nl => "nl",
        };
        let ledger = self.remote.ledger(settings, "replay", &[Scope::TrajectoriesRead]).await?;
        let steps = ledger.replay(&self.trajectory.to_string(), &asked.collect::<Vec<_>>(), language).await?;
        let mut output = BufWriter::new(stdout().lock());
        for step in steps {
            if self.json {
                writeln!(output, "{step}")?;
            } else {
                write!(output, "{}", in_words(serde_json::from_value(step)?, self.language))?;
            }
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Spoken {
    fn of_two<'t>(self, english: &'t str, dutch: &'t str) -> &'t str {
        match self {
            Self::En => english,
            Self::Nl => dutch,
        }
    }
}

/// A step as people read it: when and what, who, and a line for each change with its rule and the facts that it rests on.
fn in_words(step: Step, spoken: Spoken) -> String {
    let kind = step.fact_type.as_deref().unwrap_or(spoken.of_two("(withheld)", "(niet voor u)"));
    let recorded = step.recorded_at.map(|at| {
        let recorded = spoken.of_two("recorded", "vastgelegd");
        format!("{recorded} {} UTC  ", at.get(..16).unwrap_or(&at).replace('T', " "))
    });
    let who = [step.actor, step.organisation, step.role].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mark = if step.struck.is_some() { '✗' } else { ' ' };
    let mut text = format!("{} {mark}{:>4}  {kind:<36} ", step.occurred_on, step.sequence);
    text += &[&recorded.unwrap_or_default(), &who, "\n"].concat();
    if let Some(struck) = step.struck {
        text += &corrected(spoken.of_two("struck through by", "doorgehaald door"), &struck);
    }
    if let Some(by) = step.corrected {
        text += &corrected(spoken.of_two("as corrected by", "zoals gecorrigeerd door"), &by);
    }
    for change in step.changes {
        let evidence = change.evidence.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let set = change.agreement_set.as_ref().map(|set| format!(" {set}")).unwrap_or_default();
        let because = spoken.of_two("facts", "feiten");
        let Change { rule, text: told, .. } = &change;
        text += "                 → ";
        text += told;
        text += &[" [", rule, &set, "; ", because, " ", &evidence, "]\n"].concat();
    }
    text
}

fn corrected(how: &str, Correction { by, reason }: &Correction) -> String {
    let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("                 {how} {by}{reason}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(step: Value, spoken: Spoken) -> String {
        in_words(serde_json::from_value(step).expect("a step"), spoken)
    }

    #[test]
    fn a_step_tells_when_what_who_and_why() {
        let step = json!({
            "sequence": 3, "type": "readiness-confirmed", "occurredOn": "2026-03-04", "recordedAt": "2026-03-05T09:10:11Z",
            "actor": "u-7f3a", "organisation": "de-vaart", "role": "care-provider",
            "changes": [{"rule": "phases", "evidence": [3], "text": "phase preparing → ready"}]
        });
        assert_eq!(
            told(step, Spoken::En),
            "2026-03-04     3  readiness-confirmed                  recorded 2026-03-05 09:10 UTC  u-7f3a, de-vaart, care-provider\n\
             \u{20}                → phase preparing → ready [phases; facts 3]\n"
        );
    }

    #[test]
    fn a_corrected_fact_is_struck_through_with_the_reason() {
        let step = json!({
            "sequence": 4, "type": "rent-missed", "occurredOn": "2026-03-04", "recordedAt": "2026-03-05T09:10:11Z",
            "struck": {"by": 7, "reason": "verkeerde cliënt"}, "changes": []
        });
        let told = told(step, Spoken::Nl);
        assert!(told.contains("✗   4  rent-missed"), "{told}");
        assert!(told.contains("doorgehaald door 7: verkeerde cliënt"), "{told}");
    }
}
