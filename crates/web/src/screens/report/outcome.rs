//! What came of a report, in words. What was typed is kept, whatever it is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::context::Context;
use super::schema::Field;
use super::typed::Typed;
use super::{Recorded, kept_title, placed, status};
use crate::api::{Mistake, Problem};
use crate::days;
use crate::frame::{Page, Place};
use crate::language::Language;
use crate::signed_in::SignedIn;
use crate::{values, words};

/// What came of a report.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was sent.
    Blank,
    /// It was recorded.
    Recorded(Recorded),
    /// It was tried: it can be recorded.
    Tried(Recorded),
    /// Something was typed that is no number.
    Unreadable(Vec<Mistake>),
    /// The API refused it.
    Refused(Problem),
    /// Others reported meanwhile: these facts.
    Meanwhile(Vec<(String, Option<Date>)>),
    /// The form did not say which version was seen.
    WithoutVersion,
    /// The API did not answer: it may or may not have been recorded.
    Unanswered,
    /// The session is another person's by now.
    OfSomebodyElse,
}

impl Outcome {
    /// The outcome of a problem.
    pub fn refused(problem: Problem) -> Self {
        match problem.status {
            412 => Self::Meanwhile(Vec::new()),
            428 => Self::WithoutVersion,
            502..=504 => Self::Unanswered,
            _ => Self::Refused(problem),
        }
    }

    /// With what the case says now. The next attempt is made on the version that is shown.
    pub fn with(self, context: &Context, typed: &mut Typed) -> Self {
        match self {
            Self::Meanwhile(_) => {
                let seen = typed.one("version").to_owned();
                let since = context
                    .since(&seen)
                    .into_iter()
                    .map(|entry| (entry.kind().to_owned(), entry.occurred_on()));
                let since = since.collect();
                typed.set("version", &context.version);
                Self::Meanwhile(since)
            }
            Self::WithoutVersion => {
                typed.set("version", &context.version);
                self
            }
            other => other,
        }
    }

    /// The status of the page.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Blank | Self::Recorded(_) | Self::Tried(_) => StatusCode::OK,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Refused(problem) => status(problem.status),
            Self::Meanwhile(_) => StatusCode::PRECONDITION_FAILED,
            Self::WithoutVersion => StatusCode::PRECONDITION_REQUIRED,
            Self::Unanswered => StatusCode::SERVICE_UNAVAILABLE,
            Self::OfSomebodyElse => StatusCode::CONFLICT,
        }
    }

    /// The mistakes to show beside the fields.
    pub fn mistakes(&self) -> Vec<Mistake> {
        match self {
            Self::Unreadable(mistakes) => mistakes.clone(),
            Self::Refused(problem) => problem.errors.clone(),
            _ => Vec::new(),
        }
    }

    /// What is said above the form.
    pub fn notice(&self, fields: &[Field], language: Language) -> Markup {
        let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
        match self {
            Self::Blank | Self::Recorded(_) => html! {},
            Self::Tried(recorded) => tried(recorded, language),
            Self::Unreadable(mistakes) => refusal(None, mistakes, fields, language),
            Self::Refused(problem) => refusal(Some(problem), &problem.errors, fields, language),
            Self::Meanwhile(facts) => meanwhile(facts, language),
            Self::WithoutVersion => alert(
                kept_title(language),
                text(
                    "Het formulier zei niet welke stand u zag. Dat is nu ingevuld: kijk het na en leg het vast.",
                    "The form did not say which state you saw. It does now: check it and record it.",
                ),
            ),
            Self::Unanswered => alert(
                text("Het register antwoordde niet", "The ledger did not answer"),
                text(
                    "Misschien is het al vastgelegd. Druk over een ogenblik opnieuw op Vastleggen: het wordt nooit twee keer vastgelegd.",
                    "It may have been recorded already. Press Record again in a moment: it is never recorded twice.",
                ),
            ),
            Self::OfSomebodyElse => alert(
                text("U bent nu iemand anders", "You are somebody else now"),
                text(
                    "Sinds u dit formulier opende is er iemand anders aangemeld. Er is niets vastgelegd. Leg het alleen vast als het van u is.",
                    "Somebody else has signed in since you opened this form. Nothing was recorded. Record it only if it is yours.",
                ),
            ),
        }
    }
}

fn alert(title: &str, detail: &str) -> Markup {
    html! {
        div.verdict.no role="alert" tabindex="-1" #outcome autofocus { h2 { (title) } p { (detail) } }
    }
}

fn refusal(problem: Option<&Problem>, mistakes: &[Mistake], fields: &[Field], language: Language) -> Markup {
    let more = problem.and_then(|problem| problem.more_errors);
    html! {
        div.verdict.no role="alert" tabindex="-1" #outcome autofocus {
            h2 { (language.of_two("Er is niets vastgelegd", "Nothing was recorded")) }
            @if let Some(problem) = problem {
                p { (problem.title) }
                @if problem.errors.is_empty() && let Some(detail) = &problem.detail { p { (detail) } }
            }
            ul { @for mistake in mistakes { li { (line(mistake, fields, language)) } } }
            @if let Some(more) = more { p { (more) " " (language.of_two("meer", "more")) } }
        }
    }
}

