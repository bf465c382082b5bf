//! What an event of the registry says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::{Role, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::error::StoreError;
use crate::events::append::{self, Last, append, last};
use crate::events::event::StreamId;
use crate::events::hash_chain::canonical;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::organisations::{Client, Organisation};
use crate::subscriptions::Secret;
use crate::vault::OperatorKey;

/// The kinds of streams of the registry: the aggregate types of their events.
pub const KINDS: [&str; 3] = ["agreement-set", "organisation", "subscription"];

/// What an event of the registry says: the whole of what is registered from then on. No text in it is
/// about a person: it cannot be erased.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum RegistryEntry {
    /// An organisation was registered, or its registration changed.
    OrganisationRegistered(OrganisationEntry),
    /// The ledger uses a version of an agreement set from now on.
    AgreementSetAdopted(SetEntry),
    /// A subscription was made, or changed by its owner.
    SubscriptionRegistered(SubscriptionEntry),
    /// A subscription was ended by its owner.
    SubscriptionEnded { subscription: Uuid },
}

/// An organisation with every program that was ever registered for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrganisationEntry {
    pub organisation: OrganisationId,
    pub kind: OrganisationKind,
    pub regions: BTreeSet<RegionId>,
    /// A mark of its name and its contact points under the operator's key: these can name a person.
    pub details: String,
    pub clients: BTreeMap<ClientId, ClientEntry>,
    pub disabled: bool,
}

/// A program of an organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClientEntry {
    pub issuer: String,
    pub roles: BTreeSet<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    pub disabled: bool,
}

/// A version of an agreement set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetEntry {
    pub id: String,
    pub version: u16,
    /// SHA-256 of its canonical JSON, in hexadecimal.
    pub digest: String,
}

/// Who receives messages, of which kinds, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SubscriptionEntry {
    pub subscription: Uuid,
    pub client: String,
    pub organisation: String,
    pub role: String,
    /// A mark of the URL under the operator's key: a URL can hold a secret.
    pub url: String,
    /// The kinds of events; none for all.
    pub types: Vec<String>,
    /// What an event from before this was recorded does not say.
    #[serde(flatten)]
    pub sight: Option<SubscriptionSight>,
}

/// What the messages of a subscription show, and what they are signed with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SubscriptionSight {
    /// The regions of its organisation when it was made or changed.
    pub regions: BTreeSet<RegionId>,
    /// A mark of the only trajectory that it shows, if it is a client's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trajectory: Option<String>,
    /// A mark of the secret with which its messages are signed.
    pub secret: String,
}

impl RegistryEntry {
    /// The type of its event.
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::OrganisationRegistered(_) => "organisation-registered",
            Self::AgreementSetAdopted(_) => "agreement-set-adopted",
            Self::SubscriptionRegistered(_) => "subscription-registered",
            Self::SubscriptionEnded { .. } => "subscription-ended",
        }
    }

    /// The kind and the id of its stream.
    pub fn stream(&self) -> (&'static str, String) {
        match self {
            Self::OrganisationRegistered(entry) => ("organisation", entry.organisation.to_string()),
            Self::AgreementSetAdopted(set) => ("agreement-set", set.name()),
            Self::SubscriptionRegistered(SubscriptionEntry { subscription, .. })
            | Self::SubscriptionEnded { subscription } => ("subscription", subscription.to_string()),
        }
    }
}

impl RegistryEntry {
    /// What it says, part by part, each with the words that name it.
    pub fn parts(&self) -> BTreeMap<String, Value> {
        let parts = match self {
            Self::OrganisationRegistered(entry) => {
                let clients =
                    entry.clients.iter().map(|(id, client)| (program_part(id.as_str()), json!(client)));
                let own = [
                    ("its kind", json!(entry.kind)),
                    ("the list of its regions", json!(entry.regions)),
                    ("its name or contact points", json!(entry.details)),
                    ("whether it is disabled", json!(entry.disabled)),
                ];
                return own
                    .map(|(part, value)| (part.to_owned(), value))
                    .into_iter()
                    .chain(clients)
                    .collect();
            }
            Self::AgreementSetAdopted(set) => vec![("its text", json!(set.digest))],
            Self::SubscriptionRegistered(entry) => {
                let mut parts = vec![
                    ("its program", json!(entry.client)),
                    ("its organisation", json!(entry.organisation)),
                    ("its role", json!(entry.role)),
                    ("its URL", json!(entry.url)),
                    ("its list of kinds of events", json!(entry.types)),
                ];
                parts.extend(entry.sight.iter().flat_map(|sight| {
                    [
                        ("the list of its regions", json!(sight.regions)),
                        ("its trajectory", json!(sight.trajectory)),
                        (SECRET, json!(sight.secret)),
                    ]
                }));
                parts
            }
            Self::SubscriptionEnded { .. } => Vec::new(),
        };
        parts.into_iter().map(|(part, value)| (part.to_owned(), value)).collect()
    }
}

