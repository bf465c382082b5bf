//! A corporation sees which dwelling is sought, and its own offers and leases. It does not see the
//! homes of other corporations.

use omklap_domain::visibility::{Category, Role, Shown, View, Viewer, view};
use serde_json::Value;

use crate::viewers::{ID, nominated_to_another, of, to_another};
use crate::vocabulary::*;

const OTHERS_OFFER: OfferId = OfferId(uuid::Uuid::from_u128(0x0ffe_0003));
const OTHERS_LEASE: LeaseId = LeaseId(uuid::Uuid::from_u128(0x1ea5_0003));

#[test]
fn a_corporation_sees_neither_dwelling_nor_rent_of_the_home_of_another() {
    let mut compared = 0;
    for (stage, story) in with_homes_of_another() {
        for role in [Role::HousingCorporation, Role::NuisanceOfficer] {
            let view = view(&of(role, "een-ander"), ID, &story.history);
            assert!(view.knows(), "{stage}");
            for fact in story.history.recorded().iter().filter(|fact| is_of_stadswonen(fact)) {
                let seen = seen_of_a_home(&view, fact);
                assert!(seen.is_empty(), "{stage}: {} shows {seen:?}", fact.fact_type());
                assert!(view.show(fact) != Shown::Withheld, "{stage}: the course names the corporation");
                compared += 1;
            }
        }
    }
    assert!(compared >= 30, "{compared}");
}

#[test]
fn every_kind_of_fact_about_a_home_hides_it_from_other_corporations() {
    // Matched: from here on the table hides neither dwelling nor rent.
    let story = contracting_with_another();
    let view_of = |organisation| view(&of(Role::HousingCorporation, organisation), ID, &story.history);
    for kind in FactType::ALL.iter().filter(|kind| says_something_of_a_home(**kind)) {
        let on = story.next.plus_days(-2);
        let is_taken_over = *kind == FactType::RunningCaseTakenOver;
        let fact = if is_taken_over { taken_over_housed(on).into() } else { fact_of(*kind, on) };
        let (own, others) =
            (seen_of_a_home(&view_of("stadswonen"), &fact), seen_of_a_home(&view_of("een-ander"), &fact));
        // A nominated corporation must know which dwelling is sought.
        let is_sought = *kind == FactType::OutflowProfileSet;
        assert!(!own.is_empty(), "{kind} is shown to its own corporation");
        assert_eq!(!others.is_empty(), is_sought, "{kind} shows {others:?}");
    }
}

#[test]
fn a_corporation_sees_its_own_homes_as_before() {
    for (stage, story) in [("offered", offered()), ("contracting", contracting()), ("housed", housed())] {
        let view = view(&of(Role::HousingCorporation, "stadswonen"), ID, &story.history);
        let homes = story.history.recorded().iter().filter(|fact| is_of_stadswonen(fact));
        for fact in homes.filter(|fact| matches!(fact, Fact::DwellingOffered(_))) {
            assert_eq!(view.show(fact), Shown::Whole, "{stage}");
        }
    }
    let moved = moved_to_another();
    let view = view(&of(Role::HousingCorporation, "een-ander"), ID, &moved.history);
    let own = moved.history.recorded().iter().rev().take(3).map(|fact| seen_of_a_home(&view, fact));
    assert_eq!(own.map(|seen| seen.len()).collect::<Vec<_>>(), [3, 0, 7]);
}

#[test]
fn a_corporation_does_not_see_the_first_rent_of_the_home_of_another() {
    let there = contracting().then(first_rent_covered).then(intermediary_lease);
    let here = there.then(housing_requested).then(to_another).then(offered_by_another);
    let accepted = |on| OfferAccepted { offer_id: OTHERS_OFFER, ..offer_accepted(on) };
    let story = here.then(accepted).then(first_rent_covered);
    let rents = story.history.recorded().iter().filter(|fact| matches!(fact, Fact::FirstRentCovered(_)));
    let rents: Vec<&Fact> = rents.collect();
    let shown = |organisation| {
        let view = view(&of(Role::HousingCorporation, organisation), ID, &story.history);
        rents.iter().map(|rent| view.show(rent) == Shown::Whole).collect::<Vec<_>>()
    };
    assert_eq!(shown("een-ander"), [false, true]);
    assert_eq!(shown("stadswonen"), [true, false]);
}

#[test]
fn another_corporation_does_not_see_whether_an_offer_was_weighed() {
    let sees = |organisation, story: &Story| {
        let view = view(&of(Role::HousingCorporation, organisation), ID, &story.history);
        view.obligations(&story.history, *TODAY, &SETS).iter().any(|one| one.obligation.id.as_str() == "1.3")
    };
    for (stage, story) in with_homes_of_another() {
        let was_weighed_elsewhere = story.history.recorded().iter().any(is_an_offer_of_stadswonen);
        let sees_its_own =
            story.state().offers.open.as_ref().is_some_and(|offer| offer.accepted) || lives_there(&story);
        assert_eq!(sees("een-ander", &story), !was_weighed_elsewhere || sees_its_own, "{stage}");
    }
    assert!(sees("stadswonen", &offered()));
}

