//! Obligations of the Amsterdam set that come before another fact, have no deadline, or are several.

use omklap_domain::agreements::Status;
use omklap_domain::agreements::assess::Closing;

use crate::asking::*;
use crate::telling::*;

/// A profile and readiness after whatever else, and the request.
fn requested(story: Story) -> Story {
    story.then(profile).then(readiness_confirmed).then(housing_requested)
}

mod only_who_is_ready_is_nominated {
    use super::*;

    #[test]
    fn kept_by_the_readiness_before_it_and_never_late() {
        let story = nominated();
        let ready_on = today(&story).plus_days(-1);
        assert_eq!(status(&story, "1.1", today(&story)), Status::Kept(ready_on));
        assert_eq!(instances(&story, "1.1")[0].evidence(), [4, 3]);
    }
}

mod a_readiness_that_was_taken_back {
    use super::*;

    #[test]
    fn keeps_nothing() {
        let story = ready().then(readiness_revoked).then(readiness_confirmed).then(housing_requested);
        let again_on = today(&story).plus_days(-1);
        assert_eq!(status(&story, "1.1", today(&story)), Status::Kept(again_on));
        assert_eq!(instances(&story, "1.1")[0].evidence(), [6, 5]);
    }
}

mod the_client_is_prepared_before_the_request {
    use super::*;

    #[test]
    fn kept_when_every_step_is_done() {
        let story = requested(prepared(preparing()));
        assert_eq!(status(&story, "1.2", today(&story)), Status::Kept(code("2026-01-10")));
    }

    #[test]
    fn overdue_from_the_day_after_the_request() {
        let story = requested(preparing().then(preparation_step));
        let asked = today(&story);
        assert_eq!(status(&story, "1.2", asked.plus_days(-1)), Status::Due(None));
        assert_eq!(status(&story, "1.2", asked), Status::Due(Some(asked)));
        assert_eq!(status(&story, "1.2", asked.plus_days(1)), Status::Overdue(asked.plus_days(1)));
    }

    #[test]
    fn late_when_the_last_step_comes_after_the_request() {
        let story = prepared(requested(preparing()).then(corporation_assigned).months_later(1));
        assert_eq!(status(&story, "1.2", today(&story)), Status::KeptLate(today(&story)));
    }

    #[test]
    fn set_aside_together() {
        let story = preparing().then(departure_from("1.2"));
        assert_eq!(status(&story, "1.2", today(&story)), Status::SetAside(today(&story)));
    }
}

mod a_home_is_offered_without_a_nuisance_file {
    use super::*;

    #[test]
    fn kept_by_the_offer_and_never_late() {
        let story = matching().months_later(9).then(dwelling_offered);
        assert_eq!(status(&story, "1.3", today(&story).plus_days(-1)), Status::Due(None));
        assert_eq!(status(&story, "1.3", today(&story)), Status::Kept(today(&story)));
    }

    #[test]
    fn not_asked_any_more_when_the_request_is_returned() {
        let story = matching().then(request_returned);
        assert_eq!(status(&story, "1.3", today(&story)), Status::SetAside(today(&story)));
    }
}

mod half_a_year_of_notice {
    use super::*;

    fn announced(months: u16) -> Story {
        preparing()
            .then(move |on| OutflowAnnounced { expected_on: on.plus_months(months), ..outflow_announced(on) })
    }

    #[test]
    fn kept_six_months_ahead() {
        let story = announced(6);
        assert_eq!(status(&story, "1.5", today(&story)), Status::Kept(today(&story)));
    }

    #[test]
    fn late_a_month_short_of_it() {
        let story = announced(5);
        assert_eq!(status(&story, "1.5", today(&story)), Status::KeptLate(today(&story)));
    }
}

mod the_lease_stands_in_the_providers_name_first {
    use super::*;

    #[test]
    fn kept_by_the_intermediary_lease() {
        let story = moved_in();
        assert_eq!(status(&story, "3.1", today(&story)), Status::Kept(today(&story)));
    }

    #[test]
    fn not_applicable_under_a_temporary_lease_and_due_before_it() {
        let story = housed_under_temporary_lease();
        assert_eq!(status(&story, "3.1", today(&story).plus_days(-1)), Status::Due(None));
        assert_eq!(status(&story, "3.1", today(&story)), Status::NotApplicable);
    }

