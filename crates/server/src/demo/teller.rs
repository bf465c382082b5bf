//! Who tells a story: walks time forward, throws the dice, and tells only what the rules admit.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Weekday;
use omklap_domain::day::Day;
use omklap_domain::ids::OrganisationId;
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

/// The story is over: the trajectory ended, or the day came up to which it is told.
#[derive(Debug)]
pub(super) struct Over;

/// Whether the story goes on.
pub(super) type Told = Result<(), Over>;

/// The state of one story while it is told.
pub(super) struct Teller<'a> {
    dice: ChaCha8Rng,
    rules: Rules<'a>,
    history: History,
    /// The day that the story has come to.
    pub(super) today: Day,
    /// What will be told later, by the day on which it will be.
    agenda: BTreeMap<(Day, usize), Fact>,
    scheduled: usize,
    /// Where it plays.
    pub(super) region: &'static Region,
    /// How often things go wrong, as a factor.
    pub(super) trouble: f64,
}

impl<'a> Teller<'a> {
    pub(super) fn new(seed: u64, number: u64, rules: Rules<'a>) -> Self {
        // One stream of numbers for each trajectory: none depends on how many are told.
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(number);
        let region = regions::one_of(&mut dice);
        // A trajectory lasts five to six years (`domain.md` §9): those of seven years are in every phase.
        let today = rules.today.plus_days(-dice.random_range(40..2_650));
        let trouble = match dice.random_range(0..100) {
            0..25 => 0.6,
            25..94 => 1.2,
            _ => 7.0,
        };
        let mut teller = Self {
            dice,
            rules,
            history: History::default(),
            today,
            agenda: BTreeMap::new(),
            scheduled: 0,
            region,
            trouble,
        };
        teller.today = teller.working_day();
        teller
    }

    pub(super) fn into_facts(self) -> Vec<Fact> {
        self.history.into()
    }

    /// What holds now.
    pub(super) fn state(&self) -> &Trajectory {
        self.history.state()
    }

    /// The partners of the trajectory.
    pub(super) fn partners(&self) -> &Partners {
        self.state().partners.as_ref().expect("a story begins with its intake")
    }

    /// The lease that runs.
    pub(super) fn lease(&self) -> &Lease {
        self.state().tenancy.lease.as_ref().expect("a story lives in a dwelling when it asks")
    }

    // ---- telling ----

    /// Tells a fact of today. What the rules refuse is not told.
    pub(super) fn say(&mut self, fact: impl Into<Fact>) -> Told {
        self.tell(fact.into());
        self.goes_on()
    }

    /// Tells a fact on which nothing else rests; people register some of these late, and some wrongly at first.
    pub(super) fn note(&mut self, fact: impl Into<Fact>) -> Told {
        let fact = fact.into();
        if self.chance(0.05) {
            let days = self.days(2..35);
            self.schedule(self.today.plus_days(days), fact);
            return self.goes_on();
        }
        let told = self.tell(fact.clone());
        if told && self.chance(0.012) {
            self.regret(&fact);
        }
        self.goes_on()
    }

    /// Tells it in some days from now, on the day that `fact` is made for, unless it has become impossible by then.
    pub(super) fn later<F: Into<Fact>>(&mut self, days: Range<i32>, fact: impl FnOnce(Day) -> F) {
        let days = self.days(days);
        let on = on_a_working_day(self.today.plus_days(days));
        self.schedule(on, fact(on).into());
    }

    /// Says in some days that what was just told was on an earlier day, or never was.
    fn regret(&mut self, fact: &Fact) {
        let days = self.days(1..6);
        let earlier = moved(fact, self.today.plus_days(-days)).filter(|_| self.chance(0.8));
        self.correct(earlier);
    }

    /// Says in some days that what was just told never was.
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

    fn goes_on(&self) -> Told {
        if self.state().phase == Phase::Ended { Err(Over) } else { Ok(()) }
    }

