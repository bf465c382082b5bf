//! What the owner of a subscription can do with it.

use jiff::Timestamp;
use omklap_domain::ids::ClientId;
use omklap_domain::visibility::Viewer;
use sqlx::Row;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::secrets::Secret;
use super::subscription::{State, Subscription, columns, read};
use crate::error::StoreError;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::record::idempotency::Once;
use crate::registry::entry::RegistryEntry;

/// A subscription to be made.
#[derive(Clone, Debug)]
pub struct NewSubscription {
    /// Its id.
    pub id: Uuid,
    /// The program that makes it.
    pub client: ClientId,
    /// The viewer whose view decides what is delivered.
    pub viewer: Viewer,
    /// The URL to which messages are delivered.
    pub url: String,
    /// The kinds of events; none for all.
    pub types: Vec<String>,
    /// The position after which it begins.
    pub position: i64,
    /// The instant.
    pub created_at: Timestamp,
    /// Who makes it.
    pub metadata: Metadata,
}

/// A notice for the owner of a subscription, such as a message that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The instant from which on.
    pub noticed_at: Timestamp,
    /// Its code.
    pub notice: String,
    /// The message that it is about.
    pub message: Option<Uuid>,
}

/// How many subscriptions an organisation may have in one role.
pub const MOST: i64 = 100;

