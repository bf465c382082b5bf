//! The routes of signing in and out.

use std::time::Instant;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

use super::issuer::IssuerFault;
use super::{Program, Renewal, SignInWith};
use crate::frame::{Page, Place};
use crate::language::Language;
use crate::own_form::OwnForm;
use crate::pages::{Pages, Trouble, to};
use crate::session::{self, Person};

/// Where the issuer sends the browser back to.
const RETURN: &str = "/sign-in/return";

/// The form of one click: the number of a person of the demo, and the case to open.
#[derive(Debug, Deserialize)]
struct SignInForm {
    person: usize,
    case: Option<Uuid>,
}

/// Signs in as a person of the demo
#[post("/sign-in")]
pub async fn as_demo_person(
    request: HttpRequest,
    pages: Data<Pages>,
    _own: OwnForm,
    Form(form): Form<SignInForm>,
) -> Result<HttpResponse, Trouble> {
    let language = Language::of(&request);
    let SignInWith::Development(demo) = &pages.sign_in else { return Err(Trouble::no_such_page(language)) };
    let Some(person) = demo.people.get(form.person) else { return Ok(to("/")) };
    let signed_in = person.sign_in(&pages.api, form.person).await;
    let signed_in = signed_in.map_err(|failure| Trouble::of(failure, language))?;
    let case = person.trajectory.clone().or(form.case.map(|case| case.to_string()));
    Ok(begin(&request, &pages, signed_in, case))
}

/// Begins a session and shows the first screen: the case that was asked for, or the worklist. A session
/// that this browser had ends.
fn begin(
    request: &HttpRequest,
    pages: &Pages,
    (person, renewal): (Person, Option<Renewal>),
    case: Option<String>,
) -> HttpResponse {
    if let Some(value) = session::value_in(request, pages.secure) {
        pages.sessions.end(&value);
    }
    let value = pages.sessions.begin(person, renewal, Instant::now());
    let mut answer = to(&case.map_or_else(|| "/worklist".to_owned(), |id| format!("/cases/{id}")));
    // A cookie of ASCII letters is always one of a header.
    answer.add_cookie(&session::cookie(value, pages.secure)).ok();
    answer
}

/// The cookie of a sign-in that has begun.
fn cookie(value: String, secure: bool) -> Cookie<'static> {
    let name = if secure { "__Host-omklap-sign-in" } else { "omklap-sign-in" };
    Cookie::build(name, value).path("/").http_only(true).secure(secure).same_site(SameSite::Lax).finish()
}

fn program<'a>(pages: &'a Pages, key: &str) -> Option<&'a Program> {
    let SignInWith::Issuers(programs) = &pages.sign_in else { return None };
    programs.iter().find(|program| program.key == key)
}

/// Sends the browser to the issuer of an organisation. A link and no form: a browser would not follow a
/// form from here to another site.
#[get("/sign-in/with/{program}")]
pub async fn at_issuer(
    request: HttpRequest,
    pages: Data<Pages>,
    key: Path<String>,
) -> Result<HttpResponse, Trouble> {
    let language = Language::of(&request);
    let Some(program) = program(&pages, &key) else { return Err(Trouble::no_such_page(language)) };
    let (state, begun) = pages.pending.begin(&program.key, Instant::now());
    let url = match program.endpoints(&pages.http).await {
        Ok(endpoints) => program.authorization(&endpoints, (&state, &begun), &pages.own_url(RETURN)),
        Err(fault) => Err(fault),
    };
    match url {
        Ok(url) => {
            let mut answer = to(url.as_str());
            answer.add_cookie(&cookie(begun.browser, pages.secure)).ok();
            Ok(answer)
        }
        Err(fault) => Ok(failed(&Fault::Issuer(fault), language)),
    }
}

/// What the issuer sends back (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Returned {
    code: Option<String>,
    state: String,
    error: Option<String>,
    iss: Option<String>,
}

