//! The factsheet of a region: what was agreed for a year beside what became of it, demand beside supply,
//! where clients live, and the guarantee fund. It prints as it is.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::figures::{Count, count, table};
use super::is_a_code;
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{Trouble, to};
use crate::signed_in::SignedIn;
use crate::{days, values, words};

/// A year: all of it if it has ended, else its plan as far as it is known.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sheet {
    plan: Option<Plan>,
    realised: Option<Realised>,
    year_end_spread: Option<Spread>,
    guarantee_fund: Option<Fund>,
}

#[derive(Debug, Default, Deserialize)]
struct Plan {
    forecast: Option<Forecast>,
    quota: Option<Quota>,
}

#[derive(Debug, Deserialize)]
struct Forecast {
    clients: u32,
    expected: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
struct Expected {
    month: Option<u8>,
    profile: Option<String>,
    origin: Option<String>,
    clients: u32,
}

#[derive(Debug, Deserialize)]
struct Quota {
    total: u32,
    homes: Vec<QuotaPart>,
}

#[derive(Debug, Deserialize)]
struct QuotaPart {
    corporation: Option<String>,
    municipality: Option<String>,
    homes: u32,
}

#[derive(Debug, Deserialize)]
struct Realised {
    on: Date,
    ready: Ready,
    lets: Lets,
    demand: Demand,
    supply: Supply,
}

/// Numbers by their code.
type Parts = BTreeMap<String, u32>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    clients: Count,
    months: Parts,
    other_months: Count,
    profiles: Parts,
    other_profiles: Count,
    origins: Parts,
    other_origins: Count,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lets {
    homes: Count,
    corporations: Parts,
    other_corporations: Count,
    municipalities: Parts,
    other_municipalities: Count,
    shares: Vec<Share>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Share {
    corporation: String,
    let_to_clients: Count,
    lettings: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Demand {
    clients: Count,
    access_kinds: Parts,
    other_access_kinds: Count,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Supply {
    homes: u32,
    access_kinds: Parts,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spread {
    on: Date,
    residents: Count,
    municipalities: Vec<Municipality>,
    other_municipalities: Count,
    of_unknown_place: Count,
}

#[derive(Debug, Deserialize)]
struct Municipality {
    municipality: String,
    residents: u32,
}

/// Amounts in euro cents.
#[derive(Debug, Deserialize)]
struct Fund {
    #[serde(rename = "depositedCents")]
    deposited: i64,
    #[serde(rename = "claimedCents")]
    claimed: Option<i64>,
    #[serde(rename = "awardedCents")]
    awarded: Option<i64>,
    #[serde(rename = "balanceCents")]
    balance: Option<i64>,
}

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
        @if sheet.plan.is_none() { p { (text("Voor dit jaar is nog niets afgesproken.", "Nothing has been agreed for this year yet.")) } }
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
    let rows = html! {
        (row(text("allen", "all"), forecast.map(|forecast| forecast.clients), ready.map(|ready| ready.clients), language))
        (parts(&agreed(|one| one.month.map(|month| month.to_string())), ready.map(|ready| (&ready.months, ready.other_months)), &month, language))
        (parts(&agreed(|one| one.profile.clone()), ready.map(|ready| (&ready.profiles, ready.other_profiles)), &|code| words::code(code, language), language))
        (parts(&agreed(|one| one.origin.clone()), ready.map(|ready| (&ready.origins, ready.other_origins)), &|code| municipality(code, language), language))
    };
    let title = text("Cliënten die woonklaar worden", "Clients who become ready");
    beside("clients", title, &rows, language)
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
    let rows = html! {
        (row(text("alle", "all"), quota.map(|quota| quota.total), lets.map(|lets| lets.homes), language))
        (parts(&agreed(|one| one.corporation.clone()), lets.map(|lets| (&lets.corporations, lets.other_corporations)), &|code| words::name_of(code), language))
        (parts(&agreed(|one| one.municipality.clone()), lets.map(|lets| (&lets.municipalities, lets.other_municipalities)), &|code| municipality(code, language), language))
    };
    beside("homes", text("Woningen voor cliënten", "Homes for clients"), &rows, language)
}

fn beside(id: &str, title: &str, rows: &Markup, language: Language) -> Markup {
    let heads = [
        language.of_two("Waarvan", "Of which"),
        language.of_two("afgesproken", "agreed"),
        language.of_two("geworden", "realised"),
    ];
    table(id, title, &heads, rows)
}

/// A row for each part that was agreed or is counted, and one for all other parts together.
fn parts(
    agreed: &Parts,
    counted: Option<(&Parts, Count)>,
    name: &dyn Fn(&str) -> String,
    language: Language,
) -> Markup {
    let others = counted.map(|(_, others)| others);
    let counted = counted.map(|(parts, _)| parts);
    let codes: BTreeSet<&String> =
        agreed.keys().chain(counted.into_iter().flat_map(BTreeMap::keys)).collect();
    let unnamed = language.of_two("niet bekend", "not known");
    html! {
        @for code in &codes {
            @let title = if code.is_empty() { unnamed.to_owned() } else { name(code) };
            (row(&title, agreed.get(*code).copied(), counted.map(|counted| counted.get(*code).copied()), language))
        }
        @if let (Some(others), false) = (others, codes.is_empty()) {
            (row(language.of_two("samen niet genoemd", "not named, together"), None, Some(others), language))
        }
    }
}

/// What was agreed, and what was counted; nothing is counted of a year that has not begun.
fn row(title: &str, agreed: Option<u32>, counted: Option<Count>, language: Language) -> Markup {
    html! {
        tr {
            th scope="row" { (title) }
            td.n { @match agreed { Some(number) => (number), None => (language.of_two("geen", "none")) } }
            td.n { @match counted { Some(number) => (count(number, language)), None => (language.of_two("nog niet", "not yet")) } }
        }
    }
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
    let rows = html! {
        tr { th scope="row" { (text("alle", "all")) } td.n { (count(demand.clients, language)) } td.n { (supply.homes) } }
        @for code in codes {
            tr {
                th scope="row" { @if code.is_empty() { (text("niet bekend", "not known")) } @else { (words::code(code, language)) } }
                td.n { (count(demand.access_kinds.get(code).copied(), language)) }
                td.n { (supply.access_kinds.get(code).copied().unwrap_or(0)) }
            }
        }
        tr { th scope="row" { (text("samen niet genoemd", "not named, together")) } td.n { (count(demand.other_access_kinds, language)) } td.n { (0) } }
    };
    table(
        "demand",
        text("Wie een woning zoekt, en wat er vrij is", "Who seeks a home, and what is vacant"),
        &heads,
        &rows,
    )
}

fn lives(spread: &Spread, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let line = |title: &str, number: Count| html! { tr { th scope="row" { (title) } td.n { (count(number, language)) } } };
    let rows = html! {
        (line(text("alle", "all"), spread.residents))
        @for one in &spread.municipalities { (line(&municipality(&one.municipality, language), Some(one.residents))) }
        (line(text("in andere gemeenten samen", "in other municipalities, together"), spread.other_municipalities))
        (line(text("waar is niet bekend", "it is not known where"), spread.of_unknown_place))
    };
    let title = format!(
        "{} {}",
        text("Waar cliënten wonen op", "Where clients live on"),
        days::in_words(spread.on, language)
    );
    table("lives", &title, &[text("Gemeente", "Municipality"), text("cliënten", "clients")], &rows)
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
