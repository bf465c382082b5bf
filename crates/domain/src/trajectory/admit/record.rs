//! Rules for facts about the record itself.

use super::Admission;
use crate::trajectory::fact::Fact;
use crate::trajectory::refusal::Refusal;

impl Admission<'_> {
    pub(super) fn record(&mut self, fact: &Fact) {
        let (restricted, held) =
            (self.state.record.restricted_on.is_some(), self.state.record.held_on.is_some());
        match fact {
            Fact::ProcessingRestricted(_) => self.unless(!restricted, Refusal::AlreadyRestricted),
            Fact::RestrictionLifted(_) => self.unless(restricted, Refusal::NotRestricted),
            Fact::PersonalDataErased(_) | Fact::LegalHoldPlaced(_) => {
                self.unless(!held, Refusal::LegalHoldStands);
            }
            Fact::LegalHoldLifted(_) => self.unless(held, Refusal::NoLegalHold),
            _ => {}
        }
    }
}
