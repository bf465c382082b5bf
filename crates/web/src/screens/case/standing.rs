//! How a case is now: living, money, nuisance, and the way to the flip.

use jiff::civil::Date;
use maud::{Markup, html};
use omklap_domain::trajectory::fact::Party;
use serde::Deserialize;

use super::Case;
use crate::days;
use crate::language::Language;
use crate::words;

/// The home of the client.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenancy {
    contract_model: Option<String>,
    landlord: Option<Party>,
    unit: Option<String>,
    started_on: Option<Date>,
    ends_on: Option<Date>,
    in_arrears: Option<bool>,
    being_ended: Option<bool>,
    living_agreements_signed: Option<bool>,
    away: Option<String>,
}

/// The way to the flip.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flip {
    conditions_set: Option<bool>,
    talk_id: Option<String>,
    #[serde(default)]
    positions: Vec<Position>,
    new_rent_disclosed: Option<bool>,
    aftercare_agreed: Option<bool>,
    approved: Option<bool>,
    flipped_on: Option<Date>,
}

#[derive(Debug, Deserialize)]
struct Position {
    party: Option<Party>,
    position: Option<String>,
}

/// The nuisance cases, as their own answer shows them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nuisance {
    cases: Vec<NuisanceCase>,
    withheld: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NuisanceCase {
    reported_on: Option<Date>,
    status: Option<String>,
    ending: Option<String>,
    level: Option<u8>,
    landlord: Option<Party>,
    kind: Option<String>,
    quiet_until: Option<Date>,
    #[serde(default)]
    next: Vec<Action>,
}

#[derive(Debug, Deserialize)]
struct Action {
    #[serde(rename = "action")]
    what: String,
    #[serde(default)]
    by: Vec<Party>,
    until: Option<Date>,
    #[serde(default)]
    overdue: bool,
}

/// What a cell says if there is no value: that it is withheld, or what is true instead.
fn or(
    value: Option<Markup>,
    (case, pointer): (&Case, &str),
    otherwise: &'static str,
    language: Language,
) -> Markup {
    match value {
        Some(value) => value,
        None if case.withholds(pointer) => {
            html! { span.hid { (language.of_two("niet voor u", "not for you")) } }
        }
        None => html! { (otherwise) },
    }
}

fn yes_or_no(value: bool, language: Language) -> Markup {
    html! { (if value { language.of_two("ja", "yes") } else { language.of_two("nee", "no") }) }
}

/// Living and money.
pub fn living(case: &Case, language: Language) -> Markup {
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    let Some(tenancy) = &case.tenancy else {
        return html! {
            h2 #living { (text("Wonen", "Living")) }
            p { (or(None, (case, "/tenancy"), text("Nog geen woning.", "No home yet."), language)) }
        };
    };
    let unknown = text("onbekend", "unknown");
    let row = |name, value, pointer: &str, otherwise| (name, or(value, (case, pointer), otherwise, language));
    let day = |day: Option<Date>| day.map(|day| days::day(day, language));
    let code = |code: &Option<String>| code.as_ref().map(|code| html! { (words::code(code, language)) });
    let yes = |value: Option<bool>| value.map(|value| yes_or_no(value, language));
    let unit = tenancy.unit.as_ref().map(|unit| html! { (unit) });
    let landlord = tenancy.landlord.map(|party| html! { (words::party(party, language)) });
    let none = text("nee", "no");
    let rows = [
        row(text("Contract", "Lease"), code(&tenancy.contract_model), "/tenancy/contractModel", unknown),
        row(text("Sinds", "Since"), day(tenancy.started_on), "/tenancy/startedOn", unknown),
        row(
            text("Eindigt", "Ends"),
            day(tenancy.ends_on),
            "/tenancy/endsOn",
            text("geen einddatum", "no end date"),
        ),
        row(text("Verhuurder", "Landlord"), landlord, "/tenancy/landlord", unknown),
        row(text("Woning", "Dwelling"), unit, "/tenancy/unit", unknown),
        row(
            text("Woonafspraken getekend", "Living agreements signed"),
            yes(tenancy.living_agreements_signed),
            "/tenancy/livingAgreementsSigned",
            unknown,
        ),
        row(text("Tijdelijk weg", "Away"), code(&tenancy.away), "/tenancy/away", none),
        row(text("Huurachterstand", "Arrears"), yes(tenancy.in_arrears), "/tenancy/inArrears", unknown),
        row(
            text("Huur wordt beëindigd", "Lease being ended"),
            yes(tenancy.being_ended),
            "/tenancy/beingEnded",
            unknown,
        ),
        row(
            text("Open bij het garantiefonds", "Open at the guarantee fund"),
            case.open_claims.as_ref().map(|claims| html! { (claims.len()) }),
            "/openClaims",
            none,
        ),
    ];
    html! {
        h2 #living { (text("Wonen en geld", "Living and money")) }
        dl { @for (name, value) in rows { dt { (name) } dd { (value) } } }
    }
}

