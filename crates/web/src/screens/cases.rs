//! The cases that the person may see.

use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use serde::Deserialize;

use crate::days;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{SignedIn, Trouble};
use crate::words;

#[derive(Debug, Deserialize)]
struct Cases {
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    trajectory_id: String,
    phase: Option<Phase>,
    updated_at: Timestamp,
    care_provider: Option<String>,
    corporation: Option<String>,
    client_name: Option<String>,
}

/// The list of cases
#[get("/cases")]
pub async fn show(signed_in: SignedIn) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read(person, *language, "v1/trajectories", &[("limit", "100")]).await;
    let list: Cases = read.map_err(|failure| Trouble::of(failure, *language))?;
    Ok(signed_in.show(language.of_two("Trajecten", "Cases"), Place::Cases, &main(&list, *language)))
}

fn main(list: &Cases, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h1 { (text("Trajecten", "Cases")) }
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
    }
}

fn row(item: &Item, language: Language) -> Markup {
    let id = item.trajectory_id.as_str();
    let name =
        item.client_name.as_deref().unwrap_or_else(|| id.get(id.len().saturating_sub(6)..).unwrap_or(id));
    let hidden = language.of_two("niet voor u", "not for you");
    html! {
        tr {
            th scope="row" { a href={ "/cases/" (id) } { (name) } }
            td { @match item.phase { Some(phase) => { (words::phase(phase, language)) } None => { span.hid { (hidden) } } } }
            td { (item.care_provider.as_deref().unwrap_or(hidden)) }
            td { (item.corporation.as_deref().unwrap_or(language.of_two("nog geen", "none yet"))) }
            td { (days::instant(item.updated_at, language)) }
        }
    }
}
