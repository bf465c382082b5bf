//! The figures as the API answers them. A count that is absent is hidden: never zero.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use crate::language::Language;

/// The figures of one year.
#[derive(Debug)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Its figures.
    pub figures: Figures,
}

/// The figures of a region over a period.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// The day that they apply to.
    pub on: Date,
    /// The figures with their parts.
    #[serde(rename = "figures")]
    pub shares: Vec<Share>,
    /// From readiness to the first offer, if enough were counted.
    pub days_to_offer: Option<Waiting>,
    /// From readiness to the keys, if enough were counted.
    pub days_to_keys: Option<Waiting>,
    /// Homes offered and let.
    pub homes: Homes,
    /// Where the homes are.
    pub spread: Option<Spread>,
    /// How the agreements were kept.
    pub agreements: Vec<Agreement>,
    /// The open nuisance cases by level.
    pub nuisance: Vec<Nuisance>,
}

/// A count; None if it is hidden.
pub type Count = Option<u32>;

/// Some of a whole.
#[derive(Debug, Deserialize)]
pub struct Share {
    /// What it counts.
    pub title: String,
    /// The part.
    pub counted: Count,
    /// The whole.
    pub of: Count,
    /// The unknown.
    pub unknown: Count,
    /// The others, by what became of them.
    #[serde(default)]
    pub others: BTreeMap<String, Count>,
    /// Those who died, who are not in the whole.
    pub deceased: Count,
}

/// How many days something took.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Waiting {
    /// Half took no longer.
    pub median: u32,
    /// Of five, four took no longer.
    pub percentile80: u32,
    /// Of twenty, nineteen took no longer.
    pub percentile95: u32,
}

/// Homes offered and let.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Homes {
    /// Offered.
    pub offered: Count,
    /// Handed over.
    pub r#let: Count,
    /// How many a year are planned; none if there is no plan.
    pub target_a_year: Option<u32>,
}

/// Where the homes are.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// By municipality.
    #[serde(default)]
    pub municipalities: BTreeMap<String, u32>,
    /// In the others together.
    pub other_municipalities: Count,
}

/// How one agreement was kept.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: String,
    /// In time.
    pub kept: Count,
    /// Late.
    pub late: Count,
    /// Not.
    pub overdue: Count,
    /// Set aside.
    pub set_aside: Count,
    /// Still open.
    pub due: Count,
}

/// The open nuisance cases of a level.
#[derive(Debug, Deserialize)]
pub struct Nuisance {
    /// The level.
    pub level: u8,
    /// How many.
    pub open: Count,
}

/// A count in words: a hidden one says that it is not shown.
pub fn count(count: Count, language: Language) -> Markup {
    html! {
        @match count {
            Some(count) => { (count) }
            None => { span.hid { (not_shown(language)) } }
        }
    }
}

/// The words for a hidden count.
pub fn not_shown(language: Language) -> &'static str {
    language.of_two("niet verteld", "not shown")
}
