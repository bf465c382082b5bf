//! Every partner reports only what is its own to report.

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, sample_fact};
use serde_json::Value;

fn report(ledger: &Ledger, case: &Case, role: Role, fact: &Value) -> (u16, String) {
    let request = ledger.post(&case.events()).as_viewer(&case.partners.viewer(role, &case.id)).seen("*");
    let answer = request.json(fact).answer();
    (answer.status, if answer.status == 201 { String::new() } else { answer.problem().to_owned() })
}

#[test]
fn a_corporation_reports_no_guidance_plan() {
    let ledger = Ledger::empty();
    let case = ledger.contracting();
    let plan = case.next("guidance-plan-agreed");
    let refused = (403, "not-yours-to-report".to_owned());
    assert_eq!(report(&ledger, &case, Role::HousingCorporation, &plan), refused);
    let answer = ledger
        .post(&case.events())
        .as_viewer(&case.partners.viewer(Role::HousingCorporation, &case.id))
        .seen("*")
        .json(&plan)
        .answer();
    assert_eq!(answer.errors(), [("not-theirs", "/type")]);
    assert!(answer.text.contains("guide, care-provider"), "{}", answer.text);
}

#[test]
fn a_provider_does_not_approve_the_flip_for_the_corporation() {
    let ledger = Ledger::empty();
    let case = ledger.agreed_to_flip();
    let refused = (403, "not-yours-to-report".to_owned());
    for fact in ["flip-approved", "contract-flipped"] {
        assert_eq!(report(&ledger, &case, Role::CareProvider, &case.next(fact)), refused);
    }
}

#[test]
fn a_position_is_given_by_its_own_party() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.months_later(12).reports_all(["flip-talk-held", "rent-at-flip-disclosed"]);
    let position = case.next(sample_fact("flip-position-given").with("party", "client"));
    let refused = (403, "not-yours-to-report".to_owned());
    for role in [Role::CareProvider, Role::Guide, Role::HousingCorporation] {
        assert_eq!(report(&ledger, &case, role, &position), refused, "{}", role.as_str());
    }
    let request = ledger.post(&case.events()).as_viewer(&case.partners.viewer(Role::CareProvider, &case.id));
    let facts = Value::from(vec![case.next("case-discussed"), position.clone(), case.next("flip-approved")]);
    let answer = request.seen("*").json(&facts).answer();
    assert_eq!(
        answer.errors(),
        [("speaks-for-another", "/1/party"), ("not-theirs", "/2/type")],
        "every refused fact: {}",
        answer.text
    );
    assert_eq!(report(&ledger, &case, Role::Client, &position).0, 201);
}

#[test]
fn an_auditor_reports_nothing() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let refused = (403, "not-yours-to-report".to_owned());
    for fact in omklap_tests::kinds() {
        assert_eq!(report(&ledger, &case, Role::Auditor, &case.next(fact)), refused, "{fact}");
    }
}

#[test]
fn a_fact_is_corrected_by_a_role_that_may_report_it() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let offer = case.next(sample_fact("event-corrected").with("corrects", 6));
    assert_eq!(report(&ledger, &case, Role::CareProvider, &offer), (403, "not-yours-to-report".to_owned()));
    assert_ne!(report(&ledger, &case, Role::HousingCorporation, &offer).0, 403);
}

#[test]
fn each_role_is_shown_what_it_may_report() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let admits = |role| case.read_by(role, &case.path()).body["admits"].to_string();
    assert!(admits(Role::CareProvider).contains("guidance-scaled"));
    assert!(!admits(Role::HousingCorporation).contains("guidance-scaled"));
    assert_eq!(admits(Role::Auditor), "[]");
}

#[test]
fn a_corporation_that_the_client_does_not_live_with_is_named_and_shown_nothing_of_the_home() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("housing-requested");
    case.reports(sample_fact("corporation-assigned").with("corporation", "woonoord"));
    let read = case.read_by(Role::HousingCorporation, &case.path()).with_status(200).body;
    assert!(read["tenancy"].get("unit").is_none() && read["tenancy"]["leaseId"].is_string(), "{read:#}");
    let withheld = read["withheld"].as_array().expect("something is withheld");
    assert!(withheld.contains(&"/tenancy/unit".into()), "{read:#}");
    let offer = sample_fact("dwelling-offered").with("corporation", "woonoord").with("nuisanceOnFile", true);
    let refused = case.dry_run_by(Role::HousingCorporation, &case.next(offer)).with_status(409).body;
    for admits in [&read["admits"], &refused["admits"]] {
        let admits = admits.as_array().expect("what may be reported");
        assert!(admits.contains(&"dwelling-offered".into()), "{admits:?}");
        for kind in ["rent-missed", "nuisance-reported", "annual-review-held", "offer-withdrawn"] {
            assert!(!admits.contains(&kind.into()), "{kind} in {admits:?}");
        }
    }
}
