//! The factsheet of a region: what was agreed for a year beside what became of it, demand beside supply,
//! where clients live, and the guarantee fund. It prints as it is.

mod body;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use maud::{Markup, html};
use omklap_domain::figures::UNKNOWN;
use serde::Deserialize;

use self::body::{Expected, Fund, Parts, QuotaPart, Realised, Share, Sheet, Spread};
use super::figures::{Count, Number, Row, count, drawn, hatch, table};
use super::is_a_code;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{Trouble, to};
use crate::signed_in::SignedIn;
use crate::{days, values, words};

#[derive(Debug, Default, Deserialize)]
struct FactsheetParams {
    year: Option<i16>,
}

/// What was agreed for a year, and what became of it
#[get("/figures/{region}/factsheet")]
pub async fn show(
    signed_in: SignedIn,
    region: Path<String>,
    params: Query<FactsheetParams>,
) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    if !is_a_code(&region) {
        return Ok(to("/figures"));
    }
    let now = pages.today().year();
    let year = params.year.unwrap_or(now).clamp(now - 9, now + 1);
    let read = if year < now {
        let (path, year) = (format!("v1/regions/{region}/factsheet"), year.to_string());
        pages.api.read(person, *language, &path, &[("year", &year)]).await
    } else {
        let path = format!("v1/regions/{region}/plans/{year}");
        pages.api.read_if_shown(person, *language, &path, &[]).await.map(Option::unwrap_or_default)
    };
    let sheet: Sheet = read.map_err(|failure| Trouble::of(failure, *language))?;
    let title = format!("{} {year}", language.of_two("Factsheet", "Factsheet"));
    Ok(signed_in.show(&title, Place::Figures, &main(&region, &sheet, (year, now), *language)))
}

fn main(region: &str, sheet: &Sheet, (year, now): (i16, i16), language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        p { a href={ "/figures/" (region) } { (text("Cijfers", "Figures")) } " · " a href={ "/rounds/" (region) } { (text("Rondes", "Rounds")) } }
        h1 { (words::name_of(region)) ", " (year) }
        form.filter method="get" {
            p {
                label for="year" { (text("Jaar", "Year")) }
                select #year name="year" {
                    @for one in (now - 9..=now + 1).rev() { option value=(one) selected[one == year] { (one) } }
                }
            }
            p { button.plain { (text("Tonen", "Show")) } }
        }
        @if let Some(realised) = &sheet.realised { p.sub { (text("Geteld tot en met ", "Counted up to ")) (days::day(realised.on, language)) "." } }
        @if sheet.plan.is_none() { p { (text("Van dit jaar is geen afspraak gemeld.", "No agreement for this year has been reported.")) } }
        (hatch())
        (clients(sheet, language))
        (homes(sheet, language))
        @if let Some(realised) = &sheet.realised { (shares(&realised.lets.shares, language)) (demand(realised, language)) }
        @if let Some(spread) = &sheet.year_end_spread { (lives(spread, language)) }
        @if let Some(fund) = &sheet.guarantee_fund { (money(fund, language)) }
    }
}

/// The clients who were expected beside those who became ready, by each way of dividing them.
fn clients(sheet: &Sheet, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let forecast = sheet.plan.as_ref().and_then(|plan| plan.forecast.as_ref());
    let ready = sheet.realised.as_ref().map(|realised| &realised.ready);
    let agreed = |part: fn(&Expected) -> Option<String>| {
        let expected = forecast.iter().flat_map(|forecast| &forecast.expected);
        sums(expected.filter_map(|one| Some((part(one)?, one.clients))))
    };
    let month = |code: &str| {
        let name =
            code.parse::<usize>().ok().and_then(|month| days::months(language).get(month - 1).copied());
        name.unwrap_or(code).to_owned()
    };
    let all = row(
        text("allen", "all"),
        forecast.map(|forecast| forecast.clients),
        ready.map(|ready| ready.clients),
        language,
    );
    let months = parts(
        &agreed(|one| one.month.map(|month| month.to_string())),
        ready.map(|ready| (&ready.months, ready.other_months)),
        &month,
        language,
    );
    let profiles = parts(
        &agreed(|one| one.profile.clone()),
        ready.map(|ready| (&ready.profiles, ready.other_profiles)),
        &|code| words::code(code, language),
        language,
    );
    let origins = parts(
        &agreed(|one| one.origin.clone()),
        ready.map(|ready| (&ready.origins, ready.other_origins)),
        &|code| municipality(code, language),
        language,
    );
    let title = text("Cliënten die woonklaar worden", "Clients who become ready");
    agreed_and_realised("clients", title, &[vec![all], months, profiles, origins].concat(), language)
}

