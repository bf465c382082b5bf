//! VERA `Huurovereenkomst`: the lease under which a client is housed, and the flip.
//!
//! VERA has no word for the flip. It is the old lease, ended `OPZ` with the detail `WIJ` (another name on
//! the lease), and a new one for an indefinite term that begins on the next day.

use omklap_domain::day::Day;
use omklap_domain::ids::{LeaseId, OrganisationId, TrajectoryId, UnitId};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{
    ContractFlipped, ContractModel, HousedUnderIntermediaryLease, HousedUnderOwnLease,
    HousedUnderTemporaryLease, HousedUnderThreePartyLease, LeaseTerms,
};
use serde_json::Value;

use crate::codes::CodeList;
use crate::extra;
use crate::fault::{Fault, FaultCode};
use crate::home::word;
use crate::keys::{CaseKey, UnitUris, lease_id, unit_of_uri};
use crate::node::{Message, Node};
use crate::written::Written;

/// A lease that was received.
#[derive(Clone, Copy, Debug)]
pub struct LeaseMessage;

/// What the ledger knows of the case of a lease.
#[derive(Clone, Copy, Debug)]
pub struct LeaseContext<'a> {
    /// The corporation that sends it.
    pub corporation: &'a OrganisationId,
    /// The provider of the case.
    pub care_provider: &'a OrganisationId,
    /// The contract models of the case's agreement set.
    pub models: &'a [ContractModel],
    /// The model of the lease under which the client lives, before the flip.
    pub lives_under: Option<ContractModel>,
}

/// What a new lease says.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLease {
    terms: LeaseTerms,
    begins_on: Day,
    term: Term,
}

/// For how long a lease is, and under which contract model.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Term {
    is_temporary: bool,
    /// When a temporary lease ends.
    ends_on: Option<Day>,
    /// The contract model that the message names; none if it leaves that to the ledger.
    model: Option<ContractModel>,
}

impl LeaseMessage {
    /// The case that a lease names in an extra attribute.
    #[must_use]
    pub fn trajectory(body: &Value) -> Option<TrajectoryId> {
        let attributes = body.get("extra-attributen")?.as_array()?;
        let named =
            |attribute: &&Value| attribute.get("naam").and_then(Value::as_str) == Some(extra::TRAJECTORY);
        attributes.iter().find(named)?.get("waarde")?.as_str()?.parse().ok()
    }

    /// Reads a new lease: the client is housed under it or, if they lived in the home already, it is the
    /// flip.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn begun(message: Message<'_>, context: &LeaseContext<'_>) -> Result<Fact, Vec<Fault>> {
        message.needed_extra(extra::TRAJECTORY);
        let read = NewLease::read(&message, context);
        let fact = read.and_then(|lease| match context.lives_under {
            Some(model) => lease.flip(&message, model),
            None => lease.housed(&message, context),
        });
        message.finish(fact)
    }
}

impl NewLease {
    fn read(message: &Message<'_>, context: &LeaseContext<'_>) -> Option<Self> {
        let root = message.root();
        let key = root.own_key().and_then(|key| key.text());
        if key.is_none() {
            message.complain(Fault::at("/idExtern", FaultCode::Required));
        }
        let term = Term::read(message, context);
        runs(&root);
        let begins_on = root.need("begindatum").and_then(|day| day.day());
        let rent_cents = root.need("rekenhuur").and_then(|rent| rent.euros());
        let unit = root.need("eenheden").and_then(|units| units.only_item());
        let unit = unit.and_then(|unit| dwelling(&unit));
        let terms = LeaseTerms {
            lease_id: lease_id(context.corporation, key?),
            care_provider: context.care_provider.clone(),
            corporation: context.corporation.clone(),
            unit: unit?,
            rent_cents: rent_cents?,
            care_agreement: None,
            care_form: None,
        };
        Some(Self { terms, begins_on: begins_on?, term: term? })
    }

