//! Who seeks a home in a region: who is ready, the longest wait on top, and who comes when.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{altered, is_a_code, whose};
use crate::frame::Place;
use crate::language::Language;
use crate::pages::{Trouble, to};
use crate::signed_in::SignedIn;
use crate::{days, values, words};

#[derive(Debug, Deserialize)]
struct Me {
    organisation: Option<Own>,
}

#[derive(Debug, Deserialize)]
struct Own {
    regions: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Seekers {
    items: Vec<Seeker>,
    #[serde(default)]
    altered: Vec<String>,
    counts: Option<Counts>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seeker {
    trajectory_id: String,
    phase: Phase,
    care_provider: String,
    client_name: Option<String>,
    reference: Option<String>,
    corporation: Option<String>,
    ready_on: Option<Date>,
    days_waiting: Option<u64>,
    expected_on: Option<Date>,
    certainty: Option<String>,
    needs: Option<Map<String, Value>>,
    offer: Option<Offer>,
    offers_used: u64,
    stuck: Option<Stuck>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    accepted: bool,
    respond_by: Option<Date>,
}

#[derive(Debug, Deserialize)]
struct Stuck {
    bottleneck: String,
    since: Date,
}

/// A count is absent if nobody may know it.
#[derive(Debug, Deserialize)]
struct Counts {
    ready: Option<u64>,
    expected: Vec<Expected>,
    stuck: Vec<StuckClients>,
    on: Date,
}

#[derive(Debug, Deserialize)]
struct Expected {
    from: Date,
    to: Date,
    clients: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct StuckClients {
    bottleneck: String,
    clients: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct SeekersParams {
    cursor: Option<String>,
}

/// The regions of the person's organisation; straight to the list if there is one
#[get("/seekers")]
pub async fn choose_region(signed_in: SignedIn) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let read = pages.api.read(person, *language, "v1/me", &[]).await;
    let me: Me = read.map_err(|failure| Trouble::of(failure, *language))?;
    let regions = me.organisation.map(|own| own.regions).unwrap_or_default();
    if let [only] = regions.as_slice() {
        return Ok(to(&format!("/seekers/{only}")));
    }
    let main = html! {
        h1 { (title(*language)) }
        p { (language.of_two("Van welke regio?", "Of which region?")) }
        ul { @for region in &regions { li { a href={ "/seekers/" (region) } { (words::name_of(region)) } } } }
    };
    Ok(signed_in.show(title(*language), Place::Seekers, &main))
}

/// Who seeks a home in a region
#[get("/seekers/{region}")]
pub async fn show(
    signed_in: SignedIn,
    region: Path<String>,
    params: Query<SeekersParams>,
) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    if !is_a_code(&region) {
        return Ok(to("/seekers"));
    }
    let mut query = vec![("limit", "100")];
    query.extend(params.cursor.as_deref().map(|cursor| ("cursor", cursor)));
    let path = format!("v1/regions/{region}/seekers");
    let read = pages.api.read(person, *language, &path, &query).await;
    let list: Seekers = read.map_err(|failure| Trouble::of(failure, *language))?;
    let main = main(&region, &list, *language);
    Ok(signed_in.show(title(*language), Place::Seekers, &main))
}

impl Seekers {
    /// Why nobody is listed: a municipality sees how many seek a home, and only its own clients.
    fn why_empty(&self, language: Language) -> &'static str {
        if self.counts.as_ref().is_some_and(|counts| counts.ready != Some(0)) {
            language.of_two(
                "Van wie een woning zoekt ziet u hier alleen hoeveel het er zijn.",
                "Of those who seek a home, you see here only how many there are.",
            )
        } else {
            language.of_two(
                "Niemand die u kent zoekt nu een woning.",
                "Nobody whom you know of seeks a home now.",
            )
        }
    }
}

fn title(language: Language) -> &'static str {
    language.of_two("Wie een woning zoekt", "Who seeks a home")
}

