//! The events of a stream as a viewer gets them, in the order of recording.
//!
//! Decision: ADR 53.

use super::facts::StreamFact;
use super::history::History;
use super::stream::{InPart, Stream};
use crate::day::Day;
use crate::visibility::Viewer;

/// The kind of the last event of a stream that the viewer lost access to.
pub const STREAM_WITHDRAWN: &str = "stream-withdrawn";

/// An event of a stream as a viewer gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenEvent {
    /// The number of the fact that led to it.
    pub sequence: u64,
    /// The version of the stream with it, as this viewer counts: without the facts that change nothing of
    /// what the viewer sees.
    pub version: u64,
    /// Its kind.
    pub kind: &'static str,
}

/// How a viewer sees a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Not at all.
    Hidden,
    /// What it is, and not its facts: some of their fields are hidden.
    InPart,
    /// Every fact.
    Whole,
}

impl Sight {
    /// How this viewer sees a stream in this state.
    #[must_use]
    pub fn of<S: Stream>(state: &S, viewer: &Viewer) -> Self {
        match state.is_read_by(viewer) {
            false => Self::Hidden,
            true if in_part::<S>(viewer).is_some() => Self::InPart,
            true => Self::Whole,
        }
    }
}

/// The events that this viewer gets of a stream. Who has no access to it now gets at most one, that it was
/// [withdrawn](STREAM_WITHDRAWN), at the fact with which the access ended.
#[must_use]
pub fn seen_events<S: Stream>(history: &History<S>, viewer: &Viewer) -> Vec<SeenEvent> {
    if !history.state().is_read_by(viewer) {
        return ended_with(history, viewer).into_iter().collect();
    }
    read_events(history, viewer)
}

/// The events of a stream as a viewer counts them who reads it.
#[must_use]
pub fn read_events<S: Stream>(history: &History<S>, viewer: &Viewer) -> Vec<SeenEvent> {
    if let Some(in_part) = in_part::<S>(viewer) {
        return changes(history, in_part);
    }
    let each = (1..).zip(history.recorded());
    each.map(|(sequence, fact)| SeenEvent { sequence, version: sequence, kind: fact.kind() }).collect()
}

/// What this viewer gets of a stream, if some fields are hidden from it.
fn in_part<S: Stream>(viewer: &Viewer) -> Option<&'static InPart<S>> {
    S::IN_PART.filter(|in_part| in_part.roles.contains(&viewer.role))
}

/// The fact with which a viewer without access lost it.
fn ended_with<S: Stream>(history: &History<S>, viewer: &Viewer) -> Option<SeenEvent> {
    let recorded = history.recorded();
    // Only a correction changes whose a stream is, or where.
    let last = recorded.iter().rposition(|fact| fact.correction().is_some())? + 1;
    let known = |version: usize| History::<S>::from(recorded[..version].to_vec());
    let reads = |version: usize| known(version).state().is_read_by(viewer);
    let ended = (1..=last).rev().find(|version| !reads(*version) && reads(version - 1))?;
    let before = known(ended - 1);
    let version = read_events(&before, viewer).len() as u64 + 1;
    Some(SeenEvent { sequence: ended as u64, version, kind: STREAM_WITHDRAWN })
}

/// The facts that changed what a viewer sees who sees the stream in part: now, or on a day of the past.
fn changes<S: Stream>(history: &History<S>, in_part: &InPart<S>) -> Vec<SeenEvent> {
    let (mut known, mut before, mut changes) = (History::<S>::default(), Course::<S>::default(), Vec::new());
    for (sequence, fact) in (1..).zip(history.recorded()) {
        known.record(fact.clone());
        let after = before.followed_by(fact).unwrap_or_else(|| Course::of(&known));
        if !after.looks_like(&before, in_part) {
            let kind = (in_part.kind_of_change)(&before.now, &after.now);
            changes.push(SeenEvent { sequence, version: changes.len() as u64 + 1, kind });
        }
        before = after;
    }
    changes
}

/// The states of a stream at the end of each day on which it changed.
#[derive(Clone, Debug)]
struct Course<S> {
    days: Vec<(Day, S)>,
    now: S,
}

impl<S: Default> Default for Course<S> {
    fn default() -> Self {
        Self { days: Vec::new(), now: S::default() }
    }
}

impl<S: Stream> Course<S> {
    fn of(history: &History<S>) -> Self {
        let mut course = Self::default();
        history.happened().iter().for_each(|happened| course.take(happened.fact));
        course
    }

    /// The course with one more fact, if that is the last to happen.
    fn followed_by(&self, fact: &S::Fact) -> Option<Self> {
        let is_last = self.days.last().is_none_or(|(day, _)| *day <= fact.occurred_on());
        (is_last && fact.correction().is_none()).then(|| {
            let mut course = self.clone();
            course.take(fact);
            course
        })
    }

    fn take(&mut self, fact: &S::Fact) {
        let day = fact.occurred_on();
        self.now.evolve(fact);
        match self.days.last_mut() {
            Some((last, state)) if *last == day => state.clone_from(&self.now),
            _ => self.days.push((day, self.now.clone())),
        }
    }

