//! The two clocks: the stops of each, where they are, and the form that moves them.

use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};

use super::steps::Steps;
use super::{ReplayParams, nearest};
use crate::days;
use crate::language::Language;

/// The two clocks of a case.
#[derive(Debug)]
pub struct Clocks {
    days: Vec<Date>,
    instants: Vec<Timestamp>,
    step: usize,
    known: usize,
}

impl Clocks {
    /// The clocks where the parameters put them; at first both at now.
    pub fn of(now: &Steps, params: &ReplayParams, today: Date) -> Self {
        let (days, instants) = (now.days(today), now.instants());
        let (mut step, mut known) = (nearest(params.step, days.len()), nearest(params.known, instants.len()));
        match params.go.as_deref() {
            Some("back") => step = step.saturating_sub(1),
            Some("on") => step = nearest(Some(step.saturating_add(1)), days.len()),
            Some("now") => (step, known) = (nearest(None, days.len()), nearest(None, instants.len())),
            _ => {}
        }
        Self { days, instants, step, known }
    }

    /// The day of the first clock.
    pub fn day(&self) -> Date {
        self.days.get(self.step).copied().unwrap_or_default()
    }

    /// The instant of the second clock. None at the last one: that is what is known now.
    pub fn known_at(&self) -> Option<Timestamp> {
        (self.known + 1 < self.instants.len()).then(|| self.instants[self.known])
    }

    /// The form with both clocks. Every day and instant is in it, for the module.
    pub fn form(&self, language: Language) -> Markup {
        let text = |dutch, english| language.of_two(dutch, english);
        html! {
            form.clocks method="get" data-days=(spaced(&self.days)) data-instants=(spaced(&self.instants)) {
                p {
                    label for="step" { (text("Wat er gebeurd was tot en met", "What had happened up to and including")) }
                    output #day for="step" { (days::day(self.day(), language)) }
                    (range("step", self.step, self.days.len()))
                    span.hint #day-of { (text("dag ", "day ")) (self.step + 1) (text(" van ", " of ")) (self.days.len()) }
                }
                p {
                    label for="known" { (text("Zoals bekend op", "As known on")) }
                    output #instant for="known" {
                        @match self.known_at() {
                            Some(at) => { (days::instant(at, language)) }
                            None => { (text("nu", "now")) }
                        }
                    }
                    (range("known", self.known, self.instants.len()))
                    span.hint #instant-of { (self.moments(language)) }
                }
                p {
                    button.plain name="go" value="back" disabled[self.step == 0] { (text("Dag terug", "Day back")) } " "
                    button.plain name="go" value="on" disabled[self.step + 1 >= self.days.len()] { (text("Dag verder", "Day on")) } " "
                    button.plain name="go" value="now" { (text("Naar nu", "To now")) } " "
                    button.plain #move { (text("Toon deze stand", "Show this state")) }
                }
            }
        }
    }

    fn moments(&self, language: Language) -> String {
        let all = self.instants.len();
        match all {
            0 | 1 => language
                .of_two("alles is op één moment vastgelegd", "all was recorded at one moment")
                .to_owned(),
            _ => format!(
                "{} {} {} {all}",
                language.of_two("moment van vastleggen", "moment of recording"),
                self.known + 1,
                language.of_two("van", "of")
            ),
        }
    }
}

fn range(name: &str, at: usize, stops: usize) -> Markup {
    html! {
        input id=(name) name=(name) type="range" min="0" max=(stops.saturating_sub(1)) value=(at) disabled[stops < 2] autocomplete="off";
    }
}

fn spaced(stops: &[impl ToString]) -> String {
    stops.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 28);

    /// Two facts, one of which was corrected later.
    fn replayed() -> Steps {
        serde_json::from_value(json!({"items": [
            {"sequence": 1, "occurredOn": "2026-03-02", "recordedAt": "2026-03-02T09:00:00Z"},
            {"sequence": 2, "occurredOn": "2026-03-09", "recordedAt": "2026-03-09T09:00:00Z",
             "corrected": {"by": 3, "recordedAt": "2026-03-10T09:00:00Z"}},
        ]}))
        .expect("a replay")
    }

    fn moved(step: Option<usize>, known: Option<usize>, go: Option<&str>) -> Clocks {
        let params = ReplayParams { step, known, go: go.map(str::to_owned), alone: None };
        Clocks::of(&replayed(), &params, TODAY)
    }

    #[test]
    fn the_clocks_begin_at_now_and_return_to_it() {
        for clocks in [moved(None, None, None), moved(Some(0), Some(0), Some("now"))] {
            assert_eq!((clocks.day(), clocks.known_at()), (TODAY, None));
        }
    }

    #[test]
    fn every_recording_and_correction_is_a_stop_of_the_second_clock() {
        let known = |stop| moved(None, Some(stop), None).known_at().map(|at| at.to_string());
        assert_eq!(known(0).as_deref(), Some("2026-03-02T09:00:00Z"));
        assert_eq!(known(1).as_deref(), Some("2026-03-09T09:00:00Z"));
        assert_eq!(known(2), None);
    }

    #[test]
    fn no_clock_leaves_its_stops() {
        assert_eq!(moved(Some(0), None, Some("back")).day(), Date::constant(2026, 3, 2));
        assert_eq!(moved(Some(2), None, Some("on")).day(), TODAY);
        assert_eq!(moved(Some(usize::MAX - 1), Some(usize::MAX), Some("on")).day(), TODAY);
    }
}
