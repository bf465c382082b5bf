//! Reporting a fact: one form for each kind, made from the published description of the API.

mod context;
mod form;
mod outcome;
mod schema;
mod typed;

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use maud::{Markup, html};
use serde::Deserialize;
use url::form_urlencoded;
use uuid::Uuid;

use self::context::{Context, drawn_id};
use self::outcome::Outcome;
use self::schema::{Document, Field};
use self::typed::Typed;
use super::case::Case;
use crate::api::{Failure, Mistake, Report};
use crate::frame::Place;
use crate::language::Language;
use crate::own_form::OwnForm;
use crate::pages::{Trouble, to};
use crate::signed_in::SignedIn;
use crate::{values, words};

/// The answer to a report.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    trajectory_id: String,
    #[serde(default)]
    events: Vec<RecordedEvent>,
    #[serde(default)]
    became_due: Vec<super::Due>,
}

#[derive(Debug, Deserialize)]
struct RecordedEvent {
    sequence: u64,
}

/// A form that is being filled in.
#[derive(Debug)]
struct Sheet {
    /// The case; none for a fact that opens one.
    case: Option<Uuid>,
    kind: String,
    fields: Vec<Field>,
    typed: Typed,
}

/// The kinds of facts that can be reported now
#[get("/cases/{trajectory}/report")]
pub async fn choose(signed_in: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read(person, *language, &format!("v1/trajectories/{id}"), &[]).await;
    let case: Case = read.map_err(|failure| Trouble::of(failure, *language))?;
    let mut kinds: Vec<_> = case.admits.iter().map(|kind| (words::fact(kind, *language), kind)).collect();
    kinds.sort();
    let title = language.of_two("Iets melden", "Report something");
    let main = html! {
        p { a href={ "/cases/" (id) } { (case.name(*language)) " " span.code { (values::short(&case.trajectory_id)) } } }
        h1 { (title) }
        @if kinds.is_empty() { p { (language.of_two("U kunt hier nu niets melden.", "There is nothing that you can report here now.")) } }
        ul.kinds { @for (word, kind) in &kinds { li { a href={ "/cases/" (id) "/report/" (kind) } { (word) } } } }
    };
    Ok(signed_in.show(title, Place::Cases, &main))
}

/// The form of a kind of fact
#[get("/cases/{trajectory}/report/{kind}")]
pub async fn form_in_case(
    request: HttpRequest,
    signed_in: SignedIn,
    path: Path<(Uuid, String)>,
) -> Result<HttpResponse, Trouble> {
    let (id, kind) = path.into_inner();
    blank(&signed_in, Some(id), kind, request.query_string()).await
}

/// The form of a fact that opens a case
#[get("/new/{kind}")]
pub async fn form_of_new_case(
    request: HttpRequest,
    signed_in: SignedIn,
    kind: Path<String>,
) -> Result<HttpResponse, Trouble> {
    blank(&signed_in, None, kind.into_inner(), request.query_string()).await
}