/// The homes that were agreed beside those that were let to clients.
fn homes(sheet: &Sheet, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let quota = sheet.plan.as_ref().and_then(|plan| plan.quota.as_ref());
    let lets = sheet.realised.as_ref().map(|realised| &realised.lets);
    let agreed = |part: fn(&QuotaPart) -> Option<String>| {
        let homes = quota.iter().flat_map(|quota| &quota.homes);
        sums(homes.filter_map(|one| Some((part(one)?, one.homes))))
    };
    let all = row(text("alle", "all"), quota.map(|quota| quota.total), lets.map(|lets| lets.homes), language);
    let corporations = parts(
        &agreed(|one| one.corporation.clone()),
        lets.map(|lets| (&lets.corporations, lets.other_corporations)),
        &|code| words::name_of(code),
        language,
    );
    let municipalities = parts(
        &agreed(|one| one.municipality.clone()),
        lets.map(|lets| (&lets.municipalities, lets.other_municipalities)),
        &|code| municipality(code, language),
        language,
    );
    let title = text("Woningen voor cliënten", "Homes for clients");
    agreed_and_realised("homes", title, &[vec![all], corporations, municipalities].concat(), language)
}

fn agreed_and_realised(id: &str, title: &str, rows: &[Row], language: Language) -> Markup {
    let heads = [
        language.of_two("Waarvan", "Of which"),
        language.of_two("afgesproken", "agreed"),
        language.of_two("geworden", "realised"),
    ];
    drawn(id, title, &heads, rows, language)
}

/// A row for each part that was agreed or is counted, and one for all other parts together.
fn parts(
    agreed: &Parts,
    counted: Option<(&Parts, Count)>,
    name: &dyn Fn(&str) -> String,
    language: Language,
) -> Vec<Row> {
    let others = counted.map(|(_, others)| others);
    let counted = counted.map(|(parts, _)| parts);
    let codes: BTreeSet<&String> =
        agreed.keys().chain(counted.into_iter().flat_map(BTreeMap::keys)).collect();
    let rows = codes.iter().map(|code| {
        let title = if code.as_str() == UNKNOWN { not_known(language).to_owned() } else { name(code) };
        let count = counted.map(|counted| counted.get(*code).copied());
        row(&title, agreed.get(*code).copied(), count, language)
    });
    let rest = others.filter(|_| !codes.is_empty());
    rows.chain(rest.map(|others| row(not_named(language), None, Some(others), language))).collect()
}

/// What was agreed, and what was counted; nothing is counted of a year that has not begun.
fn row(title: &str, agreed: Option<u32>, counted: Option<Count>, language: Language) -> Row {
    let agreed = agreed.map_or(Number::None(language.of_two("geen", "none")), Number::Shown);
    let counted = counted.map_or(Number::None(language.of_two("nog niet", "not yet")), Number::from);
    Row { title: title.to_owned(), numbers: vec![agreed, counted] }
}

fn not_known(language: Language) -> &'static str {
    language.of_two("niet bekend", "not known")
}

fn not_named(language: Language) -> &'static str {
    language.of_two("samen niet genoemd", "not named, together")
}

