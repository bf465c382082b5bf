//! The months in the home: what is due, and what a month may bring.

use omklap_domain::day::Day;
use omklap_domain::ids::ObligationId;
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    AbsenceEnded, AbsenceKind, AbsenceStarted, AgreementSetChanged, AnnualReviewHeld, Bottleneck,
    DepartureAgreed, EvaluationHeld, Finding, GuidanceScaled, LeaseEndAgreed, Outcome, Party, PlacementKind,
    ReturnedHome, THE_THREE, TemporaryPlacementStarted, TrajectoryEnded, TrajectoryTransferred,
    TransferGround,
};

use super::preparation::{contact_person, end};
use super::profile::guidance_level;
use super::simulation::{Advance, Simulation, written};
use super::{elsewhere, flip, lease_changes, matching, money, moving_in, nuisance, signals, way_back, words};

/// Month after month, until the contract has flipped.
pub(super) fn live_towards_the_flip(simulation: &mut Simulation<'_>) -> Advance {
    let mut due = Due::from(simulation.today);
    let mut next_talk =
        simulation.lease().started_on.plus_months(simulation.one_of(&[11, 12, 12, 13, 18, 24]));
    loop {
        simulation.pass(18..38)?;
        due.keep(simulation)?;
        month(simulation, 1.0)?;
        leave(simulation)?;
        if simulation.trouble(0.004) {
            move_to_another_home(simulation)?;
            due = Due::from(simulation.today);
            next_talk = simulation.today.plus_months(12);
        }
        if simulation.today >= next_talk && simulation.lease().was_always_own() {
            // No flip is expected: the guidance ends, and the tenant lives on.
            end(simulation, Outcome::GuidanceCompleted)?;
        }
        if simulation.today >= next_talk {
            match flip::decide(simulation)? {
                flip::Decision::Flipped => return Ok(()),
                flip::Decision::NotBefore(day) => next_talk = day,
            }
        }
    }
}

/// The recurring duties: the half-yearly evaluation and the annual review.
pub(super) struct Due {
    evaluation: Day,
    review: Day,
}

impl Due {
    pub(super) fn from(day: Day) -> Self {
        Self { evaluation: day.plus_months(6), review: day.plus_months(12) }
    }

    pub(super) fn keep(&mut self, simulation: &mut Simulation<'_>) -> Advance {
        if simulation.today >= self.evaluation {
            self.evaluation = simulation.today.plus_months(6);
            evaluate(simulation)?;
        }
        if simulation.today >= self.review {
            self.review = simulation.today.plus_months(12);
            // In one year in ten, the three do not find the time.
            if simulation.chance(0.9) {
                review(simulation)?;
            }
        }
        Ok(())
    }
}

fn evaluate(simulation: &mut Simulation<'_>) -> Advance {
    let findings = &[Finding::Good, Finding::Good, Finding::Good, Finding::Attention, Finding::Concern];
    let rent = if simulation.state().tenancy.in_arrears { Finding::Attention } else { Finding::Good };
    let evaluation = EvaluationHeld {
        occurred_on: simulation.today,
        home: simulation.one_of(findings),
        rent,
        resident: simulation.one_of(findings),
        notes: simulation.perhaps(words::EVALUATION),
    };
    simulation.report_with_slips(evaluation)
}

fn review(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.state().phase == Phase::Housed {
        moving_in::agree_on_guidance(simulation)?;
    }
    let review = AnnualReviewHeld {
        occurred_on: simulation.today,
        attended_by: THE_THREE.into(),
        agreements_changed: simulation.chance(0.25),
        document: Some(simulation.code("woonafspraken:")),
        notes: simulation.perhaps(words::REVIEW),
    };
    simulation.report_with_slips(review)
}

/// What a month may bring. After the flip there is less of it.
pub(super) fn month(simulation: &mut Simulation<'_>, part: f64) -> Advance {
    for _ in 0..simulation.times(0.7 * part) {
        signals::report(simulation)?;
    }
    if simulation.trouble(0.1 * part) {
        let reason = simulation.perhaps(words::SCALED);
        let level = guidance_level(simulation, &[1, 1, 2, 2, 3]);
        simulation.report_with_slips(GuidanceScaled {
            occurred_on: simulation.today,
            level,
            signal_id: None,
            reason,
        })?;
    }
    if simulation.trouble(0.06 * part) {
        go_away(simulation)?;
    }
    if simulation.chance(0.09 * part) {
        let party = simulation.one_of(&[Party::CareProvider, Party::HousingCorporation]);
        contact_person(simulation, party)?;
    }
    if simulation.trouble(0.07 * part) {
        let bottleneck = simulation.one_of(&[
            Bottleneck::Income,
            Bottleneck::Debts,
            Bottleneck::Care,
            Bottleneck::Indication,
            Bottleneck::Other,
        ]);
        matching::discuss(simulation, bottleneck)?;
    }
    if simulation.chance(0.012) {
        agree_on_something_else(simulation)?;
    }
    if simulation.chance(0.0035) {
        go_to_another_provider(simulation)?;
    }
    lease_changes::month(simulation, part)?;
    elsewhere::month(simulation, part)?;
    money::month(simulation, part)?;
    nuisance::month(simulation, part)
}

