//! VERA `Huuropzegging`, and the end of a `Huurovereenkomst`: what the end of a lease means.

use omklap_domain::ids::LeaseId;
use omklap_domain::text::PrivateText;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::LeaseEndAgreed;

use crate::codes::CodeList;
use crate::extra;
use crate::fault::{Fault, FaultCode};
use crate::home::words;
use crate::keys::CaseKey;
use crate::node::{Message, Node};

/// The end of a lease that was received.
#[derive(Clone, Copy, Debug)]
pub struct LeaseEndMessage;

/// In which message of VERA the end of a lease was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseEndForm {
    /// `Huurovereenkomst`: the lease ends on `einddatum`; `opzegdatum` is the day on which the tenant gave
    /// notice.
    Lease,
    /// `Huuropzegging`: it takes effect on `opzegdatum`.
    Notice,
}

/// What the end of a lease means.
#[derive(Clone, Debug, PartialEq)]
pub enum LeaseEndReading {
    /// Client and landlord agreed on it.
    Fact(Box<Fact>),
    /// Another name on the lease: the new lease is the flip, and nobody leaves the home.
    FlipExpected,
    /// It is not approved, or no longer wanted.
    Nothing,
}

impl LeaseEndMessage {
    /// The lease that a notice is about. A `Huuropzegging` names no dwelling: that is reached by way of its
    /// lease.
    #[must_use]
    pub fn lease(body: &serde_json::Value) -> Option<CaseKey> {
        body.get("huurovereenkomst")?.get("id")?.as_str()?.parse().ok()
    }

    /// Reads the end of a lease.
    ///
    /// # Errors
    /// Every fault of it, and everything without which no fact follows.
    pub fn read(
        message: Message<'_>,
        form: LeaseEndForm,
        lease: LeaseId,
    ) -> Result<LeaseEndReading, Vec<Fault>> {
        let root = message.root();
        let reason = root.get("eindeReden").and_then(|reason| reason.code(CodeList::EndReason));
        let detail =
            root.get("eindeDetailReden").and_then(|detail| detail.detail(CodeList::EndDetailReason, reason));
        let reading = if detail.is_some_and(|detail| detail.code == "WIJ") {
            Some(LeaseEndReading::FlipExpected)
        } else if !is_final(&root, form) {
            Some(LeaseEndReading::Nothing)
        } else if reason.is_some_and(|reason| reason.code != "OPZ") {
            message.complain(by_the_landlord());
            None
        } else {
            agreed(&message, form, lease).map(|fact| LeaseEndReading::Fact(Box::new(fact)))
        };
        message.finish(reading)
    }
}

/// A landlord who ends a lease follows the protocol of the agreement set: warnings, an alternative place,
/// and a document. VERA has none of these.
fn by_the_landlord() -> Fault {
    let expected = "ontbinding of vernietiging meldt u met POST /v1/trajectories/{trajectoryId}/events";
    Fault::at("/eindeReden", FaultCode::NothingFollows).expecting(expected)
}

/// Whether a notice is approved. One without a status is.
fn is_final(root: &Node<'_>, form: LeaseEndForm) -> bool {
    // The end of a lease itself has a status of another list, which says nothing of a notice.
    let status = root.get("status").filter(|_| form == LeaseEndForm::Notice);
    let code = status.and_then(|status| status.code(CodeList::NoticeStatus));
    !code.is_some_and(|status| matches!(status.code, "AAN" | "INB" | "AFG" | "GEA"))
}

fn agreed(message: &Message<'_>, form: LeaseEndForm, lease_id: LeaseId) -> Option<Fact> {
    let last_day = match form {
        LeaseEndForm::Lease => "einddatum",
        LeaseEndForm::Notice => "opzegdatum",
    };
    let ends_on = message.root().need(last_day).and_then(|day| day.day());
    let signed_by = message
        .needed_extra(extra::SIGNED_BY)
        .and_then(|parties| words(&parties, "client, care-provider, housing-corporation"));
    let next_place = message.needed_extra(extra::NEXT_PLACE).and_then(|place| place.text());
    let document = message
        .needed_extra(extra::DOCUMENT)
        .and_then(|document| document.parsed("letters, cijfers en . _ : / -, hoogstens 128"));
    Some(Fact::LeaseEndAgreed(LeaseEndAgreed {
        occurred_on: message.on(),
        lease_id,
        signed_by: signed_by?,
        ends_on: ends_on?,
        next_place: PrivateText::from(next_place?),
        document: document?,
    }))
}
