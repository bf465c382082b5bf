//! Vacant homes, the candidates for one with the reasons for and against, and the homes for one client.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;
use crate::{days, values, words};

#[derive(Debug, Default, Deserialize)]
struct Vacancies {
    items: Vec<Vacancy>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Vacancy {
    #[serde(rename = "vacancyId")]
    id: String,
    corporation: String,
    region: String,
    status: String,
    home: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
struct VacancyWithFacts {
    vacancy: Vacancy,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidates {
    on: Date,
    order: Vec<String>,
    digest: String,
    items: Vec<Candidate>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    place: u64,
    trajectory_id: String,
    eligibility: String,
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct HomesForClient {
    on: Date,
    items: Vec<HomeForClient>,
}

#[derive(Debug, Deserialize)]
struct HomeForClient {
    vacancy: Vacancy,
    eligibility: String,
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct Check {
    code: String,
    sort: String,
    result: String,
    needs: Option<String>,
    offers: Option<String>,
}

#[derive(Debug, Deserialize)]
struct VacanciesParams {
    cursor: Option<String>,
}

/// The vacant homes that the person may see
#[get("/vacancies")]
pub async fn show_all(signed_in: SignedIn, params: Query<VacanciesParams>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let mut query = vec![("limit", "100")];
    query.extend(params.cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let read = pages.api.read_if_shown(person, *language, "v1/vacancies", &query).await;
    let list: Option<Vacancies> = read.map_err(|failure| Trouble::of(failure, *language))?;
    Ok(signed_in.show(title(*language), Place::Seekers, &listed(&list.unwrap_or_default(), *language)))
}

/// A vacant home and its candidates
#[get("/vacancies/{vacancy}")]
pub async fn show(signed_in: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let failed = |failure| Trouble::of(failure, *language);
    let path = format!("v1/vacancies/{id}");
    let shown: VacancyWithFacts = pages.api.read(person, *language, &path, &[]).await.map_err(failed)?;
    let vacancy = shown.vacancy;
    let (path, query) = (format!("{path}/candidates"), [("include", "not-eligible")]);
    let candidates = pages.api.read_if_shown(person, *language, &path, &query).await.map_err(failed)?;
    let main = html! {
        p { a href="/vacancies" { (title(*language)) } }
        h1 { (language.of_two("Vrije woning van ", "Vacant home of ")) (words::name_of(&vacancy.corporation)) }
        p { span.tag { (status(&vacancy.status, *language)) } " " (words::name_of(&vacancy.region)) }
        (values::listed(&vacancy.home, *language))
        (ranked(candidates.as_ref(), *language))
    };
    Ok(signed_in.show(language.of_two("Vrije woning", "Vacant home"), Place::Seekers, &main))
}

/// The vacant homes for one client, and how each fits
#[get("/cases/{trajectory}/vacancies")]
pub async fn for_client(signed_in: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let path = format!("v1/trajectories/{id}/vacancies");
    let read = pages.api.read(person, *language, &path, &[]).await;
    let HomesForClient { on, items } = read.map_err(|failure| Trouble::of(failure, *language))?;
    let text = |dutch, english| language.of_two(dutch, english);
    let title = text("Welke woning past?", "Which home fits?");
    let main = html! {
        p { a href={ "/cases/" (id) } { (text("Terug naar het traject", "Back to the case")) } }
        h1 { (title) }
        p.sub { (text("Gewogen op ", "Weighed on ")) (days::day(on, *language)) ". " (text("Mensen kiezen; dit zijn de redenen.", "People choose; these are the reasons.")) }
        @if items.is_empty() {
            p { (text("Niets te wegen: u ziet nu geen vrije woning, of deze cliënt zoekt nu geen woning.", "Nothing to weigh: you see no vacant home now, or this client seeks no home now.")) }
        }
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

/// How far a vacancy is. An open one is not an open case.
fn status(code: &str, language: Language) -> String {
    match code {
        "open" => language.of_two("vrij", "vacant").to_owned(),
        other => words::code(other, language),
    }
}

fn title(language: Language) -> &'static str {
    language.of_two("Vrije woningen", "Vacant homes")
}

fn listed(list: &Vacancies, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        p { a href="/seekers" { (text("Wie een woning zoekt", "Who seeks a home")) } }
        h1 { (title(language)) }
        @if list.items.is_empty() {
            p { (text("Geen. Een corporatie meldt hier haar vrije woningen; u ziet die van uw eigen regio's, als dat voor uw rol is.", "None. Corporations report their vacant homes here; you see those of your own regions, if that is for your role.")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(title(language)) {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { (text("Woning", "Home")) }
                            th scope="col" { (text("Stand", "Status")) }
                            th scope="col" { (text("Regio", "Region")) }
                            th scope="col" { (text("Wat zij is", "What it is")) }
                        }
                    }
                    tbody {
                        @for vacancy in &list.items {
                            tr {
                                th scope="row" {
                                    a href={ "/vacancies/" (vacancy.id) } {
                                        (words::name_of(&vacancy.corporation)) " "
                                        span.code { (values::short(&vacancy.id)) }
                                    }
                                }
                                td { (status(&vacancy.status, language)) }
                                td { (words::name_of(&vacancy.region)) }
                                td { (values::listed(&vacancy.home, language)) }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(next) = &list.next {
            p { a href={ "/vacancies?cursor=" (next) } { (text("Volgende bladzijde", "Next page")) } }
        }
    }
}

/// The candidates in their order, those who are not eligible at the end.
fn ranked(candidates: Option<&Candidates>, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let Some(candidates) = candidates else {
        return html! {
            h2 { (text("Kandidaten", "Candidates")) }
            p { span.hid { (text("niet voor u", "not for you")) } }
        };
    };
    html! {
        h2 { (text("Kandidaten", "Candidates")) }
        p.sub {
            (text("Gewogen op ", "Weighed on ")) (days::day(candidates.on, language)) ". "
            (text("De volgorde: ", "The order: "))
            @for (at, word) in candidates.order.iter().enumerate() { @if at > 0 { ", " } (words::code(word, language)) }
            ". " (text("Mensen kiezen; wie een ander dan de eerste kiest, zegt waarom.", "People choose; who takes another than the first says why."))
        }
        @if candidates.items.is_empty() { p { (text("Niemand die u kent zoekt nu een woning.", "Nobody whom you know of seeks a home now.")) } }
        ol {
            @for candidate in &candidates.items {
                li value=(candidate.place) {
                    a href={ "/cases/" (candidate.trajectory_id) } { span.code { (values::short(&candidate.trajectory_id)) } } " "
                    (verdict(&candidate.eligibility, language))
                    (reasons(&candidate.checks, language))
                }
            }
        }
        p.sub { (text("Kenmerk van deze lijst: ", "Digest of this list: ")) span.code { (candidates.digest) } }
    }
}

fn verdict(eligibility: &str, language: Language) -> Markup {
    let tag = match eligibility {
        "eligible" => "tag kept",
        "ask" => "tag",
        _ => "tag late",
    };
    html! { span class=(tag) { (words::code(eligibility, language)) } }
}

/// The checks whose name is that of an obstacle. That there is none is no reason in favour.
const OBSTACLES: [&str; 5] =
    ["area-excluded", "nuisance-on-file", "refused-before", "complex-refused-before", "concentration"];

/// The checks: what speaks against, what has to be asked, and what speaks for; each with what the client
/// needs and what the home offers.
fn reasons(checks: &[Check], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let of = |result: &'static str| {
        let is_shown =
            move |check: &&Check| check.result != "met" || !OBSTACLES.contains(&check.code.as_str());
        checks.iter().filter(move |check| check.result == result).filter(is_shown)
    };
    let groups = [
        ("not-met", text("Tegen", "Against")),
        ("unknown", text("Nog te vragen", "To be asked")),
        ("met", text("Voor", "For")),
    ];
    html! {
        dl {
            @for (result, name) in groups {
                @if of(result).next().is_some() {
                    dt { (name) }
                    dd {
                        ul {
                            @for check in of(result) {
                                li {
                                    (words::code(&check.code, language))
                                    " (" (words::code(&check.sort, language)) ")"
                                    (needed(check, language))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn needed(check: &Check, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let word = |text: &str| match text.parse() {
        Ok(cents) if ["rent", "fitting"].contains(&check.code.as_str()) => {
            html! { (values::euros(cents, language)) }
        }
        _ if ["true", "false"].contains(&text) => values::value("needs", &(text == "true").into(), language),
        _ => values::value("needs", &text.into(), language),
    };
    let words = |texts: &str| {
        let each: Vec<_> = texts.split(", ").map(word).collect();
        html! { @for (at, one) in each.iter().enumerate() { @if at > 0 { ", " } (one) } }
    };
    // How many homes were let, of how many that were agreed.
    if let ("quota", Some((lets, homes))) =
        (check.code.as_str(), check.offers.as_deref().and_then(|of| of.split_once('/')))
    {
        return html! { ": " (lets) (text(" van ", " of ")) (homes) (text(" woningen dit jaar", " homes this year")) };
    }
    let needed =
        if check.code == "fitting" { text("getoetst bij ", "tested at ") } else { text("nodig ", "needed ") };
    html! {
        @if let Some(needs) = &check.needs { ": " (needed) (words(needs)) }
        @if let Some(offers) = &check.offers { "; " (text("geboden ", "offered ")) (words(offers)) }
    }
}