    #[test]
    fn not_asked_any_more_when_the_offer_is_withdrawn() {
        let story = contracting().then(offer_withdrawn);
        assert_eq!(status(&story, "3.1", today(&story)), Status::SetAside(today(&story)));
    }
}

mod the_care_agreement_is_signed_with_the_sublease {
    use super::*;

    #[test]
    fn kept_by_the_lease_that_names_it() {
        let story = moved_in();
        assert_eq!(status(&story, "3.2", today(&story)), Status::Kept(today(&story)));
    }

    #[test]
    fn overdue_from_the_next_day_when_the_lease_does_not() {
        let terms = LeaseTerms { care_agreement: None, ..lease_terms() };
        let story = contracting().then(|on| HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) });
        let keys = today(&story);
        assert_eq!(status(&story, "3.2", keys), Status::Due(Some(keys)));
        assert_eq!(status(&story, "3.2", keys.plus_days(1)), Status::Overdue(keys.plus_days(1)));
    }

    #[test]
    fn not_applicable_where_there_is_no_sublease() {
        let story = housed_under_temporary_lease();
        assert_eq!(status(&story, "3.2", today(&story)), Status::NotApplicable);
    }
}

mod the_first_rent_is_solved_before_the_lease_starts {
    use super::*;

    #[test]
    fn kept_before_or_on_the_day_of_the_keys() {
        let before = contracting().then(first_rent_covered).then(intermediary_lease);
        assert!(matches!(status(&before, "3.3", before.next), Status::Kept(_)));
        let same_day = moved_in().days_later(-1).then(first_rent_covered);
        assert_eq!(status(&same_day, "3.3", same_day.next), Status::Kept(today(&same_day)));
    }

    #[test]
    fn late_and_overdue_after_it() {
        let story = moved_in();
        let keys = today(&story);
        assert_eq!(status(&story, "3.3", keys.plus_days(1)), Status::Overdue(keys.plus_days(1)));
        let story = story.then(first_rent_covered);
        assert_eq!(status(&story, "3.3", today(&story)), Status::KeptLate(today(&story)));
    }

    #[test]
    fn set_aside_together() {
        let story = contracting().then(departure_from("3.3"));
        assert_eq!(status(&story, "3.3", story.next), Status::SetAside(today(&story)));
    }
}

mod debts_are_in_view_before_the_offer {
    use super::*;

    #[test]
    fn kept_by_a_step_before_the_request() {
        let story = requested(preparing().then(step(PreparationStep::DebtsInView)));
        assert_eq!(status(&story, "7.1", story.next), Status::Kept(code("2026-01-06")));
    }

    #[test]
    fn overdue_after_the_offer_and_late_afterwards() {
        let story = offered();
        let offer = today(&story);
        assert_eq!(status(&story, "7.1", offer.plus_days(1)), Status::Overdue(offer.plus_days(1)));
        let story = story.then(step(PreparationStep::DebtsInView));
        assert_eq!(status(&story, "7.1", today(&story)), Status::KeptLate(today(&story)));
    }

    #[test]
    fn set_aside_together() {
        let story = nominated().then(departure_from("7.1"));
        assert_eq!(status(&story, "7.1", story.next), Status::SetAside(today(&story)));
    }
}

mod the_new_rent_is_shown_before_the_flip {
    use super::*;

    #[test]
    fn kept_between_talk_and_flip() {
        let story = flipped();
        assert!(matches!(status(&story, "7.2", story.next), Status::Kept(_)));
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
}

mod follow_up_checks {
    use super::*;

    fn checked(story: Story, month: u8) -> Story {
        story.then(|on| FollowUpCheckHeld { month, ..check_held(on) })
    }

    #[test]
    fn start_at_the_flip_and_are_five() {
        let story = flipped();
        let dues: Vec<_> = instances(&story, "9.2").iter().map(|one| (one.month, one.due())).collect();
        let after = |months: u8| (Some(months), Some(today(&story).plus_months(u16::from(months))));
        assert_eq!(dues, [3, 6, 12, 24, 36].map(after));
    }

