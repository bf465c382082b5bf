//! The case of somebody who is about to lose a home (S2, Den Haag).

use jiff::civil::date;
use omklap_tests::{Ledger, sample_fact};
use serde_json::{Value, json};

#[test]
fn a_corporation_or_a_municipality_opens_the_case_and_the_provider_goes_on_with_it() {
    for (role, organisation, sees_it) in
        [("housing-corporation", "stadswonen", false), ("wmo-consultant", "gemeente-amsterdam", true)]
    {
        let ledger = Ledger::empty();
        let intake = |origin: &str| {
            sample_fact("intake-registered").with("origin", origin).happening(date(2026, 10, 1))
        };
        let opens = |origin: &str| {
            // With the scope for imports it could hand in a whole history of all parties.
            let opening = ledger.post("/v1/trajectories").by(organisation).in_role(role);
            opening.with_scopes("trajectories:read trajectories:report").json(&intake(origin)).answer()
        };
        let refused = opens("sheltered-housing").with_status(403);
        assert_eq!(refused.problem(), "not-yours-to-report");
        assert_eq!(refused.errors(), [("speaks-for-another", "/origin")]);
        let opened = opens("home-at-risk").with_status(201);
        let path = format!("/v1/trajectories/{}", opened.body["trajectoryId"].as_str().expect("an id"));
        let own = ledger.get(&path).by(organisation).in_role(role).answer();
        assert_eq!(own.status, if sees_it { 200 } else { 404 }, "{role}: {}", own.text);
        let provider = ledger.get(&path).answer().with_status(200);
        assert_eq!(provider.body["phase"], "preparing");
    }
}

#[test]
fn the_corporation_that_referred_the_client_follows_the_case_until_there_is_a_home() {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered")
        .with("origin", "home-at-risk")
        .with("referredBy", "haag-wonen")
        .happening(date(2026, 10, 1));
    let opens = |organisation: &str| {
        let opening = ledger.post("/v1/trajectories").by(organisation).in_role("housing-corporation");
        opening.with_scopes("trajectories:read trajectories:report").json(&intake).answer()
    };
    let refused = opens("stadswonen").with_status(403);
    assert_eq!(refused.errors(), [("speaks-for-another", "/referredBy")]);
    let opened = opens("haag-wonen").with_status(201);
    let path = format!("/v1/trajectories/{}", opened.body["trajectoryId"].as_str().expect("an id"));
    let read = |path: &str| ledger.get(path).by("haag-wonen").in_role("housing-corporation").answer();
    assert_eq!(read(&path).with_status(200).body["phase"], "preparing");
    let timeline = read(&format!("{path}/events")).with_status(200);
    for hidden in ["Sam de Boer", "06 00 00 00 00", "home-at-risk", "2025-"] {
        assert!(!timeline.text.contains(hidden), "{hidden}: {}", timeline.text);
    }
    let discussed = sample_fact("case-discussed")
        .with(
            "attendees",
            json!([{"party": "housing-corporation", "organisation": "haag-wonen"},
                                  {"party": "care-provider", "organisation": "de-vaart"}]),
        )
        .happening(date(2026, 10, 8));
    let reports = |fact: &Value| {
        let request = ledger.post(&format!("{path}/events")).by("haag-wonen").in_role("housing-corporation");
        request.seen("*").json(fact).answer()
    };
    reports(&discussed).with_status(201);
    assert!(read(&format!("{path}/events")).with_status(200).text.contains("bottleneck"), "it was there");
    reports(&sample_fact("signal-reported").happening(date(2026, 10, 9))).with_status(403);
}
