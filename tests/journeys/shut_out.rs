//! A caller that loses the right to an answer while it waits does not get the answer.

use std::thread;
use std::time::Duration;

use omklap_tests::{Answer, Api, Case, Ledger, Process};
use reqwest::Method;
use serde_json::{Value, json};

/// For this long a server relies on the access that it read when the request came in. Before a
/// later answer it reads the access again. The journey really has to wait for this time.
const RELIED_ON: Duration = Duration::from_secs(1);

#[test]
fn a_program_that_is_disabled_while_it_waits_receives_nothing_more() {
    let ledger = Ledger::empty();
    for (changed, problem) in [
        (json!({"disabled": true}), "client-not-admitted"),
        (json!({"clients": []}), "client-not-admitted"),
        (
            json!({"clients": [{"clientId": "stadswonen", "roles": ["nuisance-officer"]}]}),
            "role-not-admitted",
        ),
        (json!({"regions": ["eindhoven"]}), "unavailable"),
    ] {
        registers(&ledger, &json!({}));
        let mut case = ledger.housed();
        let answer = waits_while(&ledger, &mut case, |case| {
            ledger.until_waiting(1);
            registers(&ledger, &changed);
            case.reports("rent-missed");
        });
        assert_eq!(answer.problem(), problem, "{changed}: {}", answer.text);
        assert!(!answer.text.contains(&case.id), "{}", answer.text);
    }
}

#[test]
fn a_token_that_expires_during_a_wait_brings_nothing_more() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let answer = waits_while(&ledger, &mut case, |case| {
        ledger.until_waiting(1);
        ledger.minutes_pass(61);
        case.reports("rent-missed");
    });
    assert_eq!(answer.with_status(401).errors(), [("token-expired", "Authorization")]);
}

#[test]
fn a_program_that_is_disabled_at_another_server_receives_nothing_more_either() {
    let mut ledger = Process::start();
    let another = ledger.start_another();
    let mut case = ledger.housed();
    registers(&ledger, &json!({}));
    let answer = waits_while(&ledger, &mut case, |case| {
        thread::sleep(RELIED_ON + Duration::from_millis(200));
        registers(&another, &json!({"disabled": true}));
        case.reports("rent-missed");
    });
    assert_eq!(answer.with_status(403).problem(), "client-not-admitted");
}

#[test]
fn a_caller_that_keeps_its_rights_is_answered_at_once() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    registers(&ledger, &json!({}));
    let answer = waits_while(&ledger, &mut case, |case| {
        ledger.until_waiting(1);
        registers(&ledger, &json!({"name": "Stadswonen & Co"}));
        case.reports("rent-missed");
    });
    assert_eq!(answer.with_status(200).body["items"][0]["trajectoryId"], *case.id);
}

// The words of these journeys.

/// The answer to a corporation that waits for news while this happens.
fn waits_while(api: &Api, case: &mut Case, happens: impl FnOnce(&mut Case) + Send) -> Answer {
    let follows = |query: &str| {
        let request = api.get(&format!("/v1/feed?{query}")).by("stadswonen").in_role("housing-corporation");
        request.answer()
    };
    let mut end = follows("limit=1000").with_status(200).body["next"].clone();
    while follows(&format!("limit=1000&after={}", text(&end))).body["more"] == true {
        end = follows(&format!("limit=1000&after={}", text(&end))).body["next"].clone();
    }
    thread::scope(|scope| {
        scope.spawn(|| happens(case));
        follows(&format!("wait=30s&after={}", text(&end)))
    })
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Registers the corporation with these changes.
fn registers(api: &Api, changed: &Value) {
    let mut organisation = json!({
        "kind": "housing-corporation", "name": "Stadswonen", "regions": ["amsterdam"],
        "clients": [{"clientId": "stadswonen", "roles": ["housing-corporation", "nuisance-officer"]}],
    });
    for (name, value) in changed.as_object().expect("fields") {
        organisation[name] = value.clone();
    }
    let request = api.request(Method::PUT, "/v1/organisations/stadswonen").seen("*");
    let answer = request.with_token(&api.administrator()).json(&organisation).answer();
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
}
