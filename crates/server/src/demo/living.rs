//! The months in the home: what is due, and what a month may bring.

use omklap_domain::day::Day;
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    AbsenceEnded, AbsenceKind, AbsenceStarted, AgreementSetChanged, AnnualReviewHeld, Bottleneck,
    DepartureAgreed, EvaluationHeld, Finding, GuidanceScaled, Outcome, Party, PlacementKind, ReturnedHome,
    THE_THREE, TemporaryPlacementStarted, TrajectoryEnded, TrajectoryTransferred, TransferGround,
};

use super::preparation::{contact_person, end};
use super::profile::guidance_level;
use super::teller::{Teller, Told, written};
use super::{flip, matching, money, moving_in, nuisance, signals, way_back, words};

/// Month after month, until the contract has flipped.
pub(super) fn live_towards_the_flip(teller: &mut Teller<'_>) -> Told {
    let mut due = Due::from(teller.today);
    let mut next_talk = teller.lease().started_on.plus_months(teller.one_of(&[11, 12, 12, 13, 18, 24]));
    loop {
        teller.pass(18..38)?;
        due.keep(teller)?;
        month(teller, 1.0)?;
        leave(teller)?;
        if teller.trouble(0.004) {
            move_to_another_home(teller)?;
            due = Due::from(teller.today);
            next_talk = teller.today.plus_months(12);
        }
        if teller.today >= next_talk {
            match flip::decide(teller)? {
                flip::Decision::Flipped => return Ok(()),
                flip::Decision::NotBefore(day) => next_talk = day,
            }
        }
    }
}

/// What comes back: the evaluation of half a year and the review of a year.
pub(super) struct Due {
    evaluation: Day,
    review: Day,
}

impl Due {
    pub(super) fn from(day: Day) -> Self {
        Self { evaluation: day.plus_months(6), review: day.plus_months(12) }
    }

    pub(super) fn keep(&mut self, teller: &mut Teller<'_>) -> Told {
        if teller.today >= self.evaluation {
            self.evaluation = teller.today.plus_months(6);
            evaluate(teller)?;
        }
        if teller.today >= self.review {
            self.review = teller.today.plus_months(12);
            // One in ten years the three do not find the time.
            if teller.chance(0.9) {
                review(teller)?;
            }
        }
        Ok(())
    }
}

fn evaluate(teller: &mut Teller<'_>) -> Told {
    let findings = &[Finding::Good, Finding::Good, Finding::Good, Finding::Attention, Finding::Concern];
    let rent = if teller.state().tenancy.in_arrears { Finding::Attention } else { Finding::Good };
    let evaluation = EvaluationHeld {
        occurred_on: teller.today,
        home: teller.one_of(findings),
        rent,
        resident: teller.one_of(findings),
        notes: teller.perhaps(words::EVALUATION),
    };
    teller.note(evaluation)
}

fn review(teller: &mut Teller<'_>) -> Told {
    if teller.state().phase == Phase::Housed {
        moving_in::agree_on_guidance(teller)?;
    }
    let review = AnnualReviewHeld {
        occurred_on: teller.today,
        attended_by: THE_THREE.into(),
        agreements_changed: teller.chance(0.25),
        document: Some(teller.code("woonafspraken:")),
        notes: teller.perhaps(words::REVIEW),
    };
    teller.note(review)
}

/// What a month may bring. After the flip there is less of it.
pub(super) fn month(teller: &mut Teller<'_>, part: f64) -> Told {
    for _ in 0..teller.times(0.7 * part) {
        signals::report(teller)?;
    }
    if teller.trouble(0.1 * part) {
        let reason = teller.perhaps(words::SCALED);
        let level = guidance_level(teller, &[1, 1, 2, 2, 3]);
        teller.note(GuidanceScaled { occurred_on: teller.today, level, signal_id: None, reason })?;
    }
    if teller.trouble(0.06 * part) {
        go_away(teller)?;
    }
    if teller.chance(0.09 * part) {
        let party = teller.one_of(&[Party::CareProvider, Party::HousingCorporation]);
        contact_person(teller, party)?;
    }
    if teller.trouble(0.07 * part) {
        let bottleneck = teller.one_of(&[
            Bottleneck::Income,
            Bottleneck::Debts,
            Bottleneck::Care,
            Bottleneck::Indication,
            Bottleneck::Other,
        ]);
        matching::discuss(teller, bottleneck)?;
    }
    if teller.chance(0.012) {
        agree_on_something_else(teller)?;
    }
    if teller.chance(0.0035) {
        go_to_another_provider(teller)?;
    }
    money::month(teller, part)?;
    nuisance::month(teller, part)
}

