//! The case numbers that organisations themselves have for trajectories (ADR 29). Each sees its own
//! and no other. A number is stored as a mark to find it by, and sealed to show it again.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::Timestamp;
use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::visibility::{Role, Viewer};
use sqlx::{Postgres, QueryBuilder, Row};
use uuid::Uuid;

use crate::consistency::finding::Finding;
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::ledger::Ledger;
use crate::vault::{OpenedTexts, OperatorKey, VaultError};

/// How often a number is written again if another request changes the same numbers meanwhile.
const ATTEMPTS: usize = 3;

/// An organisation's own case number: at most 64 printable ASCII characters, with no space at either
/// end. Capitals count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnReference(String);

/// A text that is no case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a case number has 1 to {} printable ASCII characters, and no space at either end",
    OwnReference::LONGEST
)]
pub struct NoReference;

/// An organisation's number for a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceOf {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its number.
    pub reference: OwnReference,
}

/// Why a number was not written.
#[derive(Debug, thiserror::Error)]
pub enum NotReferred {
    /// The organisation has the number on another trajectory.
    #[error("the organisation has this number on another trajectory")]
    Taken(TrajectoryId),
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A number as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub organisation: String,
    pub mark: Hash,
    pub sealed: Vec<u8>,
}

impl OwnReference {
    /// How many characters it has at most.
    pub const LONGEST: usize = 64;

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OwnReference {
    type Err = NoReference;

    fn from_str(text: &str) -> Result<Self, NoReference> {
        let printable = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        let fits = (1..=Self::LONGEST).contains(&text.len()) && text.trim().len() == text.len();
        if printable && fits { Ok(Self(text.to_owned())) } else { Err(NoReference) }
    }
}

/// The organisation whose numbers this viewer sees. A client (the person) is no member of the
/// organisation through which it signs in.
#[must_use]
pub fn owner(viewer: &Viewer) -> Option<&OrganisationId> {
    Some(&viewer.organisation).filter(|_| viewer.role != Role::Client)
}

/// The mark by which a number of an organisation is found.
pub(crate) fn mark(key: &OperatorKey, organisation: &OrganisationId, reference: &OwnReference) -> Hash {
    key.mark("own-reference", &[organisation.as_str().as_bytes(), reference.0.as_bytes()])
}

impl ReferenceOf {
    /// As it is stored for a trajectory.
    pub(crate) fn stored(&self, key: &OperatorKey, trajectory: TrajectoryId) -> Stored {
        let Self { organisation, reference } = self;
        let sealed = key.seal_token(&place(organisation.as_str(), trajectory), reference.0.as_bytes());
        Stored { organisation: organisation.to_string(), mark: mark(key, organisation, reference), sealed }
    }
}

/// What a number is sealed for: it opens at no other organisation or trajectory.
fn place(organisation: &str, trajectory: TrajectoryId) -> String {
    format!("own-reference {trajectory} {organisation}")
}

/// The number that the viewer's organisation has for a trajectory, sealed, as a value of a statement.
pub(crate) fn push_sealed<'q>(
    trajectory: TrajectoryId,
    viewer: &'q Viewer,
    query: &mut QueryBuilder<'q, Postgres>,
) {
    query.push("(SELECT sealed FROM own_references WHERE organisation = ");
    query.push_bind(owner(viewer).map(OrganisationId::as_str)).push(" AND trajectory_id = ");
    query.push_bind(trajectory.0).push(")");
}

