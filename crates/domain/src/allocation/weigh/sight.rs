//! What a viewer may know of a client who looks for a home. A list of candidates is computed only from what
//! its viewer may see, so that no position in it reveals anything else.

use super::Seeker;
use crate::allocation::VacancyOpened;
use crate::role::Role;
use crate::visibility::{AccessLevel, Category, View, Viewer};

impl Seeker {
    /// The same client as this view shows the case; none if it does not show its course.
    #[must_use]
    pub fn seen_by(self, view: &View) -> Option<Self> {
        let sees = |category| view.sees(category) == AccessLevel::All;
        sees(Category::Course).then(|| Self {
            profile: self.profile.filter(|_| sees(Category::DwellingProfile)),
            reach_at_night: self.reach_at_night.filter(|_| sees(Category::Profile)),
            ..self
        })
    }
}

/// The categories on which a weighing rests, as far as a viewer sees them.
pub const RESTS_ON: [Category; 3] = [Category::Course, Category::DwellingProfile, Category::Profile];

/// Whether a viewer reads the case of everybody who lives in the complex of a vacancy: its corporation, and
/// the matching point and the auditor of its region. To another viewer no count is shown, because the
/// difference of two could be one client (ADR 46).
#[must_use]
pub fn sees_who_lives_in(viewer: &Viewer, vacancy: &VacancyOpened) -> bool {
    match viewer.role {
        Role::HousingCorporation => viewer.organisation == vacancy.corporation,
        Role::MatchingPoint | Role::Auditor => viewer.regions.contains(&vacancy.region),
        _ => false,
    }
}
