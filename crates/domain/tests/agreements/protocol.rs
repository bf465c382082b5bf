//! The nuisance protocol in a case: levels, limits, who acts, and the quiet period.

use omklap_domain::agreements::assess::{Closing, assess};
use omklap_domain::nuisance::protocol::{CaseState, CaseStory, NextAction, nuisance_cases};

use crate::lookup::today;
use crate::vocabulary::*;

fn case(story: &Story) -> CaseStory<'static> {
    nuisance_cases(&story.history, &SETS).remove(0)
}

/// The next steps at its level, on the day of the latest fact: the English text, who does it and
/// the limit.
fn next(story: &Story) -> Vec<(String, Vec<Party>, Option<Day>)> {
    let case = case(story);
    let actions = case.next_actions_on(today(story));
    let level = case.level_on(today(story)).expect("a case has a level");
    let of_its_level = |action: &&NextAction<'_>| action.obligation.level == Some(level.settings.level);
    actions
        .iter()
        .filter(of_its_level)
        .map(|action| (action.obligation.text.en.clone(), action.by.to_vec(), action.until))
        .collect()
}

#[track_caller]
fn first_is(story: &Story, action: &str, by: &[Party], until: Day) {
    let (action_text, who, when) = next(story).remove(0);
    assert_eq!((action_text.as_str(), &who[..], when), (action, by, Some(until)));
}

const PROVIDER: &[Party] = &[Party::CareProvider];
const BOTH: &[Party] = &[Party::CareProvider, Party::HousingCorporation];

#[test]
fn at_level_0_the_reporter_is_informed_in_two_working_days() {
    let story = nuisance()
        .on(code("2026-03-06"))
        .then(|on| NuisanceReported { case_id: SECOND_CASE, ..nuisance_reported(on) });
    let second = &nuisance_cases(&story.history, &SETS)[1];
    let until: Day = code("2026-03-10");
    assert!(
        second
            .next_actions_on(today(&story))
            .iter()
            .all(|action| action.until == Some(until) && action.by == PROVIDER)
    );
    assert!(second.next_actions_on(until.plus_days(1)).iter().all(|action| action.overdue));
}

#[test]
fn a_step_that_is_done_is_not_listed_again() {
    assert_eq!(next(&nuisance()).len(), 2);
    assert_eq!(next(&nuisance().then(reporter_informed)).len(), 1);
}

#[test]
fn the_reporter_is_still_to_be_informed_after_the_approach_is_agreed() {
    let story = with_an_approach();
    let agreed = case(&story);
    let due = agreed.next_actions_on(today(&story));
    assert_eq!(
        (due.len(), due[0].obligation.text.en.as_str()),
        (2, "The reporter is informed of the approach")
    );
    assert!(agreed.next_actions_on(due[0].until.expect("a limit").plus_days(1))[0].overdue);
    let story = story.then(reporter_informed);
    assert_eq!(case(&story).next_actions_on(today(&story)).len(), 1);
    assert_eq!(case(&story).levels[0].steps[0].closed.as_ref().map(|closed| closed.on), Some(today(&story)));
}

#[test]
fn at_level_1_the_approach_is_reviewed_in_four_weeks() {
    let story = with_an_approach();
    let by = [Party::CareProvider, Party::Client, Party::HousingCorporation];
    first_is(&story, "Review whether the approach works", &by, today(&story).plus_weeks(4));
}

#[test]
fn at_level_2_something_happens_in_five_working_days_and_a_review_in_four_weeks() {
    let story = scaled_up();
    assert_eq!(next(&story).len(), 2);
    first_is(&story, "The first action after scaling up", BOTH, code("2026-01-23"));
    let story = story.then(guidance_scaled);
    first_is(
        &story,
        "Review with the care team lead and the nuisance officer",
        BOTH,
        today(&story).plus_days(-1).plus_weeks(4),
    );
}

#[test]
fn at_level_3_the_landlord_reviews_in_six_weeks_and_every_warning_begins_again() {
    let story = scaled_up().then(warning);
    first_is(&story, "Review whether the warning helps", PROVIDER, today(&story).plus_weeks(6));
    let story = story.months_later(1).then(warning);
    first_is(&story, "Review whether the warning helps", PROVIDER, today(&story).plus_weeks(6));
    assert_eq!(case(&story).warned_on.len(), 2);
}

#[test]
fn after_the_flip_the_landlord_is_the_corporation() {
    let story = flipped()
        .then(nuisance_reported)
        .then(approach_agreed)
        .then(escalated)
        .then(|on| WarningIssued { by: Party::HousingCorporation, ..warning(on) });
    assert_eq!(next(&story)[0].1, [Party::HousingCorporation]);
}

