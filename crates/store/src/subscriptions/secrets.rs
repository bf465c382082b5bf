//! The secrets with which webhooks are signed. They are stored sealed, and shown once.

use std::fmt;

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::subscription::{columns, instant, read};
use crate::error::StoreError;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;

/// How many random bytes a secret has. Standard Webhooks requires 24 to 64.
const BYTES: usize = 32;

/// How long the earlier secret also signs after it was replaced.
const BOTH_SIGN_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A secret with which the messages of a subscription are signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub(super) fn generate() -> Self {
        let mut bytes = Zeroizing::new(vec![0; BYTES]);
        OsRng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Secret {
    fn from(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(secret)")
    }
}

/// The secrets of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// The one that signs.
    pub latest: Secret,
    /// The one before it, and the instant until which it also signs.
    earlier: Option<(Secret, Timestamp)>,
}

impl Secrets {
    /// Those that sign at this moment, the latest first. Ask for every message: the earlier one may
    /// end in between.
    #[must_use]
    pub fn signing_at(&self, now: Timestamp) -> Vec<Secret> {
        let earlier = self.earlier.iter().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
        std::iter::once(&self.latest).chain(earlier).cloned().collect()
    }
}

impl Ledger {
    /// The secrets that sign the messages of a subscription; none if it does not exist any more.
    ///
    /// # Errors
    /// If the database is out of reach, or a secret does not open.
    pub async fn signing_secrets(&self, subscription: Uuid) -> Result<Option<Secrets>, StoreError> {
        let row = sqlx::query(
            "SELECT secret, earlier_secret, earlier_until FROM subscriptions WHERE subscription_id = $1",
        )
        .bind(subscription)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let open = |sealed: &[u8]| {
            let opened = self.operator_key.open_secret(sealed, subscription).map(Secret);
            opened.map_err(|source| StoreError::Secret { subscription, source })
        };
        let earlier = row.try_get::<Option<&[u8]>, _>("earlier_secret")?.map(open).transpose()?;
        let earlier = earlier.zip(instant(&row, "earlier_until")?);
        Ok(Some(Secrets { latest: open(row.try_get("secret")?)?, earlier }))
    }

    /// Replaces a subscription's secret; the earlier one also signs for a day. A repeat under the
    /// same key returns the one that was made. None if the subscription does not exist any more.
    ///
    /// # Errors
    /// [`StoreError::NotRegistered`] if its row is not what was registered, and if the database is out
    /// of reach.
    pub async fn rotate_secret(
        &self,
        subscription: Uuid,
        once: Option<&str>,
        by: &Metadata,
        now: Timestamp,
    ) -> Result<Option<Secret>, StoreError> {
        self.must_be_as_registered(&format!("subscription {subscription}")).await?;
        let secret = Secret::generate();
        let mark = |key: &str| {
            let mark = self.operator_key.mark("rotation-key", &[subscription.as_bytes(), key.as_bytes()]);
            hex::encode(mark)
        };
        let mut transaction = self.pool.begin().await?;
        let row = sqlx::query(concat!(
            "UPDATE subscriptions SET earlier_secret = secret, earlier_until = $2, secret = $3, rotated_key = $4,
                                      revision = revision + 1
             WHERE subscription_id = $1 AND ($4 IS NULL OR rotated_key IS DISTINCT FROM $4)
             RETURNING ",
            columns!()
        ))
        .bind(subscription)
        .bind(jiff_sqlx::Timestamp::from(now + BOTH_SIGN_FOR))
        .bind(self.operator_key.seal_secret(secret.bytes(), subscription))
        .bind(once.map(mark))
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else {
            return Ok(self.signing_secrets(subscription).await?.map(|secrets| secrets.latest));
        };
        let known = read(&row)?;
        let regions: Vec<_> = known.viewer.regions.iter().map(ToString::to_string).collect();
        let kept = sqlx::query("UPDATE subscriptions SET regions = $2 WHERE subscription_id = $1");
        kept.bind(subscription).bind(regions).execute(&mut *transaction).await?;
        let registered = (known.url.as_str(), known.types.as_slice(), &secret);
        let entry = self.subscription_entry(subscription, (&known.client, &known.viewer), registered);
        self.register_entry(&mut transaction, &entry, by, now).await?;
        transaction.commit().await?;
        Ok(Some(secret))
    }

    /// Deletes the secrets that do not sign any more.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn forget_earlier_secrets(&self, now: Timestamp) -> Result<(), StoreError> {
        let forget = "UPDATE subscriptions SET earlier_secret = NULL, earlier_until = NULL, rotated_key = NULL \
                      WHERE earlier_until <= $1";
        sqlx::query(forget).bind(jiff_sqlx::Timestamp::from(now)).execute(&self.pool).await?;
        Ok(())
    }
}
