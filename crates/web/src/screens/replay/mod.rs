//! A case with two clocks: what had happened up to a day, as it was known at an instant. Links and
//! buttons move the clocks; with JavaScript the sliders do, without a request for each step.

mod clocks;
mod fold;
mod standing;
mod steps;
mod timeline;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use self::clocks::Clocks;
use self::steps::Steps;
use crate::frame::{Page, Place};
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;

/// Where the clocks are, by the numbers of their stops, and which button was pressed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReplayParams {
    /// The stop of the first clock.
    step: Option<usize>,
    /// The stop of the second clock.
    known: Option<usize>,
    /// The button: `back`, `on` or `now`.
    go: Option<String>,
    /// The instant itself, when the module asks for the steps as they were known then and nothing
    /// else.
    alone: Option<Timestamp>,
}

/// The replay of a case
#[get("/cases/{trajectory}/replay")]
pub async fn show(
    signed_in: SignedIn,
    id: Path<Uuid>,
    params: Option<Query<ReplayParams>>,
) -> Result<HttpResponse, Trouble> {
    let (language, today) = (signed_in.language, signed_in.pages.today());
    let params = params.map(Query::into_inner).unwrap_or_default();
    let failed = |failure| Trouble::of(failure, language);
    let page = Page {
        title: language.of_two("Terug in de tijd", "Back in time"),
        place: Place::Cases,
        language,
        person: Some(&signed_in.person),
        script: Some("/assets/replay.js"),
    };
    if let Some(at) = params.alone {
        let then = Steps::read(&signed_in, *id, Some(at)).await.map_err(failed)?;
        return Ok(page.show(StatusCode::OK, &timeline::steps(&then, today, language)));
    }
    let now = Steps::read(&signed_in, *id, None).await.map_err(failed)?;
    let clocks = Clocks::of(&now, &params, today);
    let then = match clocks.known_at() {
        Some(at) => Some(Steps::read(&signed_in, *id, Some(at)).await.map_err(failed)?),
        None => None,
    };
    let main = html! {
        (main(*id, &clocks, &now, then.as_ref(), language))
        @if signed_in.person.role == "auditor" { (as_file(*id, language)) }
    };
    Ok(page.show(StatusCode::OK, &main))
}

/// The whole screen: the clocks, the state, the steps. `then` is absent if the second clock is at
/// now.
fn main(id: Uuid, clocks: &Clocks, now: &Steps, then: Option<&Steps>, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let shown = then.unwrap_or(now);
    html! {
        p { a href={ "/cases/" (id) } { (text("Naar het traject", "To the case")) } }
        h1 { (text("Terug in de tijd", "Back in time")) }
        @if now.items.is_empty() {
            p { (text("Er is in dit traject niets dat u mag zien.", "There is nothing in this case that you may see.")) }
        } @else {
            (clocks.form(language))
            @if now.is_cut() {
                p { (text("Dit traject is te lang: u ziet de eerste ", "This case is too long: you see the first ")) (now.items.len()) (text(" feiten.", " facts.")) }
            }
            div.two {
                section #standing aria-live="polite" { (standing::section(clocks.day(), shown, then.map(|_| now), language)) }
                section {
                    h2 #happened { (text("Wat er gebeurde", "What happened")) }
                    (timeline::steps(shown, clocks.day(), language))
                }
            }
        }
    }
}

/// The case as a file, for those who may audit.
fn as_file(id: Uuid, language: Language) -> Markup {
    html! {
        p { a href={ "/cases/" (id) "/file" } download { (language.of_two("Bewaar het dossier als bestand", "Keep the case as a file")) } }
        p { a href="/verify" { (language.of_two("Controleer een dossierbestand", "Verify a case file")) } }
    }
}

/// A stop that is out of reach is the last one.
fn nearest(stop: Option<usize>, stops: usize) -> usize {
    let last = stops.saturating_sub(1);
    stop.unwrap_or(last).min(last)
}

/// The last stop on or before a day.
fn stop_of(day: Date, days: &[Date]) -> usize {
    days.partition_point(|one| *one <= day).saturating_sub(1)
}
