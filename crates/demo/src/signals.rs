//! Somebody is worried, and somebody answers.

use omklap_domain::ids::SignalId;
use omklap_domain::trajectory::fact::{
    GuidanceScaled, Party, SignalAnswered, SignalKind, SignalReported, SignalSource,
};

use super::profile::guidance_level;
use super::simulation::{Advance, Simulation};
use super::words;

const SOURCES: &[SignalSource] = &[
    SignalSource::Corporation,
    SignalSource::CareProvider,
    SignalSource::Client,
    SignalSource::Family,
    SignalSource::Neighbour,
    SignalSource::Municipality,
    SignalSource::Police,
    SignalSource::Caretaker,
    SignalSource::Craftsman,
];

const ASKED: &[Party] =
    &[Party::CareProvider, Party::CareProvider, Party::HousingCorporation, Party::Municipality];

/// What signals are about, and what is seen.
const SEEN: &[(SignalKind, &[&str])] = &[
    (SignalKind::Health, words::SIGNAL_HEALTH),
    (SignalKind::Loneliness, words::SIGNAL_LONELINESS),
    (SignalKind::Home, words::SIGNAL_HOME),
    (SignalKind::Rent, words::SIGNAL_RENT),
    (SignalKind::Other, words::SIGNAL_OTHER),
];

/// A signal; what follows from it comes in the days after.
pub(super) fn report(simulation: &mut Simulation<'_>) -> Advance {
    let signal_id = SignalId(simulation.id());
    let (kind, seen) = simulation.one_of(SEEN);
    let asks_for_guidance = simulation.chance(0.2);
    let signal = SignalReported {
        occurred_on: simulation.today,
        signal_id,
        source: simulation.one_of(SOURCES),
        kind,
        asked: simulation.one_of(ASKED),
        asks_for_guidance,
        observation: simulation.words(seen),
    };
    simulation.report(signal)?;
    answer(simulation, signal_id);
    if asks_for_guidance {
        scale_guidance(simulation, signal_id);
    }
    Ok(())
}

/// Mostly within two working days; a few are never answered.
fn answer(simulation: &mut Simulation<'_>, signal_id: SignalId) {
    if simulation.chance(0.93) {
        let answer = simulation.words(words::ANSWERS);
        let within = if simulation.chance(0.85) { 0..3 } else { 4..15 };
        simulation.later(within, |on| SignalAnswered { occurred_on: on, signal_id, answer });
    }
}

fn scale_guidance(simulation: &mut Simulation<'_>, signal_id: SignalId) {
    let level = guidance_level(simulation, &[3, 4]);
    let reason = simulation.perhaps(words::SCALED);
    simulation.later(1..8, |on| GuidanceScaled {
        occurred_on: on,
        level,
        signal_id: Some(signal_id),
        reason,
    });
}
