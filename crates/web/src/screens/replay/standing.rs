//! The state on a day, in words. `replay.js` builds the same rows from the same words.

use std::collections::BTreeSet;

use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::json;

use super::fold::{Obligation, Standing};
use super::steps::{Change, Steps, What};
use crate::days;
use crate::language::Language;
use crate::words;

/// The statuses that are counted, as the API names them, in the order of their rows.
const COUNTED: [(&str, &str, &str); 5] = [
    ("due", "Te doen", "Due"),
    ("overdue", "Te laat", "Overdue"),
    ("kept", "Nagekomen", "Kept"),
    ("kept-late", "Te laat nagekomen", "Kept late"),
    ("set-aside", "Opzijgezet of vervallen", "Set aside or lapsed"),
];

/// A status in words.
pub fn status(code: &str, language: Language) -> String {
    let known = COUNTED.iter().find(|(known, ..)| *known == code);
    known.map_or_else(
        || words::code(code, language),
        |(_, dutch, english)| language.of_two(dutch, english).to_lowercase(),
    )
}

/// A change of a nuisance case in words.
pub fn nuisance(change: &Change, language: Language) -> String {
    let to = change.to.as_deref().unwrap_or_default();
    match (change.what, to.strip_prefix("quiet until ")) {
        (What::NuisanceLevel, _) => format!("{} {to}", language.of_two("niveau", "level")),
        (_, Some(day)) => {
            let until = day.parse().map_or_else(|_| day.to_owned(), |day| days::in_words(day, language));
            format!("{} {until}", language.of_two("rustig tot", "quiet until"))
        }
        (_, None) => words::code(to, language),
    }
}

/// The state on a day. `now` is what is known now, if that is not what is shown.
pub fn section(day: Date, shown: &Steps, now: Option<&Steps>, language: Language) -> Markup {
    let standing = Standing::on(day, &shown.items);
    let known_now = now.map(|now| Standing::on(day, &now.items));
    let differs = |is: &dyn Fn(&Standing<'_>) -> String| {
        let (here, there) = (is(&standing), known_now.as_ref().map(is));
        there.is_some_and(|there| there != here)
    };
    html! {
        h2 { (language.of_two("Stand op ", "State on ")) (days::day(day, language)) }
        dl {
            @for (name, value) in rows(day, language) {
                dt { (name) }
                dd { (value(&standing)) @if differs(&*value) { " " (otherwise(language)) } }
            }
        }
        h3 { (language.of_two("Nog open", "Still open")) }
        (open(day, &standing, known_now.as_ref(), language))
        script #words type="application/json" { (maud::PreEscaped(vocabulary(language))) }
    }
}

type Row<'l> = (String, Box<dyn Fn(&Standing<'_>) -> String + 'l>);

/// The rows of the state, each with how its value follows from it.
fn rows<'l>(day: Date, language: Language) -> Vec<Row<'l>> {
    let text = |dutch: &str, english: &str| language.of_two(dutch, english).to_owned();
    let none = move || language.of_two("geen", "none").to_owned();
    let mut rows: Vec<Row<'l>> = vec![(
        text("Fase", "Phase"),
        Box::new(move |of| of.phase.map_or_else(none, |phase| words::phase(phase, language).to_owned())),
    )];
    for (code, dutch, english) in COUNTED {
        rows.push((text(dutch, english), Box::new(move |of| of.count(code, day).to_string())));
    }
    let nuisances = move |of: &Standing<'_>| {
        let each: Vec<_> = of.nuisance.values().map(|change| nuisance(change, language)).collect();
        if each.is_empty() { none() } else { each.join(", ") }
    };
    rows.push((text("Overlastzaken", "Nuisance cases"), Box::new(nuisances)));
    let until = move |of: &Standing<'_>| {
        of.follow_up_until.map_or_else(none, |until| days::in_words(until, language))
    };
    rows.push((text("Nazorg tot", "Follow-up until"), Box::new(until)));
    rows
}

fn open(day: Date, standing: &Standing<'_>, now: Option<&Standing<'_>>, language: Language) -> Markup {
    let key = |one: &Obligation<'_>| (one.text.to_owned(), one.due_on);
    let known: Option<BTreeSet<_>> = now.map(|now| now.open().into_iter().map(key).collect());
    let open = standing.open();
    html! {
        @if open.is_empty() { p { (language.of_two("Niets.", "Nothing.")) } } @else {
            ul {
                @for one in open {
                    li {
                        (one.text)
                        @if let Some(due) = one.due_on { ", " (language.of_two("uiterlijk ", "by ")) (days::day(due, language)) }
                        @if one.status(day) == "overdue" { " " span.tag.late { (status("overdue", language)) } }
                        @if known.as_ref().is_some_and(|known| !known.contains(&key(one))) { " " (otherwise(language)) }
                    }
                }
            }
        }
    }
}

/// The mark of what is known otherwise now.
fn otherwise(language: Language) -> Markup {
    html! { span.tag.soon { (language.of_two("anders dan nu bekend", "not as known now")) } }
}

/// The words that the module needs to write the same rows, as JSON that holds no `<`.
fn vocabulary(language: Language) -> String {
    let text = |dutch, english| language.of_two(dutch, english);
    let counted = COUNTED.map(|(code, dutch, english)| [code, text(dutch, english)]);
    let words = json!({
        "months": days::months(language), "counted": counted,
        "state": text("Stand op", "State on"), "phase": text("Fase", "Phase"),
        "nuisance": text("Overlastzaken", "Nuisance cases"), "followUp": text("Nazorg tot", "Follow-up until"),
        "open": text("Nog open", "Still open"), "nothing": text("Niets.", "Nothing."), "none": text("geen", "none"),
        "by": text("uiterlijk", "by"), "late": status("overdue", language),
        "otherwise": text("anders dan nu bekend", "not as known now"), "now": text("nu", "now"),
        "day": text("dag", "day"), "moment": text("moment van vastleggen", "moment of recording"), "of": text("van", "of"),
        "failed": text("Het register antwoordt niet. Probeer het opnieuw.", "The ledger does not answer. Try again."),
    });
    words.to_string().replace('<', "\\u003c")
}
