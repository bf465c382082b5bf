//! Every obligation of the Amsterdam set that is counted in time: kept on its last day, kept a day
//! after it, late, and set aside.

use omklap_domain::agreements::Status;

use crate::lookup::*;
use crate::vocabulary::*;

/// The four stories of an obligation: `from` a story whose last fact starts it, due on `due`
/// counted from that day, and kept by `by`.
macro_rules! obligations {
    ($($sentence:ident: $id:literal from $start:expr, due $due:expr, by $keep:expr;)*) => {$(
        mod $sentence {
            use super::*;

            fn due(story: &Story) -> Day {
                let due: fn(Day) -> Day = $due;
                due(today(story))
            }

            fn kept(story: Story, on: Day) -> Story {
                let keep: fn(Story) -> Story = $keep;
                keep(story.on(on))
            }

            #[test]
            fn in_time_on_its_last_day() {
                let story: Story = $start;
                let (due, began) = (due(&story), today(&story));
                assert_eq!(status(&story, $id, began), Status::Due(Some(due)));
                assert_eq!(status(&kept(story, due), $id, due), Status::Kept(due));
            }

            #[test]
            fn late_a_day_after_it() {
                let story: Story = $start;
                let after = due(&story).plus_days(1);
                assert_eq!(status(&kept(story, after), $id, after), Status::KeptLate(after));
            }

            #[test]
            fn overdue_if_nobody_did_it() {
                let story: Story = $start;
                let due = due(&story);
                assert_eq!(status(&story, $id, due), Status::Due(Some(due)));
                assert_eq!(status(&story, $id, due.plus_days(1)), Status::Overdue(due.plus_days(1)));
                assert_eq!(status(&story, $id, due.plus_days(900)), Status::Overdue(due.plus_days(1)));
            }

            #[test]
            fn set_aside_if_the_partners_agree() {
                let story = ($start).then(departure_from($id));
                let agreed = today(&story);
                assert_eq!(status(&story, $id, agreed), Status::SetAside(agreed));
                assert_eq!(status(&story, $id, agreed.plus_days(900)), Status::SetAside(agreed));
            }
        }
    )*};
}

