//! The way back that is always open (S2 Assen).

use omklap_domain::ids::ReturnRequestId;
use omklap_domain::trajectory::fact::{
    LightWmoTestDone, Party, ReturnPlace, ReturnRequested, ReturnedToShelter,
};

use super::teller::{Teller, Told};
use super::words;

/// The client asks to come back; the municipality does the light test, and mostly says yes.
pub(super) fn ask(teller: &mut Teller<'_>) -> Told {
    let request_id = ReturnRequestId(teller.id());
    let reason = teller.words(words::RETURN);
    let requested_by = teller.one_of(&[Party::Client, Party::Client, Party::CareProvider]);
    teller.say(ReturnRequested { occurred_on: teller.today, request_id, requested_by, reason })?;
    teller.pass(3..18)?;
    let granted = teller.chance(0.8);
    let explanation = teller.perhaps(words::WMO_TEST);
    teller.say(LightWmoTestDone { occurred_on: teller.today, request_id, granted, explanation })?;
    if !granted {
        return Ok(());
    }
    teller.pass(5..40)?;
    let to =
        teller.one_of(&[ReturnPlace::ShelteredHousing, ReturnPlace::ShelteredHousing, ReturnPlace::Shelter]);
    teller.say(ReturnedToShelter { occurred_on: teller.today, request_id, to })
}
