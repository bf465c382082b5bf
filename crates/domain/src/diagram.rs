//! The phases and the nuisance protocol drawn from the tables in the code, as Mermaid text for the docs.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::agreements::AgreementSet;
use crate::agreements::set::LevelSettings;
use crate::nuisance::Level;
use crate::trajectory::FactType;
use crate::trajectory::phase::{Leads, Phase};

/// Every phase, and the facts that lead from one to another.
#[must_use]
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

/// What may be reported in each phase, as a table in Markdown.
#[must_use]
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

/// The levels of the nuisance protocol as a set has them: what must happen at each, and what leads to the next.
#[must_use]
pub fn nuisance_levels(set: &AgreementSet) -> String {
    let mut drawn = String::from("stateDiagram-v2\n");
    for level in &set.nuisance.levels {
        let _ = writeln!(drawn, "    state \"{}\" as level_{}", told(level), level.level);
    }
    let _ = writeln!(
        drawn,
        "    state \"resolved<br/>quiet for {} weeks\" as resolved",
        set.nuisance.quiet_weeks
    );
    for (from, to, facts) in ARROWS {
        let label = if facts.is_empty() { String::new() } else { format!(": {facts}") };
        let _ = writeln!(drawn, "    {from} --> {to}{label}");
    }
    for to in &set.nuisance.acute_levels {
        // Level 0 is left in danger or by an approach; else danger is needed where a level is skipped.
        let skips = |from: &Level| from < to && (*from == Level::REPORTED || from.next() != Some(*to));
        for from in Level::ALL.into_iter().filter(skips) {
            let _ = writeln!(drawn, "    level_{from} --> level_{to}: escalated (acute)");
        }
    }
    drawn
}

fn told(level: &LevelSettings) -> String {
    let steps = level.steps.iter().map(|step| step.action.en.clone());
    let lines = std::iter::once(format!("{} {}", level.level, level.name.en)).chain(steps);
    lines.collect::<Vec<_>>().join("<br/>")
}

/// The moves of the protocol (`domain.md` §5). A test walks each of them through the rules.
pub const ARROWS: &[(&str, &str, &str)] = &[
    ("[*]", "level_0", "nuisance-reported"),
    ("level_0", "level_1", "approach-agreed"),
    ("level_0", "over", "nuisance-found-unfounded"),
    ("level_1", "level_2", "escalated"),
    ("level_2", "level_3", "escalated, warning-issued"),
    ("level_3", "level_4", "escalated, last-chance-agreed"),
    ("level_4", "level_5", "escalated, lease-termination-started"),
    ("level_5", "level_4", "eviction-prevented"),
    ("level_2", "level_1", "deescalated"),
    ("level_3", "level_2", "deescalated"),
    ("level_4", "level_3", "deescalated"),
    ("level_3", "level_1", "deescalated"),
    ("level_4", "level_2", "deescalated"),
    ("level_4", "level_1", "deescalated"),
    ("level_2", "level_5", "lease-termination-started (acute)"),
    ("level_3", "level_5", "lease-termination-started (acute)"),
    ("level_1", "resolved", "nuisance-resolved"),
    ("level_2", "resolved", "nuisance-resolved"),
    ("level_3", "resolved", "nuisance-resolved"),
    ("level_4", "resolved", "nuisance-resolved"),
    ("level_0", "over", "nuisance-handed-over"),
    ("level_1", "over", "nuisance-handed-over"),
    ("level_2", "over", "nuisance-handed-over"),
    ("level_3", "over", "nuisance-handed-over"),
    ("level_4", "over", "nuisance-handed-over"),
    ("level_5", "over", "trajectory-ended"),
    ("resolved", "over", "nuisance-case-closed"),
    ("resolved", "level_1", "nuisance-reopened, to the level it had"),
    ("over", "[*]", ""),
];
