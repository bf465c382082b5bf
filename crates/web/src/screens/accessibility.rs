//! The accessibility statement.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get};
use maud::html;

use crate::frame::{Page, Place};
use crate::language::Language;

/// The accessibility statement
#[get("/toegankelijkheid")]
pub async fn show(request: HttpRequest) -> HttpResponse {
    let language = Language::of(&request);
    let text = |dutch, english| language.of_two(dutch, english);
    let title = text("Toegankelijkheid", "Accessibility");
    let main = html! {
        h1 { (title) }
        p {
            (text(
                "Deze pagina's zijn gemaakt om te voldoen aan WCAG 2.2, niveau AA (EN 301 549). Dat is met een \
                 programma nagegaan; een onafhankelijk onderzoek is er nog niet.",
                "These pages are made to meet WCAG 2.2, level AA (EN 301 549). A program checks that; there is no \
                 independent audit yet.",
            ))
        }
        h2 { (text("Wat u mag verwachten", "What you may expect")) }
        ul {
            li { (text("Alles werkt met alleen een toetsenbord en zonder JavaScript.", "Everything works with a keyboard only and without JavaScript.")) }
            li { (text("Niets wordt alleen met kleur gezegd.", "Nothing is said by colour alone.")) }
            li { (text("De tekst past op een smal scherm en bij 200 % vergroting.", "The text fits a narrow screen and 200 % enlargement.")) }
            li { (text("Een fout in een formulier staat bovenaan en bij het veld, en wat u typte blijft staan.", "A mistake in a form is named at the top and at the field, and what you typed is kept.")) }
        }
        h2 { (text("Wat nog niet goed is", "What is not good yet")) }
        ul {
            li { (text("Teksten die mensen typen hebben geen taalaanduiding.", "Texts that people type have no language mark.")) }
            li { (text("Een datumveld volgt de taal van uw browser; daarom staat de gekozen dag er in woorden bij.", "A date field follows the language of your browser; so the chosen day is repeated in words.")) }
        }
        p {
            (text(
                "Loopt u ergens tegenaan? Zeg het tegen de organisatie waar u werkt of die u begeleidt. Zij geeft het door aan wie omklap beheert.",
                "Does something stop you? Tell the organisation where you work or that guides you. It passes it on to the operator of omklap.",
            ))
        }
    };
    Page { title, place: Place::Elsewhere, language, person: None, script: None }.show(StatusCode::OK, &main)
}
