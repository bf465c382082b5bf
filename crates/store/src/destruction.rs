//! Destroying a case when its term has passed, and the certificate that stays.
//!
//! The certificate is an event of an aggregate of its own, `destruction`: it stands in the ledger's order and in its tree, so a
//! signed checkpoint over it proves that the case was destroyed, when, and which leaves of the tree were its events. It is
//! sealed with the ledger's key, so that nobody who has but the database can excuse with one that events are gone.
//! The database destroys the case in the transaction in which the certificate is written (`migrations/0024_guards.sql`).

use std::collections::HashMap;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::retention::{self, Due, Kept, Terms};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;
use sqlx::types::Json;

use crate::access_log::{Line, write_line};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::{Metadata, columns};
use crate::events::hash_chain::{GENESIS, Hash, Link, canonical};
use crate::ledger::Ledger;
use crate::record::rows::id_from;
use crate::tree::{LedgerKeys, Notary};

/// What the event is called.
pub const DESTROYED: &str = "trajectory-destroyed";

/// The version of what it says.
pub(crate) const VERSION: &str = "1.0";

/// What the seal of a certificate names as its format.
const FORMAT: &str = "omklap-certificate/1";

/// How many ended cases are looked at in one page.
const PAGE: i64 = 500;

/// An event that was destroyed, as the tree remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DestroyedEvent {
    /// Its place in the ledger.
    pub position: i64,
    /// Its link in its chain, in hexadecimal.
    pub hash: String,
}

/// What says that a case was destroyed: no word about the client is in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Always the same.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The day it was destroyed.
    pub occurred_on: Day,
    /// Which case, by its pseudonym.
    pub trajectory_id: TrajectoryId,
    /// Which term had passed, and when it began.
    #[serde(flatten)]
    pub due: Due,
    /// How many facts there were.
    pub version: u64,
    /// The events that were destroyed, in the order of the ledger: the facts, and what was told of deadlines.
    pub events: Vec<DestroyedEvent>,
}

/// What is to be destroyed, by whom and when.
#[derive(Clone, Copy, Debug)]
pub struct Destruction<'d> {
    /// Which case.
    pub trajectory: TrajectoryId,
    /// Which term has passed.
    pub due: Due,
    /// The day.
    pub today: Day,
    /// Who does it, and why.
    pub metadata: &'d Metadata,
    /// The line of the access log about it.
    pub access: &'d Line,
    /// The instant.
    pub now: Timestamp,
}

/// A certificate as it stands in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Destroyed {
    /// When.
    pub recorded_at: Timestamp,
    /// What it says, as canonical JSON.
    pub certificate: String,
    /// Its hash, in hexadecimal: the event's link, which the tree covers.
    pub hash: String,
}

/// What became of a case that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its term has not passed.
    NotYet,
    /// Its term has passed, but it is kept.
    Kept(Due, Kept),
    /// It is to be destroyed.
    Destroy(Due),
}

