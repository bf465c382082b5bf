//! Several servers on one ledger are one ledger.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Api, Case, Process};

#[test]
fn a_fact_recorded_by_one_server_is_shown_by_another_at_once() {
    let mut ledger = Process::start();
    let other = ledger.start_another();
    let mut case = ledger.ready();
    for api in [&other, &*ledger, &other] {
        case = case.on_server(api);
        case.reports("consent-given");
        assert_eq!(case.on_server(&ledger).state(), case.on_server(&other).state());
    }
    let texts = case.on_server(&other).timeline();
    assert_eq!(texts[0]["fact"]["clientName"], "Sam de Boer");
}

#[test]
fn a_partner_that_is_put_out_is_out_on_every_server_within_ten_seconds() {
    let mut ledger = Process::start();
    let other = ledger.start_another();
    let ask = || other.get("/v1/trajectories").answer();
    let _ = ask().with_status(200);
    assert!(ledger.omklap(&["partner", "disable", "de-vaart"]).status.success());
    let began = Instant::now();
    while ask().status != 403 {
        assert!(began.elapsed() < Duration::from_secs(11), "it still has access");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn two_servers_do_not_both_record_on_one_version() {
    let mut ledger = Process::start();
    let other = ledger.start_another();
    let mut case = ledger.ready();
    for _ in 0..10 {
        let mut statuses = at_once(&case, [&ledger, &other], None);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 412]);
        case.read_again();
    }
}

#[test]
fn a_key_is_known_to_every_server() {
    let mut ledger = Process::start();
    let other = ledger.start_another();
    let case = ledger.ready();
    for round in 0..10 {
        let key = format!("round-{round}");
        assert_eq!(at_once(&case, [&ledger, &other], Some(&key)), [201, 201]);
    }
    assert_eq!(case.timeline().len(), 13);
}

/// Sends the same report to two servers at the same moment: on the version of the case, or on any
/// version under this key.
fn at_once(case: &Case, servers: [&Api; 2], key: Option<&str>) -> Vec<u16> {
    let start = Barrier::new(2);
    let fact = case.next("consent-given");
    let report = |server: &Api| {
        let request = case.on_server(server).reporting(&fact);
        let request = if let Some(key) = key { request.seen("*").once(key) } else { request };
        start.wait();
        request.answer().status
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| report(servers[1]));
        vec![report(servers[0]), other.join().expect("an answer")]
    })
}
