//! A case is destroyed at the end of its retention term, with a certificate.

use std::fs;

use omklap_domain::visibility::Role;
use omklap_tests::{Answers, Case, Process, Receiver, files, sample_fact};
use serde_json::Value;

/// A case that began on this day and was withdrawn the day after.
fn withdrawn(ledger: &Process, on: &str, profiled: bool) -> Case {
    let intake = sample_fact("intake-registered").happening(on.parse().expect("a day"));
    let mut case = ledger.imports(&intake);
    case.days_later(1);
    if profiled {
        case.reports("outflow-profile-set");
    }
    case.reports(sample_fact("trajectory-ended").with("outcome", "withdrew"));
    case
}

/// Has everything that is recorded until now signed. A case file needs a signed checkpoint.
fn sign(case: &Case) {
    case.read_by(Role::CareProvider, &format!("{}/case-file", case.path())).with_status(200);
}

fn run(ledger: &Process, arguments: &[&str]) -> String {
    let output = ledger.omklap(arguments);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}

#[test]
fn a_receiver_of_a_case_is_sent_that_it_was_destroyed() {
    let ledger = Process::start_allowing("127.0.0.1");
    let [ours, theirs] = ["de-vaart", "another-provider"].map(|partner| {
        let receiver = Receiver::that_answers(Answers::With(204));
        let subscription = serde_json::json!({ "url": receiver.url() });
        ledger.post("/v1/subscriptions").by(partner).json(&subscription).answer().with_status(201);
        receiver
    });
    let long_ago = withdrawn(&ledger, "2004-01-05", false);
    let _ = ours.waits_for(2);
    sign(&long_ago);
    assert!(run(&ledger, &["retention", "run"]).contains("1 destroyed"));
    let message = ours.waits_for(3).pop().expect("three");
    assert_eq!(message.body["type"], "nl.omklap.trajectory-destroyed.v1");
    assert_eq!(message.body["subject"], *long_ago.id);
    assert_eq!(message.body["dataref"], Value::Null, "there is nothing left to read");
    let dump = ledger.dump();
    let attempts = dump.split("COPY public.delivery_attempts (").nth(1).expect("the table of attempts");
    let of_case =
        attempts.lines().take_while(|line| *line != "\\.").filter(|line| line.contains(&long_ago.id));
    assert!(of_case.count() <= 1, "the attempts do not show when something happened in the case");
    assert!(theirs.arrived().is_empty(), "no other partner is sent anything");
}

#[test]
fn a_case_is_destroyed_when_its_term_has_passed() {
    let ledger = Process::start();
    let long_ago = withdrawn(&ledger, "2004-01-05", true);
    let within_15_years = withdrawn(&ledger, "2020-01-06", true);
    let application = withdrawn(&ledger, "2025-01-06", false);
    let mut running = ledger.opens("intake-registered");

    let due = run(&ledger, &["retention", "run", "--dry-run"]);
    assert!(due.contains(&long_ago.id) && due.contains(&application.id), "{due}");
    assert!(!due.contains(&within_15_years.id) && !due.contains(&running.id), "{due}");
    assert_eq!(long_ago.timeline().len(), 3, "nothing was done");

    sign(&running);
    let hashes: Vec<Value> = long_ago.timeline().iter().map(|entry| entry["hash"].clone()).collect();
    let done = run(&ledger, &["retention", "run"]);
    assert!(done.contains("2 destroyed"), "{done}");
    for (case, status) in [(&long_ago, 404), (&application, 404), (&within_15_years, 200), (&running, 200)] {
        ledger.get(&case.path()).answer().with_status(status);
    }
    assert_shown_as_destroyed(&ledger, [&long_ago, &application]);
    assert_certified(&ledger, &long_ago, &hashes);
    assert_certificate_verifies(&ledger, &long_ago);
    assert_only_certificate_and_log_left(&ledger, &long_ago);
    assert_consistent(&ledger, &mut running);
    assert!(run(&ledger, &["retention", "run"]).contains("0 destroyed"));
}

/// Asserts that the feed shows a partner with access only that the cases were destroyed, and shows
/// other partners nothing.
fn assert_shown_as_destroyed(ledger: &Process, cases: [&Case; 2]) {
    let feed_of = |partner: &str| ledger.get("/v1/feed").by(partner).answer().with_status(200).body;
    let feed = feed_of("de-vaart");
    let items = feed["items"].as_array().expect("items");
    for case in cases {
        let of_case = items.iter().filter(|item| item["trajectoryId"] == *case.id);
        let kinds: Vec<_> = of_case.map(|item| item["type"].clone()).collect();
        assert_eq!(kinds, ["trajectory-destroyed"], "nothing else is shown of it");
    }
    assert_eq!(feed_of("another-provider")["items"], Value::Array(Vec::new()));
}

