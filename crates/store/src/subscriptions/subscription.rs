//! A subscription as it is stored.

use std::collections::BTreeSet;

use jiff::Timestamp;
use omklap_domain::ids::{ClientId, TrajectoryId};
use omklap_domain::visibility::{Role, Viewer};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::error::StoreError;

/// A webhook subscription: its owner, its address, the kinds of events, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: Uuid,
    /// The program that made it.
    pub client: ClientId,
    /// The viewer whose view decides what is delivered.
    pub viewer: Viewer,
    /// The URL to which messages are delivered.
    pub url: String,
    /// The kinds of events; none for all.
    pub types: Vec<String>,
    /// Whether it is delivered.
    pub state: State,
    /// Up to here every event was delivered, or its trajectory is held back.
    pub position: i64,
    /// Counts the changes by its owner.
    pub revision: i64,
    /// How well its deliveries go.
    pub health: DeliveryHealth,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Subscription {
    /// Whether it belongs to this viewer: the same organisation and role, and for a client the same
    /// client.
    #[must_use]
    pub fn is_of(&self, viewer: &Viewer) -> bool {
        let whose = |viewer: &Viewer| (viewer.organisation.clone(), viewer.role, viewer.trajectory);
        whose(&self.viewer) == whose(viewer)
    }
}

/// How well the deliveries of a subscription go as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryHealth {
    /// How often in a row the receiver was unreachable.
    pub rests: u32,
    /// The instant since which nothing was accepted.
    pub failing_since: Option<Timestamp>,
    /// The instant until which nothing is tried.
    pub rests_until: Option<Timestamp>,
}

/// Whether a subscription is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is delivered.
    Active,
    /// Its owner has paused it. Events wait.
    Paused,
    /// The receiver was unreachable for too long, or asked for the end. Events wait.
    Disabled,
}

impl State {
    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Disabled].into_iter().find(|state| state.as_str() == name)
    }
}

/// The columns that [`read`] reads. The regions are those of the organisation now.
macro_rules! columns {
    () => {
        "subscription_id, client, organisation, role, trajectory_id, url, types, state, position, revision, rests,
         failing_since, rests_until, created_at,
         coalesce((SELECT known.regions FROM organisations AS known
                   WHERE known.organisation_id = subscriptions.organisation), regions) AS regions"
    };
}
pub(crate) use columns;

pub(crate) fn read(row: &PgRow) -> Result<Subscription, StoreError> {
    let role = Role::named(row.try_get("role")?).ok_or_else(|| unknown("role"))?;
    let regions: Vec<String> = row.try_get("regions")?;
    let regions = regions.iter().map(|region| region.parse().ok()).collect::<Option<BTreeSet<_>>>();
    let viewer = Viewer {
        role,
        organisation: row.try_get::<&str, _>("organisation")?.parse().map_err(|_| unknown("organisation"))?,
        regions: regions.ok_or_else(|| unknown("region"))?,
        trajectory: row.try_get::<Option<Uuid>, _>("trajectory_id")?.map(TrajectoryId),
    };
    Ok(Subscription {
        id: row.try_get("subscription_id")?,
        client: row.try_get::<&str, _>("client")?.parse().map_err(|_| unknown("client"))?,
        viewer,
        url: row.try_get("url")?,
        types: row.try_get("types")?,
        state: State::named(row.try_get("state")?).ok_or_else(|| unknown("state"))?,
        position: row.try_get("position")?,
        revision: row.try_get("revision")?,
        health: DeliveryHealth {
            rests: row.try_get::<i32, _>("rests")?.unsigned_abs(),
            failing_since: instant(row, "failing_since")?,
            rests_until: instant(row, "rests_until")?,
        },
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
    })
}

pub(crate) fn instant(row: &PgRow, column: &str) -> Result<Option<Timestamp>, StoreError> {
    Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(column)?.map(jiff_sqlx::Timestamp::to_jiff))
}

fn unknown(what: &str) -> StoreError {
    sqlx::Error::Decode(format!("a subscription's {what} that this program does not know").into()).into()
}
