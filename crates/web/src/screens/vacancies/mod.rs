//! Vacant homes, the candidates for one with the reasons for and against, and the homes for one client.

mod candidates;
pub mod for_client;
mod reasons;

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use self::candidates::{Candidates, Seekers, ranked};
use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;
use crate::{values, words};

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
    let read = pages.api.read_if_shown(person, *language, &path, &query).await;
    let candidates: Option<Candidates> = read.map_err(failed)?;
    let seekers = if candidates.is_some() {
        let path = format!("v1/regions/{}/seekers", vacancy.region);
        let read = pages.api.read_if_shown(person, *language, &path, &[("limit", "500")]).await;
        read.map_err(failed)?.unwrap_or_default()
    } else {
        Seekers::default()
    };
    let main = html! {
        p { a href="/vacancies" { (title(*language)) } }
        h1 { (language.of_two("Vrije woning van ", "Vacant home of ")) (words::name_of(&vacancy.corporation)) }
        p { span.tag { (status(&vacancy.status, *language)) } " " (words::name_of(&vacancy.region)) }
        (values::listed(&vacancy.home, *language))
        (ranked(candidates.as_ref(), &seekers, *language))
    };
    Ok(signed_in.show(language.of_two("Vrije woning", "Vacant home"), Place::Seekers, &main))
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
