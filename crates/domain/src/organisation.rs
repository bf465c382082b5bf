//! The kinds of partners, and the roles that each may use (`docs/DOMAIN.md` §2).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::role::Role;

/// The kind of an organisation. Dutch: *soort organisatie*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// *Zorgaanbieder*.
    CareProvider,
    /// *Woningcorporatie*.
    HousingCorporation,
    /// *Gemeente*.
    Municipality,
    /// *Transferpunt, matchingpoint*.
    MatchingPoint,
    /// *Auditor*.
    Auditor,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::CareProvider,
        Self::HousingCorporation,
        Self::Municipality,
        Self::MatchingPoint,
        Self::Auditor,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CareProvider => "care-provider",
            Self::HousingCorporation => "housing-corporation",
            Self::Municipality => "municipality",
            Self::MatchingPoint => "matching-point",
            Self::Auditor => "auditor",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The roles that its programs may use. A client signs in through the provider that guides the
    /// client (our decision: no other partner has a portal for clients).
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::CareProvider => &[Role::CareProvider, Role::Guide, Role::NuisanceDesk, Role::Client],
            Self::HousingCorporation => &[Role::HousingCorporation, Role::NuisanceOfficer],
            Self::Municipality => &[Role::Municipality, Role::WmoConsultant],
            Self::MatchingPoint => &[Role::MatchingPoint],
            Self::Auditor => &[Role::Auditor],
        }
    }

    /// The role of the organisation's own work: the only one that a program gets unless another is
    /// requested.
    #[must_use]
    pub fn working_role(self) -> Role {
        match self {
            Self::CareProvider => Role::CareProvider,
            Self::HousingCorporation => Role::HousingCorporation,
            Self::Municipality => Role::Municipality,
            Self::MatchingPoint => Role::MatchingPoint,
            Self::Auditor => Role::Auditor,
        }
    }

    /// The one kind whose programs may use this role.
    ///
    /// # Panics
    /// Never: every role belongs to a kind, which a test checks.
    #[must_use]
    pub fn of(role: Role) -> Self {
        let speaks = |kind: &Self| kind.roles().contains(&role);
        Self::ALL.into_iter().find(speaks).expect("every role belongs to a kind")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_works_in_a_role_of_its_own_that_is_never_the_clients() {
        for kind in OrganisationKind::ALL {
            assert!(kind.roles().contains(&kind.working_role()), "{}", kind.as_str());
            assert_ne!(kind.working_role(), Role::Client);
        }
    }

    #[test]
    fn every_role_belongs_to_one_kind_of_organisation() {
        for role in Role::ALL {
            let kinds = OrganisationKind::ALL.into_iter().filter(|kind| kind.roles().contains(&role));
            assert_eq!(kinds.collect::<Vec<_>>(), [OrganisationKind::of(role)], "{}", role.as_str());
        }
    }
}