    fn housed(self, message: &Message<'_>, context: &LeaseContext<'_>) -> Option<Fact> {
        let model = self.model(message, context)?;
        let Self { terms, begins_on: occurred_on, term: Term { ends_on, .. } } = self;
        Some(match model {
            ContractModel::Intermediary => Fact::HousedUnderIntermediaryLease(HousedUnderIntermediaryLease {
                occurred_on,
                terms,
                head_lease: None,
            }),
            ContractModel::ThreeParty => {
                let backed = message.needed_extra(extra::GUARANTEE_FUND)?.flag()?;
                Fact::HousedUnderThreePartyLease(HousedUnderThreePartyLease {
                    occurred_on,
                    terms,
                    guarantee_fund: backed,
                })
            }
            ContractModel::Temporary => Fact::HousedUnderTemporaryLease(HousedUnderTemporaryLease {
                occurred_on,
                terms,
                ends_on: ends_on?,
            }),
            ContractModel::Own => Fact::HousedUnderOwnLease(HousedUnderOwnLease { occurred_on, terms }),
        })
    }

    /// The contract model: the one that the message names; a temporary one; or the only other one of the
    /// agreement set. A lease for an indefinite term may be each of the other three.
    fn model(&self, message: &Message<'_>, context: &LeaseContext<'_>) -> Option<ContractModel> {
        if self.term.model.is_some() {
            return self.term.model;
        }
        if self.term.is_temporary {
            return Some(ContractModel::Temporary);
        }
        let mut others = context.models.iter().filter(|model| **model != ContractModel::Temporary);
        if let (Some(only), None) = (others.next(), others.next()) {
            return Some(*only);
        }
        message.needed_extra(extra::CONTRACT_MODELS);
        None
    }

    fn flip(self, message: &Message<'_>, model: ContractModel) -> Option<Fact> {
        if self.term.is_temporary {
            let expected = "ONB: na de omklap huurt de cliënt voor onbepaalde tijd";
            message.complain(Fault::at("/detailSoort", FaultCode::NothingFollows).expecting(expected));
            return None;
        }
        let old_ends_on = self.begins_on.plus_days(-1);
        let sublease = message.extra(extra::SUBLEASE_ENDS_ON).and_then(|day| day.day());
        let sublease = sublease.or((model == ContractModel::Intermediary).then_some(old_ends_on));
        Some(Fact::ContractFlipped(ContractFlipped {
            occurred_on: self.begins_on,
            lease_id: self.terms.lease_id,
            rent_cents: self.terms.rent_cents,
            head_lease_ends_on: old_ends_on,
            sublease_ends_on: sublease,
            own_lease_starts_on: self.begins_on,
        }))
    }
}

/// How the contract model of a lease is named.
const ONE_MODEL: &str = "één van intermediary, three-party, temporary en own";

impl Term {
    fn read(message: &Message<'_>, context: &LeaseContext<'_>) -> Option<Self> {
        let root = message.root();
        let is_temporary = is_temporary(&root);
        let end = root.get("einddatum");
        let ends_on = end.as_ref().and_then(Node::day);
        let named = message.extra(extra::CONTRACT_MODELS);
        let model = named.as_ref().and_then(|named| word(named, ONE_MODEL));
        match is_temporary? {
            // The flip refuses a fixed term as a whole.
            true if context.lives_under.is_some() => {}
            true => is_for_a_term(message, end.is_some(), model),
            false => is_without_a_term(message, end, model),
        }
        let is_readable = model.is_some() || named.is_none();
        is_readable.then_some(Self { is_temporary: is_temporary?, ends_on, model })
    }
}

/// The dwelling of a lease: the unit itself, or its URI.
fn dwelling(unit: &Node<'_>) -> Option<UnitId> {
    if unit.is_text() {
        return unit.text().and_then(unit_of_uri);
    }
    unit.own_key()?.parsed("letters, cijfers en . _ : / -, hoogstens 64")
}

/// A lease for a fixed term says when that ends, and has no model but that of a temporary lease.
fn is_for_a_term(message: &Message<'_>, has_end: bool, named: Option<ContractModel>) {
    if !has_end {
        message.complain(Fault::at("/einddatum", FaultCode::Required));
    }
    if named.is_some_and(|model| model != ContractModel::Temporary) {
        let expected = "omklap.contractvormen: TIJ is alleen temporary";
        message.complain(Fault::at("/detailSoort", FaultCode::Conflict).expecting(expected));
    }
}

