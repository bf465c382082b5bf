//! VERA `Aanbieding`: what the answer to an offer means, and an offer as VERA sees it.
//!
//! VERA's status says who ended an offer, but some of its details say something else. Taken as they are,
//! they would count a refusal against a client who refused nothing.

use omklap_domain::day::Day;
use omklap_domain::ids::{OfferId, TrajectoryId};
use omklap_domain::text::PrivateText;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{
    DwellingOffered, OfferRefused, OfferWithdrawn, RefusalGround, WithdrawalGround,
};

use crate::codes::CodeList;
use crate::fault::{Fault, FaultCode};
use crate::keys::{CaseKey, UnitUris};
use crate::node::Message;
use crate::written::Written;

/// An answer to an offer that was received.
#[derive(Clone, Copy, Debug)]
pub struct OfferMessage;

/// What an answer means for the case.
#[derive(Clone, Debug, PartialEq)]
pub enum OfferAnswer {
    /// The offer was refused or withdrawn.
    Fact(Box<Fact>),
    /// It is still open.
    Nothing,
}

/// How an offer ended, by a detail code.
#[derive(Clone, Copy)]
enum Ended {
    Refused(RefusalGround),
    Withdrawn(WithdrawalGround),
}

impl OfferMessage {
    /// Reads the answer to an offer, such as a PATCH.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn answered(message: Message<'_>, offer: OfferId) -> Result<OfferAnswer, Vec<Fault>> {
        let root = message.root();
        let status = root.need("status").and_then(|status| status.code(CodeList::OfferStatus));
        let detail =
            root.get("detailStatus").and_then(|detail| detail.detail(CodeList::OfferDetailStatus, status));
        let on = root.get("antwoorddatum").and_then(|day| day.day()).unwrap_or(message.on());
        let explanation = root.get("antwoordToelichting").and_then(|text| text.text());
        let answer = status.and_then(|status| {
            let ended = match status.code {
                "AAN" => return Some(OfferAnswer::Nothing),
                "TOE" => {
                    message.complain(accepted_by_the_client());
                    return None;
                }
                _ => ended(status.code, detail.map(|detail| detail.code)),
            };
            let needs_words = matches!(ended, Ended::Withdrawn(WithdrawalGround::NotSuitable));
            if needs_words && explanation.is_none() {
                let expected = "ONG zegt niet waarom";
                message.complain(Fault::at("/antwoordToelichting", FaultCode::Required).expecting(expected));
            }
            let explanation = explanation.map(PrivateText::from);
            Some(OfferAnswer::Fact(Box::new(ended.fact(offer, on, explanation))))
        });
        message.finish(answer)
    }
}

fn accepted_by_the_client() -> Fault {
    let expected = "dat een aanbieding is geaccepteerd, meldt de kant van de cliënt";
    Fault::at("/status", FaultCode::NothingFollows).expecting(expected)
}

/// What a status with its detail means. Source: the descriptions of `AANBIEDINGDETAILSTATUS`, ADR 50.
fn ended(status: &str, detail: Option<&str>) -> Ended {
    use RefusalGround as Refusal;
    use WithdrawalGround as Withdrawal;
    match (status, detail) {
        // "Others get priority" and "no right to a permit" are grounds of the law, not of the client.
        ("GEW", Some("ANV" | "GER")) => Ended::Withdrawn(Withdrawal::NoPermit),
        ("GEW", Some("HUU")) => Ended::Refused(Refusal::RentTooHigh),
        ("GEW", Some("WBN" | "WKN" | "BUI" | "PAO")) => Ended::Refused(Refusal::DwellingDoesNotFit),
        ("GEW", Some("WOB")) => Ended::Refused(Refusal::NeighbourhoodDoesNotFit),
        ("GEW", _) => Ended::Refused(Refusal::Other),
        // VERA calls it withdrawn; in the ledger it is an offer that was not answered in time.
        (_, Some("REA")) => Ended::Refused(Refusal::NotAnsweredInTime),
        (_, Some("TOE")) => Ended::Withdrawn(Withdrawal::LetElsewhere),
        (_, Some("ONT")) => Ended::Withdrawn(Withdrawal::OfferedByMistake),
        (_, Some("DOC" | "DON")) => Ended::Withdrawn(Withdrawal::Documents),
        (_, Some("GEG")) => Ended::Withdrawn(Withdrawal::WrongData),
        (_, Some("INH")) => Ended::Withdrawn(Withdrawal::IncomeTooHigh),
        (_, Some("INL")) => Ended::Withdrawn(Withdrawal::IncomeTooLow),
        (_, Some("NIE")) => Ended::Withdrawn(Withdrawal::DidNotAppear),
        (_, Some("ONG")) => Ended::Withdrawn(Withdrawal::NotSuitable),
        (_, _) => Ended::Withdrawn(Withdrawal::Other),
    }
}

