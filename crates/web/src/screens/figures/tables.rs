//! The tables beside the drawings, and the dots and lines of how long something took.

use maud::{Markup, html};

use super::body::{Agreement, Figures, Waiting, Year, count};
use crate::language::Language;
use crate::words;

/// The height of a drawing of days, and the days at its top.
const HEIGHT: u32 = 180;

/// A table in a region that scrolls by itself on a narrow screen.
pub fn table(id: &str, title: &str, heads: &[&str], rows: &Markup) -> Markup {
    html! {
        h2 id=(id) { (title) }
        div.scroll tabindex="0" role="region" aria-labelledby=(id) {
            table {
                thead {
                    tr { @for (at, head) in heads.iter().enumerate() { th scope="col" class=[(at > 0).then_some("n")] { (head) } } }
                }
                tbody { (rows) }
            }
        }
    }
}

/// Each figure of the year with all its parts.
pub fn shares(year: i16, figures: &Figures, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let heads = [
        text("Cijfer", "Figure"),
        text("geteld", "counted"),
        text("van", "of"),
        text("onbekend", "unknown"),
        text("de anderen", "the others"),
        text("overleden, niet meegeteld", "died, not counted"),
    ];
    let rows = html! {
        @for share in &figures.shares {
            tr {
                th scope="row" { (share.title) }
                td.n { (count(share.counted, language)) }
                td.n { (count(share.of, language)) }
                td.n { (count(share.unknown, language)) }
                td.n {
                    @if share.others.is_empty() { (text("geen", "none")) }
                    @for (what, number) in &share.others { div { (words::code(what, language)) ": " (count(*number, language)) } }
                }
                td.n { (count(share.deceased, language)) }
            }
        }
    };
    table("shares", &format!("{} {year}", text("De cijfers van", "The figures of")), &heads, &rows)
}

/// How long it took, year by year: a dot for half of them, a line to four of five.
pub fn waiting(years: &[Year], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let offer = |year: &Year| year.figures.days_to_offer;
    let keys = |year: &Year| year.figures.days_to_keys;
    html! {
        (days("offer", text("Dagen van woonklaar tot aanbod", "Days from ready to an offer"), years, &offer, language))
        (days("keys", text("Dagen van woonklaar tot de sleutel", "Days from ready to the keys"), years, &keys, language))
    }
}

fn days(
    id: &str,
    title: &str,
    years: &[Year],
    of: &dyn Fn(&Year) -> Option<Waiting>,
    language: Language,
) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let heads = [
        text("Jaar", "Year"),
        text("helft binnen", "half within"),
        text("80 % binnen", "80 % within"),
        text("95 % binnen", "95 % within"),
    ];
    let rows = html! {
        @for year in years {
            @let shown = of(year);
            tr {
                th scope="row" { (year.year) }
                td.n { (count(shown.map(|shown| shown.median), language)) }
                td.n { (count(shown.map(|shown| shown.percentile80), language)) }
                td.n { (count(shown.map(|shown| shown.percentile95), language)) }
            }
        }
    };
    let shown: Vec<(i16, Waiting)> =
        years.iter().rev().filter_map(|year| Some((year.year, of(year)?))).collect();
    html! {
        (table(id, title, &heads, &rows))
        @if !shown.is_empty() { (dots(&shown, years.len())) }
    }
}

/// The years as dots and lines. The table says the same, so the drawing is silent.
fn dots(shown: &[(i16, Waiting)], years: usize) -> Markup {
    let most = shown.iter().map(|(_, days)| days.percentile80).max().unwrap_or(1).max(1);
    let y = |days: u32| HEIGHT + 20 - days * HEIGHT / most;
    let width = years * 110;
    html! {
        svg.days viewBox={ "0 0 " (width) " " (HEIGHT + 50) } aria-hidden="true" {
            line x1="0" x2=(width) y1=(y(0)) y2=(y(0)) stroke="currentColor" {}
            @for (at, (year, days)) in shown.iter().enumerate() {
                @let x = at * 110 + 40;
                line x1=(x) x2=(x) y1=(y(days.median)) y2=(y(days.percentile80)) stroke="currentColor" stroke-width="3" {}
                circle.part cx=(x) cy=(y(days.median)) r="7" {}
                text x=(x + 12) y=(y(days.median) + 5) { (days.median) }
                text x=(x) y=(HEIGHT + 42) text-anchor="middle" { (year) }
            }
        }
    }
}

/// How each agreement was kept.
pub fn agreements(figures: &Figures, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let heads = [
        text("Afspraak", "Agreement"),
        text("op tijd", "in time"),
        text("laat", "late"),
        text("niet", "not"),
        text("opzijgezet", "set aside"),
        text("loopt", "open"),
    ];
    let rows = html! {
        @for Agreement { number, title, kept, late, overdue, set_aside, due } in &figures.agreements {
            tr {
                th scope="row" { (number) ". " (title) }
                @for one in [kept, late, overdue, set_aside, due] { td.n { (count(*one, language)) } }
            }
        }
    };
    let title = text("Hoe de afspraken werden nagekomen", "How the agreements were kept");
    if figures.agreements.is_empty() {
        return html! { h2 { (title) } p { (text("Er liepen geen afspraken.", "No agreement was open.")) } };
    }
    table("agreements", title, &heads, &rows)
}

/// Homes offered and let beside the plan, and where they are.
pub fn homes(figures: &Figures, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let homes = &figures.homes;
    html! {
        h2 { (text("Woningen", "Homes")) }
        dl {
            dt { (text("Aangeboden", "Offered")) } dd { (count(homes.offered, language)) }
            dt { (text("Verhuurd", "Let")) } dd { (count(homes.r#let, language)) }
            dt { (text("Plan per jaar", "Plan for a year")) }
            dd { @match homes.target_a_year { Some(plan) => { (plan) } None => { (text("geen plan", "no plan")) } } }
            @if let Some(spread) = &figures.spread {
                @for (code, number) in &spread.municipalities {
                    dt { (text("Gemeente ", "Municipality ")) (code) } dd { (number) }
                }
                dt { (text("Andere gemeenten samen", "Other municipalities together")) }
                dd { (count(spread.other_municipalities, language)) }
            }
        }
    }
}

/// The open nuisance cases by level.
pub fn nuisance(figures: &Figures, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h2 { (text("Open overlastzaken", "Open nuisance cases")) }
        @if figures.nuisance.is_empty() { p { (text("Geen.", "None.")) } } @else {
            dl {
                @for one in &figures.nuisance {
                    dt { (text("Niveau ", "Level ")) (one.level) } dd { (count(one.open, language)) }
                }
            }
        }
    }
}
