//! The ids of VERA. None needs a table: each follows from the sender's own key, or is made of the ledger's
//! ids.

use std::fmt;
use std::str::FromStr;

use omklap_domain::ids::{LeaseId, OfferId, OrganisationId, TrajectoryId, UnitId, VacancyId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The vacancy that a corporation's publication with this key is: a UUID of version 8, the beginning of
/// SHA-256 over what it is, the corporation and the key. The same message twice is the same vacancy.
#[must_use]
pub fn vacancy_id(corporation: &OrganisationId, key: &str) -> VacancyId {
    VacancyId(named("publicatie", corporation, key))
}

/// The same for an offer.
#[must_use]
pub fn offer_id(corporation: &OrganisationId, key: &str) -> OfferId {
    OfferId(named("aanbieding", corporation, key))
}

/// The same for a lease.
#[must_use]
pub fn lease_id(corporation: &OrganisationId, key: &str) -> LeaseId {
    LeaseId(named("huurovereenkomst", corporation, key))
}

fn named(what: &str, corporation: &OrganisationId, key: &str) -> Uuid {
    let mut hash = Sha256::new_with_prefix("vera");
    for part in [what, corporation.as_str(), key] {
        hash.update([0]);
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let bytes = *digest.first_chunk::<16>().expect("SHA-256 has 32 bytes");
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The id of something of one case, as VERA sees it: the case, a point, and a vacancy, offer or lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseKey {
    /// The case.
    pub trajectory: TrajectoryId,
    /// The vacancy of a candidate, the offer of an offer or allocation, the lease of a lease.
    pub part: Uuid,
}

/// A text that is no [`CaseKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACaseKey;

impl fmt::Display for CaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.trajectory, self.part)
    }
}

impl FromStr for CaseKey {
    type Err = NotACaseKey;
    fn from_str(text: &str) -> Result<Self, NotACaseKey> {
        let (trajectory, part) = text.split_once('.').filter(|_| text.len() == 73).ok_or(NotACaseKey)?;
        let trajectory = trajectory.parse().map_err(|_| NotACaseKey)?;
        Ok(Self { trajectory, part: part.parse().map_err(|_| NotACaseKey)? })
    }
}

/// Makes the URIs of dwellings and leases, which VERA has in other domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitUris {
    /// What comes before `/eenheden/…`, such as `https://omklap.example/vera/v4`.
    pub base: String,
}

impl UnitUris {
    /// The URI of a dwelling. A slash in its code is written as `%2F`.
    #[must_use]
    pub fn unit(&self, unit: &UnitId) -> String {
        format!("{}/eenheden/{}", self.base, unit.as_str().replace('/', "%2F"))
    }

    /// The URI of a lease.
    #[must_use]
    pub fn lease(&self, key: CaseKey) -> String {
        format!("{}/huurovereenkomsten/{key}", self.base)
    }
}

/// The code of a dwelling in its URI: the last step of the path.
pub(crate) fn unit_of_uri(uri: &str) -> Option<UnitId> {
    let last = uri.trim_end_matches('/').rsplit('/').next()?;
    last.replace("%2F", "/").replace("%2f", "/").parse().ok()
}
