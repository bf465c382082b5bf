//! An id in a command or a path never leads to a file or to another resource.

use omklap_tests::{Ledger, Process, files};
use serde_json::json;

#[test]
fn a_path_is_no_way_out_of_the_folder() {
    let ledger = Process::start();
    let case = ledger.preparing();
    // A name that no other file in the surrounding folders has.
    let name = format!("out-{}", case.id);
    for id in [
        format!("../../{name}"),
        format!("%2e%2e%2f%2e%2e%2f{name}"),
        std::env::temp_dir().join(&name).display().to_string(),
        format!("{}/../../{name}", case.id),
        "..".to_owned(),
        String::new(),
    ] {
        for command in [
            vec!["export", &id],
            vec!["export", &id, "--case-file"],
            vec!["export", &id, "--out", &name],
            vec!["import", &id],
            vec!["subject", "export", &id, "--to", &name],
        ] {
            let output = ledger.omklap(&command);
            assert!(!output.status.success() && output.stdout.is_empty(), "{command:?}");
        }
    }
    let written = ["", "..", "../.."].map(|folder| ledger.directory().join(folder).join(&name).exists());
    assert_eq!(written, [false; 3]);
}

#[test]
fn a_folder_that_leads_elsewhere_is_not_written_to() {
    let ledger = Process::start();
    let case = ledger.preparing();
    let (elsewhere, link) = (ledger.directory().join("elsewhere"), ledger.directory().join("link"));
    std::fs::create_dir(&elsewhere).expect("a folder");
    std::os::unix::fs::symlink(&elsewhere, &link).expect("a link");
    for to in ["link", "elsewhere", "elsewhere/../link"] {
        let output = ledger.omklap(&["subject", "export", &case.id, "--to", to]);
        assert!(!output.status.success(), "{to}");
    }
    assert!(files(&elsewhere).is_empty());
    assert!(ledger.omklap(&["subject", "export", &case.id, "--to", "elsewhere/new"]).status.success());
    assert_eq!(files(&elsewhere).len(), 3);
}

#[test]
fn a_path_of_the_api_leads_nowhere_else() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    for path in [
        "/v1/trajectories/..%2f..%2fetc/events",
        "/v1/trajectories/..%2F..%2Fetc%2Fpasswd",
        "/v1/trajectories/%2e%2e",
        "/v1/trajectories/%2e%2e/%2e%2e/health/live",
        "/v1/trajectories/../organisations",
        "/v1/trajectories/..%5c..%5cetc/events",
        "/v1/trajectories/%00/events",
        "/v1/organisations/..%2f..",
        "/v1/organisations/%2e%2e",
        "/v1/subscriptions/..%2f../deliveries",
        "/v1/regions/..%2f../figures",
        "/v1/docs/..%2f..%2fCargo.toml",
        "/v1/docs/../../../etc/passwd",
        "/problems/..%2f..%2fetc%2fpasswd",
        &format!("/v1/trajectories/{}%2fevents", case.id),
        &format!("/v1/trajectories/{}/..%2f..%2forganisations", case.id),
    ] {
        let status = status_at(&ledger, path, &ledger.token_claiming(&json!({})));
        // A path for administrators is refused to other callers before it is looked up.
        let status = if status == "403" { status_at(&ledger, path, &ledger.administrator()) } else { status };
        assert!(["400", "404"].contains(&status.as_str()), "{path} leads to {status}");
    }
    assert_eq!(status_at(&ledger, &case.path(), &ledger.token_claiming(&json!({}))), "200");
}

/// The status of the answer at exactly this path, which no HTTP client has normalised.
fn status_at(ledger: &Ledger, path: &str, token: &str) -> String {
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    ledger.send_raw(head.as_bytes()).split(' ').nth(1).unwrap_or_default().to_owned()
}
