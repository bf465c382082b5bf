//! The period of figures, the day to which they apply and the instant at which they were known; and
//! which callers may choose these (ADR 20).

use jiff::Timestamp;
use omklap_domain::agreements::calendar::months_before;
use omklap_domain::day::{Day, YEARS};
use omklap_domain::figures::Period;
use omklap_domain::ids::RegionId;
use omklap_domain::visibility::{Role, Viewer};
use utoipa::IntoParams;

use crate::clock;
use crate::http::problem::{Complaint, Fault, Problem};
use crate::http::request::query::{Parameters, Query};

/// The period, the day the figures apply to, and the instant they were known at. Callers without
/// access to every case of the region can only ask for one calendar year that has ended, as it was
/// known at its end.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresParams {
    /// The first day that counts; without it a year before the last. Without both, the last
    /// calendar year that has ended.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    from: Option<Day>,
    /// The last day that counts, at most `validOn`; without it that day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    to: Option<Day>,
    /// As they were at the end of this day, which must not be in the future. Without it: today, or
    /// the end of the year for callers without access to every case.
    #[param(rename = "validOn", value_type = Option<String>, format = Date, nullable = false)]
    valid_on: Option<Day>,
    /// As they were known at this instant. Without it: now, or the end of the year for callers
    /// without access to every case.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    pub(super) known_at: Option<Timestamp>,
}

/// Which days a caller may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Choice {
    /// Any, because the caller sees every case anyway.
    Free,
    /// Calendar years, because two periods that differ by a day would reveal what happened on that
    /// day.
    WholeYears,
}

impl Choice {
    /// The choice of this viewer for the figures of this region.
    pub(in crate::http) fn of(viewer: &Viewer, region: &RegionId) -> Self {
        match viewer.role {
            Role::MatchingPoint | Role::Auditor if viewer.regions.contains(region) => Self::Free,
            _ => Self::WholeYears,
        }
    }
}

impl FiguresParams {
    /// The whole of a year, which is one of the calendar.
    pub(in crate::http) fn of_year(year: u16) -> Self {
        let (from, to) = Day::of_year(year).ok().unzip();
        Self { from, to, valid_on: None, known_at: None }
    }

    /// The parameters with their defaults, and the days that count. For a year there is one
    /// response to callers who do not see every case: as it was known when the year had ended.
    /// Later reports change nothing in it, so that no two responses differ by a single case.
    pub(super) fn asked(self, today: Day, choice: Choice) -> Result<(Self, Period), Problem> {
        let period = self.period(today, choice)?;
        if choice == Choice::Free {
            return Ok((self, period));
        }
        let (from, to) = (period.from(), period.to());
        let known_at = Some(clock::ended(to));
        let frozen = Self { from: Some(from), to: Some(to), valid_on: Some(to), known_at };
        Ok((frozen, frozen.period(today, Choice::Free)?))
    }

    /// The days that count, and the day to which the figures apply.
    pub(super) fn period(self, today: Day, choice: Choice) -> Result<Period, Problem> {
        if self.valid_on.is_some_and(|on| on > today) {
            return Err(Complaint::parameter("validOn", Fault::StillToCome).into());
        }
        let on = self.valid_on.unwrap_or(today);
        let (from, to) = match (self.from, self.to) {
            (None, None) => last_year(self.valid_on.unwrap_or(today.plus_days(-1))),
            (Some(from), None) => (from, on),
            (from, Some(to)) => (from.unwrap_or(months_before(to, 12).plus_days(1)), to),
        };
        if choice == Choice::WholeYears {
            self.keeps_to_years(from, to, today)?;
        }
        let last = if self.to.is_some() { "to" } else { "from" };
        let period = Period::new(from, to, on);
        Ok(period.map_err(|_| Complaint::parameter(last, Fault::EndsBeforeItBegins))?)
    }

    fn keeps_to_years(self, from: Day, to: Day, today: Day) -> Result<(), Problem> {
        let ended = |last: Day| ends_a_year(last) && last < today;
        let is_year = from.date() == to.date().first_of_year() && ended(to);
        let last = if self.to.is_some() { "to" } else { "from" };
        let wrong = [
            (!is_year).then_some(last),
            self.valid_on.filter(|on| *on != to).map(|_| "validOn"),
            self.known_at.filter(|at| *at != clock::ended(to)).map(|_| "knownAt"),
        ];
        let complaints: Vec<_> = wrong
            .into_iter()
            .flatten()
            .map(|name| Complaint::parameter(name, Fault::WholeYearsOnly))
            .collect();
        if complaints.is_empty() { Ok(()) } else { Err(Problem::malformed(complaints)) }
    }

    /// Whether it asks for the present.
    pub(super) fn is_now(self) -> bool {
        self.valid_on.is_none() && self.known_at.is_none()
    }

    /// The query of these figures, the same for every caller at every time.
    pub(super) fn query(self, period: Period) -> String {
        let mut query = format!("from={}&to={}", period.from(), period.to());
        query.extend(self.valid_on.map(|on| format!("&validOn={on}")));
        query.extend(self.known_at.map(|at| format!("&knownAt={at}")));
        query
    }
}

