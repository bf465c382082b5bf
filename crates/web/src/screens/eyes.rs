//! One case through the eyes of each partner, side by side.

use maud::{Markup, html};
use omklap_domain::visibility::Role;

use super::case::Case;
use crate::language::Language;
use crate::pages::Pages;
use crate::sign_in::{DemoPerson, Showcase};
use crate::words;

/// Writes one cell of the table.
type Cell = fn(&Case, Language) -> Markup;

/// What one partner sees of the case; nothing if it is not for them.
#[derive(Debug)]
pub struct Eye<'a> {
    person: &'a DemoPerson,
    case: Option<Case>,
}

/// Reads the case as each of these people. At most five, so that a screen stays within its calls.
pub async fn read<'a>(
    pages: &Pages,
    showcase: &Showcase,
    people: &'a [DemoPerson],
    language: Language,
) -> Vec<Eye<'a>> {
    let path = format!("v1/trajectories/{}", showcase.trajectory);
    let mut eyes = Vec::new();
    let shown = showcase.people.iter().filter_map(|number| Some((*number, people.get(*number)?)));
    for (number, person) in shown.take(5) {
        let Ok((signed_in, _)) = person.sign_in(&pages.api, number).await else { continue };
        let case = pages.api.read_if_shown(&signed_in, language, &path, &[]).await;
        eyes.push(Eye { person, case: case.unwrap_or_default() });
    }
    eyes
}

/// The table; nothing if nobody sees the case, because the demo is not there.
pub fn table(eyes: &[Eye<'_>], language: Language) -> Markup {
    if eyes.iter().all(|eye| eye.case.is_none()) {
        return html! {};
    }
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    let rows: [(&str, Cell); 8] = [
        (text("Cliënt", "Client"), |case, language| case.name(language)),
        (text("Fase", "Phase"), phase),
        (text("Contract", "Lease"), |case, language| {
            present(case, "/tenancy", case.tenancy.is_some(), language)
        }),
        (text("Huurachterstand", "Arrears"), |case, language| {
            present(case, "/tenancy/inArrears", case.tenancy.is_some(), language)
        }),
        (text("Overlast", "Nuisance"), |case, language| {
            counted(case, "/nuisanceCases", case.nuisance_cases.len(), language)
        }),
        (text("Weg naar de omklap", "Way to the flip"), |case, language| {
            present(case, "/flip", case.flip.is_some(), language)
        }),
        (text("Nu te doen", "To do now"), |case, language| counted(case, "/due", case.due.len(), language)),
        (text("Kan nu melden", "Can report now"), |case, _| html! { (case.admits.len()) }),
    ];
    html! {
        h2 #eyes { (text("Eén traject door de ogen van elke partner", "One case through the eyes of each partner")) }
        div.scroll tabindex="0" role="region" aria-labelledby="eyes" {
            table {
                thead {
                    tr {
                        td {}
                        @for eye in eyes { th scope="col" { (role(eye.person, language)) br; span.sub { (words::name_of(&eye.person.client)) } } }
                    }
                }
                tbody {
                    @for (name, cell) in rows {
                        tr {
                            th scope="row" { (name) }
                            @for eye in eyes {
                                td { @match &eye.case { Some(case) => { (cell(case, language)) } None => { (hidden(language)) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn role(person: &DemoPerson, language: Language) -> &str {
    Role::named(&person.role).map_or(person.role.as_str(), |role| words::role(role, language))
}

fn hidden(language: Language) -> Markup {
    html! { span.hid { (language.of_two("niet voor u", "not for you")) } }
}

fn phase(case: &Case, language: Language) -> Markup {
    match case.phase {
        Some(phase) => html! { (words::phase(phase, language)) },
        None => hidden(language),
    }
}

fn present(case: &Case, pointer: &str, is_there: bool, language: Language) -> Markup {
    match (case.withholds(pointer), is_there) {
        (true, _) => hidden(language),
        (false, true) => html! { (language.of_two("te zien", "shown")) },
        (false, false) => html! { (language.of_two("nog niets", "nothing yet")) },
    }
}

fn counted(case: &Case, pointer: &str, many: usize, language: Language) -> Markup {
    if case.withholds(pointer) {
        hidden(language)
    } else {
        html! { (many) }
    }
}
