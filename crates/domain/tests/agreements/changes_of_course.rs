//! What happens to obligations when a case changes course.

use omklap_domain::agreements::assess::Closing;
use omklap_domain::agreements::{Status, assess};

use crate::lookup::*;
use crate::vocabulary::*;

#[test]
fn a_review_starts_the_year_of_the_next() {
    let story = housed().months_later(11).then(annual_review).months_later(13).then(annual_review);
    let reviews = instances(&story, "4.2");
    assert_eq!(reviews.len(), 3);
    assert!(matches!(reviews[0].status_on(story.next), Status::Kept(_)));
    assert!(matches!(reviews[1].status_on(story.next), Status::KeptLate(_)));
    assert_eq!(reviews[2].due(), Some(today(&story).plus_months(12)));
}

#[test]
fn the_half_yearly_evaluation_recurs_until_the_flip() {
    let story = housed().months_later(6).then(evaluation).months_later(6).then(evaluation);
    let evaluations = instances(&story, "4.4");
    assert_eq!(evaluations.len(), 3);
    assert_eq!(evaluations[2].due(), Some(today(&story).plus_months(6)));
    assert!(matches!(evaluations[2].status_on(story.next.plus_months(7)), Status::Overdue(_)));
    let flipped = instances(&flipped(), "4.4").pop().expect("one that ran until the flip");
    assert_eq!(flipped.closed.map(|closed| closed.how), Some(Closing::FellAway));
}

#[test]
fn a_corporation_that_handed_the_assignment_back_has_no_offer_to_weigh() {
    let story = matching().then(assignment_returned);
    assert!(matches!(status(&story, "1.3", story.next), Status::SetAside(_)));
}

#[test]
fn a_withdrawn_offer_starts_the_clock_again_from_readiness() {
    let ready = ready();
    let due = today(&ready).plus_months(3);
    let offered =
        ready.then(housing_requested).then(corporation_assigned).days_later(20).then(dwelling_offered);
    let day_of_the_offer = today(&offered);
    let withdrawn = offered.days_later(40).then(offer_withdrawn);
    let first = &instances(&withdrawn, "1.4")[0];
    assert_eq!(first.status_on(day_of_the_offer), Status::Kept(day_of_the_offer));
    assert_eq!(first.status_on(today(&withdrawn)), Status::SetAside(today(&withdrawn)));
    let again = instances(&withdrawn, "1.4").pop().expect("it runs on");
    assert_eq!(again.status_on(today(&withdrawn)), Status::Due(Some(due)));
    assert_eq!(again.status_on(due.plus_days(1)), Status::Overdue(due.plus_days(1)));
    let offered_again = withdrawn.then(another_dwelling_offered);
    let kept = instances(&offered_again, "1.4").pop().expect("it runs on");
    assert_eq!(kept.status_on(offered_again.next), Status::Kept(today(&offered_again)));
}

#[test]
fn an_offer_withdrawn_after_the_three_months_leaves_the_corporation_late() {
    let withdrawn = offered().days_later(115).then(offer_withdrawn);
    let again = instances(&withdrawn, "1.4").pop().expect("it runs on");
    assert_eq!(again.status_on(today(&withdrawn)), Status::Overdue(today(&withdrawn)));
}

#[test]
fn a_refused_offer_and_the_withdrawal_of_the_next_one_leave_the_first_one_made() {
    let second = offered().then(offer_refused).then(second_offer_granted).then(another_dwelling_offered);
    let withdrawn = second.then(|on| OfferWithdrawn { offer_id: SECOND_OFFER, ..offer_withdrawn(on) });
    assert_eq!(instances(&withdrawn, "1.4").len(), 1);
    assert!(matches!(status(&withdrawn, "1.4", withdrawn.next), Status::Kept(_)));
}

#[test]
fn death_stops_every_reminder() {
    let story = housed().then(signal).then(ended_with(Outcome::Deceased));
    for one in assess(&story.history, &SETS) {
        let status = one.status_on(story.next.plus_days(3000));
        assert!(!matches!(status, Status::Due(_) | Status::Overdue(_)), "{}: {status:?}", one.obligation.id);
    }
}

#[test]
fn an_obligation_that_was_late_when_the_case_ended_was_left_undone() {
    let story = housed().then(signal).months_later(1).then(ended_with(Outcome::Withdrew));
    let answer = &instances(&story, "5.2")[0];
    assert_eq!(answer.status_on(story.next), Status::SetAside(today(&story)));
    assert!(answer.left_undone());
    assert!(!instances(&story, "8.1")[0].left_undone());
}

#[test]
fn a_request_to_return_is_answered_even_after_the_end() {
    let story = completed().then(return_requested);
    let due = today(&story).plus_weeks(2);
    assert_eq!(status(&story, "9.3", story.next), Status::Due(Some(due)));
    assert_eq!(status(&story, "9.3", due.plus_days(1)), Status::Overdue(due.plus_days(1)));
}

#[test]
fn an_absence_pauses_the_clock_and_the_days_away_are_added() {
    let story = moved_in();
    let due = today(&story).plus_weeks(6);
    let away = story.then(absence);
    assert_eq!(status(&away, "4.3", due.plus_days(99)), Status::Due(None));
    let home = away.days_later(19).then(absence_ended);
    assert_eq!(status(&home, "4.3", home.next), Status::Due(Some(due.plus_days(20))));
    assert_eq!(instances(&home, "4.3")[0].status_on(due.plus_days(21)), Status::Overdue(due.plus_days(21)));
}

#[test]
fn an_absence_after_the_last_day_does_not_help() {
    let story = moved_in().months_later(3).then(placement);
    assert!(matches!(status(&story, "4.3", story.next), Status::Overdue(_)));
}

