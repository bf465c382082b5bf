//! One case: the phase, what is due, the ten agreements, how it is now, the way to the flip, the course.

mod agreements;
mod client;
pub mod course;
mod standing;

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use self::agreements::Agreements;
use self::course::{About, Timeline};
use self::standing::{Flip, Nuisance, Tenancy};
use super::{Due, due, keeping};
use crate::days;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::session::Person;
use crate::signed_in::SignedIn;
use crate::{values, words};

/// The state of a case, as the API shows it to this person.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Case {
    /// The id.
    pub trajectory_id: String,
    /// The number of facts.
    pub version: u64,
    /// The phase.
    pub phase: Option<Phase>,
    /// What is due.
    pub due: Vec<Due>,
    /// When it was opened.
    pub opened_on: Option<Date>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Who the client is.
    pub client: Option<Client>,
    /// The region.
    pub region: Option<String>,
    /// The care provider.
    pub care_provider: Option<String>,
    /// The corporation.
    pub corporation: Option<String>,
    /// The municipality.
    pub municipality: Option<String>,
    /// The facts that this person may report now.
    pub admits: Vec<String>,
    /// The home.
    pub tenancy: Option<Tenancy>,
    /// The way to the flip.
    pub flip: Option<Flip>,
    /// Open claims on the guarantee fund.
    pub open_claims: Option<Vec<Value>>,
    /// The signals that wait for an answer.
    pub open_signals: Vec<String>,
    /// The nuisance cases.
    pub nuisance_cases: Vec<Value>,
    /// What is withheld, as JSON pointers.
    pub withheld: Vec<String>,
}

/// Who the client is.
#[derive(Debug, Deserialize)]
pub struct Client {
    /// The name; none if it was erased.
    pub name: Option<String>,
}