#[test]
fn a_correction_does_not_show_the_home_of_another_corporation() {
    let offer = dwelling_offered(offered().next.plus_days(-1));
    let number = offered().history.version();
    let corrected = DwellingOffered { unit: code("VHE-00777"), ..offer };
    let story = offered().then(replaced(number, corrected)).then(offer_withdrawn).then(to_another);
    let recorded = story.history.recorded();
    let correction = &recorded[usize::try_from(number).expect("small")];
    let shown = |viewer: &Viewer| {
        let mut fact = serde_json::to_value(correction).expect("a fact");
        view(viewer, ID, &story.history).show_among(recorded, correction).strip(&mut fact);
        fact.to_string()
    };
    assert!(!shown(&of(Role::HousingCorporation, "een-ander")).contains("VHE-00777"));
    assert!(shown(&of(Role::CareProvider, "de-vaart")).contains("VHE-00777"));
}

/// Trajectories to which `een-ander` has access, and in which `stadswonen` offered or let a
/// dwelling.
fn with_homes_of_another() -> Vec<(&'static str, Story)> {
    let withdrawn = || offered().then(offer_withdrawn).then(to_another);
    let taken_over = nothing().then(taken_over_housed);
    vec![
        ("nominated while housed elsewhere", nominated_to_another()),
        ("offering while housed elsewhere", nominated_to_another().then(offered_by_another)),
        ("accepted while housed elsewhere", contracting_with_another()),
        ("moved", moved_to_another()),
        ("nominated after an offer was withdrawn", withdrawn()),
        ("offering after an offer was withdrawn", withdrawn().then(offered_by_another)),
        (
            "nominated after a temporary lease",
            housed_under_temporary_lease().then(housing_requested).then(to_another),
        ),
        ("nominated after a take-over", taken_over.then(housing_requested).then(to_another)),
    ]
}

fn contracting_with_another() -> Story {
    let accepted = |on| OfferAccepted { offer_id: OTHERS_OFFER, ..offer_accepted(on) };
    nominated_to_another().then(offered_by_another).then(accepted)
}

fn moved_to_another() -> Story {
    contracting_with_another().then(|on| {
        let housed = intermediary_lease(on);
        let terms = LeaseTerms { lease_id: OTHERS_LEASE, corporation: code("een-ander"), ..housed.terms };
        HousedUnderIntermediaryLease { terms, ..housed }
    })
}

fn offered_by_another(on: Day) -> DwellingOffered {
    DwellingOffered { offer_id: OTHERS_OFFER, corporation: code("een-ander"), ..dwelling_offered(on) }
}

fn lives_there(story: &Story) -> bool {
    story.state().tenancy.lease.as_ref().is_some_and(|lease| lease.corporation.as_str() == "een-ander")
}

/// Whether a fact names an offer or a lease of `stadswonen`.
fn is_of_stadswonen(fact: &Fact) -> bool {
    let written = serde_json::to_value(fact).expect("a fact");
    let names = ["/terms/corporation", "/lease/terms/corporation"].map(|at| written.pointer(at));
    names.contains(&Some(&Value::from("stadswonen")))
        || is_an_offer_of_stadswonen(fact)
        || matches!(fact, Fact::OfferWithdrawn(_) | Fact::FittingTestDone(_))
}

fn is_an_offer_of_stadswonen(fact: &Fact) -> bool {
    matches!(fact, Fact::DwellingOffered(offer) if offer.corporation.as_str() == "stadswonen")
}

/// Whether facts of this kind show which dwelling it is, or its rent. Arrears, damage and
/// evaluations do not count: a corporation sees them from the match on.
fn says_something_of_a_home(kind: FactType) -> bool {
    let says = |category| kind.row().fields.iter().any(|(of, _)| *of == category);
    says(Category::Dwelling)
        || says(Category::Rent) && matches!(kind.category(), Category::Course | Category::Flip)
}

fn is_of_a_home(category: Category) -> bool {
    matches!(category, Category::Dwelling | Category::Rent)
}

/// The fields of this fact about a home that are shown.
fn seen_of_a_home(view: &View, fact: &Fact) -> Vec<String> {
    let mut shown = serde_json::to_value(fact).expect("a fact");
    view.show(fact).strip(&mut shown);
    let fields = fact.fact_type().row().fields.iter().filter(|(category, _)| is_of_a_home(*category));
    let fields = fields.flat_map(|(_, fields)| fields.split(' '));
    fields.filter(|field| shown.pointer(&format!("/{field}")).is_some()).map(str::to_owned).collect()
}
