//! Which keys a ledger is written with. The database knows their fingerprints, so that a key that was swapped, lost or left in
//! another folder is named before anything is written with it, and no second key is made beside the first.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgPool};

use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::tree::{KeyError, LedgerKeys, newest};
use crate::vault::OperatorKey;

/// Held while keys are settled: of several servers that start at once on a new database one makes them.
const SETTLING: &str = "SELECT pg_advisory_xact_lock(28525, 6)";

/// Which of the two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// The operator's key, which wraps the keys of private texts.
    Operator,
    /// The ledger's key, which signs checkpoints.
    Ledger,
}

/// The fingerprint of a key: no key can be worked out from it, and it is safe to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub Hash);

/// Where the keys of a ledger are kept.
#[derive(Clone, Debug)]
pub struct KeyFiles {
    /// The operator's key.
    pub operator: PathBuf,
    /// The ledger's keys.
    pub ledger: PathBuf,
    /// The name under which checkpoints are signed, if the key is still to be made.
    pub ledger_origin: String,
    /// The checkpoints outside the database: where there are some, the ledger had a key.
    pub checkpoints: PathBuf,
}

/// The keys of a ledger, which its database knows.
pub struct Keys {
    /// The operator's key.
    pub operator: OperatorKey,
    /// The ledger's keys.
    pub ledger: LedgerKeys,
}

/// Why a ledger and its keys do not belong together.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file holds a key that is not the one of this database.
    #[error("{} holds the {kind} with fingerprint {found}, but this database is written with {known}, known since {since:.0}", .file.display())]
    Another {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
        /// The fingerprint of the key in the file.
        found: Fingerprint,
        /// The fingerprint that the database knows.
        known: Fingerprint,
        /// Since when it knows it.
        since: Timestamp,
    },
    /// The file is not there, and the database knows the key.
    #[error("{} is missing: it held the {kind} with fingerprint {known}, with which this database is written since {since:.0}", .file.display())]
    Missing {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
        /// The fingerprint that the database knows.
        known: Fingerprint,
        /// Since when it knows it.
        since: Timestamp,
    },
    /// The file is not there, and something was written with its key before the database knew fingerprints.
    #[error("{}, the {kind}, is gone, and this ledger holds what was written with it", .file.display())]
    Gone {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
    },
    /// The key does not fit what was written before the database knew fingerprints.
    #[error("{} holds the {kind} with fingerprint {found}, and what this database holds was not written with it", .file.display())]
    Unfit {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
        /// The fingerprint of the key in the file.
        found: Fingerprint,
    },
    /// The file of the operator's key cannot be read or made.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// The file of the ledger's keys cannot be read or made.
    #[error(transparent)]
    Ledger(#[from] KeyError),
    /// The database is out of reach.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for KeysError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl KeysError {
    /// Whether the keys and the database do not belong together, and trying again changes nothing.
    #[must_use]
    pub fn is_a_mismatch(&self) -> bool {
        !matches!(self, Self::File(_) | Self::Ledger(_) | Self::Store(_))
    }
}

/// What is done where the database knows no key and there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Absent {
    Make,
    Leave,
}

/// A fingerprint as the database has it.
#[derive(Clone, Copy, Debug)]
struct Known {
    fingerprint: Fingerprint,
    since: Timestamp,
}

/// The keys in these files, which are those of this database from now on. A key is made only where the database knows none and
/// holds nothing that was written with one.
///
/// # Errors
/// Where keys and database do not belong together, a file cannot be read or made, or the database is out of reach.
///
/// # Panics
/// Never: what is absent is made.
pub async fn settle(pool: &PgPool, files: &KeyFiles) -> Result<Keys, KeysError> {
    let (operator, ledger) = settled(pool, files, Absent::Make).await?;
    Ok(Keys { operator: operator.expect("made"), ledger: ledger.expect("made") })
}

/// Lets the database know the keys that are in these files, and makes none: another machine may have them.
///
/// # Errors
/// As [`settle`], but for a file that is not there.
pub async fn register(pool: &PgPool, files: &KeyFiles) -> Result<(), KeysError> {
    match settled(pool, files, Absent::Leave).await {
        Err(KeysError::Missing { .. } | KeysError::Gone { .. }) => Ok(()),
        settled => settled.map(drop),
    }
}

async fn settled(
    pool: &PgPool,
    files: &KeyFiles,
    absent: Absent,
) -> Result<(Option<OperatorKey>, Option<LedgerKeys>), KeysError> {
    let mut settling = pool.begin().await?;
    sqlx::query(SETTLING).execute(&mut *settling).await?;
    let operator = operator_key(&mut settling, files, absent).await?;
    let ledger = ledger_keys(&mut settling, files, absent).await?;
    settling.commit().await?;
    Ok((operator, ledger))
}

