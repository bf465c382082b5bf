//! Lives of every phase, with the further facts that other facts may need first.

use crate::vocabulary::*;

/// Lives in this phase in which some of these facts have also happened, the day before or two
/// months ago.
pub fn with_more(phase: Phase) -> Vec<Story> {
    let more = what_happens_beside();
    let lives =
        bases(phase).into_iter().flat_map(|base| more.iter().map(move |facts| beside(base.clone(), facts)));
    lives.flat_map(|life| [life.clone(), life.months_later(2)]).collect()
}

/// Adds every fact of a list that is admissible here.
fn beside(story: Story, facts: &[MakeFact]) -> Story {
    facts.iter().fold(story, |story, fact| {
        let reported = story.clone().when(fact);
        if reported.reasons().is_empty() { reported.admitted() } else { story }
    })
}

fn bases(phase: Phase) -> Vec<Story> {
    let moving = |home: Story| home.then(housing_requested).then(corporation_assigned);
    let offered_again = |home: Story| moving(home).then(another_dwelling_offered);
    let accept = |on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) };
    let lost = || contracting().then(first_rent_covered).then(offer_withdrawn);
    let damaged = || backed_by_the_fund().then(damage);
    let advanced = || flipped_from(housed().then(first_rent_covered));
    match phase {
        Phase::Matching => vec![
            lost(),
            matching(),
            moving(housed()),
            moving(housed_under_temporary_lease()),
            moving(backed_by_the_fund()),
        ],
        Phase::Offered => {
            vec![
                lost().then(another_dwelling_offered),
                offered(),
                offered_again(housed()),
                offered_again(housed_under_temporary_lease()),
                offered_again(backed_by_the_fund()),
            ]
        }
        Phase::Contracting => vec![
            contracting(),
            contracting_in_the_north_of_limburg(),
            contracting_in_amsterdam(),
            offered_again(housed()).then(accept),
            offered_again(housed_under_temporary_lease()).then(accept),
            offered_again(backed_by_the_fund()).then(accept),
        ],
        Phase::Housed => {
            vec![
                housed(),
                housed_under_temporary_lease(),
                backed_by_the_fund(),
                agreed_to_flip().then(rent_disclosed),
                approved_to_flip(),
            ]
        }
        Phase::FollowUp => vec![life_in(phase), advanced(), flipped_from(damaged())],
        Phase::Ended => vec![
            life_in(phase),
            advanced().then(ended_with(Outcome::MovedAway)),
            damaged().then(ended_with(Outcome::MovedAway)),
            housed().then(rent_missed).then(ended_with(Outcome::MovedAway)),
        ],
        Phase::Unopened | Phase::Preparing | Phase::Ready => vec![life_in(phase)],
    }
}

/// A fact for a given day.
type MakeFact = fn(Day) -> Fact;

fn what_happens_beside() -> Vec<Vec<MakeFact>> {
    let landlord_warns: MakeFact = |on| warning(on).into();
    let corporation_warns: MakeFact =
        |on| WarningIssued { by: Party::HousingCorporation, ..warning(on) }.into();
    let ladder: [MakeFact; 9] = [
        |on| nuisance_reported(on).into(),
        |on| approach_agreed(on).into(),
        |on| escalated(on).into(),
        landlord_warns,
        corporation_warns,
        landlord_warns,
        corporation_warns,
        |on| last_chance(on).into(),
        // Danger, because the warnings are too close together.
        |on| LeaseTerminationStarted { acute: Some(AcuteGround::Fire), ..termination(on) }.into(),
    ];
    let mut beside: Vec<Vec<MakeFact>> = vec![
        vec![],
        vec![|on| consent_given(on).into()],
        vec![|on| first_rent_covered(on).into()],
        vec![|on| signal(on).into()],
        vec![|on| placement(on).into()],
        vec![|on| absence(on).into()],
        vec![|on| rent_missed(on).into()],
        vec![|on| lease_end_agreed(on).into()],
        vec![|on| renovation_started(on).into()],
        vec![|on| RenovationStarted { lease_id: OWN_LEASE, ..renovation_started(on) }.into()],
        vec![|on| transferred(on).into()],
        vec![|on| transfer_proposed(on).into()],
        vec![|on| second_provider_joined(on).into()],
        vec![|on| damage(on).into()],
        vec![|on| damage(on).into(), |on| fund_claimed(on).into()],
        vec![|on| return_requested(on).into()],
        vec![|on| return_requested(on).into(), |on| test_done(on).into()],
        vec![|on| nuisance_reported(on).into(), |on| approach_agreed(on).into(), |on| {
            nuisance_resolved(on).into()
        }],
    ];
    beside.extend((1..=ladder.len()).map(|rungs| ladder[..rungs].to_vec()));
    beside
}

/// Two wordings of a fact, one of which fits, depending on the landlord and on how far the life is.
pub fn wordings(kind: FactType, on: Day) -> Vec<Fact> {
    let other = match kind {
        FactType::WarningIssued => WarningIssued { by: Party::HousingCorporation, ..warning(on) }.into(),
        FactType::RentChanged => RentChanged { lease_id: OWN_LEASE, ..rent_changed(on) }.into(),
        FactType::RenovationStarted => {
            RenovationStarted { lease_id: OWN_LEASE, ..renovation_started(on) }.into()
        }
        FactType::RenovationEnded => RenovationEnded { lease_id: OWN_LEASE, ..renovation_ended(on) }.into(),
        FactType::DwellingRedivided => {
            DwellingRedivided { lease_id: OWN_LEASE, ..dwelling_redivided(on) }.into()
        }
        FactType::LeaseTerminationStarted => termination_in_danger(on).into(),
        FactType::LeaseEndAgreed => LeaseEndAgreed {
            signed_by: vec![Party::Client, Party::HousingCorporation],
            ..lease_end_agreed(on)
        }
        .into(),
        FactType::FollowUpEnded => follow_up_ended_with(Outcome::OutOfSight)(on).into(),
        FactType::EventCorrected => replaced(1, intake(code("2026-01-05")))(on).into(),
        _ => fact_of(kind, on),
    };
    vec![fact_of(kind, on), other]
}
