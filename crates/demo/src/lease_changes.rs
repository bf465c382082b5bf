//! What changes about a lease while it runs: the rent, the dwelling, the head tenant, the indication.

use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    CareIndicationEnded, ContractModel, DwellingRedivided, FlipConditionReviewed, HeadLeaseTakenOver,
    Progress, Redivision, RenovationEnded, RenovationStarted, RentChangeGround, RentChanged,
};

use super::simulation::{Advance, Simulation, cents};
use super::words;

/// What a month may bring.
pub(super) fn month(simulation: &mut Simulation<'_>, part: f64) -> Advance {
    if simulation.chance(0.07 * part) {
        change_the_rent(simulation, RentChangeGround::Yearly)?;
    }
    if simulation.chance(0.003 * part) {
        renovate(simulation)?;
    }
    if simulation.chance(0.0015 * part) {
        redivide(simulation)?;
    }
    if simulation.chance(0.006 * part) {
        let support_afterwards = simulation.perhaps(words::SUPPORT_AFTERWARDS);
        simulation
            .report_with_slips(CareIndicationEnded { occurred_on: simulation.today, support_afterwards })?;
    }
    if simulation.state().phase == Phase::Housed && simulation.chance(0.08 * part) {
        review_a_condition(simulation)?;
    }
    Ok(())
}

/// The new provider takes the place of the old one as the head tenant.
pub(super) fn take_over_the_head_lease(simulation: &mut Simulation<'_>) -> Advance {
    if simulation.lease().model != Some(ContractModel::Intermediary) {
        return Ok(());
    }
    simulation.pass(10..40)?;
    let head_lease = Some(simulation.code("hoofdhuur:"));
    simulation.report(HeadLeaseTakenOver {
        occurred_on: simulation.today,
        lease_id: simulation.lease().id,
        care_provider: simulation.partners().care_provider.clone(),
        head_lease,
    })
}

fn change_the_rent(simulation: &mut Simulation<'_>, ground: RentChangeGround) -> Advance {
    let more = i64::from(simulation.days(500..3_000));
    let rent_cents = cents(i64::from(simulation.lease().rent) + more);
    simulation.report(RentChanged {
        occurred_on: simulation.today,
        lease_id: simulation.lease().id,
        rent_cents,
        ground,
    })
}

fn renovate(simulation: &mut Simulation<'_>) -> Advance {
    let lease_id = simulation.lease().id;
    let temporary_unit = simulation.unit("WISSEL-", lease_id.0);
    let expected_until = Some(simulation.today.plus_months(2));
    simulation.report(RenovationStarted {
        occurred_on: simulation.today,
        lease_id,
        temporary_unit,
        expected_until,
    })?;
    simulation.pass(45..90)?;
    simulation.report(RenovationEnded { occurred_on: simulation.today, lease_id })?;
    change_the_rent(simulation, RentChangeGround::Renovation)
}

fn redivide(simulation: &mut Simulation<'_>) -> Advance {
    let lease_id = simulation.lease().id;
    let unit = simulation.unit("VHE-", lease_id.0);
    let change = simulation.one_of(&[Redivision::Merged, Redivision::Split]);
    simulation.report(DwellingRedivided { occurred_on: simulation.today, lease_id, change, unit })
}

fn review_a_condition(simulation: &mut Simulation<'_>) -> Advance {
    let kinds: Vec<_> = simulation.state().flip.conditions.iter().copied().collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let notes = simulation.perhaps(words::EVALUATION);
    let reviewed = FlipConditionReviewed {
        occurred_on: simulation.today,
        kind: simulation.one_of(&kinds),
        progress: simulation.one_of(&[Progress::Met, Progress::OnTheWay, Progress::NotYet]),
        notes,
    };
    simulation.report_with_slips(reviewed)
}
