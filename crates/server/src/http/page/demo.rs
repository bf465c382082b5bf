//! The people and the cases of the demo, for the sign-in of a development server. The organisations
//! and the members of staff are those of the demo's stories.

use std::collections::BTreeSet;

use omklap_demo::{STORIES, Story};
use omklap_domain::register::partners_in;
use omklap_domain::trajectory::Fact;
use omklap_web::{DemoCase, DemoPerson, Development, Showcase};

/// The people: name, organisation, pseudonym, role, and for a client the number of its story.
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
    DemoCase {
        trajectory,
        client: story.client(),
        dutch: story.dutch.to_owned(),
        english: story.english.to_owned(),
        people,
    }
}

#[cfg(test)]
mod tests {
    use omklap_domain::visibility::Role;

    use super::*;

    #[test]
    fn every_role_is_there_and_every_story_has_its_people() {
        let development = development();
        for role in Role::ALL {
            assert!(development.people.iter().any(|person| person.role == role.as_str()), "{role:?}");
        }
        assert_eq!(development.showcase.expect("a case").people.len(), 5);
        assert!(development.cases[0].people.len() >= 4, "{:?}", development.cases[0]);
    }
}