#[test]
fn at_level_4_the_last_chance_has_its_own_term() {
    let story = on_a_last_chance();
    let by = [Party::CareProvider, Party::HousingCorporation, Party::Client];
    first_is(&story, "Review whether the last chance was taken", &by, today(&story).plus_months(6));
}

#[test]
fn at_level_5_the_notice_runs_and_the_municipality_finds_a_place() {
    let story = losing_the_home();
    let notice = today(&story).plus_months(3);
    let steps = next(&story);
    assert!(steps.iter().all(|(_, _, until)| *until == Some(notice)));
    assert!(
        steps.iter().any(|(what, by, _)| what == "Find another place" && by[..] == [Party::Municipality])
    );
}

#[test]
fn an_eviction_that_is_prevented_leaves_a_last_chance_of_six_weeks() {
    let story = losing_the_home().then(eviction_prevented);
    assert_eq!(case(&story).level(), Some(Level::LAST_CHANCE));
    let by = [Party::CareProvider, Party::HousingCorporation, Party::Client];
    first_is(&story, "Review whether the last chance was taken", &by, today(&story).plus_weeks(6));
}

#[test]
fn a_level_that_was_reached_without_term_or_notice_has_a_limit_of_six_weeks() {
    let story = warned().then(escalated_to(4));
    let by = [Party::CareProvider, Party::HousingCorporation, Party::Client];
    first_is(&story, "Review whether the last chance was taken", &by, today(&story).plus_weeks(6));
    let story = story.then(escalated_to(5));
    let until = Some(today(&story).plus_weeks(6));
    assert_eq!(next(&story).iter().map(|(.., until)| *until).collect::<Vec<_>>(), [until, until]);
    let story = story.then(termination);
    let notice = Some(today(&story).plus_months(3));
    assert!(next(&story).iter().all(|(.., until)| *until == notice), "the notice sets the limit now");
}

#[test]
fn every_level_of_every_shipped_set_has_its_limits_however_a_case_reached_it() {
    for set in SETS.iter() {
        for level in Level::ALL {
            let story = nothing().then(|on| RunningCaseTakenOver {
                agreement_set: set.named(),
                open_nuisance_cases: vec![RunningNuisanceCase { case_id: CASE, level, reported_on: on }],
                ..taken_over_housed(on)
            });
            let steps = &case(&story).levels[0].steps;
            assert!(!steps.is_empty() && steps.iter().all(|step| step.due().is_some()), "{} {level}", set.id);
        }
    }
}

#[test]
fn a_case_that_is_scaled_down_has_the_steps_of_the_lower_level() {
    let story = scaled_up().then(deescalated);
    first_is(
        &story,
        "Review whether the approach works",
        &[Party::CareProvider, Party::Client, Party::HousingCorporation],
        today(&story).plus_weeks(4),
    );
}

#[test]
fn a_resolved_case_is_quiet_for_eight_weeks_and_has_no_next_steps() {
    let story = quiet();
    let until = today(&story).plus_weeks(8);
    assert_eq!(case(&story).state_on(story.next), Some(CaseState::Quiet { until }));
    assert_eq!(next(&story), []);
    let story = story.on(until).then(nuisance_closed);
    assert_eq!(case(&story).state_on(until), Some(CaseState::Closed));
}

#[test]
fn a_reopened_case_has_the_level_it_had_with_new_limits() {
    let story = scaled_up().then(nuisance_resolved).then(nuisance_reopened);
    let case = case(&story);
    assert_eq!((case.level(), case.state_on(story.next)), (Some(Level::SCALED_UP), Some(CaseState::Open)));
    assert_eq!(case.level_on(story.next).map(|at| at.from), Some(today(&story)));
}

#[test]
fn a_warning_about_arrears_completes_no_step_of_a_nuisance_case() {
    let story = scaled_up().then(warning_about_subletting);
    assert_eq!(next(&story).len(), 2);
}

#[test]
fn the_levels_of_a_case_have_the_numbers_of_their_facts() {
    let story = warned();
    let case = case(&story);
    let way: Vec<_> = case.levels.iter().map(|at| (u8::from(at.settings.level), at.sequence)).collect();
    let first = case.facts[0].sequence;
    assert_eq!(way, [(0, first), (1, first + 1), (2, first + 2), (3, first + 3), (3, first + 4)]);
}

