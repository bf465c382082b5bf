//! The screens. Each is a function of answers of the API.

pub mod case;
pub mod cases;
pub mod figures;
pub mod replay;
pub mod start;
pub mod verify;
pub mod worklist;

use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::fact::Party;
use serde::Deserialize;

use crate::days;
use crate::language::Language;

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
