//! Who has a small view beside the partners: the receiver of a move to another region, a second provider,
//! and the corporation that referred somebody about to lose a home.

use std::collections::BTreeSet;

use omklap_domain::visibility::{
    AccessLevel, Category, Role, Viewer, access_ended_at, beside_the_partners, may_report, view,
};

use crate::viewers::{ID, of};
use crate::vocabulary::*;

fn knows(viewer: &Viewer, story: &Story) -> bool {
    view(viewer, ID, &story.history).knows()
}

fn sees(viewer: &Viewer, story: &Story) -> BTreeSet<&'static str> {
    let view = view(viewer, ID, &story.history);
    let seen = Category::ALL.into_iter().filter(|category| view.sees(*category) != AccessLevel::None);
    seen.map(Category::as_str).collect()
}

fn reports(viewer: &Viewer, story: &Story, fact: impl Into<Fact>) -> bool {
    may_report(viewer, ID, &story.history, &[fact.into()]).is_ok()
}

fn giver() -> Viewer {
    of(Role::CareProvider, "de-vaart")
}

fn receiver() -> Viewer {
    of(Role::CareProvider, "vincent-van-gogh")
}

fn receiving_municipality() -> Viewer {
    of(Role::WmoConsultant, "gemeente-venray")
}

#[test]
fn the_receiver_sees_what_it_needs_to_decide_and_nothing_else() {
    let proposed = housed().then(transfer_proposed);
    assert!(!knows(&receiver(), &housed()), "before the proposal");
    let decides_by = ["transfer", "case-table", "dwelling-profile", "weighed", "profile"];
    assert_eq!(sees(&receiver(), &proposed), decides_by.into());
    assert!(!knows(&of(Role::NuisanceDesk, "vincent-van-gogh"), &proposed));
    assert!(!knows(&receiving_municipality(), &proposed), "the provider is the receiver");
    assert!(
        view(&receiver(), ID, &proposed.history)
            .obligations(&proposed.history, proposed.next, &SETS)
            .is_empty()
    );
}

#[test]
fn the_giver_loses_sight_when_the_receiver_accepts_and_not_before() {
    let proposed = housed().then(transfer_proposed);
    assert!(knows(&giver(), &proposed));
    let accepted = proposed.then(transfer_accepted);
    assert!(!knows(&giver(), &accepted));
    assert_eq!(access_ended_at(&giver(), ID, &accepted.history), Some(accepted.history.version()));
    assert!(sees(&receiver(), &accepted).contains("guidance"));
    assert!(knows(&receiving_municipality(), &accepted));
    assert!(!knows(&of(Role::WmoConsultant, "gemeente-amsterdam"), &accepted));
}

#[test]
fn a_receiver_that_refuses_sees_nothing_any_more() {
    let refused = housed().then(transfer_proposed).then(transfer_refused);
    assert!(knows(&giver(), &refused) && !knows(&receiver(), &refused));
    let elsewhere = housed().then(transfer_proposed).then(transferred);
    assert!(!knows(&receiver(), &elsewhere), "another provider took over in between");
}

#[test]
fn the_receiver_answers_and_reports_nothing_else() {
    let proposed = housed().then(transfer_proposed);
    let on = proposed.next;
    assert!(reports(&receiver(), &proposed, transfer_accepted(on)));
    assert!(reports(&receiver(), &proposed, transfer_refused(on)));
    assert!(!reports(&receiver(), &proposed, rent_missed(on)));
    assert!(!reports(&receiver(), &proposed, transfer_proposed(on)));
}

#[test]
fn the_giver_answers_for_nobody() {
    let proposed = housed().then(transfer_proposed);
    let on = proposed.next;
    for viewer in [giver(), of(Role::WmoConsultant, "gemeente-amsterdam")] {
        assert!(!reports(&viewer, &proposed, transfer_accepted(on)), "{viewer:?}");
        assert!(!reports(&viewer, &proposed, transfer_refused(on)), "{viewer:?}");
    }
    let refused = proposed.then(transfer_refused);
    let number = refused.history.version();
    assert!(!reports(&giver(), &refused, retracted(number)(refused.next)), "the refusal is the receiver's");
}

