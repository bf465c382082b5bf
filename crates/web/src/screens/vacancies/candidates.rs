//! The candidates for a vacant home, with the reasons for and against each.

use std::collections::HashMap;

use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::reasons::{Check, reasons, verdict};
use crate::language::Language;
use crate::screens::whose;
use crate::{days, words};

/// The candidates for one home, in the order of the agreement set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Candidates {
    on: Date,
    order: Vec<String>,
    digest: String,
    items: Vec<Candidate>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    place: u64,
    trajectory_id: String,
    eligibility: String,
    checks: Vec<Check>,
}

/// The clients of the region who seek a home, for their names: the list of candidates has pseudonyms only.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Seekers {
    items: Vec<Seeker>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seeker {
    trajectory_id: String,
    client_name: Option<String>,
    reference: Option<String>,
}

/// The candidates in their order, those who are not eligible at the end.
pub(super) fn ranked(candidates: Option<&Candidates>, seekers: &Seekers, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let Some(candidates) = candidates else {
        return html! {
            h2 { (text("Kandidaten", "Candidates")) }
            p { span.hid { (text("niet voor u", "not for you")) } }
        };
    };
    let seekers: HashMap<_, _> = seekers.items.iter().map(|seeker| (&seeker.trajectory_id, seeker)).collect();
    let client = |id: &String| {
        let seeker = seekers.get(id);
        let name = seeker.and_then(|seeker| seeker.client_name.as_deref());
        whose(id, name, seeker.and_then(|seeker| seeker.reference.as_deref()))
    };
    html! {
        h2 { (text("Kandidaten", "Candidates")) }
        p.sub {
            (text("Gewogen op ", "Weighed on ")) (days::day(candidates.on, language)) ". "
            (text("De volgorde: ", "The order: "))
            @for (at, word) in candidates.order.iter().enumerate() { @if at > 0 { ", " } (words::code(word, language)) }
            ". " (text("Mensen kiezen; wie een ander dan de eerste kiest, zegt waarom.", "People choose; who takes another than the first says why."))
        }
        @if candidates.items.is_empty() { p { (text("Niemand die u kent zoekt nu een woning.", "Nobody whom you know of seeks a home now.")) } }
        ol {
            @for candidate in &candidates.items {
                li value=(candidate.place) {
                    (client(&candidate.trajectory_id)) " "
                    (verdict(&candidate.eligibility, language))
                    (reasons(&candidate.checks, language))
                }
            }
        }
        p.sub { (text("Kenmerk van deze lijst: ", "Digest of this list: ")) span.code { (candidates.digest) } }
    }
}
