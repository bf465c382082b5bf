//! A request of a person who is signed in, with a token that is not about to end.

use std::pin::Pin;
use std::time::Instant;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use maud::Markup;

use crate::frame::{Page, Place};
use crate::language::Language;
use crate::pages::{Pages, Trouble};
use crate::session::{self, Person};
use crate::sign_in::{Issued, NotRenewed};

/// A request of a person who is signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// The person.
    pub person: Person,
    /// The language of the page.
    pub language: Language,
    /// The page.
    pub pages: Data<Pages>,
}

impl SignedIn {
    /// Shows a screen.
    pub fn show(&self, title: &str, place: Place, main: &Markup) -> HttpResponse {
        self.show_as(StatusCode::OK, title, place, main)
    }

    /// Shows a screen with another status.
    pub fn show_as(&self, status: StatusCode, title: &str, place: Place, main: &Markup) -> HttpResponse {
        let (language, person) = (self.language, Some(&self.person));
        Page { title, place, language, person, script: None }.show(status, main)
    }
}

impl FromRequest for SignedIn {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Trouble>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let language = Language::of(request);
        let pages = request.app_data::<Data<Pages>>().cloned();
        let value = pages.as_ref().and_then(|pages| session::value_in(request, pages.secure));
        Box::pin(async move {
            let person = match (&pages, value) {
                (Some(pages), Some(value)) => pages.person(&value).await,
                _ => None,
            };
            let signed_in = person.zip(pages).map(|(person, pages)| Self { person, language, pages });
            signed_in.ok_or_else(|| Trouble::signed_out(language))
        })
    }
}

impl Pages {
    /// The person of a session, with a token that is not about to end; none if the session has ended
    /// here or at the issuer.
    async fn person(&self, session: &str) -> Option<Person> {
        let renewal = self.sessions.renewal(session, Instant::now())?;
        let mut renewal = renewal.lock().await;
        if let Some(due) = renewal.as_ref().filter(|renewal| renewal.is_due(Instant::now())) {
            match self.renewed(due).await {
                Ok(Issued { token, renewal: next }) => {
                    self.sessions.renew(session, token);
                    *renewal = next;
                }
                Err(NotRenewed::SignedOut) => self.sessions.end(session),
                Err(NotRenewed::Unanswered) => {}
            }
        }
        self.sessions.person(session, Instant::now())
    }
}
