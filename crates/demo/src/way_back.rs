//! The way back that is always open (S2 Assen).

use omklap_domain::ids::ReturnRequestId;
use omklap_domain::trajectory::fact::{
    LightWmoTestDone, Party, ReturnPlace, ReturnRequestWithdrawn, ReturnRequested, ReturnedToShelter,
};

use super::simulation::{Advance, Simulation};
use super::words;

/// The client asks to come back; the municipality does the light test, and mostly says yes.
pub(super) fn ask(simulation: &mut Simulation<'_>) -> Advance {
    let request_id = ReturnRequestId(simulation.id());
    let reason = simulation.words(words::RETURN);
    let requested_by = simulation.one_of(&[Party::Client, Party::Client, Party::CareProvider]);
    simulation.report(ReturnRequested { occurred_on: simulation.today, request_id, requested_by, reason })?;
    simulation.pass(3..18)?;
    if simulation.chance(0.1) {
        let reason = simulation.perhaps(words::RETURN);
        let occurred_on = simulation.today;
        return simulation.report(ReturnRequestWithdrawn { occurred_on, request_id, reason });
    }
    let granted = simulation.chance(0.8);
    let explanation = simulation.perhaps(words::WMO_TEST);
    simulation.report(LightWmoTestDone {
        occurred_on: simulation.today,
        request_id,
        granted,
        explanation,
    })?;
    if !granted {
        return Ok(());
    }
    simulation.pass(5..40)?;
    let to = simulation.one_of(&[
        ReturnPlace::ShelteredHousing,
        ReturnPlace::ShelteredHousing,
        ReturnPlace::Shelter,
    ]);
    simulation.report(ReturnedToShelter { occurred_on: simulation.today, request_id, to })
}
