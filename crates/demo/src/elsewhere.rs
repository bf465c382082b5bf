//! What reaches beyond the partners: a move to another region, and a second provider.

use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::{
    RegionTerms, RegionTransferAccepted, RegionTransferProposed, RegionTransferRefused, SecondHelp,
    SecondProviderJoined, SecondProviderLeft, TransferGround,
};

use super::regions;
use super::simulation::{Advance, Simulation, written};
use super::{lease_changes, moving_in, words};

/// Providers of other care, in every region of the simulation.
pub(super) const SECOND_PROVIDERS: &[&str] = &["thuiszorg-wijkzuster", "behandelcentrum"];

/// What a month may bring.
pub(super) fn month(simulation: &mut Simulation<'_>, part: f64) -> Advance {
    if simulation.chance(0.008 * part) {
        second_provider(simulation)?;
    }
    if simulation.state().phase == Phase::Housed && simulation.chance(0.002 * part) {
        go_to_another_region(simulation)?;
    }
    Ok(())
}

/// Another provider helps for a time.
fn second_provider(simulation: &mut Simulation<'_>) -> Advance {
    let second_provider = written(simulation.one_of(SECOND_PROVIDERS));
    let help = simulation.one_of(&[SecondHelp::HomeCare, SecondHelp::Treatment, SecondHelp::WelfareWork]);
    let joined = SecondProviderJoined { occurred_on: simulation.today, second_provider, help };
    let second_provider = joined.second_provider.clone();
    simulation.later(60..400, |on| SecondProviderLeft { occurred_on: on, second_provider });
    simulation.report(joined)
}

/// Back to where family and friends live: the other region takes over, or does not.
fn go_to_another_region(simulation: &mut Simulation<'_>) -> Advance {
    let region = simulation.one_of(&regions::others_than(simulation.region));
    let to = RegionTerms {
        region: written(region.id),
        agreement_set: regions::set_of(region),
        care_provider: written(simulation.one_of(region.providers)),
        municipality: written(simulation.one_of(region.municipalities).organisation),
    };
    let explanation = simulation.perhaps(words::ELSEWHERE);
    simulation.report(RegionTransferProposed {
        occurred_on: simulation.today,
        to: to.clone(),
        ground: TransferGround::ClientChoice,
        explanation,
    })?;
    simulation.pass(5..30)?;
    if simulation.chance(0.3) {
        let reason = simulation.words(words::NOT_HERE);
        return simulation.report(RegionTransferRefused { occurred_on: simulation.today, reason });
    }
    simulation.report(RegionTransferAccepted { occurred_on: simulation.today, to })?;
    if simulation.partners().region.as_str() != region.id {
        return Ok(());
    }
    simulation.region = region;
    simulation.pass(3..20)?;
    moving_in::agree_on_guidance(simulation)?;
    moving_in::agree_on_a_relapse(simulation)?;
    lease_changes::take_over_the_head_lease(simulation)
}
