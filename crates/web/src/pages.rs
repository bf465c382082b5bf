//! The routes of the page, and what every handler does: know who is signed in, call the API, answer.

use std::fmt;
use std::sync::OnceLock;
use std::time::Instant;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form, FormConfig, PathConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError, get, post};
use jiff::civil::Date;
use maud::html;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::Value;

use crate::api::{Api, Failure};
use crate::assets;
use crate::frame::{Page, Place};
use crate::language::{self, Language};
use crate::own_form::OwnForm;
use crate::screens;
use crate::session::{self, Sessions};
use crate::sign_in::{self, Development, PendingSignIns, SignInWith};

/// The routes of the page, by path and method. All of them are open: who is signed in is decided by
/// the session's cookie, and what is shown by the API.
pub const ROUTES: &[(&str, &str)] = &[
    ("/", "GET"),
    ("/sign-in", "POST"),
    ("/sign-out", "POST"),
    ("/language", "POST"),
    ("/worklist", "GET"),
    ("/cases", "GET"),
    ("/cases/{trajectory}", "GET"),
    ("/cases/{trajectory}/replay", "GET"),
    ("/cases/{trajectory}/file", "GET"),
    ("/seekers", "GET"),
    ("/seekers/{region}", "GET"),
    ("/rounds/{region}", "GET"),
    ("/rounds/{region}/{date}", "GET"),
    ("/vacancies", "GET"),
    ("/vacancies/{vacancy}", "GET"),
    ("/cases/{trajectory}/vacancies", "GET"),
    ("/figures", "GET"),
    ("/figures/{region}", "GET"),
    ("/figures/{region}/factsheet", "GET"),
    ("/verify", "GET"),
    ("/verify/file", "GET"),
    ("/cases/{trajectory}/report", "GET"),
    ("/cases/{trajectory}/report/{kind}", "GET"),
    ("/cases/{trajectory}/report/{kind}", "POST"),
    ("/cases/{trajectory}/seen", "GET"),
    ("/new/{kind}", "GET"),
    ("/new/{kind}", "POST"),
    ("/partners", "GET"),
    ("/toegankelijkheid", "GET"),
    ("/sign-in/with/{program}", "GET"),
    ("/sign-in/return", "GET"),
    ("/assets/omklap.css", "GET"),
    ("/assets/replay.js", "GET"),
    ("/assets/verify.js", "GET"),
];

/// The longest form, in bytes: every text at its longest, in letters that take nine bytes in a form.
const LONGEST_FORM: usize = 1 << 21;

/// Gives today in Europe/Amsterdam.
pub type Today = Box<dyn Fn() -> Date + Send + Sync>;

/// The page of one ledger.
pub struct Pages {
    pub(crate) api: Api,
    pub(crate) sessions: Sessions,
    pub(crate) sign_in: SignInWith,
    pub(crate) pending: PendingSignIns,
    /// For the issuers of organisations.
    pub(crate) http: Client,
    /// The theme of this server: CSS after that of the page.
    pub(crate) theme: String,
    document: OnceLock<Value>,
    /// Today, in Europe/Amsterdam: the page has no clock of its own.
    today: Today,
    /// The address at which browsers reach the page.
    own: Url,
    /// Whether they reach it over HTTPS.
    pub(crate) secure: bool,
}

/// What a page is made of.
pub struct Settings {
    /// The address of the API.
    pub api: Url,
    /// The address at which browsers reach the page.
    pub own: Url,
    /// How people sign in.
    pub sign_in: SignInWith,
    /// CSS that follows the stylesheet: it sets the design tokens of a municipality.
    pub theme: String,
    /// Calls the API and the issuers, with the certificate authorities that are trusted.
    pub http: Client,
    /// Gives today in Europe/Amsterdam.
    pub today: Today,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("own", &self.own).finish_non_exhaustive()
    }
}