/// The nuisance cases.
pub fn nuisance(case: &Case, nuisance: &Nuisance, language: Language) -> Markup {
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    let hidden = case.withholds("/nuisanceCases") || nuisance.withheld.iter().any(|one| one == "/cases");
    html! {
        h2 #nuisance { (text("Overlast", "Nuisance")) }
        @if nuisance.cases.is_empty() {
            @if hidden { p.hid { (text("niet voor u", "not for you")) } }
            @else { p { (text("Geen overlastzaken.", "No nuisance cases.")) } }
        }
        @for one in &nuisance.cases { div.box { (nuisance_case(one, language)) } }
    }
}

fn nuisance_case(one: &NuisanceCase, language: Language) -> Markup {
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    html! {
        p {
            @if let Some(level) = one.level { strong { (text("Niveau ", "Level ")) (level) } }
            @if let Some(stand) = one.ending.as_ref().or(one.status.as_ref()) { " · " (words::code(stand, language)) }
            @if let Some(kind) = &one.kind { " · " (words::code(kind, language)) }
            @if let Some(on) = one.reported_on { " · " (text("gemeld ", "reported ")) (days::day(on, language)) }
            @if let Some(landlord) = one.landlord {
                " · " (text("verhuurder: ", "landlord: ")) (words::party(landlord, language))
            }
            @if let Some(until) = one.quiet_until { " · " (text("rustig tot ", "quiet until ")) (days::day(until, language)) }
        }
        @if !one.next.is_empty() {
            ul {
                @for action in &one.next {
                    li {
                        (action.what) " (" (words::parties(&action.by, language)) ")"
                        @if let Some(until) = action.until { ", " (text("uiterlijk ", "by ")) (days::day(until, language)) }
                        @if action.overdue { " " span.tag.late { (text("te laat", "late")) } }
                    }
                }
            }
        }
    }
}

/// The way to the flip, as a checklist.
pub fn flip(case: &Case, language: Language) -> Markup {
    let text = |dutch: &'static str, english: &'static str| language.of_two(dutch, english);
    let heading = html! { h2 #flip { (text("Op weg naar omklappen", "On the way to the flip")) } };
    let Some(flip) = &case.flip else {
        let none = text("Nog niet aan de orde.", "Not yet.");
        return html! { (heading) p { (or(None, (case, "/flip"), none, language)) } };
    };
    if let Some(on) = flip.flipped_on {
        return html! { (heading) p { "✓ " (text("Omgeklapt op ", "Flipped on ")) (days::day(on, language)) } };
    }
    let agrees = |party| {
        flip.positions
            .iter()
            .find(|one| one.party == Some(party))
            .map(|one| one.position.as_deref() == Some("agree"))
    };
    let position = |party| Some(agrees(party).unwrap_or(false));
    let steps = [
        (text("Voorwaarden gesteld en bevestigd", "Conditions set and acknowledged"), flip.conditions_set),
        (text("Omklapgesprek gevoerd", "Flip talk held"), Some(flip.talk_id.is_some())),
        (text("Cliënt akkoord", "Client agrees"), position(Party::Client)),
        (text("Zorgaanbieder akkoord", "Care provider agrees"), position(Party::CareProvider)),
        (text("Corporatie akkoord", "Corporation agrees"), position(Party::HousingCorporation)),
        (text("Nieuwe huur getoond", "New rent disclosed"), flip.new_rent_disclosed),
        (text("Waakvlam afgesproken", "Aftercare agreed"), flip.aftercare_agreed),
        (text("Goedgekeurd door de corporatie", "Approved by the corporation"), flip.approved),
    ];
    html! {
        (heading)
        ul.steps {
            @for (name, done) in steps {
                li {
                    @match done {
                        Some(true) => { "✓ " (text("klaar: ", "done: ")) (name) }
                        Some(false) => { "○ " (text("nog niet: ", "not yet: ")) (name) }
                        None => { "– " (name) ": " span.hid { (text("niet voor u", "not for you")) } }
                    }
                }
            }
        }
    }
}
