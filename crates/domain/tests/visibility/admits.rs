//! `admits` lists the kinds of facts that the case admits now and the caller may report.

use omklap_domain::trajectory::situation::Situation;
use omklap_domain::visibility::{AccessLevel, Role, Viewer, may_report, reportable, view};

use crate::viewers::{ID, matching_with_another, nominated_to_another, of, retracts, stages, viewers};
use crate::vocabulary::*;

#[test]
fn admits_lists_the_kinds_that_the_caller_may_report_and_no_others() {
    let mut compared = 0;
    for (stage, story) in stages_with_another() {
        for viewer in viewers() {
            let view = view(&viewer, ID, &story.history);
            if !view.knows() {
                continue;
            }
            let admits = story.phase().admits();
            let named = reportable(&viewer, &view, &story.history, story.next, &SETS, admits.clone());
            let now = Situation::of(story.history.state(), story.next, &SETS).expect("it is open");
            for kind in admits {
                let may = reports_of(&viewer, kind, &story)
                    .into_iter()
                    .any(|fact| may_report(&viewer, ID, &story.history, &[fact]).is_ok());
                let context =
                    format!("{stage}: {kind} by {} of {}", viewer.role.as_str(), viewer.organisation);
                // What is missing counts only if this viewer sees that it is.
                let mut missing = now.lacks(kind, |signal| view.sees_signal(signal));
                let possible = !missing.any(|need| view.sees(need.category()) == AccessLevel::All);
                assert_eq!(named.contains(&kind), may && possible, "{context}");
                compared += 1;
            }
        }
    }
    assert!(compared > 3000, "{compared}");
}

#[test]
fn admits_lists_nothing_about_the_home_of_another_corporation() {
    let named = |organisation: &str| {
        let (story, viewer) = (nominated_to_another(), of(Role::HousingCorporation, organisation));
        let view = view(&viewer, ID, &story.history);
        reportable(&viewer, &view, &story.history, story.next, &SETS, story.phase().admits())
    };
    let (nominated, landlord) = (named("een-ander"), named("stadswonen"));
    for kind in [FactType::RentMissed, FactType::NuisanceReported, FactType::AnnualReviewHeld] {
        assert!(!nominated.contains(&kind) && landlord.contains(&kind), "{kind}");
    }
    assert!(nominated.contains(&FactType::DwellingOffered));
    assert!(!nominated.contains(&FactType::OfferWithdrawn), "it made no offer");
}

/// The stages of the reporting tests, and more in which another corporation takes part.
fn stages_with_another() -> Vec<(&'static str, Story)> {
    let offered_by_another = |on| DwellingOffered {
        corporation: code("een-ander"),
        offer_id: SECOND_OFFER,
        ..dwelling_offered(on)
    };
    let accepted = |on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) };
    let more = [
        ("matching with another", matching_with_another()),
        ("offered by another", matching_with_another().then(offered_by_another)),
        ("accepted from another", matching_with_another().then(offered_by_another).then(accepted)),
        ("offered by another than the landlord", nominated_to_another().then(offered_by_another)),
        (
            "accepted from another than the landlord",
            nominated_to_another().then(offered_by_another).then(accepted),
        ),
        ("restricted", flipped().then(restricted)),
        ("transferred", housed().then(transferred)),
    ];
    stages().into_iter().chain(more).collect()
}

/// Reports of a kind on the next day of the story. They name the viewer as reporter, if that kind
/// names one.
fn reports_of(viewer: &Viewer, kind: FactType, story: &Story) -> Vec<Fact> {
    let recorded = story.history.recorded();
    match kind {
        FactType::EventCorrected => {
            (1..=story.history.version()).map(|corrects| retracts(story.next, corrects)).collect()
        }
        FactType::OfferAccepted
        | FactType::OfferRefused
        | FactType::OfferWithdrawn
        | FactType::FittingTestDone => {
            let offers = recorded.iter().filter_map(|fact| match fact {
                Fact::DwellingOffered(offer) => Some(offer.offer_id),
                _ => None,
            });
            let of_own = |offer| about(offer, of_own(viewer, fact_of(kind, story.next)));
            offers.chain([OFFER]).map(of_own).collect()
        }
        _ => vec![of_own(viewer, fact_of(kind, story.next))],
    }
}

