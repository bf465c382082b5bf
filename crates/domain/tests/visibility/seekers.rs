//! Who is listed as a seeker, for whom, and with what (`docs/DOMAIN.md` §3.11).

use omklap_domain::seekers::{Certainty, Seeker};
use omklap_domain::visibility::{ListedSeeker, Role, listed_seekers, seekers_read_as, view};

use crate::viewers::{ID, nominated_to_another, stages, viewers};
use crate::vocabulary::*;

fn listed(story: &Story) -> Vec<ListedSeeker> {
    listed_seekers(ID, &story.history, &SETS)
}

fn seen_by(audience: Role, story: &Story) -> Option<Seeker> {
    listed(story).into_iter().find(|one| one.audience == audience).map(|one| one.seeker)
}

fn day_of(audience: Role, story: &Story) -> Option<(Option<Certainty>, String)> {
    seen_by(audience, story).map(|seeker| (seeker.certainty, seeker.day.to_string()))
}

fn announced() -> Story {
    preparing().then(|on| OutflowAnnounced { expected_on: code("2026-09-01"), ..outflow_announced(on) })
}

fn withdraws_the_profile(on: Day) -> ConsentWithdrawn {
    ConsentWithdrawn { scope: ConsentScope::OutflowProfile, ..consent_withdrawn(on) }
}

fn shares_the_profile(on: Day) -> ConsentGiven {
    ConsentGiven { scope: ConsentScope::OutflowProfile, ..consent_given(on) }
}

#[test]
fn a_client_seeks_a_home_until_the_keys() {
    for phase in Phase::ALL {
        let seeks = [Phase::Ready, Phase::Matching, Phase::Offered, Phase::Contracting].contains(&phase);
        assert_eq!(seen_by(Role::CareProvider, &life_in(phase)).is_some(), seeks, "{phase}");
    }
    assert_eq!(seen_by(Role::CareProvider, &ready().then(ended_with(Outcome::Withdrew))), None);
}

#[test]
fn a_day_is_sure_announced_or_estimated() {
    let of = |story: &Story| day_of(Role::CareProvider, story);
    assert_eq!(of(&preparing()), None, "nothing says when");
    let estimated = preparing().then(profile);
    assert_eq!(of(&estimated), Some((Some(Certainty::Estimated), "2026-04-06".into())));
    let not_yet = preparing().then(|on| OutflowProfileSet { profile: Profile::P0, ..profile(on) });
    assert_eq!(of(&not_yet), None, "no home fits yet");
    let both = announced().then(profile);
    assert_eq!(of(&both), Some((Some(Certainty::Announced), "2026-09-01".into())));
    let sure = both.then(readiness_confirmed);
    assert_eq!(of(&sure), Some((Some(Certainty::Sure), "2026-01-08".into())));
    assert_eq!(of(&sure.then(readiness_revoked)), None, "what was expected before is not so");
}

#[test]
fn a_client_who_seeks_another_home_is_ready_since_it_was_requested() {
    let story = housed().months_later(8);
    let requested_on = story.next.to_string();
    let again = story.then(housing_requested);
    assert_eq!(day_of(Role::MatchingPoint, &again), Some((Some(Certainty::Sure), requested_on)));
}

#[test]
fn a_stuck_case_without_a_day_is_listed_until_what_held_it_up_is_removed() {
    let stuck = preparing().then(case_discussed);
    let seeker = seen_by(Role::MatchingPoint, &stuck).expect("it is stuck");
    assert_eq!(
        (seeker.certainty, seeker.stuck.map(|stuck| stuck.on)),
        (None, Some(Bottleneck::DwellingSupply))
    );
    let another = stuck.clone().then(obstacle_removed);
    assert!(seen_by(Role::MatchingPoint, &another).is_some(), "another obstacle was removed");
    let same = |on| ObstacleRemoved { bottleneck: Bottleneck::DwellingSupply, ..obstacle_removed(on) };
    assert_eq!(seen_by(Role::MatchingPoint, &stuck.then(same)), None);
}

