//! `omklap subject`: the rights of a data subject (AVG art. 15 to 18).
//!
//! Decision: ADR 18.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::{
    ErasureGround, PersonalDataErased, ProcessingRestricted, RestrictionAsker, RestrictionGround,
    RestrictionLifted,
};
use omklap_domain::trajectory::{Fact, FactType};
use omklap_domain::visibility::Category;
use omklap_store::Stream;
use omklap_store::access_log::{Access, Action};
use serde_json::{Value, json};

use super::exit::CommandResult;
use super::language::{called, of_two};
use super::operator::{Operator, Rights};
use super::output::{note, result};
use super::words::{InLanguage, Who, none_such, word};
use crate::config::Config;
use crate::http::request::language::Language;
use crate::http::view::erased_texts;
use crate::subject_access;

/// The purpose of these commands.
const PURPOSE: &str = "data-subject-rights";

/// Handle a data-subject request: access, restriction, erasure
#[derive(Debug, Args)]
pub(super) struct Subject {
    #[command(subcommand)]
    command: SubjectCommand,
}

#[derive(Debug, Subcommand)]
enum SubjectCommand {
    /// Export everything that is stored, except who reported nuisance, to a folder: `subject.json`
    /// for programs, two pages for people
    Export {
        trajectory: TrajectoryId,
        /// The folder to create; only its owner can read it
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        language: InLanguage,
        #[command(flatten)]
        who: Who,
    },
    /// Restrict the trajectory: only an auditor can see it, and nobody can report on it
    Restrict {
        trajectory: TrajectoryId,
        /// accuracy-contested, unlawful-but-kept, needed-for-clients-claim or objection-pending
        /// (AVG art. 18)
        #[arg(long, value_parser = word::<RestrictionGround>)]
        ground: RestrictionGround,
        /// client, representative or authority
        #[arg(long, default_value = "client", value_parser = word::<RestrictionAsker>)]
        asked_by: RestrictionAsker,
        #[command(flatten)]
        who: Who,
    },
    /// Let the partners see the trajectory again
    Lift {
        trajectory: TrajectoryId,
        #[command(flatten)]
        who: Who,
    },
    /// Destroy private texts and the key that sealed them; the history stays and stays provable
    Erase {
        trajectory: TrajectoryId,
        /// no-longer-needed, consent-withdrawn, objected, unlawful, legal-obligation (AVG art. 17)
        /// or rectified (art. 16)
        #[arg(long, value_parser = word::<ErasureGround>)]
        ground: ErasureGround,
        /// Only the texts of the facts with these numbers, such as one that was corrected
        #[arg(long, value_delimiter = ',', value_name = "NUMBERS")]
        facts: Option<Vec<u64>>,
        #[command(flatten)]
        who: Who,
    },
}