fn main(region: &str, list: &Seekers, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        p {
            a href="/seekers" { (text("Andere regio", "Another region")) } " · "
            a href="/vacancies" { (text("Vrije woningen", "Vacant homes")) } " · "
            a href={ "/rounds/" (region) } { (text("Rondes", "Rounds")) }
        }
        h1 { (title(language)) (text(" in ", " in ")) (words::name_of(region)) }
        @if let Some(counts) = &list.counts { (counted(counts, language)) }
        (altered(&list.altered, language))
        @if list.items.is_empty() {
            p { (list.why_empty(language)) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(title(language)) {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { (text("Cliënt", "Client")) }
                            th scope="col" { (text("Wanneer", "When")) }
                            th scope="col" { (text("Zoekt", "Needs")) }
                            th scope="col" { (text("Corporatie en aanbod", "Corporation and offer")) }
                            th scope="col" { (text("Knelpunt", "Bottleneck")) }
                        }
                    }
                    tbody { @for seeker in &list.items { (row(seeker, language)) } }
                }
            }
        }
        @if let Some(next) = &list.next {
            p { a href={ "/seekers/" (region) "?cursor=" (next) } { (text("Volgende bladzijde", "Next page")) } }
        }
    }
}

fn counted(counts: &Counts, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let number = |count: Option<u64>| {
        html! {
            @if let Some(count) = count { b { (count) } } @else { span.hid { (text("niet verteld", "not shown")) } }
        }
    };
    html! {
        p.sub { (text("Stand van ", "As of ")) (days::day(counts.on, language)) "." }
        dl {
            dt { (text("Woonklaar", "Ready")) }
            dd { (number(counts.ready)) }
            @for month in &counts.expected {
                dt { (text("Verwacht van ", "Expected from ")) (days::day(month.from, language)) (text(" tot en met ", " to ")) (days::day(month.to, language)) }
                dd { (number(month.clients)) }
            }
            @for stuck in &counts.stuck {
                dt { (text("Loopt vast op ", "Stuck on ")) (words::code(&stuck.bottleneck, language)) }
                dd { (number(stuck.clients)) }
            }
        }
    }
}

fn row(seeker: &Seeker, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let hidden = html! { span.hid { (text("niet voor u", "not for you")) } };
    let id = seeker.trajectory_id.as_str();
    html! {
        tr {
            th scope="row" {
                (whose(id, seeker.client_name.as_deref(), seeker.reference.as_deref()))
                br; span.sub { (words::name_of(&seeker.care_provider)) }
            }
            td {
                (words::phase(seeker.phase, language))
                @match (seeker.ready_on, seeker.expected_on) {
                    (Some(on), _) => {
                        br; (text("sinds ", "since ")) (days::day(on, language))
                        @if let Some(days) = seeker.days_waiting { br; span.tag { (days) (text(" dagen", " days")) } }
                    }
                    (None, Some(on)) => { br; (text("verwacht op ", "expected on ")) (days::day(on, language)) }
                    (None, None) => { br; (text("geen dag bekend", "no day is known")) }
                }
                @if let Some(certainty) = &seeker.certainty { br; span.sub { (words::code(certainty, language)) } }
            }
            td { @match &seeker.needs { Some(needs) => { (values::listed(needs, language)) } None => { (hidden) } } }
            td {
                @match &seeker.corporation {
                    Some(code) => { (words::name_of(code)) }
                    None => { (text("nog niet toegewezen", "not assigned yet")) }
                }
                @if let Some(offer) = &seeker.offer { br; (offered(offer, language)) }
                @if seeker.offers_used > 0 { br; span.sub { (seeker.offers_used) (text(" aanbod gebruikt", " offers used")) } }
                @if seeker.ready_on.is_some() { br; a href={ "/cases/" (id) "/vacancies" } { (text("Welke woning past?", "Which home fits?")) } }
            }
            td {
                @match &seeker.stuck {
                    Some(stuck) => { (words::code(&stuck.bottleneck, language)) br; span.sub { (text("sinds ", "since ")) (days::day(stuck.since, language)) } }
                    None => { "–" }
                }
            }
        }
    }
}

fn offered(offer: &Offer, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        @match (offer.accepted, offer.respond_by) {
            (true, _) => { (text("aanbod aangenomen", "offer accepted")) }
            (false, Some(by)) => { (text("aanbod, antwoord voor ", "offer, answer by ")) (days::day(by, language)) }
            (false, None) => { (text("aanbod open", "offer open")) }
        }
    }
}
