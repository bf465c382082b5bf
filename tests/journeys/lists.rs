//! Lists of cases: names, own numbers and dates as far as the viewer may see them, filters and counts,
//! and a page on which one case was altered.

use std::collections::BTreeSet;

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Executor;

/// The lists that show whose case it is.
const LISTS: [&str; 2] = ["/v1/trajectories?limit=500", "/v1/worklist?mine=false&undated=true&limit=500"];

#[test]
fn a_list_names_the_client_to_every_viewer_that_reads_the_name_in_the_case() {
    let ledger = Ledger::empty();
    for case in [ledger.preparing(), ledger.offered(), ledger.contracting(), ledger.flipped()] {
        for role in Role::ALL {
            let state = case.read_by(role, &case.path()).body;
            for list in LISTS {
                for item in items_of(&case, role, list) {
                    assert_eq!(item["clientName"], state["client"]["name"], "{role:?} in {list}: {item:#}");
                }
            }
        }
        let guide = items_of(&case, Role::Guide, LISTS[0]);
        assert_eq!(guide[0]["clientName"], "Sam de Boer");
        assert!(items_of(&case, Role::Auditor, LISTS[0])[0].get("clientName").is_none());
    }
}

#[test]
fn the_access_log_says_of_which_cases_a_list_named_the_client() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    for role in Role::ALL {
        for list in LISTS {
            ledger.minutes_pass(1);
            let shown = items_of(&case, role, list);
            let named = shown.iter().any(|item| item.get("clientName").is_some());
            let last = ledger.accesses(&case).pop().filter(|line| line.started_at == ledger.now());
            let logged = last.is_some_and(|line| line.categories.contains(&"identity".to_owned()));
            assert_eq!(logged, named, "{role:?} in {list}");
        }
    }
}

#[test]
fn a_name_that_was_corrected_is_listed_in_its_latest_wording() {
    let ledger = Ledger::empty();
    let mut case = ledger.preparing();
    let mut opening = case.timeline()[0]["fact"].clone();
    opening["clientName"] = json!("Samira de Boer");
    case.reports(
        omklap_tests::sample_fact("event-corrected").with("corrects", 1).with("replacement", opening),
    );
    for list in LISTS {
        let items = items_of(&case, Role::CareProvider, list);
        assert!(
            !items.is_empty() && items.iter().all(|item| item["clientName"] == "Samira de Boer"),
            "{list}"
        );
    }
}

#[test]
fn the_worklist_has_the_own_number_of_the_reader_alone() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    refer(&ledger, &case, Role::Guide, "ZV-1");
    refer(&ledger, &case, Role::HousingCorporation, "HC-1");
    for (role, own) in [
        (Role::NuisanceDesk, json!("ZV-1")),
        (Role::NuisanceOfficer, json!("HC-1")),
        (Role::Client, Value::Null),
    ] {
        let items = items_of(&case, role, LISTS[1]);
        assert!(!items.is_empty(), "{role:?}");
        assert!(items.iter().all(|item| item["ownReference"] == own), "{role:?}: {items:#?}");
    }
}

#[test]
fn mine_is_what_the_own_party_is_to_do() {
    let ledger = Ledger::empty();
    let case = ledger.flipped();
    for role in Role::ALL {
        let list = |query: &str| items_of(&case, role, &format!("/v1/worklist?limit=500{query}"));
        let (mine, all, usual) = (list("&mine=true"), list("&mine=false"), list(""));
        let own = role.party().map(|party| serde_json::to_value(party).expect("a code"));
        let is_own = |item: &&Value| own.as_ref().is_some_and(|own| responsible(item).contains(own));
        assert_eq!(
            mine.iter().collect::<Vec<_>>(),
            all.iter().filter(is_own).collect::<Vec<_>>(),
            "{role:?}"
        );
        assert!(all.iter().all(|item| item["mine"] == is_own(&item)), "{role:?}: {all:#?}");
        let sees_all = [Role::Client, Role::MatchingPoint, Role::Auditor].contains(&role);
        assert_eq!(usual, if sees_all { all } else { mine }, "{role:?}");
    }
    let both = "/v1/worklist?mine=true&party=housing-corporation&limit=500";
    let both = items_of(&case, Role::CareProvider, both);
    assert!(both.iter().all(|item| responsible(item).len() > 1), "{both:#?}");
}

