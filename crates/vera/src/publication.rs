//! VERA `Publicatie` and what it means for a vacancy.

use std::collections::BTreeMap;

use omklap_domain::allocation::{
    LetTo, VacancyChanged, VacancyFact, VacancyLet, VacancyOpened, VacancyStatus, VacancyWithdrawalGround,
    VacancyWithdrawn, VacantHome,
};
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_domain::trajectory::fact::ContractModel;

use crate::codes::{Code, CodeList};
use crate::extra;
use crate::fault::{Fault, FaultCode};
use crate::home::HomeMessage;
use crate::keys::{unit_of_uri, vacancy_id};
use crate::node::{Message, Node};

/// What the ledger knows of the sender of a publication.
#[derive(Clone, Copy, Debug)]
pub struct PublicationContext<'a> {
    /// The corporation that sends it.
    pub corporation: &'a OrganisationId,
    /// The regions in which it works, each with the contract models of its agreement set. If there is one
    /// region, a message need not name it. VERA has no code for a three-party lease, so the set decides if
    /// the message does not name the models.
    pub regions: &'a BTreeMap<RegionId, Vec<ContractModel>>,
}

/// A publication as the ledger has it.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    /// How its vacancy was opened, with the dwelling as it was described last.
    pub opened: &'a VacancyOpened,
    /// How far its vacancy is.
    pub status: VacancyStatus,
}

/// A publication that was received, read as far as it concerns omklap.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicationMessage {
    status: Option<&'static Code>,
    detail: Option<&'static Code>,
    /// None if it names more than one dwelling.
    home: Option<HomeMessage>,
}

/// What a change of a publication means for its vacancy.
#[derive(Clone, Debug, PartialEq)]
pub enum PublicationChange {
    /// A fact.
    Fact(Box<VacancyFact>),
    /// Nothing that the ledger records: nothing changed, or the dwelling is mediated by hand.
    Nothing,
}

impl PublicationMessage {
    /// Reads a new publication as the opening of a vacancy.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn opened(
        message: Message<'_>,
        context: &PublicationContext<'_>,
    ) -> Result<VacancyOpened, Vec<Fault>> {
        let root = message.root();
        let key = root.own_key().and_then(|key| key.text());
        if key.is_none() {
            message.complain(Fault::at("/idExtern", FaultCode::Required));
        }
        is_for_the_flip(&root, &message);
        let read = Self::read(&message);
        if read.has_ended() {
            let expected = "VOO, GER, GEP of AAN bij een nieuwe publicatie";
            message.complain(Fault::at("/status", FaultCode::NothingFollows).expecting(expected));
        }
        let region = region(&message, context);
        let opened_on = message.on();
        let home = read.home.and_then(|home| whole(home, region.as_ref(), &message, context));
        let corporation = context.corporation;
        let opened = key.zip(region).zip(home).map(|((key, region), home)| VacancyOpened {
            occurred_on: opened_on,
            vacancy_id: vacancy_id(corporation, key),
            corporation: corporation.clone(),
            region,
            home,
        });
        message.finish(opened)
    }

    /// Reads a change of a publication (PATCH): what it leaves out stays as it was.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn changed(message: Message<'_>, before: Published<'_>) -> Result<PublicationChange, Vec<Fault>> {
        let read = Self::read(&message);
        let change = if read.has_ended() {
            read.ended(&message)
        } else {
            let home = &before.opened.home;
            read.home.map(|read| described(read.over(home), home, message.on()))
        };
        goes_with(&message, change.as_ref(), before.status);
        message.finish(change)
    }

    /// Reads a publication again as a whole (PUT): what it leaves out is not known.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn replaced(
        message: Message<'_>,
        before: Published<'_>,
        context: &PublicationContext<'_>,
    ) -> Result<PublicationChange, Vec<Fault>> {
        is_for_the_flip(&message.root(), &message);
        let read = Self::read(&message);
        let change = if read.has_ended() {
            read.ended(&message)
        } else {
            let Published { opened, .. } = before;
            let home = read.home.and_then(|home| whole(home, Some(&opened.region), &message, context));
            home.map(|home| described(home, &opened.home, message.on()))
        };
        goes_with(&message, change.as_ref(), before.status);
        message.finish(change)
    }

    /// Whether it was withdrawn or finished.
    fn has_ended(&self) -> bool {
        self.status.is_some_and(|status| matches!(status.code, "ING" | "AFG"))
    }

    /// What follows from its end, unless that is at fault.
    fn ended(&self, message: &Message<'_>) -> Option<PublicationChange> {
        if self.status.is_some_and(|status| status.code == "ING") {
            return Some(self.withdrawn(message.on()));
        }
        self.finished(message, message.on())
    }

    fn read(message: &Message<'_>) -> Self {
        let root = message.root();
        let status = root.get("status").and_then(|status| status.code(CodeList::PublicationStatus));
        let detail = root
            .get("detailStatus")
            .and_then(|detail| detail.detail(CodeList::PublicationDetailStatus, status));
        if let Some(contract) = root.get("contractvorm") {
            contract.code(CodeList::PublicationContract);
        }
        let mut home = match root.get("eenheden") {
            Some(units) => units.only_item().map(|unit| home(&unit, message)),
            None => Some(HomeMessage::read(&root.nothing(), message)),
        };
        if let Some(home) = &mut home {
            home.available_from = root.get("opleverdatum").and_then(|day| day.day());
            home.certain = status.map(|status| status.code != "VOO");
            home.reference = root.get("code").and_then(|code| code.parsed(REFERENCE));
        }
        Self { status, detail, home }
    }

    /// `ING`: withdrawn, unless it is mediated by hand. That is what omklap does, so `HAN` is a hint.
    fn withdrawn(&self, on: Day) -> PublicationChange {
        let ground = match self.detail.map(|detail| detail.code) {
            Some("HAN") => return PublicationChange::Nothing,
            Some("ING") => VacancyWithdrawalGround::StaysOccupied,
            Some("REN" | "UIT" | "BES") => VacancyWithdrawalGround::NotToBeLet,
            Some("ONJ") => VacancyWithdrawalGround::ReportedByMistake,
            _ => VacancyWithdrawalGround::Other,
        };
        PublicationChange::Fact(Box::new(VacancyFact::VacancyWithdrawn(VacancyWithdrawn {
            occurred_on: on,
            ground,
        })))
    }

    /// `AFG`: let, or nobody fits. Without the detail it is neither.
    fn finished(&self, message: &Message<'_>, on: Day) -> Option<PublicationChange> {
        let fact = match self.detail.map(|detail| detail.code) {
            Some("TOE") => VacancyFact::VacancyLet(VacancyLet { occurred_on: on, to: LetTo::Outflow }),
            Some("GTW") => {
                let ground = VacancyWithdrawalGround::NobodyFits;
                VacancyFact::VacancyWithdrawn(VacancyWithdrawn { occurred_on: on, ground })
            }
            _ => {
                message.complain(Fault::at("/detailStatus", FaultCode::Required).expecting("TOE of GTW"));
                return None;
            }
        };
        Some(PublicationChange::Fact(Box::new(fact)))
    }
}

