//! Obligations that the partners set aside together.

use omklap_domain::agreements::{AgreementSets, Status, Verdict, assess};

use crate::lookup::*;
use crate::sets::AMSTERDAM;
use crate::vocabulary::*;

mod a_departure {
    use super::*;
    use crate::lookup::agreed_by;
    use Party::{CareProvider, Client, HousingCorporation, MatchingPoint};

    fn is_set_aside(story: &Story, id: &str) -> bool {
        matches!(status(story, id, story.next), Status::SetAside(_))
    }

    #[test]
    fn is_no_partys_own_decision() {
        for party in [Client, CareProvider, HousingCorporation, MatchingPoint] {
            let story = housed().then(agreed_by(party, "4.5")).then(agreed_by(party, "4.5"));
            assert!(!is_set_aside(&story, "4.5"), "{party:?}");
        }
    }

    #[test]
    fn holds_from_the_day_on_which_the_other_party_agrees() {
        let story = housed().then(agreed_by(CareProvider, "4.5")).then(agreed_by(Client, "4.5"));
        assert_eq!(status(&story, "4.5", today(&story).plus_days(-1)).verdict(), Verdict::Due);
        assert_eq!(status(&story, "4.5", today(&story)), Status::SetAside(today(&story)));
        let numbers = story.history.version() - 1..=story.history.version();
        let instance = &instances(&story, "4.5")[0];
        assert!(numbers.clone().all(|number| instance.evidence().contains(&number)), "both are cited");
    }

    #[test]
    fn needs_the_party_that_it_protects() {
        let partners = housed().then(agreed_by(CareProvider, "5.3")).then(rent_missed);
        let partners =
            partners.then(agreed_by(CareProvider, "5.3")).then(agreed_by(HousingCorporation, "5.3"));
        assert!(!is_set_aside(&partners, "5.3"), "two partners, and the client was not asked");
        assert!(is_set_aside(&partners.then(agreed_by(Client, "5.3")), "5.3"));
    }

    #[test]
    fn needs_every_party_that_owes_it() {
        let story = housed().then(agreed_by(Client, "4.2")).then(agreed_by(CareProvider, "4.2"));
        assert!(!is_set_aside(&story, "4.2"));
        assert!(is_set_aside(&story.then(agreed_by(HousingCorporation, "4.2")), "4.2"));
    }

    #[test]
    fn that_nobody_answers_in_time_is_over() {
        let proposed = || housed().then(agreed_by(CareProvider, "4.5"));
        assert!(is_set_aside(&proposed().days_later(27).then(agreed_by(Client, "4.5")), "4.5"));
        let late = proposed().days_later(28).then(agreed_by(Client, "4.5"));
        assert!(!is_set_aside(&late, "4.5"));
        assert!(is_set_aside(&late.then(agreed_by(CareProvider, "4.5")), "4.5"));
    }

    #[test]
    fn may_be_agreed_by_one_party_before_the_start_and_by_the_other_after_it() {
        let story = contracting().then(agreed_by(CareProvider, "4.5")).then(intermediary_lease);
        assert!(!is_set_aside(&story, "4.5"));
        assert!(is_set_aside(&story.then(agreed_by(Client, "4.5")), "4.5"));
    }
}

#[test]
fn a_departure_agreed_beforehand_applies_to_the_next_instance() {
    let story = preparing().then(departure_from("4.5")).then(profile).then(readiness_confirmed);
    assert_eq!(status(&story, "4.5", story.next), Status::NotStarted);
    let story = story
        .then(housing_requested)
        .then(corporation_assigned)
        .then(dwelling_offered)
        .then(offer_accepted)
        .then(intermediary_lease);
    assert_eq!(status(&story, "4.5", story.next), Status::SetAside(today(&story)));
}

mod a_recurring_obligation_that_is_set_aside {
    use super::*;

    /// The status of each review on a day, and its due date.
    fn reviews(story: &Story, day: Day) -> Vec<(Status, Option<Day>)> {
        instances(story, "4.2").iter().map(|one| (one.status_on(day), one.due())).collect()
    }