#[test]
fn an_absence_does_not_pause_an_obligation_that_does_not_need_the_client() {
    let story = moved_in().then(absence);
    assert!(matches!(status(&story, "4.4", story.next), Status::Due(Some(_))));
}

#[test]
fn a_retracted_fact_has_kept_nothing_and_started_nothing() {
    let story = housed().then(signal).then(signal_answered);
    let (reported, answered) = (story.history.version() - 1, story.history.version());
    let unanswered = story.clone().then(retracted(answered));
    assert!(matches!(status(&unanswered, "5.2", unanswered.next), Status::Due(Some(_))));
    let never = unanswered.then(retracted(reported));
    assert_eq!(status(&never, "5.2", never.next), Status::NotStarted);
}

#[test]
fn a_corrected_date_moves_the_deadline_and_is_cited_by_its_own_number() {
    let story = moved_in();
    let (keys, number) = (today(&story), story.history.version());
    let story = story.then(replaced(number, intermediary_lease(keys.plus_days(1))));
    let welcome = &instances(&story, "4.3")[0];
    assert_eq!(welcome.due(), Some(keys.plus_days(1).plus_weeks(6)));
    assert_eq!(welcome.evidence(), [number]);
}

#[test]
fn a_late_report_is_judged_by_the_day_it_happened() {
    let story = moved_in();
    let keys = today(&story);
    let story = story.months_later(6).then(evaluation).on(keys.plus_days(10)).then(welcome_talk);
    assert_eq!(status(&story, "4.3", keys.plus_months(7)), Status::Kept(keys.plus_days(10)));
}

#[test]
fn a_newer_set_judges_only_what_starts_after_it() {
    let story = housed().then(signal).then(agreement_set_changed).then(annual_review);
    let set_of = |id: &str, at: usize| instances(&story, id)[at].set.id.to_string();
    assert_eq!(set_of("5.2", 0), "amsterdam-2018");
    assert_eq!(set_of("4.2", 0), "amsterdam-2018");
    assert_eq!(set_of("4.2", 1), "amsterdam-2020");
    let answered = story.then(signal_answered);
    assert!(matches!(status(&answered, "5.2", answered.next), Status::Kept(_) | Status::KeptLate(_)));
}

#[test]
fn an_answer_to_one_signal_does_not_answer_another() {
    let other = SignalId(uuid::Uuid::from_u128(7));
    let story = housed()
        .then(signal)
        .then(|on| SignalReported { signal_id: other, asked: Party::HousingCorporation, ..signal(on) })
        .then(|on| SignalAnswered { signal_id: other, ..signal_answered(on) });
    let [first, second] = &instances(&story, "5.2")[..] else { panic!("two signals") };
    assert!(matches!(first.status_on(story.next), Status::Due(_)));
    assert!(matches!(second.status_on(story.next), Status::Kept(_)));
    assert_eq!(
        (&first.responsible[..], &second.responsible[..]),
        (&[Party::CareProvider][..], &[Party::HousingCorporation][..])
    );
}

#[test]
fn rent_missed_again_before_any_action_starts_no_second_instance() {
    let story = housed().then(rent_missed).months_later(1).then(rent_missed);
    assert_eq!(instances(&story, "5.3").len(), 1);
    let story = story.then(arrears_plan).months_later(1).then(rent_missed);
    assert_eq!(instances(&story, "5.3").len(), 2);
}

#[test]
fn an_unfounded_report_needs_an_answer_to_the_reporter_but_no_approach() {
    let story = nuisance().then(nuisance_unfounded);
    let approach = &instances(&story, "6.2")[0];
    assert_eq!(approach.closed.as_ref().map(|closed| closed.how), Some(Closing::FellAway));
    assert!(matches!(status(&story, "6.1", story.next), Status::Due(_)));
}

#[test]
fn another_dwelling_starts_the_living_agreements_again() {
    let story = moved_on(moved_in());
    let [first, second] = &instances(&story, "4.1")[..] else { panic!("one a dwelling") };
    assert_eq!(first.closed.as_ref().map(|closed| closed.how), Some(Closing::FellAway));
    assert_eq!(second.due(), Some(today(&story).plus_weeks(6)));
}

mod a_case_that_was_taken_over {
    use super::*;

    #[test]
    fn is_not_judged_for_the_time_before() {
        let story = nothing().then(taken_over_housed);
        for one in assess(&story.history, &SETS) {
            let status = one.status_on(story.next);
            assert!(!matches!(status, Status::Overdue(_)), "{}: {status:?}", one.obligation.id);
        }
        assert!(instances(&story, "8.1").iter().all(|one| one.start.is_none()), "the talk was due before");
    }

    #[test]
    fn has_its_next_review_a_year_after_the_take_over() {
        let story = nothing().then(taken_over_housed);
        let review = instances(&story, "4.2");
        assert_eq!(review[0].due(), Some(today(&story).plus_months(12)));
    }

    #[test]
    fn has_its_next_review_a_year_after_the_last_one_it_lists() {
        let story = nothing().then(|on| RunningCaseTakenOver {
            already_kept: vec![AlreadyKept { obligation: code("4.2"), kept_on: on.plus_days(-100) }],
            ..taken_over_housed(on)
        });
        let dues: Vec<_> = instances(&story, "4.2")
            .iter()
            .filter(|one| one.closed.is_none())
            .map(omklap_domain::agreements::Assessed::due)
            .collect();
        assert_eq!(dues, [Some(today(&story).plus_days(-100).plus_months(12))]);
    }

    #[test]
    fn is_followed_from_its_own_flip() {
        let story = nothing().then(taken_over_flipped);
        let flip = today(&story).plus_days(-30);
        assert_eq!(instances(&story, "9.2")[0].due(), Some(flip.plus_months(3)));
    }
}
