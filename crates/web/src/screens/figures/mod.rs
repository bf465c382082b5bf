//! The figures of a region: "n of m" with the unknown hatched, over five years, each drawing with its
//! numbers beside it.

mod bars;
mod beside;
mod body;
mod tables;

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

pub(super) use self::bars::hatch;
pub(super) use self::beside::{Number, Row, drawn};
pub(super) use self::body::{Count, count};
use self::body::{Figures, Year};
pub(super) use self::tables::table;
use super::is_a_code;
use crate::days;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{Trouble, to};
use crate::signed_in::SignedIn;
use crate::words;

/// How many years are shown beside each other.
const YEARS: i16 = 5;
/// The first year that can be chosen.
const FIRST: i16 = 1990;

#[derive(Debug, Deserialize)]
struct Cases {
    items: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    region: Option<String>,
}

/// The figures of some years, the earliest first.
#[derive(Debug, Deserialize)]
struct Series {
    items: Vec<Figures>,
}

#[derive(Debug, Default, Deserialize)]
struct FiguresParams {
    year: Option<i16>,
}

/// The regions of the cases that a person sees; straight to the figures if there is one
#[get("/figures")]
pub async fn choose_region(signed_in: SignedIn) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read(person, *language, "v1/trajectories", &[("limit", "500")]).await;
    let cases: Cases = read.map_err(|failure| Trouble::of(failure, *language))?;
    let mut regions: Vec<String> = cases.items.into_iter().filter_map(|case| case.region).collect();
    regions.sort();
    regions.dedup();
    if let [only] = regions.as_slice() {
        return Ok(to(&format!("/figures/{only}")));
    }
    Ok(signed_in.show(language.of_two("Cijfers", "Figures"), Place::Figures, &choose(&regions, *language)))
}

fn choose(regions: &[String], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h1 { (text("Cijfers", "Figures")) }
        @if regions.is_empty() {
            p { (text("U ziet nog geen trajecten, dus ook geen regio.", "You see no cases yet, and so no region.")) }
        } @else {
            p { (text("Van welke regio?", "Of which region?")) }
            ul { @for region in regions { li { a href={ "/figures/" (region) } { (words::name_of(region)) } } } }
        }
    }
}

/// The figures of a region
#[get("/figures/{region}")]
pub async fn show(
    signed_in: SignedIn,
    region: Path<String>,
    params: Option<Query<FiguresParams>>,
) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let last = pages.today().year() - 1;
    let year = params.and_then(|params| params.year).unwrap_or(last).clamp(FIRST, last);
    if !is_a_code(&region) {
        return Ok(to("/figures"));
    }
    let path = format!("v1/regions/{region}/figures/years");
    let (from, to) = ((year - YEARS + 1).to_string(), year.to_string());
    let query = [("fromYear", from.as_str()), ("toYear", to.as_str())];
    let read = pages.api.read(person, *language, &path, &query).await;
    let series: Series = read.map_err(|failure| Trouble::of(failure, *language))?;
    let years = (year - YEARS + 1..).zip(series.items).map(|(year, figures)| Year { year, figures });
    let mut years: Vec<_> = years.collect();
    years.reverse();
    let title = format!("{} {}", words::name_of(&region), language.of_two("in cijfers", "in figures"));
    let main = main(&region, &years, (last, pages.today()), *language);
    Ok(signed_in.show(&title, Place::Figures, &main))
}

/// The whole screen; the year that was chosen comes first in `years`.
fn main(region: &str, years: &[Year], (last, today): (i16, Date), language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let Some(Year { year, figures }) = years.first() else { return html! {} };
    html! {
        p {
            a href="/figures" { (text("Andere regio", "Another region")) } " · "
            a href={ "/figures/" (region) "/factsheet?year=" (year) } { (text("Factsheet: plan en uitkomst", "Factsheet: plan and outcome")) }
        }
        h1 { (words::name_of(region)) (text(" in ", " in ")) (year) }
        p.sub {
            (text("Stand van ", "As of ")) (days::day(figures.on, language)) ", "
            (text("gelezen op ", "read on ")) (days::day(today, language)) ". "
            (text(
                "Kleine aantallen worden niet verteld, en ook niet waaruit ze te berekenen zijn.",
                "Small counts are not shown, nor what they could be computed from.",
            ))
        }
        (which_year(*year, last, language))
        (bars::hatch())
        h2 { (text("Over vijf jaar", "Over five years")) }
        div.two { @for at in 0..figures.shares.len() { (bars::figure(at, years, language)) } }
        p.sub { (text(
            "Donker: geteld. Licht: de anderen. Gearceerd: onbekend, of niet verteld.",
            "Dark: counted. Light: the others. Hatched: unknown, or not shown.",
        )) }
        (tables::shares(*year, figures, language))
        (tables::waiting(years, language))
        (tables::agreements(figures, language))
        (tables::homes(figures, language))
        (tables::nuisance(figures, language))
    }
}

fn which_year(year: i16, last: i16, language: Language) -> Markup {
    html! {
        form.filter method="get" {
            p {
                label for="year" { (language.of_two("Jaar", "Year")) }
                select #year name="year" {
                    @for one in (last - 9..=last).rev() { option value=(one) selected[one == year] { (one) } }
                }
            }
            p { button.plain { (language.of_two("Tonen", "Show")) } }
        }
    }
}