impl Pages {
    /// The page with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let Settings { api, own, sign_in, theme, http, today } = settings;
        let (sessions, pending, document) = Default::default();
        let (api, secure) = (Api::at(api, http.clone()), own.scheme() == "https");
        Self { api, sessions, sign_in, pending, http, theme, document, today, own, secure }
    }

    /// The address of a path of this page, for others.
    pub(crate) fn own_url(&self, path: &str) -> String {
        format!("{}{path}", self.own.as_str().trim_end_matches('/'))
    }

    /// The published description of the API; it is read once.
    ///
    /// # Errors
    /// If the API does not answer.
    pub(crate) async fn document(&self) -> Result<&Value, Failure> {
        if let Some(document) = self.document.get() {
            return Ok(document);
        }
        let document = self.api.read_open("v1/openapi.json").await?;
        Ok(self.document.get_or_init(|| document))
    }

    /// Today, in Europe/Amsterdam.
    pub(crate) fn today(&self) -> Date {
        (self.today)()
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

/// Adds the routes of the page.
pub fn routes(app: &mut ServiceConfig) {
    app.app_data(FormConfig::default().limit(LONGEST_FORM))
        .app_data(PathConfig::default().error_handler(|_, request| no_page_at(request)))
        .app_data(QueryConfig::default().error_handler(|_, request| no_page_at(request)))
        .service(start_page)
        .service(sign_in::routes::as_demo_person)
        .service(sign_in::routes::at_issuer)
        .service(sign_in::routes::back_from_issuer)
        .service(sign_in::routes::out)
        .service(choose_language)
        .service(screens::worklist::show)
        .service(screens::cases::show)
        .service(screens::case::show)
        .service(screens::replay::show)
        .service(screens::seekers::choose_region)
        .service(screens::seekers::show)
        .service(screens::rounds::show_all)
        .service(screens::rounds::show)
        .service(screens::vacancies::show_all)
        .service(screens::vacancies::show)
        .service(screens::vacancies::for_client::show)
        .service(screens::figures::choose_region)
        .service(screens::figures::show)
        .service(screens::factsheet::show)
        .service(screens::verify::show)
        .service(screens::verify::page_to_keep)
        .service(screens::verify::case_file)
        .service(assets::replay)
        .service(assets::verify)
        .service(screens::report::choose)
        .service(screens::report::form_in_case)
        .service(screens::report::report_in_case)
        .service(screens::report::form_of_new_case)
        .service(screens::report::report_new_case)
        .service(screens::seen::show)
        .service(screens::partners::show)
        .service(screens::accessibility::show)
        .service(assets::stylesheet);
}

/// The answer to an address whose parts are not written as those of a page.
fn no_page_at(request: &HttpRequest) -> actix_web::Error {
    Trouble::no_such_page(Language::of(request)).into()
}

/// A screen that cannot be shown as asked, with the language in which that is said.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Trouble {
    why: Why,
    language: Language,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("the form was posted from another site")]
    PostedFromElsewhere,
    #[error("there is no such page")]
    NoSuchPage,
    #[error("the server did not take the request")]
    NotTaken(StatusCode),
    #[error(transparent)]
    Failed(Failure),
}

impl Trouble {
    /// The trouble of somebody who is not signed in.
    pub(crate) fn signed_out(language: Language) -> Self {
        Self { why: Why::SignedOut, language }
    }

    /// The trouble of a form of another site.
    pub(crate) fn posted_from_elsewhere(language: Language) -> Self {
        Self { why: Why::PostedFromElsewhere, language }
    }

    /// The trouble of an address that is no page.
    pub(crate) fn no_such_page(language: Language) -> Self {
        Self { why: Why::NoSuchPage, language }
    }

