//! Until the restriction is lifted, a restricted trajectory does not exist for anybody but an
//! auditor (AVG art. 18).

use omklap_domain::visibility::Role;
use omklap_tests::{Api, Case, Process, shown_fact};
use serde_json::Value;

/// The roles with access to the case before it is restricted.
const INVOLVED: [Role; 8] = [
    Role::Client,
    Role::Guide,
    Role::CareProvider,
    Role::NuisanceDesk,
    Role::HousingCorporation,
    Role::NuisanceOfficer,
    Role::MatchingPoint,
    Role::WmoConsultant,
];

/// The lists that show trajectories.
const LISTS: [&str; 4] = [
    "/v1/trajectories?limit=500",
    "/v1/worklist?region=amsterdam&limit=500",
    "/v1/feed?limit=1000",
    "/v1/regions/amsterdam/figures/home-in-time/cases?from=2021-01-01",
];

/// The paths below a trajectory.
const PARTS: [&str; 8] =
    ["", "/events", "/agreements", "/nuisance-cases", "/follow-up", "/replay", "/access-log", "/case-file"];

/// The lists in which a role finds a case. The item that reports its withdrawal does not count
/// (AVG art. 19).
fn listed(case: &Case, role: Role) -> Vec<&'static str> {
    let finds = |list: &&str| {
        let mut page = case.read_by(role, list).with_status(200).body;
        let items = page["items"].as_array_mut().expect("items");
        items.retain(|item| item["type"] != "trajectory-withdrawn");
        page.to_string().contains(&case.id)
    };
    LISTS.into_iter().filter(finds).collect()
}

/// The kinds of the feed's items about a case, as a role sees them.
fn followed(case: &Case, role: Role) -> Vec<Value> {
    let page = case.read_by(role, "/v1/feed?limit=1000").with_status(200).body;
    let items = page["items"].as_array().expect("items");
    items.iter().filter(|item| item["trajectoryId"] == *case.id).map(|item| item["type"].clone()).collect()
}

fn restrict(ledger: &Process, case: &Case) {
    let command = ["subject", "restrict", &case.id, "--ground", "accuracy-contested", "--asked-by", "client"];
    assert!(ledger.omklap(&command).status.success());
}

#[test]
fn nobody_but_an_auditor_finds_a_restricted_case_until_that_is_lifted() {
    let ledger = Process::start();
    let case = ledger.housed();
    let before: Vec<_> = INVOLVED.map(|role| listed(&case, role)).into();
    assert_eq!(before[2], LISTS, "the provider finds it everywhere");

    restrict(&ledger, &case);
    for role in INVOLVED {
        assert_hidden_from(role, &case);
    }
    for way in ["", "?dryRun=true"] {
        let report = ledger.post(&format!("{}{way}", case.events())).seen("*");
        report.json(&case.next("case-discussed")).answer().with_status(404);
    }
    let counts = ledger.get("/v1/worklist").answer().with_status(200);
    assert_eq!(counts.body["counts"]["total"], 0, "{}", counts.text);
    let auditor = case.read_by(Role::Auditor, &case.path()).with_status(200);
    assert_eq!(auditor.body["phase"], "housed");
    assert_eq!(listed(&case, Role::Auditor)[0], LISTS[0]);

    assert!(ledger.omklap(&["subject", "lift", &case.id]).status.success());
    for (role, before) in INVOLVED.into_iter().zip(before) {
        assert_eq!(listed(&case, role), before, "{} finds it again", role.as_str());
    }
    assert_eq!(case.state()["phase"], "housed");
}

/// Asserts that a role finds nothing of a restricted case but one withdrawal in the feed.
fn assert_hidden_from(role: Role, case: &Case) {
    assert!(listed(case, role).is_empty(), "{} finds it", role.as_str());
    assert_eq!(followed(case, role), ["trajectory-withdrawn"], "{}", role.as_str());
    for part in PARTS {
        let answer = case.read_by(role, &format!("{}{part}", case.path())).with_status(404);
        assert_eq!(answer.problem(), "no-such-trajectory", "{} {part}", role.as_str());
    }
}

#[test]
fn the_record_says_who_asked_for_a_restriction_and_why() {
    let ledger = Process::start();
    let case = ledger.opens("intake-registered");
    restrict(&ledger, &case);
    let page = case.read_by(Role::Auditor, &case.events()).with_status(200).body;
    let fact = shown_fact(&page["items"][1]);
    assert_eq!(
        (&fact["ground"], &fact["askedBy"]),
        (&Value::from("accuracy-contested"), &Value::from("client"))
    );
}

#[test]
fn a_receiver_of_a_restricted_case_gets_a_withdrawal_and_nothing_more() {
    let ledger = Process::start_allowing("127.0.0.1");
    let receiver = omklap_tests::Receiver::that_answers(omklap_tests::Answers::With(204));
    let api: &Api = &ledger;
    let _ = receiver.subscribe(api);
    let case = ledger.opens("intake-registered");
    let _ = receiver.waits_for(1);
    restrict(&ledger, &case);
    let withdrawn = receiver.waits_for(2).swap_remove(1);
    assert_eq!(withdrawn.body["type"], "nl.omklap.trajectory-withdrawn.v1");
    assert_eq!((withdrawn.about(), &withdrawn.body["dataref"]), (&*case.id, &Value::Null));

    assert!(ledger.omklap(&["subject", "lift", &case.id]).status.success());
    let lifted = receiver.waits_for(3).swap_remove(2);
    assert_ne!(lifted.body["type"], "nl.omklap.trajectory-withdrawn.v1", "{}", lifted.body);
}
