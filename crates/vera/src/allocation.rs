//! VERA `Toewijzing` as a corporation sends it: what it says of an offer that the ledger has, or that a home
//! went to somebody else.

use omklap_domain::allocation::{LetTo, VacancyFact, VacancyLet};
use omklap_domain::ids::{OrganisationId, VacancyId};
use omklap_domain::trajectory::fact::DwellingOffered;
use serde_json::Value;

use crate::fault::{Fault, FaultCode};
use crate::keys::{CaseKey, unit_of_uri, vacancy_id};
use crate::node::Message;

/// An allocation that was received.
#[derive(Clone, Copy, Debug)]
pub struct AllocationMessage;

/// What an allocation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationSubject {
    /// An offer of the ledger.
    Offer(CaseKey),
    /// A publication, and no offer of the ledger: its home went to somebody else.
    Publication(VacancyId),
}

impl AllocationMessage {
    /// What it is about, by the ids of the ledger or by the corporation's key of a publication.
    #[must_use]
    pub fn subject(body: &Value, corporation: &OrganisationId) -> Option<AllocationSubject> {
        let id = |field: &str| body.get(field)?.get("id")?.as_str();
        if body.get("aanbieding").is_some_and(|offer| !offer.is_null()) {
            return id("aanbieding")?.parse().ok().map(AllocationSubject::Offer);
        }
        let named = id("publicatie").and_then(|id| id.parse().ok());
        let own = || Some(vacancy_id(corporation, body.get("publicatie")?.get("idExtern")?.as_str()?));
        named.or_else(own).map(AllocationSubject::Publication)
    }

    /// The faults of one that is about nothing that the ledger has.
    #[must_use]
    pub fn about_nothing(message: Message<'_>) -> Vec<Fault> {
        let expected = "het nummer van een aanbieding, zoals omklap het schreef; of publicatie";
        message.complain(Fault::at("/aanbieding/id", FaultCode::Required).expecting(expected));
        message.finish::<()>(None).err().unwrap_or_default()
    }

    /// Reads one of an offer. If the client accepted, it says nothing new.
    ///
    /// # Errors
    /// Every fault of it: that the client did not accept, and what is otherwise than in the offer.
    pub fn of_offer(
        message: Message<'_>,
        offered: &DwellingOffered,
        is_accepted: bool,
    ) -> Result<(), Vec<Fault>> {
        let root = message.root();
        if !is_accepted {
            let expected = "dat een aanbieding is geaccepteerd, meldt de kant van de cliënt";
            message.complain(Fault::at("/aanbieding/id", FaultCode::NothingFollows).expecting(expected));
        }
        if let Some(day) = root.get("datum") {
            day.day();
        }
        let unit = root.get("eenheid").filter(|unit| {
            let named = if unit.is_text() {
                unit.text().and_then(unit_of_uri)
            } else {
                unit.own_key().and_then(|key| key.text()?.parse().ok())
            };
            named.is_none_or(|named| named != offered.unit)
        });
        let rent = root
            .get("rekenhuur")
            .filter(|rent| rent.euros().is_some_and(|cents| cents != offered.rent_cents));
        for node in unit.into_iter().chain(rent) {
            node.complain(FaultCode::Conflict, "de aanbieding");
        }
        message.finish(Some(()))
    }

    /// Reads one of a publication: its home was let to somebody who is no client of the ledger.
    ///
    /// # Errors
    /// Every fault of it. One that names a candidate is about a client, and needs the offer.
    pub fn elsewhere(message: Message<'_>) -> Result<VacancyFact, Vec<Fault>> {
        let root = message.root();
        if root.get("kandidaat").is_some() {
            let expected = "een kandidaat van omklap krijgt eerst een aanbieding";
            message.complain(Fault::at("/aanbieding/id", FaultCode::Required).expecting(expected));
        }
        let on = match root.get("datum") {
            Some(day) => day.day(),
            None => Some(message.on()),
        };
        let fact =
            on.map(|occurred_on| VacancyFact::VacancyLet(VacancyLet { occurred_on, to: LetTo::Elsewhere }));
        message.finish(fact)
    }
}
