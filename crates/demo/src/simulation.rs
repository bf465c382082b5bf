//! The simulation of one trajectory: moves time forward, draws random numbers and reports facts. A
//! fact that the rules refuse is left out.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Weekday;
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, UnitId};
use omklap_domain::text::PrivateText;
use omklap_domain::trajectory::fact::{AgreementSetVersion, Cents, EventCorrected, Party};
use omklap_domain::trajectory::state::{Lease, Partners};
use omklap_domain::trajectory::{Fact, History, Phase, Rules, Trajectory};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use super::regions::{self, Region};
use super::words;

/// The simulation is finished: the trajectory ended, or its last day was reached.
#[derive(Debug)]
pub(super) struct Finished;

/// Whether the simulation goes on.
pub(super) type Advance = Result<(), Finished>;

/// One trajectory while it is simulated.
pub(super) struct Simulation<'a> {
    dice: ChaCha8Rng,
    rules: Rules<'a>,
    history: History,
    /// The current day of the simulation.
    pub(super) today: Day,
    /// Facts that will be reported later, by day and in the order of scheduling.
    agenda: BTreeMap<(Day, usize), Fact>,
    scheduled: usize,
    /// The region of the trajectory.
    pub(super) region: &'static Region,
    /// A factor on how often things go wrong.
    pub(super) trouble: f64,
}

impl<'a> Simulation<'a> {
    pub(super) fn new(seed: u64, number: u64, rules: Rules<'a>) -> Self {
        // Each trajectory has its own stream of numbers, so none depends on how many are simulated.
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(number);
        let region = regions::one_of(&mut dice);
        // A trajectory lasts five to six years (docs/DOMAIN.md §9). Starting up to seven years ago
        // gives trajectories in every phase.
        let today = rules.today.plus_days(-dice.random_range(40..2_650));
        let trouble = match dice.random_range(0..100) {
            0..25 => 0.6,
            25..94 => 1.2,
            _ => 7.0,
        };
        let mut simulation = Self {
            dice,
            rules,
            history: History::default(),
            today,
            agenda: BTreeMap::new(),
            scheduled: 0,
            region,
            trouble,
        };
        simulation.today = simulation.working_day();
        simulation
    }

    pub(super) fn into_facts(self) -> Vec<Fact> {
        self.history.into()
    }

    pub(super) fn state(&self) -> &Trajectory {
        self.history.state()
    }

    pub(super) fn partners(&self) -> &Partners {
        self.state().partners.as_ref().expect("a simulation begins with the intake")
    }

    /// The current lease.
    pub(super) fn lease(&self) -> &Lease {
        self.state().tenancy.lease.as_ref().expect("only called while there is a lease")
    }

    /// Whether the agreements have a guarantee fund.
    pub(super) fn has_a_fund(&self) -> bool {
        let set = self.state().agreement_set.as_ref().and_then(|set| self.rules.sets.get(set));
        set.is_some_and(|set| set.guarantee_fund.is_some())
    }

    // ---- reporting ----

    /// Reports a fact of today. A fact that the rules refuse is left out.
    pub(super) fn report(&mut self, fact: impl Into<Fact>) -> Advance {
        self.admits(fact.into());
        self.goes_on()
    }

    /// Reports a fact that no other fact depends on. Some are reported late, and some with a
    /// mistake that is corrected later, as people do.
    pub(super) fn report_with_slips(&mut self, fact: impl Into<Fact>) -> Advance {
        let fact = fact.into();
        if self.chance(0.05) {
            let days = self.days(2..35);
            self.schedule(self.today.plus_days(days), fact);
            return self.goes_on();
        }
        let admitted = self.admits(fact.clone());
        if admitted && self.chance(0.012) {
            self.correct_later(&fact);
        }
        self.goes_on()
    }

    /// Schedules a fact for a working day in this range of days from now. It is left out if the
    /// rules refuse it by then.
    pub(super) fn later<F: Into<Fact>>(&mut self, days: Range<i32>, fact: impl FnOnce(Day) -> F) {
        let days = self.days(days);
        let on = on_a_working_day(self.today.plus_days(days));
        self.schedule(on, fact(on).into());
    }

    /// Schedules a correction of the fact that was just reported: it happened on an earlier day, or
    /// never.
    fn correct_later(&mut self, fact: &Fact) {
        let days = self.days(1..6);
        let earlier = moved(fact, self.today.plus_days(-days)).filter(|_| self.chance(0.8));
        self.correct(earlier);
    }

    /// Schedules a correction of the fact that was just reported: it never happened.
    pub(super) fn retract(&mut self) {
        self.correct(None);
    }

    fn correct(&mut self, replacement: Option<Fact>) {
        let corrects = self.history.version();
        let reason =
            self.words(if replacement.is_some() { words::WRONG_DATE } else { words::NEVER_HAPPENED });
        let replacement = replacement.map(Box::new);
        self.later(2..25, |on| EventCorrected { occurred_on: on, corrects, replacement, reason });
    }

    fn goes_on(&self) -> Advance {
        if self.state().phase == Phase::Ended { Err(Finished) } else { Ok(()) }
    }

    /// Adds the fact to the history if the rules admit it.
    fn admits(&mut self, fact: Fact) -> bool {
        self.history.report(fact, self.rules).is_ok()
    }

