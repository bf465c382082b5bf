//! A wrong registration is corrected; the original stays readable.

use omklap_tests::{Ledger, SampleFact, sample_fact};

fn retraction_of(sequence: u64) -> SampleFact {
    sample_fact("event-corrected").with("corrects", sequence)
}

#[test]
fn a_fact_of_another_case_is_retracted() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("rent-missed").has("/tenancy/inArrears", true);
    let wrong = case.version;
    case.reports(retraction_of(wrong)).has("/tenancy/inArrears", false);
    let entry = &case.timeline()[11];
    assert_eq!((&entry["mark"]["status"], &entry["mark"]["by"]), (&"retracted".into(), &(wrong + 1).into()));
    assert_eq!(entry["fact"]["type"], "rent-missed");
}

#[test]
fn a_case_that_was_registered_twice_names_a_case_that_exists() {
    let ledger = Ledger::empty();
    let (first, mut twice) = (ledger.preparing(), ledger.preparing());
    let naming = |id: &str| sample_fact("registered-by-mistake").with("sameAs", id);
    let answer = twice.reporting(&twice.next(naming("4e740009-0000-4000-8000-000000000009"))).answer();
    assert_eq!(answer.with_status(409).errors(), [("no-trajectory-with-this-id", "/sameAs")]);
    twice.reports(naming(&first.id)).ends_as("registered-by-mistake");
}

#[test]
fn a_wrong_date_is_replaced_by_the_right_one() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let right = sample_fact("readiness-confirmed").happening("2021-01-20".parse().expect("a day"));
    case.on("2021-02-01")
        .reports(retraction_of(3).with("replacement", right.clone()))
        .has("/readyOn", "2021-01-20");
    let timeline = case.timeline();
    assert_eq!(timeline[2]["mark"]["status"], "replaced");
    assert_eq!(timeline[2]["fact"]["occurredOn"], "2021-01-06");
    assert_eq!(timeline[3]["fact"]["replacement"], right);
}

#[test]
fn a_correction_that_makes_the_rest_impossible_is_refused_with_the_step_it_breaks() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    case.refuses(retraction_of(2), ["later-step-would-break"]);
    let fact = case.next(retraction_of(2));
    let breaks = case.reporting(&fact).answer().body["breaks"].clone();
    assert_eq!((&breaks["sequence"], &breaks["type"]), (&4.into(), &"housing-requested".into()));
    assert_eq!(breaks["errors"][0]["code"], "no-outflow-profile");
}

#[test]
fn a_correction_cannot_be_corrected_but_the_fact_can_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.reports(retraction_of(3))
        .leads_to("preparing")
        .refuses(retraction_of(4), ["correction-of-a-correction"]);
    let right = sample_fact("readiness-confirmed").happening(case.day());
    case.reports(retraction_of(3).with("replacement", right)).leads_to("ready");
}
