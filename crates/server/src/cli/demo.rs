//! `omklap demo`.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Args;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use omklap_demo::{RegionalReport, STORIES, Story, regional_reports, simulated_regional_reports};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::OrganisationId;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Role;
use serde_json::json;
use tokio::task::JoinSet;

use super::demo_partners::{partners, simulated_partners};
use super::exit::CommandResult;
use super::language::of_two;
use super::output::{note, result};
use super::remote::{LedgerClient, Refusal, Remote};
use crate::auth::scope::Scope;
use crate::config::Config;
use crate::http::organisations::OrganisationBody;

/// Fill a ledger with the demo stories, or with any number of simulated trajectories
///
/// With --trajectories come complexes, vacancies, plans and rounds in the proportions of a country.
/// Without it the stories are reported. Reporting them again changes nothing:
/// each trajectory has the same id in every ledger.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Simulate this many trajectories
    #[arg(long, value_name = "N")]
    trajectories: Option<u64>,
    /// The same seed gives the same trajectories
    #[arg(long, value_name = "S", default_value_t = 7, requires = "trajectories")]
    seed: u64,
    /// Write them to this file instead (`-` for standard output), as `omklap import` reads them
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many trajectories are reported at the same time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=64))]
    at_once: u64,
    #[command(flatten)]
    remote: Remote,
}