    fn tell(&mut self, fact: Fact) -> bool {
        self.history.report(fact, self.rules).is_ok()
    }

    fn schedule(&mut self, on: Day, fact: Fact) {
        self.scheduled += 1;
        self.agenda.insert((on, self.scheduled), fact);
    }

    // ---- time ----

    /// Lets some days pass, up to a working day, and tells what was to be told meanwhile.
    pub(super) fn pass(&mut self, days: Range<i32>) -> Told {
        let days = self.days(days);
        self.pass_to(self.today.plus_days(days))
    }

    /// Lets time pass up to a day, or the first working day after it.
    pub(super) fn pass_to(&mut self, day: Day) -> Told {
        let target = on_a_working_day(day.max(self.today));
        while let Some(next) = self.agenda.first_entry() {
            let (on, _) = *next.key();
            if on > target || on > self.rules.today {
                break;
            }
            let fact = next.remove();
            self.today = self.today.max(on);
            self.say(fact)?;
        }
        self.today = target;
        if self.today > self.rules.today { Err(Over) } else { Ok(()) }
    }

    fn working_day(&self) -> Day {
        on_a_working_day(self.today)
    }

    // ---- dice ----

    /// Whether something happens that happens in this part of all cases.
    pub(super) fn chance(&mut self, part: f64) -> bool {
        self.dice.random_bool(part.min(1.0))
    }

    /// Whether something goes wrong: more often in a hard case.
    pub(super) fn trouble(&mut self, part: f64) -> bool {
        let part = part * self.trouble;
        self.chance(part)
    }

    /// How many times in a month something happens that happens this often on average: more often in a hard case.
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

    /// Such a text, or none: people do not always write something down.
    pub(super) fn perhaps(&mut self, choices: &[&str]) -> Option<PrivateText> {
        self.chance(0.6).then(|| self.words(choices))
    }

    pub(super) fn cents(&mut self, range: Range<i64>) -> Cents {
        cents(self.dice.random_range(range))
    }

    pub(super) fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.dice.random()).into_uuid()
    }

    /// A code with a number that the dice draw, such as `VHE-00412`.
    pub(super) fn code<C: std::str::FromStr>(&mut self, prefix: &str) -> C {
        written(&format!("{prefix}{:05}", self.dice.random_range(1..100_000)))
    }

    /// The organisation that a party is in this story.
    pub(super) fn organisation_of(&self, party: Party) -> Option<OrganisationId> {
        match party {
            Party::CareProvider => Some(self.partners().care_provider.clone()),
            Party::Municipality => Some(self.partners().municipality.clone()),
            Party::HousingCorporation => self.state().corporation.clone(),
            Party::Client | Party::MatchingPoint => None,
        }
    }

    pub(super) fn set(&self) -> AgreementSetVersion {
        AgreementSetVersion { id: written(self.region.agreement_set), version: 1 }
    }
}

/// A code of this module's own tables, or made of them.
pub(super) fn written<C: std::str::FromStr>(code: &str) -> C {
    code.parse().unwrap_or_else(|_| panic!("{code} is not written as agreed"))
}

/// An amount within the bounds that amounts have.
pub(super) fn cents(cents: i64) -> Cents {
    Cents::try_from(cents.clamp(0, 100_000_000)).expect("it was brought within the bounds")
}

/// People work from Monday to Friday.
fn on_a_working_day(day: Day) -> Day {
    match day.date().weekday() {
        Weekday::Saturday => day.plus_days(2),
        Weekday::Sunday => day.plus_days(1),
        _ => day,
    }
}

/// The same fact on another day. All facts carry their day in the same field; going by their JSON spares an arm for
/// each of the eighty.
fn moved(fact: &Fact, to: Day) -> Option<Fact> {
    let mut json = serde_json::to_value(fact).ok()?;
    *json.get_mut("occurredOn")? = to.to_string().into();
    serde_json::from_value(json).ok()
}
