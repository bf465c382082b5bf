//! The ten agreements as tiles: the worst status on top, each opens to its obligations.

use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::fact::Party;
use serde::Deserialize;

use crate::days;
use crate::language::Language;
use crate::words;

/// The agreements of a case on a day.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Agreements {
    /// The agreements, by number.
    pub agreements: Vec<Agreement>,
}

/// One agreement.
#[derive(Debug, Deserialize)]
pub struct Agreement {
    number: u32,
    title: String,
    obligations: Vec<Obligation>,
    #[serde(default)]
    withheld: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Obligation {
    #[serde(rename = "obligation")]
    id: String,
    text: String,
    responsible: Vec<Party>,
    status: String,
    #[serde(default)]
    paused: bool,
    #[serde(default)]
    left_undone: bool,
    started_on: Option<Date>,
    status_on: Option<Date>,
    #[serde(default)]
    evidence: Vec<u64>,
}

/// The statuses, the worst first.
const WORST_FIRST: [&str; 7] =
    ["overdue", "due", "kept-late", "set-aside", "kept", "not-started", "not-applicable"];

/// The tiles.
pub fn tiles(agreements: &Agreements, language: Language) -> Markup {
    html! {
        h2 #agreements { (language.of_two("De tien afspraken", "The ten agreements")) }
        ol.grid { @for agreement in &agreements.agreements { (tile(agreement, language)) } }
    }
}

fn tile(agreement: &Agreement, language: Language) -> Markup {
    let count = |status: &str| agreement.obligations.iter().filter(|one| one.status == status).count();
    let worst = WORST_FIRST.into_iter().find(|status| count(status) > 0).unwrap_or("not-started");
    let rest = WORST_FIRST.into_iter().filter(|status| *status != worst && *status != "not-started");
    let rest: Vec<_> = rest
        .map(|status| (count(status), status))
        .filter(|(many, _)| *many > 0)
        .map(|(many, status)| format!("{many} {}", words::code(status, language)))
        .collect();
    let label = match worst {
        "overdue" | "due" => format!("{} {}", count(worst), words::code(worst, language)),
        other => words::code(other, language),
    };
    html! {
        li class=(format!("is-{}", colour(worst))) {
            h3 { (agreement.number) ". " (agreement.title) }
            p { span class=(format!("tag {}", colour(worst))) { (label) } }
            @if !rest.is_empty() { p.sub { (rest.join(" · ")) } }
            @if !agreement.obligations.is_empty() {
                details {
                    summary { (language.of_two("Verplichtingen", "Obligations")) " (" (agreement.obligations.len()) ")" }
                    ul.line { @for one in &agreement.obligations { (obligation(one, language)) } }
                }
            }
            @if !agreement.withheld.is_empty() {
                p.hid { (agreement.withheld.len()) " " (language.of_two("niet voor u", "not for you")) }
            }
        }
    }
}

/// The class of the colour of a status; the words say the same.
fn colour(status: &str) -> &'static str {
    match status {
        "overdue" => "late",
        "due" => "soon",
        "kept" => "kept",
        _ => "none",
    }
}

fn obligation(one: &Obligation, language: Language) -> Markup {
    html! {
        li {
            (one.id) " " (one.text)
            br;
            span class=(format!("tag {}", colour(&one.status))) { (words::code(&one.status, language)) }
            @if let Some(on) = one.status_on { " " (days::day(on, language)) }
            @if one.paused { " " span.tag { (language.of_two("gepauzeerd", "paused")) } }
            @if one.left_undone { " " span.tag { (language.of_two("niet meer gedaan", "left undone")) } }
            p.sub {
                (words::parties(&one.responsible, language))
                @if let Some(on) = one.started_on {
                    (language.of_two(", sinds ", ", since ")) (days::day(on, language))
                }
                @if !one.evidence.is_empty() {
                    (language.of_two(", op grond van feit ", ", based on fact "))
                    @for (at, number) in one.evidence.iter().enumerate() {
                        @if at > 0 { ", " }
                        a href={ "#fact-" (number) } { (number) }
                    }
                }
            }
        }
    }
}
