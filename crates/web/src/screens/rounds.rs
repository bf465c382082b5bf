//! The monthly rounds of a region, and one of them with its agenda. It prints as it is.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::{altered, is_a_code, whose};
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{Trouble, to};
use crate::signed_in::SignedIn;
use crate::{days, words};

#[derive(Debug, Default, Deserialize)]
struct Rounds {
    items: Vec<Round>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Round {
    held_on: Date,
    status: String,
    answer_by: Date,
    answers: Vec<Answer>,
    minutes: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    provider: String,
    answered_on: Date,
    nobody: bool,
}

#[derive(Debug, Deserialize)]
struct RoundWithAgenda {
    round: Round,
    agenda: Option<Agenda>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agenda {
    since: Option<Date>,
    unanswered: Vec<String>,
    clients: Vec<OnTheAgenda>,
    #[serde(default)]
    more: bool,
    #[serde(default)]
    altered: Vec<String>,
    homes_without_candidate: Vec<Home>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OnTheAgenda {
    points: Vec<String>,
    days_stuck: Option<u64>,
    client: Seeker,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seeker {
    trajectory_id: String,
    client_name: Option<String>,
    reference: Option<String>,
    care_provider: String,
    corporation: Option<String>,
    stuck: Option<Stuck>,
}

#[derive(Debug, Deserialize)]
struct Stuck {
    bottleneck: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Home {
    vacancy_id: String,
    corporation: String,
}

#[derive(Debug, Deserialize)]
struct RoundsParams {
    cursor: Option<String>,
}

/// The rounds of a region
#[get("/rounds/{region}")]
pub async fn show_all(
    signed_in: SignedIn,
    region: Path<String>,
    params: Query<RoundsParams>,
) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    if !is_a_code(&region) {
        return Ok(to("/seekers"));
    }
    let query: Vec<_> = params.cursor.as_deref().map(|cursor| ("cursor", cursor)).into_iter().collect();
    let path = format!("v1/regions/{region}/rounds");
    let read = pages.api.read_if_shown(person, *language, &path, &query).await;
    let rounds: Option<Rounds> = read.map_err(|failure| Trouble::of(failure, *language))?;
    let main = list(&region, &rounds.unwrap_or_default(), *language);
    Ok(signed_in.show(title(*language), Place::Seekers, &main))
}

/// One round
#[get("/rounds/{region}/{date}")]
pub async fn show(signed_in: SignedIn, path: Path<(String, Date)>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let (region, date) = path.into_inner();
    if !is_a_code(&region) {
        return Ok(to("/seekers"));
    }
    let path = format!("v1/regions/{region}/rounds/{date}");
    let read = pages.api.read(person, *language, &path, &[]).await;
    let round: RoundWithAgenda = read.map_err(|failure| Trouble::of(failure, *language))?;
    Ok(signed_in.show(title(*language), Place::Seekers, &one(&region, &round, *language)))
}

fn title(language: Language) -> &'static str {
    language.of_two("Maandelijkse ronde", "Monthly round")
}

fn list(region: &str, rounds: &Rounds, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        p { a href={ "/seekers/" (region) } { (text("Wie een woning zoekt", "Who seeks a home")) } }
        h1 { (text("Rondes in ", "Rounds in ")) (words::name_of(region)) }
        @if rounds.items.is_empty() { p { (text("Er is nog geen ronde.", "There is no round yet.")) } }
        ul {
            @for round in &rounds.items {
                li {
                    a href={ "/rounds/" (region) "/" (round.held_on) } { (days::day(round.held_on, language)) }
                    ": " (words::code(&round.status, language))
                }
            }
        }
        @if let Some(next) = &rounds.next {
            p { a href={ "/rounds/" (region) "?cursor=" (next) } { (text("Volgende bladzijde", "Next page")) } }
        }
    }
}

fn one(region: &str, RoundWithAgenda { round, agenda }: &RoundWithAgenda, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        p { a href={ "/rounds/" (region) } { (text("Alle rondes", "All rounds")) } }
        h1 { (text("Ronde van ", "Round of ")) (days::day(round.held_on, language)) ", " (words::name_of(region)) }
        p {
            (words::code(&round.status, language)) ". "
            (text("Antwoorden kan tot en met ", "Answers until ")) (days::day(round.answer_by, language)) "."
            @if let Some(minutes) = &round.minutes { " " (text("Verslag: ", "Minutes: ")) (minutes) "." }
        }
        h2 { (text("Antwoorden", "Answers")) }
        @if round.answers.is_empty() { p { (text("Nog niemand antwoordde.", "Nobody has answered yet.")) } }
        ul {
            @for answer in &round.answers {
                li {
                    (words::name_of(&answer.provider)) ": "
                    (if answer.nobody { text("heeft niemand", "has nobody") } else { text("heeft aanvragen", "has requests") })
                    ", " (days::day(answer.answered_on, language))
                }
            }
        }
        @if let Some(agenda) = agenda { (to_discuss(agenda, language)) }
    }
}

fn to_discuss(agenda: &Agenda, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        @if !agenda.unanswered.is_empty() {
            h2 { (text("Nog geen antwoord", "No answer yet")) }
            ul { @for provider in &agenda.unanswered { li { (words::name_of(provider)) } } }
        }
        h2 { (text("Agenda", "Agenda")) }
        @if let Some(since) = agenda.since { p.sub { (text("Vorige ronde: ", "Last round: ")) (days::day(since, language)) } }
        (altered(&agenda.altered, language))
        @if agenda.clients.is_empty() {
            p { (text("Niemand die u kent staat op de agenda.", "Nobody whom you know of is on the agenda.")) }
        }
        @for (corporation, clients) in by_corporation(&agenda.clients) { (of_corporation(corporation, &clients, language)) }
        @if agenda.more { p { (text("Er zijn er meer: zie wie een woning zoekt.", "There are more: see who seeks a home.")) } }
        @if !agenda.homes_without_candidate.is_empty() {
            h2 { (text("Woningen zonder kandidaat", "Homes without a candidate")) }
            ul {
                @for home in &agenda.homes_without_candidate {
                    li { a href={ "/vacancies/" (home.vacancy_id) } { (text("Woning van ", "Home of ")) (words::name_of(&home.corporation)) } }
                }
            }
        }
    }
}