    #[test]
    fn is_due_again_as_if_it_had_been_kept_on_its_last_day() {
        let story = moved_in().then(living_agreements);
        let due = today(&story).plus_months(12);
        let story = story.months_later(11).then(departure_from("4.2"));
        let (agreed, next) = (today(&story), due.plus_months(12));
        assert_eq!(
            reviews(&story, agreed),
            [(Status::SetAside(agreed), Some(due)), (Status::Due(Some(next)), Some(next))]
        );
        assert_eq!(instances(&story, "4.2")[1].evidence(), [story.history.version()]);
        assert_eq!(status(&story, "4.2", agreed.plus_days(-1)), Status::Due(Some(due)));
        let held = story.on(next).then(annual_review);
        let [_, kept, third] = &reviews(&held, next)[..] else { panic!("three years") };
        assert_eq!((kept.0, third.1), (Status::Kept(next), Some(next.plus_months(12))));
    }

    #[test]
    fn is_set_aside_a_second_time_by_a_second_departure() {
        let story = moved_in().then(living_agreements);
        let due = today(&story).plus_months(12);
        let story = story.then(departure_from("4.2")).then(departure_from("4.2"));
        let dues: Vec<_> = reviews(&story, today(&story)).into_iter().map(|(_, due)| due).collect();
        assert_eq!(dues, [due, due.plus_months(12), due.plus_months(24)].map(Some));
    }

    #[test]
    fn is_not_late_on_the_day_on_which_they_agreed() {
        let story = moved_in().then(living_agreements).months_later(27).then(departure_from("4.2"));
        let next = today(&story).plus_months(12);
        assert_eq!(reviews(&story, today(&story))[1], (Status::Due(Some(next)), Some(next)));
    }

    #[test]
    fn is_due_again_if_they_agreed_before_it_started() {
        let story = moved_in().then(departure_from("4.2")).then(living_agreements);
        let signed = today(&story);
        let (due, next) = (signed.plus_months(12), signed.plus_months(24));
        assert_eq!(
            reviews(&story, signed),
            [(Status::SetAside(signed), Some(due)), (Status::Due(Some(next)), Some(next))]
        );
    }

    #[test]
    fn continues_for_each_case_it_is_about() {
        let recurring = AMSTERDAM.replacen("id = \"6.3\"", "id = \"6.99\"", 1).replacen(
            "[[agreements]]\nnumber = 7",
            RECURRING,
            1,
        );
        let mut sets = AgreementSets::default();
        sets.add(&recurring).expect("a good set");
        let story = with_an_approach()
            .then(|on| NuisanceReported { case_id: SECOND_CASE, ..nuisance_reported(on) })
            .then(|on| ApproachAgreed { case_id: SECOND_CASE, ..approach_agreed(on) })
            .then(departure_from("6.3"));
        let open: Vec<_> = assess(&story.history, &sets)
            .into_iter()
            .filter(|one| one.obligation.id.as_str() == "6.3" && one.closed.is_none())
            .map(|one| one.reference)
            .collect();
        assert_eq!(open, [CASE, SECOND_CASE].map(|case| Some(case.to_string())));
    }

    /// An obligation of agreement 6 that recurs for each case.
    const RECURRING: &str = r#"[[agreements.obligations]]
id = "6.3"
text = { nl = "De melder elke maand spreken", en = "Talk to the reporter every month" }
responsible = ["care-provider"]
starts-with = ["approach-agreed", "reporter-informed"]
deadline = { months = 1 }
recurs = true
kept-by = ["reporter-informed"]
same = "caseId"
source = ["decision"]

[[agreements]]
number = 7"#;

    #[test]
    fn is_counted_from_the_departure_while_its_clock_is_paused() {
        let paused = AMSTERDAM.replacen("recurs = true", "recurs = true\npaused-by = [\"absence\"]", 1);
        let mut sets = AgreementSets::default();
        sets.add(&paused).expect("a good set");
        let story = housed().then(absence).months_later(1).then(departure_from("4.2"));
        let agreed = today(&story);
        let story = story.days_later(9).then(absence_ended);
        let reviews = assess(&story.history, &sets);
        let last = reviews.iter().rfind(|one| one.obligation.id.as_str() == "4.2").expect("it continues");
        assert_eq!(last.status_on(agreed), Status::Due(None));
        assert_eq!(last.due(), Some(agreed.plus_months(12).plus_days(10)));
    }

    #[test]
    fn ends_when_it_would_have_ended_anyway() {
        let story = approved_to_flip().then(departure_from("4.2")).then(contract_flipped);
        assert!(instances(&story, "4.2").iter().all(|one| one.closed.is_some()));
    }
}
