//! Rules of the flip: a talk, three positions, a decision (S0), and no surprise in the rent (S2 Den
//! Haag).

use super::{Admission, all_three};
use crate::day::Day;
use crate::ids::FlipTalkId;
use crate::trajectory::fact::{
    ContractFlipped, ContractModel, Fact, FlipApproved, FlipPositionGiven, Party, Position, THE_THREE,
};
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::{Away, Lease};

impl Admission<'_> {
    pub(super) fn flip(&mut self, fact: &Fact) {
        let own = self.state.tenancy.lease.as_ref().is_some_and(Lease::was_always_own);
        if let Fact::FlipTalkHeld(_) | Fact::RentAtFlipDisclosed(_) | Fact::ContractFlipped(_) = fact {
            self.unless(!own, Refusal::LeaseIsOwn);
        }
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
        // The client agrees to a rent, so the rent comes first.
        let decides = given.party == Party::Client && given.position == Position::Agree;
        self.unless(!decides || self.state.flip.disclosed_rent.is_some(), Refusal::NewRentNotDisclosed);
    }

    fn approved(&mut self, approved: &FlipApproved) {
        self.latest_talk(approved.talk_id);
        self.unless(self.state.flip.positions_agree(), Refusal::FlipNotAgreedByAllThree);
        self.unless(self.state.flip.disclosed_rent.is_some(), Refusal::NewRentNotDisclosed);
        self.not_before(Some(approved.flip_on));
    }

    fn flipped(&mut self, flip: &ContractFlipped) {
        let way = &self.state.flip;
        let blocked_from = self.set.flip.blocked_from_level;
        self.lease_id_is_new(flip.lease_id);
        self.unless(way.conditions_set, Refusal::FlipConditionsNotSet);
        self.unless(way.talk.is_some(), Refusal::NoFlipTalkHeld);
        self.unless(way.positions_agree(), Refusal::FlipNotAgreedByAllThree);
        self.unless(way.disclosed_rent.is_some(), Refusal::NewRentNotDisclosed);
        self.unless(
            way.disclosed_rent.is_none_or(|rent| rent == flip.rent_cents),
            Refusal::RentNotAsDisclosed,
        );
        self.unless(way.aftercare_agreed, Refusal::AftercareNotAgreed);
        self.unless(way.approved_for.is_some(), Refusal::FlipNotApproved);
        let around = i32::from(self.set.flip.days_from_approved_day);
        let is_near = |day: Day| day.plus_days(-around) <= self.on && self.on <= day.plus_days(around);
        self.unless(way.approved_for.is_none_or(is_near), Refusal::NotOnTheApprovedDay);
        self.unless(
            self.state.worst_nuisance_level().is_none_or(|level| level < blocked_from),
            Refusal::NuisanceCaseOpen,
        );
        self.leases_meet(flip);
        self.nothing_is_open();
    }

    /// The own lease starts on the day of the flip. The old leases end that day, or the day before.
    fn leases_meet(&mut self, flip: &ContractFlipped) {
        let sublet = self
            .state
            .tenancy
            .lease
            .as_ref()
            .is_some_and(|lease| lease.model == Some(ContractModel::Intermediary));
        let meets = |ends_on: Day| ends_on == self.on || ends_on.plus_days(1) == self.on;
        let sublease_meets = flip.sublease_ends_on.map_or(!sublet, meets);
        let all = meets(flip.head_lease_ends_on) && sublease_meets && flip.own_lease_starts_on == self.on;
        self.unless(all, Refusal::LeasesDoNotMeet);
    }

    /// No notice, no arrears without a plan, and no stay elsewhere; unless a departure says so, to which
    /// every party concerned agreed for itself.
    fn nothing_is_open(&mut self) {
        if self.state.departed_from(self.set, &self.set.flip.open_matters) {
            return;
        }
        let tenancy = &self.state.tenancy;
        self.unless(tenancy.termination.is_none(), Refusal::LeaseIsBeingEnded);
        self.unless(!tenancy.in_arrears || tenancy.arrears_planned, Refusal::ArrearsWithoutPlan);
        self.unless(tenancy.away != Some(Away::Placed), Refusal::PlacedElsewhere);
    }
}
