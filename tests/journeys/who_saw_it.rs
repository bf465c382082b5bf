//! The access log of a case reads as a story, to the client whose case it is.

use omklap::http::request::language::Language;
use omklap::subject_access;
use omklap::subject_access::logboek::Logboek;
use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger, assert_page_matches};
use serde_json::Value;

/// A user: role, pseudonym and purpose.
#[derive(Clone, Copy)]
struct Person(Role, &'static str, &'static str);

const GUIDE: Person = Person(Role::Guide, "u-2b11", "guidance");
const COORDINATOR: Person = Person(Role::MatchingPoint, "u-0c70", "matching");
const LANDLORD: Person = Person(Role::HousingCorporation, "u-91de", "letting");
const AUDITOR: Person = Person(Role::Auditor, "u-77aa", "supervision");
const CLIENT: Person = Person(Role::Client, "client-18", "own-case");

impl Person {
    fn reads(self, ledger: &Ledger, case: &Case, way: &str) -> Answer {
        ledger.minutes_pass(7);
        let Self(role, actor, purpose) = self;
        let path = if way.starts_with("/v1") { way.to_owned() } else { format!("{}{way}", case.path()) };
        let request = ledger.get(&path).as_viewer(&case.partners.viewer(role, &case.id));
        request.as_actor(actor).for_purpose(purpose).answer()
    }
}

/// Reports these facts at different instants, so that the log has one order.
fn report(ledger: &Ledger, case: &mut Case, kinds: &[&str]) {
    for kind in kinds {
        ledger.minutes_pass(3);
        case.reports(*kind);
    }
}

/// The first weeks of a case, with reports and reads by its partners.
fn a_case(ledger: &Ledger) -> Case {
    let mut case = ledger.opens("intake-registered");
    report(ledger, &mut case, &["privacy-explained", "consent-given"]);
    let _ = GUIDE.reads(ledger, &case, "/v1/worklist");
    ledger.minutes_pass(24 * 60);
    report(ledger, &mut case, &["outflow-profile-set", "readiness-confirmed", "housing-requested"]);
    // The client is not nominated to this corporation yet.
    assert_eq!(LANDLORD.reads(ledger, &case, "").status, 404);
    let _ = COORDINATOR.reads(ledger, &case, "/v1/trajectories");
    let _ = COORDINATOR.reads(ledger, &case, "/events");
    report(ledger, &mut case, &["corporation-assigned"]);
    let _ = LANDLORD.reads(ledger, &case, "/events");
    report(ledger, &mut case, &["dwelling-offered"]);
    ledger.minutes_pass(5 * 24 * 60);
    report(ledger, &mut case, &["offer-accepted"]);
    let _ = LANDLORD.reads(ledger, &case, "/replay");
    let _ = AUDITOR.reads(ledger, &case, "/case-file").with_status(200);
    let _ = CLIENT.reads(ledger, &case, "/events");
    let _ = CLIENT.reads(ledger, &case, "/access-log");
    case
}

#[test]
fn the_log_of_a_case_reads_as_a_story() {
    let ledger = Ledger::empty();
    let case = a_case(&ledger);
    let id = case.id.parse().expect("an id");
    let accesses = ledger.accesses(&case);
    let overview =
        |language| subject_access::accesses(id, &accesses, language).replace(&case.id, "0199a3b4-…");
    let mut logboek = Logboek::of("https://register.example.org/omklap");
    let records: Vec<Value> = accesses.iter().flat_map(|access| logboek.records(access)).collect();
    let offered = records.iter().find(|record| record["name"] == "export").expect("the auditor's");
    assert_page_matches(
        "docs/ACCESS-LOG.md",
        &format!(
            "# Who saw it: the access log of a case\n\nWritten by the journey `the_log_of_a_case_reads_as_a_story`; \
             `OMKLAP_BLESS=1` writes it again. The fields of a line and their names in NEN 7513: [ADR 17](adr/0017-the-access-log-holds-back-the-answer.md).\n\n\
             ## What a client is given\n\n`omklap access-log --client-overview ID`, in Dutch or with `--language en`. People are named by a pseudonym that \
             their own organisation can resolve.\n\n```text\n{}```\n\n```text\n{}```\n\n## What a register of processing is given\n\n\
             `omklap access-log --logboek https://register.example.org/omklap [--since INSTANT]` writes everybody's lines as records of the standard \
             *Logboek dataverwerkingen* (interface of the component Logboek), one JSON object a line and one record for each person. Several people in \
             one request: the first has the span of the request, the others are its children. `dpl.core.foreign_operation.processor` is left \
             out: the ledger knows its callers by their client, which is in `resource`, and not by a website.\n\n```json\n{}\n```\n",
            overview(Language::Dutch),
            overview(Language::English),
            without_chance(offered, &case.id),
        ),
    );
}

/// The record with fixed values instead of random ones, for the example.
fn without_chance(record: &Value, id: &str) -> String {
    let mut record = record.clone();
    record["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736".into();
    record["span_id"] = "00f067aa0ba902b7".into();
    let text = serde_json::to_string_pretty(&record).expect("JSON");
    text.replace(id, "0199a3b4-c5d6-7e8f-9012-3456789abcde")
}

#[test]
fn a_line_names_the_kinds_of_data_that_were_shown_and_no_others() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    case.reports("preparation-step-completed");
    for (way, action) in [("/events", "read"), ("/replay", "read"), ("/case-file", "export")] {
        let before = ledger.accesses(&case).len();
        LANDLORD.reads(&ledger, &case, way).with_status(200);
        let log = ledger.accesses(&case);
        let [line] = &log[before..] else { panic!("{way}: one line for one read") };
        let named: Vec<&str> = line.categories.iter().map(String::as_str).collect();
        let action: Value = action.into();
        assert_eq!(serde_json::to_value(line.action).expect("a word"), action, "{way}");
        assert_eq!(serde_json::to_value(line.outcome).expect("a word"), "given-in-part", "{way}");
        // Before the match a corporation sees the course and what home is needed, but no guidance,
        // debts or identity.
        for hidden in ["identity", "guidance", "debts", "debts-arranged", "profile"] {
            assert!(!named.contains(&hidden), "{way}: {named:?}");
        }
        assert!(named.contains(&"course") && named.contains(&"dwelling-profile"), "{way}: {named:?}");
    }
}
