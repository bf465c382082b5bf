//! What a viewer sees of obligations is the same whether hidden facts exist or not.

use std::collections::BTreeSet;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::figures::is_confirmed;
use omklap_domain::visibility::{Role, Shown, View, Viewer, view};
use uuid::Uuid;

use crate::vocabulary::*;

const ID: TrajectoryId = TrajectoryId(Uuid::from_u128(7));

#[test]
fn a_hidden_signal_leaves_no_trace_in_obligations() {
    let hidden: [fn(Day) -> Fact; 3] = [
        |on| about_health(on).into(),
        |on| signal_answered(on).into(),
        |on| DepartureAgreed { obligation: code("5.2"), ..departure(on) }.into(),
    ];
    let mut compared = 0;
    for base in [housed(), flipped(), seeking_another_dwelling()] {
        for many in 1..=2 {
            let with = hidden[..many].iter().fold(base.clone(), Story::then);
            for role in [Role::HousingCorporation, Role::NuisanceOfficer, Role::MatchingPoint, Role::Auditor]
            {
                let [one, other] = [&base, &with].map(|story| seen(role, story));
                assert!(one.0.knows() && other.0.show(&hidden[0](base.next)) == Shown::Withheld, "{role:?}");
                for day in [base.next.plus_days(-1), base.next, base.next.plus_days(3), *TODAY] {
                    let [one, other] = [(&one, &base), (&other, &with)]
                        .map(|((view, _), story)| obligations(view, story, day));
                    assert_eq!(one, other, "{} on {day}", role.as_str());
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 96);
}

#[test]
fn an_obligation_that_only_a_hidden_signal_started_has_not_started() {
    let story = housed().then(about_health);
    for role in [Role::HousingCorporation, Role::NuisanceOfficer, Role::Auditor] {
        let (view, _) = seen(role, &story);
        let obligations = obligations(&view, &story, *TODAY);
        assert!(obligations.iter().any(|one| one.starts_with("5.2 NotStarted")), "{obligations:#?}");
    }
    let (view, _) = seen(Role::CareProvider, &story);
    assert!(obligations(&view, &story, *TODAY).iter().any(|one| one.starts_with("5.2 Overdue")));
}

#[test]
fn an_obligation_that_a_hidden_field_decides_is_hidden_too() {
    for (role, hidden) in [(Role::Auditor, vec!["1.3", "3.2"]), (Role::HousingCorporation, vec![])] {
        let story = housed();
        let (view, _) = seen(role, &story);
        let obligations = obligations(&view, &story, *TODAY);
        for id in hidden {
            assert!(
                !obligations.iter().any(|one| one.starts_with(&format!("{id} "))),
                "{} sees {id}",
                role.as_str()
            );
        }
        assert!(obligations.iter().any(|one| one.starts_with("4.1 ")), "{} sees others", role.as_str());
    }
}

/// A set in which the corporation prepares the client, of which it sees no step but the money's.
#[test]
fn a_step_that_a_party_does_not_see_is_named_as_missing_whether_it_was_done_or_not() {
    let sets = with_preparation_by("housing-corporation");
    let step = |step| move |on| PreparationStepCompleted { step, ..preparation_step(on) };
    let ready =
        preparing().then(step(PreparationStep::NetworkInView)).then(profile).then(readiness_confirmed);
    let offered = ready.then(housing_requested).then(corporation_assigned).then(dwelling_offered);
    let story = offered.then(offer_accepted);
    for (role, missing) in [(Role::HousingCorporation, 5), (Role::CareProvider, 4)] {
        let (view, _) = seen(role, &story);
        let obligations = view.obligations(&story.history, *TODAY, &sets);
        let preparation = obligations.iter().find(|one| one.obligation.id.as_str() == "1.2").expect("shown");
        let named = preparation.happened.missing_of(&preparation.obligation.kept_by).all.len();
        assert_eq!(named, missing, "{}", role.as_str());
    }
}

/// The shipped set, with another party responsible for the preparation.
fn with_preparation_by(party: &str) -> AgreementSets {
    let set = include_str!("../../../../agreements/amsterdam-2018.toml");
    let (before, after) = set.split_once("id = \"1.2\"").expect("it has 1.2");
    let after = after.replacen("[\"care-provider\"]", &format!("[\"{party}\"]"), 1);
    let mut sets = AgreementSets::default();
    sets.add(&format!("{before}id = \"1.2\"{after}")).expect("a set");
    sets
}

#[test]
fn a_case_in_which_only_the_provider_reports_is_not_confirmed() {
    assert!(!is_confirmed(&nominated().history), "it opens and nominates alone");
    assert!(!is_confirmed(&nothing().then(taken_over).history), "it takes over alone");
    assert!(is_confirmed(&matching().history), "the matching point assigned a corporation");
    let of_another = |on| ContactPersonAssigned { party: Party::HousingCorporation, ..contact_person(on) };
    let own = |on| ContactPersonAssigned { party: Party::CareProvider, ..contact_person(on) };
    assert!(is_confirmed(&preparing().then(of_another).history));
    assert!(!is_confirmed(&preparing().then(own).history));
}

/// A signal about health, which the provider is asked to answer.
fn about_health(on: Day) -> SignalReported {
    SignalReported { kind: SignalKind::Health, asked: Party::CareProvider, ..signal(on) }
}

fn seen(role: Role, story: &Story) -> (View, Viewer) {
    let partners = story.state().partners.clone().expect("opened");
    let organisation = match role {
        Role::CareProvider => partners.care_provider,
        Role::HousingCorporation | Role::NuisanceOfficer => code("stadswonen"),
        _ => partners.municipality,
    };
    let regions = BTreeSet::from([partners.region]);
    let viewer = Viewer { role, organisation, regions, trajectory: Some(ID) };
    (view(&viewer, ID, &story.history), viewer)
}

/// Everything that is shown of obligations, except the numbers of facts.
fn obligations(view: &View, story: &Story, day: Day) -> Vec<String> {
    let seen = view.obligations(&story.history, day, &SETS);
    let shown = seen.iter().map(|one| {
        let status = one.status_on(day);
        format!("{} {:?} {:?} {:?}", one.obligation.id, status, one.due_on(day), one.reference)
    });
    let mut shown: Vec<_> = shown.collect();
    shown.sort();
    shown
}
