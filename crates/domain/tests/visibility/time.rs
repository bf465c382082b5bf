//! How the course of a trajectory gives viewers access and ends it.

use std::collections::BTreeSet;

use omklap_domain::visibility::{AccessLevel, Category, Role, Shown, View, Viewer, access_ended_at, view};
use uuid::Uuid;

use crate::vocabulary::*;

const ID: TrajectoryId = TrajectoryId(Uuid::from_u128(7));

/// What a viewer in this role, at the organisation that works on the case in it, sees of a story.
fn seen_by(role: Role, story: &Story) -> View {
    let state = story.state();
    let partners = state.partners.clone().expect("opened");
    let organisation = match role {
        Role::Guide | Role::CareProvider | Role::NuisanceDesk | Role::Client => partners.care_provider,
        Role::HousingCorporation | Role::NuisanceOfficer => corporation(),
        _ => partners.municipality,
    };
    view(
        &Viewer { role, organisation, regions: BTreeSet::from([partners.region]), trajectory: Some(ID) },
        ID,
        &story.history,
    )
}

/// The corporation that the stories assign.
fn corporation() -> OrganisationId {
    matching().state().corporation.clone().expect("assigned")
}

fn sees(role: Role, story: &Story, category: Category) -> bool {
    seen_by(role, story).sees(category) != AccessLevel::None
}

#[test]
fn a_corporation_knows_nothing_before_it_is_assigned_to_a_nominated_client() {
    for story in [preparing(), ready(), nominated()] {
        assert!(!seen_by(Role::HousingCorporation, &story).knows());
    }
    assert!(seen_by(Role::HousingCorporation, &matching()).knows());
}

#[test]
fn a_withdrawn_nomination_ends_the_access_of_the_corporation() {
    let returned = matching().then(readiness_revoked);
    assert!(!seen_by(Role::HousingCorporation, &returned).knows());
}

#[test]
fn only_a_viewer_that_had_access_to_a_trajectory_loses_it() {
    let corporation = Viewer {
        role: Role::HousingCorporation,
        organisation: corporation(),
        regions: BTreeSet::new(),
        trajectory: None,
    };
    let stranger = Viewer { organisation: "een-ander".parse().expect("a code"), ..corporation.clone() };
    let left = |viewer: &Viewer, story: &Story| access_ended_at(viewer, ID, &story.history);
    let (knows, returned) = (matching(), matching().then(readiness_revoked));
    assert_eq!(left(&corporation, &knows), None);
    assert_eq!(left(&corporation, &returned), Some(returned.history.version()));
    assert_eq!(left(&corporation, &nominated()), None, "it never knew");
    assert_eq!(left(&stranger, &returned), None);
}

#[test]
fn a_match_gives_the_corporation_access_to_identity_rent_and_nuisance() {
    for category in [Category::Identity, Category::Living, Category::Rent, Category::Nuisance] {
        assert!(!sees(Role::HousingCorporation, &offered(), category), "{}", category.as_str());
        assert!(sees(Role::HousingCorporation, &contracting(), category), "{}", category.as_str());
    }
    assert!(sees(Role::HousingCorporation, &offered(), Category::Dwelling));
}

#[test]
fn the_flip_hides_the_living_goals_from_the_corporation() {
    assert!(sees(Role::HousingCorporation, &housed(), Category::LivingGoals));
    assert!(!sees(Role::HousingCorporation, &flipped(), Category::LivingGoals));
    assert!(sees(Role::HousingCorporation, &flipped(), Category::Rent));
}

#[test]
fn a_corporation_where_the_client_lives_goes_on_seeing_while_another_dwelling_is_sought() {
    assert!(sees(Role::HousingCorporation, &seeking_another_dwelling(), Category::Living));
}