/// The clients on the agenda by the corporation that is assigned to them, those without one first.
fn by_corporation(clients: &[OnTheAgenda]) -> BTreeMap<Option<&str>, Vec<&OnTheAgenda>> {
    let mut by = BTreeMap::<_, Vec<_>>::new();
    for one in clients {
        by.entry(one.client.corporation.as_deref()).or_default().push(one);
    }
    by
}

/// The clients of one corporation; printed, a page of their own to hand out.
fn of_corporation(corporation: Option<&str>, clients: &[&OnTheAgenda], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let title = corporation
        .map_or_else(|| text("Nog niet toegewezen", "Not assigned yet").to_owned(), words::name_of);
    html! {
        section.page {
            h3 { (title) }
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { (text("Cliënt", "Client")) }
                            th scope="col" { (text("Waarom", "Why")) }
                            th scope="col" { (text("Aanbieder", "Provider")) }
                        }
                    }
                    tbody { @for one in clients { (row(one, language)) } }
                }
            }
        }
    }
}

fn row(OnTheAgenda { points, days_stuck, client }: &OnTheAgenda, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        tr {
            th scope="row" { (whose(&client.trajectory_id, client.client_name.as_deref(), client.reference.as_deref())) }
            td {
                @for (at, point) in points.iter().enumerate() { @if at > 0 { br; } (words::code(point, language)) }
                @if let (Some(stuck), Some(days)) = (&client.stuck, days_stuck) {
                    br; span.sub { (words::code(&stuck.bottleneck, language)) ", " (days) (text(" dagen", " days")) }
                }
            }
            td { (words::name_of(&client.care_provider)) }
        }
    }
}
