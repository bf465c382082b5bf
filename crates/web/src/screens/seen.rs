//! Who saw a case: the access log in sentences, by day.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;
use crate::{days, words};

#[derive(Debug, Deserialize)]
struct AccessLog {
    items: Vec<Access>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Access {
    at: Timestamp,
    action: String,
    outcome: String,
    #[serde(default)]
    categories: Vec<String>,
    actor: String,
    organisation: String,
    role: String,
    purpose: String,
}

/// Accesses that differ in their time only.
#[derive(Debug)]
struct Group<'a> {
    access: &'a Access,
    times: usize,
}

/// The place in the log.
#[derive(Debug, Deserialize)]
struct From {
    cursor: Option<String>,
}

/// Who saw a case
#[get("/cases/{trajectory}/seen")]
pub async fn show(signed_in: SignedIn, id: Path<Uuid>, from: Query<From>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let mut query = vec![("limit", "500")];
    query.extend(from.cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let path = format!("v1/trajectories/{id}/access-log");
    let log: AccessLog = pages
        .api
        .read(person, *language, &path, &query)
        .await
        .map_err(|failure| Trouble::of(failure, *language))?;
    let main = main(&log, *id, *language);
    Ok(signed_in.show(language.of_two("Wie zag dit dossier", "Who saw this case"), Place::Cases, &main))
}

fn main(log: &AccessLog, id: Uuid, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        p { a href={ "/cases/" (id) } { (text("Naar het traject", "To the case")) } }
        h1 { (text("Wie zag dit dossier", "Who saw this case")) }
        p.sub {
            (text(
                "Wie het las of er iets in meldde, namens wie en waarvoor. Mensen staan er met een schuilnaam die alleen hun eigen organisatie kent.",
                "Who read it or reported in it, for whom and for what. People have a pseudonym that only their own organisation knows.",
            ))
        }
        @if log.items.is_empty() { p { (text("Niemand, voor zover u dat mag zien.", "Nobody, as far as you may see.")) } }
        @for (day, groups) in by_day(&log.items) {
            h2 { (days::day(day, language)) }
            ul { @for group in &groups { li { (sentence(group, language)) } } }
        }
        @if let Some(next) = &log.next {
            p { a href={ "/cases/" (id) "/seen?cursor=" (next) } { (text("Later", "Later")) } }
        }
    }
}

/// The accesses by day; what was done more than once in the same way is one line.
fn by_day(items: &[Access]) -> Vec<(Date, Vec<Group<'_>>)> {
    let mut by_day: Vec<(Date, Vec<Group<'_>>)> = Vec::new();
    for access in items {
        let day = days::of(access.at);
        if by_day.last().is_none_or(|(last, _)| *last != day) {
            by_day.push((day, Vec::new()));
        }
        let Some((_, groups)) = by_day.last_mut() else { continue };
        match groups.iter_mut().find(|group| group.access.is_like(access)) {
            Some(group) => group.times += 1,
            None => groups.push(Group { access, times: 1 }),
        }
    }
    by_day
}

impl Access {
    fn is_like(&self, other: &Self) -> bool {
        let of = |one: &Self| {
            let Self { action, outcome, categories, actor, organisation, role, purpose, .. } = one;
            [action, outcome, &categories.join(" "), actor, organisation, role, purpose].map(String::clone)
        };
        of(self) == of(other)
    }
}

fn sentence(Group { access, times }: &Group<'_>, language: Language) -> Markup {
    let kinds: Vec<_> = access.categories.iter().map(|category| words::code(category, language)).collect();
    html! {
        (days::time(access.at)) " "
        strong { bdi { (access.actor) } } " (" (words::name_of(&access.organisation)) ", " (words::code(&access.role, language)) ") "
        (words::code(&access.action, language))
        @if !kinds.is_empty() { ": " (kinds.join(", ")) }
        @if access.outcome != "given" { "; " (words::code(&access.outcome, language)) }
        (language.of_two("; voor ", "; for ")) (words::code(&access.purpose, language)) "."
        @if *times > 1 { " " span.tag { (times) " " (language.of_two("keer", "times")) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(at: &str, actor: &str) -> Access {
        let [action, outcome, organisation, role, purpose] =
            ["read", "given-in-part", "de-vaart", "guide", "guidance"].map(str::to_owned);
        let (at, actor, categories) =
            (at.parse().expect("an instant"), actor.to_owned(), vec!["course".to_owned()]);
        Access { at, action, outcome, categories, actor, organisation, role, purpose }
    }

    #[test]
    fn what_one_person_did_several_times_on_a_day_is_one_sentence() {
        let log = ["2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z", "2026-03-01T23:30:00Z"];
        let items = log.map(|at| access(at, "u-1"));
        let by_day = by_day(&items);
        assert_eq!(by_day.len(), 2, "half past eleven in UTC is the next day in Amsterdam");
        assert_eq!(by_day[0].1[0].times, 2);
        let shown = sentence(&by_day[0].1[0], Language::Dutch).into_string();
        assert!(
            shown.contains("las het traject: verloop; een deel werd onthouden; voor begeleiding."),
            "{shown}"
        );
    }
}