#[test]
fn a_seeker_shows_the_offer_and_how_many_are_used() {
    let seeker = seen_by(Role::CareProvider, &offered()).expect("seeks");
    let open = seeker.offer.expect("one is open");
    assert_eq!((open.id, open.accepted, seeker.offers_used), (OFFER, false, 1));
    assert!(open.respond_by.is_some());
    let accepted = seen_by(Role::CareProvider, &contracting()).expect("seeks");
    assert!(accepted.offer.is_some_and(|offer| offer.accepted));
    let withdrawn = seen_by(Role::CareProvider, &offered().then(offer_withdrawn)).expect("seeks");
    assert_eq!((withdrawn.offer, withdrawn.offers_used), (None, 0));
}

#[test]
fn a_corporation_lists_the_clients_assigned_to_it_and_no_others() {
    for story in [preparing(), announced(), ready(), nominated()] {
        assert_eq!(seen_by(Role::HousingCorporation, &story), None);
    }
    assert!(seen_by(Role::HousingCorporation, &matching()).is_some());
    // It houses the client, who seeks a home of another corporation.
    let all = listed(&nominated_to_another());
    let corporations: Vec<_> = all.iter().filter(|one| one.audience == Role::HousingCorporation).collect();
    assert_eq!(corporations.len(), 1);
    assert_eq!(corporations[0].organisation, Some(code("een-ander")));
}

#[test]
fn a_corporation_reads_the_bottleneck_if_it_was_at_the_table() {
    let stuck = |story: &Story| seen_by(Role::HousingCorporation, story).expect("seeks").stuck;
    assert_eq!(stuck(&matching().then(case_discussed)), None);
    assert!(stuck(&matching().then(discussed_by_three)).is_some());
}

#[test]
fn a_withdrawn_consent_hides_what_is_needed_and_the_estimate_from_partners() {
    let story = preparing().then(profile).then(shares_the_profile).then(withdraws_the_profile);
    assert_eq!(seen_by(Role::MatchingPoint, &story), None, "the day rests on the profile");
    assert!(seen_by(Role::CareProvider, &story).expect("its own client").needs.is_some());
    let ready = story.then(readiness_confirmed);
    assert_eq!(seen_by(Role::MatchingPoint, &ready).expect("ready").needs, None);
}

#[test]
fn an_auditor_reads_no_needs_and_no_bottleneck() {
    let seeker = seen_by(Role::Auditor, &matching().then(discussed_by_three)).expect("seeks");
    assert_eq!((seeker.needs, seeker.stuck), (None, None));
    assert_eq!(seen_by(Role::Auditor, &preparing().then(profile)), None, "it sees no estimate");
}

#[test]
fn a_restricted_client_is_listed_for_an_auditor_only() {
    let restricted = ready().then(restricted);
    let audiences: Vec<_> = listed(&restricted).into_iter().map(|one| one.audience).collect();
    assert_eq!(audiences, [Role::Auditor]);
}

#[test]
fn every_viewer_reads_the_seeker_of_its_own_view() {
    for (stage, story) in stages() {
        for viewer in viewers() {
            let Some(audience) = seekers_read_as(viewer.role) else {
                assert!(view(&viewer, ID, &story.history).seeker(&story.history, &SETS).is_none());
                continue;
            };
            let is_for = |one: &ListedSeeker| {
                one.audience == audience
                    && one
                        .organisation
                        .as_ref()
                        .is_none_or(|organisation| *organisation == viewer.organisation)
            };
            let Some(listed) = listed(&story).into_iter().find(is_for) else { continue };
            let seen = view(&viewer, ID, &story.history).seeker(&story.history, &SETS);
            assert_eq!(Some(listed.seeker), seen, "{viewer:?} at {stage}");
        }
    }
}
