//! What an import reports: a line for each history, and the counts at the end.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::file::{HistoryInFile, SourceFile};
use super::history::{Done, Outcome};
use super::words::lines;
use crate::cli::language::{counted, of_two};

/// The counts of an import.
pub(super) struct Summary {
    name: String,
    file: Arc<SourceFile>,
    dry_run: bool,
    opened: usize,
    facts_opened: usize,
    extended: usize,
    facts_added: usize,
    unchanged: usize,
    without_reference: usize,
    /// Of the histories that were refused, the first line that is wrong; of those that were not reached,
    /// their first line.
    refused: Vec<usize>,
    not_reached: Vec<usize>,
}

/// A history whose outcome is reported.
pub(super) struct Reported {
    outcome: Outcome,
    first_line: usize,
    last_line: usize,
    facts: usize,
    dry_run: bool,
}

impl Summary {
    pub(super) fn of(path: &Path, file: &Arc<SourceFile>, dry_run: bool) -> Self {
        let without_reference = file.histories.iter().filter(|history| !history.has_reference()).count();
        let stdin = of_two("standard input", "de standaardinvoer");
        let name = if path == Path::new("-") { stdin.to_owned() } else { path.display().to_string() };
        Self {
            name,
            file: Arc::clone(file),
            dry_run,
            opened: 0,
            facts_opened: 0,
            extended: 0,
            facts_added: 0,
            unchanged: 0,
            without_reference,
            refused: Vec::new(),
            not_reached: Vec::new(),
        }
    }

    fn history(&self, index: usize) -> &HistoryInFile {
        &self.file.histories[index]
    }

    /// Counts an outcome.
    pub(super) fn add(&mut self, outcome: Outcome) -> Reported {
        let (first_line, last_line, facts) = {
            let history = self.history(outcome.index);
            (history.first_line, history.last_line, history.len())
        };
        match &outcome.done {
            Done::Opened => {
                self.opened += 1;
                self.facts_opened += facts;
            }
            Done::Extended(facts) => {
                self.extended += 1;
                self.facts_added += facts;
            }
            Done::Unchanged => self.unchanged += 1,
            Done::Refused(reasons) => {
                self.refused.push(reasons.iter().find_map(|reason| reason.line).unwrap_or(first_line));
            }
        }
        Reported { outcome, first_line, last_line, facts, dry_run: self.dry_run }
    }

    /// Counts a history that was not imported, because the import stopped.
    pub(super) fn did_not_reach(&mut self, index: usize) {
        let line = self.history(index).first_line;
        self.not_reached.push(line);
    }

    /// How many histories were refused.
    pub(super) fn refused(&self) -> usize {
        self.refused.len()
    }

    /// In words, on one line, and a second one if histories have no reference.
    pub(super) fn text(&self) -> String {
        let Self { name, opened, extended, unchanged, .. } = self;
        let histories = counted(self.file.histories.len(), ["history", "histories"], ["dossier", "dossiers"]);
        let [opened_with, added] = [self.facts_opened, self.facts_added].map(facts_counted);
        let (refused, at) = (self.refused.len(), at(&self.refused));
        let mut text = of_two(
            format!(
                "{name}: {histories}: {opened} opened with {opened_with}, {extended} extended with {added}, {unchanged} \
                 unchanged, {refused} refused{at}"
            ),
            format!(
                "{name}: {histories}: {opened} geopend met {opened_with}, {extended} aangevuld met {added}, {unchanged} \
                 ongewijzigd, {refused} geweigerd{at}"
            ),
        );
        text.push_str(&self.not_reached_in_words());
        if self.dry_run {
            text.push_str(of_two("; nothing was recorded", "; er is niets vastgelegd"));
        }
        text.push_str(&self.without_reference_in_words());
        text
    }

    fn not_reached_in_words(&self) -> String {
        let [first, ..] = self.not_reached.as_slice() else { return String::new() };
        let count = self.not_reached.len();
        of_two(
            format!(", {count} not reached (from line {first})"),
            format!(", {count} niet bereikt (vanaf regel {first})"),
        )
    }

