//! `kill -9` at any moment loses no acknowledged fact and leaves no report half recorded.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Api, Case, Process, eventually};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

/// What the server asks the database, again and again, while somebody waits for news.
const LOOKS_UP_THE_END: &str = "settled_position()";

#[test]
fn no_acknowledged_fact_is_lost_when_the_server_is_killed() {
    let mut ledger = Process::start();
    let mut moments = StdRng::seed_from_u64(2);
    let mut partners: Vec<_> = (0..4).map(|number| Partner::new(number, &ledger)).collect();
    for _ in 0..4 {
        let moment = Duration::from_millis(moments.random_range(100..900));
        under_load(&mut partners, moment, || ledger.kill());
        ledger.restart();
        for partner in &mut partners {
            partner.finds_everything(&ledger);
        }
    }
    assert_consistent(&ledger);
}

#[test]
fn no_acknowledged_fact_is_lost_when_postgresql_is_killed() {
    let ledger = Process::start();
    let mut moments = StdRng::seed_from_u64(3);
    let mut partners: Vec<_> = (0..4).map(|number| Partner::new(number, &ledger)).collect();
    for _ in 0..3 {
        let moment = Duration::from_millis(moments.random_range(100..900));
        under_load(&mut partners, moment, || ledger.kill_postgresql());
        for partner in &mut partners {
            partner.finds_everything(&ledger);
        }
    }
    assert_consistent(&ledger);
}

#[test]
fn a_server_that_is_stopped_finishes_its_requests() {
    let mut ledger = Process::start();
    let mut partners: Vec<_> = (0..4).map(|number| Partner::new(number, &ledger)).collect();
    under_load(&mut partners, Duration::from_millis(500), || assert!(ledger.stop()));
    assert!(!ledger.log().contains("not signed"), "what was recorded last is signed before it ends");
    ledger.restart();
    for partner in &mut partners {
        partner.finds_everything(&ledger);
    }
    assert_consistent(&ledger);
}

#[test]
fn a_waiting_feed_request_is_answered_when_the_server_stops() {
    let mut ledger = Process::start();
    let _ = ledger.opens("intake-registered");
    let page = ledger.get("/v1/feed").answer().with_status(200).body;
    let waits = ledger.get(&format!("/v1/feed?wait=60s&after={}", page["next"].as_str().expect("a cursor")));
    let looks = || ledger.log().matches(LOOKS_UP_THE_END).count();
    let before = looks();
    let waiting = thread::spawn(move || waits.answer());
    eventually(|| looks() > before + 10);
    let stopped = Instant::now();
    assert!(ledger.stop());
    assert!(stopped.elapsed() < Duration::from_secs(20), "long before the wait was over");
    let answer = waiting.join().expect("answered").with_status(200);
    assert_eq!(answer.body["items"], json!([]));
    ledger.restart();
    let next = answer.body["next"].as_str().expect("a cursor");
    let _ = ledger.get(&format!("/v1/feed?after={next}")).answer().with_status(200);
}

fn assert_consistent(ledger: &Process) {
    let checked = ledger.omklap(&["check", "--all"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// All partners report until something happens at this moment.
fn under_load(partners: &mut [Partner], moment: Duration, happens: impl FnOnce()) {
    let enough = AtomicBool::new(false);
    thread::scope(|scope| {
        for partner in partners {
            scope.spawn(|| partner.reports_until(&enough));
        }
        thread::sleep(moment);
        happens();
        enough.store(true, Ordering::Relaxed);
    });
}

/// A partner that reports on a case of its own and remembers what was acknowledged.
struct Partner {
    case: Case,
    name: usize,
}

impl Partner {
    fn new(name: usize, api: &Api) -> Self {
        Self { case: api.preparing(), name }
    }

    fn reports_until(&mut self, enough: &AtomicBool) {
        while !enough.load(Ordering::Relaxed) && self.reports() {}
    }

    /// Reports three facts at once, under a new key. Returns whether they were acknowledged.
    fn reports(&mut self) -> bool {
        let key = format!("partner-{}-after-{}", self.name, self.case.version);
        let facts = Value::from(vec![self.case.next("consent-given"); 3]);
        match self.case.reporting(&facts).once(&key).try_answer() {
            Ok(answer) if answer.status == 201 => {
                assert_eq!(answer.body["version"], self.case.version + 3, "all three or none");
                self.case.update_version(&answer);
                true
            }
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", answer.text);
                false
            }
            Err(_) => false,
        }
    }

    /// Repeats the report that was not acknowledged until it is. Then asserts that every fact is
    /// recorded once.
    fn finds_everything(&mut self, api: &Api) {
        self.case = self.case.on_server(api);
        let answered = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            self.reports()
        });
        assert!(answered, "the ledger comes back");
        assert_eq!(self.case.state()["version"], self.case.version);
        let numbers: Vec<_> =
            self.case.timeline().iter().filter_map(|entry| entry["sequence"].as_u64()).collect();
        assert_eq!(numbers, (1..=self.case.version).collect::<Vec<_>>());
    }
}
