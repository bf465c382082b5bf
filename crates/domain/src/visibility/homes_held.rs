//! What a viewer sees about the home of an offer or a lease: the warnings about an offer, and what is
//! to be done about a home that another trajectory holds as well (`docs/DOMAIN.md` §3.9).

use super::{AccessLevel, Category, View};
use crate::ids::OrganisationId;
use crate::role::Role;
use crate::trajectory::fact::{Fact, Party};
use crate::trajectory::warning::{Warning, warnings};
use crate::trajectory::{FactType, History};

impl View {
    /// The warnings about the offer with this number, by the profile that applied when it was made:
    /// none for a viewer who does not see the dwelling part of that profile.
    #[must_use]
    pub fn warnings_about(&self, history: &History, offer: u64) -> Vec<Warning> {
        let mut profile = None;
        for (sequence, fact) in history.happened() {
            match fact {
                Fact::OutflowProfileSet(set) => profile = Some(set),
                Fact::DwellingOffered(offered) if sequence == offer => {
                    let seen = profile.filter(|_| self.sees_dwelling_profile());
                    return seen.map(|profile| warnings(offered, profile)).unwrap_or_default();
                }
                _ => {}
            }
        }
        Vec::new()
    }

    /// Whether the viewer is a partner that sees which home of this corporation the client has, and
    /// can put a record about it right. A client and an auditor cannot.
    #[must_use]
    pub fn works_on_the_home_of(&self, corporation: &OrganisationId, role: Role) -> bool {
        let is_a_partner = !matches!(role, Role::Client | Role::Auditor);
        let is_of_another =
            role.party() == Some(Party::HousingCorporation) && self.organisation() != corporation;
        is_a_partner && !is_of_another && self.knows() && self.sees(Category::Dwelling) == AccessLevel::All
    }

    fn sees_dwelling_profile(&self) -> bool {
        let sees = self.sees(Category::DwellingProfile) == AccessLevel::All;
        sees && self.shows_kind(FactType::OutflowProfileSet) == Some(true)
    }
}
