//! Somebody is worried, and somebody answers.

use omklap_domain::ids::SignalId;
use omklap_domain::trajectory::fact::{
    GuidanceScaled, Party, SignalAnswered, SignalKind, SignalReported, SignalSource,
};

use super::profile::guidance_level;
use super::teller::{Teller, Told};
use super::words;

const SOURCES: &[SignalSource] = &[
    SignalSource::Corporation,
    SignalSource::CareProvider,
    SignalSource::Client,
    SignalSource::Family,
    SignalSource::Neighbour,
    SignalSource::Municipality,
    SignalSource::Police,
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
pub(super) fn report(teller: &mut Teller<'_>) -> Told {
    let signal_id = SignalId(teller.id());
    let (kind, seen) = teller.one_of(SEEN);
    let asks_for_guidance = teller.chance(0.2);
    let signal = SignalReported {
        occurred_on: teller.today,
        signal_id,
        source: teller.one_of(SOURCES),
        kind,
        asked: teller.one_of(ASKED),
        asks_for_guidance,
        observation: teller.words(seen),
    };
    teller.say(signal)?;
    answer(teller, signal_id);
    if asks_for_guidance {
        scale_guidance(teller, signal_id);
    }
    Ok(())
}

/// Mostly within two working days; a few are never answered.
fn answer(teller: &mut Teller<'_>, signal_id: SignalId) {
    if teller.chance(0.93) {
        let answer = teller.words(words::ANSWERS);
        let within = if teller.chance(0.85) { 0..3 } else { 4..15 };
        teller.later(within, |on| SignalAnswered { occurred_on: on, signal_id, answer });
    }
}

fn scale_guidance(teller: &mut Teller<'_>, signal_id: SignalId) {
    let level = guidance_level(teller, &[3, 4]);
    let reason = teller.perhaps(words::SCALED);
    teller.later(1..8, |on| GuidanceScaled { occurred_on: on, level, signal_id: Some(signal_id), reason });
}
