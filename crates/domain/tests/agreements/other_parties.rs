//! What belongs to a party ends when another organisation takes its place.

use std::collections::BTreeSet;

use omklap_domain::agreements::Status;
use omklap_domain::agreements::assess::{Assessed, Closing, assess};
use omklap_domain::trajectory::fact::Belongs;
use proptest::prelude::*;

use crate::lookup::*;
use crate::proofs::walk::lives;
use crate::vocabulary::*;

/// What replaces an organisation, in a story.
type Change = fn(Story) -> Story;
/// The fact that replaces an organisation.
type Report = fn(Day) -> Fact;

/// The ways in which an organisation is replaced, with the party for which it acted.
fn changes() -> Vec<(Party, Change)> {
    vec![
        (Party::CareProvider, moved_to_another_region),
        (Party::Municipality, moved_to_another_region),
        (Party::CareProvider, |story| story.then(transferred)),
        (Party::Municipality, |story| story.then(directed_by_another)),
        (Party::HousingCorporation, moved_to_another_corporation),
    ]
}

#[test]
fn nothing_is_late_at_an_organisation_on_the_day_on_which_it_comes() {
    for (party, change) in changes() {
        for story in [moved_in(), housed(), everything_agreed(), flipped(), with_a_signal_to(party)] {
            let in_follow_up = story.phase() == Phase::FollowUp;
            if in_follow_up && party == Party::HousingCorporation {
                continue;
            }
            let after = change(story.months_later(30));
            let day = today(&after);
            let late = |one: &Assessed<'_>| {
                one.responsible.contains(&party) && matches!(one.status_on(day), Status::Overdue(_))
            };
            let late: Vec<_> = assess(&after.history, &SETS).into_iter().filter(late).collect();
            assert!(
                late.is_empty(),
                "{party:?}: {:?}",
                late.iter().map(|one| &one.obligation.id).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn what_the_one_before_left_late_stays_counted_against_it() {
    let after = housed().months_later(30).then(transferred);
    let [first, again] = &instances(&after, "8.1")[..] else { panic!("one for each provider") };
    assert_eq!(first.closed.as_ref().map(|closed| closed.how), Some(Closing::OtherParty));
    assert!(first.left_undone(), "the old provider never held the talk");
    assert_eq!(again.due(), Some(today(&after).plus_days(28)), "the new one makes up for it");
}

#[test]
fn what_only_the_move_could_keep_is_not_asked_of_the_next_provider() {
    let without = |on| {
        let terms = LeaseTerms { care_agreement: None, ..lease_terms() };
        HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) }
    };
    let after = contracting().then(without).months_later(1).then(transferred);
    let [care_agreement] = &instances(&after, "3.2")[..] else { panic!("one move") };
    assert_eq!(care_agreement.closed.as_ref().map(|closed| closed.how), Some(Closing::OtherParty));
    assert!(care_agreement.left_undone());
}

#[test]
fn what_is_not_late_passes_on_with_its_date() {
    let before = housed();
    let reviewed_by = instances(&before, "4.2")[0].due();
    let after = before.months_later(3).then(transferred);
    let [review] = &instances(&after, "4.2")[..] else { panic!("the review goes on") };
    assert_eq!((review.due(), review.closed.is_none()), (reviewed_by, true));
}

mod a_contact_person {
    use super::*;

    #[test]
    fn of_the_former_corporation_is_none_of_the_next() {
        let named = with_both_contacts(moved_in());
        assert!(matches!(status(&named, "5.1", today(&named)), Status::KeptLate(_)));
        let moved = moved_to_another_corporation(named);
        let again = instances(&moved, "5.1").pop().expect("it applies to each home");
        assert!(again.closed.is_none(), "the next corporation has not named anybody");
        let named = moved.then(contact_of(Party::HousingCorporation));
        let again = instances(&named, "5.1").pop().expect("it applies to each home");
        assert_eq!(again.closed.map(|closed| closed.how), Some(Closing::Kept));
    }

    #[test]
    fn of_the_former_provider_is_asked_of_the_next() {
        let after = with_both_contacts(moved_in()).then(transferred);
        let again = instances(&after, "5.1").pop().expect("it applies");
        assert_eq!((again.due(), again.closed), (Some(today(&after)), None));
        let named = after.days_later(-1).then(contact_of(Party::CareProvider));
        let again = instances(&named, "5.1").pop().expect("it applies");
        assert!(matches!(again.status_on(today(&named)), Status::Kept(_)), "the corporation's goes on");
    }

    #[test]
    fn of_a_corporation_that_was_only_assigned_is_none_of_the_landlord() {
        let other = |on| CorporationAssigned { corporation: code("rochdale"), ..corporation_assigned(on) };
        let named = nominated().then(other).then(contact_of(Party::HousingCorporation));
        let housed = named
            .then(corporation_assigned)
            .then(dwelling_offered)
            .then(offer_accepted)
            .then(contact_of(Party::CareProvider))
            .then(intermediary_lease);
        assert!(instances(&housed, "5.1")[0].closed.is_none());
    }
}

#[test]
fn the_review_of_a_home_that_the_client_left_is_not_asked_of_the_next_corporation() {
    let moved = moved_to_another_corporation(housed().months_later(13));
    let [review] = &instances(&moved, "4.2")[..] else { panic!("nothing is signed in the next home yet") };
    assert_eq!(review.closed.as_ref().map(|closed| closed.how), Some(Closing::OtherParty));
    assert!(review.left_undone());
    let signed = moved.then(living_agreements);
    assert_eq!(
        instances(&signed, "4.2").last().and_then(Assessed::due),
        Some(today(&signed).plus_months(12))
    );
}

#[test]
fn a_plan_of_the_former_provider_is_asked_of_the_next() {
    let planned = moved_in().then(guidance_plan).then(relapse_plan);
    let after = planned.months_later(5).then(transferred);
    for id in ["2.1", "5.4"] {
        let [first, again] = &instances(&after, id)[..] else { panic!("{id}: one for each provider") };
        assert_eq!(first.closed.as_ref().map(|closed| closed.how), Some(Closing::Kept), "{id}");
        assert_eq!(again.due(), Some(today(&after).plus_months(1)), "{id}");
    }
    let flipped = instances(&flipped_with_plans().then(transferred), "2.1");
    assert_eq!(flipped.len(), 1, "aftercare took the place of the plan");
    let planned = after.then(guidance_plan);
    assert!(matches!(instances(&planned, "2.1")[1].status_on(today(&planned)), Status::Kept(_)));
}

#[test]
fn the_agreement_of_the_former_provider_to_a_departure_is_not_the_next_ones() {
    let proposed = moved_in().then(agreed_by(Party::CareProvider, "4.5")).then(transferred);
    let agreed = proposed.then(agreed_by(Party::Client, "4.5"));
    assert!(matches!(status(&agreed, "4.5", today(&agreed)), Status::Due(_)));
    let agreed = agreed.then(agreed_by(Party::CareProvider, "4.5"));
    assert!(matches!(status(&agreed, "4.5", today(&agreed)), Status::SetAside(_)));
}

#[test]
fn aftercare_and_position_of_the_former_provider_are_not_the_next_ones() {
    let after = approved_to_flip().then(transferred);
    after
        .clone()
        .when(contract_flipped)
        .refused([Refusal::FlipNotAgreedByAllThree, Refusal::AftercareNotAgreed]);
    let after = flipped().then(transferred);
    let again = instances(&after, "9.1").pop().expect("it applies");
    assert_eq!(again.status_on(after.next), Status::Overdue(after.next), "the next one agrees on its own");
    let agreed = after.then(aftercare);
    let again = instances(&agreed, "9.1").pop().expect("it applies");
    assert!(matches!(again.status_on(today(&agreed)), Status::KeptLate(_)));
}

#[test]
fn a_late_report_of_the_change_is_judged_by_the_day_it_happened() {
    let late = housed().months_later(30).then(evaluation);
    let day = late.history.happened().map(|(_, fact)| fact.occurred_on()).nth(8).expect("it moved in");
    let (in_time, reported_late) = (day.plus_months(3), late.on(day.plus_months(3)).then(transferred));
    let [talk] = &instances(&reported_late, "8.1")[..] else { panic!("it was not late on that day") };
    assert!(talk.closed.is_none() && talk.due() > Some(in_time));
}

/// These tests know every kind of fact that belongs to a party.
#[test]
fn the_kinds_that_belong_to_a_party_are_these() {
    let belong = FactType::ALL.iter().filter(|kind| kind.row().belongs != Belongs::ToTheCase);
    let belong: BTreeSet<_> = belong.map(|kind| kind.as_str()).collect();
    let known =
        ["aftercare-agreed", "contact-person-assigned", "guidance-plan-agreed", "relapse-plan-agreed"];
    assert_eq!(belong, BTreeSet::from(known));
}

proptest! {
    /// Whatever happened, a new provider or municipality starts without anything late.
    #[test]
    fn whatever_happened_nothing_is_late_at_the_next_one(life in lives(60)) {
        let changes: [(Party, Report); 2] = [
            (Party::CareProvider, |on| transferred_to("de-volgende")(on).into()),
            (Party::Municipality, |on| directed_by_another(on).into()),
        ];
        for (party, change) in changes {
            let mut history = life.history.clone();
            let last = history.happened().last().map(|(_, fact)| fact.occurred_on());
            let Some(on) = last.map(|last| last.plus_months(20)) else { continue };
            if history.report(change(on), rules()).is_err() {
                continue;
            }
            for one in assess(&history, &SETS).iter().filter(|one| one.responsible.contains(&party)) {
                prop_assert!(!matches!(one.status_on(on), Status::Overdue(_)), "{}", one.obligation.id);
            }
        }
    }
}

// The words of these tests.

fn directed_by_another(on: Day) -> TrajectoryTransferred {
    TrajectoryTransferred {
        care_provider: None,
        municipality: Some(code("gemeente-venlo")),
        ..transferred(on)
    }
}

fn transferred_to(provider: &'static str) -> impl FnOnce(Day) -> TrajectoryTransferred {
    move |on| TrajectoryTransferred { care_provider: Some(code(provider)), ..transferred(on) }
}

fn with_both_contacts(story: Story) -> Story {
    story.then(contact_of(Party::CareProvider)).then(contact_of(Party::HousingCorporation))
}

fn everything_agreed() -> Story {
    with_both_contacts(housed()).then(guidance_plan).then(relapse_plan)
}

fn flipped_with_plans() -> Story {
    flipped_from(everything_agreed())
}

fn with_a_signal_to(party: Party) -> Story {
    housed().then(|on| SignalReported { asked: party, ..signal(on) })
}

fn moved_to_another_corporation(story: Story) -> Story {
    let corporation = || code("rochdale");
    story
        .then(housing_requested)
        .then(|on| CorporationAssigned { corporation: corporation(), ..corporation_assigned(on) })
        .then(|on| DwellingOffered { corporation: corporation(), ..another_dwelling_offered(on) })
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
        .then(|on| {
            let (lease_id, unit) = (OWN_LEASE, code("VHE-00999"));
            let terms = LeaseTerms { lease_id, unit, corporation: corporation(), ..lease_terms() };
            HousedUnderIntermediaryLease { terms, ..intermediary_lease(on) }
        })
}

fn moved_to_another_region(story: Story) -> Story {
    story.then(transfer_proposed).then(transfer_accepted)
}
