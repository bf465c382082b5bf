//! What a corporation reads of people in VERA from the match on, and only then; allocations and dwellings as
//! messages.

use omklap_tests::{Case, Ledger, Request};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Executor;

use crate::complexes::corporation;
use crate::vera::{TODAY, get, numbered, offer, patch, post, published, vacancy};

const PEOPLE: [&str; 3] = ["natuurlijk-personen", "relatierollen", "rechtspersonen"];

#[test]
fn nobody_is_named_before_a_client_accepts_a_home() {
    let stages: [fn(&Ledger) -> Case; 3] =
        [|ledger| ledger.ready(), |ledger| ledger.matching(), |ledger| ledger.offered()];
    for (at, stage) in stages.into_iter().enumerate() {
        let ledger = Ledger::empty();
        let _ = stage(&ledger);
        for list in PEOPLE {
            assert_eq!(get(&ledger, list).with_status(200).body, json!([]), "{list} at {at}");
        }
    }
}

#[test]
fn from_the_match_on_the_corporation_reads_who_its_client_is_and_nobody_else_does() {
    let ledger = Ledger::empty();
    let case = ledger.contracting();
    let people = get(&ledger, "natuurlijk-personen").with_status(200);
    assert_eq!((&people.body[0]["id"], &people.body[0]["soort"]["code"]), (&json!(case.id), &json!("NAT")));
    assert!(people.body[0]["aanschrijfnaam"].is_string(), "{}", people.text);
    let roles = get(&ledger, "relatierollen").with_status(200);
    assert_eq!(
        (roles.body.as_array().map(Vec::len), &roles.body[0]["soort"]["code"]),
        (Some(1), &json!("WON"))
    );
    assert_eq!(people.body[0]["rollen"][0]["id"], roles.body[0]["id"]);
    let providers = get(&ledger, "rechtspersonen").with_status(200);
    assert_eq!(providers.body[0]["id"], "de-vaart");
    for list in PEOPLE {
        let path = format!("/vera/v4/{list}");
        let other = ledger.get(&path).by("woonzorg").in_role("housing-corporation").answer();
        assert_eq!(other.with_status(200).body, json!([]), "{list}");
        ledger.get(&path).answer().with_status(403);
    }
    let looked = ledger.accesses(&case);
    assert!(
        looked.iter().any(|access| access.categories.iter().any(|seen| seen == "identity")),
        "it is logged"
    );
}

#[test]
fn a_client_whose_stored_name_was_altered_is_not_shown_as_one_without_a_name() {
    let ledger = Ledger::empty();
    let _ = ledger.contracting();
    ledger.in_the_database(async |owner| {
        owner.execute("UPDATE vault SET sealed = '\\x00'").await.map(drop).expect("its owner may");
    });
    assert_eq!(get(&ledger, "natuurlijk-personen").status, 500);
    assert!(ledger.metrics().contains("omklap_altered_records_total"));
}

#[test]
fn a_provider_that_rents_the_home_has_a_role_until_the_flip_and_no_trace_after_it() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    let roles = get(&ledger, "relatierollen").with_status(200);
    let of = |role: &Value| role["soort"]["code"].clone();
    let found: Vec<Value> = roles.body.as_array().expect("a list").iter().map(of).collect();
    assert_eq!(found, ["BEW", "HUU"], "{}", roles.text);
    assert_eq!(roles.body[1]["relatie"]["id"], "de-vaart");
    case.reports_all(["aftercare-agreed", "flip-approved", "contract-flipped"]);
    let own = get(&ledger, "relatierollen").with_status(200);
    assert_eq!((own.body.as_array().map(Vec::len), of(&own.body[0])), (Some(1), json!("HUU")));
    assert_eq!(get(&ledger, "rechtspersonen").with_status(200).body, json!([]));
    for list in PEOPLE {
        assert!(!get(&ledger, list).text.contains("de-vaart"), "{list}");
    }
}

#[test]
fn an_allocation_is_no_acceptance_and_adds_nothing_to_one() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let mut case = ledger.matching();
    let offered = post(&ledger, "aanbiedingen", &offer(&case, &id)).answer().with_status(201);
    let key = offered.body["id"].as_str().expect("an id").to_owned();
    let allocation = json!({"aanbieding": {"id": key}, "rekenhuur": 400.0});
    let early = post(&ledger, "toewijzingen", &allocation).answer().with_status(400);
    assert!(early.text.contains("/aanbieding/id [geen-feit]"), "{}", early.text);
    case.read_again();
    let offer_id = key.split_once('.').expect("a case and an offer").1;
    case.on(TODAY).reports(omklap_tests::sample_fact("offer-accepted").with("offerId", offer_id));
    let facts = ledger.facts();
    let sent = |body: &Value| numbered(post(&ledger, "toewijzingen", body), "T-1").answer();
    sent(&allocation).with_status(200);
    sent(&allocation).with_status(200);
    let mut other = allocation.clone();
    other["rekenhuur"] = json!(410.0);
    assert_eq!(sent(&other).with_status(409).body["code"], "idempotency-key-reused");
    let conflict = patch(&ledger, &format!("toewijzingen/{key}"), &other).answer().with_status(400);
    assert!(conflict.text.contains("/rekenhuur [spreekt-iets-tegen]"), "{}", conflict.text);
    put(&ledger, &format!("toewijzingen/{key}"), &allocation).answer().with_status(200);
    assert_eq!(ledger.facts(), facts, "nothing new");
}

