//! When two lives hold one home.

use omklap_domain::holds::{Clash, HeldBy, Hold, Matter, Other};
use uuid::Uuid;

use crate::vocabulary::*;

#[test]
fn two_leases_never_have_a_day_in_common() {
    let mine = lease("2026-03-01", None);
    assert_eq!(mine.clash(&[let_to("2026-01-01", Some("2026-03-01"))], today()), None);
    assert_eq!(mine.clash(&[let_to("2026-01-01", Some("2026-03-02"))], today()), Some(Clash::Past));
    assert_eq!(mine.clash(&[let_to("2026-01-01", None)], today()), Some(Clash::Now));
}

#[test]
fn a_home_is_offered_to_one_client_at_a_time() {
    let mine = offer("2026-05-20", Some("2026-06-04"));
    assert_eq!(mine.clash(&[offered_to("2026-05-01", Some("2026-05-20"))], today()), None);
    assert_eq!(mine.clash(&[offered_to("2026-05-01", Some("2026-05-21"))], today()), Some(Clash::Past));
    assert_eq!(mine.clash(&[offered_to("2026-05-25", None)], today()), Some(Clash::Now));
}

#[test]
fn the_agreements_say_how_many_offers_a_home_has_at_once() {
    let others = [offered_to("2026-05-25", None), offered_to("2026-05-26", None)];
    let mine = |at_once| Hold { at_once, ..offer("2026-06-01", None) };
    assert_eq!(mine(2).clash(&others[..1], today()), None);
    assert_eq!(mine(2).clash(&others, today()), Some(Clash::Now));
    assert_eq!(mine(0).clash(&others, today()), None);
}

#[test]
fn a_home_with_a_tenant_is_offered_only_if_the_last_day_of_the_lease_is_known() {
    let mine = offer("2026-06-01", None);
    assert_eq!(mine.clash(&[let_to("2020-01-01", Some("2026-07-01"))], today()), None);
    assert_eq!(mine.clash(&[let_to("2020-01-01", None)], today()), Some(Clash::Now));
    let shared = Hold { at_once: 0, ..mine };
    assert_eq!(shared.clash(&[let_to("2020-01-01", None)], today()), Some(Clash::Now));
}

#[test]
fn a_lease_does_not_wait_for_an_offer_to_another_client() {
    assert_eq!(lease("2026-06-01", None).clash(&[offered_to("2026-05-25", None)], today()), None);
}

#[test]
fn an_offer_of_a_home_that_was_let_meanwhile_is_to_be_withdrawn() {
    let tenant = [let_to("2026-05-28", None)];
    let open = Hold { at_once: 0, ..offer("2026-05-25", None) };
    assert_eq!(open.matter(&tenant, today()), Some(Matter::LetElsewhere));
    let over = Hold { until: Some(code("2026-05-29")), ..open };
    assert_eq!(over.matter(&tenant, today()), None);
    assert_eq!(lease("2026-05-28", None).matter(&[offered_to("2026-05-25", None)], today()), None);
}

#[test]
fn what_both_held_is_disputed_whether_it_is_over_or_not() {
    let both = [
        (lease("2026-01-01", Some("2026-03-02")), let_to("2026-03-01", Some("2026-04-01"))),
        (lease("2026-01-01", None), let_to("2026-03-01", None)),
        (offer("2026-01-01", Some("2026-01-15")), offered_to("2026-01-10", Some("2026-01-24"))),
    ];
    for (mine, other) in both {
        assert_eq!(mine.matter(&[other], today()), Some(Matter::Disputed));
    }
}

// The words of these tests.

fn today() -> Day {
    code("2026-06-01")
}

fn held(what: HeldBy, since: &str, until: Option<&str>) -> Hold {
    Hold {
        opened_by: 1,
        corporation: code("stadswonen"),
        unit: code("VHE-00412"),
        complex: None,
        vacancy: None,
        what,
        id: Uuid::from_u128(1),
        since: code(since),
        until: until.map(code),
        at_once: 1,
        respond_by: None,
        let_in: None,
    }
}

fn lease(since: &str, until: Option<&str>) -> Hold {
    held(HeldBy::Lease, since, until)
}

fn offer(since: &str, until: Option<&str>) -> Hold {
    held(HeldBy::Offer, since, until)
}

fn let_to(since: &str, until: Option<&str>) -> Other {
    Other { what: HeldBy::Lease, since: code(since), until: until.map(code) }
}

fn offered_to(since: &str, until: Option<&str>) -> Other {
    Other { what: HeldBy::Offer, since: code(since), until: until.map(code) }
}