impl Case {
    /// Whether something is withheld, itself or with all around it.
    pub fn withholds(&self, pointer: &str) -> bool {
        let around = |one: &String| {
            pointer.strip_prefix(one.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.withheld.iter().any(around)
    }

    /// The name of the client, or why there is none.
    pub fn name(&self, language: Language) -> Markup {
        match &self.client {
            Some(Client { name: Some(name) }) => html! { bdi { (name) } },
            Some(Client { name: None }) => {
                html! { span.hid { (language.of_two("naam gewist", "name erased")) } }
            }
            None => html! { span.hid { (language.of_two("naam niet voor u", "name not for you")) } },
        }
    }
}

/// The parameters of the page of a case.
#[derive(Debug, Deserialize)]
pub struct CaseParams {
    /// The cursor after which the course begins.
    after: Option<String>,
    /// The number of a fact that was just recorded.
    done: Option<u64>,
}

/// A case
#[get("/cases/{trajectory}")]
pub async fn show(
    signed_in: SignedIn,
    id: Path<Uuid>,
    params: Query<CaseParams>,
) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let failed = |failure| Trouble::of(failure, *language);
    let of_case = format!("v1/trajectories/{id}");
    let path = |part: &str| format!("{of_case}/{part}");
    let case: Case = pages.api.read(person, *language, &of_case, &[]).await.map_err(failed)?;
    let agreements =
        pages.api.read_if_shown(person, *language, &path("agreements"), &[]).await.map_err(failed)?;
    let nuisance =
        pages.api.read_if_shown(person, *language, &path("nuisance-cases"), &[]).await.map_err(failed)?;
    let mut query = vec![("limit", "500")];
    query.extend(params.after.as_deref().map(|after| ("cursor", after)));
    let timeline = pages.api.read(person, *language, &path("events"), &query).await.map_err(failed)?;
    let shown = Shown { case, agreements, nuisance, timeline };
    let main = main(&shown, &params, (person, pages.today()), *language);
    Ok(signed_in.show(language.of_two("Traject", "Case"), Place::Cases, &main))
}

/// The answers that the page is made of.
struct Shown {
    case: Case,
    agreements: Option<Agreements>,
    nuisance: Option<Nuisance>,
    timeline: Timeline,
}

fn main(shown: &Shown, params: &CaseParams, (person, today): (&Person, Date), language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let Shown { case, agreements, nuisance, timeline } = shown;
    let about = About {
        case: &case.trajectory_id,
        corrects: case.admits.iter().any(|kind| kind == "event-corrected"),
        is_first: params.after.is_none(),
        language,
    };
    html! {
        (head(case, today, language))
        @if let Some(done) = params.done { (recorded(done, timeline, language)) }
        @if let Some(phase) = case.phase { (path(phase, language)) }
        @if person.role == "client" { (client::own_words(case, timeline, language)) }
        h2 #now { (text("Nu te doen", "To do now")) }
        @if case.due.is_empty() { p { (text("Niets.", "Nothing.")) } } @else { (to_do(case, today, language)) }
        p.actions {
            @if !case.admits.is_empty() {
                a.button href={ "/cases/" (case.trajectory_id) "/report" } { (text("Iets melden", "Report something")) } " "
            }
            @if matches!(case.phase, Some(Phase::Ready | Phase::Matching)) && person.role != "client" {
                a.button.plain href={ "/cases/" (case.trajectory_id) "/vacancies" } { (text("Welke woning past?", "Which home fits?")) } " "
            }
            a.button.plain href={ "/cases/" (case.trajectory_id) "/replay" } { (text("Terug in de tijd", "Back in time")) } " "
            a.button.plain href={ "/cases/" (case.trajectory_id) "/seen" } { (text("Wie zag dit dossier", "Who saw this case")) }
        }
        @match agreements {
            Some(agreements) => { (agreements::tiles(agreements, language)) }
            None => { p.hid { (text("De afspraken zijn niet voor u.", "The agreements are not for you.")) } }
        }
        div.two {
            section { (standing::living(case, language)) }
            section {
                @if let Some(nuisance) = nuisance { (standing::nuisance(case, nuisance, language)) }
                (standing::flip(case, language))
            }
        }
        (course::course(timeline, about))
    }
}

fn head(case: &Case, today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let partners = [&case.region, &case.care_provider, &case.corporation, &case.municipality];
    let partners: Vec<_> = partners.into_iter().flatten().map(|code| words::name_of(code)).collect();
    html! {
        h1 { (case.name(language)) " " span.code { (values::short(&case.trajectory_id)) } }
        p.sub {
            (partners.join(" · "))
            @if let Some(on) = case.opened_on { " · " (text("begonnen ", "begun ")) (days::day(on, language)) }
            @if let Some(on) = case.ended_on { " · " (text("geëindigd ", "ended ")) (days::day(on, language)) }
            @if let Some(outcome) = &case.outcome { " (" (words::code(outcome, language)) ")" }
            " · " (text("stand van feit ", "as of fact ")) (case.version)
            span.on-paper { (text(", zoals bekend op ", ", as known on ")) (days::day(today, language)) }
        }
    }
}

/// What was just recorded, if it is in the course.
fn recorded(done: u64, timeline: &Timeline, language: Language) -> Markup {
    let Some(entry) = timeline.items.iter().find(|entry| entry.sequence == done) else { return html! {} };
    html! {
        p.verdict role="status" {
            (language.of_two("Vastgelegd: ", "Recorded: "))
            a href={ "#fact-" (done) } { (words::fact(entry.kind(), language)) ", " (language.of_two("feit ", "fact ")) (done) }
        }
    }
}

fn to_do(case: &Case, today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="now" {
            table.stack {
                thead {
                    tr {
                        th scope="col" { (text("Uiterlijk", "Due")) }
                        th scope="col" { (text("Wat", "What")) }
                        th scope="col" { (text("Wie", "Who")) }
                        th scope="col" { (text("Melden", "Report")) }
                    }
                }
                tbody {
                    @for item in &case.due {
                        tr {
                            td { (due(item, today, language)) }
                            th scope="row" {
                                (item.text)
                                br;
                                span.sub {
                                    (text("afspraak ", "agreement ")) (item.agreement)
                                    (text(", sinds ", ", since ")) (days::day(item.started_on, language))
                                }
                            }
                            td { (words::parties(&item.responsible, language)) }
                            td { (keeping(item, &case.trajectory_id, |kind| case.admits.iter().any(|one| one == kind), language)) }
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
