//! The facts that a verdict is based on: what started an obligation and how it ended, and also what
//! set or moved its limit.

use crate::lookup::*;
use crate::vocabulary::*;

/// The facts that the verdict on an obligation is based on, on a day.
fn cited(story: &Story, id: &str, day: Day) -> Vec<u64> {
    instances(story, id)[0].evidence_on(day)
}

#[test]
fn an_obligation_due_before_a_fact_cites_that_fact_from_the_day_it_happens() {
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
fn an_obligation_that_was_kept_before_its_limit_does_not_cite_the_limit() {
    let story =
        preparing().then(privacy_explained).then(profile).then(readiness_confirmed).then(housing_requested);
    assert_eq!(cited(&story, "10.1", story.next), [1, 2]);
}

#[test]
fn a_paused_clock_is_cited_with_the_facts_that_paused_and_resumed_it() {
    let story = moved_in();
    let keys = story.history.version();
    let home = story.then(absence).days_later(19).then(absence_ended);
    let welcome = &instances(&home, "4.3")[0];
    assert_eq!(welcome.evidence_on(today(&home).plus_days(-1)), [keys, keys + 1]);
    assert_eq!(welcome.evidence_on(today(&home)), [keys, keys + 1, keys + 2]);
    assert_eq!(instances(&home, "4.4")[0].evidence(), [keys], "its clock was not paused");
}

#[test]
fn an_absence_that_moved_nothing_is_not_cited() {
    let back_at_once = moved_in().then(absence).days_later(-1).then(absence_ended);
    assert_eq!(instances(&back_at_once, "4.3")[0].evidence().len(), 1);
    let too_late = moved_in().months_later(3).then(placement);
    assert_eq!(instances(&too_late, "4.3")[0].evidence().len(), 1);
}
