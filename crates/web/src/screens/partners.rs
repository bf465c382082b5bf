//! The partners: organisations with their desks and programs, and the webhooks of one's own.

use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;
use crate::{days, words};

#[derive(Debug, Deserialize)]
struct Organisations {
    items: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    organisation_id: String,
    organisation: Organisation,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Organisation {
    kind: String,
    name: String,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    contact_points: Map<String, Value>,
    #[serde(default)]
    clients: Vec<Program>,
    #[serde(default)]
    disabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Program {
    client_id: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    disabled: bool,
}

#[derive(Debug, Deserialize)]
struct Subscriptions {
    items: Vec<Subscription>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    url: String,
    state: String,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    held_back: u64,
    failing_since: Option<Timestamp>,
}

/// The partners
#[get("/partners")]
pub async fn show(signed_in: SignedIn) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let failed = |failure| Trouble::of(failure, *language);
    let all = [("limit", "500")];
    let organisations =
        pages.api.read_if_shown(person, *language, "v1/organisations", &all).await.map_err(failed)?;
    let subscriptions =
        pages.api.read_if_shown(person, *language, "v1/subscriptions", &all).await.map_err(failed)?;
    let main = main(organisations.as_ref(), subscriptions.as_ref(), *language);
    Ok(signed_in.show("Partners", Place::Elsewhere, &main))
}

fn main(
    organisations: Option<&Organisations>,
    subscriptions: Option<&Subscriptions>,
    language: Language,
) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        h1 { "Partners" }
        h2 #organisations { (text("Organisaties", "Organisations")) }
        @match organisations {
            Some(list) => { ul.grid { @for one in &list.items { (organisation(one, language)) } } }
            None => {
                p.hid { (text("niet voor u", "not for you")) }
            }
        }
        h2 #webhooks { (text("Webhooks van uw organisatie", "Webhooks of your organisation")) }
        @match subscriptions {
            Some(list) if list.items.is_empty() => { p { (text("Geen.", "None.")) } }
            Some(list) => { ul.line { @for one in &list.items { (subscription(one, language)) } } }
            None => { p.hid { (text("niet voor u", "not for you")) } }
        }
    }
}

fn organisation(listed: &Listed, language: Language) -> Markup {
    let Organisation { kind, name, regions, contact_points, clients, disabled } = &listed.organisation;
    let regions: Vec<_> = regions.iter().map(|region| words::name_of(region)).collect();
    html! {
        li {
            h3 { bdi { (name) } }
            p.sub { (words::code(kind, language)) " · " bdi.code { (listed.organisation_id) } }
            @if *disabled { p { span.tag.late { (words::code("disabled", language)) } } }
            p { (regions.join(", ")) }
            @if !contact_points.is_empty() {
                dl {
                    @for (desk, how) in contact_points {
                        dt { (words::code(desk, language)) }
                        dd { (how.as_str().unwrap_or_default()) }
                    }
                }
            }
            @if !clients.is_empty() {
                details {
                    summary { (language.of_two("Programma's", "Programs")) " (" (clients.len()) ")" }
                    ul { @for program in clients { li { (self::program(program, language)) } } }
                }
            }
        }
    }
}

fn program(program: &Program, language: Language) -> Markup {
    let roles: Vec<_> = program.roles.iter().map(|role| words::code(role, language)).collect();
    html! {
        bdi.code { (program.client_id) } ": " (roles.join(", "))
        @if program.disabled { " " span.tag.late { (words::code("disabled", language)) } }
    }
}

fn subscription(one: &Subscription, language: Language) -> Markup {
    let types: Vec<_> = one.types.iter().map(|kind| words::fact(kind, language)).collect();
    html! {
        li {
            span.mono { (one.url) } " " span.tag { (words::code(&one.state, language)) }
            p.sub {
                @if types.is_empty() { (language.of_two("alle gebeurtenissen", "all events")) } @else { (types.join(", ")) }
            }
            @if one.held_back > 0 {
                p { (one.held_back) " " (language.of_two("trajecten wachten op de ontvanger", "cases wait for the receiver")) }
            }
            @if let Some(since) = one.failing_since {
                p { span.tag.late { (language.of_two("Niets aangenomen sinds ", "Nothing accepted since ")) (days::instant(since, language)) } }
            }
        }
    }
}
