//! The steps, in the order of happening, and the same changes as data for the module.

use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::standing::{nuisance, status};
use super::steps::{Change, Correction, Step, Steps, What};
use super::stop_of;
use crate::days;
use crate::language::Language;
use crate::words;

/// The steps. Those after the day are still to come: they are there, but dimmed.
pub fn steps(steps: &Steps, day: Date, language: Language) -> Markup {
    let days: Vec<Date> = steps.items.iter().map(|step| step.occurred_on).collect();
    let present = days.get(stop_of(day, &days)).copied();
    html! {
        div.scroll.happened tabindex="0" role="region" aria-labelledby="happened" {
            ol.line #steps {
                @for step in &steps.items {
                    li data-day=(step.occurred_on) class=[class(step, day, present)] { (one(step, language)) }
                }
            }
        }
        @if !steps.withheld.is_empty() {
            p.hid { (withheld(steps, language)) }
        }
        script #changes type="application/json" { (PreEscaped(data(steps, language))) }
    }
}

fn class(step: &Step, day: Date, present: Option<Date>) -> Option<&'static str> {
    if step.occurred_on > day {
        return Some("then");
    }
    (Some(step.occurred_on) == present).then_some("now")
}

fn withheld(steps: &Steps, language: Language) -> String {
    let count = steps.withheld.len();
    let facts = if count == 1 { ("feit is", "fact is") } else { ("feiten zijn", "facts are") };
    format!(
        "{count} {}",
        language.of_two(format!("{} niet voor u.", facts.0), format!("{} not for you.", facts.1))
    )
}

fn one(step: &Step, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let hidden = || text("niet voor u", "not for you").to_owned();
    let name = step.kind.as_deref().map_or_else(hidden, |kind| words::fact(kind, language));
    html! {
        (days::day(step.occurred_on, language)) " · "
        @if step.struck.is_some() { strong { del { (name) } } } @else { strong { (name) } }
        " "
        span.sub {
            (text("feit ", "fact ")) (step.sequence)
            @if let Some(at) = step.recorded_at { (text(", vastgelegd ", ", recorded ")) (days::instant(at, language)) }
            @if let Some(by) = &step.organisation { (text(" door ", " by ")) (words::name_of(by)) }
        }
        @if let Some(by) = &step.struck { (correction(text("Doorgehaald door feit ", "Struck through by fact "), by, language)) }
        @if step.struck.is_none() && let Some(by) = &step.corrected { (correction(text("Verbeterd door feit ", "Corrected by fact "), by, language)) }
        @if !step.changes.is_empty() {
            ul { @for change in &step.changes { li { (in_words(change, language)) " " span.sub { (because(change, language)) } } } }
        }
    }
}

fn correction(words: &str, Correction { by, reason, .. }: &Correction, language: Language) -> Markup {
    html! {
        p {
            (words) (by) ": "
            @match reason {
                Some(reason) => { (reason) }
                None => { span.hid { (language.of_two("de reden is niet voor u", "the reason is not for you")) } }
            }
        }
    }
}

/// The rule and the facts that a change rests on.
fn because(change: &Change, language: Language) -> String {
    let facts: Vec<_> = change.evidence.iter().map(ToString::to_string).collect();
    let label = match (facts.len(), language) {
        (1, Language::Dutch) => "feit",
        (_, Language::Dutch) => "feiten",
        (1, Language::English) => "fact",
        (_, Language::English) => "facts",
    };
    format!("({label} {})", facts.join(", "))
}

fn phase(code: Option<&String>, language: Language) -> &'static str {
    Change::phase(code).map_or("", |phase| words::phase(phase, language))
}

fn in_words(change: &Change, language: Language) -> String {
    let text = |dutch, english| language.of_two(dutch, english);
    let by = || {
        change.due_on.map(|due| format!(", {} {}", text("uiterlijk", "by"), days::in_words(due, language)))
    };
    match change.what {
        What::Phase => format!(
            "{}: {} → {}",
            text("Fase", "Phase"),
            phase(change.from.as_ref(), language),
            phase(change.to.as_ref(), language)
        ),
        What::ObligationOpened => {
            format!("{}: {}{}", change.obligation(), status("due", language), by().unwrap_or_default())
        }
        What::ObligationSettled => {
            let to = change.to.as_deref().unwrap_or_default();
            format!("{}: {}", change.obligation(), status(to, language))
        }
        What::NuisanceLevel | What::NuisanceStand => {
            format!("{}: {}", text("Overlastzaak", "Nuisance case"), nuisance(change, language))
        }
        What::FollowUp => follow_up(change, language),
    }
}

