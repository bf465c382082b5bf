//! The walk through a history that derives each nuisance case.

use std::collections::HashMap;

use super::{AtLevel, CaseFact, CaseState, CaseStory, StateSince};
use crate::agreements::{AgreementSet, AgreementSets, Assessed};
use crate::day::Day;
use crate::ids::NuisanceCaseId;
use crate::nuisance::Level;
use crate::nuisance::course::{case_of, landlord_after, level_after};
use crate::trajectory::fact::{
    AgreementSetVersion, Fact, FactType, NuisanceReported, Party, RunningCaseTakenOver,
};

/// The state of the walk.
pub(super) struct Walk<'s> {
    sets: &'s AgreementSets,
    set: Option<&'s AgreementSet>,
    landlord: Party,
    pub(super) cases: Vec<CaseStory<'s>>,
    /// The indexes of each case among them.
    numbers: HashMap<NuisanceCaseId, Vec<usize>>,
}

/// A fact with its place in the history.
#[derive(Clone, Copy)]
struct PlacedFact<'f> {
    sequence: u64,
    on: Day,
    kind: FactType,
    fact: &'f Fact,
}

impl<'s> Walk<'s> {
    pub(super) fn of(sets: &'s AgreementSets) -> Self {
        Self {
            sets,
            set: None,
            landlord: Party::HousingCorporation,
            cases: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    pub(super) fn step(&mut self, sequence: u64, fact: &Fact) {
        let placed = PlacedFact { sequence, on: fact.occurred_on(), kind: fact.fact_type(), fact };
        self.setting(fact);
        match fact {
            Fact::NuisanceReported(report) => self.reported(report, placed),
            Fact::RunningCaseTakenOver(case) => self.taken_over(case, placed),
            _ => {}
        }
        if let Some(id) = case_of(fact) {
            for at in self.numbers.get(&id).cloned().unwrap_or_default() {
                self.concerns(at, placed, true);
            }
        } else if ends_all(placed.kind) {
            for at in 0..self.cases.len() {
                if self.cases[at].is_open() {
                    self.concerns(at, placed, false);
                }
            }
        }
    }

    /// Applies a fact to a case. The fact may be about all open cases.
    fn concerns(&mut self, at: usize, placed: PlacedFact<'_>, names_it: bool) {
        self.cases[at].apply(placed, names_it);
        self.moves(at, placed);
    }

    /// Updates the agreements, and the party that the client rents from.
    fn setting(&mut self, fact: &Fact) {
        let bound_to: Option<&AgreementSetVersion> = match fact {
            Fact::IntakeRegistered(intake) => Some(&intake.agreement_set),
            Fact::RunningCaseTakenOver(case) => Some(&case.agreement_set),
            Fact::AgreementSetChanged(changed) => Some(&changed.agreement_set),
            Fact::RegionTransferAccepted(accepted) => Some(&accepted.to.agreement_set),
            _ => None,
        };
        if let Some(bound_to) = bound_to {
            self.set = self.sets.get(bound_to);
        }
        self.landlord = landlord_after(self.landlord, fact);
    }

    fn reported(&mut self, report: &NuisanceReported, placed: PlacedFact<'_>) {
        let opened = CaseStory {
            id: report.case_id,
            kind: Some(report.kind),
            reported_on: report.occurred_on,
            earlier_case: report.earlier_case,
            levels: Vec::new(),
            states: vec![StateSince { state: CaseState::Open, from: placed.on, sequence: placed.sequence }],
            warned_on: Vec::new(),
            facts: Vec::new(),
        };
        self.numbers.entry(report.case_id).or_default().push(self.cases.len());
        self.cases.push(opened);
        self.enter(self.cases.len() - 1, Level::REPORTED, placed);
    }

    /// Cases that were open when the trajectory was taken over. Their limits count from the
    /// take-over.
    fn taken_over(&mut self, running: &RunningCaseTakenOver, placed: PlacedFact<'_>) {
        for open in &running.open_nuisance_cases {
            self.numbers.entry(open.case_id).or_default().push(self.cases.len());
            self.cases.push(CaseStory {
                id: open.case_id,
                kind: None,
                reported_on: open.reported_on,
                earlier_case: None,
                levels: Vec::new(),
                states: vec![StateSince {
                    state: CaseState::Open,
                    from: placed.on,
                    sequence: placed.sequence,
                }],
                warned_on: Vec::new(),
                facts: vec![CaseFact { sequence: placed.sequence, on: placed.on, kind: placed.kind }],
            });
            self.enter(self.cases.len() - 1, open.level, placed);
        }
    }

    /// Applies a fact to the level and the state of a case.
    fn moves(&mut self, at: usize, placed: PlacedFact<'_>) {
        let to = case_of(placed.fact).and_then(|_| level_after(self.cases[at].level(), placed.fact));
        if let Some(to) = to.filter(|_| placed.kind != FactType::NuisanceReported) {
            self.enter(at, to, placed);
        }
        let quiet_weeks = self.set.map_or(0, |set| set.nuisance.quiet_weeks);
        let state = match placed.fact {
            Fact::NuisanceReopened(_) => CaseState::Open,
            Fact::NuisanceResolved(_) => CaseState::Quiet { until: placed.on.plus_weeks(quiet_weeks) },
            Fact::NuisanceCaseClosed(_) => CaseState::Closed,
            Fact::NuisanceFoundUnfounded(_) => CaseState::Unfounded,
            Fact::NuisanceHandedOver(_) => CaseState::HandedOver,
            Fact::TrajectoryEnded(_) | Fact::FollowUpEnded(_) | Fact::ReturnedToShelter(_) => {
                CaseState::CaseEnded
            }
            _ => return,
        };
        let case = &mut self.cases[at];
        if state != CaseState::Open {
            case.leave_level(placed.on);
        }
        case.states.push(StateSince { state, from: placed.on, sequence: placed.sequence });
    }

    fn enter(&mut self, at: usize, level: Level, placed: PlacedFact<'_>) {
        let Some(set) = self.set else { return };
        let Some(settings) = set.nuisance.levels.iter().find(|settings| settings.level == level) else {
            return;
        };
        let case = &mut self.cases[at];
        case.leave_level(placed.on);
        case.levels.push(AtLevel {
            settings,
            from: placed.on,
            sequence: placed.sequence,
            landlord: self.landlord,
            until: None,
            steps: Vec::new(),
        });
    }

    /// The cases, with the obligations about them at the level with which they started.
    pub(super) fn with_steps(self, assessed: &[Assessed<'s>]) -> Vec<CaseStory<'s>> {
        let mut cases = self.cases;
        let names: HashMap<String, usize> =
            cases.iter().enumerate().map(|(at, case)| (case.id.to_string(), at)).collect();
        for one in assessed {
            let at = one.reference.as_ref().and_then(|reference| names.get(reference));
            if let (Some(at), Some(start)) = (at, one.start)
                && let Some(level) =
                    cases[*at].levels.iter_mut().find(|level| level.sequence == start.sequence)
            {
                level.steps.push(one.clone());
            }
        }
        cases
    }
}

impl CaseStory<'_> {
    fn is_open(&self) -> bool {
        !matches!(
            self.states.last().map(|since| since.state),
            None | Some(
                CaseState::Closed | CaseState::Unfounded | CaseState::HandedOver | CaseState::CaseEnded
            )
        )
    }

    /// Applies a fact. A fact that names the case is part of its history.
    fn apply(&mut self, placed: PlacedFact<'_>, names_it: bool) {
        if names_it {
            self.facts.push(CaseFact { sequence: placed.sequence, on: placed.on, kind: placed.kind });
        }
        if let (Fact::WarningIssued(_), true) = (placed.fact, names_it) {
            self.warned_on.push(placed.on);
        }
    }

    fn leave_level(&mut self, on: Day) {
        if let Some(at) = self.levels.last_mut() {
            at.until = at.until.or(Some(on));
        }
    }
}

/// Whether facts of this kind end every open case.
fn ends_all(kind: FactType) -> bool {
    matches!(kind, FactType::TrajectoryEnded | FactType::FollowUpEnded | FactType::ReturnedToShelter)
}