    /// Whether somebody who sees the stream in part sees no difference, on any day.
    fn looks_like(&self, other: &Self, in_part: &InPart<S>) -> bool {
        let (one, other) = (self.visible(in_part), other.visible(in_part));
        let alike = |((day, state), (on, other)): (&(Day, &S), &(Day, &S))| {
            day == on && (in_part.looks_like)(state, other)
        };
        one.len() == other.len() && one.iter().zip(&other).all(alike)
    }

    /// The days on which something changed that is seen in part.
    fn visible(&self, in_part: &InPart<S>) -> Vec<(Day, &S)> {
        let mut visible: Vec<(Day, &S)> = Vec::new();
        for (day, state) in &self.days {
            if visible.last().is_none_or(|(_, before)| !(in_part.looks_like)(before, state)) {
                visible.push((*day, state));
            }
        }
        visible
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::{Vacancy, VacancyFact};
    use crate::role::Role;

    #[test]
    fn a_provider_gets_no_event_of_a_field_that_it_does_not_see() {
        let history = history(&[opened("amsterdam", 65_000), changed(65_000, 7), changed(70_000, 7)]);
        assert_eq!(seen(&history, Role::CareProvider), [(1, 1, "vacancy-opened"), (3, 2, "vacancy-changed")]);
        let whole = [(1, 1, "vacancy-opened"), (2, 2, "vacancy-changed"), (3, 3, "vacancy-changed")];
        assert_eq!(seen(&history, Role::MatchingPoint), whole);
        assert_eq!(seen(&history, Role::Municipality), []);
    }

    #[test]
    fn a_correction_is_to_a_provider_the_change_that_it_makes() {
        let let_out = r#"{"type": "vacancy-let", "occurredOn": "2026-03-05", "to": "outflow"}"#.to_owned();
        let retracted =
            r#"{"type": "event-corrected", "occurredOn": "2026-03-06", "corrects": 3}"#.to_owned();
        let corrected = |rent, floor| {
            let wording = changed(rent, floor);
            format!(
                r#"{{"type": "event-corrected", "occurredOn": "2026-03-06", "corrects": 2, "replacement": {wording}}}"#
            )
        };
        let facts = [
            opened("amsterdam", 65_000),
            changed(65_000, 7),
            let_out,
            corrected(65_000, 8),
            corrected(70_000, 8),
            retracted,
        ];
        let seen = seen(&history(&facts), Role::Guide);
        let kinds = [
            (1, 1, "vacancy-opened"),
            (3, 2, "vacancy-let"),
            (5, 3, "vacancy-changed"),
            (6, 4, "vacancy-changed"),
        ];
        assert_eq!(seen, kinds);
    }

    #[test]
    fn whoever_loses_access_gets_one_last_event() {
        let moved = format!(
            r#"{{"type": "event-corrected", "occurredOn": "2026-03-06", "corrects": 1, "replacement": {}}}"#,
            opened("utrecht", 65_000)
        );
        let history = history(&[opened("amsterdam", 65_000), changed(65_000, 7), moved, changed(70_000, 7)]);
        assert_eq!(seen(&history, Role::CareProvider), [(3, 2, "stream-withdrawn")]);
        assert_eq!(seen(&history, Role::MatchingPoint), [(3, 3, "stream-withdrawn")]);
        assert_eq!(seen(&history, Role::HousingCorporation).len(), 4, "it is its own");
    }

    // The words of these tests.

    fn seen(history: &History<Vacancy>, role: Role) -> Vec<(u64, u64, &'static str)> {
        let viewer = Viewer {
            role,
            organisation: "woonstichting-noord".parse().expect("a code"),
            regions: ["amsterdam".parse().expect("a code")].into(),
            trajectory: None,
        };
        let seen = seen_events(history, &viewer).into_iter();
        seen.map(|event| (event.sequence, event.version, event.kind)).collect()
    }

    fn history(facts: &[String]) -> History<Vacancy> {
        let fact = |text: &String| serde_json::from_str::<VacancyFact>(text).expect("a fact");
        History::from(facts.iter().map(fact).collect::<Vec<_>>())
    }

    fn opened(region: &str, rent: u32) -> String {
        let home = home(rent, 1);
        format!(
            r#"{{"type": "vacancy-opened", "occurredOn": "2026-03-02", "corporation": "woonstichting-noord",
                 "vacancyId": "7ac00001-0000-4000-8000-000000000001", "region": "{region}", "home": {home}}}"#
        )
    }

    fn changed(rent: u32, floor: u8) -> String {
        let home = home(rent, floor);
        format!(r#"{{"type": "vacancy-changed", "occurredOn": "2026-03-03", "home": {home}}}"#)
    }

    fn home(rent: u32, floor: u8) -> String {
        format!(
            r#"{{"unit": "VHE-00412", "municipality": "0363", "availableFrom": "2026-05-01", "certain": true,
                 "rentCents": {rent}, "floor": {floor}, "contractModels": ["intermediary"], "nuisanceOnFile": false}}"#
        )
    }
}