impl SetEntry {
    /// The set, as `id@version`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}

impl OrganisationEntry {
    /// What an event says about this organisation.
    pub fn of(organisation: &Organisation, operator_key: &OperatorKey) -> Self {
        let Organisation { id, name, contact_points, .. } = organisation;
        Self {
            organisation: organisation.id.clone(),
            kind: organisation.kind,
            regions: organisation.regions.clone(),
            details: marked_details(id.as_str(), (name, contact_points), operator_key),
            clients: organisation.clients.iter().map(ClientEntry::of).collect(),
            disabled: organisation.disabled,
        }
    }

    /// With the programs that were registered before and are left out now, which are disabled.
    pub fn after(mut self, before: Option<&Self>) -> Self {
        for (client, known) in before.into_iter().flat_map(|before| &before.clients) {
            self.clients.entry(client.clone()).or_insert(ClientEntry { disabled: true, ..known.clone() });
        }
        self
    }
}

impl ClientEntry {
    /// What an event says about this program.
    pub fn of(client: &Client) -> (ClientId, Self) {
        let Client { id, issuer, roles, purpose, disabled } = client.clone();
        (id, Self { issuer, roles, purpose, disabled })
    }
}

/// The words that name the secret of a subscription.
pub(crate) const SECRET: &str = "its secret";

/// The parts of a subscription that an event does not say if it does not say the secret.
pub(crate) const SIGHT: [&str; 3] = ["the list of its regions", "its trajectory", SECRET];

/// The words that name a program of an organisation.
pub(crate) fn program_part(client: &str) -> String {
    format!("program {client}")
}

/// The mark of the name and the contact points of an organisation.
pub(crate) fn marked_details(
    organisation: &str,
    (name, contact_points): (&str, &BTreeMap<String, String>),
    operator_key: &OperatorKey,
) -> String {
    let shown = canonical(&(name, contact_points)).expect("texts are JSON");
    let parts: [&[u8]; 2] = [organisation.as_bytes(), shown.as_bytes()];
    hex::encode(operator_key.mark("details of an organisation", &parts))
}

/// The mark of a subscription's secret.
pub(crate) fn marked_secret(subscription: Uuid, secret: &[u8], operator_key: &OperatorKey) -> String {
    hex::encode(operator_key.mark("secret of a subscription", &[subscription.as_bytes(), secret]))
}

/// The mark of the only trajectory that a subscription shows.
pub(crate) fn marked_trajectory(subscription: Uuid, trajectory: Uuid, operator_key: &OperatorKey) -> String {
    let parts = [subscription.as_bytes().as_slice(), trajectory.as_bytes()];
    hex::encode(operator_key.mark("trajectory of a subscription", &parts))
}

/// The mark of a subscription's URL.
pub(crate) fn marked_url(subscription: Uuid, url: &str, operator_key: &OperatorKey) -> String {
    hex::encode(operator_key.mark("URL of a subscription", &[subscription.as_bytes(), url.as_bytes()]))
}

impl Ledger {
    /// Records what is registered from now on, after what was registered before, in the transaction
    /// that writes the rows.
    ///
    /// # Errors
    /// If the database is out of reach, or the last event of the stream is not what was recorded.
    pub(crate) async fn register_entry(
        &self,
        connection: &mut PgConnection,
        entry: &RegistryEntry,
        by: &Metadata,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (aggregate_type, aggregate_id) = entry.stream();
        let stream = StreamId { aggregate_type, aggregate_id: &aggregate_id };
        let before = last(&mut *connection, &self.mac_key, stream).await?;
        let event_type = entry.event_type();
        let event = append::Entry { stream, event_type, payload: entry, metadata: by, now };
        append(connection, &self.mac_key, event, before.as_ref()).await
    }

    /// That messages for this viewer, whose program made the subscription, go to this URL.
    pub(crate) fn subscription_entry(
        &self,
        subscription: Uuid,
        (client, viewer): (&ClientId, &Viewer),
        (url, types, secret): (&str, &[String], &Secret),
    ) -> RegistryEntry {
        let key = &self.operator_key;
        let trajectory = viewer.trajectory.map(|id| marked_trajectory(subscription, id.0, key));
        let (regions, secret) = (viewer.regions.clone(), marked_secret(subscription, secret.bytes(), key));
        RegistryEntry::SubscriptionRegistered(SubscriptionEntry {
            subscription,
            client: client.to_string(),
            organisation: viewer.organisation.to_string(),
            role: viewer.role.as_str().to_owned(),
            url: marked_url(subscription, url, key),
            types: types.to_vec(),
            sight: Some(SubscriptionSight { regions, trajectory, secret }),
        })
    }

    /// What the last event of an organisation says, and its number.
    pub(crate) async fn organisation_said(
        &self,
        connection: &mut PgConnection,
        organisation: &OrganisationId,
    ) -> Result<Option<(OrganisationEntry, u64)>, StoreError> {
        let stream = StreamId { aggregate_type: "organisation", aggregate_id: organisation.as_str() };
        let said = |last: Last| match serde_json::from_str(&last.payload) {
            Ok(RegistryEntry::OrganisationRegistered(entry)) => Some((entry, last.sequence)),
            _ => None,
        };
        Ok(last(connection, &self.mac_key, stream).await?.and_then(said))
    }
}
