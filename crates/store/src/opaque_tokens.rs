//! What callers send back unread: cursors in the feed, and tags of versions that they have seen.
//! Both are made with the operator's key, so that nobody else can make or read one, and both name
//! what was recorded there, so that a ledger that was restored from a backup recognises what it
//! never recorded (ADR 26).

use jiff::Timestamp;
use sqlx::Row;
use uuid::Uuid;

use crate::error::StoreError;
use crate::events::feed::{Feed, FeedEvent};
use crate::ledger::Ledger;
use crate::vault::OperatorKey;

/// A place in the feed: the event after which the next page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The position of the event; 0 before the first one.
    pub position: i64,
    /// The id of the event; nil if it did not exist any more when the cursor was made.
    event: Uuid,
    /// Its trajectory; nil if it is about another stream.
    trajectory: Uuid,
}

/// The tag of a version of a stream: a keyed mark of its last event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionTag(pub [u8; 8]);

/// How many bytes a [`Place`] has before it is sealed.
const PLACE: usize = 40;

impl Place {
    /// The bytes that are sealed.
    #[must_use]
    pub fn to_bytes(self) -> [u8; PLACE] {
        let mut bytes = [0; PLACE];
        bytes[..8].copy_from_slice(&self.position.to_be_bytes());
        bytes[8..24].copy_from_slice(self.event.as_bytes());
        bytes[24..].copy_from_slice(self.trajectory.as_bytes());
        bytes
    }

    /// The place in these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (position, rest) = bytes.split_first_chunk::<8>()?;
        let (event, trajectory) = rest.split_first_chunk::<16>()?;
        Some(Self {
            position: i64::from_be_bytes(*position),
            event: Uuid::from_bytes(*event),
            trajectory: Uuid::from_bytes(trajectory.try_into().ok()?),
        })
    }
}

impl FeedEvent {
    /// The place after this event.
    #[must_use]
    pub fn place(&self) -> Place {
        let trajectory = self.subject.trajectory().map(|id| id.0).unwrap_or_default();
        Place { position: self.position, event: self.event_id(), trajectory }
    }
}

impl Feed {
    /// The place after this position.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn place(&self, position: i64) -> Result<Place, StoreError> {
        let found = sqlx::query(
            "SELECT event_id, CASE WHEN aggregate_type IN ('trajectory', 'deadline', 'destruction')
                                   THEN left(aggregate_id, 36)::uuid END AS trajectory
             FROM events WHERE position = $1",
        )
        .bind(position)
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = found else { return Ok(Place { position, ..Place::default() }) };
        // An event of another stream belongs to no case.
        let trajectory: Option<Uuid> = row.try_get("trajectory")?;
        Ok(Place { position, event: row.try_get("event_id")?, trajectory: trajectory.unwrap_or_default() })
    }

    /// Whether this ledger recorded the event of a place: the event still exists, or was destroyed
    /// with its trajectory. A ledger that was restored from a backup has another event there, or
    /// none.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn recorded(&self, place: &Place) -> Result<bool, StoreError> {
        if place.position == 0 {
            return Ok(true);
        }
        if place.event.is_nil() {
            return Ok(place.position <= self.last_drawn().await?);
        }
        let recorded = "SELECT CASE WHEN EXISTS (SELECT FROM events WHERE position = $1)
                               THEN EXISTS (SELECT FROM events WHERE position = $1 AND event_id = $2)
                               ELSE EXISTS (SELECT FROM events WHERE aggregate_type = 'destruction' AND aggregate_id = $3)
                               END";
        let recorded = sqlx::query_scalar(recorded)
            .bind(place.position)
            .bind(place.event)
            .bind(place.trajectory.to_string());
        Ok(recorded.fetch_one(self.pool()).await?)
    }
}

impl Ledger {
    /// Seals what a caller is to send back unread. `of` keeps different uses apart.
    #[must_use]
    pub fn seal(&self, of: &str, plain: &[u8]) -> Vec<u8> {
        self.operator_key().seal_token(of, plain)
    }

    /// What was [sealed](Self::seal) here for the same use.
    #[must_use]
    pub fn unseal(&self, of: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        self.operator_key().open_token(of, sealed).ok().map(|plain| plain.to_vec())
    }

    /// The tag of a version of the stream with this id, whose last fact was recorded at this instant.
    #[must_use]
    pub fn version_tag(&self, stream: impl Into<Uuid>, version: u64, recorded_at: Timestamp) -> VersionTag {
        tag(self.operator_key(), stream, version, recorded_at)
    }
}

/// As [`Ledger::version_tag`].
pub(crate) fn tag(
    key: &OperatorKey,
    stream: impl Into<Uuid>,
    version: u64,
    recorded_at: Timestamp,
) -> VersionTag {
    let recorded_at = recorded_at.as_microsecond().to_be_bytes();
    let mark = key.mark("version", &[stream.into().as_bytes(), &version.to_be_bytes(), &recorded_at]);
    VersionTag(*mark.first_chunk().expect("a mark has 32 bytes"))
}
