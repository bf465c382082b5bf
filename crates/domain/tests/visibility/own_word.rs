//! A viewer's own reports never widen its view, and a corporation reports only about its own leases
//! and offers.

use std::collections::BTreeSet;

use omklap_domain::visibility::{
    AccessLevel, Category, Ground, Role, Shown, View, Viewer, may_import, may_report, view,
};

use crate::viewers::{
    ID, by, matching_with_another, nominated_to_another, of, other, retracts, stages, to_another, viewers,
};
use crate::vocabulary::*;

#[test]
fn a_viewers_own_reports_never_widen_its_view() {
    for (stage, story) in stages() {
        for viewer in viewers() {
            for fact in facts_of(&viewer, &story) {
                let Some(once) = after(&viewer, &story, &fact) else { continue };
                let context = format!("{stage}: {} by {}", fact.fact_type(), viewer.role.as_str());
                not_wider(&viewer, &story, &once, &context);
                for second in FactType::ALL.iter().map(|kind| by(&viewer, *kind, once.next)) {
                    if let Some(twice) = after(&viewer, &once, &second) {
                        not_wider(
                            &viewer,
                            &story,
                            &twice,
                            &format!("{context}, then {}", second.fact_type()),
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn only_the_clients_side_reports_that_an_offer_is_accepted() {
    for viewer in viewers() {
        let accepts = may_report(&viewer, ID, &offered().history, &[offer_accepted(offered().next).into()]);
        let of_the_clients_side = matches!(viewer.role, Role::Client | Role::Guide | Role::CareProvider);
        assert_eq!(accepts.is_ok(), of_the_clients_side, "{}", viewer.role.as_str());
    }
}

#[test]
fn a_whole_history_is_brought_by_a_partner_in_it_or_by_the_matching_point_of_its_region() {
    let history: Vec<Fact> = offered().history.recorded().to_vec();
    let partners = preparing().state().partners.clone().expect("opened");
    let in_it =
        [(Role::CareProvider, partners.care_provider.as_str()), (Role::HousingCorporation, "stadswonen")];
    for (role, organisation) in in_it.into_iter().chain([(Role::MatchingPoint, "anybody")]) {
        assert_eq!(may_import(&of(role, organisation), &history), Ok(()), "{organisation}");
        let elsewhere = Viewer { regions: BTreeSet::new(), ..of(role, organisation) };
        let refused = may_import(&elsewhere, &history).expect_err("another region");
        assert_eq!(refused[0].ground, Ground::RegionOfOthers("/region"), "{organisation}");
    }
    for role in Role::ALL.into_iter().filter(|role| *role != Role::MatchingPoint) {
        let refused = may_import(&of(role, "in-no-fact"), &history).expect_err("a case of others");
        let opens_cases = FactType::IntakeRegistered.row().reporters.contains(&role);
        let ground =
            if opens_cases { Ground::SpeaksForAnother("/careProvider") } else { Ground::OfOtherRoles };
        assert_eq!(refused[0].ground, ground, "{}", role.as_str());
    }
}

#[test]
fn a_corporation_or_a_municipality_opens_the_case_of_somebody_about_to_lose_a_home_and_no_other() {
    let opens = |viewer: &Viewer, fact: IntakeRegistered| {
        may_report(viewer, ID, &History::default(), &[fact.into()]).map_err(|refused| refused[0].ground)
    };
    let on = nothing().next;
    for (role, organisation) in
        [(Role::HousingCorporation, "stadswonen"), (Role::WmoConsultant, "gemeente-amsterdam")]
    {
        let viewer = of(role, organisation);
        assert_eq!(opens(&viewer, home_at_risk(on)), Ok(()), "{}", role.as_str());
        assert_eq!(opens(&viewer, intake(on)), Err(Ground::SpeaksForAnother("/origin")), "{}", role.as_str());
    }
    let elsewhere = of(Role::WmoConsultant, "gemeente-utrecht");
    assert_eq!(opens(&elsewhere, home_at_risk(on)), Err(Ground::SpeaksForAnother("/municipality")));
}

#[test]
fn a_corporation_that_opened_a_case_sees_nothing_of_it_before_nomination() {
    let story = nothing().then(home_at_risk);
    assert!(!view(&of(Role::HousingCorporation, "stadswonen"), ID, &story.history).knows());
    assert!(view(&of(Role::WmoConsultant, "gemeente-amsterdam"), ID, &story.history).knows());
}

/// Where a client came from is guidance data, and the answer to this end would show it.
#[test]
fn only_the_provider_says_that_a_home_at_risk_was_kept() {
    let story = nothing().then(home_at_risk);
    let kept: Fact = ended_with(Outcome::HomeKept)(story.next).into();
    let by = |viewer: &Viewer| may_report(viewer, ID, &story.history, std::slice::from_ref(&kept));
    assert_eq!(by(&of(Role::CareProvider, "de-vaart")), Ok(()));
    let refused = by(&of(Role::MatchingPoint, "transferpunt")).expect_err("it does not see the origin");
    assert_eq!(refused[0].ground, Ground::SpeaksForAnother("/outcome"));
}

#[test]
fn a_provider_assigns_a_corporation_in_its_own_name_only() {
    let (story, provider) = (nominated(), of(Role::CareProvider, "de-vaart"));
    let by =
        |viewer: &Viewer, fact: CorporationAssigned| may_report(viewer, ID, &story.history, &[fact.into()]);
    assert_eq!(by(&provider, assigned_together(story.next)), Ok(()));
    let as_matching_point =
        by(&provider, corporation_assigned(story.next)).expect_err("of the matching point");
    assert_eq!(as_matching_point[0].ground, Ground::SpeaksForAnother("/assignedBy"));
    let point = of(Role::MatchingPoint, "transferpunt");
    assert!(by(&point, assigned_together(story.next)).is_err());
}

#[test]
fn a_corporation_hands_back_only_its_own_assignment_and_loses_sight_of_the_case() {
    let (story, own) = (matching(), of(Role::HousingCorporation, "stadswonen"));
    let returned: Fact = assignment_returned(story.next).into();
    let by = |viewer: &Viewer| may_report(viewer, ID, &story.history, std::slice::from_ref(&returned));
    assert_eq!(by(&own), Ok(()));
    let refused = by(&other(Role::HousingCorporation)).expect_err("of another");
    assert_eq!(refused[0].ground, Ground::SpeaksForAnother("/corporation"));
    assert!(!view(&own, ID, &story.then(assignment_returned).history).knows());
}

#[test]
fn a_corporation_refuses_no_offer_on_the_clients_behalf() {
    let story = offered().days_later(14);
    for viewer in viewers().into_iter().filter(|viewer| viewer.organisation == code("stadswonen")) {
        let answers = |ground| {
            let refused = OfferRefused { ground, ..offer_refused(story.next) };
            may_report(&viewer, ID, &story.history, &[refused.into()])
        };
        let of_the_desk = viewer.role == Role::HousingCorporation;
        assert_eq!(answers(RefusalGround::NotAnsweredInTime).is_ok(), of_the_desk);
        for ground in [
            RefusalGround::TooFarFromNetwork,
            RefusalGround::DwellingDoesNotFit,
            RefusalGround::NeighbourhoodDoesNotFit,
            RefusalGround::RentTooHigh,
            RefusalGround::Other,
        ] {
            let refused = answers(ground).expect_err("the client's own word")[0].ground;
            let field = if of_the_desk { Ground::SpeaksForAnother("/ground") } else { Ground::OfOtherRoles };
            assert_eq!(refused, field, "{ground:?}");
        }
    }
}

#[test]
fn a_corporation_reports_nothing_about_the_lease_of_another_nor_about_one_that_does_not_exist() {
    let about_a_lease = FactType::ALL.iter().filter(|kind| kind.concerns_the_lease());
    for kind in about_a_lease {
        for role in [Role::HousingCorporation, Role::NuisanceOfficer] {
            if !kind.row().reporters.contains(&role) {
                continue;
            }
            let ground = |story: &Story| {
                let refused = may_report(&other(role), ID, &story.history, &[fact_of(*kind, story.next)]);
                refused.expect_err(kind.as_str())[0].ground
            };
            let with_a_lease = ground(&nominated_to_another());
            assert!(!matches!(with_a_lease, Ground::OfOtherRoles), "{kind}");
            assert_eq!(with_a_lease, ground(&matching_with_another()), "{kind}");
        }
    }
}

#[test]
fn a_corporation_reports_nothing_about_the_offer_of_another() {
    let about_an_offer = FactType::ALL.iter().filter(|kind| kind.concerns_an_offer());
    for kind in about_an_offer.filter(|kind| kind.row().reporters.contains(&Role::HousingCorporation)) {
        for story in [offered(), contracting(), housed()] {
            let fact = fact_of(*kind, story.next);
            let refused = may_report(&other(Role::HousingCorporation), ID, &story.history, &[fact]);
            assert!(refused.is_err(), "{kind}");
        }
    }
}

#[test]
fn the_corporation_of_the_lease_reports_about_it() {
    let landlord = of(Role::HousingCorporation, "stadswonen");
    let about_a_lease = FactType::ALL.iter().filter(|kind| kind.concerns_the_lease());
    for kind in about_a_lease.filter(|kind| kind.row().reporters.contains(&Role::HousingCorporation)) {
        let story = housed();
        let mut fact = fact_of(*kind, story.next);
        if let Fact::WarningIssued(warning) = &mut fact {
            warning.by = Party::HousingCorporation;
        }
        if let Fact::FlipPositionGiven(given) = &mut fact {
            given.party = Party::HousingCorporation;
        }
        if let Fact::LeaseEndAgreed(agreed) = &mut fact {
            agreed.signed_by = vec![Party::Client, Party::HousingCorporation];
        }
        assert_eq!(may_report(&landlord, ID, &story.history, &[fact]), Ok(()), "{kind}");
    }
}

#[test]
fn no_party_agrees_to_a_departure_on_behalf_of_another() {
    use Party::{CareProvider, Client, HousingCorporation, MatchingPoint, Municipality};
    let story = housed();
    for viewer in viewers() {
        let Some(own) = viewer.role.party() else { continue };
        if !FactType::DepartureAgreed.row().reporters.contains(&viewer.role) {
            continue;
        }
        let by = |agreed_by: Vec<Party>| {
            let fact = [DepartureAgreed { agreed_by, ..departure(story.next) }.into()];
            may_report(&viewer, ID, &story.history, &fact).map_err(|refused| refused[0].ground)
        };
        // The home of a corporation that does not let it is not its own to agree about.
        let alone = by(vec![own]);
        assert!(matches!(alone, Ok(()) | Err(Ground::NotPartyToTheLease(_))), "{alone:?}");
        for other in [Client, CareProvider, HousingCorporation, Municipality, MatchingPoint] {
            if other != own {
                let refused = Err(Ground::SpeaksForAnother("/agreedBy"));
                assert_eq!(
                    [by(vec![other]), by(vec![own, other])],
                    [refused, refused],
                    "{own:?} for {other:?}"
                );
            }
        }
    }
}

#[test]
fn a_corporation_agrees_to_no_departure_about_the_home_of_another() {
    let agreed_by = vec![Party::HousingCorporation];
    let story = nominated_to_another();
    let fact = [DepartureAgreed { agreed_by, ..departure(story.next) }.into()];
    let by = |viewer: Viewer| may_report(&viewer, ID, &story.history, &fact);
    let refused = by(other(Role::HousingCorporation)).expect_err("the home of another corporation");
    assert_eq!(refused[0].ground, Ground::NotPartyToTheLease("/type"));
    assert_eq!(by(of(Role::HousingCorporation, "stadswonen")), Ok(()));
}

#[test]
fn nobody_names_or_takes_back_the_contact_person_of_another_organisation() {
    let Fact::ContactPersonAssigned(mut contact) = fact_of(FactType::ContactPersonAssigned, housed().next)
    else {
        panic!("of that kind");
    };
    (contact.party, contact.organisation) = (Party::HousingCorporation, Some(code("een-ander")));
    let refused =
        may_report(&of(Role::HousingCorporation, "stadswonen"), ID, &housed().history, &[contact.into()]);
    assert_eq!(refused.expect_err("of another")[0].ground, Ground::SpeaksForAnother("/organisation"));
}

#[test]
fn a_list_that_makes_an_offer_may_take_it_back() {
    let (story, corporation) = (matching(), of(Role::HousingCorporation, "stadswonen"));
    let facts = [dwelling_offered(story.next).into(), offer_withdrawn(story.next).into()];
    assert_eq!(may_report(&corporation, ID, &story.history, &facts), Ok(()));
}

#[test]
fn a_corporation_does_not_correct_what_was_reported_about_the_lease_of_another() {
    let story = housed().then(rent_missed).then(housing_requested).then(to_another);
    let retraction = retracts(story.next, story.history.version() - 2);
    let refused = may_report(&other(Role::HousingCorporation), ID, &story.history, &[retraction]);
    assert_eq!(refused.expect_err("it is of another")[0].ground, Ground::SpeaksForAnother("/corrects"));
}

#[test]
fn a_provider_opens_cases_only_in_regions_that_it_serves() {
    let (serves, on) = (of(Role::CareProvider, "de-vaart"), nothing().next);
    let elsewhere = Viewer { regions: BTreeSet::from([code("eindhoven")]), ..serves.clone() };
    let opened: [Fact; 2] = [intake(on).into(), taken_over(on).into()];
    for fact in opened {
        let opens = |viewer| may_report(viewer, ID, &History::default(), std::slice::from_ref(&fact));
        assert_eq!(opens(&serves), Ok(()));
        assert_eq!(opens(&elsewhere).expect_err("elsewhere")[0].ground, Ground::RegionOfOthers("/region"));
    }
    let corrected = EventCorrected {
        occurred_on: on,
        corrects: 1,
        replacement: Some(Box::new(intake(on).into())),
        reason: "another date".into(),
    };
    let refused = may_report(&elsewhere, ID, &preparing().history, &[corrected.into()]);
    assert_eq!(refused.expect_err("elsewhere")[0].ground, Ground::SpeaksForAnother("/replacement"));
}

#[test]
fn a_guide_no_longer_sees_the_reporter_of_a_case_that_was_once_over() {
    let guide = of(Role::Guide, "de-vaart");
    let ended: [fn(Story) -> Story; 2] = [
        |quiet| quiet.then(nuisance_reopened),
        |quiet| {
            let resolved = quiet.history.version();
            quiet.then(|on| retracts(on, resolved))
        },
    ];
    let reporter = |story: &Story| shows(&guide, story, FactType::NuisanceReported);
    assert_eq!(reporter(&with_an_approach()), Shown::Whole);
    for again in ended {
        let story = again(quiet());
        assert!(story.state().nuisance[&CASE].is_open());
        assert_ne!(reporter(&story), Shown::Whole);
    }
}

/// A fact of every kind as the viewer would write it, and a retraction of every recorded fact.
fn facts_of(viewer: &Viewer, story: &Story) -> Vec<Fact> {
    let kinds = FactType::ALL.iter().map(|kind| by(viewer, *kind, story.next));
    kinds.chain((1..=story.history.version()).map(|corrects| retracts(story.next, corrects))).collect()
}

/// The story with the viewer's fact added, if the viewer has access and the fact is admitted.
fn after(viewer: &Viewer, story: &Story, fact: &Fact) -> Option<Story> {
    let mut story = story.clone();
    view(viewer, ID, &story.history).knows().then_some(())?;
    may_report(viewer, ID, &story.history, std::slice::from_ref(fact)).ok()?;
    story.history.report(fact.clone(), rules()).ok()?;
    Some(story.days_later(1))
}

/// The later view shows no category and no recorded fact that the earlier view hides. A corporation
/// with an offer that the client's side accepted, or with a lease, is left out: its access does not
/// depend on its own reports.
fn not_wider(viewer: &Viewer, before: &Story, later: &Story, context: &str) {
    let confirmed =
        before.history.recorded().iter().any(|fact| {
            matches!(fact, Fact::OfferAccepted(_)) && viewer.organisation.as_str() == "stadswonen"
        });
    if confirmed {
        return;
    }
    let (was, is) = (view(viewer, ID, &before.history), view(viewer, ID, &later.history));
    assert!(was.knows() || !is.knows(), "{context}: it knows");
    for category in Category::ALL {
        let is_wider = rank(is.sees(category)) > rank(was.sees(category));
        assert!(!is_wider, "{context}: {}", category.as_str());
    }
    let recorded = before.history.recorded();
    for fact in recorded {
        let hidden = |view: &View| withheld(&view.show_among(recorded, fact));
        let opened = hidden(&was) > hidden(&is);
        assert!(!opened, "{context}: {} is shown", fact.fact_type());
    }
}

fn rank(level: AccessLevel) -> u8 {
    match level {
        AccessLevel::None => 0,
        AccessLevel::Needed => 1,
        AccessLevel::Own => 2,
        AccessLevel::All => 3,
    }
}

/// How much of a fact is withheld.
fn withheld(shown: &Shown) -> usize {
    match shown {
        Shown::Whole => 0,
        Shown::InPart { withheld } => withheld.len(),
        Shown::Withheld => usize::MAX,
    }
}

fn shows(viewer: &Viewer, story: &Story, kind: FactType) -> Shown {
    let recorded = story.history.recorded();
    let fact = recorded.iter().find(|fact| fact.fact_type() == kind).expect("it happened");
    view(viewer, ID, &story.history).show_among(recorded, fact)
}
