//! VERA `Eenheid` as a message of its own: a dwelling that is described again, and one as VERA sees it.

use omklap_domain::allocation::{HomeKind, VacantHome};
use omklap_domain::ids::UnitId;
use omklap_domain::trajectory::fact::Access;
use serde_json::{Value, json};

use crate::codes::CodeList;
use crate::fault::{Fault, FaultCode};
use crate::home::HomeMessage;
use crate::node::Message;
use crate::publication::{PublicationChange, Published, described};
use crate::written::{Written, reference};

/// A dwelling that was received by itself.
#[derive(Clone, Copy, Debug)]
pub struct UnitMessage;

impl UnitMessage {
    /// Its code.
    #[must_use]
    pub fn unit(body: &Value) -> Option<UnitId> {
        let keys = ["idExtern", "code", "id"];
        keys.iter().find_map(|key| body.get(key)?.as_str()).and_then(|code| code.parse().ok())
    }

    /// Reads it as a change of the vacancy of this dwelling: what it leaves out stays as it was. By itself a
    /// dwelling is no vacancy, so without one nothing follows.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn read(
        message: Message<'_>,
        before: Option<Published<'_>>,
    ) -> Result<PublicationChange, Vec<Fault>> {
        let root = message.root();
        if root.own_key().is_none() {
            message.complain(Fault::at("/idExtern", FaultCode::Required));
        }
        let home = HomeMessage::read(&root, &message);
        let change = match before {
            Some(Published { opened, .. }) => described(home.over(&opened.home), &opened.home, message.on()),
            None => PublicationChange::Nothing,
        };
        message.finish(Some(change))
    }
}

impl Written {
    /// A vacant dwelling as an `Eenheid`: what the ledger knows of it. An accessibility that is less than a
    /// wheelchair's has no code: `NUL` and `ROA` would promise more.
    #[must_use]
    pub fn unit(home: &VacantHome) -> Self {
        let VacantHome { unit, complex, municipality, neighbourhood, rent_cents, kind, rooms, floor, .. } =
            home;
        let mut address = json!({ "gemeente": { "code": municipality.as_str() } });
        if let Some(code) = neighbourhood {
            let field = if code.as_str().starts_with("BU") { "buurt" } else { "wijk" };
            address[field] = json!({ "code": code.as_str() });
        }
        let label = home.access.and_then(|access| match access {
            Access::Wheelchair => Some("ROL"),
            Access::AnyFloor => Some("ZON"),
            Access::GroundFloorOrLift => None,
        });
        let quiet = home.quiet.map(|quiet| if quiet { "RUS" } else { "DRU" });
        let written = Self::default()
            .text("id", unit)
            .code("soort", CodeList::UnitKind, "WOO")
            .euros("rekenhuur", *rent_cents)
            .with("adres", address)
            .with("clusters", complex.as_ref().map(|complex| json!([{ "id": complex.as_str() }])))
            .with("zelfstandig", kind.map(|kind| json!(kind != HomeKind::Room)))
            .with("kamersAantal", rooms.map(|rooms| json!(rooms)))
            .with("etage", floor.map(|floor| json!(floor)))
            .with("toegankelijkheidslabel", label.map(|label| reference(CodeList::AccessLabel, label)))
            .with("ligging", quiet.map(|quiet| json!([reference(CodeList::UnitSetting, quiet)])));
        match kind {
            Some(HomeKind::Room) => written.code("detailSoort", CodeList::UnitDetailKind, "KAM"),
            _ => written,
        }
    }
}