#[test]
fn a_corporation_that_the_client_left_loses_access_to_the_trajectory() {
    let knows = |story: &Story| seen_by(Role::HousingCorporation, story).knows();
    assert!(knows(&housed()) && knows(&completed()), "the client lives there");
    for outcome in [Outcome::MovedAway, Outcome::Deceased, Outcome::OtherCare, Outcome::PlacementEnded] {
        let leaving = housed().then(lease_end_agreed).months_later(1);
        assert!(!knows(&leaving.then(ended_with(outcome))), "{outcome:?}");
    }
    assert!(
        knows(&housed().then(ended_with(Outcome::Withdrew))),
        "a client without guidance still lives there"
    );
    assert!(!knows(&allowed_to_return().then(returned_to_shelter)));
    assert!(!knows(&matching().then(ended_with(Outcome::Withdrew))), "nobody is nominated any more");
}

#[test]
fn a_corporation_that_has_money_to_settle_sees_the_rent_until_the_fund_has_answered() {
    let left = backed_by_the_fund().then(damage).then(ended_with(Outcome::MovedAway));
    let seen = |story: &Story| seen_by(Role::HousingCorporation, story).categories().collect::<Vec<_>>();
    let claimed = left.clone().then(fund_claimed);
    for story in [&left, &claimed] {
        assert_eq!(seen(story), [Category::Course, Category::Rent, Category::GuaranteeFund]);
    }
    assert!(!seen_by(Role::HousingCorporation, &claimed.then(fund_settled)).knows());
}

/// Amsterdam has no guarantee fund.
#[test]
fn without_a_fund_a_corporation_that_the_client_left_sees_a_loss_until_it_is_settled() {
    let knows = |story: &Story| seen_by(Role::HousingCorporation, story).knows();
    let damaged = housed().then(damage).then(ended_with(Outcome::MovedAway));
    let categories = seen_by(Role::HousingCorporation, &damaged).categories().collect::<Vec<_>>();
    assert_eq!(categories, [Category::Course, Category::Rent, Category::GuaranteeFund]);
    assert!(!knows(&damaged.then(damage_settled)));
    let in_arrears = housed().then(rent_missed).then(ended_with(Outcome::MovedAway));
    assert!(knows(&in_arrears) && !knows(&in_arrears.then(arrears_cleared)));
    let both = housed().then(rent_missed).then(damage).then(ended_with(Outcome::MovedAway));
    let half = both.then(damage_settled);
    assert!(knows(&half) && !knows(&half.then(arrears_cleared)));
    let settled_before = housed().then(damage).then(damage_settled).then(ended_with(Outcome::MovedAway));
    assert!(!knows(&settled_before));
}

#[test]
fn a_claim_about_one_loss_does_not_settle_another() {
    let left = backed_by_the_fund().then(rent_missed).then(damage).then(ended_with(Outcome::MovedAway));
    let answered = left.then(fund_claimed).then(fund_settled);
    assert!(seen_by(Role::HousingCorporation, &answered).knows(), "the rent can still be claimed");
}

#[test]
fn what_is_open_about_a_former_home_shows_the_next_corporation_nothing_after_it_was_left() {
    let to_another = |story: Story| {
        let rochdale = || code("rochdale");
        story
            .then(housing_requested)
            .then(|on| CorporationAssigned { corporation: rochdale(), ..corporation_assigned(on) })
            .then(|on| DwellingOffered { corporation: rochdale(), ..another_dwelling_offered(on) })
            .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
            .then(|on| {
                let (lease_id, unit) = (OWN_LEASE, code("VHE-00999"));
                let terms = LeaseTerms { lease_id, unit, corporation: rochdale(), ..lease_terms() };
                HousedUnderThreePartyLease { terms, ..three_party_lease(on) }
            })
            .then(ended_with(Outcome::MovedAway))
    };
    let claimed_before = to_another(backed_by_the_fund().then(damage).then(fund_claimed));
    let damaged_before = to_another(backed_by_the_fund().then(damage));
    for story in [claimed_before, damaged_before] {
        let viewer = crate::viewers::of(Role::HousingCorporation, "rochdale");
        assert!(!view(&viewer, ID, &story.history).knows());
    }
}