/// Reports a fact, or tries it
#[post("/cases/{trajectory}/report/{kind}")]
pub async fn report_in_case(
    request: HttpRequest,
    _own: OwnForm,
    signed_in: Result<SignedIn, Trouble>,
    path: Path<(Uuid, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Trouble> {
    let (id, kind) = path.into_inner();
    match signed_in {
        Ok(signed_in) => report(&signed_in, Some(id), kind, Typed(pairs)).await,
        Err(_) => Ok(outcome::kept_while_signed_out(&request, &Typed(pairs))),
    }
}

/// Opens a case
#[post("/new/{kind}")]
pub async fn report_new_case(
    request: HttpRequest,
    _own: OwnForm,
    signed_in: Result<SignedIn, Trouble>,
    kind: Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Trouble> {
    match signed_in {
        Ok(signed_in) => report(&signed_in, None, kind.into_inner(), Typed(pairs)).await,
        Err(_) => Ok(outcome::kept_while_signed_out(&request, &Typed(pairs))),
    }
}

/// A form that nobody typed in yet, filled in as far as is known.
async fn blank(
    signed_in: &SignedIn,
    case: Option<Uuid>,
    kind: String,
    query: &str,
) -> Result<HttpResponse, Trouble> {
    let language = signed_in.language;
    let failed = |failure| Trouble::of(failure, language);
    let document = signed_in.pages.document().await.map_err(failed)?;
    let Some(mut fields) = Document(document).fields(&kind) else {
        return Err(Trouble::no_such_page(language));
    };
    let context = match case {
        Some(id) => Context::read(signed_in, id).await.map_err(failed)?,
        None => Context::default(),
    };
    let mut typed = Typed(form_urlencoded::parse(query.as_bytes()).into_owned().collect());
    let about = typed.one("about").to_owned();
    typed.0.retain(|(name, _)| name.starts_with('/'));
    typed.suggest("/occurredOn", &signed_in.pages.today().to_string());
    if case.is_none() {
        typed.suggest("/careProvider", &signed_in.person.organisation);
    }
    context.suggest(&mut typed, &kind, &fields, ("", &about));
    context.expand_correction(Document(document), &mut fields, &mut typed, true);
    typed.set("key", &drawn_id());
    typed.set("version", &context.version);
    typed.set("as", &signed_in.person.mark());
    let sheet = Sheet { case, kind, fields, typed };
    Ok(page(signed_in, &sheet, &context, &Outcome::Blank))
}

/// Sends what was typed, and shows what came of it.
async fn report(
    signed_in: &SignedIn,
    case: Option<Uuid>,
    kind: String,
    mut typed: Typed,
) -> Result<HttpResponse, Trouble> {
    let language = signed_in.language;
    let Ok(document) = signed_in.pages.document().await else {
        return Ok(outcome::kept_without_an_answer(signed_in, case, &kind, &typed));
    };
    let Some(mut fields) = Document(document).fields(&kind) else {
        return Err(Trouble::no_such_page(language));
    };
    // A correction has the fields of the fact that it corrects, and that fact is in the case.
    let early = match case {
        Some(id) if fields.iter().any(|field| field.kind == schema::Kind::Fact) => {
            Context::read(signed_in, id).await.ok()
        }
        _ => None,
    };
    if let Some(context) = &early {
        context.expand_correction(Document(document), &mut fields, &mut typed, false);
    }
    let asks_for_more = typed.one("do").starts_with("more:");
    if !asks_for_more {
        typed = typed.without_empty_elements(&fields, "");
    }
    let mut sheet = Sheet { case, kind, fields, typed };
    let outcome = if asks_for_more { Outcome::Blank } else { sheet.send(signed_in).await };
    if let Outcome::Recorded(recorded) = &outcome {
        let done = recorded.events.last().map_or(0, |event| event.sequence);
        return Ok(to(&format!("/cases/{}?done={done}", recorded.trajectory_id)));
    }
    let context = match (early, case) {
        (Some(context), _) => context,
        // Without an answer the form is shown all the same, with what was typed.
        (None, Some(id)) => Context::read(signed_in, id).await.unwrap_or_default(),
        (None, None) => Context::default(),
    };
    let outcome = outcome.with(&context, &mut sheet.typed);
    sheet.typed.set("as", &signed_in.person.mark());
    Ok(page(signed_in, &sheet, &context, &outcome))
}

impl Sheet {
    /// Sends the fact under the key of the form: the same form sent twice is recorded once.
    async fn send(&self, signed_in: &SignedIn) -> Outcome {
        let SignedIn { person, language, pages } = signed_in;
        if self.typed.one("as") != person.mark() {
            return Outcome::OfSomebodyElse;
        }
        let (mut fact, mistakes) = self.typed.object(&self.fields, "", *language);
        if !mistakes.is_empty() {
            return Outcome::Unreadable(mistakes);
        }
        fact.insert("type".to_owned(), self.kind.as_str().into());
        let path = self
            .case
            .map_or_else(|| "v1/trajectories".to_owned(), |id| format!("v1/trajectories/{id}/events"));
        let is_dry_run = self.typed.one("do") == "try";
        let version =
            Some(self.typed.one("version")).filter(|version| self.case.is_some() && !version.is_empty());
        let (body, key) = (&fact.into(), self.typed.one("key"));
        let report = Report { body, key, version, is_dry_run };
        match pages.api.report(person, *language, &path, report).await {
            Ok(recorded) if is_dry_run => Outcome::Tried(recorded),
            Ok(recorded) => Outcome::Recorded(recorded),
            Err(Failure::Refused(problem)) => Outcome::refused(*problem),
            Err(Failure::Unanswered(_)) => Outcome::Unanswered,
        }
    }
}

/// The page of a form.
fn page(signed_in: &SignedIn, sheet: &Sheet, context: &Context, outcome: &Outcome) -> HttpResponse {
    let language = signed_in.language;
    let name = words::fact(&sheet.kind, language);
    let title = format!("{}: {name}", language.of_two("Melden", "Report"));
    let main = main(signed_in, sheet, context, (outcome, &title));
    let status = outcome.status();
    signed_in.show_as(status, &title, Place::Cases, &main)
}

fn main(
    signed_in: &SignedIn,
    sheet: &Sheet,
    context: &Context,
    (outcome, title): (&Outcome, &str),
) -> Markup {
    let language = signed_in.language;
    let text = |dutch, english| language.of_two(dutch, english);
    let mistakes = outcome.mistakes();
    let form = form::Form { kind: &sheet.kind, typed: &sheet.typed, mistakes: &mistakes, context, language };
    html! {
        @if let Some(id) = sheet.case {
            p { a href={ "/cases/" (id) } { (context.case.name(language)) " " span.code { (values::short(&id.to_string())) } } }
        }
        h1 { (title) }
        (outcome.notice(&sheet.fields, language))
        form method="post" action=(address(sheet)) {
            // Enter tries: the first button of a form is pressed, and that must not be another one.
            button hidden tabindex="-1" name="do" value="try" { (text("Eerst proberen", "Try first")) }
            @for name in ["key", "version", "as"] { input type="hidden" name=(name) value=(sheet.typed.one(name)); }
            (form.fields(&sheet.fields, ""))
            p {
                button name="do" value="record" { (text("Vastleggen", "Record")) } " "
                button.plain name="do" value="try" { (text("Eerst proberen", "Try first")) }
            }
            p.sub {
                (text("U meldt namens ", "You report for ")) (words::name_of(&signed_in.person.organisation)) "."
            }
        }
    }
}

fn address(sheet: &Sheet) -> String {
    match sheet.case {
        Some(id) => format!("/cases/{id}/report/{}", sheet.kind),
        None => format!("/new/{}", sheet.kind),
    }
}

/// A status of a problem as the page's own.
fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY)
}

/// The mistakes of a problem with the places that are shown.
fn placed(fields: &[Field], mistake: &Mistake) -> Option<String> {
    form::shown_place(fields, mistake.pointer.as_deref()?)
}

/// The language and the name of a form that is kept.
fn kept_title(language: Language) -> &'static str {
    language.of_two("Nog niet vastgelegd", "Not recorded yet")
}
