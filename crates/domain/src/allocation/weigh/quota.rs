//! The quota of the year that a home counts in, beside what was let (`docs/DOMAIN.md` §12).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::allocation::VacancyOpened;
use crate::allocation::plan::{QuotaAgreed, QuotaPart};
use crate::ids::{MunicipalityCode, OrganisationId};
use crate::role::Role;
use crate::visibility::Viewer;

/// How many homes the partners agreed for clients in a year, and how many were let to clients so far. Dutch:
/// *taakstelling*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuotaSoFar)]
#[serde(rename_all = "camelCase")]
pub struct QuotaCount {
    /// Homes that were let to clients in the year.
    pub homes_let: u32,
    /// Homes that were agreed.
    pub homes: u32,
}

/// The homes of a region that were let to clients in one year: those of which a client got the keys after an
/// offer, by the corporation and the municipality of that offer.
pub type Lets = BTreeMap<(OrganisationId, MunicipalityCode), u32>;

/// The part of a quota that a home counts in.
#[derive(Clone, Copy)]
struct Part<'a> {
    corporation: Option<&'a OrganisationId>,
    municipality: Option<&'a MunicipalityCode>,
}

impl QuotaCount {
    /// The quota that the home of a vacancy counts in, as far as this viewer sees every home that was let
    /// under it: the narrowest part that was agreed. That of the corporation in the municipality, of the
    /// corporation, of the municipality, or the whole. The corporation sees its own lets only.
    #[must_use]
    pub fn of_vacancy(
        quota: &QuotaAgreed,
        lets: &Lets,
        vacancy: &VacancyOpened,
        viewer: &Viewer,
    ) -> Option<Self> {
        let (corporation, municipality) = (Some(&vacancy.corporation), Some(&vacancy.home.municipality));
        let parts = [
            Part { corporation, municipality },
            Part { corporation, municipality: None },
            Part { corporation: None, municipality },
            Part { corporation: None, municipality: None },
        ];
        let is_theirs = viewer.role == Role::HousingCorporation && viewer.organisation == vacancy.corporation;
        let sees_all = matches!(viewer.role, Role::MatchingPoint | Role::Auditor)
            && viewer.regions.contains(&vacancy.region);
        let part = parts.into_iter().find(|part| part.is_agreed(quota))?;
        (sees_all || is_theirs && part.corporation.is_some()).then(|| part.count(quota, lets))
    }

    /// The quota of a corporation: its own part, or else the sum of its parts in the municipalities. None if
    /// none was agreed.
    #[must_use]
    pub fn of_corporation(quota: &QuotaAgreed, lets: &Lets, corporation: &OrganisationId) -> Option<Self> {
        let of_it = Part { corporation: Some(corporation), municipality: None };
        let theirs = quota.homes.iter().filter(|part| part.corporation.as_ref() == Some(corporation));
        let (whole, inside): (Vec<&QuotaPart>, Vec<&QuotaPart>) =
            theirs.partition(|part| part.municipality.is_none());
        let agreed = if whole.is_empty() { inside } else { whole };
        let homes = agreed.iter().map(|part| u32::from(part.homes)).sum();
        (!agreed.is_empty()).then(|| Self { homes_let: of_it.lets(lets), homes })
    }

    /// How many homes are left of it.
    #[must_use]
    pub fn left(self) -> u32 {
        self.homes.saturating_sub(self.homes_let)
    }
}

impl Part<'_> {
    fn is(self, part: &QuotaPart) -> bool {
        part.corporation.as_ref() == self.corporation && part.municipality.as_ref() == self.municipality
    }

    fn is_agreed(self, quota: &QuotaAgreed) -> bool {
        quota.homes.iter().any(|part| self.is(part))
    }

    fn count(self, quota: &QuotaAgreed, lets: &Lets) -> QuotaCount {
        let homes = quota.homes.iter().filter(|part| self.is(part)).map(|part| u32::from(part.homes)).sum();
        QuotaCount { homes_let: self.lets(lets), homes }
    }

    fn lets(self, lets: &Lets) -> u32 {
        let counts = |(corporation, municipality): &(OrganisationId, MunicipalityCode)| {
            self.corporation.is_none_or(|one| one == corporation)
                && self.municipality.is_none_or(|one| one == municipality)
        };
        lets.iter().filter(|(of, _)| counts(of)).map(|(_, many)| many).sum()
    }
}