obligations! {
    a_home_is_offered_within_three_months: "1.4" from ready(), due |day| day.plus_months(3),
        by |story| story.on_the_same_day([housing_requested(story.next).into(), corporation_assigned(story.next).into(), dwelling_offered(story.next).into()]);
    a_guidance_plan_is_made_within_a_month: "2.1" from moved_in(), due |day| day.plus_months(1),
        by |story| story.then(guidance_plan);
    flip_conditions_are_known_on_the_key_date: "2.2" from moved_in(), due |day| day,
        by |story| story.then(flip_conditions);
    guidance_is_scaled_in_five_working_days: "2.3" from housed().then(signal), due |day| working_days(5, day),
        by |story| story.then(scaled_for_the_signal);
    living_agreements_are_signed_within_six_weeks: "4.1" from moved_in(), due |day| day.plus_weeks(6),
        by |story| story.then(living_agreements);
    a_review_is_held_within_a_year: "4.2" from moved_in().then(living_agreements), due |day| day.plus_months(12),
        by |story| story.then(annual_review);
    a_welcome_talk_is_held_within_six_weeks: "4.3" from moved_in(), due |day| day.plus_weeks(6),
        by |story| story.then(welcome_talk);
    an_evaluation_is_held_within_half_a_year: "4.4" from moved_in(), due |day| day.plus_months(6),
        by |story| story.then(evaluation);
    the_neighbours_are_met_within_three_months: "4.5" from moved_in(), due |day| day.plus_months(3),
        by |story| story.then(neighbours_met);
    contacts_are_named_on_the_key_date: "5.1" from moved_in(), due |day| day,
        by |story| story.on_the_same_day([contact_of(Party::CareProvider)(story.next).into(), contact_of(Party::HousingCorporation)(story.next).into()]);
    a_signal_is_answered_in_two_working_days: "5.2" from housed().then(signal), due |day| working_days(2, day),
        by |story| story.then(signal_answered);
    missed_rent_is_acted_on_within_a_month: "5.3" from housed().then(rent_missed), due |day| day.plus_months(1),
        by |story| story.then(arrears_plan);
    a_relapse_plan_is_made_within_a_month: "5.4" from moved_in(), due |day| day.plus_months(1),
        by |story| story.then(relapse_plan);
    the_reporter_is_informed_in_two_working_days: "6.1" from nuisance(), due |day| working_days(2, day),
        by |story| story.then(reporter_informed);
    the_approach_is_agreed_in_two_working_days: "6.2" from nuisance(), due |day| working_days(2, day),
        by |story| story.then(approach_agreed);
    an_approach_is_reviewed_in_four_weeks: "6.3" from with_an_approach(), due |day| day.plus_weeks(4),
        by |story| story.then(nuisance_resolved);
    something_happens_in_five_working_days_after_scaling_up: "6.4" from scaled_up(), due |day| working_days(5, day),
        by |story| story.then(guidance_scaled);
    a_case_that_was_scaled_up_is_reviewed_in_four_weeks: "6.5" from scaled_up(), due |day| day.plus_weeks(4),
        by |story| story.then(deescalated);
    a_warning_is_reviewed_in_six_weeks: "6.6" from scaled_up().then(warning), due |day| day.plus_weeks(6),
        by |story| story.then(nuisance_resolved);
    a_last_chance_is_reviewed_at_the_end_of_its_term: "6.7" from on_a_last_chance(), due |day| day.plus_months(6),
        by |story| story.then(nuisance_resolved);
    the_lease_ends_or_the_eviction_is_prevented_within_the_notice: "6.8" from losing_the_home(), due |day| day.plus_months(3),
        by |story| story.then(eviction_prevented);
    another_place_is_found_within_the_notice: "6.9" from losing_the_home(), due |day| day.plus_months(3),
        by |story| story.then(eviction_prevented);
    a_flip_talk_is_held_within_a_year: "8.1" from moved_in(), due |day| day.plus_months(12),
        by |story| story.then(flip_talk);
    a_joint_decision_is_taken_in_four_weeks: "8.2" from housed().then(flip_talk), due |day| day.plus_weeks(4),
        by |story| story.on_the_same_day([
            position_of(Party::Client, Position::NotYet)(story.next).into(), position_of(Party::CareProvider, Position::Agree)(story.next).into(),
            position_of(Party::HousingCorporation, Position::Agree)(story.next).into(), flip_postponed(story.next).into()]);
    a_new_talk_is_held_on_its_own_date: "8.3" from housed().then(flip_talk).then(flip_postponed), due |day| day.plus_months(3),
        by |story| story.then(second_flip_talk);
    a_request_to_return_is_answered_in_two_weeks: "9.3" from housed().then(return_requested), due |day| day.plus_weeks(2),
        by |story| story.then(test_done);
}

fn working_days(days: u16, from: Day) -> Day {
    SETS.get(&bound_to("amsterdam-2018"))
        .expect("it comes with omklap")
        .calendar
        .plus_working_days(from, days)
}

fn scaled_for_the_signal(on: Day) -> GuidanceScaled {
    GuidanceScaled { signal_id: Some(SIGNAL), ..guidance_scaled(on) }
}

/// Several facts on one day.
trait OnTheSameDay {
    fn on_the_same_day<const N: usize>(&self, facts: [Fact; N]) -> Story;
}

impl OnTheSameDay for Story {
    fn on_the_same_day<const N: usize>(&self, facts: [Fact; N]) -> Story {
        let day = self.next;
        facts.into_iter().fold(self.clone(), |story, fact| story.on(day).then(|_| fact))
    }
}
