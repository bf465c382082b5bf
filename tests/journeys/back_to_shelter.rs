//! A client may always return to shelter, after a light Wmo test.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_client_may_return_before_the_flip() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.refuses("returned-to-shelter", ["return-not-granted", "return-not-requested"]);
    case.reports("return-requested").refuses("returned-to-shelter", ["return-not-granted"]);
    case.reports("light-wmo-test-done").has("/returnRequest/granted", true);
    case.reports("returned-to-shelter").ends_as("returned-to-shelter");
}

#[test]
fn a_client_may_return_after_the_flip() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.reports_all(["return-requested", "light-wmo-test-done"]);
    case.reports(sample_fact("returned-to-shelter").with("to", "shelter")).ends_as("returned-to-shelter");
}

#[test]
fn a_client_may_return_after_the_follow_up() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.months_later(36).reports("follow-up-ended").ends_as("follow-up-completed");
    case.reports_all(["return-requested", "light-wmo-test-done", "returned-to-shelter"]);
    case.ends_as("follow-up-completed");
}

#[test]
fn a_refused_return_can_be_requested_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("return-requested").reports(sample_fact("light-wmo-test-done").with("granted", false));
    case.refuses("returned-to-shelter", ["return-not-granted"])
        .refuses("return-requested", ["return-already-requested"]);
    let again = "4e740002-0000-4000-8000-000000000002";
    case.reports(sample_fact("return-requested").with("requestId", again));
    case.reports(sample_fact("light-wmo-test-done").with("requestId", again))
        .reports(sample_fact("returned-to-shelter").with("requestId", again));
    case.ends_as("returned-to-shelter");
}

#[test]
fn a_previous_trajectory_is_one_that_exists() {
    let ledger = Ledger::empty();
    let of_nobody =
        sample_fact("intake-registered").with("previousTrajectory", "4e740009-0000-4000-8000-000000000009");
    let of_nobody = of_nobody.happening(omklap_tests::FIRST_DAY);
    let answer = ledger.post("/v1/trajectories").json(&of_nobody).answer().with_status(409);
    assert_eq!(answer.problem(), "wrong-names");
    assert_eq!(answer.errors(), [("no-trajectory-with-this-id", "/previousTrajectory")]);
}

#[test]
fn a_previous_trajectory_that_the_reporter_does_not_see_is_answered_like_one_that_does_not_exist() {
    let ledger = Ledger::empty();
    let hidden = ledger.housed();
    for way in ["", "?dryRun=true"] {
        let answers = [hidden.id.as_str(), "4e740009-0000-4000-8000-000000000009"].map(|id| {
            let fact = sample_fact("intake-registered").with("previousTrajectory", id);
            let fact = fact.with("careProvider", "het-anker").happening(omklap_tests::FIRST_DAY);
            let report = ledger.post(&format!("/v1/trajectories{way}")).json(&fact);
            let answer = report.by("het-anker").in_role("care-provider");
            // A program that may import is trusted with every name.
            let answer = answer.with_scopes("trajectories:read trajectories:report").answer();
            (answer.status, answer.body["errors"].clone())
        });
        assert_eq!(answers[0], answers[1], "{way}");
        assert_eq!(answers[0].0, 409, "{way}");
    }
}

#[test]
fn a_returned_client_gets_a_new_case_that_names_the_old_one() {
    let ledger = Ledger::empty();
    let mut before = ledger.housed();
    before.reports_all(["return-requested", "light-wmo-test-done", "returned-to-shelter"]);
    let after = ledger.opens(sample_fact("intake-registered").with("previousTrajectory", before.id.as_str()));
    assert_eq!(after.timeline()[0]["fact"]["previousTrajectory"], before.id.as_str());
}
