//! The screens. Each is a function of answers of the API.

pub mod accessibility;
pub mod case;
pub mod cases;
pub mod eyes;
pub mod factsheet;
pub mod figures;
mod homes;
pub mod partners;
pub mod replay;
pub mod report;
pub mod rounds;
pub mod seekers;
pub mod seen;
pub mod start;
pub mod vacancies;
pub mod verify;
pub mod worklist;

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::fact::Party;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::language::Language;
use crate::{days, values, words};

/// Whether a part of a path is written as the code of a region.
fn is_a_code(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// An obligation that is due, as the API shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Due {
    /// The number of the agreement.
    pub agreement: u8,
    /// The obligation's text, in the language of the page.
    pub text: String,
    /// The responsible parties.
    pub responsible: Vec<Party>,
    /// The due date.
    #[serde(rename = "dueOn")]
    pub on: Option<Date>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// When it started.
    pub started_on: Date,
    /// What it is about, such as a nuisance case.
    pub reference: Option<String>,
    /// The facts that keep it, if the API names them.
    pub kept_by: Option<KeptBy>,
}

/// The facts that keep an obligation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeptBy {
    /// Facts that must all happen.
    pub all: Vec<Keeping>,
    /// Facts; one of these must happen.
    pub any: Vec<Keeping>,
}

/// A fact that helps to keep an obligation.
#[derive(Clone, Debug, Deserialize)]
pub struct Keeping {
    /// The kind of fact.
    #[serde(rename = "type")]
    pub kind: String,
    /// The values that its fields must have.
    #[serde(rename = "where", default)]
    pub conditions: BTreeMap<String, Vec<Value>>,
}

/// The most buttons beside one obligation.
const MOST_BUTTONS: usize = 3;

/// What keeps an obligation, as buttons that open the right form, filled in as far as is known.
fn keeping(due: &Due, case: &str, admitted: impl Fn(&str) -> bool, language: Language) -> Markup {
    let Some(kept_by) = &due.kept_by else {
        return html! { a.button.plain href={ "/cases/" (case) "/report" } { (language.of_two("Melden", "Report")) } };
    };
    let facts: Vec<_> = kept_by.all.iter().chain(&kept_by.any).filter(|fact| admitted(&fact.kind)).collect();
    html! {
        @if facts.is_empty() { span.sub { (language.of_two("niet aan u", "not yours")) } }
        @for fact in facts.iter().take(MOST_BUTTONS) {
            a.button.plain href=(form_for(fact, case, due.reference.as_deref())) { (words::fact(&fact.kind, language)) } " "
        }
        @if facts.len() > MOST_BUTTONS {
            a href={ "/cases/" (case) "/report" } { (language.of_two("meer", "more")) }
        }
    }
}

/// The address of the form of a fact, with what is known of it: ids and codes, never a name.
fn form_for(fact: &Keeping, case: &str, reference: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(about) = reference {
        query.append_pair("about", about);
    }
    for (field, values) in &fact.conditions {
        if let [value] = &values[..] {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query.append_pair(&format!("/{}", field.replace('.', "/")), &value);
        }
    }
    let (query, kind) = (query.finish(), &fact.kind);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/cases/{case}/report/{kind}{mark}{query}")
}

/// Whose case this is: the client's name and the organisation's own number, as far as the API shows
/// them, and the short form of the id, as a link to the case.
fn whose(id: &str, name: Option<&str>, own_number: Option<&str>) -> Markup {
    html! {
        a href={ "/cases/" (id) } {
            @if let Some(name) = name { bdi { (name) } " " }
            span.code { (values::short(id)) }
        }
        @if let Some(number) = own_number { br; span.sub { bdi { (number) } } }
    }
}

/// The cases that a list leaves out, because their record is not what was recorded.
fn altered(ids: &[String], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        @if !ids.is_empty() {
            div.verdict.no role="status" {
                p {
                    (text(
                        "Van deze trajecten is wat is opgeslagen niet wat is vastgelegd. Zij staan niet in de lijst; de beheerder is gewaarschuwd: ",
                        "What is stored of these cases is not what was recorded. They are not in the list; the operator was warned: ",
                    ))
                    @for id in ids { span.code { (values::short(id)) } " " }
                }
            }
        }
    }
}

/// When something is due: the date, and in words how far away it is.
fn due(due: &Due, today: Date, language: Language) -> Markup {
    let Some(on) = due.on else {
        return html! { (language.of_two("geen datum", "no date")) };
    };
    let left = days::between(today, on);
    let (class, words) = match (due.overdue, left) {
        (true, _) if left == -1 => ("tag late", language.of_two("1 dag te laat", "1 day late").to_owned()),
        (true, _) => ("tag late", format!("{} {}", -left, language.of_two("dagen te laat", "days late"))),
        (false, 0) => ("tag soon", language.of_two("vandaag", "today").to_owned()),
        (false, 1) => ("tag soon", language.of_two("morgen", "tomorrow").to_owned()),
        (false, _) => {
            let class = if left <= 14 { "tag soon" } else { "tag" };
            (class, format!("{} {left} {}", language.of_two("over", "in"), language.of_two("dagen", "days")))
        }
    };
    html! {
        (days::day(on, language))
        br;
        span class=(class) { (words) }
    }
}
