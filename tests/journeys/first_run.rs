//! `make run` starts a server that reports the demo cases to its own ledger.

use omklap_tests::Process;

/// Starts a second server as `make run` does, reads its output until the last demo case is
/// reported, and stops it.
const RUN: &str = r#"
export OMKLAP_DATA=$PWD/another OMKLAP_LOG=info
coproc RUN { exec omklap serve --demo 2> log; }
head -n 16 <&"${RUN[0]}"
server=$RUN_PID
kill "$server"
wait "$server"
"#;

#[test]
fn a_server_that_is_asked_to_reports_the_demo_cases_to_its_own_ledger_and_logs_nothing_of_it() {
    let beside = Process::start();
    let ran = beside.shell(RUN);
    let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
    let log = std::fs::read_to_string(beside.directory().join("log")).expect("a log");
    assert!(ran.status.success(), "{printed}{log}");
    assert_eq!(printed.lines().count(), 16, "{printed}{log}");
    assert!(printed.starts_with("01900000-0000-7000-8000-000000000001 01-rachel"), "{printed}");
    assert!(!log.contains("WARN") && !log.contains("request{"), "{log}");
    assert_eq!(trajectories(&beside), 0, "the other server's ledger is left alone");
}

#[test]
fn an_address_that_is_taken_is_noticed_before_anything_is_sent_there() {
    let (there, beside) = (Process::start(), Process::start());
    let listen = there.address().to_string();
    let refused = beside.omklap(&["serve", "--demo", "--listen", &listen]);
    assert!(!refused.status.success());
    let complaint = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(complaint.contains(&format!("cannot listen on {listen}")), "{complaint}");
    assert_eq!(trajectories(&there), 0);
}

#[test]
fn an_address_that_is_taken_is_noticed_before_anything_is_made() {
    let there = Process::start();
    let taken = there.address().to_string();
    for (settings, why) in [
        (format!("OMKLAP_LISTEN={taken}"), format!("cannot listen on {taken}")),
        (format!("OMKLAP_METRICS_LISTEN={taken}"), format!("metrics_listen: cannot listen on {taken}")),
        (format!("OMKLAP_METRICS_LISTEN={taken} OMKLAP_LISTEN={taken}"), format!("cannot listen on {taken}")),
        (
            "OMKLAP_TLS_CERTIFICATE_FILE=nowhere.pem OMKLAP_TLS_KEY_FILE=nowhere.key".into(),
            "nowhere.pem".into(),
        ),
    ] {
        let ran = there.shell(&format!("{settings} OMKLAP_DATA=$PWD/fresh omklap serve"));
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(1), "{settings}: {said}");
        assert!(said.contains(&why), "{settings}: {said}");
        assert!(!there.directory().join("fresh").exists(), "{settings}: no folder, no key, no database");
    }
}

#[test]
fn the_demo_is_reported_again_without_any_key_and_nothing_is_doubled() {
    let ledger = Process::start();
    let demo = ledger.shell("omklap demo\nomklap demo");
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let printed = String::from_utf8_lossy(&demo.stdout).into_owned();
    let lines: Vec<_> = printed.lines().collect();
    let (first, again) = lines.split_at(lines.len() / 2);
    assert!(first.len() > 16, "every story is named");
    assert_eq!(first, again);
    assert_eq!(trajectories(&ledger), first.len(), "nothing is doubled");
}

#[test]
fn a_proxy_in_the_environment_is_not_asked_for_a_server_on_this_machine() {
    let ledger = Process::start();
    let demo = ledger.shell("export http_proxy=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9\nomklap demo");
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
}

fn trajectories(ledger: &Process) -> usize {
    let page =
        ledger.get("/v1/trajectories?limit=100").by("matching-point").in_role("matching-point").answer();
    page.with_status(200).body["items"].as_array().expect("a page").len()
}
