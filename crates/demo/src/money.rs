//! Rent, arrears, support, damage and the guarantee fund.

use omklap_domain::ids::{ClaimId, DamageId};
use omklap_domain::trajectory::fact::{
    ArrearsCleared, ArrearsPlanAgreed, BorneBy, BudgetCoachSent, Cents, ClaimGround, DamageReported,
    DamageSettled, DebtArrangement, DebtArrangementStarted, EvictionPrevented, FinancialSupport,
    FinancialSupportAssigned, GuaranteeFundClaimed, GuaranteeFundSettled, LeaseTerminationStarted,
    PlaceFound, PlaceKind, RentMissed, TerminationGround, WarningIssued,
};

use super::nuisance::{evict, go_to_court};
use super::simulation::{Advance, Simulation, cents};
use super::words;

/// What a month may bring in money.
pub(super) fn month(simulation: &mut Simulation<'_>, part: f64) -> Advance {
    if !simulation.state().tenancy.in_arrears && simulation.trouble(0.06 * part) {
        fall_behind(simulation)?;
    }
    if simulation.chance(0.008 * part) {
        let kind = simulation.one_of(&[DebtArrangement::Amicable, DebtArrangement::Statutory]);
        let expected_end_on = Some(simulation.today.plus_months(18));
        simulation.report_with_slips(DebtArrangementStarted {
            occurred_on: simulation.today,
            kind,
            expected_end_on,
        })?;
    }
    if simulation.trouble(0.008 * part) {
        damage(simulation)?;
    }
    Ok(())
}

/// A rent is missed. Mostly somebody acts at once; sometimes it comes close to an eviction.
fn fall_behind(simulation: &mut Simulation<'_>) -> Advance {
    let rent = simulation.cents(48_000..70_000);
    miss(simulation, rent)?;
    if simulation.chance(0.04) {
        // The payment was booked under another number.
        simulation.retract();
        return simulation.pass(25..35);
    }
    let mut months = 1;
    while months < 5 && simulation.chance(0.25) {
        simulation.pass(25..35)?;
        miss(simulation, rent)?;
        months += 1;
    }
    simulation.pass(5..30)?;
    let total_cents = cents(i64::from(rent) * months);
    let first_instalment_on = simulation.today.plus_days(20);
    simulation.report_with_slips(ArrearsPlanAgreed {
        occurred_on: simulation.today,
        total_cents,
        instalment_cents: cents(7_500),
        first_instalment_on,
    })?;
    if months >= 3 {
        come_close_to_eviction(simulation)?;
    }
    let (shortest, longest) = if months > 1 { (60, 300) } else { (15, 90) };
    simulation.later(shortest..longest, |on| ArrearsCleared { occurred_on: on });
    Ok(())
}

fn miss(simulation: &mut Simulation<'_>, rent: Cents) -> Advance {
    simulation.report(RentMissed {
        occurred_on: simulation.today,
        due_on: simulation.today.plus_days(-3),
        amount_cents: rent,
    })
}

fn come_close_to_eviction(simulation: &mut Simulation<'_>) -> Advance {
    for _ in 0..2 {
        warn(simulation)?;
        simulation.pass(20..40)?;
    }
    if !simulation.chance(0.5) || !simulation.state().tenancy.living_agreements_signed {
        return get_support(simulation);
    }
    let termination = LeaseTerminationStarted {
        occurred_on: simulation.today,
        ground: TerminationGround::Arrears,
        case_id: None,
        acute: None,
        alternative_place: simulation.words(words::ALTERNATIVE_PLACES),
        notice_until: simulation.today.plus_months(3),
        document: simulation.code("opzegging:"),
    };
    simulation.report(termination)?;
    simulation.pass(7..20)?;
    let explanation = simulation.perhaps(words::PLACE_FOUND);
    let place = PlaceFound { occurred_on: simulation.today, kind: PlaceKind::InBetween, explanation };
    simulation.report(place)?;
    get_support(simulation)?;
    simulation.pass(15..40)?;
    go_to_court(simulation)?;
    if simulation.chance(0.85) {
        let how = simulation.words(words::EVICTION_PREVENTED);
        simulation.report(EvictionPrevented { occurred_on: simulation.today, case_id: None, how })
    } else {
        evict(simulation)
    }
}

fn warn(simulation: &mut Simulation<'_>) -> Advance {
    let by = simulation.lease().landlord();
    let document = simulation.code("brief:");
    let client_heard_on = Some(simulation.today.plus_days(-2));
    simulation.report(WarningIssued {
        occurred_on: simulation.today,
        ground: TerminationGround::Arrears,
        case_id: None,
        explanation: None,
        by,
        client_heard_on,
        document,
    })
}

fn get_support(simulation: &mut Simulation<'_>) -> Advance {
    let kind = simulation.one_of(&[
        FinancialSupport::BudgetCoach,
        FinancialSupport::BudgetManagement,
        FinancialSupport::DebtCounselling,
    ]);
    if kind == FinancialSupport::BudgetCoach {
        simulation.report(BudgetCoachSent { occurred_on: simulation.today, coach: None })?;
    }
    simulation.report_with_slips(FinancialSupportAssigned {
        occurred_on: simulation.today,
        kind,
        supporter: None,
    })
}

fn damage(simulation: &mut Simulation<'_>) -> Advance {
    let damage_id = DamageId(simulation.id());
    let estimate_cents = simulation.cents(20_000..900_000);
    let description = simulation.words(words::DAMAGE);
    simulation.report(DamageReported {
        occurred_on: simulation.today,
        damage_id,
        estimate_cents,
        description,
    })?;
    if simulation.chance(0.5) && simulation.has_a_fund() {
        simulation.pass(5..30)?;
        let claim_id = ClaimId(simulation.id());
        let claim = GuaranteeFundClaimed {
            occurred_on: simulation.today,
            claim_id,
            ground: ClaimGround::Damage,
            damage_id: Some(damage_id),
            rents_due_on: Vec::new(),
            amount_cents: estimate_cents,
        };
        simulation.report(claim)?;
        let share = i64::from(simulation.days(0..101));
        let awarded_cents = cents(i64::from(estimate_cents) * share / 100);
        simulation.later(20..90, |on| GuaranteeFundSettled {
            occurred_on: on,
            claim_id,
            awarded_cents,
            settled_by: None,
        });
    } else if simulation.chance(0.6) {
        let borne_by = simulation.one_of(&[BorneBy::Client, BorneBy::Insurer, BorneBy::Landlord]);
        simulation.later(20..90, move |on| DamageSettled { occurred_on: on, damage_id, borne_by });
    }
    Ok(())
}
