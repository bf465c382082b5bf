//! Lists are paged: no element is repeated or missing.

use std::collections::BTreeSet;

use omklap_tests::{Ledger, sample_fact};
use serde_json::{Value, json};

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["trajectoryId"].as_str().expect("an id")).collect()
}

#[test]
fn every_case_is_on_one_page() {
    let ledger = Ledger::empty();
    let opened: BTreeSet<String> = (0..7).map(|_| ledger.preparing().id).collect();
    let pages = ledger.pages("/v1/trajectories?limit=3");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let listed = pages.concat();
    assert!(ids(&listed).is_sorted());
    assert_eq!(ids(&listed).into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), opened);
}

#[test]
fn the_cases_behind_a_figure_are_each_on_one_page_in_one_order() {
    let ledger = Ledger::empty();
    let mut housed = BTreeSet::new();
    for _ in 0..7 {
        housed.insert(ledger.housed().id);
        // It is behind no such figure, and takes no place on a page.
        let _ = ledger.opens("intake-registered");
    }
    // On disk they are in the opposite order.
    for id in housed.iter().rev() {
        let rewritten =
            "UPDATE contributions SET trajectory_id = trajectory_id WHERE trajectory_id = $1::uuid";
        ledger.in_the_database(async |owner| {
            sqlx::query(rewritten).bind(id).execute(owner).await.expect("the owner may");
        });
    }
    for figure in ["home-in-time", "end-to-end", "flip-rate"] {
        let path = format!("/v1/regions/amsterdam/figures/{figure}/cases?from=2021-01-01");
        let whole = ledger.pages(&format!("{path}&limit=500"));
        assert_eq!(whole.len(), 1, "{figure}");
        for limit in [1, 2, 3] {
            let pages = ledger.pages(&format!("{path}&limit={limit}"));
            assert_eq!(pages.len(), whole[0].len().div_ceil(limit).max(1), "{figure} by {limit}");
            assert_eq!(pages.concat(), whole[0], "{figure} by {limit}");
        }
    }
    let path = "/v1/regions/amsterdam/figures/home-in-time/cases?from=2021-01-01&limit=2";
    let behind = ledger.pages(path).concat();
    assert_eq!(ids(&behind), housed.iter().map(String::as_str).collect::<Vec<_>>(), "each once");
}

#[test]
fn others_may_write_while_somebody_reads() {
    let ledger = Ledger::empty();
    let opened: Vec<_> = (0..6).map(|_| ledger.preparing()).collect();
    let (mut next, mut seen) = (Some("/v1/trajectories?limit=2".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = ledger.get(&path).answer().with_status(200);
        seen.extend(ids(page.body["items"].as_array().expect("items")).into_iter().map(str::to_owned));
        next = page.next();
        if seen.len() <= 6 {
            ledger.minutes_pass(1);
            let _ = ledger.preparing();
            opened[0].clone().reporting(&opened[0].next("consent-given")).seen("*").answer().with_status(201);
        }
    }
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "nothing twice");
    assert!(opened.iter().all(|case| seen.contains(&case.id)), "nothing missed");
}

#[test]
fn a_timeline_is_paged_while_it_grows() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let first = ledger.get(&format!("{}?limit=4", case.events())).answer().with_status(200);
    case.reports("rent-missed");
    let rest = ledger.pages(&first.next().expect("a next page")).concat();
    let numbers =
        |items: &[Value]| items.iter().filter_map(|item| item["sequence"].as_u64()).collect::<Vec<_>>();
    let all = [numbers(first.body["items"].as_array().expect("items")), numbers(&rest)].concat();
    assert_eq!(all, (1..=12).collect::<Vec<_>>());
}

#[test]
fn a_full_last_page_has_no_next() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let page = ledger.get(&format!("{}?limit=3", case.events())).answer();
    assert_eq!((page.next(), page.body.get("next")), (None, None));
    assert!(ledger.get(&format!("{}?limit=2", case.events())).answer().body.get("next").is_some());
}

#[test]
fn a_cursor_belongs_to_its_list() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let _ = ledger.ready();
    let cursor =
        ledger.get("/v1/trajectories?limit=1").answer().body["next"].as_str().expect("a cursor").to_owned();
    for elsewhere in [
        format!("/v1/trajectories?phase=ready&cursor={cursor}"),
        format!("{}?cursor={cursor}", case.events()),
    ] {
        assert_eq!(ledger.get(&elsewhere).answer().with_status(404).problem(), "no-such-page");
    }
    let made_up = ledger.get("/v1/trajectories?cursor=made-up").answer().with_status(404);
    assert_eq!(made_up.problem(), "no-such-page");
}

#[test]
fn filters_can_be_put_together() {
    let ledger = Ledger::empty();
    let _ = ledger.ready();
    let elsewhere = sample_fact("intake-registered")
        .with("municipality", "gemeente-venlo")
        .with("region", "noord-limburg")
        .with("agreementSet", json!({"id": "noord-limburg", "version": 1}));
    let venlo = ledger.opens(elsewhere);
    for (filter, found) in [
        ("", 2),
        ("?phase=preparing", 1),
        ("?region=noord-limburg&municipality=gemeente-venlo", 1),
        ("?region=noord-limburg&phase=ready", 0),
        ("?careProvider=de-vaart", 2),
    ] {
        let list = ledger.pages(&format!("/v1/trajectories{filter}")).concat();
        assert_eq!(list.len(), found, "{filter}");
        assert!(found != 1 || ids(&list) == [venlo.id.as_str()], "{filter}");
    }
}

#[test]
fn all_wrong_filters_are_named_at_once() {
    let ledger = Ledger::empty();
    let path =
        "/v1/trajectories?phase=moon&limit=501&updatedSince=yesterday&colour=red&region=A%20B&region=b";
    let answer = ledger.get(path).answer().with_status(400);
    let places: BTreeSet<_> = answer.errors().into_iter().map(|(_, place)| place).collect();
    assert_eq!(places, BTreeSet::from(["phase", "limit", "updatedSince", "colour", "region"]));
}