    /// What a person reads whose request did not reach a screen: the server answered it with this status.
    #[must_use]
    pub fn of_status(status: StatusCode, request: &HttpRequest) -> Self {
        let why = match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Why::NoSuchPage,
            other => Why::NotTaken(other),
        };
        Self { why, language: Language::of(request) }
    }

    /// The trouble of a failed call.
    pub(crate) fn of(failure: Failure, language: Language) -> Self {
        let why = if failure.is_signed_out() { Why::SignedOut } else { Why::Failed(failure) };
        Self { why, language }
    }

    fn words(&self) -> (StatusCode, String, String) {
        let text = |dutch: &str, english: &str| self.language.of_two(dutch, english).to_owned();
        let no_answer = text("Het register antwoordt niet", "The ledger does not answer");
        let again = text("Probeer het over een ogenblik opnieuw.", "Try again in a moment.");
        match &self.why {
            Why::SignedOut => (
                StatusCode::SEE_OTHER,
                text("Afgemeld", "Signed out"),
                text("Meld u opnieuw aan.", "Please sign in again."),
            ),
            Why::PostedFromElsewhere => (
                StatusCode::FORBIDDEN,
                text("Niet verstuurd", "Not sent"),
                text("Dit formulier kwam van een andere site.", "This form was sent from another site."),
            ),
            Why::NoSuchPage => (
                StatusCode::NOT_FOUND,
                text("Deze bladzijde is er niet", "There is no such page"),
                text("Ga terug of begin opnieuw.", "Go back or start again."),
            ),
            Why::NotTaken(status) if status.is_client_error() && *status != StatusCode::REQUEST_TIMEOUT => (
                *status,
                text("Dit kon zo niet", "This could not be done so"),
                text(
                    "Er is niets vastgelegd. Ga terug en probeer het opnieuw.",
                    "Nothing was recorded. Go back and try again.",
                ),
            ),
            Why::NotTaken(status) => (*status, no_answer, again),
            Why::Failed(Failure::Refused(problem)) => (
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY),
                problem.title.clone(),
                problem.detail.clone().unwrap_or_default(),
            ),
            Why::Failed(Failure::Unanswered(_)) => (StatusCode::SERVICE_UNAVAILABLE, no_answer, again),
        }
    }
}

impl ResponseError for Trouble {
    fn status_code(&self) -> StatusCode {
        self.words().0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, title, detail) = self.words();
        if matches!(self.why, Why::SignedOut) {
            return to("/");
        }
        let back = self.language.of_two("Naar het begin", "To the start");
        let main = html! {
            h1 { (title) }
            p { (detail) }
            p { a href="/" { (back) } }
        };
        let page = Page {
            title: &title,
            place: Place::Elsewhere,
            language: self.language,
            person: None,
            script: None,
        };
        page.show(status, &main)
    }
}

/// A redirect after a form.
pub fn to(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

/// The start page
#[get("/")]
async fn start_page(request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    let language = Language::of(&request);
    let value = session::value_in(&request, pages.secure);
    let person = value.and_then(|value| pages.sessions.person(&value, Instant::now()));
    let showcase = match &pages.sign_in {
        SignInWith::Development(Development { people, showcase, .. }) => {
            showcase.as_ref().map(|of| (people, of))
        }
        SignInWith::Issuers(_) => None,
    };
    let eyes = if let Some((people, showcase)) = showcase {
        let eyes = screens::eyes::read(&pages, showcase, people, language).await;
        screens::eyes::table(&eyes, language)
    } else {
        html! {}
    };
    let main = screens::start::main(&pages.sign_in, person.as_ref(), &eyes, language);
    let title = language.of_two("Begin", "Start");
    let page = Page { title, place: Place::Elsewhere, language, person: person.as_ref(), script: None };
    page.show(StatusCode::OK, &main)
}

/// The form of the other language.
#[derive(Debug, Deserialize)]
struct LanguageForm {
    language: String,
}

/// Chooses a language, and shows the page again
#[post("/language")]
async fn choose_language(
    request: HttpRequest,
    _own: OwnForm,
    Form(form): Form<LanguageForm>,
) -> HttpResponse {
    let referer = request.headers().get("Referer").and_then(|value| value.to_str().ok());
    let came_from = referer.and_then(|referer| Url::parse(referer).ok());
    let path = came_from.map_or_else(
        || "/".to_owned(),
        |url| {
            let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
            format!("{}{query}", url.path())
        },
    );
    let mut answer = to(if path.starts_with("//") { "/" } else { &path });
    if let Some(language) = Language::named(&form.language) {
        let cookie = Cookie::build(language::COOKIE, language.tag()).path("/").http_only(true).finish();
        answer.add_cookie(&cookie).ok();
    }
    answer
}
