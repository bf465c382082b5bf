//! Lives that nobody made up: facts are drawn, and those that are admitted happened.

use omklap_domain::trajectory::Trajectory;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::drawn::{Dice, drawn};
use crate::telling::*;

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

/// Lives of up to so many draws.
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

/// A kind that the phase admits: often one that leads on, seldom one that ends everything.
fn draw_kind(state: &Trajectory, dice: &mut Dice) -> FactType {
    let seldom = dice.pick(8) == 0;
    let leading = dice.pick(3) == 0;
    let admitted: Vec<_> = state
        .phase
        .admits()
        .into_iter()
        .filter(|kind| seldom || !ends_or_opens_late(*kind))
        .filter(|kind| !leading || leads_on(*kind))
        .collect();
    if admitted.is_empty() { FactType::EventCorrected } else { dice.one_of(&admitted) }
}

fn ends_or_opens_late(kind: FactType) -> bool {
    matches!(
        kind,
        FactType::TrajectoryEnded
            | FactType::FollowUpEnded
            | FactType::ReturnedToShelter
            | FactType::EventCorrected
            | FactType::RunningCaseTakenOver
    )
}

fn leads_on(kind: FactType) -> bool {
    kind.row().leads != omklap_domain::trajectory::phase::Leads::Nowhere
        || matches!(
            kind,
            FactType::OutflowProfileSet
                | FactType::CorporationAssigned
                | FactType::FlipTalkHeld
                | FactType::FlipPositionGiven
                | FactType::RentAtFlipDisclosed
                | FactType::FlipApproved
                | FactType::FlipConditionsSet
                | FactType::AftercareAgreed
        )
}