impl Ledger {
    /// The numbers that the viewer's organisation has for these trajectories. Each opens by itself,
    /// so that one that was altered keeps back no other.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn own_references(
        &self,
        viewer: &Viewer,
        trajectories: impl IntoIterator<Item = TrajectoryId>,
    ) -> Result<OpenedTexts, StoreError> {
        let trajectories: Vec<Uuid> = trajectories.into_iter().map(|id| id.0).collect();
        let Some(organisation) = owner(viewer).filter(|_| !trajectories.is_empty()) else {
            return Ok(HashMap::new());
        };
        let rows = sqlx::query(
            "SELECT trajectory_id, sealed FROM own_references WHERE organisation = $1 AND trajectory_id = ANY ($2)",
        );
        let rows = rows.bind(organisation.as_str()).bind(trajectories).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let trajectory = TrajectoryId(row.try_get("trajectory_id")?);
                Ok((trajectory, self.open_own_reference(viewer, trajectory, row.try_get("sealed")?)))
            })
            .collect()
    }

    /// The number that was sealed for the viewer's organisation and this trajectory.
    ///
    /// # Errors
    /// If it was sealed for others, or was changed since.
    pub(crate) fn open_own_reference(
        &self,
        viewer: &Viewer,
        trajectory: TrajectoryId,
        sealed: &[u8],
    ) -> Result<String, VaultError> {
        let place = place(viewer.organisation.as_str(), trajectory);
        let opened = self.operator_key.open_token(&place, sealed)?;
        Ok(String::from_utf8_lossy(&opened).into_owned())
    }

    /// Gives a trajectory the organisation's own number, in the place of an earlier one.
    ///
    /// # Errors
    /// If the organisation has it on another trajectory, or the database is out of reach.
    pub async fn refer(
        &self,
        trajectory: TrajectoryId,
        own: &ReferenceOf,
        now: Timestamp,
    ) -> Result<(), NotReferred> {
        let Stored { organisation, mark, sealed } = own.stored(&self.operator_key, trajectory);
        for _ in 0..ATTEMPTS {
            let written = sqlx::query(
                "INSERT INTO own_references (organisation, trajectory_id, mark, sealed, written_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (organisation, trajectory_id) DO UPDATE SET
                     mark = excluded.mark, sealed = excluded.sealed, written_at = excluded.written_at",
            );
            let written = written.bind(&organisation).bind(trajectory.0).bind(&mark[..]).bind(&sealed);
            match written.bind(jiff_sqlx::Timestamp::from(now)).execute(&self.pool).await {
                Ok(_) => return Ok(()),
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                    let taken = sqlx::query_scalar(
                        "SELECT trajectory_id FROM own_references WHERE organisation = $1 AND mark = $2",
                    );
                    let taken = taken.bind(&organisation).bind(&mark[..]).fetch_optional(&self.pool).await;
                    if let Some(taken) = taken.map_err(StoreError::from)? {
                        return Err(NotReferred::Taken(TrajectoryId(taken)));
                    }
                }
                Err(error) => return Err(StoreError::from(error).into()),
            }
        }
        Err(StoreError::from(sqlx::Error::RowNotFound).into())
    }

    /// Takes the organisation's own number off a trajectory, if it has one.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn refer_no_more(
        &self,
        trajectory: TrajectoryId,
        organisation: &OrganisationId,
    ) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM own_references WHERE organisation = $1 AND trajectory_id = $2");
        delete.bind(organisation.as_str()).bind(trajectory.0).execute(&self.pool).await?;
        Ok(())
    }
}

impl Ledger {
    /// Finds the numbers that were changed, moved to another trajectory or organisation, or are found by
    /// another mark than their own, and hands each to `report`. Returns how many there are. That one was
    /// removed leaves no trace: a number is no fact (ADR 29).
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn check_own_references(
        &self,
        mut report: impl FnMut(TrajectoryId, Finding),
    ) -> Result<u64, StoreError> {
        let rows = sqlx::query(
            "SELECT organisation, trajectory_id, mark, sealed FROM own_references ORDER BY trajectory_id, organisation",
        )
        .fetch_all(&self.pool)
        .await?;
        for row in &rows {
            let (organisation, trajectory): (&str, _) =
                (row.try_get("organisation")?, TrajectoryId(row.try_get("trajectory_id")?));
            if !self.is_as_written(organisation, trajectory, row.try_get("mark")?, row.try_get("sealed")?) {
                report(trajectory, Finding::OwnReferenceDiffers { organisation: organisation.to_owned() });
            }
        }
        Ok(rows.len() as u64)
    }

    fn is_as_written(
        &self,
        organisation: &str,
        trajectory: TrajectoryId,
        marked: &[u8],
        sealed: &[u8],
    ) -> bool {
        let opened = self.operator_key.open_token(&place(organisation, trajectory), sealed).ok();
        let number = opened.and_then(|number| String::from_utf8(number.to_vec()).ok()?.parse().ok());
        let known: Option<(OrganisationId, OwnReference)> = organisation.parse().ok().zip(number);
        known.is_some_and(|(organisation, number)| marked == mark(&self.operator_key, &organisation, &number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_number_is_short_printable_and_trimmed() {
        for good in ["1", "ZV-2026/0041", "zaak 12", &"x".repeat(64)] {
            assert_eq!(good.parse::<OwnReference>().map(|own| own.0).as_deref(), Ok(good));
        }
        for wrong in ["", " ", " 1", "1 ", "é", "a\tb", "a\0b", &"x".repeat(65)] {
            assert_eq!(wrong.parse::<OwnReference>(), Err(NoReference), "{wrong:?}");
        }
    }

    #[test]
    fn the_number_of_one_organisation_is_not_found_by_another() {
        let key = OperatorKey::generate();
        let (number, trajectory) = ("ZV-1".parse().expect("a number"), TrajectoryId(Uuid::from_u128(1)));
        let of = |code: &str| ReferenceOf {
            organisation: code.parse().expect("a code"),
            reference: OwnReference::clone(&number),
        };
        let (one, other) =
            (of("de-vaart").stored(&key, trajectory), of("haag-wonen").stored(&key, trajectory));
        assert_ne!(one.mark, other.mark);
        assert!(key.open_token(&place("de-vaart", trajectory), &one.sealed).is_ok());
        assert!(key.open_token(&place("de-vaart", trajectory), &other.sealed).is_err());
        assert!(key.open_token(&place("de-vaart", TrajectoryId(Uuid::from_u128(2))), &one.sealed).is_err());
    }
}
