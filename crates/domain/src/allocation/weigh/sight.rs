//! What a viewer sees of a client who looks for a home. A list of candidates is computed only from what
//! its viewer may see, so that no position in it reveals anything else.

use crate::allocation::VacancyOpened;
use crate::role::Role;
use crate::visibility::{Category, Viewer};

/// The categories on which a weighing rests, as far as a viewer sees them.
pub const RESTS_ON: [Category; 4] =
    [Category::Course, Category::Dwelling, Category::DwellingProfile, Category::Profile];

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
