//! Everything stored about a person and who saw it, for people to read: the response to a subject
//! access request (AVG art. 15).

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use omklap_domain::ids::TrajectoryId;
use omklap_store::access_log::{Access, AccessOutcome, Action};

use crate::http::request::language::Language;

pub(crate) mod dutch_field_names;
mod facts;
pub mod logboek;
mod withheld;

pub(crate) use dutch_field_names::FIELDS;
pub use facts::page_of_facts;
pub(crate) use facts::{dutch_terms, in_english};
pub use withheld::{view_of_client, withhold};

/// One sentence for each line of the access log.
#[must_use]
pub fn accesses(trajectory: TrajectoryId, accesses: &[Access], language: Language) -> String {
    let title = language
        .of_two("Who saw or changed the data of trajectory", "Wie de gegevens zag of wijzigde van traject");
    let mut text = format!("# {title} {trajectory}\n\n");
    for access in accesses {
        writeln!(text, "- {}", sentence(access, language)).expect("a String takes everything");
    }
    text
}

fn sentence(access: &Access, language: Language) -> String {
    let by = &access.by;
    let mut sentence = format!(
        "{}: {} ({}, {}) {}",
        local(access.position.at),
        by.actor,
        by.organisation,
        role_in_words(&by.role, language),
        verb(access.action, language)
    );
    if !access.categories.is_empty() {
        let named = access.categories.iter().map(|category| in_words(category, language));
        write!(sentence, " — {}", named.collect::<Vec<_>>().join(", ")).expect("a String takes everything");
    }
    write!(sentence, "; {} {}", language.of_two("for", "voor"), by.purpose)
        .expect("a String takes everything");
    let others = access.trajectories.len() - 1;
    if others > 0 {
        let with = language.of_two("together with this many others:", "samen met zoveel andere:");
        write!(sentence, " ({with} {others})").expect("a String takes everything");
    }
    sentence
        + match access.outcome {
            AccessOutcome::Given => "",
            AccessOutcome::GivenInPart => language.of_two("; part was withheld", "; een deel werd onthouden"),
            AccessOutcome::Refused => language.of_two("; refused", "; geweigerd"),
        }
}

/// When it was in the Netherlands, to the second.
fn local(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Amsterdam").expect("the tz database is bundled");
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn verb(action: Action, language: Language) -> &'static str {
    match action {
        Action::Read => language.of_two("read the trajectory", "las het traject"),
        Action::List => language.of_two("saw it in a list", "zag het in een lijst"),
        Action::Report => language.of_two("reported", "meldde"),
        Action::Try => language.of_two("tried a report", "probeerde een melding"),
        Action::ReadAccessLog => language.of_two("read who saw what", "las wie wat zag"),
        Action::Export => language.of_two("exported the case", "nam het dossier mee"),
        Action::Follow => {
            language.of_two("was informed of what happened", "kreeg bericht van wat er gebeurde")
        }
        Action::SubjectExport => {
            language.of_two("exported everything for the client", "nam alles mee voor de cliënt")
        }
        Action::Restrict => language
            .of_two("restricted or released the processing", "beperkte de verwerking of gaf haar vrij"),
        Action::Erase => language.of_two("erased texts", "wiste teksten"),
        Action::Hold => {
            language.of_two("placed or lifted a legal hold", "legde een bewaarplicht op of hief haar op")
        }
        Action::Destroy => language.of_two("destroyed the case", "vernietigde het dossier"),
        // About nobody's case, and so on nobody's page.
        Action::Register => language.of_two("registered a partner", "registreerde een partner"),
    }
}

/// A role in the reader's words.
fn role_in_words(role: &str, language: Language) -> &str {
    match role {
        "client" => language.of_two("client", "cliënt"),
        "guide" => language.of_two("guide", "begeleider"),
        "care-provider" => language.of_two("care provider", "zorgaanbieder"),
        "nuisance-desk" => language.of_two("nuisance desk", "overlastmeldpunt"),
        "housing-corporation" => language.of_two("housing corporation", "woningcorporatie"),
        "nuisance-officer" => language.of_two("nuisance officer", "overlastmedewerker"),
        "matching-point" => language.of_two("matching point", "matchingpoint"),
        "municipality" => language.of_two("municipality", "gemeente"),
        "wmo-consultant" => language.of_two("Wmo consultant", "Wmo-consulent"),
        "operator" => language.of_two("operator of the ledger", "beheerder van het register"),
        other => other,
    }
}

/// A category of data (`docs/DOMAIN.md` §8) in the reader's words.
fn in_words(category: &str, language: Language) -> &str {
    let dutch = match category {
        "identity" => "identiteit en contact",
        "course" => "verloop",
        "case-table" => "casustafel",
        "table-talk" => "besproken aan de casustafel",
        "dwelling" => "woning",
        "candidate-list" => "plaats op de kandidatenlijst",
        "dwelling-profile" => "woondeel van het profiel",
        "weighed" => "wat wordt afgewogen",
        "profile" => "uitstroomprofiel",
        "living-goals" => "woondoelen",
        "guidance" => "begeleiding en gezondheid",
        "debts-arranged" => "schulden geregeld of niet",
        "debts" => "schulden",
        "rent" => "huur",
        "guarantee-fund" => "garantiefonds",
        "first-rent" => "eerste huur",
        "municipal-help" => "inzet van de gemeente",
        "living" => "woonafspraken",
        "signals" => "signalen",
        "nuisance-course" => "verloop van overlast",
        "nuisance" => "overlast",
        "reporter" => "melder",
        "flip" => "omklap",
        "consents" => "toestemmingen en inzage",
        "departures" => "afwijkingen",
        "transfer" => "overdracht naar andere regio",
        "return" => "terugkeer",
        "return-grounds" => "gronden van terugkeer",
        other => other,
    };
    language.of_two(category, dutch)
}