/// Takes the browser back from the issuer
#[get("/sign-in/return")]
pub async fn back_from_issuer(
    request: HttpRequest,
    pages: Data<Pages>,
    Query(returned): Query<Returned>,
) -> HttpResponse {
    let language = Language::of(&request);
    let mut answer = match person(&request, &pages, &returned).await {
        Ok((person, renewal, case)) => begin(&request, &pages, (person, renewal), case),
        Err(fault) => failed(&fault, language),
    };
    answer.add_removal_cookie(&cookie(String::new(), pages.secure)).ok();
    answer
}

/// Why the browser came back without a person.
#[derive(Debug)]
enum Fault {
    /// The sign-in did not begin in this browser, took too long, or came back before.
    NotBegunHere,
    /// The person stopped, or the issuer refused.
    Declined,
    /// The issuer failed.
    Issuer(IssuerFault),
}

async fn person(
    request: &HttpRequest,
    pages: &Pages,
    returned: &Returned,
) -> Result<(Person, Option<Renewal>, Option<String>), Fault> {
    let browser = request.cookie(cookie(String::new(), pages.secure).name());
    let browser = browser.as_ref().map(Cookie::value);
    let begun = pages.pending.take(&returned.state, browser, Instant::now()).ok_or(Fault::NotBegunHere)?;
    let program = program(pages, &begun.program).ok_or(Fault::NotBegunHere)?;
    if returned.iss.as_ref().is_some_and(|issuer| *issuer != program.issuer) {
        return Err(Fault::Issuer(IssuerFault::NotForThisSignIn));
    }
    if let Some(error) = &returned.error {
        tracing::info!(%error, program = program.key, "an issuer did not sign somebody in");
        return Err(Fault::Declined);
    }
    let code = returned.code.as_deref().ok_or(Fault::Declined)?;
    program.person(&pages.http, (code, &begun), &pages.own_url(RETURN)).await.map_err(Fault::Issuer)
}

fn failed(fault: &Fault, language: Language) -> HttpResponse {
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    let (status, detail) = match fault {
        Fault::NotBegunHere => (
            StatusCode::BAD_REQUEST,
            text(
                "Deze aanmelding begon niet in deze browser, duurde te lang of is al gebruikt.",
                "This sign-in did not begin in this browser, took too long, or was used before.",
            ),
        ),
        Fault::Declined => (
            StatusCode::FORBIDDEN,
            text("Uw organisatie meldde u niet aan.", "Your organisation did not sign you in."),
        ),
        Fault::Issuer(fault) => {
            tracing::warn!(%fault, "a sign-in at an issuer failed");
            match fault {
                IssuerFault::Unanswered(_) | IssuerFault::Misdescribed => (
                    StatusCode::BAD_GATEWAY,
                    text(
                        "De aanmeldserver van uw organisatie antwoordt niet goed.",
                        "The sign-in server of your organisation does not answer properly.",
                    ),
                ),
                IssuerFault::Refused | IssuerFault::NotForThisSignIn => (
                    StatusCode::FORBIDDEN,
                    text(
                        "Deze aanmelding is al gebruikt of hoort niet bij deze pagina.",
                        "This sign-in was used before or does not belong to this page.",
                    ),
                ),
            }
        }
    };
    let title = text("Niet aangemeld", "Not signed in");
    let main = html! {
        h1 { (title) }
        p role="alert" { (detail) }
        p { a.button href="/" { (text("Opnieuw aanmelden", "Sign in again")) } }
    };
    Page { title, place: Place::Elsewhere, language, person: None, script: None }.show(status, &main)
}

/// Signs out
#[post("/sign-out")]
pub async fn out(request: HttpRequest, pages: Data<Pages>, _own: OwnForm) -> HttpResponse {
    if let Some(value) = session::value_in(&request, pages.secure) {
        pages.sessions.end(&value);
    }
    let mut answer = to("/");
    answer.add_removal_cookie(&session::cookie(String::new(), pages.secure)).ok();
    answer
}
