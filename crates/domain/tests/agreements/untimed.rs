//! Obligations of the Amsterdam set that must be kept before another fact, have no deadline, or
//! have several instances.

use omklap_domain::agreements::Status;

use crate::lookup::*;
use crate::vocabulary::*;

/// Adds a profile, readiness and the request to a story.
fn requested(story: Story) -> Story {
    story.then(profile).then(readiness_confirmed).then(housing_requested)
}

mod only_a_client_who_is_ready_is_nominated {
    use super::*;

    #[test]
    fn kept_by_the_earlier_readiness_and_never_late() {
        let story = nominated();
        let ready_on = today(&story).plus_days(-1);
        assert_eq!(status(&story, "1.1", today(&story)), Status::Kept(ready_on));
        assert_eq!(instances(&story, "1.1")[0].evidence(), [4, 3]);
    }
}

mod a_readiness_that_was_revoked {
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
    fn kept_if_every_step_is_done() {
        let story = requested(prepared(preparing()));
        assert_eq!(status(&story, "1.2", today(&story)), Status::Kept(code("2026-01-10")));
    }

    #[test]
    fn overdue_from_the_day_after_the_request() {
        let story = requested(preparing().then(preparation_step));
        let requested = today(&story);
        assert_eq!(status(&story, "1.2", requested.plus_days(-1)), Status::Due(None));
        assert_eq!(status(&story, "1.2", requested), Status::Due(Some(requested)));
        assert_eq!(status(&story, "1.2", requested.plus_days(1)), Status::Overdue(requested.plus_days(1)));
    }

    #[test]
    fn late_if_the_last_step_comes_after_the_request() {
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
    fn never_set_aside_because_the_ledger_refuses_such_an_offer() {
        matching().when(departure_from("1.3")).refused([Refusal::NeverSetAside]);
    }

    #[test]
    fn set_aside_if_the_request_is_returned() {
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

mod the_first_lease_is_in_the_providers_name {
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
    fn set_aside_together() {
        let story = contracting().then(departure_from("3.1"));
        assert_eq!(status(&story, "3.1", story.next), Status::SetAside(today(&story)));
    }

    #[test]
    fn set_aside_if_the_offer_is_withdrawn() {
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
    fn overdue_from_the_next_day_if_the_lease_does_not() {
        let terms = LeaseTerms { care_agreement: None, ..lease_terms() };
        let story = contracting().then(|on| HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) });
        let keys = today(&story);
        assert_eq!(status(&story, "3.2", keys), Status::Due(Some(keys)));
        assert_eq!(status(&story, "3.2", keys.plus_days(1)), Status::Overdue(keys.plus_days(1)));
    }

    #[test]
    fn late_if_the_next_lease_does() {
        let terms = LeaseTerms { care_agreement: None, ..lease_terms() };
        let story = moved_on(
            contracting().then(|on| HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) }),
        );
        assert_eq!(status(&story, "3.2", story.next), Status::KeptLate(today(&story)));
    }

    #[test]
    fn not_applicable_if_there_is_no_sublease() {
        let story = housed_under_temporary_lease();
        assert_eq!(status(&story, "3.2", today(&story)), Status::NotApplicable);
    }
}

mod the_first_rent_is_covered_before_the_lease_starts {
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

mod sharing_stops_on_withdrawal {
    use super::*;

    #[test]
    fn kept_at_once_by_the_ledger_itself() {
        let story = preparing().then(consent_given).then(consent_withdrawn);
        assert_eq!(status(&story, "10.2", today(&story)), Status::Kept(today(&story)));
    }
}

#[test]
fn an_obligation_that_is_set_aside_before_it_starts_stays_aside() {
    let set_aside = |id: &'static str, story: Story| story.then(departure_from(id));
    for (id, story) in [
        ("1.5", set_aside("1.5", preparing()).then(outflow_announced)),
        ("3.2", set_aside("3.2", contracting()).then(intermediary_lease)),
        ("5.4", set_aside("5.4", contracting()).then(intermediary_lease)),
    ] {
        let began = today(&story);
        assert_eq!(status(&story, id, began), Status::SetAside(began), "{id}");
        let version = story.history.version();
        assert_eq!(
            instances(&story, id)[0].evidence(),
            [version, version - 1],
            "{id}: the start and the agreement"
        );
    }
}