impl Ledger {
    /// The cases that ended, after one, in the order of their ids, each with what its term says today; empty at the end.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn ended(
        &self,
        after: Option<TrajectoryId>,
        terms: Terms,
        today: Day,
    ) -> Result<Vec<(TrajectoryId, Verdict)>, StoreError> {
        let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
            "SELECT trajectory_id FROM trajectories WHERE phase = 'ended' AND trajectory_id > $1
             ORDER BY trajectory_id LIMIT $2",
        )
        .bind(after.map(|after| after.0).unwrap_or_default())
        .bind(PAGE)
        .fetch_all(&self.pool)
        .await?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids.into_iter().map(TrajectoryId) {
            let Some(stream) = self.load(id).await? else { continue };
            let history = stream.history();
            let due = retention::due(history.state(), terms).filter(|due| due.destroy_from <= today);
            let verdict = match (due, retention::kept(history.state())) {
                (None, _) => Verdict::NotYet,
                (Some(due), Some(kept)) => Verdict::Kept(due, kept),
                (Some(due), None) => Verdict::Destroy(due),
            };
            found.push((id, verdict));
        }
        Ok(found)
    }

    /// Destroys a case: its events, texts, keys and rows. What stays is the certificate, and the lines of the access log until
    /// their own term has passed. Needs [the keeper's rights](crate::connect_as_keeper).
    ///
    /// # Errors
    /// Where the database is out of reach, the rights are missing, the case moved on meanwhile, or the key that would seal the
    /// certificate does not know what was signed last.
    ///
    /// # Panics
    /// Never: what is written is JSON.
    pub async fn destroy(
        &self,
        notary: &Notary,
        destruction: Destruction<'_>,
    ) -> Result<Destroyed, StoreError> {
        let Destruction { trajectory, metadata, access, now, .. } = destruction;
        notary.knows_what_was_signed().await?;
        let payload = self.certified(destruction).await?.sealed(&notary.keys);
        let metadata = canonical(metadata).expect("a map of texts is JSON");
        let link = Link {
            aggregate_type: "destruction",
            aggregate_id: &trajectory.to_string(),
            sequence: 1,
            event_id: id_from(now),
            event_type: DESTROYED,
            event_version: VERSION,
            recorded_at: now,
            payload: payload.as_str().into(),
            metadata: metadata.as_str().into(),
        };
        let hash = link.hash(&GENESIS);
        sqlx::query(concat!(
            "WITH ",
            write_line!("$7"),
            " INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                                  metadata, recorded_at, previous_hash, hash)
              VALUES ('destruction', $1, 1, $2, 'trajectory-destroyed', '1.0', $3::json, $4::json, $5, $8, $6)"
        ))
        .bind(trajectory.to_string())
        .bind(link.event_id)
        .bind(&payload)
        .bind(&metadata)
        .bind(jiff_sqlx::Timestamp::from(now))
        .bind(hash.to_vec())
        .bind(Json(access))
        .bind(GENESIS.to_vec())
        .execute(&self.pool)
        .await?;
        Ok(Destroyed { recorded_at: now, certificate: payload, hash: hex::encode(hash) })
    }

    /// The certificate of what is to be destroyed, as it is there now.
    async fn certified(&self, destruction: Destruction<'_>) -> Result<Certificate, StoreError> {
        let Destruction { trajectory, due, today, .. } = destruction;
        let rows = sqlx::query(concat!(
            "SELECT aggregate_type, position, ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1
                                OR aggregate_type = 'deadline' AND left(aggregate_id, 36) = $1
              ORDER BY position"
        ))
        .bind(trajectory.to_string())
        .fetch_all(&self.pool)
        .await?;
        Ok(Certificate {
            kind: DESTROYED,
            occurred_on: today,
            trajectory_id: trajectory,
            due,
            version: facts(&rows)?,
            events: destroyed(&rows)?,
        })
    }

    /// The certificate of a case that was destroyed.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn certificate(&self, trajectory: TrajectoryId) -> Result<Option<Destroyed>, StoreError> {
        let row = sqlx::query(
            "SELECT payload::text AS payload, recorded_at, hash FROM events
             WHERE aggregate_type = 'destruction' AND aggregate_id = $1",
        )
        .bind(trajectory.to_string())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let hash = event::stored_hash(&row)?.unwrap_or(GENESIS);
        let recorded_at = event::recorded_at(&row)?;
        Ok(Some(Destroyed { recorded_at, certificate: row.try_get("payload")?, hash: hex::encode(hash) }))
    }

    /// Drops the months of the access log that ended before this day; answers which. Needs [the keeper's
    /// rights](crate::connect_as_keeper).
    ///
    /// # Errors
    /// Where the database is out of reach, or the day is not five years ago.
    pub async fn drop_access_log_before(&self, day: Day) -> Result<Vec<String>, StoreError> {
        let drop =
            sqlx::query_scalar("SELECT month FROM access_log_drop_months_before($1) AS month ORDER BY month");
        Ok(drop.bind(jiff_sqlx::Date::from(day.date())).fetch_all(&self.pool).await?)
    }

    /// Everything that the tables hold of a trajectory beside its events: rows as JSON, by table. Keys and texts are counted,
    /// not shown.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn held(&self, trajectory: TrajectoryId) -> Result<Value, StoreError> {
        let held = sqlx::query_scalar(
            "SELECT json_build_object(
                'trajectories', (SELECT json_agg(held ORDER BY trajectory_id)
                                 FROM trajectories AS held WHERE trajectory_id = $1),
                'obligations', (SELECT json_agg(held ORDER BY obligation, started_by, part)
                                FROM obligations AS held WHERE trajectory_id = $1),
                'nuisance_cases', (SELECT json_agg(held ORDER BY case_id)
                                   FROM nuisance_cases AS held WHERE trajectory_id = $1),
                'follow_ups', (SELECT json_agg(held ORDER BY month)
                               FROM follow_ups AS held WHERE trajectory_id = $1),
                'contributions', (SELECT json_agg(held ORDER BY trajectory_id)
                                  FROM contributions AS held WHERE trajectory_id = $1),
                'deadlines_told', (SELECT json_agg(payload ORDER BY position) FROM events
                                   WHERE aggregate_type = 'deadline' AND left(aggregate_id, 36) = $1::text),
                'idempotency_keys', (SELECT count(*) FROM idempotency_keys WHERE trajectory_id = $1),
                'data_keys', (SELECT count(*) FROM keys.data_keys WHERE trajectory_id = $1),
                'sealed_texts', (SELECT count(*) FROM vault WHERE trajectory_id = $1))",
        );
        Ok(held.bind(trajectory.0).fetch_one(&self.pool).await?)
    }
}