impl Subject {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        match self.command {
            SubjectCommand::Export { trajectory, to, language, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let written = export(&operator, trajectory, &to, language.language).await;
                operator.close().await;
                written?;
                let to = to.display().to_string();
                let words = of_two(
                    format!("everything stored about {trajectory} is in {to}"),
                    format!("alles wat over {trajectory} is opgeslagen, staat in {to}"),
                );
                result(&json!({"trajectoryId": trajectory, "exportedTo": to}), &words);
            }
            SubjectCommand::Restrict { trajectory, ground, asked_by, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let occurred_on = operator.clock.today();
                report(operator, trajectory, ProcessingRestricted { occurred_on, ground, asked_by }.into())
                    .await?;
            }
            SubjectCommand::Lift { trajectory, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let occurred_on = operator.clock.today();
                report(operator, trajectory, RestrictionLifted { occurred_on }.into()).await?;
            }
            SubjectCommand::Erase { trajectory, ground, facts, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheKeeper).await?;
                let erased = erase(&operator, trajectory, ground, facts).await;
                operator.close().await;
                erased?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn report(operator: Operator, trajectory: TrajectoryId, fact: Fact) -> Result<(), Box<dyn Error>> {
    let kind = fact.fact_type();
    let recorded = operator.report(trajectory, fact, Action::Restrict, [Category::Consents]).await;
    operator.close().await;
    say_recorded(kind, recorded?.version(), trajectory);
    Ok(())
}

/// Prints which fact was recorded.
pub(super) fn say_recorded(kind: FactType, number: u64, trajectory: TrajectoryId) {
    let words = of_two(
        format!("{kind} is fact {number} of {trajectory}"),
        format!("{} is feit {number} van {trajectory}", called("FactType", kind.as_str())),
    );
    result(&json!({"trajectoryId": trajectory, "type": kind.as_str(), "sequence": number}), &words);
}

async fn erase(
    operator: &Operator,
    trajectory: TrajectoryId,
    ground: ErasureGround,
    facts: Option<Vec<u64>>,
) -> Result<(), Box<dyn Error>> {
    let stream = loaded(operator, trajectory).await?;
    let texts = texts_to_erase(facts.as_deref(), &operator.ledger.texts_left(&stream).await?)?;
    let fact = PersonalDataErased { occurred_on: operator.clock.today(), ground, facts };
    let recorded = operator.report(trajectory, fact.into(), Action::Erase, Category::ALL).await?;
    let number = recorded.version();
    let words = of_two(
        format!("erased, {texts} texts; personal-data-erased is fact {number} of {trajectory}"),
        format!("{texts} teksten gewist; het feit daarover is nummer {number} van {trajectory}"),
    );
    result(&json!({"trajectoryId": trajectory, "erasedTexts": texts, "sequence": number}), &words);
    note!("{}", operator.rewrite_keys().await);
    note!(
        "{}",
        of_two(
            "backups and the write-ahead log hold the key until they are deleted: see docs/OPERATING.md",
            "back-ups en het write-ahead log bevatten de sleutel tot zij worden verwijderd: zie docs/OPERATING.md",
        )
    );
    Ok(())
}

/// The number of texts in the facts with these numbers, or in all facts. An erasure of nothing is
/// not recorded.
fn texts_to_erase(facts: Option<&[u64]>, left: &BTreeMap<u64, usize>) -> Result<usize, String> {
    let Some(facts) = facts else {
        return if left.is_empty() {
            Err(of_two("no text is left to erase", "er is geen tekst meer om te wissen").to_owned())
        } else {
            Ok(left.values().sum())
        };
    };
    let mut named = BTreeSet::new();
    let texts = facts.iter().map(|number| match left.get(number) {
        _ if !named.insert(number) => Err(of_two(
            format!("fact {number} is named twice"),
            format!("feit {number} is twee keer genoemd"),
        )),
        Some(texts) => Ok(texts),
        None => Err(of_two(
            format!("there is no fact {number} with a text that is left to erase"),
            format!("er is geen feit {number} met een tekst die nog te wissen is"),
        )),
    });
    texts.sum()
}

async fn loaded(operator: &Operator, trajectory: TrajectoryId) -> Result<Stream, Box<dyn Error>> {
    let stream = operator.ledger.load(trajectory).await?;
    stream.ok_or_else(|| none_such(trajectory).into())
}

async fn export(
    operator: &Operator,
    trajectory: TrajectoryId,
    to: &Path,
    language: Language,
) -> Result<(), Box<dyn Error>> {
    let stream = loaded(operator, trajectory).await?;
    operator.log_reading(trajectory, Action::SubjectExport).await?;
    let history = stream.history();
    let view = subject_access::view_of_client(trajectory, &history);
    let mut events = Vec::new();
    for mut event in stream.events {
        operator.ledger.open_texts([(trajectory, &mut event.fact)]).await?;
        let mut fact = serde_json::to_value(&event.fact)?;
        let withheld = subject_access::withhold(&view.show_among(history.recorded(), &event.fact), &mut fact);
        let erased = erased_texts::take_out(&mut fact);
        events.push(json!({
            "sequence": event.sequence, "eventId": event.event_id, "recordedAt": event.recorded_at,
            "metadata": event.metadata.read()?, "fact": fact, "withheld": withheld, "erased": erased,
        }));
    }
    let accesses = all_accesses(operator, trajectory).await?;
    let whole = json!({
        "trajectoryId": trajectory, "exportedAt": operator.clock.now(), "events": events,
        "held": operator.ledger.held(trajectory).await?,
        "accessLog": accesses.iter().map(as_json).collect::<Vec<_>>(),
    });
    DirBuilder::new().mode(0o700).create(to)?;
    write(&to.join("subject.json"), &serde_json::to_string_pretty(&whole)?)?;
    write(&to.join("facts.md"), &subject_access::page_of_facts(trajectory, &events, language))?;
    write(&to.join("access-log.md"), &subject_access::accesses(trajectory, &accesses, language))?;
    Ok(())
}

/// The whole access log of a trajectory.
pub(super) async fn all_accesses(
    operator: &Operator,
    trajectory: TrajectoryId,
) -> Result<Vec<Access>, omklap_store::StoreError> {
    let mut all: Vec<Access> = Vec::new();
    loop {
        let after = all.last().map(|last| last.position);
        let page = operator.ledger.accesses(trajectory, None, after, 500).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

pub(super) fn as_json(access: &Access) -> Value {
    json!({
        "at": access.position.at, "accessId": access.position.access_id, "startedAt": access.started_at,
        "action": access.action, "outcome": access.outcome, "categories": access.categories,
        "together": access.trajectories.len(), "by": access.by,
    })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}
