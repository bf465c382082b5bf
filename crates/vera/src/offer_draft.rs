//! A new VERA `Aanbieding`: a draft until it says how the dwelling was weighed and who agreed.

use omklap_domain::allocation::VacantHome;
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, VacancyId};
use omklap_domain::text::PrivateText;
use omklap_domain::trajectory::fact::{Considerations, DwellingOffered, Party};
use serde_json::Value;

use crate::codes::CodeList;
use crate::extra;
use crate::fault::{Fault, FaultCode};
use crate::home::words;
use crate::keys::{CaseKey, offer_id, unit_of_uri, vacancy_id};
use crate::node::{Message, Node};

/// A new offer that was received.
#[derive(Clone, Copy, Debug)]
pub struct OfferDraft;

/// What the ledger knows of a new offer.
#[derive(Clone, Copy, Debug)]
pub struct DraftContext<'a> {
    /// The corporation that offers.
    pub corporation: &'a OrganisationId,
    /// The vacancy that the candidate is for, and its dwelling, if the corporation may read it.
    pub vacancy: Option<(VacancyId, &'a VacantHome)>,
}

impl OfferDraft {
    /// The candidate that an offer names: the case and the vacancy.
    #[must_use]
    pub fn candidate(body: &Value) -> Option<CaseKey> {
        body.get("kandidaat")?.get("id")?.as_str()?.parse().ok()
    }

    /// Reads an offer that is complete.
    ///
    /// # Errors
    /// Every fault of it, and everything that makes it a draft: the weighing, the two agreements.
    pub fn offered(message: Message<'_>, context: DraftContext<'_>) -> Result<DwellingOffered, Vec<Fault>> {
        let root = message.root();
        let key = root.own_key().and_then(|key| key.text());
        if key.is_none() {
            message.complain(Fault::at("/idExtern", FaultCode::Required));
        }
        is_a_new_offer(&message, context);
        let offered_on = root.get("datum").and_then(|day| day.day()).unwrap_or(message.on());
        let respond_by = root.get("vervaldatum").and_then(|day| day.day());
        let considerations = considerations(&message);
        let agreed_by = agreed_by(&message);
        let offered = key.zip(context.vacancy).and_then(|(key, (vacancy, home))| {
            let respond_by = respond_by.or_else(|| last_day(home, offered_on));
            Some(DwellingOffered {
                occurred_on: offered_on,
                offer_id: offer_id(context.corporation, key),
                corporation: context.corporation.clone(),
                unit: home.unit.clone(),
                complex: home.complex.clone(),
                municipality: home.municipality.clone(),
                rent_cents: home.rent_cents,
                access: home.access,
                nuisance_on_file: home.nuisance_on_file,
                considerations: considerations?,
                agreed_by: agreed_by?,
                vacancy: Some(vacancy),
                weighing: None,
                why: None,
                respond_by,
            })
        });
        message.finish(offered)
    }
}

/// It has no answer yet, and is of a dwelling that the corporation published.
fn is_a_new_offer(message: &Message<'_>, context: DraftContext<'_>) {
    let status = message.root().get("status").and_then(|status| status.code(CodeList::OfferStatus));
    if status.is_some_and(|status| status.code != "AAN") {
        let expected = "AAN bij een nieuwe aanbieding";
        message.complain(Fault::at("/status", FaultCode::NothingFollows).expecting(expected));
    }
    if let Some((vacancy, home)) = context.vacancy {
        is_of_its_vacancy(message, context.corporation, vacancy, home);
    } else {
        let expected = "het nummer van een kandidaat voor een eigen publicatie";
        message.complain(Fault::at("/kandidaat/id", FaultCode::Required).expecting(expected));
    }
}

/// The publication, the dwelling and the rent are those of the candidate's vacancy, wherever they are named.
fn is_of_its_vacancy(
    message: &Message<'_>,
    corporation: &OrganisationId,
    vacancy: VacancyId,
    home: &VacantHome,
) {
    const EXPECTED: &str = "de publicatie van de kandidaat";
    let conflict = |node: &Node<'_>| node.complain(FaultCode::Conflict, EXPECTED);
    let root = message.root();
    if let Some(named) = root.get("publicatie")
        && !names_vacancy(&named, corporation, vacancy, home)
    {
        conflict(&named);
    }
    let unit = root.get("eenheid");
    if let Some(named) = &unit
        && !names_unit(named, home)
    {
        conflict(named);
    }
    let of_unit = unit.filter(|unit| !unit.is_text()).and_then(|unit| unit.get("rekenhuur"));
    for rent in root.get("rekenhuur").into_iter().chain(of_unit) {
        if rent.euros().is_some_and(|cents| cents != home.rent_cents) {
            conflict(&rent);
        }
    }
}

/// By its id here or the sender's own key, alone or at the end of a URI.
fn names_vacancy(
    named: &Node<'_>,
    corporation: &OrganisationId,
    vacancy: VacancyId,
    home: &VacantHome,
) -> bool {
    let is_it = |text: &str| {
        let is_reference = home.reference.as_ref().is_some_and(|reference| reference.as_str() == text);
        text == vacancy.to_string() || vacancy_id(corporation, text) == vacancy || is_reference
    };
    if named.is_text() {
        return named.text().and_then(|uri| uri.rsplit('/').next()).is_some_and(is_it);
    }
    named.own_key().and_then(|key| key.text()).is_some_and(is_it)
}

fn names_unit(named: &Node<'_>, home: &VacantHome) -> bool {
    let unit = if named.is_text() {
        named.text().and_then(unit_of_uri)
    } else {
        named.own_key().and_then(|key| key.text()?.parse().ok())
    };
    unit.is_some_and(|unit| unit == home.unit)
}

fn last_day(home: &VacantHome, offered_on: Day) -> Option<Day> {
    home.respond_within_days.map(|days| offered_on.plus_days(days.into()))
}

/// The six considerations, each of which must be there (S0: an offer is weighed together).
fn considerations(message: &Message<'_>) -> Option<Considerations> {
    let mut read = extra::CONSIDERATIONS.map(|name| {
        let text = message.extra(name).and_then(|text| text.text()).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            missing(message, name);
        }
        text.map(PrivateText::from)
    });
    let mut take = |at: usize| read[at].take();
    Some(Considerations {
        wishes: take(0)?,
        profile: take(1)?,
        dwelling: take(2)?,
        neighbourhood: take(3)?,
        network: take(4)?,
        day_activity: take(5)?,
    })
}

/// The parties that agreed: the provider and the corporation (S0, obligation 1.3).
fn agreed_by(message: &Message<'_>) -> Option<Vec<Party>> {
    let named = message.extra(extra::AGREED_BY);
    let parties: Vec<Party> = match &named {
        Some(named) => words(named, "care-provider,housing-corporation")?,
        None => Vec::new(),
    };
    let both = [Party::CareProvider, Party::HousingCorporation];
    if both.iter().all(|party| parties.contains(party)) {
        return Some(parties);
    }
    missing(message, extra::AGREED_BY);
    None
}

fn missing(message: &Message<'_>, name: &'static str) {
    message.complain(Fault::at("/extra-attributen", FaultCode::MissingFromOffer).expecting(name));
}
