//! Facts that are admitted at any time.

use super::rules;
use crate::vocabulary::*;

rules! {
    no_fact_happens_in_the_future: OccurredInTheFuture,
        broken by preparing().on(TODAY.plus_days(1)).when(profile),
        kept by preparing().on(*TODAY).when(profile);
    no_trajectory_opens_in_the_future: OccurredInTheFuture,
        broken by nothing().on(TODAY.plus_days(1)).when(intake),
        kept by nothing().on(*TODAY).when(intake);
    nothing_happened_before_the_intake: OccurredBeforeIntake,
        broken by preparing().days_later(-2).when(profile),
        kept by preparing().days_later(-1).when(profile);
    a_transfer_names_a_new_partner: TransferToNobody,
        broken by preparing().when(|on| TrajectoryTransferred { care_provider: None, municipality: None, ..transferred(on) }),
        kept by preparing().when(|on| TrajectoryTransferred { care_provider: None, municipality: Some(code("gemeente-venlo")), ..transferred(on) });
    a_trajectory_is_bound_to_a_known_set: AgreementSetUnknown,
        broken by housed().when(|on| AgreementSetChanged { agreement_set: bound_to("atlantis"), ..agreement_set_changed(on) }),
        kept by housed().when(agreement_set_changed);
    a_client_with_a_home_was_not_registered_by_mistake: LivesInADwelling,
        broken by seeking_another_dwelling().when(registered_by_mistake),
        kept by matching().when(registered_by_mistake);
    what_the_ledger_enforces_is_not_set_aside: NeverSetAside,
        broken by preparing().when(|on| DepartureAgreed { obligation: code("10.2"), ..departure(on) }),
        kept by preparing().when(|on| DepartureAgreed { obligation: code("10.1"), ..departure(on) });
    what_the_flip_needs_is_not_set_aside: NeverSetAside,
        broken by housed().when(|on| DepartureAgreed { obligation: code("7.2"), ..departure(on) }),
        kept by housed().when(|on| DepartureAgreed { obligation: code("8.1"), ..departure(on) });
    only_a_known_obligation_is_set_aside: ObligationUnknown,
        broken by preparing().when(|on| DepartureAgreed { obligation: code("77.7"), ..departure(on) }),
        kept by preparing().when(departure);
    /// 3.1b is an obligation of Almere.
    an_obligation_of_an_earlier_set_may_be_set_aside: ObligationUnknown,
        broken by housed().when(|on| DepartureAgreed { obligation: code("3.1b"), ..departure(on) }),
        kept by housed()
            .then(|on| AgreementSetChanged { agreement_set: bound_to("almere"), ..agreement_set_changed(on) })
            .then(|on| AgreementSetChanged { agreement_set: bound_to("amsterdam-2018"), ..agreement_set_changed(on) })
            .when(|on| DepartureAgreed { obligation: code("3.1b"), ..departure(on) });
    no_trajectory_opens_in_a_region_that_no_set_names: RegionNotServed,
        broken by nothing().when(|on| IntakeRegistered { region: code("atlantis"), ..intake(on) }),
        kept by nothing().when(|on| IntakeRegistered { region: code("haarlem"), ..intake(on) });
    a_follow_up_is_not_completed_before_the_flip: OutcomeDoesNotFit,
        broken by housed().when(ended_with(Outcome::FollowUpCompleted)),
        kept by housed().when(ended_with(Outcome::MovedOnWell));
    a_client_without_a_home_may_find_one_by_the_regular_way_and_loses_none: OutcomeDoesNotFit,
        broken by ready().when(ended_with(Outcome::PlacementEnded)),
        kept by ready().when(ended_with(Outcome::MovedOnWell));
    no_end_is_called_a_mistake: OutcomeDoesNotFit,
        broken by ready().when(ended_with(Outcome::RegisteredByMistake)),
        kept by ready().when(registered_by_mistake);
    a_client_with_a_home_was_ready: OutcomeDoesNotFit,
        broken by housed().when(ended_with(Outcome::NotReady)),
        kept by housed().then(lease_end_agreed).months_later(1).when(ended_with(Outcome::PlacementEnded));
    a_client_with_a_lease_of_their_own_has_no_placement_that_ends: OutcomeDoesNotFit,
        broken by housed_under_own_lease().when(ended_with(Outcome::PlacementEnded)),
        kept by housed_under_own_lease().when(ended_with(Outcome::GuidanceCompleted));
    guidance_is_completed_under_a_lease_that_was_always_the_clients_own: OutcomeDoesNotFit,
        broken by housed().when(ended_with(Outcome::GuidanceCompleted)),
        kept by housed_under_own_lease().when(ended_with(Outcome::GuidanceCompleted));
    only_a_home_that_was_at_risk_is_kept: OutcomeDoesNotFit,
        broken by preparing().when(ended_with(Outcome::HomeKept)),
        kept by nothing().then(home_at_risk).when(ended_with(Outcome::HomeKept));
    no_placement_ends_after_the_flip: OutcomeDoesNotFit,
        broken by flipped().when(ended_with(Outcome::PlacementEnded)),
        kept by flipped().when(ended_with(Outcome::MovedOnWell));
    a_case_that_has_ended_does_not_continue: NotAdmittedInPhase,
        broken by deceased().when(signal),
        kept by housed().when(signal);
}

#[test]
fn a_fact_in_the_future_is_checked_against_the_other_rules_too() {
    let elsewhere = |on| IntakeRegistered { agreement_set: bound_to("atlantis"), ..intake(on) };
    nothing()
        .on(TODAY.plus_days(1))
        .when(elsewhere)
        .refused([Refusal::OccurredInTheFuture, Refusal::AgreementSetUnknown]);
}

#[test]
fn every_running_trajectory_can_end() {
    for phase in Phase::ALL {
        let report = given(life_in(phase)).when(trajectory_ended);
        match phase {
            Phase::Unopened => report.refused([Refusal::NotYetOpened]),
            Phase::Ended => report.refused([Refusal::NotAdmittedInPhase]),
            _ => drop(report.leads_to(Phase::Ended)),
        }
    }
}

#[test]
fn a_new_provider_continues_where_the_old_one_stopped() {
    let story = given(housed()).then(transferred);
    let partners = story.state().partners.clone().expect("an opened trajectory has partners");
    assert_eq!(partners.care_provider, code("het-anker"));
    assert_eq!(partners.municipality, code("gemeente-amsterdam"));
    assert_eq!(story.phase(), Phase::Housed);
}

#[test]
fn new_agreements_apply_from_the_day_they_were_made() {
    let story = given(contracting()).then(|on| AgreementSetChanged {
        agreement_set: bound_to("noord-limburg"),
        ..agreement_set_changed(on)
    });
    story.clone().when(temporary_lease).refused([Refusal::ContractModelNotAgreed]);
    story.when(three_party_lease).leads_to(Phase::Housed);
}
