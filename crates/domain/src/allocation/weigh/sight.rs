//! What a viewer may know of a client who looks for a home. The list of candidates is weighed with nothing
//! else, so that no position in it reveals what is hidden from the viewer.

use super::Seeker;
use crate::visibility::{AccessLevel, Category, View};

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
