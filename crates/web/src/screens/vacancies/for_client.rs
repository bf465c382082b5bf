//! The vacant homes for one client, and how each fits.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::Vacancy;
use super::reasons::{Check, reasons, verdict};
use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::screens::figures::table;
use crate::signed_in::SignedIn;
use crate::{days, values, words};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HomesForClient {
    on: Date,
    items: Vec<HomeForClient>,
    /// For the matching point.
    by_corporation: Option<Vec<HomesOfCorporation>>,
}

/// What is left of the homes that a corporation agreed for this year.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HomesOfCorporation {
    corporation: String,
    quota_so_far: Option<Quota>,
    vacancy_ids: Vec<Uuid>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quota {
    homes_let: u32,
    homes: u32,
    left: u32,
}

#[derive(Debug, Deserialize)]
struct HomeForClient {
    vacancy: Vacancy,
    eligibility: String,
    checks: Vec<Check>,
}

/// The vacant homes for one client, and how each fits
#[get("/cases/{trajectory}/vacancies")]
pub async fn show(signed_in: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let path = format!("v1/trajectories/{id}/vacancies");
    let read = pages.api.read(person, *language, &path, &[]).await;
    let HomesForClient { on, items, by_corporation } =
        read.map_err(|failure| Trouble::of(failure, *language))?;
    let text = |dutch, english| language.of_two(dutch, english);
    let title = text("Welke woning past?", "Which home fits?");
    let main = html! {
        p { a href={ "/cases/" (id) } { (text("Terug naar het traject", "Back to the case")) } }
        h1 { (title) }
        p.sub { (text("Gewogen op ", "Weighed on ")) (days::day(on, *language)) ". " (text("Mensen kiezen; dit zijn de redenen.", "People choose; these are the reasons.")) }
        @if items.is_empty() {
            p { (text("Niets te wegen: u ziet nu geen vrije woning, of deze cliënt zoekt nu geen woning.", "Nothing to weigh: you see no vacant home now, or this client seeks no home now.")) }
        }
        (quotas(by_corporation.as_deref().unwrap_or_default(), *language))
        @for HomeForClient { vacancy, eligibility, checks } in &items {
            section {
                h2 { a href={ "/vacancies/" (vacancy.id) } { (words::name_of(&vacancy.corporation)) } }
                (verdict(eligibility, *language))
                (reasons(checks, *language))
                details { summary { (text("De woning", "The home")) } (values::listed(&vacancy.home, *language)) }
            }
        }
    };
    Ok(signed_in.show(title, Place::Cases, &main))
}

/// The vacant homes by corporation, with what is left of each quota. It advises none.
fn quotas(corporations: &[HomesOfCorporation], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let heads = [
        text("Corporatie", "Corporation"),
        text("vrij", "vacant"),
        text("dit jaar verhuurd", "let this year"),
        text("afgesproken", "agreed"),
        text("nog over", "left"),
    ];
    let rows = html! {
        @for HomesOfCorporation { corporation, quota_so_far, vacancy_ids } in corporations {
            tr {
                th scope="row" { (words::name_of(corporation)) }
                td.n { (vacancy_ids.len()) }
                @match quota_so_far {
                    Some(Quota { homes_let, homes, left }) => { td.n { (homes_let) } td.n { (homes) } td.n { (left) } }
                    None => { td.n colspan="3" { (text("niets afgesproken", "nothing agreed")) } }
                }
            }
        }
    };
    html! {
        @if !corporations.is_empty() { (table("quotas", text("Per corporatie", "By corporation"), &heads, &rows)) }
    }
}
