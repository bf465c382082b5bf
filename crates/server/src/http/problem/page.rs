//! `/problems/{code}`: pages that explain what a problem means.

use actix_web::http::header::{CONTENT_LANGUAGE, ContentType};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
use omklap_domain::allocation;
use omklap_domain::trajectory::Refusal;

use super::{Fault, Kind, Problem, Rule};
use crate::http::request::language::Language;

/// What a problem means
#[get("/problems/{code}")]
pub(in crate::http) async fn explain(
    code: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
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
    let of_streams = allocation::Refusal::ALL.iter().copied().map(Rule::OfStream);
    let refusals = Refusal::ALL.iter().copied().map(Rule::Refusal).chain(of_streams);
    let rule =
        Fault::ALL.iter().copied().map(Rule::Fault).chain(refusals).find(|rule| rule.code() == code)?;
    let explanation = match rule {
        Rule::OfVera(_) => with_status(Kind::Malformed, language),
        Rule::Refusal(_) | Rule::OfStream(_) => with_status(Kind::NotAdmitted, language),
        Rule::Fault(fault @ (Fault::CitizenServiceNumber | Fault::PossibleCitizenServiceNumber)) => {
            let written = with_status(fault.kind(), language);
            format!("{written}</p>\n<p>{}", about_citizen_service_numbers(language))
        }
        Rule::Fault(fault) => with_status(fault.kind(), language),
    };
    // What the rule knows, such as the most that is allowed, follows in an answer.
    let goes_on = matches!(rule, Rule::Fault(fault) if fault.ends_with_a_limit());
    Some((rule.text(language).to_owned() + if goes_on { " …" } else { "" }, explanation))
}

/// The title of the problem that a rule is a part of, and its status.
fn with_status(kind: Kind, language: Language) -> String {
    format!("{} (HTTP {})", kind.title(language), kind.status())
}

/// What to do about digits that look like a citizen service number (ADR 23).
fn about_citizen_service_numbers(language: Language) -> &'static str {
    language.of_two(
        "This ledger stores no citizen service number (BSN), not even in a free text. Nine digits that pass the eleven test are \
         refused; of all other numbers of nine digits one in eleven passes it by chance. The error names the digits by their \
         characters in the text, counted from 1.</p>\n\
         <p><b>If it is a BSN:</b> leave it out. Name the person by the trajectory, or by the pseudonym of your own \
         organisation.</p>\n\
         <p><b>If it is something else:</b> put the word for it before the number: <code>zaaknummer 123456782</code>, \
         <code>kenmerk 123456782</code>, <code>factuur 123456782</code>, <code>RSIN 123456782</code>, \
         <code>polisnummer 123456782</code>, <code>tel. …</code>, <code>€ …</code>. If no such word fits, write \
         <code>geen BSN: 123456782</code>. Words for people and their files, such as <code>cliënt</code> and \
         <code>dossier</code>, do not count: the number after them is often a BSN. With a word such as <code>BSN</code> or \
         <code>sofinummer</code> near it, a number always counts as one.</p>\n\
         <p>In a code (of a user, a program or an organisation) no such number is accepted, even if it means something else: choose another code.",
        "Dit register slaat geen burgerservicenummer (BSN) op, ook niet in een vrije tekst. Negen cijfers die de elfproef doorstaan \
         worden geweigerd; van alle andere getallen van negen cijfers doorstaat één op de elf die bij toeval. De fout noemt de \
         cijfers bij hun tekens in de tekst, geteld vanaf 1.</p>\n\
         <p><b>Is het een BSN:</b> laat het weg. Duid de persoon aan met het traject, of met het pseudoniem van uw eigen \
         organisatie.</p>\n\
         <p><b>Is het iets anders:</b> zet het woord daarvoor voor het getal: <code>zaaknummer 123456782</code>, \
         <code>kenmerk 123456782</code>, <code>factuur 123456782</code>, <code>RSIN 123456782</code>, \
         <code>polisnummer 123456782</code>, <code>tel. …</code>, <code>€ …</code>. Past er geen woord, schrijf dan \
         <code>geen BSN: 123456782</code>. Woorden voor mensen en hun dossiers, zoals <code>cliënt</code> en \
         <code>dossier</code>, tellen niet: wat daarachter staat is vaak een BSN. Met een woord als <code>BSN</code> of \
         <code>sofinummer</code> in de buurt geldt een getal altijd als een BSN.</p>\n\
         <p>In een code (van een gebruiker, een programma of een organisatie) wordt zo'n getal niet aangenomen, wat het ook betekent: \
         kies een andere code.",
    )
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
            .chain(allocation::Refusal::ALL.iter().map(|refusal| refusal.code()))
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
        let (_, theirs) = meaning("not-theirs", Language::English).expect("a rule");
        assert!(theirs.ends_with("(HTTP 403 Forbidden)"), "{theirs}");
        for (code, status) in
            [("wrong-issuer", 401), ("region-of-others", 403), ("not-registered", 409), ("too-long", 400)]
        {
            let (_, explained) = meaning(code, Language::English).expect("a rule");
            assert!(explained.contains(&format!("(HTTP {status} ")), "{code}: {explained}");
        }
        let (heading, _) = meaning("possible-citizen-service-number", Language::English).expect("a rule");
        assert!(heading.ends_with("They are at the characters …"), "{heading}");
        assert_eq!(meaning("<script>", Language::English), None);
    }
}
