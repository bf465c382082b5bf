//! Rules of the flip: a talk, three positions, a decision (S0), and no surprise in the rent (S2 Den
//! Haag).

use super::{Weighing, all_three};
use crate::ids::FlipTalkId;
use crate::trajectory::fact::{
    ContractFlipped, ContractModel, Fact, FlipApproved, FlipPositionGiven, Position, THE_THREE,
};
use crate::trajectory::refusal::Refusal;

impl Weighing<'_> {
    pub(super) fn flip(&mut self, fact: &Fact) {
        match fact {
            Fact::FlipTalkHeld(talk) => {
                self.unless(all_three(&talk.attended_by), Refusal::OneOfTheThreeAbsent);
                self.unless(!self.state.flip.talks.contains(&talk.talk_id), Refusal::FlipTalkIdTaken);
            }
            Fact::FlipPositionGiven(given) => self.position_given(given),
            Fact::FlipPostponed(postponed) => {
                self.latest_talk(postponed.talk_id);
                self.not_before(Some(postponed.next_talk_on));
            }
            Fact::FlipApproved(approved) => self.approved(approved),
            Fact::FlipCancelled(cancelled) => self.latest_talk(cancelled.talk_id),
            Fact::ContractFlipped(flip) => self.flipped(flip),
            _ => {}
        }
    }

    fn latest_talk(&mut self, id: FlipTalkId) {
        self.unless(self.state.flip.talk.is_some(), Refusal::NoFlipTalkHeld);
        self.unless(self.state.flip.talk.is_none_or(|latest| latest == id), Refusal::NotTheLatestTalk);
    }

    fn position_given(&mut self, given: &FlipPositionGiven) {
        self.latest_talk(given.talk_id);
        self.unless(THE_THREE.contains(&given.party), Refusal::PartyHasNoPosition);
        self.unless(given.position == Position::Agree || given.reason.is_some(), Refusal::ReasonMissing);
    }

    fn approved(&mut self, approved: &FlipApproved) {
        self.latest_talk(approved.talk_id);
        self.unless(self.state.flip.positions_agree(), Refusal::FlipNotAgreedByAllThree);
        self.unless(self.state.flip.new_rent_disclosed, Refusal::NewRentNotDisclosed);
        self.not_before(Some(approved.flip_on));
    }

    fn flipped(&mut self, flip: &ContractFlipped) {
        let way = &self.state.flip;
        let blocked_from = self.set.flip.blocked_from_level;
        let sublet = self
            .state
            .tenancy
            .lease
            .as_ref()
            .is_some_and(|lease| lease.model == Some(ContractModel::Intermediary));
        let same_day =
            flip.head_lease_ends_on == flip.occurred_on && flip.own_lease_starts_on == flip.occurred_on;
        let sublease_meets = flip.sublease_ends_on.map_or(!sublet, |ends_on| ends_on == flip.occurred_on);
        self.lease_id_is_new(flip.lease_id);
        self.unless(way.conditions_set, Refusal::FlipConditionsNotSet);
        self.unless(way.talk.is_some(), Refusal::NoFlipTalkHeld);
        self.unless(way.positions_agree(), Refusal::FlipNotAgreedByAllThree);
        self.unless(way.new_rent_disclosed, Refusal::NewRentNotDisclosed);
        self.unless(way.aftercare_agreed, Refusal::AftercareNotAgreed);
        self.unless(way.approved, Refusal::FlipNotApproved);
        self.unless(
            self.state.worst_nuisance_level().is_none_or(|level| level < blocked_from),
            Refusal::NuisanceCaseOpen,
        );
        self.unless(same_day && sublease_meets, Refusal::LeasesDoNotMeet);
    }
}