#[test]
fn an_allocation_of_a_publication_without_an_offer_says_that_the_home_went_elsewhere() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let both = json!({"publicatie": {"idExtern": "PUB-1"}, "kandidaat": {"id": "x"}, "datum": "01-06-2026"});
    let refused = post(&ledger, "toewijzingen", &both).answer().with_status(400);
    for fault in ["/aanbieding/id [verplicht]", "/datum [geen-datum]"] {
        assert!(refused.text.contains(fault), "{fault}: {}", refused.text);
    }
    let nothing = post(&ledger, "toewijzingen", &json!({"rekeninkomen": 1})).answer().with_status(400);
    for fault in ["/aanbieding/id [verplicht]", "/rekeninkomen [inkomen]"] {
        assert!(nothing.text.contains(fault), "{fault}: {}", nothing.text);
    }
    assert_eq!(vacancy(&ledger, &id)["status"], "open");
    let elsewhere = json!({"publicatie": {"idExtern": "PUB-1"}});
    let sent = || numbered(post(&ledger, "toewijzingen", &elsewhere), "T-2").answer().with_status(200);
    sent();
    sent();
    assert_eq!(vacancy(&ledger, &id)["status"], "let");
}

#[test]
fn a_dwelling_by_itself_changes_the_vacancy_of_it_and_no_more() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let unit = json!({"idExtern": "VHE-77", "rekenhuur": 410.0, "kamersAantal": 3});
    post(&ledger, "eenheden", &unit).answer().with_status(200);
    let home = vacancy(&ledger, &id)["home"].clone();
    assert_eq!((&home["rentCents"], &home["rooms"]), (&json!(41_000), &json!(3)));
    assert_eq!(home["availableFrom"], "2026-10-01", "as the publication says");
    let smaller = json!({"idExtern": "VHE-77", "kamersAantal": 2});
    put(&ledger, "eenheden/VHE-77", &smaller).answer().with_status(200);
    patch(&ledger, "eenheden/VHE-77", &json!({"idExtern": "VHE-77", "etage": 4})).answer().with_status(200);
    let read = get(&ledger, "eenheden/VHE-77").with_status(200);
    assert_eq!((&read.body["kamersAantal"], &read.body["etage"]), (&json!(2), &json!(4)), "{}", read.text);
    let facts = ledger.facts();
    let unknown = json!({"idExtern": "VHE-78", "rekenhuur": 1.0});
    post(&ledger, "eenheden", &unknown).answer().with_status(200);
    assert_eq!(ledger.facts(), facts, "a dwelling is no vacancy");
    let wrong = json!({"idExtern": "VHE-77", "rekenhuur": "veel", "etage": 1000, "inkomens": [1]});
    let refused = post(&ledger, "eenheden", &wrong).answer().with_status(400);
    for fault in ["/rekenhuur [geen-bedrag]", "/etage [verkeerde-vorm]", "/inkomens [inkomen]"] {
        assert!(refused.text.contains(fault), "{fault}: {}", refused.text);
    }
    let other = ledger.get("/vera/v4/eenheden/VHE-77").by("woonzorg").in_role("housing-corporation");
    assert_eq!(other.answer().with_status(404).body["code"], "no-such-stream");
}

#[test]
fn what_is_sent_again_as_a_whole_means_what_a_change_means() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let case = ledger.matching();
    let offered = post(&ledger, "aanbiedingen", &offer(&case, &id)).answer().with_status(201);
    let path = format!("aanbiedingen/{}", offered.body["id"].as_str().expect("an id"));
    // What the client's side decides, a corporation does not report.
    let too_dear = json!({"status": {"code": "GEW"}, "detailStatus": {"code": "HUU"}});
    put(&ledger, &path, &too_dear).answer().with_status(403);
    let no_permit = json!({"status": {"code": "GEW"}, "detailStatus": {"code": "GER"}});
    put(&ledger, &path, &no_permit).answer().with_status(200);
    assert!(json!(case.timeline()).to_string().contains("offer-withdrawn"));
    let housed = Ledger::empty();
    let case = housed.housed();
    let lease = format!("{}.1ea50001-0000-4000-8000-000000000001", case.id);
    let renamed = json!({"eindeReden": {"code": "OPZ"}, "eindeDetailReden": {"code": "WIJ"}});
    put(&housed, &format!("huurovereenkomsten/{lease}"), &renamed).answer().with_status(200);
    let cancelled = json!({"status": {"code": "GEA"}});
    put(&housed, &format!("huuropzeggingen/{lease}"), &cancelled).answer().with_status(200);
    patch(&housed, &format!("huuropzeggingen/{lease}"), &cancelled).answer().with_status(200);
    let by_the_landlord = json!({"eindeReden": {"code": "ONT"}});
    patch(&housed, &format!("huuropzeggingen/{lease}"), &by_the_landlord).answer().with_status(400);
}

fn put(ledger: &Ledger, path: &str, body: &Value) -> Request {
    corporation(ledger.request(Method::PUT, &format!("/vera/v4/{path}")).json(body))
}