/// The last calendar year that had ended at the end of a day; at the beginning of the calendar its
/// first.
pub(in crate::http) fn last_year(day: Day) -> (Day, Day) {
    let year = if ends_a_year(day) { day.year() } else { day.year() - 1 };
    Day::of_year(year.max(*YEARS.start())).unwrap_or((day, day))
}

/// The last day of a year that has ended: this one, or without one the last such day. None for another
/// day.
pub(super) fn ended_year(on: Option<Day>, today: Day) -> Option<Day> {
    let on = on.unwrap_or(last_year(today.plus_days(-1)).1);
    (ends_a_year(on) && on < today).then_some(on)
}

fn ends_a_year(day: Day) -> bool {
    day.date() == day.date().last_of_year()
}

impl Parameters for FiguresParams {
    fn read(query: &mut Query) -> Self {
        Self {
            from: query.take_day("from"),
            to: query.take_day("to"),
            valid_on: query.take_day("validOn"),
            known_at: query.take_instant("knownAt"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING_SAID: FiguresParams =
        FiguresParams { from: None, to: None, valid_on: None, known_at: None };

    fn day(text: &str) -> Day {
        text.parse().expect("a date")
    }

    fn year(from: &str, to: &str) -> FiguresParams {
        FiguresParams { from: Some(day(from)), to: Some(day(to)), ..NOTHING_SAID }
    }

    fn days(span: FiguresParams, today: &str, choice: Choice) -> Option<(String, String)> {
        let period = span.period(day(today), choice).ok()?;
        Some((period.from().to_string(), period.to().to_string()))
    }

    fn both(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn without_days_the_period_is_the_last_year_that_has_ended() {
        for choice in [Choice::Free, Choice::WholeYears] {
            let chosen = |today| days(NOTHING_SAID, today, choice);
            assert_eq!(chosen("2026-12-31"), Some(both("2025-01-01", "2025-12-31")));
            assert_eq!(chosen("2027-01-01"), Some(both("2026-01-01", "2026-12-31")));
            let at_the_end = FiguresParams { valid_on: Some(day("2024-12-31")), ..NOTHING_SAID };
            assert_eq!(days(at_the_end, "2026-11-25", choice), Some(both("2024-01-01", "2024-12-31")));
        }
    }

    #[test]
    fn a_viewer_without_every_case_asks_for_one_year_that_has_ended() {
        let chosen = |from, to| days(year(from, to), "2026-11-25", Choice::WholeYears);
        assert_eq!(chosen("2025-01-01", "2025-12-31"), Some(both("2025-01-01", "2025-12-31")));
        for (from, to) in [
            ("2025-01-01", "2025-12-30"),
            ("2025-01-02", "2025-12-31"),
            ("2024-01-01", "2025-12-31"),
            ("2025-01-01", "2025-03-31"),
            ("2026-01-01", "2026-12-31"),
            ("2026-01-01", "2026-11-25"),
        ] {
            assert_eq!(chosen(from, to), None, "{from}–{to}");
            assert!(days(year(from, to), "2026-11-25", Choice::Free).is_some(), "{from}–{to}");
        }
    }

    #[test]
    fn a_year_has_one_answer_for_a_viewer_that_does_not_see_every_case() {
        let today = day("2026-11-25");
        let years = [None, Some(("2023-01-01", "2023-12-31")), Some(("2024-01-01", "2024-12-31"))];
        let days =
            ["2023-12-31", "2024-12-30", "2024-12-31", "2025-12-31", "2026-11-25"].map(|on| Some(day(on)));
        let instants =
            ["2023-12-31T23:00:00Z", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z", "2026-11-01T00:00:00Z"];
        let instants = instants.map(|at| Some(at.parse::<Timestamp>().expect("an instant")));
        let mut answers = std::collections::BTreeMap::new();
        for span in years.map(|years| years.map_or(NOTHING_SAID, |(from, to)| year(from, to))) {
            for valid_on in days.into_iter().chain([None]) {
                for known_at in instants.into_iter().chain([None]) {
                    let span = FiguresParams { valid_on, known_at, ..span };
                    let Ok((asked, period)) = span.asked(today, Choice::WholeYears) else { continue };
                    let answer = asked.query(period);
                    let first = answers.entry(period.to()).or_insert_with(|| answer.clone());
                    assert_eq!(*first, answer, "{span:?}");
                }
            }
        }
        assert_eq!(answers.len(), 3);
        assert_eq!(
            answers[&day("2024-12-31")],
            "from=2024-01-01&to=2024-12-31&validOn=2024-12-31&knownAt=2024-12-31T23:00:00Z"
        );
    }

    #[test]
    fn the_future_has_no_figures() {
        let today = "2026-11-25";
        let tomorrow = FiguresParams { valid_on: Some(day("2026-11-26")), ..NOTHING_SAID };
        assert_eq!(days(tomorrow, today, Choice::Free), None);
        assert_eq!(
            days(year("2026-01-01", "2060-12-31"), today, Choice::Free),
            Some(both("2026-01-01", today))
        );
        assert_eq!(days(year("2060-01-01", "2060-12-31"), today, Choice::Free), None);
        let first = FiguresParams { valid_on: Some(day("1900-01-01")), ..NOTHING_SAID };
        assert_eq!(days(first, today, Choice::Free), Some(both("1900-01-01", "1900-01-01")));
    }
}
