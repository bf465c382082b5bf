//! Refusals and filters show nothing of the course of a case, or of a step, that is hidden from the
//! caller.

use jiff::ToSpan;
use omklap_domain::trajectory::Phase;
use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, SampleFact, sample_fact};
use serde_json::Value;

/// A signal that is not about health.
const OTHER_SIGNAL: &str = "51600001-0000-4000-8000-000000000002";

#[test]
fn a_refusal_names_no_hidden_step() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    // The signal is about health, so it is hidden from the corporation.
    case.reports("signal-reported");
    let late = late(&case, 2, sample_fact("signal-reported").with("kind", "home"));
    refuses_without_the_step(Role::HousingCorporation, &ledger, &case, &late, "signal-reported");

    case.reports(sample_fact("signal-reported").with("kind", "home").with("signalId", OTHER_SIGNAL));
    let taken_back = case.next(sample_fact("event-corrected").with("corrects", case.version));
    case.reports(sample_fact("guidance-scaled").with("signalId", OTHER_SIGNAL));
    refuses_without_the_step(Role::HousingCorporation, &ledger, &case, &taken_back, "guidance-scaled");
}

#[test]
fn a_refusal_names_no_step_that_a_correction_hid() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports(sample_fact("signal-reported").with("kind", "home"));
    let of_health = case.next(sample_fact("signal-reported").with("kind", "health"));
    case.reports(
        sample_fact("event-corrected").with("corrects", case.version).with("replacement", of_health),
    );
    let late = late(&case, 3, sample_fact("signal-reported").with("kind", "home"));
    refuses_without_the_step(Role::HousingCorporation, &ledger, &case, &late, "signal-reported");
}

#[test]
fn a_refusal_shows_no_course_to_a_role_without_access_to_it() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    // A transfer before the move: the lease would name the wrong provider.
    let late = late(&case, 8, sample_fact("trajectory-transferred"));
    let consultant = refuses_without_the_step(
        Role::WmoConsultant,
        &ledger,
        &case,
        &late,
        "housed-under-intermediary-lease",
    );
    let at_once = refused(&ledger, &case, Role::WmoConsultant, &case.next("light-wmo-test-done"));
    for answer in [consultant, at_once] {
        assert!(answer.get("phase").is_none() && answer.get("admits").is_none(), "{answer:#}");
        assert!(!answer.to_string().contains("housed"), "{answer:#}");
    }
}

#[test]
fn a_role_without_access_to_the_course_finds_nothing_by_filtering_on_it() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.reports("return-requested");
    let finds = |role, path: &str| {
        let found = case.read_by(role, path).with_status(200);
        let (finds, counted) = (found.text.contains(&case.id), &found.body["counts"]["total"]);
        assert!(counted.is_null() || (*counted != 0) == finds, "{path}: {}", found.text);
        finds
    };
    for list in ["/v1/trajectories", "/v1/worklist"] {
        assert!(finds(Role::WmoConsultant, list), "{list} has it");
        for phase in Phase::ALL {
            let filtered = format!("{list}?phase={}", phase.as_str());
            assert!(!finds(Role::WmoConsultant, &filtered), "{filtered}");
            assert_eq!(finds(Role::CareProvider, &filtered), phase == Phase::FollowUp, "{filtered}");
        }
        let several = format!("{list}?phase=follow-up,housed");
        assert!(!finds(Role::WmoConsultant, &several) && finds(Role::CareProvider, &several), "{several}");
    }
    for filter in ["careProvider=de-vaart", "corporation=stadswonen"] {
        let filtered = format!("/v1/trajectories?{filter}");
        assert!(!finds(Role::WmoConsultant, &filtered) && finds(Role::CareProvider, &filtered), "{filter}");
    }
}

#[test]
fn the_wmo_consultant_sees_who_the_client_is() {
    let ledger = Ledger::empty();
    let named =
        |case: &Case, role| case.read_by(role, &case.path()).with_status(200).body["client"]["name"].clone();
    let (nominated, matched) = (ledger.offered(), ledger.contracting());
    for case in [&nominated, &matched] {
        assert_eq!(named(case, Role::WmoConsultant), "Sam de Boer");
        assert_eq!(named(case, Role::Auditor), Value::Null);
    }
    for role in [Role::HousingCorporation, Role::NuisanceOfficer] {
        assert_eq!(named(&nominated, role), Value::Null, "{}", role.as_str());
        assert_eq!(named(&matched, role), "Sam de Boer", "{}", role.as_str());
    }
}

/// The fact, some days before the next day of the case.
fn late(case: &Case, days: i64, fact: SampleFact) -> Value {
    case.next(fact.on(&(case.day() - days.days()).to_string()))
}

fn refused(ledger: &Ledger, case: &Case, role: Role, fact: &Value) -> Value {
    let report = ledger.post(&case.events()).as_viewer(&case.partners.viewer(role, &case.id)).seen("*");
    let answer = report.json(fact).answer().with_status(409);
    assert_eq!(answer.problem(), "not-admitted");
    answer.body
}

/// Checks that the provider sees which later step would break, and that this role does not even see
/// that one would. Returns the answer to this role.
fn refuses_without_the_step(role: Role, ledger: &Ledger, case: &Case, fact: &Value, step: &str) -> Value {
    let whole = refused(ledger, case, Role::CareProvider, fact);
    assert_eq!(whole["breaks"]["type"], step, "{whole:#}");
    let answer = refused(ledger, case, role, fact);
    let codes: Vec<_> = answer["errors"].as_array().into_iter().flatten().map(|one| &one["code"]).collect();
    let withheld = ["reason-withheld", "past-day-not-tried"];
    assert!(codes.len() == 1 && withheld.iter().any(|code| codes[0] == code), "{answer:#}");
    assert!(answer.get("breaks").is_none(), "{} sees {step}: {answer:#}", role.as_str());
    answer
}
