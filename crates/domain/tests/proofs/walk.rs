//! Random lives: facts are drawn, and those that are admitted happened.

use omklap_domain::trajectory::Trajectory;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::drawn::{Dice, drawn};
use crate::vocabulary::*;

/// A life as it was reported, in the order of happening.
#[derive(Clone, Debug)]
pub struct Walk {
    pub history: History,
    pub steps: Vec<WalkStep>,
}

/// One fact that was admitted, and the phase before and after it.
#[derive(Clone, Copy, Debug)]
pub struct WalkStep {
    pub kind: FactType,
    pub before: Phase,
    pub after: Phase,
}

/// Lives of up to this many draws.
pub fn lives(draws: usize) -> impl Strategy<Value = Walk> {
    vec(any::<u64>(), 1..draws).prop_map(|draws| walk(&draws))
}

/// Long lives, always the same ones.
pub fn walks() -> impl Iterator<Item = Walk> {
    let mut runner = TestRunner::deterministic();
    let strategy = vec(any::<u64>(), 150);
    std::iter::repeat_with(move || {
        let draws = strategy.new_tree(&mut runner).expect("numbers can always be drawn").current();
        walk(&draws)
    })
}

fn walk(draws: &[u64]) -> Walk {
    let mut life = Walk { history: History::default(), steps: Vec::new() };
    let mut today: Day = code("2026-01-05");
    for draw in draws {
        let mut dice = Dice(*draw);
        let later = today.plus_days(dice.one_of(&[1, 1, 2, 5, 20, 60, 400]));
        let state = life.history.state();
        let (before, kind) = (state.phase, draw_kind(state, &mut dice));
        let fact = drawn(kind, later, &life.history, &mut dice);
        if life.history.report(fact, rules()).is_ok() {
            today = later;
            life.steps.push(WalkStep { kind, before, after: life.history.state().phase });
        }
    }
    life
}

/// A kind that the phase admits: often the next step to the own lease or of the nuisance protocol,
/// seldom one that ends the case.
fn draw_kind(state: &Trajectory, dice: &mut Dice) -> FactType {
    let seldom = dice.pick(8) == 7;
    let fits = |kind: &FactType| kind.row().phases.contains(&state.phase);
    let admitted = FactType::ALL.iter().copied().filter(fits).filter(|kind| seldom || !ends_or_mends(*kind));
    match dice.pick(4) {
        0 => way_on(state),
        1 if state.tenancy.lease.is_some() => next_rung(state),
        _ => dice.one_of(&admitted.collect::<Vec<_>>()),
    }
}

fn ends_or_mends(kind: FactType) -> bool {
    use FactType::{EventCorrected, FollowUpEnded, ReturnedToShelter, RunningCaseTakenOver, TrajectoryEnded};
    [TrajectoryEnded, FollowUpEnded, ReturnedToShelter, EventCorrected, RunningCaseTakenOver].contains(&kind)
}

/// The next fact on the straight way to the own lease.
fn way_on(state: &Trajectory) -> FactType {
    let flip = &state.flip;
    let set = state.agreement_set.as_ref().and_then(|set| SETS.get(set));
    let fund = set.is_some_and(|set| set.guarantee_fund.is_some());
    match state.phase {
        _ if state.claims.values().any(|claim| claim.open.is_some()) => FactType::GuaranteeFundSettled,
        Phase::Unopened => FactType::IntakeRegistered,
        Phase::Preparing if state.profile.is_none() => FactType::OutflowProfileSet,
        Phase::Preparing => FactType::ReadinessConfirmed,
        Phase::Ready => FactType::HousingRequested,
        Phase::Matching if state.corporation.is_none() => FactType::CorporationAssigned,
        Phase::Matching if state.offers.used > state.offers.granted => FactType::SecondOfferGranted,
        Phase::Matching => FactType::DwellingOffered,
        Phase::Offered => FactType::OfferAccepted,
        Phase::Contracting if fund => FactType::HousedUnderThreePartyLease,
        Phase::Contracting => FactType::HousedUnderIntermediaryLease,
        Phase::Housed if !flip.conditions_set => FactType::FlipConditionsSet,
        Phase::Housed if flip.talk.is_none() => FactType::FlipTalkHeld,
        Phase::Housed if flip.disclosed_rent.is_none() => FactType::RentAtFlipDisclosed,
        Phase::Housed if !flip.positions_agree() => FactType::FlipPositionGiven,
        Phase::Housed if !flip.aftercare_agreed => FactType::AftercareAgreed,
        Phase::Housed if flip.approved_for.is_none() => FactType::FlipApproved,
        Phase::Housed => FactType::ContractFlipped,
        Phase::FollowUp => FactType::FollowUpCheckHeld,
        Phase::Ended => FactType::ReturnRequested,
    }
}

/// The next fact in the worst nuisance case.
fn next_rung(state: &Trajectory) -> FactType {
    match state.worst_nuisance_level().map(u8::from) {
        None if state.nuisance.is_empty() => FactType::NuisanceReported,
        None => FactType::NuisanceCaseClosed,
        Some(0) => FactType::ApproachAgreed,
        Some(1) => FactType::Escalated,
        Some(2) => FactType::WarningIssued,
        Some(3) => FactType::LastChanceAgreed,
        Some(4) => FactType::LeaseTerminationStarted,
        Some(_) => FactType::EvictionPrevented,
    }
}
