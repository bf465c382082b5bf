//! Draws the phases and the nuisance protocol from the tables and the rules in the code, as Mermaid
//! text for the docs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use omklap_domain::agreements::AgreementSet;
use omklap_domain::agreements::set::LevelSettings;
use omklap_domain::nuisance::Level;
use omklap_domain::trajectory::FactType;
use omklap_domain::trajectory::phase::{Leads, Phase};

/// Every phase, and the facts that lead from one to another.
pub fn phases() -> String {
    let mut arrows: BTreeMap<(Phase, Phase), Vec<&str>> = BTreeMap::new();
    for kind in FactType::ALL {
        for (from, to) in moves(*kind) {
            arrows.entry((from, to)).or_default().push(kind.as_str());
        }
    }
    let mut drawn = String::from("stateDiagram-v2\n");
    for phase in Phase::ALL {
        let _ = writeln!(drawn, "    state \"{phase}\" as {}", node(phase));
    }
    let _ = writeln!(drawn, "    [*] --> {}", node(Phase::Unopened));
    for ((from, to), kinds) in arrows {
        let _ = writeln!(drawn, "    {} --> {}: {}", node(from), node(to), kinds.join("<br/>"));
    }
    let _ = writeln!(drawn, "    {} --> [*]", node(Phase::Ended));
    drawn
}

/// The facts that may be reported in each phase, as a table in Markdown.
pub fn admitted() -> String {
    let mut table = String::from("| Phase | What may be reported |\n|---|---|\n");
    for phase in Phase::ALL {
        let names: Vec<_> = phase.admits().into_iter().map(|kind| format!("`{kind}`")).collect();
        let _ = writeln!(table, "| {phase} | {} |", names.join(", "));
    }
    table
}

fn moves(kind: FactType) -> Vec<(Phase, Phase)> {
    let row = kind.row();
    let to: Vec<Phase> = match row.leads {
        Leads::Nowhere => return Vec::new(),
        Leads::To(phase) => vec![phase],
        Leads::BackFromMatching => vec![Phase::Ready, Phase::Housed],
        Leads::AsStated => {
            vec![Phase::Preparing, Phase::Ready, Phase::Matching, Phase::Housed, Phase::FollowUp]
        }
    };
    row.phases
        .iter()
        .flat_map(|from| to.iter().map(|to| (*from, *to)))
        .filter(|(from, to)| from != to)
        .collect()
}

fn node(phase: Phase) -> String {
    phase.as_str().replace('-', "_")
}

/// The state of a nuisance case, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DrawnState {
    /// Open, at a level.
    At(Level),
    /// Quiet, for now.
    Resolved,
    /// Nothing more is to be done.
    Over,
}

impl fmt::Display for DrawnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(level) => write!(f, "level_{level}"),
            Self::Resolved => f.write_str("resolved"),
            Self::Over => f.write_str("over"),
        }
    }
}

/// The facts that lead from one state to another.
pub type Arrows = BTreeMap<(DrawnState, DrawnState), BTreeSet<String>>;

/// The levels of the nuisance protocol in a set: what must happen at each, and what leads to
/// another.
pub fn nuisance_levels(set: &AgreementSet, arrows: &Arrows) -> String {
    let mut drawn = String::from("stateDiagram-v2\n");
    for level in &set.nuisance.levels {
        let _ = writeln!(drawn, "    state \"{}\" as {}", label(set, level), DrawnState::At(level.level));
    }
    let _ = writeln!(
        drawn,
        "    state \"resolved<br/>quiet for {} weeks<br/>reopened to the level it had\" as resolved",
        set.nuisance.quiet_weeks
    );
    let _ = writeln!(drawn, "    [*] --> {}: nuisance-reported", DrawnState::At(Level::REPORTED));
    for ((from, to), facts) in arrows {
        let facts = facts.iter().map(String::as_str).collect::<Vec<_>>();
        let _ = writeln!(drawn, "    {from} --> {to}: {}", facts.join("<br/>"));
    }
    let _ = writeln!(drawn, "    {} --> [*]", DrawnState::Over);
    drawn
}

fn label(set: &AgreementSet, level: &LevelSettings) -> String {
    let steps = set.obligations_at(level.level).map(|(_, step)| step.text.en.clone());
    let lines = std::iter::once(format!("{} {}", level.level, level.name.en)).chain(steps);
    lines.collect::<Vec<_>>().join("<br/>")
}
