//! `omklap replay ID`.

use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::exit::CommandResult;
use super::language::spoken;
use super::output::as_json;
use super::remote::Remote;
use crate::auth::scope::Scope;
use crate::config::Config;
use crate::http::labels;
use crate::http::request::language::Language;

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
    /// The language of the output [default: that of --lang]
    #[arg(long, value_enum)]
    language: Option<LanguageChoice>,
    #[command(flatten)]
    remote: Remote,
}

/// The indent of the lines under a step.
const INDENT: &str = "        ";

/// How long a line is at most, so that it fits a terminal and a printed page.
const WIDTH: usize = 100;

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
        let query = [("from", &self.from), ("to", &self.to), ("knownAt", &self.known_at)];
        let query = query.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let chosen = self.language.unwrap_or_else(LanguageChoice::of_this_run);
        let language = match chosen {
            LanguageChoice::En => Language::English,
            LanguageChoice::Nl => Language::Dutch,
        };
        let ledger = self.remote.ledger(settings, "replay", &[Scope::TrajectoriesRead]).await?;
        let ledger = ledger.in_language(language);
        let steps = ledger.replay(&self.trajectory.to_string(), &query.collect::<Vec<_>>()).await?;
        let mut output = BufWriter::new(stdout().lock());
        let mut day = String::new();
        for step in steps.items {
            if as_json() {
                writeln!(output, "{step}")?;
            } else {
                let step: Step = serde_json::from_value(step)?;
                if step.occurred_on != day {
                    day.clone_from(&step.occurred_on);
                    writeln!(output, "{day}")?;
                }
                write!(output, "{}", in_words(step, chosen))?;
            }
        }
        if !steps.withheld.is_empty() {
            if as_json() {
                writeln!(output, "{}", json!({"withheldFacts": steps.withheld}))?;
            } else {
                writeln!(output, "{}", not_for_you(&steps.withheld, chosen))?;
            }
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

impl LanguageChoice {
    /// What a code of a list is called: the code itself in English, as the API writes it.
    fn called(self, list: &str, code: &str) -> String {
        match self {
            Self::En => code.to_owned(),
            Self::Nl => labels::in_dutch(list, code),
        }
    }

    /// What a value of a field is called.
    fn value(self, code: &str) -> &str {
        match self {
            Self::En => code,
            Self::Nl => labels::value_in_dutch(code).unwrap_or(code),
        }
    }

    /// Places in a fact: JSON pointers in English, the names of the fields in Dutch.
    fn places(self, pointers: &[String]) -> String {
        match self {
            Self::En => pointers.join(" "),
            Self::Nl => {
                let parts = pointers.iter().map(|pointer| pointer.split('/').filter(|part| !part.is_empty()));
                let names = parts
                    .map(|parts| parts.map(|part| self.called("Field", part)).collect::<Vec<_>>().join(" "));
                names.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn of_this_run() -> Self {
        spoken().of_two(Self::En, Self::Nl)
    }

    fn of_two<'t>(self, english: &'t str, dutch: &'t str) -> &'t str {
        match self {
            Self::En => english,
            Self::Nl => dutch,
        }
    }
}

/// A step as people read it, under the heading of its day: what, who, what it says, and a line for
/// each change with its rule and the facts that it rests on.
fn in_words(step: Step, spoken: LanguageChoice) -> String {
    let kind = step.fact_type.as_deref().map(|kind| spoken.called("FactType", kind));
    let kind = kind.unwrap_or_else(|| spoken.of_two("(withheld)", "(niet voor u)").to_owned());
    let recorded = step.recorded_at.map(|at| recorded(&at, spoken));
    let role = step.role.map(|role| spoken.called("Role", &role));
    let who = [step.actor, step.organisation, role].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mark = if step.struck.is_some() { '✗' } else { ' ' };
    let mut text = format!("{mark}{:>5}  {kind}\n", step.sequence);
    let by = (!who.is_empty()).then(|| [spoken.of_two("by ", "door "), &plain(&who)].concat());
    let reported = recorded.into_iter().chain(by).collect::<Vec<_>>().join(" ");
    if !reported.is_empty() {
        text += &wrapped("", &reported);
    }
    for (listed, what) in [
        (fields(&step.fact, spoken), ""),
        (spoken.places(&step.withheld), spoken.of_two("not for you: ", "niet voor u: ")),
        (spoken.places(&step.erased), spoken.of_two("erased: ", "gewist: ")),
    ] {
        if !listed.is_empty() {
            text += &wrapped(what, &listed);
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
        let line = [&plain(sentence), " [", rule, &set, "; ", because, " ", &evidence, "]"].concat();
        text += &wrapped("→ ", &line);
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
    wrapped("", &format!("{how} {by}, {}{reason}", recorded(recorded_at, spoken)))
}

fn recorded(at: &str, spoken: LanguageChoice) -> String {
    let recorded = spoken.of_two("recorded", "vastgelegd");
    format!("{recorded} {} UTC", at.get(..19).unwrap_or(at).replace('T', " "))
}

/// What a fact says beside its kind and its day, each field by its name.
fn fields(fact: &Map<String, Value>, spoken: LanguageChoice) -> String {
    let said = fact.iter().filter(|(name, _)| !["type", "occurredOn"].contains(&name.as_str()));
    said.map(|(name, value)| format!("{} {}", spoken.called("Field", name), value_in_words(value, spoken)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn value_in_words(value: &Value, spoken: LanguageChoice) -> String {
    match value {
        Value::String(text) => plain(spoken.value(text)),
        Value::Array(values) => {
            values.iter().map(|value| value_in_words(value, spoken)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(inner) => format!("({})", fields(inner, spoken)),
        Value::Bool(true) => spoken.of_two("true", "ja").to_owned(),
        Value::Bool(false) => spoken.of_two("false", "nee").to_owned(),
        Value::Null | Value::Number(_) => value.to_string(),
    }
}

/// The lines under a step: broken between words, and indented.
fn wrapped(mark: &str, text: &str) -> String {
    let (mut lines, mut line) = (String::new(), [INDENT, mark].concat());
    let mut is_new = true;
    for word in text.split(' ') {
        if !is_new && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &[&line, "\n"].concat();
            line = [INDENT, "  "].concat();
            is_new = true;
        }
        if !is_new {
            line.push(' ');
        }
        line += word;
        is_new = false;
    }
    [&lines, &line, "\n"].concat()
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
            "     3  readiness-confirmed\n\
             \u{20}       recorded 2026-03-05 09:10:11 UTC by u-7f3a, de-vaart, care-provider\n\
             \u{20}       by client, provider; notes klaar\\u{1b}[2J\n\
             \u{20}       not for you: /debts\n\
             \u{20}       erased: /advice\n\
             \u{20}       → phase preparing → ready [phases; facts 3]\n"
        );
    }

    #[test]
    fn a_long_text_is_broken_between_words() {
        let text = wrapped("→ ", &"woord ".repeat(40));
        assert!(text.lines().count() > 2, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH && line.starts_with(INDENT)), "{text}");
        assert_eq!(text.matches("woord").count(), 40);
        assert_eq!(wrapped("", &"x".repeat(150)).trim(), "x".repeat(150), "a word stays whole");
    }

    #[test]
    fn a_corrected_fact_is_struck_through_with_the_reason() {
        let step = json!({
            "sequence": 4, "type": "rent-missed", "occurredOn": "2026-03-04", "recordedAt": "2026-03-05T09:10:11Z",
            "struck": {"by": 7, "recordedAt": "2026-03-06T08:00:00Z", "reason": "verkeerde cliënt"},
            "corrected": {"by": 9, "recordedAt": "2026-03-07T08:00:00Z"}, "changes": []
        });
        let text = printed(step, LanguageChoice::Nl);
        assert!(text.contains(&format!("✗    4  {}", labels::in_dutch("FactType", "rent-missed"))), "{text}");
        assert!(
            text.contains("doorgehaald door 7, vastgelegd 2026-03-06 08:00:00 UTC: verkeerde cliënt"),
            "{text}"
        );
        assert!(
            text.contains("door 9, vastgelegd 2026-03-07 08:00:00 UTC (reden gewist, of niet voor u)"),
            "{text}"
        );
    }

    #[test]
    fn a_dutch_reader_reads_names_and_no_codes() {
        let step = json!({
            "sequence": 3, "type": "readiness-confirmed", "occurredOn": "2026-03-04", "role": "care-provider",
            "fact": {"type": "readiness-confirmed", "occurredOn": "2026-03-04", "careProvider": "de-vaart", "origin": "sheltered-housing"},
            "withheld": ["/debts"], "erased": ["/notes"], "changes": []
        });
        let text = printed(step, LanguageChoice::Nl);
        for code in
            ["readiness-confirmed", "care-provider", "careProvider", "sheltered-housing", "/debts", "/notes"]
        {
            assert!(!text.contains(code), "{code}: {text}");
        }
        assert!(text.contains("zorgaanbieder de-vaart"), "{text}");
    }

    #[test]
    fn the_last_line_names_what_is_not_for_you() {
        assert_eq!(not_for_you(&[5, 6], LanguageChoice::En), "not for you: facts 5, 6");
    }
}
