//! The secrets with which webhooks are signed. They are stored sealed, and shown once.

use std::fmt;

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::instant;
use crate::error::StoreError;
use crate::ledger::Ledger;

/// How many random bytes a secret has: between the 24 and 64 that Standard Webhooks asks for.
const BYTES: usize = 32;

/// How long the earlier secret signs too after it was replaced.
const BOTH_SIGN_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A secret that signs.
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

impl Ledger {
    /// The secrets that sign what a subscription is sent at this moment, the latest first; none where it is gone.
    ///
    /// # Errors
    /// Where the database is out of reach, or a secret does not open.
    pub async fn signing_secrets(
        &self,
        subscription: Uuid,
        now: Timestamp,
    ) -> Result<Vec<Secret>, StoreError> {
        let row = sqlx::query(
            "SELECT secret, earlier_secret, earlier_until FROM subscriptions WHERE subscription_id = $1",
        )
        .bind(subscription)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let earlier_signs = instant(&row, "earlier_until")?.is_some_and(|until| now < until);
        let earlier = row.try_get::<Option<&[u8]>, _>("earlier_secret")?.filter(|_| earlier_signs);
        let open = |sealed| self.operator_key.open_secret(sealed, subscription).map(Secret);
        [Some(row.try_get("secret")?), earlier]
            .into_iter()
            .flatten()
            .map(|sealed| open(sealed).map_err(|source| StoreError::Secret { subscription, source }))
            .collect()
    }

    /// Replaces a subscription's secret; the earlier one signs too for a day. None where it is gone.
    ///
    /// # Errors
    /// Where the database is out of reach.
    pub async fn rotate_secret(
        &self,
        subscription: Uuid,
        now: Timestamp,
    ) -> Result<Option<Secret>, StoreError> {
        let secret = Secret::generate();
        let done = sqlx::query(
            "UPDATE subscriptions SET earlier_secret = secret, earlier_until = $2, secret = $3, revision = revision + 1
             WHERE subscription_id = $1",
        )
        .bind(subscription)
        .bind(jiff_sqlx::Timestamp::from(now + BOTH_SIGN_FOR))
        .bind(self.operator_key.seal_secret(secret.bytes(), subscription))
        .execute(&self.pool)
        .await?;
        Ok((done.rows_affected() > 0).then_some(secret))
    }
}