#[test]
fn the_end_of_the_trajectory_ends_its_cases() {
    let story = scaled_up().then(trajectory_ended);
    assert_eq!(case(&story).state_on(story.next), Some(CaseState::CaseEnded));
    assert_eq!(next(&story), []);
    assert!(assess(&story.history, &SETS).iter().all(|one| one.start.is_none() || one.closed.is_some()));
}

/// What is to be done about the case, by the worklist: obligation and due date.
fn to_do(story: &Story) -> Vec<(String, Option<Day>)> {
    let assessed = assess(&story.history, &SETS).into_iter();
    let open = assessed.filter(|one| one.reference == Some(CASE.to_string()) && one.closed.is_none());
    let mut to_do: Vec<_> = open.map(|one| (one.obligation.id.to_string(), one.due())).collect();
    to_do.sort();
    to_do
}

fn ids(story: &Story) -> Vec<String> {
    to_do(story).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn the_protocol_and_the_worklist_have_the_same_steps_with_the_same_dates() {
    let stories =
        [nuisance(), with_an_approach(), scaled_up(), warned(), on_a_last_chance(), losing_the_home()];
    for story in stories {
        let case = case(&story);
        let actions = case.next_actions_on(today(&story));
        let mut next: Vec<_> =
            actions.iter().map(|action| (action.obligation.id.to_string(), action.until)).collect();
        next.sort();
        assert!(!next.is_empty());
        assert_eq!(next, to_do(&story));
    }
}

#[test]
fn a_case_that_goes_up_and_down_has_one_open_review() {
    let story = scaled_up().then(reporter_informed);
    assert_eq!(ids(&story), ["6.4", "6.5"]);
    let story = story.then(warning);
    assert_eq!(ids(&story), ["6.6"]);
    let story = story.then(deescalated_to(2));
    assert_eq!(ids(&story), ["6.4", "6.5"]);
    assert_eq!(ids(&story.then(deescalated_to(1))), ["6.3"]);
}

#[test]
fn a_reopened_case_starts_the_steps_of_its_level_again() {
    let story = scaled_up().then(reporter_informed).then(nuisance_resolved);
    assert_eq!(ids(&story), Vec::<String>::new());
    let story = story.then(nuisance_reopened);
    let on = today(&story);
    assert_eq!(to_do(&story)[1], ("6.5".to_owned(), Some(on.plus_weeks(4))));
}

#[test]
fn an_eviction_that_is_prevented_starts_the_review_of_the_last_chance_again() {
    let story = losing_the_home().then(reporter_informed).then(eviction_prevented);
    assert_eq!(to_do(&story), [("6.7".to_owned(), Some(today(&story).plus_weeks(6)))]);
}

#[test]
fn the_municipality_has_found_no_place_if_the_client_was_evicted() {
    let evicted = put_out().then(|on| TrajectoryEnded { outcome: Outcome::Evicted, ..trajectory_ended(on) });
    let found =
        losing_the_home().then(|on| TrajectoryEnded { outcome: Outcome::OtherCare, ..trajectory_ended(on) });
    let how = |story: &Story| {
        let assessed = assess(&story.history, &SETS);
        let place = assessed.iter().find(|one| one.obligation.id.as_str() == "6.9").expect("a step").clone();
        (place.responsible, place.closed.map(|closed| closed.how))
    };
    assert_eq!(how(&evicted), (vec![Party::Municipality], Some(Closing::CaseEnded)));
    assert_eq!(how(&found), (vec![Party::Municipality], Some(Closing::Kept)));
}

#[test]
fn nobody_is_to_be_informed_of_a_report_without_a_name_or_by_the_police() {
    let anonymous = housed().then(|on| NuisanceReported { reporter: None, ..nuisance_reported(on) });
    let police = housed().then(|on| NuisanceReported { channel: Channel::Police, ..nuisance_reported(on) });
    assert_eq!((ids(&anonymous), ids(&police)), (vec!["6.2".to_owned()], vec!["6.2".to_owned()]));
    assert_eq!(ids(&nuisance()), ["6.1", "6.2"]);
}

#[test]
fn an_acute_case_that_is_closed_leaves_nothing_overdue() {
    let acute = |on| Escalated { acute: Some(AcuteGround::Violence), ..escalated_to(2)(on) };
    let story = nuisance().months_later(1).then(acute);
    assert_eq!(ids(&story), ["6.1", "6.4", "6.5"], "there is no approach to agree any more");
    let story = story.then(nuisance_resolved).months_later(3).then(nuisance_closed);
    assert_eq!(to_do(&story), []);
}

#[test]
fn a_case_that_is_handed_over_leaves_nothing_to_do() {
    assert_eq!(to_do(&scaled_up().then(nuisance_handed_over)), []);
}
