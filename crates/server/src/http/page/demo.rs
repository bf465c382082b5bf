//! The people and the cases of the demo, for the sign-in of a development server. The organisations
//! and the members of staff are those of the demo's stories.

use std::collections::BTreeSet;

use omklap_demo::{STORIES, Story};
use omklap_domain::register::partners_in;
use omklap_domain::trajectory::Fact;
use omklap_web::{DemoCase, DemoPerson, Development, Showcase};

/// The people: name, organisation, pseudonym, role, and for a client the number of the own story.
const PEOPLE: &[(&str, &str, &str, &str, Option<usize>)] = &[
    ("Corine", "cosis", "cosis-ct1", "guide", None),
    ("Wiebe", "actium", "actium-wijk-07", "housing-corporation", None),
    ("Marga", "gemeente-assen", "assen-wmo-3", "wmo-consultant", None),
    ("Naima", "leger-des-heils", "ldh-218", "guide", None),
    ("Henriëtte", "leger-des-heils", "ldh-lead", "care-provider", None),
    ("Ruud", "leger-des-heils", "ldh-desk", "nuisance-desk", None),
    ("Petra", "haag-wonen", "hw-woonmanager-3", "housing-corporation", None),
    ("Faisal", "gemeente-den-haag", "dh-wmo-1", "wmo-consultant", None),
    ("Tineke", "corporatie-amsterdam-noord", "can-gb-5", "housing-corporation", None),
    ("Otto", "corporatie-amsterdam-noord", "can-overlast-1", "nuisance-officer", None),
    ("Hilde", "neos", "neos-pb-14", "guide", None),
    ("Jan", "woonstichting-thuis", "thuis-wc-2", "housing-corporation", None),
    ("Lies", "vincent-van-gogh", "vvg-3301", "guide", None),
    ("Sjaak", "wonen-limburg", "wl-cons-9", "housing-corporation", None),
    ("Dunya", "ribw", "ribw-kh-12", "guide", None),
    ("Koen", "pre-wonen", "pw-inc-4", "housing-corporation", None),
    ("Bas", "pro-persona", "pp-88", "guide", None),
    ("Mieke", "pameijer", "pam-501", "guide", None),
    ("Joke", "gemeente-amsterdam", "ams-beleid-2", "municipality", None),
    ("Anne", "matching-point", "mp-1", "matching-point", None),
    ("Karel", "auditor", "auditor-1", "auditor", None),
    ("Laura", "leger-des-heils", "client-laura", "client", Some(1)),
];

/// The story that the start page shows through the eyes of each partner, and whose eyes.
const SHOWCASE: (usize, [&str; 5]) = (1, ["Laura", "Naima", "Petra", "Faisal", "Karel"]);

/// What happens in each story: the client, in Dutch, in English.
const TITLES: &[(&str, &str, &str)] = &[
    ("Rachel", "na acht jaar in een groepswoning een eigen huis", "after eight years in a group home"),
    ("Laura", "de huur die omhoog springt bij de omklap", "the rent that jumps at the flip"),
    (
        "Youssef",
        "een jaar bij de zorgaanbieder, drie jaar daarna",
        "one year with the provider, three years after",
    ),
    (
        "Sjef",
        "drie handtekeningen, een voorgeschoten huur en het garantiefonds",
        "three signatures, an advanced rent and the guarantee fund",
    ),
    ("Dewi", "overlast, binnen twee werkdagen beantwoord", "nuisance answered in two working days"),
    ("Harm", "terug na een lichte Wmo-toets", "returns after a light Wmo test"),
    ("Chantal", "een ontruiming die voorkomen werd", "an eviction prevented"),
    ("Mila", "een geweigerd aanbod en een tweede", "a refused offer and a second one"),
    ("Bram", "een omklap die twee keer werd uitgesteld", "a flip postponed twice"),
    ("Gerrit", "overlijdt tijdens de nazorg", "dies during the follow-up"),
    (
        "Fatima",
        "een verkeerde datum en een melding die er nooit was",
        "a wrong date and a report that never was",
    ),
    ("Piet", "een zorgaanbieder die failliet gaat", "a provider goes bankrupt"),
    ("Anneke", "een lopend traject dat werd overgenomen", "a running case taken over"),
    ("Joost", "er was een huis, maar hij was nog niet zover", "a home was there but he was not ready"),
    ("Nadia", "een tijdelijk contract en een ander huis", "a temporary lease and another home"),
    ("Samira", "een eigen contract vanaf de eerste dag", "a lease of her own from the first day"),
    ("Els", "een renovatie, een tijdelijk huis en de huur", "a renovation, a temporary home and the rent"),
    (
        "Kees",
        "een andere zorgaanbieder midden in het contract",
        "another provider in the middle of the lease",
    ),
    ("Milan", "een huis dat verloren dreigt te gaan, in Den Haag", "a home at risk in Den Haag"),
    (
        "Theo",
        "een van twaalf in Hoogezand, en hun huismeester",
        "one of twelve in Hoogezand and their caretaker",
    ),
    ("Karim", "vindt zelf een huis, en was dubbel geregistreerd", "finds a home himself; registered twice"),
    ("Inge", "zegt na de omklap zelf de huur op", "gives notice after the flip"),
    ("Cor", "de verhuurder meldt een overlijden", "the landlord reports a death"),
    ("Ronnie", "een brand en het einde van de huur", "a fire and the end of the lease"),
];

