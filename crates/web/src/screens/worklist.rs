//! What is due in the cases that the person may see: late, this week, later.

use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use serde::Deserialize;

use super::{Due, due};
use crate::days;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{SignedIn, Trouble};
use crate::words;

#[derive(Debug, Deserialize)]
struct Worklist {
    items: Vec<Item>,
    counts: Option<Counts>,
}

#[derive(Debug, Deserialize)]
struct Counts {
    total: u64,
    overdue: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    trajectory_id: String,
    phase: Option<Phase>,
    corporation: Option<String>,
    client_name: Option<String>,
    #[serde(flatten)]
    due: Due,
}

/// The worklist
#[get("/worklist")]
pub async fn show(signed_in: SignedIn) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read(person, *language, "v1/worklist", &[("limit", "100")]).await;
    let list: Worklist = read.map_err(|failure| Trouble::of(failure, *language))?;
    let title = language.of_two("Werklijst", "Worklist");
    Ok(signed_in.show(title, Place::Worklist, &main(&list, pages.today(), *language)))
}

fn main(list: &Worklist, today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let week = |item: &&Item| item.due.on.is_some_and(|on| days::between(today, on) <= 7);
    let (late, on_time): (Vec<_>, Vec<_>) = list.items.iter().partition(|item| item.due.overdue);
    let (soon, later): (Vec<_>, Vec<_>) = on_time.into_iter().partition(week);
    let parts = [
        ("late", text("Te laat", "Late"), late),
        ("week", text("Deze week", "This week"), soon),
        ("later", text("Later", "Later"), later),
    ];
    html! {
        h1 { (text("Werklijst", "Worklist")) }
        p.sub {
            (text("Wat er nog moet in de trajecten die u mag zien, op ", "What is due in the cases that you may see, on "))
            (days::day(today, language)) "."
        }
        @if let Some(Counts { total, overdue }) = &list.counts {
            p { (overdue) " " (text("te laat, ", "late, ")) (total) " " (text("in totaal", "in all")) }
        }
        @for (id, name, items) in &parts {
            h2 id=(id) { (name) " (" (items.len()) ")" }
            @if items.is_empty() { p { (text("Niets.", "Nothing.")) } } @else { (table(id, items, today, language)) }
        }
    }
}

fn table(id: &str, items: &[&Item], today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby=(id) {
            table.stack {
                thead {
                    tr {
                        th scope="col" { (text("Uiterlijk", "Due")) }
                        th scope="col" { (text("Cliënt", "Client")) }
                        th scope="col" { (text("Wat", "What")) }
                        th scope="col" { (text("Wie", "Who")) }
                        th scope="col" { (text("Corporatie", "Corporation")) }
                    }
                }
                tbody { @for item in items { (row(item, today, language)) } }
            }
        }
    }
}

fn row(item: &Item, today: Date, language: Language) -> Markup {
    let id = item.trajectory_id.as_str();
    let name =
        item.client_name.as_deref().unwrap_or_else(|| id.get(id.len().saturating_sub(6)..).unwrap_or(id));
    html! {
        tr {
            td { (due(&item.due, today, language)) }
            th scope="row" {
                a href={ "/cases/" (id) } { (name) }
                @if let Some(phase) = item.phase { br; span.sub { (words::phase(phase, language)) } }
            }
            td {
                (item.due.text)
                br;
                span.sub {
                    (language.of_two("afspraak ", "agreement ")) (item.due.agreement)
                    (language.of_two(", sinds ", ", since ")) (days::day(item.due.started_on, language))
                }
            }
            td { (words::parties(&item.due.responsible, language)) }
            td { (item.corporation.as_deref().unwrap_or(language.of_two("nog geen", "none yet"))) }
        }
    }
}
