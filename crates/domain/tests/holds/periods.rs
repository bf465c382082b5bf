//! From when until when a life holds a home.

use omklap_domain::holds::{HeldBy, Hold, holds};

use crate::vocabulary::*;

#[test]
fn an_offer_holds_the_home_up_to_the_last_day_to_answer() {
    let story = offered();
    let on = offered_on();
    assert_eq!(periods(&story), [("VHE-00412", HeldBy::Offer, on, Some(on.plus_days(15)))]);
    assert_eq!(waiting(&story), [Some(on.plus_days(14))]);
}

#[test]
fn an_offer_without_a_last_day_holds_the_home_until_it_is_answered() {
    let story = matching().then(|on| DwellingOffered { respond_by: None, ..dwelling_offered(on) });
    assert_eq!(periods(&story), [("VHE-00412", HeldBy::Offer, offered_on(), None)]);
}

#[test]
fn an_accepted_offer_holds_the_home_until_the_lease_does() {
    let story = contracting().days_later(40);
    assert_eq!(periods(&story), [("VHE-00412", HeldBy::Offer, offered_on(), None)]);
    let moved_on = story.next;
    let story = story.then(intermediary_lease);
    let offer = ("VHE-00412", HeldBy::Offer, offered_on(), Some(moved_on));
    assert_eq!(periods(&story), [offer, ("VHE-00412", HeldBy::Lease, moved_on, None)]);
}

#[test]
fn a_refused_or_withdrawn_offer_holds_nothing_from_that_day_on() {
    for story in [offered().days_later(3).then(offer_refused), offered().days_later(3).then(offer_withdrawn)]
    {
        let last = story.next.plus_days(-1);
        assert_eq!(periods(&story), [("VHE-00412", HeldBy::Offer, offered_on(), Some(last))]);
        assert_eq!(waiting(&story), [None]);
    }
}

#[test]
fn an_offer_that_is_withdrawn_on_its_own_day_never_held_the_home() {
    let story = offered().days_later(-1).then(offer_withdrawn);
    assert!(periods(&story).is_empty());
}

#[test]
fn an_offer_that_lapsed_holds_nothing_after_its_last_day_even_if_that_is_reported_later() {
    let story = offered().months_later(2).then(offer_not_answered);
    let until = offered_on().plus_days(15);
    assert_eq!(periods(&story), [("VHE-00412", HeldBy::Offer, offered_on(), Some(until))]);
}

#[test]
fn a_temporary_lease_holds_the_home_up_to_its_last_day() {
    let story = housed_under_temporary_lease();
    let moved_on = story.next.plus_days(-1);
    let until = moved_on.plus_months(24).plus_days(1);
    assert_eq!(leases(&story), [("VHE-00412", moved_on, Some(until))]);
    let longer = moved_on.plus_months(36);
    let story = story.then(|on| LeaseExtended { ends_on: longer, ..lease_extended(on) });
    assert_eq!(leases(&story), [("VHE-00412", moved_on, Some(longer.plus_days(1)))]);
}

#[test]
fn the_lease_of_the_client_follows_the_lease_of_the_provider_without_a_gap() {
    let story = flipped();
    let held = leases(&story);
    let [("VHE-00412", _, Some(until)), ("VHE-00412", since, None)] = held[..] else { panic!("{held:?}") };
    assert_eq!(until, since);
}

#[test]
fn a_home_that_is_merged_or_split_is_another_home_from_that_day() {
    let story = housed().then(dwelling_redivided);
    let on = story.next.plus_days(-1);
    let held = leases(&story);
    let [("VHE-00412", _, Some(until)), ("VHE-00412-413", since, None)] = held[..] else {
        panic!("{held:?}")
    };
    assert_eq!((until, since), (on, on));
}

#[test]
fn a_renovation_holds_the_temporary_home_as_well() {
    let story = housed().then(renovation_started);
    let held = leases(&story).into_iter().map(|(unit, ..)| unit.to_owned()).collect::<Vec<_>>();
    assert_eq!(held, ["VHE-00412", "VHE-00777"]);
    let back = story.months_later(3).then(renovation_ended);
    let running: Vec<_> = leases(&back).into_iter().filter(|(_, _, until)| until.is_none()).collect();
    assert_eq!(running.len(), 1, "{running:?}");
}

#[test]
fn a_move_or_the_end_of_the_case_frees_the_home() {
    for story in [
        flipped().then(ended_with(Outcome::MovedAway)),
        deceased(),
        completed(),
        flipped().then(tenancy_ended),
    ] {
        let running: Vec<_> = periods(&story).into_iter().filter(|(.., until)| until.is_none()).collect();
        assert!(running.is_empty(), "{running:?}");
    }
}

#[test]
fn a_correction_of_the_dwelling_moves_the_hold() {
    let story = offered();
    let offer = story.history.happened().find(|(_, fact)| matches!(fact, Fact::DwellingOffered(_)));
    let (offer, _) = offer.expect("it was offered");
    let right = DwellingOffered { unit: code("VHE-00999"), ..dwelling_offered(offered_on()) };
    let until = Some(offered_on().plus_days(15));
    let story = story.then(replaced(offer, right));
    assert_eq!(periods(&story), [("VHE-00999", HeldBy::Offer, offered_on(), until)]);
}

#[test]
fn a_lease_has_the_complex_and_the_vacancy_of_the_offer_that_it_follows() {
    let story = matching().then(offered_to_the_first).then(offer_accepted).then(intermediary_lease);
    let named: Vec<_> = all(&story).into_iter().map(|hold| (hold.what, hold.complex, hold.vacancy)).collect();
    let of = |what| (what, Some(code("C-118")), Some(VACANCY));
    assert_eq!(named, [of(HeldBy::Offer), of(HeldBy::Lease)]);
    let without = all(&housed()).pop().expect("a lease");
    assert_eq!((without.complex, without.vacancy), (Some(code("C-118")), None));
}

// The words of these tests.

fn offered_on() -> Day {
    matching().next
}

fn all(story: &Story) -> Vec<Hold> {
    holds(&story.history, &SETS)
}

fn waiting(story: &Story) -> Vec<Option<Day>> {
    all(story).into_iter().map(|hold| hold.respond_by).collect()
}

fn periods(story: &Story) -> Vec<(&'static str, HeldBy, Day, Option<Day>)> {
    all(story).into_iter().map(|hold| (unit(&hold), hold.what, hold.since, hold.until)).collect()
}

fn leases(story: &Story) -> Vec<(&'static str, Day, Option<Day>)> {
    let leases = all(story).into_iter().filter(|hold| hold.what == HeldBy::Lease);
    leases.map(|hold| (unit(&hold), hold.since, hold.until)).collect()
}

fn unit(hold: &Hold) -> &'static str {
    let known = ["VHE-00412", "VHE-00412-413", "VHE-00777", "VHE-00999"];
    known.into_iter().find(|unit| *unit == hold.unit.as_str()).expect("a unit of the vocabulary")
}
