//! In which reports a story is recorded: what was reported in time at the opening, and everything that came
//! later for itself, so that `knownAt` shows what the partners did not know yet.

use omklap_domain::ids::OrganisationId;
use omklap_domain::trajectory::Fact;

use crate::stories::Story;

/// A story as it is recorded.
#[derive(Clone, Debug)]
pub struct Reports {
    /// What is reported when the case is opened, one fact a line.
    pub opening: Vec<&'static str>,
    /// What is reported afterwards, each at an instant of its own: facts that came late, and corrections.
    pub later: Vec<&'static str>,
    /// The care provider that reports what came later: the one that guides at the end.
    pub care_provider: OrganisationId,
}

impl Story {
    /// The reports in which it is recorded. Reports at the end of its file came later if they are
    /// corrections, or about a day before the day of a fact above them.
    ///
    /// # Panics
    /// If a line is no fact, or the first one opens no case; tests check every story.
    #[must_use]
    pub fn reports(&self) -> Reports {
        let lines: Vec<&'static str> = self.facts.lines().collect();
        let facts: Vec<Fact> =
            lines.iter().map(|line| serde_json::from_str(line).expect("a line is a fact")).collect();
        let in_time = (1..facts.len()).rev().find(|at| !came_later(&facts, *at)).unwrap_or(0) + 1;
        Reports {
            opening: lines[..in_time].to_vec(),
            later: lines[in_time..].to_vec(),
            care_provider: care_provider(&facts).expect("a story opens a case"),
        }
    }
}

fn came_later(facts: &[Fact], at: usize) -> bool {
    let on = facts[at].occurred_on();
    matches!(facts[at], Fact::EventCorrected(_)) || facts[..at].iter().any(|fact| fact.occurred_on() > on)
}

/// The provider that guides the client after these facts.
fn care_provider(facts: &[Fact]) -> Option<OrganisationId> {
    let guides = facts.iter().rev().find_map(|fact| match fact {
        Fact::IntakeRegistered(intake) => Some(&intake.care_provider),
        Fact::RunningCaseTakenOver(case) => Some(&case.care_provider),
        Fact::TrajectoryTransferred(transfer) => transfer.care_provider.as_ref(),
        Fact::RegionTransferAccepted(accepted) => Some(&accepted.to.care_provider),
        _ => None,
    });
    guides.cloned()
}
