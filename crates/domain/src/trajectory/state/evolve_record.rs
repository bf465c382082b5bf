//! Facts about the record itself.

use super::Trajectory;
use crate::trajectory::fact::Fact;

impl Trajectory {
    pub(super) fn evolve_record(&mut self, fact: &Fact) {
        match fact {
            Fact::ProcessingRestricted(restricted) => {
                self.record.restricted_on = Some(restricted.occurred_on);
            }
            Fact::RestrictionLifted(_) => self.record.restricted_on = None,
            Fact::LegalHoldPlaced(hold) => self.record.held_on = Some(hold.occurred_on),
            Fact::LegalHoldLifted(_) => self.record.held_on = None,
            _ => {}
        }
    }
}