    fn without_reference_in_words(&self) -> String {
        let count = self.without_reference;
        if count == 0 {
            return String::new();
        }
        of_two(
            format!(
                "\nof these without a reference: {count}. A history without one is known by its opening fact: if that is \
                 changed in the file, the person is registered again"
            ),
            format!(
                "\ndaarvan zonder kenmerk: {count}. Een dossier zonder kenmerk wordt herkend aan zijn eerste feit: wijzigt dat \
                 in het bestand, dan wordt de persoon opnieuw geregistreerd"
            ),
        )
    }

    /// As JSON, for programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "file": self.name, "histories": self.file.histories.len(), "dryRun": self.dry_run,
            "opened": self.opened, "factsOpened": self.facts_opened,
            "extended": self.extended, "factsAdded": self.facts_added,
            "unchanged": self.unchanged, "refused": self.refused.len(), "refusedAt": self.refused,
            "notReached": self.not_reached.len(), "withoutReference": self.without_reference,
        })
    }
}

impl Reported {
    /// The line for a history that is in the ledger: its trajectory and what was done.
    pub(super) fn line(&self) -> Option<String> {
        let done = match &self.outcome.done {
            Done::Opened if self.dry_run => of_two("would be opened", "zou worden geopend").to_owned(),
            Done::Opened => of_two("opened", "geopend").to_owned(),
            Done::Extended(facts) => {
                let done = if self.dry_run {
                    of_two("would be extended with", "zou worden aangevuld met")
                } else {
                    of_two("extended with", "aangevuld met")
                };
                format!("{done} {}", facts_counted(*facts))
            }
            Done::Unchanged => of_two("unchanged", "ongewijzigd").to_owned(),
            Done::Refused(_) => return None,
        };
        let trajectory = self.outcome.trajectory.as_ref().map(|id| format!("{id} ")).unwrap_or_default();
        Some(format!("{trajectory}{done}, {}", self.place()))
    }

    /// For people: why it was refused, and what could not be compared.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Done::Refused(reasons) = &self.outcome.done {
            let trajectory = self.outcome.trajectory.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            notes.push(format!("{}{trajectory}: {}", self.place(), of_two("refused", "geweigerd")));
            notes.extend(reasons.iter().map(|reason| format!("  {}", reason.text())));
        }
        if !self.outcome.unseen.is_empty() {
            let why = of_two(
                "could not be compared: this role does not see what the ledger has",
                "niet vergeleken: deze rol ziet niet wat er in het register staat",
            );
            notes.push(format!("{}: {why}", lines(&self.outcome.unseen)));
        }
        notes
    }

    /// As JSON, for programs.
    pub(super) fn json(&self) -> Value {
        let outcome = match &self.outcome.done {
            Done::Opened => "opened",
            Done::Extended(_) => "extended",
            Done::Unchanged => "unchanged",
            Done::Refused(_) => "refused",
        };
        let reported = match &self.outcome.done {
            Done::Opened => self.facts,
            Done::Extended(facts) => *facts,
            Done::Unchanged | Done::Refused(_) => 0,
        };
        let mut json = json!({
            "outcome": outcome, "trajectoryId": self.outcome.trajectory, "firstLine": self.first_line,
            "lastLine": self.last_line, "facts": reported, "notCompared": self.outcome.unseen,
        });
        if let Done::Refused(reasons) = &self.outcome.done {
            let reasons = reasons.iter().map(|reason| {
                json!({"line": reason.line, "code": reason.fault.code(), "message": reason.fault.text()})
            });
            json["reasons"] = reasons.collect();
        }
        json
    }

    fn place(&self) -> String {
        let (first, last) = (self.first_line, self.last_line);
        if first == last {
            return lines(&[first]);
        }
        format!("{} {first} {} {last}", of_two("lines", "regels"), of_two("to", "tot en met"))
    }
}

fn facts_counted(count: usize) -> String {
    counted(count, ["fact", "facts"], ["feit", "feiten"])
}

/// The lines of refused histories, at most ten of them.
fn at(refused: &[usize]) -> String {
    const MOST: usize = 10;
    match refused {
        [] => String::new(),
        few if few.len() <= MOST => format!(" ({})", lines(few)),
        many => {
            let first: Vec<_> = many[..MOST].iter().map(usize::to_string).collect();
            format!(" ({} {}, …)", of_two("lines", "regels"), first.join(", "))
        }
    }
}
