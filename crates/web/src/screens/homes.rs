//! The homes on the worklist that another case holds as well.

use maud::{Markup, html};
use serde::Deserialize;

use super::whose;
use crate::language::Language;
use crate::words;

/// A home that another case holds as well.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Home {
    trajectory_id: String,
    client_name: Option<String>,
    own_reference: Option<String>,
    matter: String,
    what: String,
    corporation: String,
    unit: String,
}

/// A vacancy that is open while another of the same home is.
#[derive(Debug, Deserialize)]
pub(super) struct Vacancy {
    #[serde(rename = "vacancyId")]
    id: String,
    corporation: String,
    unit: String,
}

/// Which homes have two open vacancies; nothing if none has.
pub(super) fn vacancies(vacancies: &[Vacancy], language: Language) -> Markup {
    html! {
        @if !vacancies.is_empty() {
            h2 #vacancies { (language.of_two("Dubbel gemelde woningen", "Homes reported twice")) }
            ul { @for vacancy in vacancies { li {
                a href={ "/vacancies/" (vacancy.id) } { (vacancy.unit) ", " (words::name_of(&vacancy.corporation)) }
                ". " (language.of_two(
                    "Deze woning staat nog eens open. Trek een van de meldingen in of corrigeer die.",
                    "This home has another open vacancy. Withdraw or correct one of them.",
                ))
            } } }
        }
    }
}

/// What is to be put right about these homes; nothing if there are none.
pub(super) fn homes(homes: &[Home], language: Language) -> Markup {
    html! {
        @if !homes.is_empty() {
            h2 #homes { (language.of_two("Woningen", "Homes")) " (" (homes.len()) ")" }
            ul { @for home in homes { li { (line(home, language)) } } }
        }
    }
}

fn line(home: &Home, language: Language) -> Markup {
    html! {
        (whose(&home.trajectory_id, home.client_name.as_deref(), home.own_reference.as_deref()))
        ": " (words::code(&home.what, language)) ", " (home.unit) ", " (words::name_of(&home.corporation))
        " (" (words::code(&home.matter, language)) "). " (to_do(&home.matter, language))
    }
}

/// What the person does about it.
fn to_do(matter: &str, language: Language) -> &'static str {
    match matter {
        "let-elsewhere" | "vacancy-withdrawn" => language.of_two("Trek de aanbieding in.", "Withdraw the offer."),
        "rent-changed" => language.of_two(
            "De melding heeft nu een andere huur. Trek de aanbieding in en bied opnieuw aan, of herstel de melding.",
            "The vacancy has another rent now. Withdraw the offer and make it again, or put the vacancy right.",
        ),
        _ => language.of_two(
            "Een ander dossier heeft deze woning ook. Corrigeer wat hier niet klopt.",
            "Another case has this home as well. Correct what is wrong here.",
        ),
    }
}
