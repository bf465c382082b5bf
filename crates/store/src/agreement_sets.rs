//! The agreement sets that the ledger has used: each version as it was when it was first used, with the
//! event that adopts it (ADR 42). Results that rest on a version do not change, so the version must not
//! change either.

use std::fmt;

use jiff::Timestamp;
use omklap_domain::agreements::{AgreementSet, AgreementSets};
use sha2::{Digest, Sha256};
use sqlx::{PgPool, Row};

use crate::error::StoreError;
use crate::events::hash_chain::canonical;
use crate::ledger::Ledger;
use crate::registry::entry::{RegistryEntry, SetEntry};

/// Why a ledger does not use these sets.
#[derive(Debug, thiserror::Error)]
pub enum SetsError {
    /// They are not the sets that it used before: everything that is wrong with them.
    #[error("{}", Listed(.0))]
    Unfit(Vec<Unfit>),
    /// The sets that it used before cannot be read, or new ones cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a set that the ledger used before. A set is named `id@version`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The same version has other contents.
    #[error(
        "agreement set {set} differs from the one that this ledger has used since {since:.0}; raise its version"
    )]
    Changed {
        /// The set.
        set: String,
        /// When the ledger first used it.
        since: Timestamp,
    },
    /// Cases are bound to it, and it is missing.
    #[error("agreement set {0} is missing, but cases of this ledger are bound to it; restore its file")]
    Gone(String),
}

struct Listed<'a>(&'a [Unfit]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }
}

impl Ledger {
    /// Checks that its sets are those that it has used so far, and stores new ones. Call this
    /// before anything is derived by them.
    ///
    /// # Errors
    /// If a version was changed, or one that cases are bound to is missing.
    pub async fn keep_to_its_sets(&self, now: Timestamp) -> Result<(), SetsError> {
        let known = Known::from(self.sets());
        self.adopt(&known, now).await?;
        let mut unfit = known.changed(&self.pool).await?;
        unfit.extend(known.missing(&self.pool).await?);
        if unfit.is_empty() { Ok(()) } else { Err(SetsError::Unfit(unfit)) }
    }

    /// Stores new versions, each with the event that says so.
    async fn adopt(&self, known: &Known, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let new: Vec<(String, i32, Vec<u8>)> = sqlx::query_as(
            "INSERT INTO agreement_sets (id, version, digest, text, first_seen_at)
             SELECT id, version, digest, text, $5
             FROM unnest($1::text[], $2::int[], $3::bytea[], $4::text[]) AS known (id, version, digest, text)
             ORDER BY id, version ON CONFLICT DO NOTHING RETURNING id, version, digest",
        )
        .bind(&known.ids)
        .bind(&known.versions)
        .bind(&known.digests)
        .bind(&known.texts)
        .bind(jiff_sqlx::Timestamp::from(now))
        .fetch_all(&mut *transaction)
        .await?;
        let by = ["actor", "organisation", "role"].map(|name| (name.to_owned(), "operator".to_owned()));
        let by = by.into_iter().chain([("purpose".to_owned(), "registry".to_owned())]).collect();
        for (id, version, digest) in new {
            let version = u16::try_from(version).map_err(|error| sqlx::Error::Decode(error.into()))?;
            let set = SetEntry { id, version, digest: hex::encode(digest) };
            let entry = RegistryEntry::AgreementSetAdopted(set);
            self.register_entry(&mut transaction, &entry, &by, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// The sets of this program, column by column.
struct Known {
    ids: Vec<String>,
    versions: Vec<i32>,
    digests: Vec<Vec<u8>>,
    texts: Vec<String>,
}

impl From<&AgreementSets> for Known {
    fn from(sets: &AgreementSets) -> Self {
        let texts: Vec<_> = sets.iter().map(text).collect();
        Self {
            ids: sets.iter().map(|set| set.id.to_string()).collect(),
            versions: sets.iter().map(|set| set.version.into()).collect(),
            digests: texts.iter().map(|text| Sha256::digest(text).to_vec()).collect(),
            texts,
        }
    }
}

fn text(set: &AgreementSet) -> String {
    canonical(set).expect("a set is texts, numbers and lists")
}

impl Known {
    /// The versions that were stored with other contents.
    async fn changed(&self, pool: &PgPool) -> Result<Vec<Unfit>, StoreError> {
        let changed = sqlx::query(
            "SELECT concat(id, '@', version) AS name, first_seen_at FROM agreement_sets AS kept
             JOIN unnest($1::text[], $2::int[], $3::bytea[]) AS known (id, version, digest) USING (id, version)
             WHERE kept.digest <> known.digest ORDER BY id, version",
        );
        let changed = changed.bind(&self.ids).bind(&self.versions).bind(&self.digests);
        let changed = changed.fetch_all(pool).await?.into_iter().map(|row| {
            let since = row.try_get::<jiff_sqlx::Timestamp, _>("first_seen_at")?.to_jiff();
            Ok(Unfit::Changed { set: row.try_get("name")?, since })
        });
        changed.collect::<Result<_, sqlx::Error>>().map_err(StoreError::from)
    }

    /// The missing versions to which cases are bound, or were bound when an obligation started.
    async fn missing(&self, pool: &PgPool) -> Result<Vec<Unfit>, StoreError> {
        let names: Vec<_> =
            self.ids.iter().zip(&self.versions).map(|(id, version)| format!("{id}@{version}")).collect();
        let missing = sqlx::query_scalar(
            "SELECT DISTINCT agreement_set FROM trajectories WHERE agreement_set <> ALL ($1)
             UNION
             SELECT name FROM (SELECT concat(id, '@', version) AS name FROM agreement_sets) AS kept
             WHERE name <> ALL ($1) AND EXISTS (SELECT FROM obligations WHERE agreement_set = name)
             ORDER BY 1",
        );
        let missing: Vec<String> = missing.bind(names).fetch_all(pool).await?;
        Ok(missing.into_iter().map(Unfit::Gone).collect())
    }
}