/// A stay elsewhere, and back.
fn go_away(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.state().tenancy.away.is_some() {
        return Ok(());
    }
    let expected_until = Some(simulation.today.plus_days(simulation.days(5..40)));
    if simulation.chance(0.4) {
        let kind =
            simulation.one_of(&[PlacementKind::TimeOut, PlacementKind::TimeInBed, PlacementKind::Clinic]);
        let reason = simulation.perhaps(words::PLACED);
        simulation.report(TemporaryPlacementStarted {
            occurred_on: simulation.today,
            kind,
            expected_until,
            nuisance_case: None,
            reason,
        })?;
        let notes = simulation.perhaps(words::BACK_HOME);
        simulation.later(4..60, |on| ReturnedHome { occurred_on: on, notes });
    } else {
        let kind = simulation.one_of(&[
            AbsenceKind::Hospital,
            AbsenceKind::WithFamily,
            AbsenceKind::Detention,
            AbsenceKind::Unknown,
        ]);
        simulation.report(AbsenceStarted { occurred_on: simulation.today, kind, expected_until })?;
        simulation.later(4..60, |on| AbsenceEnded { occurred_on: on });
    }
    Ok(())
}

/// Room for tailoring (S1), and now and then another agreement set.
fn agree_on_something_else(simulation: &mut Simulation<'_>) -> Advance {
    // Haarlem worked by the set of 2018 before that of 2020.
    if simulation.region.id == "haarlem" && simulation.chance(0.3) {
        let mut agreement_set = simulation.set();
        agreement_set.id = written("amsterdam-2020");
        let reason = simulation.words(words::OTHER_AGREEMENTS);
        return simulation.report(AgreementSetChanged {
            occurred_on: simulation.today,
            agreement_set,
            reason,
        });
    }
    let obligation: ObligationId = written(simulation.one_of(&["4.2", "4.5", "8.1", "5.4"]));
    let parties = [Party::CareProvider, Party::HousingCorporation, Party::Client];
    for party in parties {
        let departure = DepartureAgreed {
            occurred_on: simulation.today,
            obligation: obligation.clone(),
            agreed_by: vec![party],
            asks: parties.into_iter().filter(|asked| *asked != party).collect(),
            reason: simulation.words(words::DEPARTURE),
        };
        simulation.report_with_slips(departure)?;
        // Not everybody answers.
        if simulation.chance(0.15) {
            return Ok(());
        }
        simulation.pass(0..5)?;
    }
    Ok(())
}

/// Providers that work in every region of the simulation.
pub(super) const PROVIDERS_EVERYWHERE: &[&str] = &["zorg-in-de-wijk", "thuis-begeleiding", "zorg-dichtbij"];

fn go_to_another_provider(simulation: &mut Simulation<'_>) -> Advance {
    let transfer = TrajectoryTransferred {
        occurred_on: simulation.today,
        care_provider: Some(written(simulation.one_of(PROVIDERS_EVERYWHERE))),
        municipality: None,
        ground: simulation.one_of(&[
            TransferGround::ProviderBankrupt,
            TransferGround::ProviderStopped,
            TransferGround::ClientChoice,
        ]),
    };
    simulation.report(transfer)?;
    contact_person(simulation, Party::CareProvider)?;
    if simulation.state().phase == Phase::FollowUp {
        flip::agree_on_aftercare(simulation)?;
    } else {
        simulation.pass(3..20)?;
        moving_in::agree_on_guidance(simulation)?;
        moving_in::agree_on_a_relapse(simulation)?;
    }
    lease_changes::take_over_the_head_lease(simulation)
}

/// The dwelling does not fit, so another one is sought while the client stays.
fn move_to_another_home(simulation: &mut Simulation<'_>) -> Advance {
    matching::discuss(simulation, Bottleneck::Mismatch)?;
    matching::find_a_home(simulation)?;
    moving_in::settle(simulation)
}

/// Client and landlord agree that the lease ends, and the client has a place to go.
fn agree_on_the_end(simulation: &mut Simulation<'_>) -> Advance {
    let (lease_id, landlord) = (simulation.lease().id, simulation.lease().landlord());
    let ends_on = simulation.today.plus_days(30);
    let next_place = simulation.words(words::ALTERNATIVE_PLACES);
    let document = simulation.code("huurbeeindiging:");
    simulation.report(LeaseEndAgreed {
        occurred_on: simulation.today,
        lease_id,
        signed_by: vec![Party::Client, landlord],
        ends_on,
        next_place,
        document,
    })?;
    simulation.pass_to(ends_on)
}

/// Some leave before the flip.
fn leave(simulation: &mut Simulation<'_>) -> Advance {
    match simulation.days(0..10_000) {
        0..25 => {
            let outcome = simulation.one_of(&[
                Outcome::PlacementEnded,
                Outcome::OtherCare,
                Outcome::MovedAway,
                Outcome::Withdrew,
                Outcome::MovedOnWell,
            ]);
            if outcome == Outcome::PlacementEnded {
                agree_on_the_end(simulation)?;
            }
            end(simulation, outcome)
        }
        25..40 => simulation.report(TrajectoryEnded {
            occurred_on: simulation.today,
            outcome: Outcome::Deceased,
            notes: None,
        }),
        40..60 => way_back::ask(simulation),
        _ => Ok(()),
    }
}