#[test]
fn a_former_provider_is_cut_off() {
    let story = housed();
    let before = story.state().partners.clone().expect("opened").care_provider;
    let after = story.then(transferred);
    let now = after.state().partners.clone().expect("opened").care_provider;
    let knows = |role, organisation: &OrganisationId| {
        let organisation = organisation.clone();
        let viewer = Viewer { role, organisation, regions: BTreeSet::new(), trajectory: Some(ID) };
        view(&viewer, ID, &after.history).knows()
    };
    for role in [Role::CareProvider, Role::Guide, Role::NuisanceDesk, Role::Client] {
        assert!(!knows(role, &before), "{}", role.as_str());
        assert!(knows(role, &now), "{}", role.as_str());
    }
}

#[test]
fn a_signal_that_was_once_of_health_stays_hidden_whatever_a_correction_says() {
    let of = |kind, on| SignalReported { kind, asked: Party::CareProvider, ..signal(on) };
    let other = |on| of(SignalKind::Other, on);
    let health = |on| of(SignalKind::Health, on);
    let (of_health, of_other) = (housed().then(health), housed().then(other));
    let number = of_health.history.version();
    let on = of_health.next;
    let stories = [
        of_health.clone().then(signal_answered).then(retracted(number + 1)).then(retracted(number)),
        of_health.then(signal_answered).then(replaced(number, other(on))),
        of_other.then(signal_answered).then(replaced(number, health(on))),
    ];
    for story in stories {
        let recorded = story.history.recorded();
        let first = usize::try_from(number - 1).expect("small");
        for fact in &recorded[first..] {
            let shown = |role| seen_by(role, &story).show_among(recorded, fact);
            assert_eq!(shown(Role::HousingCorporation), Shown::Withheld, "{fact:?}");
            assert_eq!(shown(Role::CareProvider), Shown::Whole, "{fact:?}");
        }
        assert!(!seen_by(Role::HousingCorporation, &story).sees_signal(SIGNAL));
    }
}

#[test]
fn a_withdrawn_consent_hides_what_it_gave_access_to() {
    let withdrawn =
        |on| ConsentWithdrawn { occurred_on: on, scope: ConsentScope::OutflowProfile, reason: None };
    let given = |on| ConsentGiven {
        occurred_on: on,
        scope: ConsentScope::OutflowProfile,
        recipients: vec![Party::HousingCorporation],
        document: None,
    };
    let story = matching().then(given).then(withdrawn);
    for role in [Role::HousingCorporation, Role::MatchingPoint] {
        assert!(!sees(role, &story, Category::Dwelling), "{}", role.as_str());
    }
    assert!(sees(Role::CareProvider, &story, Category::Dwelling));
    assert!(sees(Role::HousingCorporation, &story.then(given), Category::Dwelling));
}

#[test]
fn a_guide_sees_who_reported_nuisance_while_the_case_is_open() {
    let reports = |story: &Story, role| {
        let recorded = story.history.recorded();
        let report =
            recorded.iter().find(|fact| matches!(fact, Fact::NuisanceReported(_))).expect("reported");
        seen_by(role, story).show(report)
    };
    let over = nuisance().then(nuisance_unfounded);
    let without = Shown::InPart { withheld: vec!["/reporter".to_owned()] };
    assert_eq!(reports(&nuisance(), Role::Guide), Shown::Whole);
    assert_eq!(reports(&over, Role::Guide), without);
    assert_eq!(reports(&nuisance(), Role::CareProvider), without);
    assert_eq!(reports(&over, Role::NuisanceDesk), Shown::Whole);
}

#[test]
fn only_an_auditor_sees_a_restricted_trajectory_until_the_restriction_is_lifted() {
    let story = || flipped().then(restricted);
    for role in Role::ALL {
        let (before, meanwhile) = (seen_by(role, &flipped()), seen_by(role, &story()));
        assert_eq!(meanwhile.knows(), role == Role::Auditor, "{}", role.as_str());
        assert_eq!(meanwhile.categories().next().is_some(), role == Role::Auditor, "{}", role.as_str());
        assert_eq!(seen_by(role, &story().then(restriction_lifted)), before, "{}", role.as_str());
    }
}