/// The people and the cases of the demo.
pub(super) fn development() -> Development {
    let person = |(name, client, actor, role, story): &(&str, &str, &str, &str, Option<usize>)| DemoPerson {
        name: (*name).to_owned(),
        client: (*client).to_owned(),
        actor: (*actor).to_owned(),
        role: (*role).to_owned(),
        trajectory: story.and_then(|number| STORIES.get(number)).map(|story| story.id.to_string()),
    };
    let people: Vec<_> = PEOPLE.iter().map(person).collect();
    let cases = STORIES.iter().map(|story| case(story, &people)).collect();
    let (story, eyes) = SHOWCASE;
    let number = |name: &str| people.iter().position(|person| person.name == name);
    let showcase = Showcase {
        trajectory: STORIES[story].id.to_string(),
        people: eyes.into_iter().filter_map(number).collect(),
    };
    Development { people, cases, showcase: Some(showcase) }
}

/// A story with the people who take part in it. A municipality sees figures only.
fn case(story: &Story, people: &[DemoPerson]) -> DemoCase {
    let trajectory = story.id.to_string();
    let facts = story.facts.lines().filter_map(|line| serde_json::from_str::<Fact>(line).ok());
    let facts: Vec<_> = facts.collect();
    let named = facts.iter().flat_map(partners_in);
    let partners: BTreeSet<_> = named.map(|(organisation, _)| organisation.as_str()).collect();
    let takes_part = |person: &DemoPerson| match person.role.as_str() {
        "municipality" => false,
        "client" => person.trajectory.as_deref() == Some(&trajectory),
        "matching-point" | "auditor" => true,
        _ => partners.contains(person.client.as_str()),
    };
    let numbered = people.iter().enumerate().filter(|(_, person)| takes_part(person));
    let people = numbered.map(|(number, _)| number).collect();
    let [client, dutch, english] = title(story);
    DemoCase { trajectory, client, dutch, english, people }
}

/// The client and what happens, in Dutch and English. A story without a title has the words of its
/// name.
fn title(story: &Story) -> [String; 3] {
    let mut words = story.name.split('-').skip(1);
    let client = words.next().unwrap_or_default();
    let known = TITLES.iter().find(|(name, ..)| name.to_lowercase() == client);
    let Some((client, dutch, english)) = known else {
        let happens = words.collect::<Vec<_>>().join(" ");
        return [client.to_owned(), happens.clone(), happens];
    };
    [client, dutch, english].map(|text| (*text).to_owned())
}

#[cfg(test)]
mod tests {
    use omklap_domain::visibility::Role;

    use super::*;

    #[test]
    fn every_role_is_there_and_every_story_has_its_client_and_its_title() {
        let development = development();
        for role in Role::ALL {
            assert!(development.people.iter().any(|person| person.role == role.as_str()), "{role:?}");
        }
        for case in &development.cases {
            assert!(TITLES.iter().any(|(client, ..)| *client == case.client), "{case:?}");
        }
        assert_eq!(development.showcase.expect("a case").people.len(), 5);
        assert!(development.cases[0].people.len() >= 4, "{:?}", development.cases[0]);
    }
}