/// A mistake, as a link to its field if that is shown.
fn line(mistake: &Mistake, fields: &[Field], language: Language) -> Markup {
    let Some(place) = placed(fields, mistake) else { return html! { (mistake.detail) } };
    let name = place.rsplit('/').find(|part| part.parse::<u32>().is_err()).unwrap_or_default().to_owned();
    html! { a href={ "#" (place) } { (words::field(&name, language)) ": " (mistake.detail) } }
}

fn tried(recorded: &Recorded, language: Language) -> Markup {
    html! {
        div.verdict role="status" tabindex="-1" #outcome autofocus {
            h2 { (language.of_two("Dit kan worden vastgelegd", "This can be recorded")) }
            p { (language.of_two("Er is nog niets vastgelegd.", "Nothing is recorded yet.")) }
            @if !recorded.became_due.is_empty() {
                p { (language.of_two("Daarna moet er gebeuren:", "Then this is due:")) }
                ul {
                    @for due in &recorded.became_due {
                        li {
                            (due.text) " (" (words::parties(&due.responsible, language)) ")"
                            @if let Some(on) = due.on { ", " (language.of_two("uiterlijk ", "by ")) (days::day(on, language)) }
                        }
                    }
                }
            }
        }
    }
}

fn meanwhile(facts: &[(String, Option<Date>)], language: Language) -> Markup {
    html! {
        div.verdict.no role="alert" tabindex="-1" #outcome autofocus {
            h2 { (language.of_two("Ondertussen meldde iemand anders iets", "Somebody else reported meanwhile")) }
            p {
                (language.of_two(
                    "Er is niets vastgelegd en wat u typte staat er nog. Dit kwam erbij:",
                    "Nothing was recorded, and what you typed is still here. This was added:",
                ))
            }
            ul {
                @for (kind, on) in facts {
                    li {
                        @if kind.is_empty() { span.hid { (language.of_two("een feit dat niet voor u is", "a fact that is not for you")) } }
                        @else { (words::fact(kind, language)) }
                        @if let Some(on) = on { ", " (days::day(*on, language)) }
                    }
                }
            }
            p { (language.of_two("Klopt uw melding nog? Leg haar dan opnieuw vast.", "Is your report still right? Then record it again.")) }
        }
    }
}

/// The typed fields, to be sent again as they are.
fn kept_form(action: &str, typed: &Typed, language: Language) -> Markup {
    let shown = typed.0.iter().filter(|(name, value)| name.starts_with('/') && !value.is_empty());
    html! {
        form method="post" action=(action) {
            @for (name, value) in &typed.0 { input type="hidden" name=(name) value=(value); }
            p { button { (language.of_two("Verder", "Go on")) } }
        }
        h2 { (language.of_two("Wat u typte", "What you typed")) }
        dl {
            @for (name, value) in shown {
                @let field = name.rsplit('/').find(|part| part.parse::<u32>().is_err()).unwrap_or_default();
                dt { (words::field(field, language)) }
                dd { (values::value(field, &Value::from(value.as_str()), language)) }
            }
        }
    }
}

/// What is shown if the session has ended while a form was filled in.
pub fn kept_while_signed_out(request: &HttpRequest, typed: &Typed) -> HttpResponse {
    let language = Language::of(request);
    let main = html! {
        h1 { (kept_title(language)) }
        p role="alert" {
            (language.of_two(
                "U bent afgemeld. Meld u in een ander tabblad aan en ga hier verder: wat u typte blijft staan.",
                "You are signed out. Sign in in another tab and go on here: what you typed is kept.",
            ))
        }
        p { a.button.plain href="/" target="_blank" rel="noopener" { (language.of_two("Aanmelden in een ander tabblad", "Sign in in another tab")) } }
        (kept_form(request.path(), typed, language))
    };
    let (title, place) = (kept_title(language), Place::Elsewhere);
    Page { title, place, language, person: None, script: None }.show(StatusCode::UNAUTHORIZED, &main)
}

/// What is shown if not even the form can be made because the API does not answer.
pub fn kept_without_an_answer(
    signed_in: &SignedIn,
    case: Option<Uuid>,
    kind: &str,
    typed: &Typed,
) -> HttpResponse {
    let language = signed_in.language;
    let action = case.map_or_else(|| format!("/new/{kind}"), |id| format!("/cases/{id}/report/{kind}"));
    let main = html! {
        h1 { (kept_title(language)) }
        (Outcome::Unanswered.notice(&[], language))
        (kept_form(&action, typed, language))
    };
    signed_in.show_as(StatusCode::SERVICE_UNAVAILABLE, kept_title(language), Place::Cases, &main)
}
