//! Obligations of the Amsterdam set that come before or after the flip.

use omklap_domain::agreements::Status;
use omklap_domain::agreements::assess::Closing;

use crate::lookup::*;
use crate::vocabulary::*;

mod the_new_rent_is_shown_before_the_flip {
    use super::*;

    #[test]
    fn kept_between_talk_and_flip() {
        let story = flipped();
        assert!(matches!(status(&story, "7.2", story.next), Status::Kept(_)));
    }

    #[test]
    fn never_late_because_the_flip_needs_it() {
        let talked = housed().then(flip_talk);
        assert_eq!(status(&talked, "7.2", talked.next), Status::Due(None));
        talked.when(flip_approved).refused([Refusal::FlipNotAgreedByAllThree, Refusal::NewRentNotDisclosed]);
    }

    #[test]
    fn never_set_aside_because_the_flip_needs_it() {
        let story = housed().then(flip_talk);
        story.when(departure_from("7.2")).refused([Refusal::NeverSetAside]);
    }

    #[test]
    fn asked_again_after_a_postponement() {
        let story = housed().then(flip_talk).then(flip_postponed).then(second_flip_talk);
        let [first, second] = &instances(&story, "7.2")[..] else { panic!("one for each round") };
        assert_eq!(first.closed.as_ref().map(|closed| closed.how), Some(Closing::FellAway));
        assert_eq!(second.status_on(story.next), Status::Due(None));
    }
}

mod aftercare_is_agreed_at_the_flip {
    use super::*;

    #[test]
    fn kept_before_the_flip_that_needs_it() {
        let story = flipped();
        assert!(matches!(status(&story, "9.1", story.next), Status::Kept(_)));
    }

    #[test]
    fn never_late_because_the_flip_needs_it() {
        let story = agreed_to_flip().then(rent_disclosed).then(flip_approved);
        story.when(contract_flipped).refused([Refusal::AftercareNotAgreed]);
    }
}

mod follow_up_checks {
    use super::*;

    fn checked(story: Story, month: u8) -> Story {
        story.then(|on| FollowUpCheckHeld { month, ..check_held(on) })
    }

    #[test]
    fn start_at_the_flip_as_five_instances() {
        let story = flipped();
        let dues: Vec<_> = instances(&story, "9.2").iter().map(|one| (one.month, one.due())).collect();
        let after = |months: u8| (Some(months), Some(today(&story).plus_months(u16::from(months))));
        assert_eq!(dues, [3, 6, 12, 24, 36].map(after));
    }

    #[test]
    fn are_each_kept_by_the_check_of_their_month() {
        let story = checked(flipped().months_later(6), 6);
        let [three, six, ..] = &instances(&story, "9.2")[..] else { panic!("five") };
        assert!(matches!(three.status_on(today(&story).plus_days(-1)), Status::Overdue(_)));
        assert_eq!(three.status_on(today(&story)), Status::SetAside(today(&story)), "the next one was held");
        assert!(three.left_undone());
        assert!(matches!(six.status_on(story.next), Status::Kept(_) | Status::KeptLate(_)));
    }

    #[test]
    fn that_are_missed_are_overdue_and_then_late_if_still_held() {
        let story = flipped().months_later(4).then(check_missed);
        assert!(matches!(status(&story, "9.2", story.next), Status::Overdue(_)));
        let story = checked(story, 3);
        assert_eq!(status(&story, "9.2", story.next), Status::KeptLate(today(&story)));
    }

    #[test]
    fn that_the_client_declines_keep_nobody_overdue() {
        let declined = |on| FollowUpCheckMissed { reason: MissedReason::Declined, ..check_missed(on) };
        let story = flipped().months_later(3).days_later(-1).then(declined);
        let three = &instances(&story, "9.2")[0];
        assert_eq!(three.status_on(story.next.plus_months(40)), Status::SetAside(today(&story)));
        assert!(!three.left_undone(), "the provider asked in time");
        let unreached = flipped().months_later(3).days_later(-1).then(check_missed);
        assert!(matches!(status(&unreached, "9.2", unreached.next.plus_days(1)), Status::Overdue(_)));
    }

    #[test]
    fn can_be_set_aside_together() {
        let story = flipped().then(departure_from("9.2"));
        assert!(
            instances(&story, "9.2")
                .iter()
                .all(|one| one.status_on(story.next) == Status::SetAside(today(&story)))
        );
    }
}