    #[test]
    fn are_each_kept_by_the_check_of_their_month() {
        let story = checked(flipped().months_later(6), 6);
        let [three, six, ..] = &instances(&story, "9.2")[..] else { panic!("five") };
        assert!(matches!(three.status_on(story.next), Status::Overdue(_)));
        assert!(matches!(six.status_on(story.next), Status::Kept(_) | Status::KeptLate(_)));
    }

    #[test]
    fn that_are_missed_are_overdue_and_late_when_held_after_all() {
        let story = flipped().months_later(4).then(check_missed);
        assert!(matches!(status(&story, "9.2", story.next), Status::Overdue(_)));
        let story = checked(story, 3);
        assert_eq!(status(&story, "9.2", story.next), Status::KeptLate(today(&story)));
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

mod the_client_knows_what_is_shared {
    use super::*;

    #[test]
    fn kept_before_the_request() {
        let story = requested(preparing().then(privacy_explained));
        assert_eq!(status(&story, "10.1", story.next), Status::Kept(code("2026-01-06")));
    }

    #[test]
    fn overdue_after_it() {
        let story = nominated();
        assert_eq!(status(&story, "10.1", story.next), Status::Overdue(story.next));
        let story = story.then(privacy_explained);
        assert_eq!(status(&story, "10.1", story.next), Status::KeptLate(today(&story)));
    }

    #[test]
    fn set_aside_together() {
        let story = preparing().then(departure_from("10.1"));
        assert_eq!(status(&story, "10.1", story.next), Status::SetAside(today(&story)));
    }
}

/// On which facts the verdict on an obligation rests on a day.
fn cited(story: &Story, id: &str, day: Day) -> Vec<u64> {
    instances(story, id)[0].evidence_on(day)
}

#[test]
fn what_comes_before_a_fact_rests_on_that_fact_from_the_day_it_happens() {
    let request = ready().then(housing_requested);
    for id in ["1.2", "10.1"] {
        assert_eq!(cited(&request, id, today(&request).plus_days(-1)), [1], "{id}");
        assert_eq!(cited(&request, id, today(&request)), [1, request.history.version()], "{id}");
    }
    let keys = moved_in();
    let [accepted, housed] = cited(&keys, "3.3", keys.next)[..] else { panic!("the offer and the keys") };
    assert_eq!((housed, accepted < housed), (keys.history.version(), true));
    let late = keys.then(first_rent_covered);
    assert_eq!(cited(&late, "3.3", late.next), [accepted, housed, late.history.version()]);
    let offer = offered();
    assert_eq!(cited(&offer, "7.1", offer.next).last(), Some(&offer.history.version()));
    assert_eq!(cited(&offer, "7.1", today(&offer).plus_days(-1)).len(), 1);
}

#[test]
fn what_was_kept_before_its_limit_does_not_rest_on_it() {
    let story = requested(preparing().then(privacy_explained));
    assert_eq!(cited(&story, "10.1", story.next), [1, 2]);
}

mod sharing_stops_on_withdrawal {
    use super::*;

    #[test]
    fn kept_at_once_by_the_ledger_itself() {
        let story = preparing().then(consent_given).then(consent_withdrawn);
        assert_eq!(status(&story, "10.2", today(&story)), Status::Kept(today(&story)));
    }
}

#[test]
fn what_is_set_aside_before_it_starts_stays_aside_when_it_does() {
    let set_aside = |id: &'static str, story: Story| story.then(departure_from(id));
    for (id, story) in [
        ("1.1", set_aside("1.1", ready()).then(housing_requested)),
        ("1.5", set_aside("1.5", preparing()).then(outflow_announced)),
        ("3.2", set_aside("3.2", contracting()).then(intermediary_lease)),
        ("9.1", set_aside("9.1", approved_to_flip()).then(contract_flipped)),
        ("10.2", set_aside("10.2", housed().then(consent_given)).then(consent_withdrawn)),
    ] {
        let began = today(&story);
        assert_eq!(status(&story, id, began), Status::SetAside(began), "{id}");
        let version = story.history.version();
        assert_eq!(
            instances(&story, id)[0].evidence(),
            [version, version - 1],
            "{id}: the start, and who agreed"
        );
    }
}
