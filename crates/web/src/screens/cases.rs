//! The cases that the person may see.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use serde::Deserialize;

use super::{altered, whose};
use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;
use crate::{days, words};

#[derive(Debug, Deserialize)]
struct Cases {
    items: Vec<Item>,
    #[serde(default)]
    altered: Vec<String>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    trajectory_id: String,
    phase: Option<Phase>,
    updated_at: Option<Timestamp>,
    care_provider: Option<String>,
    corporation: Option<String>,
    client_name: Option<String>,
    reference: Option<String>,
    ready_on: Option<Date>,
    expected_on: Option<Date>,
}

/// The place in the list.
#[derive(Debug, Deserialize)]
struct From {
    cursor: Option<String>,
}

/// The list of cases
#[get("/cases")]
pub async fn show(signed_in: SignedIn, from: Query<From>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let mut query = vec![("limit", "100")];
    query.extend(from.cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let read = pages.api.read(person, *language, "v1/trajectories", &query).await;
    let list: Cases = read.map_err(|failure| Trouble::of(failure, *language))?;
    let opens = ["guide", "care-provider"].contains(&person.role.as_str());
    let main = main(&list, opens, *language);
    Ok(signed_in.show(language.of_two("Trajecten", "Cases"), Place::Cases, &main))
}

fn main(list: &Cases, opens: bool, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h1 { (text("Trajecten", "Cases")) }
        @if opens {
            p { a.button.plain href="/new/intake-registered" { (text("Nieuwe cliënt aanmelden", "Register a new client")) } }
        }
        (altered(&list.altered, language))
        @if list.items.is_empty() {
            p { (text("Geen. U ziet hier een traject zodra uw organisatie eraan meedoet.", "None. A case is listed here as soon as your organisation takes part in it.")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(text("Trajecten", "Cases")) {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { (text("Cliënt", "Client")) }
                            th scope="col" { (text("Fase", "Phase")) }
                            th scope="col" { (text("Zorgaanbieder", "Care provider")) }
                            th scope="col" { (text("Corporatie", "Corporation")) }
                            th scope="col" { (text("Bijgewerkt", "Updated")) }
                        }
                    }
                    tbody { @for item in &list.items { (row(item, language)) } }
                }
            }
        }
        @if let Some(next) = &list.next {
            p { a href={ "/cases?cursor=" (next) } { (text("Volgende bladzijde", "Next page")) } }
        }
    }
}

fn row(item: &Item, language: Language) -> Markup {
    let id = item.trajectory_id.as_str();
    let hidden = html! { span.hid { (language.of_two("niet voor u", "not for you")) } };
    // Without the course, nothing says whether there is a corporation.
    let sees_course = item.phase.is_some();
    html! {
        tr {
            th scope="row" {
                (whose(id, item.client_name.as_deref(), item.reference.as_deref()))
            }
            td {
                @match item.phase { Some(phase) => { (words::phase(phase, language)) } None => { (hidden) } }
                @match (item.phase, item.ready_on, item.expected_on) {
                    (Some(Phase::Ready | Phase::Matching), Some(on), _) => {
                        br; span.sub { (language.of_two("klaar sinds ", "ready since ")) (days::day(on, language)) }
                    }
                    (Some(Phase::Preparing), _, Some(on)) => {
                        br; span.sub { (language.of_two("verwacht op ", "expected on ")) (days::day(on, language)) }
                    }
                    _ => {}
                }
            }
            td { @match &item.care_provider { Some(code) => { (words::name_of(code)) } None => { (hidden) } } }
            td {
                @match &item.corporation {
                    Some(code) => { (words::name_of(code)) }
                    None if sees_course => { (language.of_two("nog geen", "none yet")) }
                    None => { (hidden) }
                }
            }
            td { @match item.updated_at { Some(at) => { (days::instant(at, language)) } None => { (hidden) } } }
        }
    }
}
