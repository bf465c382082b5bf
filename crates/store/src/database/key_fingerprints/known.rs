//! What the database knows about keys, and what it holds that was written with them.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::postgres::PgConnection;

use super::fingerprint::{Fingerprint, KeyKind};
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::tree::{LedgerKeys, newest};
use crate::vault::OperatorKey;

/// A fingerprint as the database has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub fingerprint: Fingerprint,
    pub since: Timestamp,
}

pub(super) async fn newest_known(
    database: &mut PgConnection,
    kind: KeyKind,
) -> Result<Option<Known>, StoreError> {
    let newest =
        "SELECT fingerprint, known_since FROM key_fingerprints WHERE kind = $1 ORDER BY number DESC LIMIT 1";
    let Some(row) = sqlx::query(newest).bind(kind.as_str()).fetch_optional(database).await? else {
        return Ok(None);
    };
    let fingerprint = Hash::try_from(row.try_get::<&[u8], _>("fingerprint")?)
        .map_err(|error| sqlx::Error::Decode(error.into()))?;
    let since = row.try_get::<jiff_sqlx::Timestamp, _>("known_since")?.to_jiff();
    Ok(Some(Known { fingerprint: Fingerprint(fingerprint), since }))
}

pub(super) async fn remember(
    database: &mut PgConnection,
    kind: KeyKind,
    known: Fingerprint,
) -> Result<(), StoreError> {
    let insert = sqlx::query("INSERT INTO key_fingerprints (kind, fingerprint) VALUES ($1, $2)");
    insert.bind(kind.as_str()).bind(known.0.to_vec()).execute(database).await?;
    Ok(())
}

/// Whether the database holds a key or a secret that an operator's key has sealed.
pub(super) async fn holds_sealed(database: &mut PgConnection) -> Result<bool, StoreError> {
    let any = "SELECT EXISTS (SELECT FROM keys.data_keys) OR EXISTS (SELECT FROM subscriptions)";
    Ok(sqlx::query_scalar(any).fetch_one(database).await?)
}

/// Whether this key opens what was sealed: one key of a trajectory and one secret are tried.
pub(super) async fn opens_what_is_sealed(
    database: &mut PgConnection,
    key: &OperatorKey,
) -> Result<bool, StoreError> {
    let sealed = "(SELECT trajectory_id AS of, wrapped_key AS sealed FROM keys.data_keys ORDER BY trajectory_id LIMIT 1)
                  UNION ALL (SELECT subscription_id, secret FROM subscriptions ORDER BY subscription_id LIMIT 1)";
    let mut opens = true;
    for row in sqlx::query(sealed).fetch_all(database).await? {
        opens &= key.open_secret(row.try_get("sealed")?, row.try_get("of")?).is_ok();
    }
    Ok(opens)
}

/// Whether these keys signed the newest checkpoint, if there is one.
pub(super) async fn signed_newest_checkpoint(
    database: &mut PgConnection,
    keys: &LedgerKeys,
) -> Result<bool, StoreError> {
    Ok(newest(database).await?.is_none_or(|newest| keys.read(&newest.note).is_ok()))
}
