//! What is due in the cases that the person may see: late, this week, later.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Party;
use serde::Deserialize;
use url::form_urlencoded;

use super::homes::{Home, Vacancy, homes, vacancies};
use super::{Due, altered, due, keeping, whose};
use crate::frame::Place;
use crate::language::Language;
use crate::pages::Trouble;
use crate::signed_in::SignedIn;
use crate::{days, words};

/// What is late for longer than this many days is folded.
const LONG_LATE: i32 = 183;

#[derive(Debug, Deserialize)]
struct Worklist {
    items: Vec<Item>,
    #[serde(default)]
    homes: Vec<Home>,
    #[serde(default)]
    vacancies: Vec<Vacancy>,
    #[serde(default)]
    altered: Vec<String>,
    counts: Option<Counts>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    total: u64,
    overdue: u64,
    this_week: u64,
    later: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    trajectory_id: String,
    phase: Option<Phase>,
    corporation: Option<String>,
    client_name: Option<String>,
    own_reference: Option<String>,
    mine: bool,
    #[serde(flatten)]
    due: Due,
}

/// The filters, as they are in the address. An empty one does not filter.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Filters {
    agreement: String,
    phase: String,
    party: String,
    mine: String,
    region: String,
    due_from: String,
    due_before: String,
    overdue: String,
    cursor: String,
}

impl Filters {
    /// The filters that filter, as the API names them.
    fn given(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("agreement", self.agreement.as_str()),
            ("phase", &self.phase),
            ("party", &self.party),
            ("mine", &self.mine),
            ("region", &self.region),
            ("dueFrom", &self.due_from),
            ("dueBefore", &self.due_before),
            ("overdue", &self.overdue),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The address of the page that begins at this cursor.
    fn page_from(&self, cursor: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.given());
        query.append_pair("cursor", cursor);
        format!("/worklist?{}", query.finish())
    }
}

/// The worklist
#[get("/worklist")]
pub async fn show(signed_in: SignedIn, filters: Query<Filters>) -> Result<HttpResponse, Trouble> {
    let SignedIn { person, language, pages } = &signed_in;
    let mut query = filters.given();
    query.push(("limit", "100"));
    if !filters.cursor.is_empty() {
        query.push(("cursor", &filters.cursor));
    }
    let read = pages.api.read(person, *language, "v1/worklist", &query).await;
    let list: Worklist = read.map_err(|failure| Trouble::of(failure, *language))?;
    let title = language.of_two("Werklijst", "Worklist");
    let main = main(&list, &filters, pages.today(), *language);
    Ok(signed_in.show(title, Place::Worklist, &main))
}

fn main(list: &Worklist, filters: &Filters, today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let week = |item: &&Item| item.due.on.is_some_and(|on| days::between(today, on) <= 7);
    let long = |item: &&Item| item.due.on.is_some_and(|on| days::between(on, today) > LONG_LATE);
    let (late, on_time): (Vec<_>, Vec<_>) = list.items.iter().partition(|item| item.due.overdue);
    let (soon, later): (Vec<_>, Vec<_>) = on_time.into_iter().partition(week);
    let (long, late): (Vec<_>, Vec<_>) = late.into_iter().partition(long);
    let listed = |id: &str, items: &[&Item]| table(id, items, today, language);
    let parts = [("week", text("Deze week", "This week"), soon), ("later", text("Later", "Later"), later)];
    html! {
        h1 { (text("Werklijst", "Worklist")) }
        p.sub {
            (text("Wat er nog moet in de trajecten die u mag zien, op ", "What is due in the cases that you may see, on "))
            (days::day(today, language)) "."
        }
        @if let Some(Counts { total, overdue, this_week, later }) = &list.counts {
            p {
                (overdue) " " (text("te laat, ", "late, ")) (this_week) " " (text("deze week, ", "this week, "))
                (later) " " (text("later, ", "later, ")) (total) " " (text("in totaal", "in all"))
            }
        }
        (altered(&list.altered, language))
        (homes(&list.homes, language))
        (vacancies(&list.vacancies, language))
        (form(filters, language))
        h2 #late { (text("Te laat", "Late")) " (" (late.len() + long.len()) ")" }
        @if late.is_empty() && long.is_empty() { p { (text("Niets.", "Nothing.")) } }
        @if !late.is_empty() { (listed("late", &late)) }
        @if !long.is_empty() {
            details {
                summary { (text("Langer dan een half jaar te laat", "Late for more than half a year")) " (" (long.len()) ")" }
                (listed("late", &long))
            }
        }
        @for (id, name, items) in &parts {
            h2 id=(id) { (name) " (" (items.len()) ")" }
            @if items.is_empty() { p { (text("Niets.", "Nothing.")) } } @else { (listed(id, items)) }
        }
        @if let Some(next) = &list.next {
            p { a href=(filters.page_from(next)) { (text("Volgende bladzijde", "Next page")) } }
        }
    }
}