#[test]
fn the_counts_of_a_worklist_are_those_of_its_items() {
    let ledger = Ledger::empty();
    let cases = [ledger.preparing(), ledger.ready(), ledger.housed(), ledger.flipped()];
    for role in Role::ALL {
        for filter in ["", "&mine=false", "&phase=housed,ready", "&dueFrom=2026-11-03&dueBefore=2027-01-01"] {
            let list = format!("/v1/worklist?undated=true&limit=500{filter}");
            let answer = cases[3].read_by(role, &list).with_status(200);
            let items = answer.body["items"].as_array().expect("items").clone();
            let count = |is: &dyn Fn(&str) -> bool| {
                items.iter().filter_map(|item| item["dueOn"].as_str()).filter(|day| is(day)).count()
            };
            let counted = json!({
                "total": items.len(),
                "overdue": count(&|day| day < "2026-11-01"),
                "thisWeek": count(&|day| ("2026-11-01"..="2026-11-08").contains(&day)),
                "later": count(&|day| day > "2026-11-08"),
                "undated": items.iter().filter(|item| item.get("dueOn").is_none()).count(),
            });
            assert_eq!(answer.body["counts"], counted, "{role:?} {filter}");
        }
    }
}

#[test]
fn a_worklist_from_a_day_has_what_is_due_on_that_day_and_later() {
    let ledger = Ledger::empty();
    let _case = ledger.flipped();
    let list = |query: &str| ledger.pages(&format!("/v1/worklist?{query}")).concat();
    let all = list("limit=500");
    let day = all[all.len() / 2]["dueOn"].as_str().expect("a day").to_owned();
    let from = list(&format!("dueFrom={day}&limit=1"));
    let before = list(&format!("dueBefore={day}"));
    assert_eq!([before, from].concat(), all);
    assert_eq!(list(&format!("dueFrom={day}&undated=true")), list(&format!("dueFrom={day}")));
    assert_eq!(list("dueFrom=2026-01-01&dueBefore=2026-01-01"), Vec::<Value>::new());
}

#[test]
fn several_phases_are_the_lists_of_each_together() {
    let ledger = Ledger::empty();
    let _cases = [ledger.preparing(), ledger.ready(), ledger.housed()];
    for list in ["/v1/trajectories", "/v1/worklist"] {
        let listed = |query: &str| -> BTreeSet<String> {
            let items = ledger.pages(&format!("{list}?limit=500{query}")).concat();
            items.iter().map(Value::to_string).collect()
        };
        let [ready, housed] = ["ready", "housed"].map(|phase| listed(&format!("&phase={phase}")));
        assert!(!housed.is_empty() && ready.is_disjoint(&housed), "{list}");
        assert_eq!(listed("&phase=housed,ready"), ready.union(&housed).cloned().collect(), "{list}");
        for (wrong, code) in [
            ("", "not-one-of"),
            ("ready,", "not-one-of"),
            ("ready,moon", "not-one-of"),
            ("ready,ready", "repeated"),
        ] {
            let refused = ledger.get(&format!("{list}?phase={wrong}")).answer().with_status(400);
            assert_eq!(refused.errors(), [(code, "phase")], "{list} {wrong}");
        }
    }
}

#[test]
fn the_waiting_list_has_since_when_a_client_is_ready_or_when_that_is_expected() {
    let ledger = Ledger::empty();
    let mut preparing = ledger.preparing();
    preparing.reports("outflow-announced");
    let ready = ledger.ready();
    let expected = preparing.timeline().last().expect("facts")["fact"]["expectedOn"].clone();
    for role in [Role::CareProvider, Role::MatchingPoint, Role::Auditor] {
        let [preparing, ready] = [&preparing, &ready].map(|case| items_of(case, role, LISTS[0])[0].clone());
        assert_eq!((&preparing["expectedOn"], preparing.get("readyOn")), (&expected, None), "{role:?}");
        assert!(ready["readyOn"].is_string() && ready.get("expectedOn").is_none(), "{role:?}");
    }
    for case in [&preparing, &ready] {
        let hidden = &items_of(case, Role::WmoConsultant, LISTS[0])[0];
        assert!(hidden.get("readyOn").is_none() && hidden.get("expectedOn").is_none(), "{hidden:#}");
    }
}