fn facts(rows: &[PgRow]) -> Result<u64, StoreError> {
    let mut facts = 0;
    for row in rows {
        facts += u64::from(row.try_get::<&str, _>("aggregate_type")? == "trajectory");
    }
    Ok(facts)
}

/// The events as the tree remembers them: where another program wrote one without a hash, by the hash that its chain gives it.
fn destroyed(rows: &[PgRow]) -> Result<Vec<DestroyedEvent>, StoreError> {
    let mut last: HashMap<event::Stream<'_>, Hash> = HashMap::new();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let stream = event::Stream {
            aggregate_type: row.try_get("aggregate_type")?,
            aggregate_id: row.try_get("aggregate_id")?,
        };
        let previous = last.entry(stream).or_insert(GENESIS);
        *previous = event::hash_after(row, stream, previous)?;
        events.push(DestroyedEvent { position: row.try_get("position")?, hash: hex::encode(*previous) });
    }
    Ok(events)
}

impl Certificate {
    /// As canonical JSON, with its seal.
    fn sealed(&self, keys: &LedgerKeys) -> String {
        let written = |value: &Value| canonical(value).expect("texts, numbers and lists, which JSON can say");
        let mut certificate = serde_json::to_value(self).expect("texts, numbers and lists");
        certificate["seal"] = keys.seal(FORMAT, &written(&certificate)).into();
        written(&certificate)
    }
}

/// The events that a certificate lists; none where it is not about this trajectory, or none of these keys sealed it as it stands.
pub(crate) fn listed(payload: &str, trajectory: &str, keys: &LedgerKeys) -> Option<Vec<DestroyedEvent>> {
    let mut certificate: Value = serde_json::from_str(payload).ok()?;
    let seal = certificate.as_object_mut()?.remove("seal")?;
    let is_about_it = certificate["type"] == DESTROYED && certificate["trajectoryId"] == trajectory;
    let is_sealed = keys.sealed(FORMAT, &canonical(&certificate).ok()?, seal.as_str()?);
    if is_about_it && is_sealed { serde_json::from_value(certificate["events"].take()).ok() } else { None }
}