#[test]
fn if_the_same_provider_goes_on_the_other_municipality_is_the_receiver() {
    let to = RegionTerms { care_provider: code("de-vaart"), ..to_limburg() };
    let proposed = housed().then(|on| RegionTransferProposed { to: to.clone(), ..transfer_proposed(on) });
    let accepts = RegionTransferAccepted { to, ..transfer_accepted(proposed.next) };
    assert!(knows(&receiving_municipality(), &proposed));
    assert!(reports(&receiving_municipality(), &proposed, accepts.clone()));
    assert!(!reports(&giver(), &proposed, accepts));
}

#[test]
fn withdrawn_consent_hides_the_profile_from_a_receiver() {
    let shares = |on| ConsentGiven { scope: ConsentScope::OutflowProfile, ..consent_given(on) };
    let stops = |on| ConsentWithdrawn { scope: ConsentScope::OutflowProfile, ..consent_withdrawn(on) };
    let withdrawn = ready().then(shares).then(stops).then(transfer_proposed);
    assert_eq!(sees(&receiver(), &withdrawn), ["transfer", "case-table"].into());
}

#[test]
fn a_second_provider_has_a_small_view_until_it_stops() {
    let second = of(Role::Guide, "thuiszorg-west");
    let joined = housed().then(second_provider_joined);
    assert!(!knows(&second, &housed()));
    assert_eq!(sees(&second, &joined), ["identity", "course", "dwelling", "living-goals"].into());
    assert!(!knows(&of(Role::NuisanceDesk, "thuiszorg-west"), &joined));
    assert!(!knows(&second, &joined.clone().then(second_provider_left)));
    assert!(!knows(&second, &joined.then(lease_end_agreed).then(ended_with(Outcome::MovedAway))));
}

#[test]
fn a_second_provider_names_its_own_contact_and_signals_and_reports_nothing_else() {
    let second = of(Role::CareProvider, "thuiszorg-west");
    let joined = housed().then(second_provider_joined);
    let on = joined.next;
    let named = ContactPersonAssigned {
        party: Party::CareProvider,
        organisation: Some(code("thuiszorg-west")),
        ..contact_person(on)
    };
    assert!(reports(&second, &joined, named.clone()));
    assert!(!reports(&second, &joined, ContactPersonAssigned { organisation: None, ..named }));
    assert!(reports(&second, &joined, signal(on)));
    for fact in [Fact::from(guidance_plan(on)), readiness_revoked(on).into(), second_provider_left(on).into()]
    {
        assert!(!reports(&second, &joined, fact.clone()), "{fact:?}");
    }
}

#[test]
fn the_corporation_that_referred_follows_the_case_until_the_client_has_a_home() {
    let corporation = of(Role::HousingCorporation, "haag-wonen");
    let referred = |on| IntakeRegistered { referred_by: Some(code("haag-wonen")), ..home_at_risk(on) };
    let opened = nothing().then(referred);
    assert_eq!(sees(&corporation, &opened), ["course", "case-table", "table-talk"].into());
    assert!(knows(&corporation, &opened.clone().then(ended_with(Outcome::HomeKept))), "how it ended");
    assert!(!knows(&of(Role::NuisanceOfficer, "haag-wonen"), &opened));
    assert!(!knows(&corporation, &nothing().then(home_at_risk)), "nobody was named");
    let housed = contracting();
    assert!(beside_the_partners(housed.then(intermediary_lease).state()).is_empty());
}

#[test]
fn a_corporation_names_nobody_else_as_the_one_that_referred() {
    let corporation = of(Role::HousingCorporation, "haag-wonen");
    let referred = |by| IntakeRegistered {
        referred_by: Some(code(by)),
        municipality: code("gemeente-amsterdam"),
        ..home_at_risk(nothing().next)
    };
    assert!(reports(&corporation, &nothing(), referred("haag-wonen")));
    assert!(!reports(&corporation, &nothing(), referred("stadswonen")));
}
