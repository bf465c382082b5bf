//! What a vacancy is because of the cases: let, if a client moved in under it (ADR 48).

use std::collections::BTreeSet;

use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::VacancyOpened;
use omklap_domain::day::Day;
use omklap_domain::ids::VacancyId;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::Ledger;

/// Whether a lease follows an offer of the vacancy in a row of `streams`.
pub(super) const HAS_A_TENANT: &str =
    "EXISTS (SELECT FROM holds WHERE holds.vacancy = streams.stream_id AND holds.what = 'lease')";

/// The vacancies of these under which a lease began by a day. The instant is that of the recording of the
/// lease; a lease that was corrected counts as it is known now.
const LET: &str = "
    SELECT DISTINCT vacancy FROM holds
    WHERE vacancy = ANY ($1) AND what = 'lease' AND since <= $2
          AND ($3::timestamptz IS NULL
               OR EXISTS (SELECT FROM events WHERE aggregate_type = 'trajectory'
                          AND aggregate_id = holds.trajectory_id::text AND sequence = holds.opened_by
                          AND recorded_at <= $3))";

/// How many offers of a dwelling run on a day.
const ON_OFFER: &str = "
    SELECT count(*) FROM holds
    WHERE corporation = $1 AND unit_key = $2 AND what = 'offer' AND since <= $3 AND (until IS NULL OR until > $3)";

impl Ledger {
    /// Whether the dwelling of a vacancy is on offer on a day to as many clients as the set allows at once
    /// (ADR 36), as it is known now.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn is_on_offer(
        &self,
        opened: &VacancyOpened,
        set: &AgreementSet,
        on: Day,
    ) -> Result<bool, StoreError> {
        let at_once = i64::from(set.matching.offers_at_once);
        let query = sqlx::query_scalar(ON_OFFER).bind(opened.corporation.as_str());
        let query = query.bind(opened.home.unit.key()).bind(jiff_sqlx::Date::from(on.date()));
        let offers: i64 = query.fetch_one(&self.pool).await?;
        Ok(at_once > 0 && offers >= at_once)
    }

    /// The vacancies of these under which a client moved in by this day, as it was known at an instant.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn let_to_clients(
        &self,
        vacancies: impl IntoIterator<Item = VacancyId>,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<BTreeSet<VacancyId>, StoreError> {
        let ids: Vec<Uuid> = vacancies.into_iter().map(Uuid::from).collect();
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let query = sqlx::query_scalar(LET).bind(ids).bind(jiff_sqlx::Date::from(on.date()));
        let query = query.bind(known_at.map(jiff_sqlx::Timestamp::from));
        let found: Vec<Uuid> = query.fetch_all(&self.pool).await?;
        Ok(found.into_iter().map(VacancyId).collect())
    }
}
