//! The words for the codes of the ledger. A code has the words of its label
//! (`crates/domain/src/labels`), unless the page has other ones. A new phase, party or role does not compile without its
//! word; a test walks through every other code of the published API.

mod codes;
mod facts;
mod fields;

use omklap_domain::labels::{label_of, spaced};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::Role;

use crate::language::Language;
use codes::CODES;
use facts::FACTS;
use fields::FIELDS;

/// A kind of fact, as a heading.
pub fn fact(code: &str, language: Language) -> String {
    found(FACTS, code, language).map_or_else(|| capital(&spaced(code)), str::to_owned)
}

/// A code of any other list. A code that this page does not know yet is written as words.
pub fn code(code: &str, language: Language) -> String {
    known_code(code, language).map_or_else(|| spaced(code), str::to_owned)
}

/// A code, if it is one of the ledger's lists.
pub fn known_code(code: &str, language: Language) -> Option<&'static str> {
    let label = || label_of(code).map(|label| language.of_two(label.nl.as_str(), label.en.as_str()));
    found(CODES, code, language).or_else(label)
}

/// A field of a fact, as a label. A field that this page does not know yet is written as words.
pub fn field(name: &str, language: Language) -> String {
    found(FIELDS, name, language).map_or_else(|| capital(&unfolded(name)), str::to_owned)
}

/// An organisation or a region, as long as only its code is known: without dashes.
pub fn name_of(code: &str) -> String {
    let small = |word: &str| ["des", "de", "het", "van", "aan", "en", "op"].contains(&word);
    let parts = code.split('-').enumerate();
    let words = parts.map(|(at, word)| if at > 0 && small(word) { word.to_owned() } else { capital(word) });
    words.collect::<Vec<_>>().join(" ")
}

fn found(
    words: &'static [(&str, &'static str, &'static str)],
    code: &str,
    language: Language,
) -> Option<&'static str> {
    let (_, dutch, english) = words.iter().find(|(known, ..)| *known == code)?;
    Some(language.of_two(dutch, english))
}

/// `rentCents` as `rent cents`.
fn unfolded(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A phase.
pub fn phase(phase: Phase, language: Language) -> &'static str {
    let (dutch, english) = match phase {
        Phase::Unopened => ("Nog niet begonnen", "Not begun"),
        Phase::Preparing => ("Voorbereiding", "Preparing"),
        Phase::Ready => ("Woonklaar", "Ready"),
        Phase::Matching => ("Matching", "Matching"),
        Phase::Offered => ("Aangeboden", "Offered"),
        Phase::Contracting => ("Contract", "Contract"),
        Phase::Housed => ("Wonend", "Housed"),
        Phase::FollowUp => ("Nazorg", "Follow-up"),
        Phase::Ended => ("Afgerond", "Ended"),
    };
    language.of_two(dutch, english)
}

/// A party.
pub fn party(party: Party, language: Language) -> &'static str {
    let (dutch, english) = match party {
        Party::Client => ("cliënt", "client"),
        Party::CareProvider => ("zorgaanbieder", "care provider"),
        Party::HousingCorporation => ("corporatie", "corporation"),
        Party::Municipality => ("gemeente", "municipality"),
        Party::MatchingPoint => ("transferpunt", "matching point"),
    };
    language.of_two(dutch, english)
}

/// Several parties, as an enumeration.
pub fn parties(of: &[Party], language: Language) -> String {
    of.iter().map(|of| party(*of, language)).collect::<Vec<_>>().join(", ")
}

/// A role.
pub fn role(role: Role, language: Language) -> &'static str {
    let (dutch, english) = match role {
        Role::Client => ("Cliënt", "Client"),
        Role::Guide => ("Begeleider", "Guide"),
        Role::CareProvider => ("Zorgaanbieder", "Care provider"),
        Role::NuisanceDesk => ("Overlastmeldpunt", "Nuisance desk"),
        Role::HousingCorporation => ("Corporatie", "Corporation"),
        Role::NuisanceOfficer => ("Overlastconsulent", "Nuisance officer"),
        Role::MatchingPoint => ("Transferpunt", "Matching point"),
        Role::Municipality => ("Gemeente", "Municipality"),
        Role::WmoConsultant => ("Wmo-consulent", "Wmo consultant"),
        Role::Auditor => ("Auditor", "Auditor"),
    };
    language.of_two(dutch, english)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    const PUBLISHED: &str = include_str!("../../../../api-spec/openapi.json");

    /// What the page shows field by field, beside facts.
    const SHOWN: [&str; 3] = ["VacantHomeShown", "PersonsRange", "HousingNeeds"];

    /// The codes of every closed list, except those of facts, and the fields of every fact and of
    /// [`SHOWN`].
    fn published() -> (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) {
        let document: Value = serde_json::from_str(PUBLISHED).expect("JSON");
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let texts = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let facts: BTreeSet<_> = texts(&schemas["FactType"]["enum"]).into_iter().collect();
        let lists = schemas.iter().filter(|(name, _)| *name != "FactType");
        let codes = lists.flat_map(|(_, schema)| texts(&schema["enum"])).collect();
        let of_facts = schemas.values().filter(|schema| {
            schema["properties"]["type"]["const"].as_str().is_some_and(|kind| facts.contains(kind))
        });
        let fields = of_facts.chain(SHOWN.iter().map(|name| &schemas[*name]));
        let fields = fields.flat_map(|schema| schema["properties"].as_object().expect("fields").keys());
        let fields = fields.cloned().collect();
        (facts, codes, fields)
    }

    #[test]
    fn every_published_kind_code_and_field_has_its_words() {
        let (facts, codes, fields) = published();
        let without = |codes: &BTreeSet<String>, words: &'static [(&str, &str, &str)]| -> Vec<String> {
            let known = |code: &&String| found(words, code, Language::Dutch).is_none();
            codes.iter().filter(known).cloned().collect()
        };
        assert_eq!(without(&facts, FACTS), Vec::<String>::new(), "facts");
        let unnamed = codes.iter().filter(|code| known_code(code, Language::Dutch).is_none());
        assert_eq!(unnamed.collect::<Vec<_>>(), Vec::<&String>::new(), "codes");
        assert_eq!(without(&fields, FIELDS), Vec::<String>::new(), "fields");
    }

    #[test]
    fn no_word_of_the_page_repeats_the_label_of_its_code() {
        let repeated = CODES.iter().filter(|(code, dutch, english)| {
            label_of(code).is_some_and(|label| (label.nl.as_str(), label.en.as_str()) == (dutch, english))
        });
        assert_eq!(repeated.collect::<Vec<_>>(), Vec::<&(&str, &str, &str)>::new());
    }

    #[test]
    fn a_code_that_is_not_known_yet_is_written_as_words() {
        assert_eq!(fact("home-found", Language::Dutch), "Home found");
        assert_eq!(code("of-the-moon", Language::English), "of the moon");
        assert_eq!(field("newFieldOn", Language::English), "New field on");
        assert_eq!(name_of("leger-des-heils"), "Leger des Heils");
    }
}
