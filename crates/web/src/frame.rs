//! What is around every screen: the head, the menu, who is signed in, the language.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, ContentType, REFERRER_POLICY,
};
use maud::{DOCTYPE, Markup, html};
use omklap_domain::visibility::Role;

use crate::language::Language;
use crate::session::Person;
use crate::words;

/// Nothing is loaded from elsewhere, nothing inline runs, and no other page frames this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'";

/// A screen of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not in the menu.
    Elsewhere,
    /// The worklist.
    Worklist,
    /// The list of cases.
    Cases,
    /// Who seeks a home, and the vacant homes.
    Seekers,
    /// The figures of a region.
    Figures,
    /// The verification of a case file.
    Verify,
}

/// One page.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its title. It is kept in the browser's history: no name of a person is in it.
    pub title: &'a str,
    /// Where it is in the menu.
    pub place: Place,
    /// Its language.
    pub language: Language,
    /// Who is signed in.
    pub person: Option<&'a Person>,
    /// A module that the page uses but does not need.
    pub script: Option<&'static str>,
}

impl Page<'_> {
    /// The whole page around its main part, as a response.
    pub fn show(&self, status: StatusCode, main: &Markup) -> HttpResponse {
        HttpResponse::build(status)
            .insert_header(ContentType::html())
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((CACHE_CONTROL, "no-store"))
            // Only to this page itself: the button of the other language returns to the same screen.
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header((CONTENT_LANGUAGE, self.language.tag()))
            .body(self.whole(main).into_string())
    }

    fn whole(&self, main: &Markup) -> Markup {
        let to_main = self.language.of_two("Naar de inhoud", "Skip to the content");
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1";
                    title { (self.title) " · omklap" }
                    link rel="stylesheet" href="/assets/omklap.css";
                    link rel="icon" href="data:,";
                    @if let Some(script) = self.script { script type="module" src=(script) {} }
                }
                body {
                    a.skip href="#content" { (to_main) }
                    (self.top())
                    main #content tabindex="-1" { (main) }
                }
            }
        }
    }

    fn top(&self) -> Markup {
        let text = |dutch, english| self.language.of_two(dutch, english);
        let places = [
            (Place::Worklist, "/worklist", text("Werklijst", "Worklist")),
            (Place::Cases, "/cases", text("Trajecten", "Cases")),
            (Place::Seekers, "/seekers", text("Woningzoekers", "Seekers")),
            (Place::Figures, "/figures", text("Cijfers", "Figures")),
            (Place::Verify, "/verify", text("Controle", "Verification")),
        ];
        let (other, tag) = self.language.of_two(("English", "en"), ("Nederlands", "nl"));
        html! {
            header.top {
                b { a href="/" { "omklap" } }
                // Without a person there is nothing to go to.
                @if self.person.is_some() {
                    nav aria-label=(text("Hoofdmenu", "Main menu")) {
                        ul {
                            @for (place, href, name) in places {
                                li { a href=(href) aria-current=[(place == self.place).then_some("page")] { (name) } }
                            }
                        }
                    }
                }
                @if let Some(person) = self.person { span.who { (who(person, self.language)) } }
                form method="post" action="/language" {
                    button.link name="language" value=(tag) lang=(tag) { (other) }
                }
                @if self.person.is_some() {
                    form method="post" action="/sign-out" { button.link { (text("Afmelden", "Sign out")) } }
                }
            }
        }
    }
}

/// A person as the page addresses them: the role and the organisation.
fn who(person: &Person, language: Language) -> String {
    let role = Role::named(&person.role).map_or(person.role.as_str(), |role| words::role(role, language));
    format!("{} · {role} · {}", person.name, words::name_of(&person.organisation))
}
