//! Whether each reporter was registered when it reported: its organisation, its program and its role,
//! as the events of the registry say it (ADR 42).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use omklap_domain::allocation::StreamKind;
use omklap_domain::ids::{ClientId, OrganisationId};
use omklap_domain::visibility::Role;
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use super::entry::{OrganisationEntry, RegistryEntry};
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;

/// How long a report may be in the making, and a server may know a registration that has changed.
const IN_THE_MAKING: SignedDuration = SignedDuration::from_mins(10);

/// How many events are read at once.
const PAGE: i64 = 10_000;

/// An event whose reporter was not registered as the event says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{stream}: event {sequence}: {organisation} was not registered with this program in this role")]
pub struct NotRegistered {
    /// `trajectory ID`, or the kind and the id of another stream.
    pub stream: String,
    /// The number of the event.
    pub sequence: u64,
    /// The organisation that the event names.
    pub organisation: String,
}

impl NotRegistered {
    /// A stable code for this finding.
    pub const CODE: &'static str = "reporter-not-registered";
}

/// What was registered of each organisation, in the order of the ledger.
struct Registrations(BTreeMap<OrganisationId, Vec<(i64, Timestamp, OrganisationEntry)>>);

impl Ledger {
    /// Finds the events that an organisation, program or role reported that was not registered at that
    /// time, and hands each to `report`. An event that names no organisation, or the operator, is not
    /// one of these.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn check_reporters(&self, mut report: impl FnMut(NotRegistered)) -> Result<(), StoreError> {
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let registrations = registrations(&mut instant).await?;
        let kinds: Vec<&str> =
            ["trajectory"].into_iter().chain(StreamKind::ALL.iter().map(|kind| kind.as_str())).collect();
        let mut after = 0_i64;
        loop {
            let rows = sqlx::query(
                "SELECT aggregate_type || ' ' || aggregate_id AS stream, sequence, position, recorded_at,
                        metadata ->> 'organisation' AS organisation, metadata ->> 'role' AS role,
                        metadata ->> 'client' AS client
                 FROM events WHERE position > $1 AND aggregate_type = ANY ($2) ORDER BY position LIMIT $3",
            )
            .bind(after)
            .bind(&kinds)
            .bind(PAGE)
            .fetch_all(&mut *instant)
            .await?;
            let Some(last) = rows.last() else { break };
            after = last.try_get("position")?;
            for row in &rows {
                registrations.missing(row)?.into_iter().for_each(&mut report);
            }
        }
        instant.rollback().await?;
        Ok(())
    }
}

impl Registrations {
    /// The finding about an event, if its reporter was not registered.
    fn missing(&self, row: &PgRow) -> Result<Option<NotRegistered>, StoreError> {
        let Some(organisation) = row.try_get::<Option<&str>, _>("organisation")? else { return Ok(None) };
        let (role, client): (Option<&str>, Option<&str>) = (row.try_get("role")?, row.try_get("client")?);
        // An operator's command reports about the record itself; no partner can be registered as one.
        let is_operator = organisation == "operator" && role == Some("operator") && client.is_none();
        let named = || Some((organisation.parse().ok()?, client?.parse().ok()?, Role::named(role?)?));
        let (position, at) = (row.try_get("position")?, event::recorded_at(row)?);
        let was =
            |(organisation, client, role)| self.was_registered(&organisation, &client, role, position, at);
        if is_operator || named().is_some_and(was) {
            return Ok(None);
        }
        let (stream, organisation) = (row.try_get("stream")?, organisation.to_owned());
        Ok(Some(NotRegistered { stream, sequence: event::sequence(row)?, organisation }))
    }

    /// Whether the program could act for the organisation in this role, by what was registered before
    /// this position: last, or until a moment before.
    fn was_registered(
        &self,
        organisation: &OrganisationId,
        client: &ClientId,
        role: Role,
        position: i64,
        at: Timestamp,
    ) -> bool {
        let known = self.0.get(organisation).map_or(&[][..], Vec::as_slice);
        let mut ended_at = Timestamp::MAX;
        for (_, since, entry) in known.iter().rev().skip_while(|(from, ..)| *from > position) {
            if at.duration_since(ended_at) > IN_THE_MAKING {
                return false;
            }
            let is_admitted =
                |client: &super::entry::ClientEntry| !client.disabled && client.roles.contains(&role);
            if !entry.disabled && entry.clients.get(client).is_some_and(is_admitted) {
                return true;
            }
            ended_at = *since;
        }
        false
    }
}

/// Every registration of an organisation.
async fn registrations(database: &mut PgConnection) -> Result<Registrations, StoreError> {
    let rows = sqlx::query(
        "SELECT position, recorded_at, payload FROM events WHERE aggregate_type = 'organisation'
         ORDER BY aggregate_id, sequence",
    )
    .fetch_all(database)
    .await?;
    let mut registrations: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in &rows {
        let said = serde_json::from_str(event::stored_text(row, "payload")?);
        if let Ok(RegistryEntry::OrganisationRegistered(entry)) = said {
            let since = (row.try_get("position")?, event::recorded_at(row)?);
            registrations.entry(entry.organisation.clone()).or_default().push((since.0, since.1, entry));
        }
    }
    Ok(Registrations(registrations))
}