/// A stay elsewhere, and back.
fn go_away(teller: &mut Teller<'_>) -> Told {
    if teller.state().tenancy.away.is_some() {
        return Ok(());
    }
    let expected_until = Some(teller.today.plus_days(teller.days(5..40)));
    if teller.chance(0.4) {
        let kind = teller.one_of(&[PlacementKind::TimeOut, PlacementKind::TimeInBed, PlacementKind::Clinic]);
        let reason = teller.perhaps(words::PLACED);
        teller.say(TemporaryPlacementStarted {
            occurred_on: teller.today,
            kind,
            expected_until,
            nuisance_case: None,
            reason,
        })?;
        let notes = teller.perhaps(words::BACK_HOME);
        teller.later(4..60, |on| ReturnedHome { occurred_on: on, notes });
    } else {
        let kind = teller.one_of(&[
            AbsenceKind::Hospital,
            AbsenceKind::WithFamily,
            AbsenceKind::Detention,
            AbsenceKind::Unknown,
        ]);
        teller.say(AbsenceStarted { occurred_on: teller.today, kind, expected_until })?;
        teller.later(4..60, |on| AbsenceEnded { occurred_on: on });
    }
    Ok(())
}

/// Room for tailoring (S1), and now and then another agreement set.
fn agree_on_something_else(teller: &mut Teller<'_>) -> Told {
    // Haarlem worked by the set of 2018 before that of 2020.
    if teller.region.id == "haarlem" && teller.chance(0.3) {
        let mut agreement_set = teller.set();
        agreement_set.id = written("amsterdam-2020");
        let reason = teller.words(words::OTHER_AGREEMENTS);
        return teller.say(AgreementSetChanged { occurred_on: teller.today, agreement_set, reason });
    }
    let departure = DepartureAgreed {
        occurred_on: teller.today,
        obligation: written(teller.one_of(&["4.2", "4.5", "8.1", "5.4"])),
        agreed_by: vec![Party::CareProvider, Party::HousingCorporation],
        reason: teller.words(words::DEPARTURE),
    };
    teller.note(departure)
}

fn go_to_another_provider(teller: &mut Teller<'_>) -> Told {
    let transfer = TrajectoryTransferred {
        occurred_on: teller.today,
        care_provider: Some(written(teller.one_of(&[
            "zorg-in-de-wijk",
            "thuis-begeleiding",
            "leger-des-heils",
        ]))),
        municipality: None,
        ground: teller.one_of(&[
            TransferGround::ProviderBankrupt,
            TransferGround::ProviderStopped,
            TransferGround::ClientChoice,
        ]),
    };
    teller.say(transfer)?;
    contact_person(teller, Party::CareProvider)
}

/// The dwelling does not fit: another one is sought while the client stays.
fn move_to_another_home(teller: &mut Teller<'_>) -> Told {
    matching::discuss(teller, Bottleneck::Mismatch)?;
    matching::find_a_home(teller)?;
    moving_in::settle(teller)
}

/// Some leave before the flip.
fn leave(teller: &mut Teller<'_>) -> Told {
    match teller.days(0..10_000) {
        0..25 => {
            let outcome = teller.one_of(&[
                Outcome::PlacementEnded,
                Outcome::OtherCare,
                Outcome::MovedAway,
                Outcome::Withdrew,
                Outcome::MovedOnWell,
            ]);
            end(teller, outcome)
        }
        25..40 => {
            teller.say(TrajectoryEnded { occurred_on: teller.today, outcome: Outcome::Deceased, notes: None })
        }
        40..60 => way_back::ask(teller),
        _ => Ok(()),
    }
}