/// Asserts that the certificate of a case names the rule, the version and every destroyed event.
fn assert_certified(ledger: &Process, case: &Case, hashes: &[Value]) {
    let certificate = run(ledger, &["retention", "certificate", &case.id]);
    let certificate: Value = serde_json::from_str(certificate.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&certificate["rule"], &certificate["version"]), (&"provision-ended".into(), &3.into()));
    let events = certificate["events"].as_array().expect("events");
    assert!(hashes.iter().all(|hash| events.iter().any(|event| event["hash"] == *hash)), "{certificate}");
}

/// Asserts that the commands of docs/AUDIT.md verify the certificate of a case.
fn assert_certificate_verifies(ledger: &Process, case: &Case) {
    let checked = ledger.shell(&format!(
        "CASE={}; KEY=$(omklap ledger-key | head -1)
         omklap retention certificate \"$CASE\" --out certificate.json
         omklap-verify certificate.json --key \"$KEY\"",
        case.id
    ));
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(
        checked.status.success() && said.starts_with("AS RECORDED\nfile ") && said.contains("\ndestroyed "),
        "{checked:?}"
    );
    let term = "(provision-ended: ended 2004-01-08, kept until 2019-01-08)\nevents      3 destroyed";
    assert!(said.contains(term), "{said}");
}

/// Asserts that a full check finds no differences, before and after later events are signed. It
/// covers chains, read models, the registry, the access log, the tree, and the checkpoints inside and
/// outside the database.
fn assert_consistent(ledger: &Process, running: &mut Case) {
    for _ in 0..2 {
        let checked = run(ledger, &["check", "--all"]);
        assert_eq!(checked.matches(" 0 differences").count(), 4, "{checked}");
        running.reports("privacy-explained");
        sign(running);
    }
}

fn assert_only_certificate_and_log_left(ledger: &Process, case: &Case) {
    let dump = ledger.dump();
    let left: Vec<_> = dump.lines().filter(|line| line.contains(&case.id)).collect();
    assert!(!left.is_empty(), "its certificate and its access log");
    for line in left {
        let logged = line.contains('{') && line.contains("omklap\t") || line.contains("de-vaart");
        assert!(line.starts_with("destruction\t") || logged, "{line}");
    }
}

#[test]
fn no_key_of_a_destroyed_case_is_left_in_the_files_of_the_database() {
    let mut ledger = Process::start();
    let gone = withdrawn(&ledger, "2004-01-05", true);
    let stays = ledger.opens("intake-registered");
    let [key, other] = [&gone, &stays].map(|case| wrapped_key(&ledger.dump(), case));
    assert!(run(&ledger, &["retention", "run"]).contains("1 destroyed"));
    assert!(ledger.stop(), "the server stops, and PostgreSQL writes everything to its files");
    let tables = ledger.directory().join("data/postgres/cluster/base");
    let holds = |key: &[u8]| {
        files(&tables)
            .iter()
            .any(|file| fs::read(file).unwrap_or_default().windows(key.len()).any(|bytes| bytes == key))
    };
    assert!(holds(&other), "the search finds a key that exists");
    assert!(!holds(&key), "the key of the destroyed case is in the files");
}

/// The wrapped key of a case, from a dump.
fn wrapped_key(dump: &str, case: &Case) -> Vec<u8> {
    let rows = dump.split("COPY keys.data_keys (").nth(1).expect("the table of keys");
    let row = rows.lines().find_map(|line| line.strip_prefix(&format!("{}\t\\\\x", case.id)));
    let hex = row.expect("the case has a key");
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn a_legal_hold_keeps_a_case() {
    let ledger = Process::start();
    let case = withdrawn(&ledger, "2004-01-05", true);
    run(&ledger, &["retention", "hold", &case.id, "--ground", "complaint", "--reference", "dms:2026/7"]);
    let kept = run(&ledger, &["retention", "run"]);
    assert!(kept.contains("0 destroyed, 1 kept"), "{kept}");
    let erased = ledger.omklap(&["subject", "erase", &case.id, "--ground", "objected"]);
    assert!(!erased.status.success(), "a case under a legal hold is not erased either");
    run(&ledger, &["retention", "release", &case.id]);
    assert!(run(&ledger, &["retention", "run"]).contains("1 destroyed"));
}
