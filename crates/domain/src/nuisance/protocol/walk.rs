//! The walk through a history that derives each nuisance case.

use std::collections::HashMap;

use super::{AtLevel, CaseFact, CaseState, CaseStory, StateSince, Step};
use crate::agreements::assess::due::{Due, due};
use crate::agreements::pattern::FactTypes;
use crate::agreements::{AgreementSet, AgreementSets};
use crate::day::Day;
use crate::ids::NuisanceCaseId;
use crate::nuisance::Level;
use crate::trajectory::fact::{
    AgreementSetVersion, ContractModel, Fact, FactType, NuisanceReported, Party, RunningCaseTakenOver,
};

/// The state of the walk.
pub(super) struct Walk<'s> {
    sets: &'s AgreementSets,
    set: Option<&'s AgreementSet>,
    landlord: Party,
    pub(super) cases: Vec<CaseStory<'s>>,
    /// The indexes of each case among them.
    numbers: HashMap<NuisanceCaseId, Vec<usize>>,
    /// The kinds of facts that complete some step.
    completing: FactTypes,
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
            completing: FactTypes::default(),
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
        } else if !is_about_some_case(placed.kind)
            && (self.completing.contains(placed.kind) || ends_all(placed.kind))
        {
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
            _ => None,
        };
        if let Some(bound_to) = bound_to {
            self.set = self.sets.get(bound_to);
        }
        self.landlord = match fact {
            Fact::HousedUnderIntermediaryLease(_) => Party::CareProvider,
            Fact::HousedUnderThreePartyLease(_)
            | Fact::HousedUnderTemporaryLease(_)
            | Fact::HousedUnderOwnLease(_)
            | Fact::ContractFlipped(_) => Party::HousingCorporation,
            Fact::RunningCaseTakenOver(case) => landlord_of(case),
            _ => self.landlord,
        };
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
        let level = self.cases[at].level().unwrap_or(Level::REPORTED);
        let to = match placed.fact {
            Fact::ApproachAgreed(_) => (level < Level::APPROACH_AGREED).then_some(Level::APPROACH_AGREED),
            Fact::Escalated(up) => Some(up.to_level),
            Fact::Deescalated(down) => Some(down.to_level),
            // A warning at the level of warnings begins a new review. At a higher level it changes
            // nothing.
            Fact::WarningIssued(_) => (level <= Level::WARNED).then_some(Level::WARNED),
            Fact::LastChanceAgreed(_) => (level <= Level::LAST_CHANCE).then_some(Level::LAST_CHANCE),
            Fact::LeaseTerminationStarted(_) => Some(Level::ENDING_THE_LEASE),
            Fact::EvictionPrevented(_) => Some(Level::LAST_CHANCE),
            Fact::NuisanceReopened(_) => Some(level),
            _ => None,
        };
        if let Some(to) = to.filter(|_| case_of(placed.fact).is_some()) {
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
        let landlord = self.landlord;
        let Some(set) = self.set else { return };
        let Some(settings) = set.nuisance.levels.iter().find(|settings| settings.level == level) else {
            return;
        };
        let steps = settings.steps.iter().map(|step| Step {
            settings: step,
            by: step.by.iter().map(|actor| actor.party(landlord)).collect(),
            until: step.within.as_ref().and_then(|within| {
                match due(within, placed.on, Some(placed.fact), set.calendar) {
                    Due::By(day) => Some(day),
                    Due::Whenever | Due::Before { .. } => None,
                }
            }),
            done: None,
        });
        self.completing =
            settings.steps.iter().fold(self.completing, |completing, step| completing.or(step.done_by));
        let reached = AtLevel {
            settings,
            from: placed.on,
            sequence: placed.sequence,
            landlord,
            until: None,
            steps: steps.collect(),
        };
        let case = &mut self.cases[at];
        case.leave_level(placed.on);
        case.levels.push(reached);
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

    /// Applies a fact. A fact that names the case is part of its history; any fact may complete a
    /// step.
    fn apply(&mut self, placed: PlacedFact<'_>, names_it: bool) {
        if names_it {
            self.facts.push(CaseFact { sequence: placed.sequence, on: placed.on, kind: placed.kind });
        }
        if let (Fact::WarningIssued(_), true) = (placed.fact, names_it) {
            self.warned_on.push(placed.on);
        }
        // A step of an earlier level can still be completed: the reporter may be informed after the
        // approach is agreed.
        let levels = self.levels.iter_mut().filter(|at| at.sequence != placed.sequence);
        levels
            .flat_map(|at| &mut at.steps)
            .filter(|step| step.done.is_none() && step.settings.done_by.contains(placed.kind))
            .for_each(|step| step.done = Some((placed.on, placed.sequence)));
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

/// Whether facts of this kind name the case they are about, so that a fact which names none is
/// about something else.
fn is_about_some_case(kind: FactType) -> bool {
    matches!(
        kind,
        FactType::WarningIssued
            | FactType::LeaseTerminationStarted
            | FactType::EvictionOrdered
            | FactType::EvictionPrevented
            | FactType::TemporaryPlacementStarted
    )
}

/// The case that a fact names.
fn case_of(fact: &Fact) -> Option<NuisanceCaseId> {
    match fact {
        Fact::NuisanceReported(fact) => Some(fact.case_id),
        Fact::ReporterInformed(fact) => Some(fact.case_id),
        Fact::ApproachAgreed(fact) => Some(fact.case_id),
        Fact::Escalated(fact) => Some(fact.case_id),
        Fact::Deescalated(fact) => Some(fact.case_id),
        Fact::WarningIssued(fact) => fact.case_id,
        Fact::LastChanceAgreed(fact) => Some(fact.case_id),
        Fact::NuisanceResolved(fact) => Some(fact.case_id),
        Fact::NuisanceReopened(fact) => Some(fact.case_id),
        Fact::NuisanceCaseClosed(fact) => Some(fact.case_id),
        Fact::NuisanceFoundUnfounded(fact) => Some(fact.case_id),
        Fact::NuisanceHandedOver(fact) => Some(fact.case_id),
        Fact::LeaseTerminationStarted(fact) => fact.case_id,
        Fact::EvictionOrdered(fact) => fact.case_id,
        Fact::EvictionPrevented(fact) => fact.case_id,
        Fact::TemporaryPlacementStarted(fact) => fact.nuisance_case,
        _ => None,
    }
}

fn landlord_of(case: &RunningCaseTakenOver) -> Party {
    let intermediary = case.lease.as_ref().is_some_and(|lease| lease.model == ContractModel::Intermediary);
    if intermediary && case.flipped_on.is_none() { Party::CareProvider } else { Party::HousingCorporation }
}