fn form(filters: &Filters, language: Language) -> Markup {
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    let numbers = (1..=10).map(|number| (number.to_string(), number.to_string())).collect::<Vec<_>>();
    let phases = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Unopened);
    let phases =
        phases.map(|phase| (code_of(phase), words::phase(phase, language).to_owned())).collect::<Vec<_>>();
    let parties = [
        Party::Client,
        Party::CareProvider,
        Party::HousingCorporation,
        Party::Municipality,
        Party::MatchingPoint,
    ];
    let parties = parties.map(|party| (code_of(party), words::party(party, language).to_owned()));
    let only = [("true".to_owned(), text("alleen te laat", "late only").to_owned())];
    let owners = [("true", text("van ons", "ours")), ("false", text("van iedereen", "everybody's"))];
    let owners = owners.map(|(value, word)| (value.to_owned(), word.to_owned()));
    let all = text("alle", "all");
    html! {
        form.filter method="get" action="/worklist" {
            (select(("agreement", text("Afspraak", "Agreement")), &filters.agreement, &numbers, all))
            (select(("phase", text("Fase", "Phase")), &filters.phase, &phases, all))
            (select(("party", text("Wie", "Who")), &filters.party, &parties, text("ieder van ons", "each of us")))
            (select(("mine", text("Van wie", "Whose")), &filters.mine, &owners, text("zoals gewoonlijk", "as usual")))
            (select(("overdue", text("Wanneer", "When")), &filters.overdue, &only, all))
            p {
                label for="dueBefore" { (text("Uiterlijk vóór", "Due before")) }
                input #dueBefore name="dueBefore" type="date" value=(filters.due_before);
            }
            p { button.plain { (text("Tonen", "Show")) } }
        }
    }
}

/// The code of a value of a closed list, as the API names it.
fn code_of(value: impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn select((name, label): (&str, &str), chosen: &str, options: &[(String, String)], all: &str) -> Markup {
    html! {
        p {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { (all) }
                @for (value, word) in options {
                    option value=(value) selected[value == chosen] { (word) }
                }
            }
        }
    }
}

fn table(id: &str, items: &[&Item], today: Date, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby=(id) {
            table.stack {
                thead {
                    tr {
                        th scope="col" { (text("Uiterlijk", "Due")) }
                        th scope="col" { (text("Cliënt", "Client")) }
                        th scope="col" { (text("Wat", "What")) }
                        th scope="col" { (text("Wie", "Who")) }
                        th scope="col" { (text("Corporatie", "Corporation")) }
                        th scope="col" { (text("Melden", "Report")) }
                    }
                }
                tbody { @for item in items { (row(item, today, language)) } }
            }
        }
    }
}

fn row(item: &Item, today: Date, language: Language) -> Markup {
    let id = item.trajectory_id.as_str();
    html! {
        tr {
            td { (due(&item.due, today, language)) }
            th scope="row" {
                (whose(id, item.client_name.as_deref(), item.own_reference.as_deref()))
                @if let Some(phase) = item.phase { br; span.sub { (words::phase(phase, language)) } }
            }
            td {
                (item.due.text)
                br;
                span.sub {
                    (language.of_two("afspraak ", "agreement ")) (item.due.agreement)
                    (language.of_two(", sinds ", ", since ")) (days::day(item.due.started_on, language))
                }
            }
            td { (words::parties(&item.due.responsible, language)) }
            td {
                @match &item.corporation {
                    Some(corporation) => { (words::name_of(corporation)) }
                    None => { (language.of_two("nog geen", "none yet")) }
                }
            }
            td { (keeping(&item.due, id, |_| item.mine, language)) }
        }
    }
}
