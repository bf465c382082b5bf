//! The start: what this is, and where one signs in.

use maud::{Markup, html};
use omklap_domain::visibility::Role;

use crate::language::Language;
use crate::session::Person;
use crate::sign_in::{DemoCase, DemoPerson, Development, Program, SignInWith};
use crate::words;

/// The main part of the start page; `eyes` is the case through the eyes of each partner.
pub fn main(sign_in: &SignInWith, person: Option<&Person>, eyes: &Markup, language: Language) -> Markup {
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
            SignInWith::Development(development) => {
                (people(development, language))
                (eyes)
                (cases(development, language))
            }
            SignInWith::Issuers(programs) => { (where_you_work(programs, language)) }
        }
        h2 { (text("Voor programma's", "For programs")) }
        ul {
            li { a href="/v1/docs" { (text("De API lezen en proberen", "Read and try the API")) } }
            li { a href="/v1/openapi.json" { "OpenAPI" } }
            li { a href="/v1/asyncapi.json" { "AsyncAPI" } }
        }
        p { a href="/toegankelijkheid" { (text("Toegankelijkheid", "Accessibility")) } }
    }
}

fn people(Development { people, .. }: &Development, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
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
                        p.sub { (role(person, language)) " · " (words::name_of(&person.client)) }
                    }
                }
            }
        }
    }
}

fn cases(Development { people, cases, .. }: &Development, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let shown = cases.iter().filter(|case| !case.people.is_empty());
    html! {
        h2 #cases { (text("De trajecten van de demo", "The cases of the demo")) }
        p { (text("Open een traject als een van de mensen die eraan meedoen.", "Open a case as one of the people who take part in it.")) }
        ul.line { @for case in shown { li { (open_as(case, people, language)) } } }
    }
}

fn open_as(case: &DemoCase, people: &[DemoPerson], language: Language) -> Markup {
    let those = case.people.iter().filter_map(|number| Some((number, people.get(*number)?)));
    html! {
        strong { (case.client) } ": " (language.of_two(&case.dutch, &case.english))
        form method="post" action="/sign-in" {
            input type="hidden" name="case" value=(case.trajectory);
            @for (number, person) in those {
                button.small name="person" value=(number) { (person.name) ", " (role(person, language).to_lowercase()) } " "
            }
        }
    }
}

fn where_you_work(programs: &[Program], language: Language) -> Markup {
    html! {
        h2 { (language.of_two("Waar werkt u?", "Where do you work?")) }
        p {
            (language.of_two(
                "U meldt zich aan bij uw eigen organisatie. Dit register ziet uw wachtwoord niet.",
                "You sign in at your own organisation. This ledger does not see your password.",
            ))
        }
        ul.grid {
            @for program in programs {
                li { a.button.plain href={ "/sign-in/with/" (program.key) } { (program.name) } }
            }
        }
    }
}

fn role(person: &DemoPerson, language: Language) -> &str {
    Role::named(&person.role).map_or(person.role.as_str(), |role| words::role(role, language))
}