/// Why no subscription was made.
#[derive(Debug, thiserror::Error)]
pub enum NotSubscribed {
    /// The organisation used this key for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// It has the most subscriptions that it may have in this role.
    #[error("the organisation has {MOST} subscriptions in this role")]
    TooMany,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for NotSubscribed {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Ledger {
    /// Makes a subscription, with a secret that is shown only once. A repeat under the same key
    /// returns the one that was made.
    ///
    /// # Errors
    /// If the key was used for another request, the organisation has too many subscriptions, or the
    /// database is out of reach.
    pub async fn subscribe(
        &self,
        new: NewSubscription,
        once: Option<&Once>,
    ) -> Result<(Subscription, Secret), NotSubscribed> {
        let once = once.map(|once| once.marked(&self.operator_key));
        let mut transaction = self.pool.begin().await?;
        // One after another. Otherwise two could both be the last that fits, or both be the first
        // with their key.
        sqlx::query("SELECT pg_advisory_xact_lock(28526, hashtext($1))")
            .bind(new.viewer.organisation.as_str())
            .execute(&mut *transaction)
            .await?;
        if let Some(once) = &once
            && let Some(made) = made_before(&mut transaction, &new, once).await?
        {
            transaction.rollback().await?;
            let secrets = self.signing_secrets(made.id).await?.ok_or(sqlx::Error::RowNotFound)?;
            return Ok((made, secrets.latest));
        }
        let count =
            sqlx::query_scalar("SELECT count(*) FROM subscriptions WHERE organisation = $1 AND role = $2");
        let count = count.bind(new.viewer.organisation.as_str()).bind(new.viewer.role.as_str());
        let count: i64 = count.fetch_one(&mut *transaction).await?;
        if count >= MOST {
            return Err(NotSubscribed::TooMany);
        }
        let made = self.insert(&mut transaction, new, once).await?;
        transaction.commit().await?;
        Ok(made)
    }

    async fn insert(
        &self,
        connection: &mut PgConnection,
        new: NewSubscription,
        once: Option<Once>,
    ) -> Result<(Subscription, Secret), StoreError> {
        let secret = Secret::generate();
        let registered = (new.url.as_str(), new.types.as_slice(), &secret);
        let entry = self.subscription_entry(new.id, (&new.client, &new.viewer), registered);
        self.register_entry(&mut *connection, &entry, &new.metadata, new.created_at).await?;
        let regions: Vec<_> = new.viewer.regions.iter().map(ToString::to_string).collect();
        let (key, request_hash) = once.map(|once| (once.key, once.request_hash.to_vec())).unzip();
        let row = sqlx::query(concat!(
            "INSERT INTO subscriptions (subscription_id, client, organisation, role, regions, trajectory_id, url, types, state,
                                        position, secret, created_at, once_key, request_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10, $11, $12, $13) RETURNING ",
            columns!()
        ))
        .bind(new.id)
        .bind(new.client.as_str())
        .bind(new.viewer.organisation.as_str())
        .bind(new.viewer.role.as_str())
        .bind(regions)
        .bind(new.viewer.trajectory.map(|id| id.0))
        .bind(new.url)
        .bind(new.types)
        .bind(new.position)
        .bind(self.operator_key.seal_secret(secret.bytes(), new.id))
        .bind(jiff_sqlx::Timestamp::from(new.created_at))
        .bind(key)
        .bind(request_hash)
        .fetch_one(connection)
        .await?;
        Ok((read(&row)?, secret))
    }

    /// A page of the subscriptions of this viewer, in the order of their ids, after the last one of
    /// the page before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn subscriptions_of(
        &self,
        viewer: &Viewer,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Subscription>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM subscriptions WHERE organisation = $1 AND role = $2 AND trajectory_id IS NOT DISTINCT FROM $3
                   AND subscription_id > $4 ORDER BY subscription_id LIMIT $5"
        ))
        .bind(viewer.organisation.as_str())
        .bind(viewer.role.as_str())
        .bind(viewer.trajectory.map(|id| id.0))
        .bind(after.unwrap_or(Uuid::nil()))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// The subscriptions to deliver: those of programs that may still sign in, for the same
    /// organisation and in the same role.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn active_subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM subscriptions WHERE state = 'active' AND EXISTS (
                  SELECT FROM clients JOIN organisations USING (organisation_id)
                  WHERE client_id = subscriptions.client AND organisation_id = subscriptions.organisation
                        AND subscriptions.role = ANY (clients.roles)
                        AND clients.disabled_at IS NULL AND organisations.disabled_at IS NULL)
              ORDER BY subscription_id"
        ))
        .fetch_all(&self.pool)
        .await?;
        // One that cannot be read does not keep the others from being delivered.
        let alarm = |error: &StoreError| {
            tracing::error!(
                problem = "record-altered",
                cause = error.to_string(),
                "a subscription is left out"
            );
        };
        Ok(rows.iter().filter_map(|row| read(row).inspect_err(alarm).ok()).collect())
    }

    /// A subscription, if it exists.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn subscription(&self, id: Uuid) -> Result<Option<Subscription>, StoreError> {
        let row =
            sqlx::query(concat!("SELECT ", columns!(), " FROM subscriptions WHERE subscription_id = $1"))
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        row.as_ref().map(read).transpose()
    }

    /// Pauses or resumes a subscription. One that is resumed is tried at once, whatever failed
    /// before.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn set_subscription_state(&self, id: Uuid, state: State) -> Result<(), StoreError> {
        sqlx::query(
            "WITH changed AS (UPDATE subscriptions SET state = $2, revision = revision + 1, rests = 0,
                                     failing_since = NULL, rests_until = NULL
                              WHERE subscription_id = $1 RETURNING subscription_id)
             UPDATE held_back SET next_attempt_at = first_failed_at FROM changed
             WHERE held_back.subscription_id = changed.subscription_id AND $2 = 'active'",
        )
        .bind(id)
        .bind(state.as_str())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Changes where a subscription is delivered and which kinds, if its owner has not changed it
    /// since it was read; whether it did. Its position stays as it is. A receiver that was out of
    /// reach is tried at once.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn change_subscription(
        &self,
        known: &Subscription,
        (url, types): (&str, &[String]),
        by: &Metadata,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.must_be_as_registered(&format!("subscription {}", known.id)).await?;
        // A secret that is replaced after this makes another revision.
        let Some(secrets) = self.signing_secrets(known.id).await? else { return Ok(false) };
        let mut transaction = self.pool.begin().await?;
        let changed = sqlx::query_scalar(
            "WITH changed AS (UPDATE subscriptions SET url = $3, types = $4, regions = $5, revision = revision + 1, rests = 0,
                                     failing_since = NULL, rests_until = NULL
                              WHERE subscription_id = $1 AND revision = $2 RETURNING subscription_id),
                  tried AS (UPDATE held_back SET next_attempt_at = first_failed_at FROM changed
                            WHERE held_back.subscription_id = changed.subscription_id)
             SELECT count(*) FROM changed",
        );
        let changed = changed.bind(known.id).bind(known.revision).bind(url).bind(types);
        let regions: Vec<_> = known.viewer.regions.iter().map(ToString::to_string).collect();
        let changed: i64 = changed.bind(regions).fetch_one(&mut *transaction).await?;
        if changed != 1 {
            return Ok(false);
        }
        let registered = (url, types, &secrets.latest);
        let entry = self.subscription_entry(known.id, (&known.client, &known.viewer), registered);
        self.register_entry(&mut transaction, &entry, by, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Starts again after a position. Events before it that are held back stay held back.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn replay_subscription(&self, id: Uuid, after: i64) -> Result<(), StoreError> {
        sqlx::query(
            "WITH changed AS (UPDATE subscriptions SET position = $2, revision = revision + 1
                              WHERE subscription_id = $1 RETURNING subscription_id)
             DELETE FROM held_back USING changed
             WHERE held_back.subscription_id = changed.subscription_id AND held_back.position > $2",
        )
        .bind(id)
        .bind(after)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes a subscription with everything that is stored about it. That it was there stays in the
    /// registry.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn unsubscribe(&self, id: Uuid, by: &Metadata, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let ended = sqlx::query("DELETE FROM subscriptions WHERE subscription_id = $1").bind(id);
        if ended.execute(&mut *transaction).await?.rows_affected() == 1 {
            let entry = RegistryEntry::SubscriptionEnded { subscription: id };
            self.register_entry(&mut transaction, &entry, by, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The notices for the owner of a subscription, the latest first, at most a hundred.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn notices(&self, id: Uuid) -> Result<Vec<Notice>, StoreError> {
        let rows = sqlx::query(
            "SELECT noticed_at, notice, message_id FROM subscription_notices WHERE subscription_id = $1
             ORDER BY noticed_at DESC, notice, message_id LIMIT 100",
        )
        .bind(id)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Notice {
                    noticed_at: row.try_get::<jiff_sqlx::Timestamp, _>("noticed_at")?.to_jiff(),
                    notice: row.try_get("notice")?,
                    message: row.try_get("message_id")?,
                })
            })
            .collect()
    }
}

/// The subscription that was made under this key.
async fn made_before(
    connection: &mut PgConnection,
    new: &NewSubscription,
    once: &Once,
) -> Result<Option<Subscription>, NotSubscribed> {
    let row = sqlx::query(concat!(
        "SELECT request_hash, ",
        columns!(),
        " FROM subscriptions WHERE organisation = $1 AND once_key = $2"
    ))
    .bind(new.viewer.organisation.as_str())
    .bind(&once.key)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.try_get::<&[u8], _>("request_hash")? != once.request_hash {
        return Err(NotSubscribed::KeyReused);
    }
    Ok(Some(read(&row)?))
}
