//! The start: what this is, and where one signs in.

use maud::{Markup, html};
use omklap_domain::visibility::Role;

use crate::language::Language;
use crate::session::Person;
use crate::sign_in::SignInWith;
use crate::words;

/// The main part of the start page.
pub fn main(sign_in: &SignInWith, person: Option<&Person>, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h1 { (text("Van beschermd wonen naar een eigen huis", "From sheltered housing to a home of one's own")) }
        p {
            (text(
                "Zorgaanbieder, corporatie en gemeente maken per cliënt tien werkafspraken en komen die jaren na. \
                 Dit is hun gedeelde dossier: wat er gebeurde, wat er nog moet, door wie en wanneer.",
                "Care provider, corporation and municipality make ten working agreements per client and keep \
                 them for years. This is their shared ledger: what happened, what is due, by whom and when.",
            ))
        }
        @if person.is_some() {
            p { a.button href="/worklist" { (text("Naar de werklijst", "To the worklist")) } }
        }
        @match sign_in {
            SignInWith::Development(people) => {
                h2 { (text("Aanmelden", "Sign in")) }
                p.tag.soon {
                    (text(
                        "Dit is een server om te proberen. De mensen en de dossiers zijn verzonnen.",
                        "This is a server to try things on. The people and the cases are made up.",
                    ))
                }
                form method="post" action="/sign-in" {
                    ul.grid {
                        @for (number, person) in people.iter().enumerate() {
                            li {
                                button.plain name="person" value=(number) { (person.name) }
                                p.sub { (role(&person.role, language)) " · " (person.client) }
                            }
                        }
                    }
                }
            }
        }
        h2 { (text("Voor programma's", "For programs")) }
        ul {
            li { a href="/v1/docs" { (text("De API lezen en proberen", "Read and try the API")) } }
            li { a href="/v1/openapi.json" { "OpenAPI" } }
            li { a href="/v1/asyncapi.json" { "AsyncAPI" } }
        }
    }
}

fn role(name: &str, language: Language) -> &str {
    Role::named(name).map_or(name, |role| words::role(role, language))
}
