//! The database knows the fingerprints of the keys that a ledger is written with. So a key that was
//! swapped, lost or left in another folder is reported before anything is written with it, and no
//! second key is made beside the first.

mod error;
pub(crate) mod fingerprint;
mod known;

use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnection, PgPool};

use crate::tree::{KeyError, LedgerKeys, newest};
use crate::vault::OperatorKey;
pub use error::KeysError;
pub use fingerprint::{Fingerprint, KeyKind};
use known::{Known, holds_sealed, newest_known, opens_what_is_sealed, remember, signed_newest_checkpoint};

/// The lock while keys are settled: if several servers start at once on a new database, one makes
/// them.
const SETTLING: &str = "SELECT pg_advisory_xact_lock(28525, 6)";

/// The files with the keys of a ledger.
#[derive(Clone, Debug)]
pub struct KeyFiles {
    /// The operator's key.
    pub operator: PathBuf,
    /// The ledger's keys.
    pub ledger: PathBuf,
    /// The name under which checkpoints are signed, if the key is yet to be made.
    pub ledger_origin: String,
    /// The checkpoints outside the database: if there are any, the ledger had a key.
    pub checkpoints: PathBuf,
}

/// The keys of a ledger that its database knows.
pub struct Keys {
    /// The operator's key.
    pub operator: OperatorKey,
    /// The ledger's keys.
    pub ledger: LedgerKeys,
}

/// What to do if there is no key, and the database knows none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Absent {
    Make,
    Leave,
}

/// The keys in these files, which from now on are those of this database. A key is made only if the
/// database knows none and holds nothing that was written with one.
///
/// # Errors
/// If keys and database do not belong together, a file cannot be read or made, or the database is
/// out of reach.
///
/// # Panics
/// Never: a key that is absent is made.
pub async fn settle(pool: &PgPool, files: &KeyFiles) -> Result<Keys, KeysError> {
    let (operator, ledger) = settled(pool, files, Absent::Make).await?;
    Ok(Keys { operator: operator.expect("made"), ledger: ledger.expect("made") })
}

/// Makes the keys in these files known to the database. It makes no keys: another machine may have
/// them.
///
/// # Errors
/// As [`settle`], except for a file that is missing.
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
        // The key was rotated: the file names the key that the database knows as an earlier one.
        Some(Known { fingerprint, .. }) if keys.replaced(fingerprint) => {
            remember(database, kind, found).await?;
        }
        Some(Known { fingerprint: known, since }) => {
            return Err(KeysError::Another { kind, file: file.clone(), found, known, since });
        }
        None if signed_newest_checkpoint(database, &keys).await? => remember(database, kind, found).await?,
        None => return Err(KeysError::Unfit { kind, file: file.clone(), found }),
    }
    Ok(Some(keys))
}

impl KeyFiles {
    /// The files in a folder, under their usual names.
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
