//! What the opening balance of a running case starts (`RunningCaseTakenOver`).
//!
//! The ledger does not judge anything that was over before the take-over. So a take-over implies
//! the facts of the phase that the case is in, on the days that it gives. Obligations that were due
//! before it are dropped unless it lists them as kept. Recurring obligations are counted from the
//! take-over.

use super::due::recurring_from;
use super::levels;
use super::open::{PlacedFact, responsible};
use super::walk::{Starting, Walk};
use super::{Closing, Start};
use crate::agreements::field::Scalar;
use crate::agreements::pattern::FactTypes;
use crate::day::Day;
use crate::nuisance::Level;
use crate::trajectory::fact::{AlreadyKept, ContractModel, FactType, RunningCaseTakenOver};
use crate::trajectory::phase::Phase;

/// A fact that the take-over implies.
struct Before {
    kind: FactType,
    on: Day,
    /// The nuisance case it is about.
    reference: Option<Scalar>,
}

/// Starts the obligations that the take-over implies, and closes those that it lists as kept.
pub(super) fn open(walk: &mut Walk<'_, '_>, case: &RunningCaseTakenOver, placed: PlacedFact<'_>) {
    let first = walk.started;
    let mut before = before(case);
    before.sort_by_key(|before| before.on);
    for one in &before {
        start(walk, one, placed);
    }
    levels::taken_over(walk, case, placed);
    // The listed obligations come before those that are only implied to be kept.
    for kept in &case.already_kept {
        already_kept(walk, first, kept, placed);
    }
    for one in &before {
        let open = walk.instances.range_mut(first..).map(|(_, instance)| &mut instance.open);
        for instance in open.filter(|open| open.is_open()) {
            if instance.is_about_same(one.reference.as_ref()) {
                instance.keep_by_kind(one.kind, placed.sequence, one.on);
            }
        }
    }
    let passed = |due: Option<Day>| due.is_some_and(|due| due < placed.on);
    let over = walk
        .instances
        .range(first..)
        .filter(|(_, instance)| instance.open.is_open() && passed(instance.open.assessed.due()));
    let over: Vec<_> = over.map(|(ordinal, _)| *ordinal).collect();
    for ordinal in over {
        walk.forget(ordinal);
    }
}

fn start(walk: &mut Walk<'_, '_>, before: &Before, placed: PlacedFact<'_>) {
    let Some(set) = walk.set else { return };
    for (agreement, obligation) in set.obligations() {
        // What must happen at the levels of nuisance cases starts with the levels.
        let starts = obligation.level.is_none()
            && obligation
                .starts_with
                .iter()
                .any(|pattern| pattern.facts.contains(before.kind) && pattern.conditions.is_empty());
        if !starts {
            continue;
        }
        let counted_from =
            if obligation.recurs { recurring_from(obligation, before.on, placed.on, set) } else { before.on };
        let starting = Starting {
            start: Start { sequence: placed.sequence, on: placed.on, counted_from },
            fact: None,
            reference: obligation.same.as_ref().and(before.reference.clone()),
            responsible: responsible(&obligation.responsible, placed.fact, walk.landlord),
        };
        walk.start(set, agreement, obligation, &starting);
    }
}

/// Closes the first instance of an obligation that was already kept, and starts what keeping it
/// starts.
fn already_kept(walk: &mut Walk<'_, '_>, first: usize, kept: &AlreadyKept, placed: PlacedFact<'_>) {
    let instance = walk
        .instances
        .range_mut(first..)
        .map(|(_, instance)| &mut instance.open)
        .find(|instance| instance.is_open() && instance.assessed.obligation.id == kept.obligation);
    if let Some(instance) = instance {
        instance.close(Closing::Kept, kept.kept_on, vec![placed.sequence]);
    }
    let Some(obligation) = walk.set.and_then(|set| set.obligation(&kept.obligation)) else { return };
    let keeps = obligation.kept_by.patterns().fold(FactTypes::default(), |all, one| all.or(one.facts));
    let kind = obligation.recurs.then(|| keeps.iter().next()).flatten();
    if let Some(kind) = kind {
        start(walk, &Before { kind, on: kept.kept_on, reference: None }, placed);
    }
}

/// The facts that a take-over implies.
fn before(case: &RunningCaseTakenOver) -> Vec<Before> {
    let plain = |kind, on: Option<Day>| on.map(|on| Before { kind, on, reference: None });
    let moved_in = case.lease.as_ref().map(|lease| lease.started_on);
    let mut facts = match case.phase {
        Phase::Preparing => vec![plain(FactType::IntakeRegistered, Some(case.intake_on))],
        Phase::Ready => vec![
            plain(FactType::IntakeRegistered, Some(case.intake_on)),
            plain(FactType::ReadinessConfirmed, case.ready_on),
        ],
        Phase::Matching => vec![
            plain(FactType::ReadinessConfirmed, case.ready_on),
            plain(FactType::CorporationAssigned, case.corporation.as_ref().map(|_| case.occurred_on)),
        ],
        // The state assumes the same: a client who already lives there has signed and knows the
        // conditions.
        Phase::Housed => vec![
            case.lease.as_ref().and_then(|lease| plain(housed_under(lease.model), moved_in)),
            plain(FactType::LivingAgreementsSigned, moved_in),
            plain(FactType::FlipConditionsSet, moved_in),
        ],
        Phase::FollowUp => vec![plain(FactType::ContractFlipped, case.flipped_on)],
        _ => Vec::new(),
    };
    for open in &case.open_nuisance_cases {
        let agreed = open.level >= Level::APPROACH_AGREED;
        let kind = if agreed { FactType::ApproachAgreed } else { FactType::NuisanceReported };
        let reference = Some(Scalar::Text(open.case_id.to_string().into()));
        let on = if agreed { case.occurred_on } else { open.reported_on };
        facts.push(Some(Before { kind, on, reference }));
    }
    facts.into_iter().flatten().collect()
}

fn housed_under(model: ContractModel) -> FactType {
    match model {
        ContractModel::Intermediary => FactType::HousedUnderIntermediaryLease,
        ContractModel::ThreeParty => FactType::HousedUnderThreePartyLease,
        ContractModel::Temporary => FactType::HousedUnderTemporaryLease,
        ContractModel::Own => FactType::HousedUnderOwnLease,
    }
}
