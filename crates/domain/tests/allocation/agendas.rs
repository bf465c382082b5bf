//! Why a client is on the agenda of a round.

use omklap_domain::allocation::agenda::{AgendaPoint, AtTheRound, points};
use omklap_domain::seekers::{Certainty, OpenOffer, Seeker, Stuck};
use omklap_domain::trajectory::Phase;
use omklap_domain::trajectory::fact::Bottleneck;

use crate::words::code;

#[test]
fn a_request_is_new_if_it_was_made_since_the_last_round() {
    let at = |requested: &str, since: Option<&str>| {
        let at = AtTheRound { requested_on: Some(code(requested)), fits: true };
        points(&ready(), at, since.map(code)).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(at("2026-02-27", Some("2026-02-26")), [AgendaPoint::NewRequest]);
    assert_eq!(at("2026-02-26", Some("2026-02-26")), [AgendaPoint::NewRequest], "on its day, after it");
    assert_eq!(at("2026-02-25", Some("2026-02-26")), []);
    assert_eq!(at("2020-01-01", None), [AgendaPoint::NewRequest], "there was no round before");
}

#[test]
fn a_client_with_a_corporation_and_an_older_request_is_an_earlier_transfer() {
    let assigned = Seeker { corporation: Some(code("stadswonen")), ..ready() };
    let of = |requested: &str| points(&assigned, at(requested), Some(code("2026-02-26")));
    assert_eq!(of("2026-02-01"), [AgendaPoint::EarlierTransfer].into());
    assert_eq!(of("2026-03-01"), [AgendaPoint::NewRequest].into());
}

#[test]
fn a_client_who_is_stuck_or_for_whom_no_home_fits_is_on_the_agenda() {
    let since = Some(code("2026-02-26"));
    let stuck = Stuck { on: Bottleneck::Debts, since: code("2026-02-05") };
    let stuck = Seeker { stuck: Some(stuck), ..ready() };
    assert_eq!(points(&stuck, at("2026-02-01"), since), [AgendaPoint::Stuck].into());
    let none = AtTheRound { fits: false, ..at("2026-02-01") };
    assert_eq!(points(&ready(), none, since), [AgendaPoint::NoHomeFits].into());
    let expected = Seeker { certainty: Some(Certainty::Announced), ..ready() };
    assert_eq!(points(&expected, none, since), [].into(), "not ready yet");
    let id = omklap_domain::ids::OfferId(uuid::Uuid::nil());
    let offered = Seeker { offer: Some(OpenOffer { id, respond_by: None, accepted: false }), ..ready() };
    assert_eq!(points(&offered, none, since), [].into(), "an offer is open");
}

// The words of these tests.

fn at(requested: &str) -> AtTheRound {
    AtTheRound { requested_on: Some(code(requested)), fits: true }
}

fn ready() -> Seeker {
    Seeker {
        phase: Phase::Ready,
        certainty: Some(Certainty::Sure),
        day: code("2026-01-15"),
        corporation: None,
        offer: None,
        offers_used: 0,
        stuck: None,
        needs: None,
    }
}
