//! What a report names and other trajectories decide on: a lease belongs to one care provider, and a
//! previous trajectory is one that the reporter has access to. Of another it is not said whether it exists.
//!
//! A lease that two reports name at the same time is checked by one after the other: each locks the
//! id of the lease until its transaction ends. If a lease was corrected, its last wording counts.

use std::collections::HashSet;

use omklap_domain::ids::{LeaseId, TrajectoryId};
use omklap_domain::register::{Misnamed, Misnaming};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{LeaseTerms, RegisteredByMistake};
use omklap_domain::visibility::Viewer;
use sqlx::postgres::PgConnection;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use super::report::RecordError;
use crate::read_models::trajectories::known_to;

/// Marks our locks of lease ids among those of this database.
const LEASES: i32 = 28_526;

/// Locks these leases, in the order of their ids so that two reports cannot wait for each other.
const LOCK: &str = "
    SELECT pg_advisory_xact_lock($1, hashtext(lease)) FROM (SELECT unnest($2::text[]) AS lease ORDER BY 1) AS named";

/// For each of these leases, whether another trajectory names it with another provider. The
/// condition is that of the index `leases_named`.
const OTHER_PROVIDER: &str = "
    SELECT EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (aggregate_id) lease_terms_in(payload) ->> 'careProvider' AS care_provider
            FROM events
            WHERE aggregate_type = 'trajectory'
              AND event_type IN ('housed-under-intermediary-lease', 'housed-under-three-party-lease',
                                 'housed-under-temporary-lease', 'running-case-taken-over', 'event-corrected')
              AND lease_terms_in(payload) ->> 'leaseId' = named.lease AND aggregate_id <> $1::text
            ORDER BY aggregate_id, sequence DESC
        ) AS others WHERE others.care_provider <> named.care_provider
    ) AS wrong
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS named (lease, care_provider, place) ORDER BY place";

/// A name in a report, with its place.
struct Named<'r, T> {
    index: usize,
    field: &'static str,
    name: &'r T,
    in_replacement: bool,
}

impl<T> Named<'_, T> {
    fn misnamed(&self, fault: &Misnaming) -> Misnamed {
        let at = if self.in_replacement { "/replacement" } else { "" };
        Misnamed { index: self.index, field: format!("{at}{}", self.field), fault: fault.clone() }
    }
}

/// The names in a report that other trajectories decide on.
#[derive(Default)]
pub(super) struct Elsewhere<'r> {
    leases: Vec<Named<'r, LeaseTerms>>,
    previous: Vec<Named<'r, TrajectoryId>>,
}

impl<'r> Elsewhere<'r> {
    pub(super) fn of(facts: &'r [Fact]) -> Self {
        let mut named = Self::default();
        for (index, fact) in facts.iter().enumerate() {
            match fact {
                Fact::EventCorrected(correction) => {
                    correction.replacement.iter().for_each(|instead| named.add(index, instead, true));
                }
                _ => named.add(index, fact, false),
            }
        }
        named
    }

    fn add(&mut self, index: usize, fact: &'r Fact, in_replacement: bool) {
        if let Fact::RegisteredByMistake(RegisteredByMistake { same_as: Some(name), .. }) = fact {
            self.previous.push(Named { index, field: "/sameAs", name, in_replacement });
        }
        let mut lease = |field, name| self.leases.push(Named { index, field, name, in_replacement });
        let previous = match fact {
            Fact::HousedUnderIntermediaryLease(housed) => return lease("/terms/leaseId", &housed.terms),
            Fact::HousedUnderThreePartyLease(housed) => return lease("/terms/leaseId", &housed.terms),
            Fact::HousedUnderTemporaryLease(housed) => return lease("/terms/leaseId", &housed.terms),
            Fact::IntakeRegistered(intake) => &intake.previous_trajectory,
            Fact::RunningCaseTakenOver(case) => {
                case.lease.iter().for_each(|running| lease("/lease/terms/leaseId", &running.terms));
                &case.previous_trajectory
            }
            _ => return,
        };
        let named = |name| Named { index, field: "/previousTrajectory", name, in_replacement };
        self.previous.extend(previous.as_ref().map(named));
    }

    /// Whether there is nothing to check: so it is with most reports.
    pub(super) fn is_empty(&self) -> bool {
        self.leases.is_empty() && self.previous.is_empty()
    }

    /// Checks the names. The connection must be in the transaction that writes the report.
    ///
    /// # Errors
    /// Every name that is wrong.
    pub(super) async fn check(
        &self,
        trajectory: TrajectoryId,
        reporter: Option<&Viewer>,
        transaction: &mut PgConnection,
    ) -> Result<(), RecordError> {
        let mut wrong = Vec::new();
        if !self.leases.is_empty() {
            wrong.extend(self.leases_of_other_providers(trajectory, transaction).await?);
        }
        if !self.previous.is_empty() {
            wrong.extend(self.of_nobody(trajectory, reporter, transaction).await?);
        }
        if wrong.is_empty() { Ok(()) } else { Err(RecordError::Misnamed(wrong)) }
    }

    async fn leases_of_other_providers(
        &self,
        trajectory: TrajectoryId,
        transaction: &mut PgConnection,
    ) -> Result<Vec<Misnamed>, sqlx::Error> {
        let id = |LeaseTerms { lease_id: LeaseId(id), .. }: &LeaseTerms| id.to_string();
        let ids: Vec<_> = self.leases.iter().map(|named| id(named.name)).collect();
        let providers: Vec<_> =
            self.leases.iter().map(|named| named.name.care_provider.to_string()).collect();
        sqlx::query(LOCK).bind(LEASES).bind(&ids).execute(&mut *transaction).await?;
        let query = sqlx::query(OTHER_PROVIDER).bind(trajectory.0).bind(&ids).bind(&providers);
        let wrong = query.fetch_all(transaction).await?;
        misnamed(&self.leases, &wrong, &Misnaming::LeaseOfAnotherProvider)
    }

    async fn of_nobody(
        &self,
        trajectory: TrajectoryId,
        reporter: Option<&Viewer>,
        transaction: &mut PgConnection,
    ) -> Result<Vec<Misnamed>, sqlx::Error> {
        let ids: Vec<_> = self.previous.iter().map(|named| named.name.0).collect();
        let mut query =
            QueryBuilder::new("SELECT trajectory_id FROM trajectories WHERE trajectory_id = ANY (");
        query.push_bind(ids).push(") AND trajectory_id <> ").push_bind(trajectory.0);
        if let Some(reporter) = reporter {
            known_to(reporter, &mut query);
        }
        let known: HashSet<Uuid> =
            query.build_query_scalar().fetch_all(transaction).await?.into_iter().collect();
        let wrong = self.previous.iter().filter(|named| !known.contains(&named.name.0));
        Ok(wrong.map(|named| named.misnamed(&Misnaming::NoSuchTrajectory)).collect())
    }
}

/// The names whose row says that they are wrong.
fn misnamed<T>(
    named: &[Named<'_, T>],
    rows: &[sqlx::postgres::PgRow],
    fault: &Misnaming,
) -> Result<Vec<Misnamed>, sqlx::Error> {
    let mut misnamed = Vec::new();
    for (named, row) in named.iter().zip(rows) {
        if row.try_get("wrong")? {
            misnamed.push(named.misnamed(fault));
        }
    }
    Ok(misnamed)
}
