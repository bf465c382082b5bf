//! The shared case ledger on one database. What it does is in the folders by subject: `record`,
//! `events`, `read_models`, `consistency`, `access_log`, `vault`.

use std::sync::Arc;

use omklap_domain::agreements::AgreementSets;
use sqlx::PgPool;

use crate::access_log::GroupedLines;
use crate::error::StoreError;
use crate::events::mac::MacKey;
use crate::events::upcasters::Upcasters;
use crate::read_models::past_figures::PastFigures;
use crate::record::GroupedReports;
use crate::vault::OperatorKey;

/// The shared case ledger. Clones are the same ledger.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) pool: PgPool,
    pub(crate) operator_key: Arc<OperatorKey>,
    pub(crate) mac_key: MacKey,
    pub(crate) sets: Arc<AgreementSets>,
    /// The sets by which reports derive rows of read models: the same, except in a benchmark.
    pub(crate) derives_by: Arc<AgreementSets>,
    pub(crate) upcasters: Arc<Upcasters>,
    pub(crate) past_figures: Arc<PastFigures>,
    pub(crate) grouped_lines: GroupedLines,
    pub(crate) grouped_reports: GroupedReports,
}

impl Ledger {
    /// The ledger in this database. The pool comes from [`connect`](crate::connect).
    #[must_use]
    pub fn new(pool: PgPool, operator_key: OperatorKey, sets: Arc<AgreementSets>) -> Self {
        Self {
            pool,
            mac_key: operator_key.mac_key(),
            operator_key: Arc::new(operator_key),
            derives_by: Arc::clone(&sets),
            sets,
            upcasters: Arc::new(Upcasters::new()),
            past_figures: Arc::default(),
            grouped_lines: GroupedLines::default(),
            grouped_reports: GroupedReports::default(),
        }
    }

    /// The same ledger without read models. `make bench` compares the two to say what read models
    /// cost a report.
    #[cfg(feature = "scratch")]
    #[must_use]
    pub fn deriving_nothing(self) -> Self {
        Self { derives_by: Arc::default(), ..self }
    }

    /// The key of the MACs of its events.
    #[must_use]
    pub fn mac_key(&self) -> MacKey {
        self.mac_key.clone()
    }

    pub(crate) fn operator_key(&self) -> &OperatorKey {
        &self.operator_key
    }

    /// The agreement sets by which this ledger decides.
    #[must_use]
    pub fn sets(&self) -> &AgreementSets {
        &self.sets
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}
