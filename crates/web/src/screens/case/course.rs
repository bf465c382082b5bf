//! The course of a case: its facts by year, the latest first.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::days;
use crate::language::Language;
use crate::{values, words};

/// A page of the timeline.
#[derive(Debug, Deserialize)]
pub struct Timeline {
    /// The facts, in the order of recording.
    pub items: Vec<Entry>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// A fact as it was recorded.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Entry {
    /// Its number.
    pub sequence: u64,
    /// When it was recorded.
    pub recorded_at: Option<Timestamp>,
    /// Whether it still holds.
    pub mark: Mark,
    /// The kind of fact, or `fact-withheld` if all of it is withheld.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, as far as it is shown; nothing if all of it is withheld.
    #[serde(alias = "factInPart")]
    pub fact: Map<String, Value>,
    /// The organisation that recorded it.
    pub organisation: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// The person, by a pseudonym.
    pub actor: Option<String>,
    /// What is withheld.
    pub withheld: Vec<String>,
    /// The places of erased texts.
    pub erased: Vec<String>,
}

/// What became of a fact.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// `standing`, `retracted` or `replaced`.
    pub status: String,
    /// The number of the correction.
    pub by: Option<u64>,
}

impl Entry {
    /// The kind of fact.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The day it happened.
    pub fn occurred_on(&self) -> Option<Date> {
        self.fact.get("occurredOn").and_then(Value::as_str).and_then(|day| day.parse().ok())
    }

    /// Whether the caller may see none of it.
    pub fn is_withheld(&self) -> bool {
        self.kind == "fact-withheld"
    }
}

/// What the course needs to know beside its facts.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The case.
    pub case: &'a str,
    /// Whether the person may report a correction.
    pub corrects: bool,
    /// The page that is shown begins after this cursor, if it is not the first.
    pub is_first: bool,
    /// The language.
    pub language: Language,
}

/// The course.
pub fn course(timeline: &Timeline, about: About<'_>) -> Markup {
    let text = |dutch, english| about.language.of_two(dutch, english);
    let hidden = timeline.items.iter().filter(|entry| entry.is_withheld()).count();
    let mut years: BTreeMap<i16, Vec<&Entry>> = BTreeMap::new();
    for entry in timeline.items.iter().filter(|entry| !entry.is_withheld()) {
        years.entry(entry.occurred_on().map_or(0, Date::year)).or_default().push(entry);
    }
    for entries in years.values_mut() {
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.occurred_on(), entry.sequence)));
    }
    html! {
        h2 #course { (text("Verloop", "Course")) " (" (timeline.items.len()) " " (text("feiten", "facts")) ")" }
        @for (year, entries) in years.iter().rev() {
            h3 { (year) }
            ul.line { @for entry in entries { (item(entry, &timeline.items, about)) } }
        }
        @if hidden > 0 { (withheld_line(hidden, about.language)) }
        @if timeline.next.is_some() || !about.is_first {
            p {
                @if !about.is_first { a href={ "/cases/" (about.case) "#course" } { (text("Eerste feiten", "First facts")) } " " }
                @if let Some(next) = &timeline.next {
                    a href={ "/cases/" (about.case) "?after=" (next) "#course" } { (text("Volgende feiten", "Next facts")) }
                }
            }
        }
    }
}

fn withheld_line(hidden: usize, language: Language) -> Markup {
    let one = language.of_two("1 feit is niet voor u.", "1 fact is not for you.");
    let several = language.of_two("feiten zijn niet voor u.", "facts are not for you.");
    html! {
        details.hid {
            summary {
                @if hidden == 1 { (one) } @else { (hidden) " " (several) }
                " " (language.of_two("Waarom?", "Why?"))
            }
            p {
                (language.of_two(
                    "Wat u ziet hangt af van uw rol en van wat de cliënt deelt. Ook de dag van zo'n feit is niet voor u. \
                     De zorgaanbieder kan uitleggen wat er wel mag.",
                    "What you see depends on your role and on what the client shares. The day of such a fact is not for \
                     you either. The care provider can explain what is possible.",
                ))
            }
        }
    }
}

fn item(entry: &Entry, all: &[Entry], about: About<'_>) -> Markup {
    let language = about.language;
    let name = words::fact(entry.kind(), language);
    let is_struck = !matches!(entry.mark.status.as_str(), "standing" | "");
    html! {
        li id={ "fact-" (entry.sequence) } {
            details {
                summary {
                    @if let Some(on) = entry.occurred_on() { (days::day(on, language)) " · " }
                    @if is_struck { del { (name) } (corrected(entry, all, language)) } @else { strong { (name) } }
                }
                (fields(entry, language))
                p.sub { (recorded(entry, language)) }
                @if let Some(by) = entry.mark.by {
                    p { a href={ "#fact-" (by) } { (language.of_two("Naar feit ", "To fact ")) (by) } }
                }
                @if about.corrects && !is_struck && entry.kind() != "event-corrected" {
                    p {
                        a href={ "/cases/" (about.case) "/report/event-corrected?/corrects=" (entry.sequence) } {
                            (language.of_two("Dit feit corrigeren", "Correct this fact"))
                        }
                    }
                }
            }
        }
    }
}

fn corrected(entry: &Entry, all: &[Entry], language: Language) -> Markup {
    let Some(by) = entry.mark.by else { return html! {} };
    let correction = all.iter().find(|one| one.sequence == by);
    let reason = correction.and_then(|one| one.fact.get("reason")).and_then(Value::as_str);
    html! {
        " " span.tag {
            (words::code(&entry.mark.status, language)) " " (language.of_two("door feit ", "by fact "))
            (by)
        }
        @if let Some(reason) = reason { " " bdi.sub { (reason) } }
    }
}

fn fields(entry: &Entry, language: Language) -> Markup {
    let shown = entry.fact.iter().filter(|(name, _)| *name != "type" && *name != "occurredOn");
    let hidden = &entry.withheld;
    let last =
        |pointer: &str| pointer.rsplit('/').find(|part| part.parse::<u32>().is_err()).map(str::to_owned);
    html! {
        dl {
            @for (name, value) in shown {
                dt { (words::field(name, language)) }
                dd { (values::value(name, value, language)) }
            }
            @for pointer in &entry.erased {
                dt { (words::field(&last(pointer).unwrap_or_default(), language)) }
                dd.hid { (language.of_two("gewist", "erased")) }
            }
            @for pointer in hidden {
                dt { (words::field(&last(pointer).unwrap_or_default(), language)) }
                dd.hid { (language.of_two("niet voor u", "not for you")) }
            }
        }
    }
}

fn recorded(entry: &Entry, language: Language) -> Markup {
    html! {
        (language.of_two("Feit ", "Fact ")) (entry.sequence)
        @if let Some(at) = entry.recorded_at {
            (language.of_two(", vastgelegd ", ", recorded ")) (days::instant(at, language))
        }
        @if let Some(organisation) = &entry.organisation {
            (language.of_two(" door ", " by ")) (words::name_of(organisation))
        }
        @if let Some(role) = &entry.role { " (" (words::code(role, language)) ")" }
    }
}