/// A lease for an indefinite term has no end yet, and is no temporary lease.
fn is_without_a_term(message: &Message<'_>, end: Option<Node<'_>>, named: Option<ContractModel>) {
    if let Some(end) = end {
        end.complain(FaultCode::Conflict, "detailSoort: alleen TIJ heeft een einddatum");
    }
    if named == Some(ContractModel::Temporary) {
        let expected = "omklap.contractvormen: temporary is alleen TIJ";
        message.complain(Fault::at("/detailSoort", FaultCode::Conflict).expecting(expected));
    }
}

/// Whether it is for a fixed term. VERA's other details are no leases of the outflow.
fn is_temporary(root: &Node<'_>) -> Option<bool> {
    let kind = root.need("soort").and_then(|kind| kind.code(CodeList::AgreementKind));
    if kind.is_some_and(|kind| kind.code != "HUU") {
        root.get("soort")?.complain(FaultCode::NothingFollows, "HUU");
        return None;
    }
    let detail_node = root.need("detailSoort")?;
    match detail_node.detail(CodeList::AgreementDetailKind, kind)?.code {
        "TIJ" => Some(true),
        "ONB" | "KAM" => Some(false),
        _ => {
            detail_node.complain(FaultCode::NothingFollows, "ONB, KAM of TIJ");
            None
        }
    }
}

/// A lease that is not signed yet, or has ended, houses nobody.
fn runs(root: &Node<'_>) {
    let Some(node) = root.get("status") else { return };
    let status = node.code(CodeList::AgreementStatus);
    if status.is_some_and(|status| status.code != "LOP") {
        node.complain(FaultCode::NothingFollows, "LOP: de overeenkomst is getekend en loopt");
    }
}

/// The lease that a fact begins, as VERA sees it. At a flip, first the old lease and its end.
#[must_use]
pub(crate) fn leases(
    trajectory: TrajectoryId,
    fact: &Fact,
    old: Option<LeaseId>,
    unit_uris: (&UnitUris, Option<&UnitId>),
) -> Vec<Written> {
    let (uris, unit) = unit_uris;
    let key = |lease: LeaseId| CaseKey { trajectory, part: lease.0 };
    let running = |lease: LeaseId, detail: &str, begins_on: Day| {
        let units = unit.map(|unit| Value::from(vec![uris.unit(unit)]));
        running_lease(key(lease), detail, begins_on).with("eenheden", units)
    };
    match fact {
        Fact::HousedUnderIntermediaryLease(HousedUnderIntermediaryLease { occurred_on, terms, .. })
        | Fact::HousedUnderThreePartyLease(HousedUnderThreePartyLease { occurred_on, terms, .. })
        | Fact::HousedUnderOwnLease(HousedUnderOwnLease { occurred_on, terms }) => {
            vec![running(terms.lease_id, "ONB", *occurred_on).euros("rekenhuur", terms.rent_cents)]
        }
        Fact::HousedUnderTemporaryLease(HousedUnderTemporaryLease { occurred_on, terms, ends_on }) => {
            let lease = running(terms.lease_id, "TIJ", *occurred_on);
            vec![lease.euros("rekenhuur", terms.rent_cents).date("einddatum", *ends_on)]
        }
        Fact::ContractFlipped(flip) => {
            let ended = old.map(|old| ended_by_the_flip(key(old), flip.head_lease_ends_on));
            let own = running(flip.lease_id, "ONB", flip.own_lease_starts_on);
            ended.into_iter().chain([own.euros("rekenhuur", flip.rent_cents)]).collect()
        }
        _ => Vec::new(),
    }
}

fn running_lease(key: CaseKey, detail: &str, begins_on: Day) -> Written {
    Written::default()
        .text("id", &key)
        .code("soort", CodeList::AgreementKind, "HUU")
        .code("detailSoort", CodeList::AgreementDetailKind, detail)
        .code("status", CodeList::AgreementStatus, "LOP")
        .date("begindatum", begins_on)
}

fn ended_by_the_flip(key: CaseKey, on: Day) -> Written {
    Written::default()
        .text("id", &key)
        .code("soort", CodeList::AgreementKind, "HUU")
        .code("status", CodeList::AgreementStatus, "BEE")
        .date("einddatum", on)
        .code("eindeReden", CodeList::EndReason, "OPZ")
        .code("eindeDetailReden", CodeList::EndDetailReason, "WIJ")
}
