//! The page for people, at the address of this server. It calls the public API as a partner's
//! program does.

use std::net::SocketAddr;
use std::sync::Arc;

use omklap_web::{DemoPerson, Pages, SignInWith};
use reqwest::Url;

use super::services::Services;

/// The people of the demo: a name, the program, the role. Their organisations are those of the demo's
/// stories.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("Corine", "cosis", "guide"),
    ("Wiebe", "actium", "housing-corporation"),
    ("Marga", "gemeente-assen", "wmo-consultant"),
    ("Joke", "gemeente-assen", "municipality"),
    ("Anne", "matching-point", "matching-point"),
    ("Karel", "auditor", "auditor"),
];

/// The page of a development server.
///
/// # Panics
/// Never: an address is one of a URL.
pub(super) fn at(services: &Services, address: SocketAddr, scheme: &str) -> Arc<Pages> {
    let api = Url::parse(&format!("{scheme}://{address}/")).expect("an address is one of a URL");
    let people = PEOPLE.iter().map(|(name, client, role)| DemoPerson {
        name: (*name).to_owned(),
        client: (*client).to_owned(),
        actor: format!("{client}-{}", name.to_lowercase()),
        role: (*role).to_owned(),
        trajectory: None,
    });
    let clock = services.clock.clone();
    let today = Box::new(move || clock.today().date());
    Arc::new(Pages::new(api, SignInWith::Development(people.collect()), today, scheme == "https"))
}