async fn operator_key(
    database: &mut PgConnection,
    files: &KeyFiles,
    absent: Absent,
) -> Result<Option<OperatorKey>, KeysError> {
    let (kind, file) = (KeyKind::Operator, &files.operator);
    let known = newest_known(database, kind).await?;
    let Some(key) = OperatorKey::in_file(file)? else {
        if let Some(Known { fingerprint: known, since }) = known {
            return Err(KeysError::Missing { kind, file: file.clone(), known, since });
        }
        if holds_sealed(database).await? {
            return Err(KeysError::Gone { kind, file: file.clone() });
        }
        if absent == Absent::Leave {
            return Ok(None);
        }
        let made = OperatorKey::from_file(file)?;
        remember(database, kind, made.fingerprint()).await?;
        return Ok(Some(made));
    };
    let found = key.fingerprint();
    match known {
        Some(Known { fingerprint, .. }) if fingerprint == found => {}
        Some(Known { fingerprint: known, since }) => {
            return Err(KeysError::Another { kind, file: file.clone(), found, known, since });
        }
        None if opens_what_is_sealed(database, &key).await? => remember(database, kind, found).await?,
        None => return Err(KeysError::Unfit { kind, file: file.clone(), found }),
    }
    Ok(Some(key))
}

async fn ledger_keys(
    database: &mut PgConnection,
    files: &KeyFiles,
    absent: Absent,
) -> Result<Option<LedgerKeys>, KeysError> {
    let (kind, file) = (KeyKind::Ledger, &files.ledger);
    let known = newest_known(database, kind).await?;
    let keys = match LedgerKeys::kept_in(file) {
        Ok(keys) => keys,
        Err(KeyError::Gone(_)) => {
            if let Some(Known { fingerprint: known, since }) = known {
                return Err(KeysError::Missing { kind, file: file.clone(), known, since });
            }
            if newest(&mut *database).await?.is_some() || files.checkpoints.exists() {
                return Err(KeysError::Gone { kind, file: file.clone() });
            }
            if absent == Absent::Leave {
                return Ok(None);
            }
            LedgerKeys::from_file(file, &files.ledger_origin)?
        }
        Err(error) => return Err(error.into()),
    };
    let found = keys.fingerprint();
    match known {
        Some(Known { fingerprint, .. }) if fingerprint == found => {}
        // The file was rotated: it names the key that the database knows among those before it.
        Some(Known { fingerprint, .. }) if keys.replaced(fingerprint) => {
            remember(database, kind, found).await?;
        }
        Some(Known { fingerprint: known, since }) => {
            return Err(KeysError::Another { kind, file: file.clone(), found, known, since });
        }
        None if signed_what_is_signed(database, &keys).await? => remember(database, kind, found).await?,
        None => return Err(KeysError::Unfit { kind, file: file.clone(), found }),
    }
    Ok(Some(keys))
}

async fn newest_known(database: &mut PgConnection, kind: KeyKind) -> Result<Option<Known>, StoreError> {
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

async fn remember(database: &mut PgConnection, kind: KeyKind, known: Fingerprint) -> Result<(), StoreError> {
    let insert = sqlx::query("INSERT INTO key_fingerprints (kind, fingerprint) VALUES ($1, $2)");
    insert.bind(kind.as_str()).bind(known.0.to_vec()).execute(database).await?;
    Ok(())
}

/// Whether there is a key or a secret that an operator's key has sealed.
async fn holds_sealed(database: &mut PgConnection) -> Result<bool, StoreError> {
    let any = "SELECT EXISTS (SELECT FROM keys.data_keys) OR EXISTS (SELECT FROM subscriptions)";
    Ok(sqlx::query_scalar(any).fetch_one(database).await?)
}

/// Whether this key opens what was sealed, as far as one key of a trajectory and one secret tell.
async fn opens_what_is_sealed(database: &mut PgConnection, key: &OperatorKey) -> Result<bool, StoreError> {
    let sealed = "(SELECT trajectory_id AS of, wrapped_key AS sealed FROM keys.data_keys ORDER BY trajectory_id LIMIT 1)
                  UNION ALL (SELECT subscription_id, secret FROM subscriptions ORDER BY subscription_id LIMIT 1)";
    let mut opens = true;
    for row in sqlx::query(sealed).fetch_all(database).await? {
        opens &= key.open_secret(row.try_get("sealed")?, row.try_get("of")?).is_ok();
    }
    Ok(opens)
}

/// Whether these keys signed the newest checkpoint, where there is one.
async fn signed_what_is_signed(database: &mut PgConnection, keys: &LedgerKeys) -> Result<bool, StoreError> {
    Ok(newest(database).await?.is_none_or(|newest| keys.read(&newest.note).is_ok()))
}

impl KeyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Ledger => "ledger",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operator => "operator's key",
            Self::Ledger => "ledger's signing key",
        })
    }
}

impl fmt::Display for Fingerprint {
    /// The first eight bytes: enough to tell keys apart by eye.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..8]))
    }
}

impl KeyFiles {
    /// The files in a folder, by the names that they have there.
    #[must_use]
    pub fn within(folder: &Path, ledger_origin: &str) -> Self {
        Self {
            operator: folder.join("operator.key"),
            ledger: folder.join("ledger.key"),
            ledger_origin: ledger_origin.to_owned(),
            checkpoints: folder.join("checkpoints.ndjson"),
        }
    }
}
