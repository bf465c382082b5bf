//! How a home and a client fit: the verdict, and each check for and against.

use maud::{Markup, html};
use serde::Deserialize;

use crate::language::Language;
use crate::{values, words};

/// One check of a home and a client.
#[derive(Debug, Deserialize)]
pub(super) struct Check {
    code: String,
    sort: String,
    result: String,
    needs: Option<String>,
    offers: Option<String>,
}

/// Whether the client may get the home, in a word.
pub(super) fn verdict(eligibility: &str, language: Language) -> Markup {
    let tag = match eligibility {
        "eligible" => "tag kept",
        "ask" => "tag",
        _ => "tag late",
    };
    html! { span class=(tag) { (words::code(eligibility, language)) } }
}

/// The checks whose name is that of an obstacle. That there is none is no reason in favour.
const OBSTACLES: [&str; 5] =
    ["area-excluded", "nuisance-on-file", "refused-before", "complex-refused-before", "concentration"];

/// The checks: what speaks against, what has to be asked, and what speaks for; each with what the client
/// needs and what the home offers.
pub(super) fn reasons(checks: &[Check], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let of = |result: &'static str| {
        let is_shown =
            move |check: &&Check| check.result != "met" || !OBSTACLES.contains(&check.code.as_str());
        checks.iter().filter(move |check| check.result == result).filter(is_shown)
    };
    let groups = [
        ("not-met", text("Tegen", "Against")),
        ("unknown", text("Nog te vragen", "To be asked")),
        ("met", text("Voor", "For")),
    ];
    html! {
        dl {
            @for (result, name) in groups {
                @if of(result).next().is_some() {
                    dt { (name) }
                    dd {
                        ul {
                            @for check in of(result) {
                                li {
                                    (words::code(&check.code, language))
                                    " (" (words::code(&check.sort, language)) ")"
                                    (needed(check, language))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn needed(check: &Check, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let word = |text: &str| match text.parse() {
        Ok(cents) if ["rent", "fitting"].contains(&check.code.as_str()) => {
            html! { (values::euros(cents, language)) }
        }
        _ if ["true", "false"].contains(&text) => values::value("needs", &(text == "true").into(), language),
        _ => values::value("needs", &text.into(), language),
    };
    let words = |texts: &str| {
        let each: Vec<_> = texts.split(", ").map(word).collect();
        html! { @for (at, one) in each.iter().enumerate() { @if at > 0 { ", " } (one) } }
    };
    // How many homes were let, of how many that were agreed.
    if let ("quota", Some((lets, homes))) =
        (check.code.as_str(), check.offers.as_deref().and_then(|of| of.split_once('/')))
    {
        return html! { ": " (lets) (text(" van ", " of ")) (homes) (text(" woningen dit jaar", " homes this year")) };
    }
    let needed =
        if check.code == "fitting" { text("getoetst bij ", "tested at ") } else { text("nodig ", "needed ") };
    html! {
        @if let Some(needs) = &check.needs { ": " (needed) (words(needs)) }
        @if let Some(offers) = &check.offers { "; " (text("geboden ", "offered ")) (words(offers)) }
    }
}
