//! A partner that lost access to a case is answered like a stranger. Restriction and erasure apply
//! to every answer.

use std::collections::BTreeSet;

use omklap_domain::visibility::{Role, Viewer};
use omklap_tests::{Api, Case, Ledger, Process, shown_fact};
use serde_json::{Value, json};

use super::fields::fields_of;
use super::sight::kind_of;
use super::stages::moved;
use super::{LISTS, WAYS, recorded_of};

#[test]
fn a_partner_that_lost_access_is_answered_like_a_stranger() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let former = case.partners.care_provider.clone();
    case.reports("trajectory-transferred");
    for role in [Role::Client, Role::Guide, Role::CareProvider, Role::NuisanceDesk] {
        assert_eq!(case.read_by(role, &case.path()).status, 200, "{}", role.as_str());
        for organisation in [former.as_str(), "een-ander"] {
            sees_nothing(&ledger, &case, &of(&case, role, organisation));
        }
    }
}

#[test]
fn a_corporation_that_the_client_left_for_another_sees_nothing_even_with_an_open_claim() {
    let ledger = Ledger::empty();
    let (former, case) = ("stadswonen", moved(&ledger));
    for role in [Role::HousingCorporation, Role::NuisanceOfficer] {
        assert_eq!(case.read_by(role, &case.path()).status, 200, "{} of the new one", role.as_str());
        sees_nothing(&ledger, &case, &of(&case, role, former));
    }
}

#[test]
fn nobody_but_an_auditor_sees_anything_of_a_restricted_case() {
    let ledger = Process::start();
    let case = ledger.housed();
    let restrict =
        ["subject", "restrict", &case.id, "--ground", "accuracy-contested", "--asked-by", "client"];
    assert!(ledger.omklap(&restrict).status.success());
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Auditor) {
        sees_nothing(&ledger, &case, &case.partners.viewer(role, &case.id));
    }
    let auditor = case.read_by(Role::Auditor, &format!("{}?limit=500", case.events())).with_status(200);
    assert_eq!(auditor.body["items"].as_array().map(Vec::len), Some(12));
    assert!(!auditor.text.contains("Sam de Boer"), "{}", auditor.text);
}

#[test]
fn erased_texts_are_in_no_answer() {
    let ledger = Process::start();
    let mut case = ledger.housed();
    case.reports_all(["nuisance-reported", "signal-reported", "welcome-talk-held"]);
    let texts = |recorded: &[Value]| recorded.iter().flat_map(texts_of).collect::<BTreeSet<_>>();
    let before = texts(&recorded_of(&case));
    let erase = ["subject", "erase", &case.id, "--ground", "objected"];
    let done = ledger.omklap(&erase);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let after = texts(&recorded_of(&case));
    let erased: Vec<_> = before.difference(&after).collect();
    assert!(erased.len() > 8 && erased.contains(&&"music until four".to_owned()), "{erased:?}");
    let [thin, full] = ["thin", "full"].map(|detail| format!("/v1/feed?detail={detail}&limit=1000"));
    for role in Role::ALL {
        let own = WAYS.into_iter().chain(["/case-file"]).map(|way| format!("{}{way}", case.path()));
        let all = LISTS.into_iter().chain([thin.as_str(), full.as_str()]).map(str::to_owned);
        for way in own.chain(all) {
            let answer = case.read_by(role, &way).text;
            for text in &erased {
                assert!(!answer.contains(*text), "{} reads {text} at {way}", role.as_str());
            }
        }
    }
}

fn of(case: &Case, role: Role, organisation: &str) -> Viewer {
    Viewer { organisation: organisation.parse().expect("a code"), ..case.partners.viewer(role, &case.id) }
}

/// Whether nobody is counted among those who seek a home, or only as in the whole region.
fn counts_no_seeker(counts: &Value) -> bool {
    let is_of_the_region = counts.get("suppressedBelow").is_some();
    is_of_the_region
        || (&counts["ready"], &counts["expected"], &counts["stuck"]) == (&json!(0), &json!([]), &json!([]))
}

/// Every answer is as if there were no such case, except that a feed reports once that it was
/// withdrawn.
fn sees_nothing(api: &Api, case: &Case, viewer: &Viewer) {
    let context = format!("{} of {}", viewer.role.as_str(), viewer.organisation);
    for way in WAYS.into_iter().chain(["/case-file"]) {
        let read = api.get(&format!("{}{way}", case.path())).as_viewer(viewer).answer();
        assert_eq!((read.status, read.problem()), (404, "no-such-trajectory"), "{context} {way}");
    }
    let fact = case.next("privacy-explained");
    for trial in ["", "?dryRun=true"] {
        let report = api.post(&format!("{}{trial}", case.events())).as_viewer(viewer).seen("*");
        let answer = report.json(&fact).answer();
        assert!(matches!(answer.status, 403 | 404), "{context} {trial}: {}", answer.text);
        assert!(!answer.text.contains("phase"), "{context} {trial}: {}", answer.text);
    }
    for list in LISTS
        .into_iter()
        .chain(["/v1/trajectories?phase=housed", "/v1/worklist?region=amsterdam&overdue=true"])
    {
        let list = api.get(list).as_viewer(viewer).answer();
        assert!(!list.text.contains(&case.id), "{context}: {}", list.text);
        assert!(
            list.body.get("counts").is_none_or(|counts| counts["total"] == 0 || counts_no_seeker(counts)),
            "{context}: {}",
            list.text
        );
    }
    for detail in ["thin", "full"] {
        let feed = api.get(&format!("/v1/feed?detail={detail}&limit=1000")).as_viewer(viewer).answer();
        let items = feed.body["items"].as_array().into_iter().flatten();
        let items: Vec<_> = items.filter(|item| item.to_string().contains(&case.id)).collect();
        let is_gone = |item: &&Value| item["type"] == "trajectory-withdrawn" && item.get("entry").is_none();
        assert!(items.len() <= 1 && items.iter().all(is_gone), "{context}: {}", feed.text);
    }
}

/// The free texts of a fact.
fn texts_of(entry: &Value) -> Vec<String> {
    let fact = shown_fact(entry);
    let values = fields_of(kind_of(fact)).filter_map(|(field, _)| fact.pointer(&format!("/{field}")));
    values.filter_map(Value::as_str).filter(|text| text.contains(' ')).map(str::to_owned).collect()
}
