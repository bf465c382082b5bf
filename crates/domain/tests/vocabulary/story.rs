//! Given, when, then.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::Trajectory;
use omklap_domain::trajectory::refused::Step;

use omklap_domain::trajectory::Refused;

use super::fields::has_field;
use super::{Day, Fact, FactType, History, Phase, Refusal, Rules, code};

/// The day on which everything is reported, long after it happened.
pub static TODAY: LazyLock<Day> = LazyLock::new(|| code("2045-12-31"));

/// The agreement sets that come with omklap.
pub static SETS: LazyLock<AgreementSets> = LazyLock::new(AgreementSets::shipped);

/// What a rule may read in these tests.
pub fn rules() -> Rules<'static> {
    Rules { sets: &SETS, today: *TODAY }
}

/// What happened so far, and the day on which the next fact happens.
#[derive(Clone, Debug)]
pub struct Story {
    pub history: History,
    pub next: Day,
}

/// The empty story.
pub fn nothing() -> Story {
    Story { history: History::default(), next: code("2026-01-05") }
}

/// The start of a test.
pub fn given(story: Story) -> Story {
    story
}

impl Story {
    /// One more fact, which must be admitted. The next one happens a day later.
    pub fn then<F: Into<Fact>>(self, fact: impl FnOnce(Day) -> F) -> Self {
        self.when(fact).admitted()
    }

    /// The next fact happens some months later.
    pub fn months_later(self, months: u16) -> Self {
        Self { next: self.next.plus_months(months), ..self }
    }

    /// The next fact happens some days later, or earlier if `days` is negative.
    pub fn days_later(self, days: i32) -> Self {
        Self { next: self.next.plus_days(days), ..self }
    }

    /// The next fact happens on this day.
    pub fn on(self, day: Day) -> Self {
        Self { next: day, ..self }
    }

    /// One more fact is reported.
    pub fn when<F: Into<Fact>>(self, fact: impl FnOnce(Day) -> F) -> Attempt {
        let fact = fact(self.next).into();
        let mut history = self.history.clone();
        let verdict = history.report(fact.clone(), rules()).map(|()| history);
        Attempt { before: self, fact, verdict }
    }

    /// The current state.
    pub fn state(&self) -> &Trajectory {
        self.history.state()
    }

    /// The current phase.
    pub fn phase(&self) -> Phase {
        self.state().phase
    }
}

/// The result of reporting a fact.
#[derive(Clone, Debug)]
pub struct Attempt {
    before: Story,
    fact: Fact,
    verdict: Result<History, Box<Refused>>,
}

impl Attempt {
    /// The fact must be admitted. The story continues a day later.
    #[track_caller]
    pub fn admitted(self) -> Story {
        let kind = self.fact.fact_type();
        let phase = self.before.phase();
        match self.verdict {
            Ok(history) => Story { history, next: self.before.next.plus_days(1) },
            Err(refused) => {
                panic!("{kind} in phase {phase} is refused: {refused} (breaks {:?})", refused.breaks)
            }
        }
    }

    /// The fact must be admitted and lead to a phase.
    #[track_caller]
    pub fn leads_to(self, phase: Phase) -> Story {
        let story = self.admitted();
        assert_eq!(story.phase(), phase);
        story
    }

    /// The fact must be refused for exactly these reasons, and each must name a field that such a
    /// fact has.
    #[track_caller]
    pub fn refused(self, reasons: impl IntoIterator<Item = Refusal>) {
        let kind = self.fact.fact_type();
        assert_eq!(self.reasons(), reasons.into_iter().collect(), "{kind}");
        let refused = self.verdict.expect_err("a fact that was not admitted");
        for reason in refused.refusals.iter().map(|refusal| refused.field(*refusal)) {
            assert!(has_field(kind, reason), "{kind} has no field {reason}");
        }
    }

    /// The fact must be refused because a later step would break.
    #[track_caller]
    pub fn breaks(self, sequence: u64, step: FactType, reasons: impl IntoIterator<Item = Refusal>) {
        let refused = self.verdict.expect_err("the later step would break");
        assert_eq!(refused.refusals, [Refusal::LaterStepWouldBreak]);
        let Some(Step { sequence: broken, fact_type, refusals, .. }) = refused.breaks else {
            panic!("the step that would break is named");
        };
        assert_eq!((broken, fact_type), (sequence, step));
        assert_eq!(BTreeSet::from_iter(refusals), BTreeSet::from_iter(reasons));
    }

    /// Every rule that is broken. Empty if the fact is admitted.
    pub fn reasons(&self) -> BTreeSet<Refusal> {
        match &self.verdict {
            Ok(_) => BTreeSet::new(),
            Err(refused) => refused.refusals.iter().copied().collect(),
        }
    }
}
