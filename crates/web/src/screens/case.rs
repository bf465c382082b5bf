//! One case: the phase, what is due, the ten agreements.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use serde::Deserialize;
use uuid::Uuid;

use super::{Due, due};
use crate::days;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{SignedIn, Trouble};
use crate::words;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    version: u64,
    phase: Option<Phase>,
    #[serde(default)]
    due: Vec<Due>,
    opened_on: Option<Date>,
    client: Option<Client>,
    region: Option<String>,
    care_provider: Option<String>,
    corporation: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Client {
    name: Option<String>,
}

/// A case
#[get("/cases/{trajectory}")]
pub async fn show(signed_in: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read(person, *language, &format!("v1/trajectories/{id}"), &[]).await;
    let case: Case = read.map_err(|failure| Trouble::of(failure, *language))?;
    let main = main(&case, pages.today(), *language);
    Ok(signed_in.show(language.of_two("Traject", "Case"), Place::Cases, &main))
}

fn main(case: &Case, today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let name = case.client.as_ref().and_then(|client| client.name.as_deref());
    let partners = [&case.region, &case.care_provider, &case.corporation];
    let partners: Vec<_> = partners.into_iter().flatten().map(String::as_str).collect();
    html! {
        h1 { (name.unwrap_or(text("Naam niet voor u", "Name not for you"))) }
        p.sub {
            (partners.join(" · "))
            @if let Some(on) = case.opened_on { " · " (text("begonnen ", "begun ")) (days::day(on, language)) }
            " · " (text("stand van feit ", "as of fact ")) (case.version)
        }
        @if let Some(phase) = case.phase { (path(phase, language)) }
        h2 #now { (text("Nu te doen", "To do now")) }
        @if case.due.is_empty() { p { (text("Niets.", "Nothing.")) } } @else {
            div.scroll tabindex="0" role="region" aria-labelledby="now" {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { (text("Uiterlijk", "Due")) }
                            th scope="col" { (text("Wat", "What")) }
                            th scope="col" { (text("Wie", "Who")) }
                        }
                    }
                    tbody {
                        @for item in &case.due {
                            tr {
                                td { (due(item, today, language)) }
                                th scope="row" { (item.text) }
                                td { (words::parties(&item.responsible, language)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The phases as a path; those before the present one are done.
fn path(present: Phase, language: Language) -> Markup {
    let shown = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Unopened);
    html! {
        ol.path aria-label=(language.of_two("Fase", "Phase")) {
            @for phase in shown {
                li.done[phase < present] aria-current=[(phase == present).then_some("step")] {
                    (words::phase(phase, language))
                }
            }
        }
    }
}
