//! By what the ledger has judged: each version of an agreement set as it was when it first came. What rests on a version
//! stays as it was told, so that version stays as well.

use std::fmt;

use jiff::Timestamp;
use omklap_domain::agreements::{AgreementSet, AgreementSets};
use sha2::{Digest, Sha256};
use sqlx::{PgPool, Row};

use crate::error::StoreError;
use crate::events::hash_chain::canonical;
use crate::ledger::Ledger;

/// Why a ledger does not judge by these sets.
#[derive(Debug, thiserror::Error)]
pub enum SetsError {
    /// They are not those by which it judged before: everything that is wrong with them.
    #[error("{}", Listed(.0))]
    Unfit(Vec<Unfit>),
    /// What it judged by cannot be read or kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a set by which the ledger judged before. A set is named `id@version`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The same version says something else.
    #[error("agreement set {set} is not what this ledger has judged by since {since:.0}; raise its version")]
    Changed {
        /// Which.
        set: String,
        /// Since when the ledger has known it.
        since: Timestamp,
    },
    /// Cases are bound to it, and it is not there.
    #[error("agreement set {0} is gone, but cases of this ledger are judged by it; bring its file back")]
    Gone(String),
}

struct Listed<'a>(&'a [Unfit]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }
}

impl Ledger {
    /// Sees that its sets are those by which it has judged so far, and keeps those that are new. Before anything is derived
    /// by them.
    ///
    /// # Errors
    /// Where a version was changed, or one is gone that cases are bound to.
    pub async fn keep_to_its_sets(&self) -> Result<(), SetsError> {
        let known = Known::from(self.sets());
        let mut unfit = known.keep(&self.pool).await?;
        unfit.extend(known.gone(&self.pool).await?);
        if unfit.is_empty() { Ok(()) } else { Err(SetsError::Unfit(unfit)) }
    }
}

/// The sets that this program has, column by column.
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
    /// Keeps what is new; what was kept as something else is told.
    async fn keep(&self, pool: &PgPool) -> Result<Vec<Unfit>, StoreError> {
        sqlx::query(
            "INSERT INTO agreement_sets (id, version, digest, text)
             SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[], $4::text[]) ON CONFLICT DO NOTHING",
        )
        .bind(&self.ids)
        .bind(&self.versions)
        .bind(&self.digests)
        .bind(&self.texts)
        .execute(pool)
        .await?;
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

    /// What cases are bound to, or were when an obligation started, and is not there.
    async fn gone(&self, pool: &PgPool) -> Result<Vec<Unfit>, StoreError> {
        let names: Vec<_> =
            self.ids.iter().zip(&self.versions).map(|(id, version)| format!("{id}@{version}")).collect();
        let gone = sqlx::query_scalar(
            "SELECT DISTINCT agreement_set FROM trajectories WHERE agreement_set <> ALL ($1)
             UNION
             SELECT name FROM (SELECT concat(id, '@', version) AS name FROM agreement_sets) AS kept
             WHERE name <> ALL ($1) AND EXISTS (SELECT FROM obligations WHERE agreement_set = name)
             ORDER BY 1",
        );
        let gone: Vec<String> = gone.bind(names).fetch_all(pool).await?;
        Ok(gone.into_iter().map(Unfit::Gone).collect())
    }
}