fn shares(shares: &[Share], language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let heads =
        [text("Corporatie", "Corporation"), text("aan cliënten", "to clients"), text("van alle", "of all")];
    let rows = html! {
        @for share in shares {
            tr {
                th scope="row" { (words::name_of(&share.corporation)) }
                td.n { (count(share.let_to_clients, language)) }
                td.n { (share.lettings) }
            }
        }
    };
    html! { @if !shares.is_empty() { (table("shares", text("Aandeel in alle verhuringen", "Share of all lettings"), &heads, &rows)) } }
}

fn demand(realised: &Realised, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let Realised { demand, supply, .. } = realised;
    let codes: BTreeSet<&String> = demand.access_kinds.keys().chain(supply.access_kinds.keys()).collect();
    let heads = [
        text("Toegankelijkheid", "Access"),
        text("cliënten", "clients"),
        text("vrije woningen", "vacant homes"),
    ];
    let row = |title: String, clients: Count, homes: u32| Row {
        title,
        numbers: vec![Number::from(clients), Number::Shown(homes)],
    };
    let all = row(text("alle", "all").to_owned(), demand.clients, supply.homes);
    let kinds = codes.into_iter().map(|code| {
        let title = if code.as_str() == UNKNOWN {
            not_known(language).to_owned()
        } else {
            words::code(code, language)
        };
        let homes = supply.access_kinds.get(code).copied().unwrap_or_default();
        row(title, demand.access_kinds.get(code).copied(), homes)
    });
    let others = row(not_named(language).to_owned(), demand.other_access_kinds, 0);
    let rows: Vec<Row> = std::iter::once(all).chain(kinds).chain([others]).collect();
    let title = text("Wie een woning zoekt, en wat er vrij is", "Who seeks a home, and what is vacant");
    drawn("demand", title, &heads, &rows, language)
}

fn lives(spread: &Spread, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let line = |title: &str, number: Count| Row { title: title.to_owned(), numbers: vec![number.into()] };
    let places = spread.municipalities.iter();
    let places = places.map(|one| line(&municipality(&one.municipality, language), Some(one.residents)));
    let elsewhere = text("in andere gemeenten samen", "in other municipalities, together");
    let rows: Vec<Row> = [line(text("alle", "all"), spread.residents)]
        .into_iter()
        .chain(places)
        .chain([
            line(elsewhere, spread.other_municipalities),
            line(text("waar is niet bekend", "it is not known where"), spread.of_unknown_place),
        ])
        .collect();
    let title = format!(
        "{} {}",
        text("Waar cliënten wonen op", "Where clients live on"),
        days::in_words(spread.on, language)
    );
    let heads = [text("Gemeente", "Municipality"), text("cliënten", "clients")];
    drawn("lives", &title, &heads, &rows, language)
}

fn money(fund: &Fund, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let amount = |cents: Option<i64>| html! { @match cents { Some(cents) => (values::euros(cents, language)), None => (count(None, language)) } };
    let lines = [
        (text("ingelegd", "deposited"), Some(fund.deposited)),
        (text("gevraagd", "claimed"), fund.claimed),
        (text("uitgekeerd", "awarded"), fund.awarded),
        (text("saldo", "balance"), fund.balance),
    ];
    let rows =
        html! { @for (title, cents) in lines { tr { th scope="row" { (title) } td.n { (amount(cents)) } } } };
    table(
        "fund",
        text("Garantiefonds", "Guarantee fund"),
        &[text("Wat", "What"), text("bedrag", "amount")],
        &rows,
    )
}

fn municipality(code: &str, language: Language) -> String {
    format!("{} {code}", language.of_two("gemeente", "municipality"))
}

/// The numbers of each part together.
fn sums(parts: impl Iterator<Item = (String, u32)>) -> Parts {
    parts.fold(Parts::new(), |mut sums, (part, number)| {
        *sums.entry(part).or_default() += number;
        sums
    })
}
