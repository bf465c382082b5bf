//! Rent, arrears, support, damage and the guarantee fund.

use omklap_domain::ids::{ClaimId, DamageId};
use omklap_domain::trajectory::fact::{
    ArrearsCleared, ArrearsPlanAgreed, Cents, ClaimGround, DamageReported, DebtArrangement,
    DebtArrangementStarted, EvictionPrevented, FinancialSupport, FinancialSupportAssigned,
    GuaranteeFundClaimed, GuaranteeFundSettled, LeaseTerminationStarted, Outcome, RentMissed, WarningIssued,
};

use super::preparation::end;
use super::teller::{Teller, Told, cents};
use super::words;

/// What a month may bring in money.
pub(super) fn month(teller: &mut Teller<'_>, part: f64) -> Told {
    if !teller.state().tenancy.in_arrears && teller.trouble(0.06 * part) {
        fall_behind(teller)?;
    }
    if teller.chance(0.008 * part) {
        let kind = teller.one_of(&[DebtArrangement::Amicable, DebtArrangement::Statutory]);
        let expected_end_on = Some(teller.today.plus_months(18));
        teller.note(DebtArrangementStarted { occurred_on: teller.today, kind, expected_end_on })?;
    }
    if teller.trouble(0.008 * part) {
        damage(teller)?;
    }
    Ok(())
}

/// A rent is missed. Mostly somebody acts at once; sometimes it comes close to an eviction.
fn fall_behind(teller: &mut Teller<'_>) -> Told {
    let rent = teller.cents(48_000..70_000);
    miss(teller, rent)?;
    if teller.chance(0.04) {
        // The payment stood under another number.
        teller.retract();
        return teller.pass(25..35);
    }
    let mut months = 1;
    while months < 5 && teller.chance(0.25) {
        teller.pass(25..35)?;
        miss(teller, rent)?;
        months += 1;
    }
    teller.pass(5..30)?;
    let total_cents = cents(i64::from(rent) * months);
    let first_instalment_on = teller.today.plus_days(20);
    teller.note(ArrearsPlanAgreed {
        occurred_on: teller.today,
        total_cents,
        instalment_cents: cents(7_500),
        first_instalment_on,
    })?;
    if months >= 3 {
        come_close_to_eviction(teller)?;
    }
    let (shortest, longest) = if months > 1 { (60, 300) } else { (15, 90) };
    teller.later(shortest..longest, |on| ArrearsCleared { occurred_on: on });
    Ok(())
}

fn miss(teller: &mut Teller<'_>, rent: Cents) -> Told {
    teller.say(RentMissed {
        occurred_on: teller.today,
        due_on: teller.today.plus_days(-3),
        amount_cents: rent,
    })
}

fn come_close_to_eviction(teller: &mut Teller<'_>) -> Told {
    for _ in 0..2 {
        warn(teller)?;
        teller.pass(20..40)?;
    }
    if !teller.chance(0.5) || !teller.state().tenancy.living_agreements_signed {
        return get_support(teller);
    }
    let termination = LeaseTerminationStarted {
        occurred_on: teller.today,
        case_id: None,
        acute: None,
        alternative_place: teller.words(words::ALTERNATIVE_PLACES),
        notice_until: teller.today.plus_months(2),
        document: teller.code("opzegging:"),
    };
    teller.say(termination)?;
    teller.pass(7..20)?;
    get_support(teller)?;
    teller.pass(15..40)?;
    if teller.chance(0.85) {
        let how = teller.words(words::EVICTION_PREVENTED);
        teller.say(EvictionPrevented { occurred_on: teller.today, case_id: None, how })
    } else {
        end(teller, Outcome::Evicted)
    }
}

fn warn(teller: &mut Teller<'_>) -> Told {
    let by = teller.lease().landlord();
    let document = teller.code("brief:");
    let client_heard_on = Some(teller.today.plus_days(-2));
    teller.say(WarningIssued { occurred_on: teller.today, case_id: None, by, client_heard_on, document })
}

fn get_support(teller: &mut Teller<'_>) -> Told {
    let kind = teller.one_of(&[
        FinancialSupport::BudgetCoach,
        FinancialSupport::BudgetManagement,
        FinancialSupport::DebtCounselling,
    ]);
    teller.note(FinancialSupportAssigned { occurred_on: teller.today, kind, supporter: None })
}

fn damage(teller: &mut Teller<'_>) -> Told {
    let damage_id = DamageId(teller.id());
    let estimate_cents = teller.cents(20_000..900_000);
    let description = teller.words(words::DAMAGE);
    teller.say(DamageReported { occurred_on: teller.today, damage_id, estimate_cents, description })?;
    if teller.chance(0.5) {
        teller.pass(5..30)?;
        let claim_id = ClaimId(teller.id());
        let claim = GuaranteeFundClaimed {
            occurred_on: teller.today,
            claim_id,
            ground: ClaimGround::Damage,
            damage_id: Some(damage_id),
            amount_cents: estimate_cents,
        };
        teller.say(claim)?;
        let share = i64::from(teller.days(0..101));
        let awarded_cents = cents(i64::from(estimate_cents) * share / 100);
        teller.later(20..90, |on| GuaranteeFundSettled { occurred_on: on, claim_id, awarded_cents });
    }
    Ok(())
}
