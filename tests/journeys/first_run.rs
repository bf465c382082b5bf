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

/// Starts a server as `make run` does, types the three lines that it prints, and stops it.
const TAMPER: &str = r#"
export OMKLAP_DATA=$PWD/changed
omklap serve --demo --listen 127.0.0.1:0 > stories 2> log &
server=$!
for tick in $(seq 3000); do grep -q 'starts over' log && break; kill -0 "$server"; sleep 0.1; done
grep -A3 'let omklap name the row' log | tail -n 3 > lines
cat lines
omklap check
bash -eu lines || echo "exit code $?"
kill "$server"
wait "$server"
"#;

#[test]
fn the_three_printed_lines_change_a_recorded_row_and_the_check_names_it() {
    let beside = Process::start();
    let programs = beside.programs_of_postgresql();
    let ran = beside.shell(&format!("export PATH={}:$PATH\n{TAMPER}", programs.display()));
    let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
    let log = std::fs::read_to_string(beside.directory().join("log")).expect("a log");
    assert!(ran.status.success(), "{printed}{}{log}", String::from_utf8_lossy(&ran.stderr));
    let (before, after) = printed.split_once("UPDATE 1").expect("one row was changed");
    assert!(!before.contains("0000-7000-8000-000000000001"), "nothing was wrong: {printed}");
    assert!(after.contains("01900000-0000-7000-8000-000000000001"), "the case is named: {printed}");
    assert!(after.contains("exit code 1"), "{printed}");
}

/// A page of the documents on a development server needs no token of its own.
#[test]
fn swagger_ui_of_a_development_server_gets_a_token_that_the_api_accepts() {
    let ledger = Process::start();
    let script = ledger.get("/v1/docs/swagger-initializer.js").anonymous().answer().with_status(200).text;
    let (_, request) = script.split_once("URLSearchParams({ ").expect("the request");
    let (request, _) = request.split_once(" })").expect("the end of it");
    let fields = request.split(", ").map(|field| field.replace(": ", "=").replace('"', ""));
    let form = fields.collect::<Vec<_>>().join("&");
    let ran = ledger.shell(&format!("curl -sf \"$OMKLAP_SERVER/development/token\" -d '{form}'"));
    let answer: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("a token");
    let token = answer["access_token"].as_str().expect("a token");
    let lines = format!(
        "omklap partner add cosis --kind care-provider --region assen --client cosis --role guide --purpose guidance >&2
         curl -s \"$OMKLAP_SERVER/v1/me\" -H 'Authorization: Bearer {token}'"
    );
    let me = ledger.shell(&lines);
    let said = String::from_utf8_lossy(&me.stdout).into_owned();
    assert!(said.contains(r#""role":"guide""#), "{said} {}", String::from_utf8_lossy(&me.stderr));
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
