//! A case and its twin look the same on the page for people: to the byte, on every screen of a case, to
//! every role that does not see where they differ.

use omklap_domain::visibility::Role;
use omklap_tests::{Browser, Case, Document, Ledger};
use reqwest::Method;
use serde_json::Value;

use super::stages::stages;
use super::table::{Stage, Table};
use super::twins::{facts_of, twin_of};

/// The case of which the demo's client is the client.
const ID: &str = "01900000-0000-7000-8000-000000000002";

/// The screens of one case, without `/seen`: the lines of one instant of the access log have no order.
/// `twins.rs` compares them, sorted.
const SCREENS: [&str; 7] = [
    "",
    "/replay",
    "/report",
    "/report/signal-reported",
    "/report/case-discussed",
    "/report/event-corrected?corrects=2",
    "/report/trajectory-ended",
];

/// A person of the demo who works in this role, and the organisations that take part in the case then:
/// provider, corporation and municipality.
fn person(role: Role) -> (&'static str, [&'static str; 3]) {
    let usual = ["leger-des-heils", "haag-wonen", "gemeente-den-haag"];
    match role {
        Role::Guide => ("Naima", usual),
        Role::CareProvider => ("Henriëtte", usual),
        Role::NuisanceDesk => ("Ruud", usual),
        Role::HousingCorporation => ("Petra", usual),
        Role::NuisanceOfficer => ("Otto", [usual[0], "corporatie-amsterdam-noord", usual[2]]),
        Role::WmoConsultant => ("Faisal", usual),
        Role::Municipality => ("Joke", [usual[0], usual[1], "gemeente-amsterdam"]),
        Role::MatchingPoint => ("Anne", usual),
        Role::Auditor => ("Karel", usual),
        Role::Client => ("Laura", usual),
    }
}

#[test]
fn a_case_and_its_twin_have_the_same_pages_for_every_role() {
    let (ledger, table) = (Ledger::empty(), Table::read());
    let document = Document::published(&ledger);
    let cases: Vec<_> =
        stages(&ledger).into_iter().step_by(6).map(|(stage, case)| (stage, facts_of(&case), case)).collect();
    let mut compared = 0;
    for (stage, facts, case) in &cases {
        for role in Role::ALL {
            let Some(sight) = table.of(role, *stage) else { continue };
            let (twin, places) = twin_of(facts, role, &sight, &document);
            if !places.is_empty() {
                let [one, other] = [facts, &twin].map(|facts| pages(facts, case, role));
                are_equal(&one, &other, role, *stage);
                compared += 1;
            }
        }
    }
    assert!(compared > 15, "{compared} twins");
}

/// Every screen of a case with these facts, as a person in this role gets it in a ledger of its own.
fn pages(facts: &[Value], case: &Case, role: Role) -> Vec<(u16, String)> {
    let (name, [provider, corporation, municipality]) = person(role);
    let partners = &case.partners;
    let history = [
        (partners.care_provider.as_str(), provider),
        ("stadswonen", corporation),
        (partners.municipality.as_str(), municipality),
    ];
    let history = history.iter().fold(Value::from(facts).to_string(), |text, (theirs, of_demo)| {
        text.replace(&format!("\"{theirs}\""), &format!("\"{of_demo}\""))
    });
    let history: Value = serde_json::from_str(&history).expect("still JSON");
    let ledger = Ledger::empty();
    let opening = ledger.request(Method::PUT, &format!("/v1/trajectories/{ID}")).header("if-none-match", "*");
    opening.by("matching-point").in_role("matching-point").json(&history).answer().with_status(201);
    // An organisation is registered with its first request.
    let _ = ledger.get("/v1/me").by("auditor").in_role("auditor").answer();
    let browser = Browser::at(ledger.address());
    browser.sign_in(name);
    let page = |screen: &str| {
        let shown = browser.open(&format!("/cases/{ID}{screen}"));
        (shown.status, without_what_is_drawn(&shown.html))
    };
    SCREENS.map(page).into()
}

/// Without the values that are drawn for each form: an idempotency key, a version tag, a new id.
fn without_what_is_drawn(html: &str) -> String {
    ["key", "version", "/signalId"].iter().fold(html.to_owned(), |html, name| {
        let before = format!("name=\"{name}\" value=\"");
        let mut parts = html.split(&before);
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('"').map_or(part, |(_, after)| after));
        rest.fold(first, |html, after| html + &before + after)
    })
}

#[track_caller]
fn are_equal(one: &[(u16, String)], other: &[(u16, String)], role: Role, stage: Stage) {
    for ((screen, one), other) in SCREENS.iter().zip(one).zip(other) {
        let lines = one.1.split('<').zip(other.1.split('<'));
        let differing: Vec<_> = lines.filter(|(one, other)| one != other).take(5).collect();
        assert!(
            one == other,
            "{} at {stage:?}, {screen}: {} {} {differing:#?}",
            role.as_str(),
            one.0,
            other.0
        );
    }
}