fn about(offer: OfferId, mut fact: Fact) -> Fact {
    match &mut fact {
        Fact::OfferAccepted(answer) => answer.offer_id = offer,
        Fact::OfferRefused(answer) => answer.offer_id = offer,
        Fact::FittingTestDone(test) => test.offer_id = offer,
        Fact::OfferWithdrawn(answer) => answer.offer_id = offer,
        _ => {}
    }
    fact
}

/// A corporation only says that no answer came to an offer.
fn in_the_words_of(party: Party, refused: &mut OfferRefused) {
    if party == Party::HousingCorporation {
        refused.ground = RefusalGround::NotAnsweredInTime;
    }
}

/// The fact, with the viewer's party and organisation in the fields that name the reporter.
fn of_own(viewer: &Viewer, mut fact: Fact) -> Fact {
    let Some(party) = viewer.role.party() else { return fact };
    match &mut fact {
        Fact::ContactPersonAssigned(contact) => {
            (contact.party, contact.organisation) = (party, Some(viewer.organisation.clone()));
        }
        Fact::IntakeRegistered(intake) if party != Party::CareProvider => intake.origin = Origin::HomeAtRisk,
        Fact::CorporationAssigned(assigned) => assigned.assigned_by = Some(party),
        Fact::AssignmentReturned(returned) => returned.corporation = viewer.organisation.clone(),
        Fact::FittingTestDone(test) => test.tested_by = party,
        Fact::OfferRefused(refused) => in_the_words_of(party, refused),
        Fact::DwellingOffered(offer) => offer.corporation = viewer.organisation.clone(),
        Fact::HousedUnderIntermediaryLease(housed) => lets(viewer, &mut housed.terms),
        Fact::HousedUnderThreePartyLease(housed) => lets(viewer, &mut housed.terms),
        Fact::HousedUnderTemporaryLease(housed) => lets(viewer, &mut housed.terms),
        Fact::HousedUnderOwnLease(housed) => lets(viewer, &mut housed.terms),
        Fact::LeaseEndAgreed(agreed) => agreed.signed_by = vec![party],
        Fact::WarningIssued(warning) => warning.by = party,
        Fact::FlipPositionGiven(given) => given.party = party,
        Fact::DepartureAgreed(departure) => departure.agreed_by = vec![party],
        _ => {}
    }
    fact
}

fn lets(viewer: &Viewer, terms: &mut LeaseTerms) {
    match viewer.role.party() {
        Some(Party::HousingCorporation) => terms.corporation = viewer.organisation.clone(),
        _ => terms.care_provider = viewer.organisation.clone(),
    }
}

/// A corporation to which a client is only nominated sees no arrears, and a Wmo consultant no course: what
/// depends on these is named for them whether it is possible or not.
/// Facts that some viewers do not see at all.
const BESIDE: [fn(Day) -> Fact; 4] = [
    |on| rent_missed(on).into(),
    |on| absence(on).into(),
    |on| nuisance_reported(on).into(),
    |on| consent_given(on).into(),
];

/// The kinds that `admits` names.
fn named(story: &Story, viewer: &Viewer) -> Vec<FactType> {
    let view = view(viewer, ID, &story.history);
    reportable(viewer, &view, &story.history, story.next, &SETS, story.phase().admits())
}

#[test]
fn admits_depends_on_nothing_that_the_caller_does_not_see() {
    let mut compared = 0;
    for (stage, story) in stages_with_another() {
        for fact in BESIDE {
            let reported = story.clone().when(fact);
            if !reported.reasons().is_empty() {
                continue;
            }
            let with = reported.admitted();
            for viewer in viewers() {
                let view = view(&viewer, ID, &with.history);
                let happened = fact(story.next);
                if view.knows() && view.sees(happened.fact_type().category()) == AccessLevel::None {
                    let without = Story { next: with.next, ..story.clone() };
                    assert_eq!(
                        named(&without, &viewer),
                        named(&with, &viewer),
                        "{stage}: {}",
                        viewer.role.as_str()
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 20, "{compared}");
}