impl Demo {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        match (&self.output, self.trajectories) {
            (Some(file), None) => write(file, STORIES.iter().map(|story| story.facts.to_owned()))?,
            (Some(file), Some(trajectories)) => {
                let sets = AgreementSets::shipped();
                write(
                    file,
                    (0..trajectories).map(|number| lines(&omklap_demo::history(self.seed, number, &sets))),
                )?;
            }
            (None, None) => report_stories(&self.remote, settings).await?,
            (None, Some(trajectories)) => {
                let sets = AgreementSets::shipped();
                let first: String = (0..trajectories.min(100))
                    .map(|number| lines(&omklap_demo::history(self.seed, number, &sets)))
                    .collect();
                register(&self.remote, settings, simulated_partners().chain(partners(&first))).await?;
                let region = Region {
                    seed: self.seed,
                    trajectories,
                    next: AtomicU64::new(0),
                    sets: AgreementSets::shipped(),
                };
                region.load(&self.remote.ledger(settings, "demo", &SCOPES).await?, self.at_once).await?;
                if !self.remote.has_token() {
                    report_simulated_regions(self.seed, trajectories, &self.remote, settings).await?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The scopes that reporting demo cases needs.
const SCOPES: [Scope; 3] = [Scope::TrajectoriesRead, Scope::TrajectoriesReport, Scope::TrajectoriesImport];

/// Registers these partners, each as it is named first. A caller with a
/// token of a real issuer has already registered its partners.
async fn register(
    remote: &Remote,
    settings: &Config,
    partners: impl IntoIterator<Item = (OrganisationId, OrganisationBody)>,
) -> Result<(), Refusal> {
    if remote.has_token() {
        return Ok(());
    }
    let (administrator, mut added) = (remote.administered(settings).await?, BTreeSet::new());
    for (id, organisation) in partners {
        if added.insert(id.clone()) {
            administrator.add(id.as_str(), &organisation).await?;
        }
    }
    Ok(())
}

/// Reports the stories and prints what to do next.
pub(super) async fn report_stories(remote: &Remote, settings: &Config) -> Result<(), Refusal> {
    let facts: String = STORIES.iter().map(|story| story.facts).collect();
    register(remote, settings, partners(&facts)).await?;
    let ledger = remote.ledger(settings, "demo", &SCOPES).await?;
    for story in STORIES {
        report_story(story, &ledger, remote, settings).await?;
        let (id, name, facts) = (story.id, story.name, story.facts.lines().count());
        let words = format!("{id} {name}, {facts} {}", of_two("facts", "feiten"));
        result(&json!({"trajectoryId": id, "name": name, "facts": facts}), &words);
    }
    if !remote.has_token() {
        let mut programs = Programs::default();
        for report in regional_reports() {
            programs.report(&report, remote, settings).await?;
        }
    }
    let first = ledger.curl(&format!("/v1/trajectories/{}", STORIES[0].id));
    hint(&format!(
        "\nThe demo cases are in the ledger. Open this address in a browser first:\n  {}\n\
         Or ask the API for the first case (the token is good for an hour):\n  {first}\n\
         More to try: README.md, \"One real example\"; docs/API.md.",
        ledger.start()
    ));
    Ok(())
}

/// Reports what the partners of the simulated regions have beside their clients, and prints how much.
async fn report_simulated_regions(
    seed: u64,
    trajectories: u64,
    remote: &Remote,
    settings: &Config,
) -> Result<(), Refusal> {
    let (mut programs, mut streams) = (Programs::default(), 0_u64);
    for report in simulated_regional_reports(seed, trajectories) {
        programs.report(&report, remote, settings).await?;
        streams += 1;
    }
    let many = HumanCount(streams);
    let words = of_two(
        format!("{many} complexes, vacancies, plans and rounds"),
        format!("{many} complexen, leegkomende woningen, plannen en rondes"),
    );
    result(&json!({"streams": streams}), &words);
    Ok(())
}

/// The programs of partners that have a token by now, so that each gets one token for all its reports.
#[derive(Default)]
struct Programs(HashMap<(String, Role), LedgerClient>);

impl Programs {
    /// Begins a complex, a vacancy, a plan or a round as the program of its partner, and reports what
    /// follows, unless it is there already.
    async fn report(
        &mut self,
        report: &RegionalReport,
        remote: &Remote,
        settings: &Config,
    ) -> Result<(), Refusal> {
        let partner = self.of(report, remote, settings).await?;
        if !partner.begins(&report.path, report.facts.to_string()).await? {
            return Ok(());
        }
        for later in &report.then {
            let partner = self.of(later, remote, settings).await?;
            partner.goes_on(&later.path, later.facts.to_string()).await?;
        }
        Ok(())
    }

    async fn of(
        &mut self,
        report: &RegionalReport,
        remote: &Remote,
        settings: &Config,
    ) -> Result<LedgerClient, Refusal> {
        let key = (report.by.clone(), report.role);
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let remote = remote.as_partner(&report.by, report.role);
        let program = remote.ledger(settings, "demo", &[Scope::TrajectoriesReport]).await?;
        self.0.insert(key, program.clone());
        Ok(program)
    }
}

/// Opens the case of a story, and then reports what came later, each fact at an instant of its own, as
/// the program of the care provider: the ledger shows what was known before. A caller with one token of a
/// real issuer speaks for no provider, and reports all of it at the opening.
async fn report_story(
    story: &Story,
    ledger: &LedgerClient,
    remote: &Remote,
    settings: &Config,
) -> Result<(), Refusal> {
    let mut reports = story.reports();
    if remote.has_token() {
        reports.opening.append(&mut reports.later);
    }
    ledger.open_as(story.id, format!("[{}]", reports.opening.join(","))).await?;
    if reports.later.is_empty() {
        return Ok(());
    }
    let provider = remote.as_partner(reports.care_provider.as_str(), Role::CareProvider);
    let provider =
        provider.ledger(settings, "demo", &[Scope::TrajectoriesRead, Scope::TrajectoriesReport]).await?;
    let id = story.id.to_string();
    for (number, fact) in (reports.opening.len() + 1..).zip(&reports.later) {
        let seen = provider.seen(&id).await?;
        if number > seen.version {
            let key = format!("{}-{number}", story.name);
            provider.extend(&id, &seen, &key, format!("[{fact}]"), false).await?;
        }
    }
    Ok(())
}

/// Prints three lines with which the owner of the database changes what was recorded, and omklap names
/// the row.
pub(super) fn say_how_to_tamper([password, psql]: &[String; 2]) {
    let change = "SET session_replication_role = replica; \
                  UPDATE events SET payload = replace(payload::text, 'cosis', 'actium')::json \
                  WHERE aggregate_type = 'trajectory' AND position = (SELECT min(position) FROM events WHERE aggregate_type = 'trajectory')";
    let omklap = std::env::args().next().unwrap_or_else(|| "omklap".to_owned());
    hint(&format!(
        "Change what was recorded, as the owner of the database, and let omklap name the row:\n  {password}\n  \
         {psql} --command=\"{change}\"\n  {omklap} check\n\
         `make clean-data` starts over."
    ));
}

/// Simulated trajectories that are being reported.
struct Region {
    seed: u64,
    trajectories: u64,
    /// The number of the next trajectory to report.
    next: AtomicU64,
    sets: AgreementSets,
}

impl Region {
    async fn load(self, ledger: &LedgerClient, at_once: u64) -> CommandResult {
        let started = Instant::now();
        let progress = progress_bar(self.trajectories);
        let region = Arc::new(self);
        let mut reporters = JoinSet::new();
        for _ in 0..at_once {
            reporters.spawn(Arc::clone(&region).report(ledger.clone(), progress.clone()));
        }
        let mut facts = 0;
        while let Some(reported) = reporters.join_next().await {
            facts += reported??;
        }
        progress.finish_and_clear();
        let (seconds, many) = (started.elapsed().as_secs_f64(), HumanCount(region.trajectories));
        let words = of_two(
            format!("{many} trajectories with {} facts in {seconds:.1} s", HumanCount(facts)),
            format!("{many} dossiers met {} feiten in {seconds:.1} s", HumanCount(facts)),
        );
        result(&json!({"trajectories": region.trajectories, "facts": facts, "seconds": seconds}), &words);
        Ok(ExitCode::SUCCESS)
    }

    /// Reports one trajectory after another until none is left, and returns the number of facts.
    async fn report(self: Arc<Self>, ledger: LedgerClient, progress: ProgressBar) -> Result<u64, Refusal> {
        let mut reported = 0;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.trajectories {
                return Ok(reported);
            }
            let facts = omklap_demo::history(self.seed, number, &self.sets);
            let list = serde_json::to_string(&facts).expect("a fact is JSON");
            ledger.open_as(omklap_demo::simulated_id(self.seed, number), list).await?;
            reported += facts.len() as u64;
            progress.inc(1);
        }
    }
}

fn progress_bar(trajectories: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} trajectories, {per_sec}, {eta} to go")
        .expect("the template is right");
    ProgressBar::new(trajectories).with_style(style)
}

/// The facts of a history in canonical form, one a line.
fn lines(facts: &[Fact]) -> String {
    let line = |fact| serde_json_canonicalizer::to_string(fact).expect("a fact is JSON") + "\n";
    facts.iter().map(line).collect()
}

/// Writes histories with a blank line between them.
fn write(file: &Path, histories: impl Iterator<Item = String>) -> std::io::Result<()> {
    let mut output: BufWriter<Box<dyn Write>> = BufWriter::new(if file == Path::new("-") {
        Box::new(stdout().lock())
    } else {
        Box::new(File::create(file)?)
    });
    for (number, history) in histories.enumerate() {
        let blank = if number == 0 { "" } else { "\n" };
        write!(output, "{blank}{history}")?;
    }
    output.flush()
}
/// For people: programs read standard output only.
fn hint(lines: &str) {
    note!("{lines}");
}