fn follow_up(change: &Change, language: Language) -> String {
    let text = |dutch, english| language.of_two(dutch, english);
    let to = change.to.as_deref().unwrap_or_default();
    let month = change.subject.as_deref().and_then(|subject| subject.strip_prefix("month "));
    match (to, month, change.due_on) {
        ("began", _, Some(until)) => {
            format!("{} {}", text("Nazorg tot", "Follow-up until"), days::in_words(until, language))
        }
        (_, Some(month), _) => {
            format!("{} {month}: {}", text("Contact in maand", "Check of month"), words::code(to, language))
        }
        _ => format!("{}: {}", text("Nazorg geëindigd", "Follow-up ended"), words::code(to, language)),
    }
}

/// The changes for the module: a row for each, with the day first. JSON that holds no `<`.
fn data(steps: &Steps, language: Language) -> String {
    let holding = steps.items.iter().filter(|step| step.struck.is_none());
    let rows = holding.flat_map(|step| {
        let day = step.occurred_on.to_string();
        step.changes.iter().filter_map(move |change| row(&day, change, language))
    });
    Value::Array(rows.collect()).to_string().replace('<', "\\u003c")
}

fn row(day: &str, change: &Change, language: Language) -> Option<Value> {
    let due = change.due_on.map(|due| due.to_string());
    Some(match change.what {
        What::Phase => json!([day, "phase", phase(change.to.as_ref(), language)]),
        What::ObligationOpened => {
            json!([day, "open", change.rule, change.start(), due, change.obligation()])
        }
        What::ObligationSettled => {
            json!([day, "settle", change.rule, change.start(), due, change.from, change.to])
        }
        What::NuisanceLevel | What::NuisanceStand => {
            json!([day, "nuisance", change.subject, nuisance(change, language)])
        }
        What::FollowUp if change.to.as_deref() == Some("began") => json!([day, "until", due]),
        What::FollowUp => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A replay in which an obligation and a reason were written to break out of the page.
    fn replayed() -> Steps {
        let text = "1.1 </script><script>alert(1)</script>: te doen";
        serde_json::from_value(json!({"withheld": [4, 5], "items": [
            {"sequence": 1, "occurredOn": "2026-03-02", "type": "neighbours-met", "changes": [
                {"what": "obligation-opened", "rule": "1.1", "evidence": [1], "text": text}]},
            {"sequence": 2, "occurredOn": "2026-03-03",
             "struck": {"by": 3, "recordedAt": "2026-03-10T09:00:00Z", "reason": "<b>verkeerd</b>"}},
            {"sequence": 6, "occurredOn": "2026-03-04", "type": "a-kind-of-tomorrow",
             "corrected": {"by": 7, "recordedAt": "2026-03-10T09:00:00Z"}},
        ]}))
        .expect("a replay")
    }

    #[test]
    fn nothing_that_people_wrote_becomes_markup() {
        let page = steps(&replayed(), Date::constant(2026, 3, 3), Language::Dutch).into_string();
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(page.contains("&lt;b&gt;verkeerd"));
    }

    #[test]
    fn what_is_not_there_has_a_word() {
        let page = steps(&replayed(), Date::constant(2026, 3, 3), Language::Dutch).into_string();
        assert!(page.contains("2 feiten zijn niet voor u."));
        assert!(page.contains("<del>niet voor u</del>"));
        assert!(page.contains("de reden is niet voor u"));
        assert!(!page.contains("a-kind-of-tomorrow"));
    }

    #[test]
    fn the_last_day_on_which_something_happened_is_marked_and_later_days_are_dimmed() {
        let page = steps(&replayed(), Date::constant(2026, 3, 3), Language::English).into_string();
        assert!(page.contains("data-day=\"2026-03-03\" class=\"now\""));
        assert!(page.contains("data-day=\"2026-03-04\" class=\"then\""));
    }
}
