//! The history of a stream: its facts in the order of recording, and what they lead to in the order of
//! happening. A stream is short, so every state is derived from its first fact on.

use serde::{Deserialize, Serialize};

use super::facts::StreamFact;
use super::refusal::Refusal;
use super::stream::{BrokenRule, Correction, Stream, StreamId};
use crate::day::Day;
use crate::trajectory::Refusal as GeneralRefusal;

/// How many facts a stream holds at most (decision): every read loads all of them.
pub const MOST_IN_A_STREAM: u64 = 1_000;

/// Every fact of one stream in the order of recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct History<S: Stream> {
    recorded: Vec<S::Fact>,
}

impl<S: Stream> Default for History<S> {
    fn default() -> Self {
        Self { recorded: Vec::new() }
    }
}

impl<S: Stream> From<Vec<S::Fact>> for History<S> {
    fn from(recorded: Vec<S::Fact>) -> Self {
        Self { recorded }
    }
}

impl<S: Stream> History<S> {
    /// How many facts were recorded: the version of the stream.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.recorded.len() as u64
    }

    /// Every fact as it was recorded.
    #[must_use]
    pub fn recorded(&self) -> &[S::Fact] {
        &self.recorded
    }

    /// Records a fact that is admitted.
    pub fn record(&mut self, fact: S::Fact) {
        self.recorded.push(fact);
    }

    /// The facts that count, each with the number under which it was recorded and the number of the
    /// event that gave its wording, in the order of happening. Of facts of one day, those recorded
    /// first come first.
    #[must_use]
    pub fn happened(&self) -> Vec<Happened<'_, S::Fact>> {
        let mut happened: Vec<_> = (1..)
            .zip(&self.recorded)
            .filter(|(_, fact)| fact.correction().is_none())
            .filter_map(|(sequence, fact)| self.worded(sequence, fact))
            .collect();
        happened.sort_by_key(|happened| (happened.fact.occurred_on(), happened.sequence));
        happened
    }

    /// The wording that counts of the fact with this number: its latest replacement, or none if it was
    /// retracted.
    fn worded<'a>(&'a self, sequence: u64, fact: &'a S::Fact) -> Option<Happened<'a, S::Fact>> {
        let mut worded = Some(Happened { sequence, worded_in: sequence, fact });
        for (worded_in, later) in (1..).zip(&self.recorded) {
            if let Some(Correction { corrects, replacement }) = later.correction()
                && corrects == sequence
            {
                worded = replacement.map(|fact| Happened { sequence, worded_in, fact });
            }
        }
        worded
    }

    /// The state after everything that happened.
    #[must_use]
    pub fn state(&self) -> S {
        self.state_until(|_| true)
    }

    /// The state by every fact as it was recorded, as if none had been corrected: whose it was.
    #[must_use]
    pub fn as_recorded(&self) -> S {
        let mut state = S::default();
        self.recorded.iter().filter(|fact| fact.correction().is_none()).for_each(|fact| state.evolve(fact));
        state
    }

    /// The state at the end of a day.
    #[must_use]
    pub fn state_on(&self, day: Day) -> S {
        self.state_until(|fact| fact.occurred_on() <= day)
    }

    fn state_until(&self, counts: impl Fn(&S::Fact) -> bool) -> S {
        let mut state = S::default();
        self.happened().iter().filter(|happened| counts(happened.fact)).for_each(|it| state.evolve(it.fact));
        state
    }

    /// Checks whether one more fact may be recorded in the stream with this id.
    ///
    /// # Errors
    /// Every broken rule. A late fact or a correction after which a later fact would break a rule
    /// breaks `later-step-would-break`.
    pub fn check(&self, id: StreamId, fact: &S::Fact, today: Day) -> Result<(), Vec<BrokenRule>> {
        let correction = fact.correction();
        let wording = correction.as_ref().map_or(Some(fact), |correction| correction.replacement);
        let mut broken: Vec<_> = self.not_to_be_corrected(correction).map(BrokenRule::from).collect();
        let is_to_come = |fact: &S::Fact| fact.occurred_on() > today;
        if is_to_come(fact) || wording.is_some_and(is_to_come) {
            broken.push(placed(fact, GeneralRefusal::OccurredInTheFuture));
        }
        if wording.and_then(StreamFact::stream).is_some_and(|named| named != id) {
            broken.push(Refusal::NamesAnother.into());
        }
        broken.extend(self.broken_in_place(fact));
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// Why a correction cannot be made.
    fn not_to_be_corrected(
        &self,
        correction: Option<Correction<'_, S::Fact>>,
    ) -> impl Iterator<Item = GeneralRefusal> {
        let of = |Correction { corrects, replacement }: Correction<'_, S::Fact>| {
            let at = usize::try_from(corrects).ok().and_then(|number| number.checked_sub(1));
            let corrected = at.and_then(|at| self.recorded.get(at));
            let is_one = |fact: &S::Fact| fact.correction().is_some();
            let fault = match corrected {
                None => Some(GeneralRefusal::CorrectedFactUnknown),
                Some(fact) => is_one(fact).then_some(GeneralRefusal::CorrectionOfACorrection),
            };
            [fault, replacement.is_some_and(is_one).then_some(GeneralRefusal::ReplacementIsACorrection)]
        };
        correction.into_iter().flat_map(of).flatten()
    }

    /// The rules that are broken if the fact is in its place.
    fn broken_in_place(&self, fact: &S::Fact) -> Vec<BrokenRule> {
        let mut with = self.clone();
        with.record(fact.clone());
        let (newest, happened, mut state) = (with.version(), with.happened(), S::default());
        if is_unnamed(&happened) {
            return vec![Refusal::StreamNotNamed.into()];
        }
        for step in &happened {
            let broken = state.broken_by(step.fact);
            if !broken.is_empty() {
                return if step.worded_in == newest {
                    broken.into_iter().map(|refusal| placed(fact, refusal)).collect()
                } else {
                    vec![GeneralRefusal::LaterStepWouldBreak.into()]
                };
            }
            state.evolve(step.fact);
        }
        Vec::new()
    }
}

/// Whether the first fact of a stream does not name it.
fn is_unnamed<F: StreamFact>(happened: &[Happened<'_, F>]) -> bool {
    happened.first().is_some_and(|first| first.fact.stream().is_none())
}

/// A rule that a fact breaks. Of a correction, either it or its replacement can have broken the rule.
fn placed<F: StreamFact>(fact: &F, rule: impl Into<BrokenRule>) -> BrokenRule {
    let broken = rule.into();
    if fact.correction().is_some() { BrokenRule { field: "".into(), ..broken } } else { broken }
}

/// A fact that counts.
#[derive(Debug, PartialEq)]
pub struct Happened<'a, F> {
    /// The number under which it was recorded.
    pub sequence: u64,
    /// The number of the event that gave its wording: its own, or that of its last correction.
    pub worded_in: u64,
    /// Its wording.
    pub fact: &'a F,
}