/// A vacancy that has ended is not opened again or described otherwise; that it ends again is for the rules
/// of vacancies to refuse.
fn goes_with(message: &Message<'_>, change: Option<&PublicationChange>, status: VacancyStatus) {
    let ends_again = matches!(change, Some(PublicationChange::Fact(fact))
        if matches!(**fact, VacancyFact::VacancyWithdrawn(_) | VacancyFact::VacancyLet(_)));
    if change.is_some() && status != VacancyStatus::Open && !ends_again {
        let expected =
            "deze publicatie is geëindigd; stuur een nieuwe met POST /publicaties en een andere idExtern";
        message.complain(Fault::at("/status", FaultCode::NothingFollows).expecting(expected));
    }
}

/// The dwelling with everything that omklap needs. Without a word about them, its contract models are those
/// of the region's agreement set.
fn whole(
    mut home: HomeMessage,
    region: Option<&RegionId>,
    message: &Message<'_>,
    context: &PublicationContext<'_>,
) -> Option<VacantHome> {
    let of_set = || context.regions.get(region?).cloned();
    home.contract_models = home.contract_models.or_else(of_set);
    home.whole(message, "/eenheden/0")
}

/// The change that a dwelling which is described again means.
pub(crate) fn described(home: VacantHome, before: &VacantHome, on: Day) -> PublicationChange {
    if home == *before {
        return PublicationChange::Nothing;
    }
    PublicationChange::Fact(Box::new(VacancyFact::VacancyChanged(VacancyChanged { occurred_on: on, home })))
}

/// The dwelling of a publication: the unit itself, as in the process form, or its URI, as in the domain
/// form, which says no more than its code.
fn home(unit: &Node<'_>, message: &Message<'_>) -> HomeMessage {
    if !unit.is_text() {
        return HomeMessage::read(unit, message);
    }
    let mut home = HomeMessage::read(&unit.nothing(), message);
    home.unit = unit.text().and_then(unit_of_uri);
    home
}

/// A detail is compared with its model only if that is the right one: one fault, and not two.
fn is_for_the_flip(root: &Node<'_>, message: &Message<'_>) {
    let model = root.need("model").and_then(|model| model.code(CodeList::PublicationModel));
    let right = model.filter(|model| model.code == "DIS");
    if model.is_some() && right.is_none() {
        message.complain(Fault::at("/model", FaultCode::NotForTheFlip));
    }
    let detail = root.need("detailModel");
    let detail = detail.and_then(|detail| detail.detail(CodeList::PublicationDetailModel, right));
    if detail.is_some_and(|detail| detail.code != "OMK") {
        message.complain(Fault::at("/detailModel", FaultCode::NotForTheFlip));
    }
}

/// The region: the one that the message names, or the only one of the corporation.
fn region(message: &Message<'_>, context: &PublicationContext<'_>) -> Option<RegionId> {
    if let (Some((only, _)), 1) = (context.regions.first_key_value(), context.regions.len()) {
        return Some(only.clone());
    }
    let node = message.needed_extra(extra::REGION)?;
    let named = node.parsed(ITS_CODE).filter(|named| context.regions.contains_key(named));
    if named.is_none() {
        node.complain(FaultCode::WrongForm, ITS_CODE);
    }
    named
}

/// How a corporation writes its own reference.
const REFERENCE: &str = "letters, cijfers en . _ : / -, hoogstens 128";
/// How a region is named.
const ITS_CODE: &str = "de code van een regio waarin de corporatie werkt";

/// The status that VERA has for a vacancy: its status and detail status.
pub(crate) fn status_codes(status: VacancyStatus) -> (&'static str, Option<&'static str>) {
    match status {
        VacancyStatus::Open => ("GEP", None),
        VacancyStatus::Withdrawn => ("ING", None),
        VacancyStatus::Let => ("AFG", Some("TOE")),
    }
}
