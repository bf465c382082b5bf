//! Checks the whole ledger in one walk in the order of position: every event's hash and its link to
//! the one before it in its stream, every leaf, every tile, every checkpoint, and the checkpoints
//! outside the database.
//!
//! The next page is fetched during the work on this one; hashes are computed on every core.

use sqlx::Row;
use sqlx::postgres::PgConnection;

use super::certificates::certificates;
use super::checkpoints::{Signed, Tree, checkpoints_after};
use super::checkpoints_file::CheckpointsFile;
use super::finding::LedgerFinding;
use super::heads_recounted::HeadsRecounted;
use super::pages::{After, LedgerPage, fetch};
use super::rehash::rehash_all;
use super::schema_guards::check_guards;
use super::signing_key::LedgerKeys;
use super::walk::{Walk, keyed};
use crate::error::StoreError;

/// What a walk has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// How many events are there.
    pub events: u64,
    /// How many events the newest checkpoint covers, with those that were destroyed since; 0 if there
    /// is none.
    pub signed: u64,
    /// How many events were signed, and destroyed since.
    pub destroyed: u64,
    /// How many certificates there are.
    pub certificates: u64,
}

impl Tree {
    /// Walks along the whole ledger, and reports after each page how many events were read so far,
    /// and what is wrong. Events after the last checkpoint are only compared with their chains.
    ///
    /// Others may write and sign in the meantime: the file outside is read first, and then the
    /// database as it is at one instant. A checkpoint is committed before it is written outside, so
    /// the database has everything that the file had.
    ///
    /// # Errors
    /// If the database or the file outside is out of reach.
    pub async fn check(
        &self,
        keys: &LedgerKeys,
        checkpoints_file: &CheckpointsFile,
        mut report: impl FnMut(u64, Vec<LedgerFinding>),
    ) -> Result<Walked, StoreError> {
        let checkpoints_file = checkpoints_file.as_it_is().map_err(StoreError::CheckpointsFile)?;
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let checkpoints = all_checkpoints(&mut instant).await?;
        let mut findings = Vec::new();
        check_guards(&mut instant, &mut findings).await?;
        let certificates = certificates(&mut instant, keys, &mut findings).await?;
        let heads = HeadsRecounted::begins(&mut instant).await?;
        let mut walk = Walk::new(keys, checkpoints.clone(), heads, certificates, findings);
        let mut seen = 0;
        let mut page = Some(fetch(&mut instant, After::NOTHING).await?);
        while let Some(LedgerPage { tiles, events, next }) = page {
            let rehashed = rehash_all(&events, &self.mac_key);
            let (rehashed, fetched) = match next {
                Some(next) => {
                    let (rehashed, fetched) = tokio::join!(rehashed, fetch(&mut instant, next));
                    (rehashed?, Some(fetched?))
                }
                None => (rehashed.await?, None),
            };
            walk.page(&tiles, &events, &rehashed)?;
            seen += events.len() as u64;
            report(seen, std::mem::take(&mut walk.findings));
            page = fetched;
        }
        walk.end();
        check_above(&mut instant, &mut walk).await?;
        walk.heads.end(&mut instant, &mut walk.findings).await?;
        instant.rollback().await?;
        checkpoints_file.check(&checkpoints, &mut walk.findings).map_err(StoreError::CheckpointsFile)?;
        report(seen, walk.findings);
        let leaves = checkpoints.last().map_or(0, |last| last.tree_size);
        let signed = leaves.saturating_sub(walk.heads.leaves());
        let (destroyed, certificates) = (walk.destroyed, walk.certificates.count());
        Ok(Walked { events: seen, signed, destroyed, certificates })
    }
}

async fn all_checkpoints(database: &mut PgConnection) -> Result<Vec<Signed>, StoreError> {
    let mut all: Vec<Signed> = Vec::new();
    loop {
        let last = all.last().map_or(0, |last| last.tree_size);
        let page = checkpoints_after(&mut *database, last, 10_000).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// Whether the tiles above the leaves are those that follow from the leaves.
async fn check_above(database: &mut PgConnection, walk: &mut Walk<'_>) -> Result<(), StoreError> {
    let rows =
        sqlx::query("SELECT level, number, hashes FROM ledger_tiles WHERE level > 0 ORDER BY level, number")
            .fetch_all(database)
            .await?;
    let mut expected = std::mem::take(&mut walk.above);
    expected.extend(walk.edge.unfilled().filter(|tile| tile.level > 0).map(keyed));
    for row in rows {
        let level = u8::try_from(row.try_get::<i16, _>("level")?).unwrap_or(u8::MAX);
        let number = row.try_get::<i64, _>("number")?.unsigned_abs();
        if expected.remove(&(level, number)).as_deref() != Some(row.try_get("hashes")?) {
            walk.findings.push(LedgerFinding::TileDiffers { level, number });
        }
    }
    let missing = expected.into_keys().map(|(level, number)| LedgerFinding::TileDiffers { level, number });
    walk.findings.extend(missing);
    Ok(())
}
