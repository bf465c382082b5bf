//! `/problems/{code}`: what a problem means, for the people who meet it.

use actix_web::http::header::{CONTENT_LANGUAGE, ContentType};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
use omklap_domain::trajectory::Refusal;

use super::language::Language;
use super::problem::{Fault, Kind, Problem, Rule};

/// What a problem means
#[get("/problems/{code}")]
pub(super) async fn explain(code: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let language = Language::of(request.headers());
    let (title, detail) = meaning(&code, language).ok_or(Kind::NoSuchPath)?;
    let tag = language.tag();
    Ok(HttpResponse::Ok().insert_header(ContentType::html()).insert_header((CONTENT_LANGUAGE, tag)).body(format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<meta charset=\"utf-8\">\n<title>{code}</title>\n<h1>{title}</h1>\n\
         <p>{detail}</p>\n<p><code>{code}</code></p>\n</html>\n"
    )))
}

/// Title and explanation. All of it is our own text: nothing of the request goes into the page.
fn meaning(code: &str, language: Language) -> Option<(String, String)> {
    if let Some(kind) = Kind::ALL.iter().find(|kind| kind.code() == code) {
        return Some((
            kind.title(language).to_owned(),
            format!("{} (HTTP {})", kind.detail(language), kind.status()),
        ));
    }
    let refusals = Refusal::ALL.iter().copied().map(Rule::Refusal);
    let rule =
        Fault::ALL.iter().copied().map(Rule::Fault).chain(refusals).find(|rule| rule.code() == code)?;
    let (breaks, written) = (
        language.of_two(
            "A rule of the ledger refuses the fact (HTTP 409).",
            "Een regel van het register weigert het feit (HTTP 409).",
        ),
        language.of_two(
            "The request is not written as agreed (HTTP 400).",
            "Het verzoek is niet geschreven zoals afgesproken (HTTP 400).",
        ),
    );
    let explanation = if matches!(rule, Rule::Refusal(_)) { breaks } else { written };
    Some((rule.text(language).to_owned(), explanation.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_problems_share_a_code() {
        let codes: Vec<_> = Kind::ALL
            .iter()
            .map(|kind| kind.code())
            .chain(Fault::ALL.iter().map(|fault| fault.code()))
            .chain(Refusal::ALL.iter().map(|refusal| refusal.code()))
            .collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    }

    #[test]
    fn every_rule_is_explained_in_both_languages() {
        for refusal in Refusal::ALL {
            let (english, dutch) =
                (meaning(refusal.code(), Language::English), meaning(refusal.code(), Language::Dutch));
            assert_ne!(english.expect("English"), dutch.expect("Dutch"));
        }
        assert_eq!(meaning("<script>", Language::English), None);
    }
}