#[test]
fn a_municipality_sees_no_single_trajectory() {
    assert!(!seen_by(Role::Municipality, &housed()).knows());
    assert!(sees(Role::WmoConsultant, &housed(), Category::Identity));
    assert!(!sees(Role::WmoConsultant, &housed(), Category::Course));
}

#[test]
fn only_steps_about_money_are_shown_as_arranged() {
    let step = |step, on| PreparationStepCompleted { step, ..preparation_step(on) };
    let shown = |role, one| {
        let story = housed();
        seen_by(role, &story).show(&step(one, story.next).into())
    };
    for role in [Role::HousingCorporation, Role::MatchingPoint] {
        let income = shown(role, PreparationStep::IncomeArranged);
        assert_eq!(income, Shown::InPart { withheld: vec!["/notes".to_owned()] }, "{}", role.as_str());
    }
    assert_eq!(shown(Role::HousingCorporation, PreparationStep::LivingSkillsTraining), Shown::Withheld);
    assert_ne!(shown(Role::MatchingPoint, PreparationStep::NetworkInView), Shown::Withheld);
}

#[test]
fn a_departure_is_shown_to_the_parties_that_agreed_to_it_or_are_asked_to() {
    let with = |more: Option<Party>| {
        let story = housed();
        let fact = DepartureAgreed { asks: Vec::new(), ..departure(story.next) };
        let agreed_by = fact.agreed_by.iter().copied().chain(more).collect();
        Fact::from(DepartureAgreed { agreed_by, ..fact })
    };
    let asking = |party| Fact::from(DepartureAgreed { asks: vec![party], ..departure(housed().next) });
    let shown = |role, fact: &Fact| seen_by(role, &housed()).show(fact);
    for (role, party) in
        [(Role::HousingCorporation, Party::HousingCorporation), (Role::MatchingPoint, Party::MatchingPoint)]
    {
        assert_eq!(shown(role, &with(None)), Shown::Withheld, "{}", role.as_str());
        assert_eq!(shown(role, &with(Some(party))), Shown::Whole, "{}", role.as_str());
        assert_eq!(shown(role, &asking(party)), Shown::Whole, "{}", role.as_str());
    }
    assert_eq!(shown(Role::Auditor, &with(None)), Shown::Withheld);
    assert_eq!(shown(Role::Client, &with(None)), Shown::Whole);
}

#[test]
fn a_correction_shows_no_more_than_what_it_corrects() {
    let (on, amount_cents) = (housed().next, Cents::try_from(1).expect("an amount"));
    let missed: Fact = RentMissed { occurred_on: on, due_on: on, amount_cents }.into();
    let retracted =
        EventCorrected { occurred_on: on, corrects: 1, replacement: None, reason: "wrong".into() };
    let correction = Fact::from(retracted);
    let recorded = [missed];
    let shown = |role| seen_by(role, &housed()).show_among(&recorded, &correction);
    assert_eq!(shown(Role::CareProvider), Shown::Whole);
    assert_eq!(shown(Role::Auditor), Shown::Withheld);
    assert_eq!(seen_by(Role::Auditor, &housed()).show(&correction), Shown::Withheld);
}

#[test]
fn an_auditor_reads_why_a_fact_was_corrected_that_it_sees_in_part() {
    let story = housed();
    let opening = story.history.recorded()[0].clone();
    let retracted =
        EventCorrected { occurred_on: story.next, corrects: 1, replacement: None, reason: "wrong".into() };
    let correction = Fact::from(retracted);
    let shown = |role| {
        let view = seen_by(role, &housed());
        (view.show(&opening), view.show_among(std::slice::from_ref(&opening), &correction))
    };
    let (opened, corrected) = shown(Role::Auditor);
    assert!(matches!(opened, Shown::InPart { .. }), "an auditor does not see the name");
    assert_eq!(corrected, Shown::Whole);
    let (opened, corrected) = shown(Role::WmoConsultant);
    assert!(opened != Shown::Whole && corrected != Shown::Whole, "others do not read it");
}