    fn schedule(&mut self, on: Day, fact: Fact) {
        self.scheduled += 1;
        self.agenda.insert((on, self.scheduled), fact);
    }

    // ---- time ----

    /// Moves time forward by this range of days, to a working day, and reports what was scheduled
    /// meanwhile.
    pub(super) fn pass(&mut self, days: Range<i32>) -> Advance {
        let days = self.days(days);
        self.pass_to(self.today.plus_days(days))
    }

    /// Moves time forward to a day, or to the first working day after it.
    pub(super) fn pass_to(&mut self, day: Day) -> Advance {
        let target = on_a_working_day(day.max(self.today));
        while let Some(next) = self.agenda.first_entry() {
            let (on, _) = *next.key();
            if on > target || on > self.rules.today {
                break;
            }
            let fact = next.remove();
            self.today = self.today.max(on);
            self.report(fact)?;
        }
        self.today = target;
        if self.today > self.rules.today { Err(Finished) } else { Ok(()) }
    }

    fn working_day(&self) -> Day {
        on_a_working_day(self.today)
    }

    // ---- random choices ----

    /// True with this probability.
    pub(super) fn chance(&mut self, part: f64) -> bool {
        self.dice.random_bool(part.min(1.0))
    }

    /// True with this probability times [`Self::trouble`].
    pub(super) fn trouble(&mut self, part: f64) -> bool {
        let part = part * self.trouble;
        self.chance(part)
    }

    /// How many times something happens in a month, with this average times [`Self::trouble`].
    pub(super) fn times(&mut self, average: f64) -> usize {
        let mut left = average * self.trouble;
        let mut times = 0;
        while left > 0.0 && self.chance(left) {
            times += 1;
            left -= 1.0;
        }
        times
    }

    pub(super) fn days(&mut self, range: Range<i32>) -> i32 {
        self.dice.random_range(range)
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        *choices.choose(&mut self.dice).expect("there is a choice")
    }

    /// A shuffled copy.
    pub(super) fn in_any_order<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        all.choose_multiple(&mut self.dice, all.len()).copied().collect()
    }

    pub(super) fn words(&mut self, choices: &[&str]) -> PrivateText {
        self.one_of(choices).into()
    }

    /// One of these texts, or none: people do not always write something down.
    pub(super) fn perhaps(&mut self, choices: &[&str]) -> Option<PrivateText> {
        self.chance(0.6).then(|| self.words(choices))
    }

    pub(super) fn cents(&mut self, range: Range<i64>) -> Cents {
        cents(self.dice.random_range(range))
    }

    pub(super) fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.dice.random()).into_uuid()
    }

    /// A code with a random number, such as `VHE-00412`.
    pub(super) fn code<C: std::str::FromStr>(&mut self, prefix: &str) -> C {
        written(&format!("{prefix}{:05}", self.dice.random_range(1..100_000)))
    }

    /// A dwelling of its own for each offer, lease or stay, such as `VHE-00412-3FA9C1`: no two lives hold
    /// one home.
    pub(super) fn unit(&mut self, prefix: &str, held_by: Uuid) -> UnitId {
        let number = self.dice.random_range(1..100_000);
        written(&format!("{prefix}{number:05}-{:06X}", held_by.as_u128() & 0xff_ffff))
    }

    /// The organisation that acts as this party in the trajectory.
    pub(super) fn organisation_of(&self, party: Party) -> Option<OrganisationId> {
        match party {
            Party::CareProvider => Some(self.partners().care_provider.clone()),
            Party::Municipality => Some(self.partners().municipality.clone()),
            Party::HousingCorporation => self.state().corporation.clone(),
            Party::Client | Party::MatchingPoint => None,
        }
    }

    /// Whether the provider may assign a corporation, together with it.
    pub(super) fn provider_assigns(&self) -> bool {
        let set = self.state().agreement_set.as_ref().and_then(|bound_to| self.rules.sets.get(bound_to));
        set.is_some_and(|set| set.matching.assigned_by.contains(&Party::CareProvider))
    }

    pub(super) fn set(&self) -> AgreementSetVersion {
        regions::set_of(self.region)
    }
}

/// Parses a code from the tables of this crate.
pub(super) fn written<C: std::str::FromStr>(code: &str) -> C {
    code.parse().unwrap_or_else(|_| panic!("{code} is not a valid code"))
}

/// The amount, clamped to the bounds of amounts.
pub(super) fn cents(cents: i64) -> Cents {
    Cents::try_from(cents.clamp(0, 100_000_000)).expect("clamped to the bounds")
}

/// This day, or the Monday after a weekend.
fn on_a_working_day(day: Day) -> Day {
    match day.date().weekday() {
        Weekday::Saturday => day.plus_days(2),
        Weekday::Sunday => day.plus_days(1),
        _ => day,
    }
}

/// The same fact on another day. Every fact has its day in the same JSON field, so no match over
/// all facts is needed.
fn moved(fact: &Fact, to: Day) -> Option<Fact> {
    let mut json = serde_json::to_value(fact).ok()?;
    *json.get_mut("occurredOn")? = to.to_string().into();
    serde_json::from_value(json).ok()
}