impl Ended {
    fn fact(self, offer_id: OfferId, occurred_on: Day, explanation: Option<PrivateText>) -> Fact {
        match self {
            Self::Refused(ground) => {
                Fact::OfferRefused(OfferRefused { occurred_on, offer_id, ground, explanation })
            }
            Self::Withdrawn(ground) => {
                Fact::OfferWithdrawn(OfferWithdrawn { occurred_on, offer_id, ground, explanation })
            }
        }
    }
}

/// An offer and how it ended, to write.
#[derive(Clone, Debug)]
pub struct OfferWritten<'a> {
    /// The case.
    pub trajectory: TrajectoryId,
    /// The offer.
    pub offered: &'a DwellingOffered,
    /// The fact that ended or accepted it, if there is one.
    pub ended_by: Option<&'a Fact>,
}

impl OfferWritten<'_> {
    /// The message. What people wrote is in none: it is private.
    #[must_use]
    pub fn message(&self, uris: &UnitUris) -> Written {
        let Self { offered, ended_by, .. } = self;
        let (status, detail, answered_on) = ended_by.map_or(("AAN", None, None), outcome);
        let mut written = Written::default()
            .text("id", &self.key())
            .code("status", CodeList::OfferStatus, status)
            .day_as_instant("datum", offered.occurred_on)
            .text("eenheid", &uris.unit(&offered.unit));
        if let Some(detail) = detail {
            written = written.code("detailStatus", CodeList::OfferDetailStatus, detail);
        }
        if let Some(day) = answered_on {
            written = written.day_as_instant("antwoorddatum", day);
        }
        if let Some(day) = offered.respond_by {
            written = written.day_as_instant("vervaldatum", day);
        }
        self.of_its_vacancy(written)
    }

    /// The allocation (VERA `Toewijzing`), if the client accepted: with the lease, if there is one.
    #[must_use]
    pub fn allocation(&self, lease: Option<CaseKey>, uris: &UnitUris) -> Option<Written> {
        let Some(Fact::OfferAccepted(accepted)) = self.ended_by else { return None };
        let written = Written::default()
            .text("id", &self.key())
            .day_as_instant("datum", accepted.occurred_on)
            .named("aanbieding", &self.key())
            .text("eenheid", &uris.unit(&self.offered.unit))
            .euros("rekenhuur", self.offered.rent_cents);
        let written = self.of_its_vacancy(written);
        Some(match lease {
            Some(lease) => written.text("overeenkomst", &uris.lease(lease)),
            None => written,
        })
    }

    /// With the candidate and the publication, if the offer names its vacancy.
    fn of_its_vacancy(&self, written: Written) -> Written {
        let Some(vacancy) = self.offered.vacancy else { return written };
        let candidate = CaseKey { trajectory: self.trajectory, part: vacancy.0 };
        written.named("kandidaat", &candidate).named("publicatie", &vacancy)
    }

    fn key(&self) -> CaseKey {
        CaseKey { trajectory: self.trajectory, part: self.offered.offer_id.0 }
    }
}

/// The status, detail status and day of the fact after an offer. A ground without a code of its own gets
/// none: `GER` says that a client is suspected of nuisance, and `PER` is the widest detail of a refusal.
fn outcome(fact: &Fact) -> (&'static str, Option<&'static str>, Option<Day>) {
    match fact {
        Fact::OfferAccepted(accepted) => ("TOE", None, Some(accepted.occurred_on)),
        Fact::OfferRefused(refused) => {
            let (status, detail) = refused_code(refused.ground);
            (status, detail, Some(refused.occurred_on))
        }
        Fact::OfferWithdrawn(withdrawn) => {
            ("ING", withdrawn_code(withdrawn.ground), Some(withdrawn.occurred_on))
        }
        _ => ("AAN", None, None),
    }
}

fn refused_code(ground: RefusalGround) -> (&'static str, Option<&'static str>) {
    match ground {
        RefusalGround::TooFarFromNetwork => ("GEW", Some("PER")),
        RefusalGround::DwellingDoesNotFit => ("GEW", Some("WBN")),
        RefusalGround::NeighbourhoodDoesNotFit => ("GEW", Some("WOB")),
        RefusalGround::RentTooHigh => ("GEW", Some("HUU")),
        RefusalGround::NotAnsweredInTime => ("ING", Some("REA")),
        RefusalGround::Other => ("GEW", None),
    }
}

fn withdrawn_code(ground: WithdrawalGround) -> Option<&'static str> {
    match ground {
        WithdrawalGround::OfferedByMistake => Some("ONT"),
        WithdrawalGround::LetElsewhere => Some("TOE"),
        WithdrawalGround::IncomeTooHigh => Some("INH"),
        WithdrawalGround::IncomeTooLow => Some("INL"),
        WithdrawalGround::Documents => Some("DOC"),
        WithdrawalGround::WrongData => Some("GEG"),
        WithdrawalGround::DidNotAppear => Some("NIE"),
        WithdrawalGround::NotSuitable => Some("ONG"),
        WithdrawalGround::DwellingNotAvailable
        | WithdrawalGround::NuisanceCameToLight
        | WithdrawalGround::ClientNotReady
        | WithdrawalGround::NoPermit
        | WithdrawalGround::Concentration
        | WithdrawalGround::Other => None,
    }
}