#[test]
fn a_matching_point_and_an_auditor_see_their_own_regions_without_naming_one() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    for role in [Role::MatchingPoint, Role::Auditor] {
        let own = case.read_by(role, "/v1/worklist?limit=500").with_status(200).body;
        let named = case.read_by(role, "/v1/worklist?region=amsterdam&limit=500").with_status(200).body;
        assert!(!own["items"].as_array().expect("items").is_empty(), "{role:?}");
        assert_eq!((&own["items"], &own["counts"]), (&named["items"], &named["counts"]), "{role:?}");
        let other = case.read_by(role, "/v1/worklist?region=zeeland&limit=500").with_status(200).body;
        assert_eq!((&other["items"], &other["counts"]["total"]), (&json!([]), &json!(0)), "{role:?}");
    }
}

#[test]
fn a_list_names_the_case_that_was_altered_and_answers_the_others() {
    for changed in [
        "UPDATE events SET payload = replace(payload::text, '202', '201')::json WHERE sequence = 2 AND aggregate_id = 'ID'",
        "UPDATE events SET mac = NULL WHERE sequence = 2 AND aggregate_id = 'ID'",
        "UPDATE vault SET sealed = '\\x00' WHERE trajectory_id = 'ID'",
        "UPDATE own_references SET sealed = '\\x00' WHERE trajectory_id = 'ID'",
    ] {
        let ledger = Ledger::empty();
        let [first, altered, last] = [ledger.housed(), ledger.housed(), ledger.housed()];
        refer(&ledger, &altered, Role::CareProvider, "ZV-1");
        let changed = changed.replace("ID", &altered.id);
        ledger
            .in_the_database(async |owner| owner.execute(&*changed).await.map(drop).expect("its owner may"));
        for list in ["/v1/trajectories?limit=1", "/v1/worklist?mine=false&limit=2"] {
            let (named, listed) = named_and_listed(&ledger, list);
            assert_eq!(named, [altered.id.clone()].into(), "{list} after {changed}");
            assert_eq!(listed, [first.id.clone(), last.id.clone()].into(), "{list} after {changed}");
        }
        assert!(ledger.metrics().contains("omklap_altered_records_total"));
    }
}

// The words of these tests.

/// The cases that the pages of a list name as altered, and those that they list.
fn named_and_listed(ledger: &Ledger, list: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut named, mut listed) = (BTreeSet::new(), BTreeSet::new());
    let mut next = Some(list.to_owned());
    let id = |id: &Value| id.as_str().map(str::to_owned);
    while let Some(path) = next {
        let page = ledger.get(&path).answer().with_status(200);
        named.extend(page.body["altered"].as_array().into_iter().flatten().filter_map(id));
        let items = page.body["items"].as_array().expect("items");
        listed.extend(items.iter().filter_map(|item| id(&item["trajectoryId"])));
        next = page.next();
    }
    (named, listed)
}

/// The items about a case on the first page of a list, as a role reads it.
fn items_of(case: &Case, role: Role, list: &str) -> Vec<Value> {
    let mut items =
        case.read_by(role, list).with_status(200).body["items"].as_array().expect("items").clone();
    items.retain(|item| item["trajectoryId"] == *case.id);
    items
}

fn responsible(item: &Value) -> &[Value] {
    item["responsible"].as_array().expect("parties")
}

fn refer(ledger: &Ledger, case: &Case, role: Role, number: &str) {
    let request = ledger.request(Method::PUT, &format!("{}/reference", case.path()));
    let request = request.as_viewer(&case.partners.viewer(role, &case.id));
    let _ = request.json(&json!({ "reference": number })).answer().with_status(200);
}
