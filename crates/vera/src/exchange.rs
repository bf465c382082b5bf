//! What a connector between the ledger and a corporation's own VERA server has to know of messages: which
//! are for the flip, by which key each side knows an object, and how a message names it on the other side.

use omklap_domain::day::Day;
use omklap_domain::ids::OrganisationId;
use serde_json::{Map, Value, json};

use crate::codes::CodeList;
use crate::keys::{CaseKey, lease_id};
use crate::node::{Message, Node};

/// A kind of message that a connector writes to a corporation's server, in an order in which none names a
/// later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutgoingKind {
    /// `Kandidaat`
    Candidate,
    /// `Aanbieding`
    Offer,
    /// `Toewijzing`
    Allocation,
}

impl OutgoingKind {
    /// Every one, in their order.
    pub const ALL: [Self; 3] = [Self::Candidate, Self::Offer, Self::Allocation];

    /// The path of its list.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Candidate => "kandidaten",
            Self::Offer => "aanbiedingen",
            Self::Allocation => "toewijzingen",
        }
    }
}

/// The list of publications, which a connector reads.
pub const PUBLICATIONS: &str = "publicaties";
/// The list of notices, which a connector reads.
pub const NOTICES: &str = "huuropzeggingen";

/// The fields in which a message names another object, and the list of that object.
const NAMING: [(&str, &str); 3] =
    [("kandidaat", "kandidaten"), ("aanbieding", "aanbiedingen"), ("publicatie", PUBLICATIONS)];

/// A message of the ledger, as a corporation's server is sent it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its id in the ledger, which is its `idExtern` there.
    pub key: String,
    /// The objects that it names: the list of each, and its id in the ledger.
    pub names: Vec<(&'static str, String)>,
    fields: Map<String, Value>,
}

impl Outgoing {
    /// The message that the ledger wrote; none if it has no id.
    #[must_use]
    pub fn of(written: Value) -> Option<Self> {
        let Value::Object(mut fields) = written else { return None };
        let key = fields.remove("id")?.as_str()?.to_owned();
        let other = |(field, list): &(&str, &'static str)| {
            let id = fields.get(*field)?.get("id")?.as_str()?;
            Some((*list, id.to_owned()))
        };
        let names = NAMING.iter().filter_map(other).collect();
        Some(Self { key, names, fields })
    }

    /// A candidate who is on the list no more. It has no status: `AFG` would say that somebody rejected the
    /// client.
    ///
    /// # Panics
    /// Never: it has an id.
    #[must_use]
    pub fn former_candidate(key: CaseKey) -> Self {
        let written = json!({ "id": key.to_string(), "publicatie": { "id": key.part } });
        Self::of(written).expect("it has an id")
    }

    /// The message for the other side. `theirs` has the ids there, by the list and the id in the ledger.
    #[must_use]
    pub fn message(&self, theirs: impl Fn(&str, &str) -> Option<String>) -> Value {
        let mut fields = self.fields.clone();
        fields.insert("idExtern".to_owned(), Value::from(self.key.as_str()));
        for (field, list) in NAMING {
            let Some((_, key)) = self.names.iter().find(|(named, _)| *named == list) else { continue };
            let named = match theirs(list, key) {
                // A publication is the corporation's own: what the ledger calls it is no key there.
                Some(id) if list == PUBLICATIONS => json!({ "id": id }),
                Some(id) => json!({ "id": id, "idExtern": key }),
                None => json!({ "idExtern": key }),
            };
            fields.insert(field.to_owned(), named);
        }
        Value::Object(fields)
    }
}

/// A publication on a corporation's server that is for the flip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedThere {
    /// The corporation's own key of it, from which the id of the vacancy follows; none if it has none, which
    /// the ledger refuses.
    pub key: Option<String>,
    /// Its id on that server.
    pub id: Option<String>,
    /// Whether it was withdrawn or finished.
    pub has_ended: bool,
}

impl OfferedThere {
    /// The publication, if its model and detail model are those of the flip. Any other one stays where it is.
    #[must_use]
    pub fn of(body: &Value, on: Day) -> Option<Self> {
        let message = Message::new(body, on);
        let root = message.root();
        let says = |field: &str, code: &str| {
            let node = root.get(field)?;
            let node = if node.is_text() { node } else { node.get("code")? };
            (node.text()? == code).then_some(())
        };
        says("model", "DIS").and_then(|()| says("detailModel", "OMK"))?;
        let text = |node: Node<'_>| node.text().map(str::to_owned);
        let status = root.get("status").and_then(|status| status.code(CodeList::PublicationStatus));
        Some(Self {
            key: root.own_key().and_then(text),
            id: root.get("id").and_then(text),
            has_ended: status.is_some_and(|status| matches!(status.code, "ING" | "AFG")),
        })
    }
}

/// The leases with a corporation that the ledger has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownLeases(Vec<CaseKey>);

impl KnownLeases {
    /// Those that these allocations name.
    #[must_use]
    pub fn of(allocations: &[Value]) -> Self {
        let lease = |allocation: &Value| last_step(allocation.get("overeenkomst")?.as_str()?)?.parse().ok();
        Self(allocations.iter().filter_map(lease).collect())
    }

    /// A notice of one of these leases, naming it as the ledger does. A notice of any other lease is about
    /// somebody who is no client, and none of the ledger's business.
    #[must_use]
    pub fn notice(&self, body: &Value, corporation: &OrganisationId) -> Option<Value> {
        let lease = body.get("huurovereenkomst")?;
        let names: Vec<&str> = match lease.as_str() {
            Some(uri) => last_step(uri).into_iter().collect(),
            None => ["id", "idExtern", "code"].iter().filter_map(|key| lease.get(key)?.as_str()).collect(),
        };
        let is_named = |lease: &&CaseKey| {
            let key = lease.to_string();
            names.iter().any(|name| *name == key || lease_id(corporation, name).0 == lease.part)
        };
        let lease = self.0.iter().find(is_named)?;
        let mut notice = body.clone();
        notice.as_object_mut()?.insert("huurovereenkomst".to_owned(), json!({ "id": lease.to_string() }));
        Some(notice)
    }
}

fn last_step(uri: &str) -> Option<&str> {
    uri.trim_end_matches('/').rsplit('/').next()
}
