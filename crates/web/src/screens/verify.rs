//! Verifying a case file in the browser. The file goes nowhere: the page has the check as a module,
//! and can be kept as one file that runs from disk.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::assets::{STYLESHEET, VERIFY, VERIFY_WORDS};
use crate::frame::{Page, Place};
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;

/// The verification of a case file. It is open to everybody: it reads nothing of the ledger
#[get("/verify")]
pub async fn show(request: HttpRequest, signed_in: Result<SignedIn, Trouble>) -> HttpResponse {
    let language = Language::of(&request);
    let person = signed_in.ok().map(|signed_in| signed_in.person);
    let page = Page {
        title: title(language),
        place: Place::Verify,
        language,
        person: person.as_ref(),
        script: Some("/assets/verify.js"),
    };
    page.show(StatusCode::OK, &main(language, true))
}

/// The verification as one file to keep
#[get("/verify/file")]
pub async fn page_to_keep(request: HttpRequest) -> HttpResponse {
    let language = Language::of(&request);
    let name = language.of_two("omklap-controle.html", "omklap-verification.html");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(alone(language).into_string())
}

/// A case as a file to verify
#[get("/cases/{trajectory}/file")]
pub async fn case_file(signed_in: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read_file(person, *language, &format!("v1/trajectories/{id}/case-file")).await;
    let content = read.map_err(|failure| Trouble::of(failure, *language))?;
    let name = format!("attachment; filename=\"omklap-{id}.json\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(content))
}

fn title(language: Language) -> &'static str {
    language.of_two("Een dossierbestand controleren", "Verify a case file")
}

fn main(language: Language, is_served: bool) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h1 { (title(language)) }
        p { (text(
            "De controle gebeurt in uw browser. Het bestand verlaat uw computer niet.",
            "The check is done in your browser. The file does not leave your computer.",
        )) }
        div.field {
            label for="file" { (text("Dossierbestand of verklaring van vernietiging", "Case file or certificate of destruction")) }
            input #file type="file" accept=".json,application/json";
        }
        div.field {
            label for="keys" {
                (text("Openbare sleutels van het register, elk op een regel (mag leeg blijven)", "Public keys of the ledger, one a line (may be left empty)"))
                span.hint { (text(
                    "Haal de sleutel waar de beheerder haar bekendmaakt, niet uit het bestand. Zonder sleutel blijkt alleen dat het bestand met zichzelf klopt.",
                    "Get the key where the operator publishes it, not from the file. Without a key the check only shows that the file agrees with itself.",
                )) }
            }
            textarea.mono #keys spellcheck="false" autocomplete="off" {}
        }
        p { button #check type="button" disabled { (text("Controleren", "Verify")) } }
        noscript { p.tag.soon { (text(
            "De controle op deze pagina heeft JavaScript nodig. Het programma omklap-verify doet hetzelfde zonder browser.",
            "The check on this page needs JavaScript. The program omklap-verify does the same without a browser.",
        )) } }
        div #verdict role="status" {}
        script #words type="application/json" { (PreEscaped(words(language))) }
        (what_it_means(language, is_served))
    }
}

/// The words of the module in one language. JSON that holds no `<`.
fn words(language: Language) -> String {
    let mut lists: Words = serde_json::from_str(VERIFY_WORDS).expect("a test reads it");
    let one = lists.iter_mut().map(|(list, words)| {
        let words = std::mem::take(words).into_iter();
        let words = words.map(|(name, [dutch, english])| (name, language.of_two(dutch, english)));
        (list, words.collect::<BTreeMap<_, _>>())
    });
    json!(one.collect::<BTreeMap<_, _>>()).to_string().replace('<', "\\u003c")
}

/// The words by list and name, each in Dutch and in English.
type Words = BTreeMap<String, BTreeMap<String, [String; 2]>>;

fn what_it_means(language: Language, is_served: bool) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h2 { (text("Wat de uitslag zegt", "What the verdict says")) }
        ul {
            li { (text("Zoals vastgelegd: geen feit en geen tekst is veranderd, weggelaten of verplaatst, en het register met deze sleutel heeft het ondertekend.", "As recorded: no event and no text was changed, left out or moved, and the ledger with this key signed it.")) }
            li { (text("De uitslag zegt niet dat waar is wat mensen vastlegden, en niet dat er later niets bij kwam.", "The verdict does not say that what people reported is true, nor that nothing was added later.")) }
            li { (text("Gewiste teksten en feiten die niet voor de houder zijn, worden apart geteld.", "Erased texts and events that are not for the holder are counted apart.")) }
        }
        @if is_served {
            p { (text(
                "Deze pagina komt van het register dat u controleert. Bewaar haar, of neem haar van een ander: als bestand werkt zij ook zonder verbinding.",
                "This page comes from the ledger that you check. Keep it, or get it from somebody else: as a file it works without a connection.",
            )) }
            p { a.button.plain href="/verify/file" download { (text("Bewaar deze pagina als bestand", "Keep this page as a file")) } }
        }
    }
}

/// The whole page in one file. Its policy admits its own style and script by their hashes, and no
/// connection to anywhere.
fn alone(language: Language) -> Markup {
    let [style, script] = [STYLESHEET, VERIFY].map(|content| STANDARD.encode(Sha256::digest(content)));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title(language)) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLESHEET)) }
            }
            body {
                main #content { (main(language, false)) }
                script type="module" { (PreEscaped(VERIFY)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_to_keep_loads_nothing_and_ends_no_element_early() {
        for language in [Language::Dutch, Language::English] {
            let page = alone(language).into_string();
            assert!(!page.contains(" src=") && !page.contains("href=\"/") && !page.contains("http:"));
            // The words and the module.
            assert_eq!(page.matches("</script>").count(), 2);
            assert_eq!(page.matches("</style>").count(), 1);
        }
    }

    #[test]
    fn the_check_has_its_words_in_both_languages_and_no_word_too_many() {
        let words: Words = serde_json::from_str(VERIFY_WORDS).expect("lists of pairs");
        for (name, [dutch, english]) in words.values().flatten() {
            assert!(!dutch.is_empty() && !english.is_empty(), "{name}");
        }
        let quoted: Vec<&str> = VERIFY.split('\'').collect();
        for name in words["wrong"].keys() {
            assert!(quoted.contains(&name.as_str()), "nothing says {name}");
        }
        let named =
            VERIFY.split("must(").skip(1).filter_map(|call| call.split(");\n").next()).filter_map(name_in);
        for name in named {
            assert!(words["wrong"].contains_key(name), "{name} has no words");
        }
    }

    /// What is wrong in `must(holds, place, 'what', about)`, if it is written out.
    fn name_in(call: &str) -> Option<&str> {
        let last = call.split(", '").nth(1)?.split('\'').next()?;
        let is_place = [
            "file",
            "head",
            "seal",
            "texts",
            "erased",
            "checkpoint",
            "event 1",
            "events",
            "version",
            "phase",
            "format",
            "exportedAt",
            "trajectoryId",
            "publicKeys",
            "public key",
        ];
        if !is_place.contains(&last) {
            return Some(last).filter(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic()));
        }
        call.split(", '").nth(2)?.split('\'').next()
    }
}
