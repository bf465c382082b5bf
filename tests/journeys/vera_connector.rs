//! `omklap vera-connector`: a corporation's own server and the ledger agree, whatever happens to either or to
//! the connector.

mod connected;

use std::fs;
use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use omklap_tests::{Case, Sent, Takes, eventually, sample_fact};
use serde_json::{Value, json};

use connected::{Connected, published_there};

use crate::vera::{TODAY, lease, offer, post, vacancy};

#[test]
fn a_home_goes_from_the_corporations_server_to_the_lease_and_the_allocation_comes_back() {
    let at = Connected::with_a_publication();
    let mut case = at.ledger.matching();
    at.ends_with(0, "1 message taken, 1 brought, 0 parked");
    let [candidate] = &at.server.list("kandidaten")[..] else { panic!("one candidate") };
    assert_eq!(candidate["idExtern"], json!(format!("{}.{}", case.id, at.vacancy())));
    assert_eq!((&candidate["publicatie"], &candidate["positie"]), (&json!({"id": "77"}), &Value::Null));
    let offered = post(&at.ledger, "aanbiedingen", &offer(&case, &at.vacancy())).answer().with_status(201);
    at.ends_with(0, "0 messages taken, 2 brought, 0 parked");
    case.read_again();
    let offer_id = offered.body["id"].as_str().expect("an id").split_once('.').expect("a point").1;
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id));
    at.ends_with(0, "2 brought");
    let [written] = &at.server.list("aanbiedingen")[..] else { panic!("one offer") };
    assert_eq!((&written["status"]["code"], &written["kandidaat"]["id"]), (&json!("TOE"), &candidate["id"]));
    let [allocated] = &at.server.list("toewijzingen")[..] else { panic!("one allocation") };
    assert_eq!((&allocated["aanbieding"]["id"], &allocated["rekenhuur"]), (&written["id"], &json!(400.0)));
    post(&at.ledger, "huurovereenkomsten", &lease(&case, TODAY, 400.0)).answer().with_status(201);
    at.ends_with(0, "1 brought");
    assert!(at.server.list("toewijzingen")[0]["overeenkomst"].is_string());
    let before = at.server.sent().len();
    at.ends_with(0, "0 messages taken, 0 brought, 0 parked");
    assert_eq!(at.server.sent().len(), before, "both sides agree");
}

#[test]
fn a_client_who_is_a_candidate_no_more_has_no_status_there() {
    let at = Connected::with_a_publication();
    let mut case = at.ledger.matching();
    at.ends_with(0, "1 brought");
    case.reports("request-returned");
    at.ends_with(0, "1 brought");
    let [candidate] = &at.server.list("kandidaten")[..] else { panic!("one candidate") };
    assert_eq!(candidate.get("status"), None, "nobody rejected the client");
}

#[test]
fn a_changed_publication_is_changed_and_one_that_ended_there_ends_here() {
    let at = Connected::with_a_publication();
    at.ends_with(0, "1 message taken");
    let mut dearer = published_there();
    dearer["eenheden"][0]["rekenhuur"] = json!(410.0);
    at.server.puts("publicaties", dearer.clone());
    at.ends_with(0, "1 message taken");
    assert_eq!(vacancy(&at.ledger, &at.vacancy())["home"]["rentCents"], 41_000);
    at.server.puts("publicaties", published_there());
    at.ends_with(0, "1 message taken");
    assert_eq!(vacancy(&at.ledger, &at.vacancy())["home"]["rentCents"], 40_000, "as it was before");
    dearer["status"] = json!({"code": "ING"});
    at.server.puts("publicaties", dearer);
    at.ends_with(0, "1 message taken");
    assert_eq!(vacancy(&at.ledger, &at.vacancy())["status"], "withdrawn");
    at.ends_with(0, "0 messages taken");
}

#[test]
fn a_change_that_comes_a_second_time_is_reported_a_second_time() {
    let at = Connected::with_a_publication();
    let mut dearer = published_there();
    dearer["eenheden"][0]["rekenhuur"] = json!(410.0);
    for (publication, rent) in
        [(published_there(), 40_000), (dearer.clone(), 41_000), (published_there(), 40_000), (dearer, 41_000)]
    {
        at.server.puts("publicaties", publication);
        at.ends_with(0, "1 message taken");
        assert_eq!(vacancy(&at.ledger, &at.vacancy())["home"]["rentCents"], rent);
    }
}

#[test]
fn what_is_not_for_the_flip_or_has_ended_before_stays_where_it_is() {
    let at = Connected::new();
    let mut ordinary = published_there();
    ordinary["model"] = json!({"code": "AAN"});
    at.server.puts("publicaties", ordinary);
    let mut ended = published_there();
    ended["status"] = json!({"code": "AFG"});
    ended["id"] = json!("78");
    at.server.puts("publicaties", ended);
    at.server.puts("huuropzeggingen", notice("HO-of-another-tenant"));
    at.ends_with(0, "0 messages taken, 0 brought, 0 parked");
    assert_eq!(at.ledger.rows("streams"), 0);
}

#[test]
fn a_message_that_the_server_refuses_is_parked_until_it_changes_or_somebody_says_so() {
    let at = Connected::with_a_publication();
    let case = at.ledger.matching();
    at.server.takes(Takes::Nothing(422));
    let refused = at.ends_with(1, "0 brought, 1 parked");
    at.ends_with(1, "0 brought, 1 parked");
    assert_eq!(at.server.sent().len(), 1, "it is not sent again by itself");
    let listed = at.runs(&["--parked"]);
    assert!(listed.text.contains(&format!("kandidaten {}", case.id)), "{}", listed.text);
    assert!(listed.text.contains("422 geweigerd"), "{}", listed.text);
    for text in [&refused.text, &listed.text, &at.kept()] {
        assert!(!text.contains("Sam de Boer"), "words of another server may name people: {text}");
    }
    at.server.takes(Takes::All);
    at.ends_with(1, "1 parked");
    at.runs(&["--once", "--again"]).ends_with(0, "1 brought, 0 parked");
    assert_eq!(at.server.list("kandidaten").len(), 1);
}

#[test]
fn a_message_that_the_ledger_refuses_is_parked_with_its_faults_and_without_its_values() {
    let at = Connected::new();
    let mut wrong = published_there();
    wrong["opleverdatum"] = json!("01-06-2026");
    wrong["rekeninkomen"] = json!(31_234);
    wrong["label"] = json!("BSN 111222333");
    at.server.puts("publicaties", wrong);
    at.ends_with(1, "0 messages taken, 0 brought, 1 parked");
    let listed = at.runs(&["--parked"]);
    for expected in ["/opleverdatum [geen-datum]", "/rekeninkomen [inkomen]", "/label [bsn]"] {
        assert!(listed.text.contains(expected), "{expected}: {}", listed.text);
    }
    assert!(!at.kept().contains("111222333") && !at.kept().contains("31234"), "{}", at.kept());
    assert_eq!(at.ledger.rows("streams"), 0, "nothing was recorded");
    at.server.puts("publicaties", published_there());
    at.ends_with(0, "1 message taken, 0 brought, 0 parked");
}

#[test]
fn a_server_that_fails_gets_each_message_once_it_is_well() {
    let at = Connected::with_a_publication();
    let _ = at.ledger.matching();
    at.server.takes(Takes::Nothing(503));
    at.ends_with(2, "0 brought, 0 parked, 1 to send again");
    at.ends_with(2, "0 brought, 0 parked, 1 to send again");
    at.server.takes(Takes::All);
    at.ends_with(0, "1 brought, 0 parked");
    let numbers: Vec<String> = at.server.sent().into_iter().map(|sent| sent.number).collect();
    assert!(numbers.len() == 3 && numbers.iter().all(|number| *number == numbers[0]), "{numbers:?}");
}

#[test]
fn a_server_that_fails_now_and_then_gets_every_message_and_one_that_fails_five_times_in_a_row_is_left_alone()
{
    let at = Connected::with_a_publication();
    let _clients = [(); 12].map(|()| at.ledger.matching());
    at.server.takes(Takes::EverySecond(503));
    at.ends_with(2, "6 brought, 0 parked, 6 to send again");
    assert_eq!(at.server.sent().len(), 12);
    at.server.takes(Takes::Nothing(503));
    at.ends_with(2, "the server refuses for now (503");
    assert_eq!(at.server.sent().len(), 12 + 5);
    at.server.takes(Takes::All);
    at.ends_with(0, "6 brought, 0 parked");
}

#[test]
fn a_notice_of_another_tenant_is_judged_once_and_costs_no_read_of_the_ledger_afterwards() {
    let at = Connected::with_a_publication();
    at.ends_with(0, "1 message taken");
    let case = leased(&at);
    at.ends_with(0, "brought");
    at.server.puts("huuropzeggingen", notice("HO-of-another-tenant"));
    let mut connector = at.begins(&["--seconds", "1"]);
    let after_rounds = |rounds| {
        let before = at.server.reads("huuropzeggingen");
        eventually(|| at.server.reads("huuropzeggingen") >= before + rounds);
        at.ledger.accesses(&case).len()
    };
    let judged = after_rounds(2);
    assert_eq!(after_rounds(3), judged, "an unchanged notice costs nothing");
    let mut other = notice("HO-of-another-tenant");
    other["opzegdatum"] = json!("2027-01-31");
    at.server.puts("huuropzeggingen", other);
    let again = after_rounds(2);
    assert!(again > judged, "a changed one is judged again");
    assert_eq!(after_rounds(3), again);
    send(&connector, Signal::SIGTERM);
    connector.wait().expect("it ends");
}

#[test]
fn a_server_that_dies_after_it_took_a_message_is_not_sent_it_twice() {
    let at = Connected::with_a_publication();
    let _ = at.ledger.matching();
    at.server.takes(Takes::AndDies);
    at.ends_with(2, "does not answer");
    at.server.takes(Takes::All);
    at.ends_with(0, "1 brought");
    assert_eq!(at.server.list("kandidaten").len(), 1);
    assert_eq!(requests(&at.server.sent()), ["POST /kandidaten", "PUT /kandidaten/T-1"]);
}

#[test]
fn a_connector_that_is_killed_at_any_message_sends_none_twice() {
    let at = Connected::with_a_publication();
    let mut case = at.ledger.matching();
    let killed_at = |list: &str| {
        at.server.takes(Takes::AndHangs);
        let before = at.server.sent().len();
        let mut connector = at.begins(&["--once"]);
        eventually(|| at.server.sent().len() > before);
        send(&connector, Signal::SIGKILL);
        connector.wait().expect("it ends");
        at.server.takes(Takes::All);
        at.ends_with(0, "0 parked");
        assert_eq!(at.server.list(list).len(), 1, "{list}");
    };
    killed_at("kandidaten");
    let offered = post(&at.ledger, "aanbiedingen", &offer(&case, &at.vacancy())).answer().with_status(201);
    killed_at("aanbiedingen");
    case.read_again();
    let offer_id = offered.body["id"].as_str().expect("an id").split_once('.').expect("a point").1;
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id));
    killed_at("toewijzingen");
    assert_eq!(at.ledger.rows("streams"), 1);
    for list in ["kandidaten", "aanbiedingen", "toewijzingen"] {
        assert_eq!(at.server.list(list).len(), 1, "{list}");
    }
}

#[test]
fn a_connector_that_lost_what_it_kept_doubles_nothing() {
    let at = Connected::with_a_publication();
    let _ = at.ledger.matching();
    at.ends_with(0, "1 message taken, 1 brought");
    fs::remove_dir_all(&at.folder).expect("ours");
    at.ends_with(0, "0 parked");
    assert_eq!((at.server.list("kandidaten").len(), at.ledger.rows("streams")), (1, 1));
    assert_eq!(requests(&at.server.sent())[1], "PUT /kandidaten/T-1");
    fs::remove_dir_all(&at.folder).expect("ours");
    at.ends_with(0, "0 parked");
}

#[test]
fn what_names_an_object_that_is_not_there_yet_waits_for_it() {
    let at = Connected::with_a_publication();
    let mut case = at.ledger.matching();
    at.ends_with(0, "1 brought");
    let offered = post(&at.ledger, "aanbiedingen", &offer(&case, &at.vacancy())).answer().with_status(201);
    case.read_again();
    let offer_id = offered.body["id"].as_str().expect("an id").split_once('.').expect("a point").1;
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id));
    at.server.takes(Takes::Only("toewijzingen", 500));
    at.ends_with(2, "to send again");
    assert_eq!(at.server.list("toewijzingen"), Vec::<Value>::new());
    at.server.takes(Takes::All);
    at.ends_with(0, "0 parked");
    let (offers, allocations) = (at.server.list("aanbiedingen"), at.server.list("toewijzingen"));
    assert_eq!(allocations[0]["aanbieding"]["id"], offers[0]["id"]);
}

#[test]
fn a_notice_of_a_lease_that_the_ledger_has_reaches_its_rules_and_no_other_leaves() {
    let at = Connected::with_a_publication();
    at.ends_with(0, "1 message taken");
    let case = leased(&at);
    at.server.puts("huuropzeggingen", notice("HO-of-another-tenant"));
    at.server.puts("huuropzeggingen", notice("HO-9"));
    // The provider is the landlord under an intermediary lease, so the notice is not the corporation's.
    at.ends_with(1, "0 messages taken, 2 brought, 1 parked");
    let listed = at.runs(&["--parked"]);
    assert!(
        listed.text.contains("huuropzeggingen opzegging-HO-9: 403 not-yours-to-report"),
        "{}",
        listed.text
    );
    assert!(!at.kept().contains("another-tenant"), "{}", at.kept());
    assert!(!json!(case.timeline()).to_string().contains("lease-end-agreed"));
    at.ends_with(1, "0 messages taken, 0 brought, 1 parked");
}

#[test]
fn a_running_connector_follows_the_feed_waits_for_a_server_and_stops_when_it_is_told() {
    let at = Connected::with_a_publication();
    at.server.takes(Takes::Nothing(500));
    let _ = at.ledger.matching();
    let mut connector = at.begins(&["--seconds", "60"]);
    eventually(|| at.server.sent().len() == 2);
    at.server.takes(Takes::All);
    eventually(|| at.server.list("kandidaten").len() == 1);
    at.ledger.until_waiting(1);
    let _ = at.ledger.matching();
    eventually(|| at.server.list("kandidaten").len() == 2);
    send(&connector, Signal::SIGTERM);
    assert!(connector.wait().expect("it ends").success());
}

#[test]
fn a_connector_needs_a_server_with_https_unless_it_is_on_this_machine() {
    let at = Connected::new();
    let ran = at.with("http://vera.example.org/v4", &["--once"]);
    assert!(ran.text.contains("may only be called with https"), "{}", ran.text);
    let mut second = at.begins(&["--seconds", "60"]);
    at.ledger.until_waiting(1);
    let ran = at.runs(&["--once"]);
    assert!(ran.text.contains("another connector works on"), "{}", ran.text);
    send(&second, Signal::SIGTERM);
    second.wait().expect("it ends");
}

/// An approved notice of the lease with this key.
fn notice(lease: &str) -> Value {
    json!({
        "id": format!("opzegging-{lease}"),
        "huurovereenkomst": {"idExtern": lease},
        "status": {"code": "GOE"},
        "eindeReden": {"code": "OPZ"},
        "opzegdatum": "2026-12-31",
        "extra-attributen": [
            {"naam": "omklap.ondertekend-door", "waarde": "client,care-provider"},
            {"naam": "omklap.volgende-plek", "waarde": "Bij zijn zus."},
            {"naam": "omklap.document", "waarde": "BEEINDIGING-9"}
        ]
    })
}

/// A case whose client lives in the dwelling of these tests.
fn leased(at: &Connected) -> Case {
    let mut case = at.ledger.matching();
    let offered = post(&at.ledger, "aanbiedingen", &offer(&case, &at.vacancy())).answer().with_status(201);
    case.read_again();
    let offer_id = offered.body["id"].as_str().expect("an id").split_once('.').expect("a point").1;
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id));
    post(&at.ledger, "huurovereenkomsten", &lease(&case, TODAY, 400.0)).answer().with_status(201);
    case
}

fn requests(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|sent| sent.request.as_str()).collect()
}

fn send(process: &Child, signal: Signal) {
    let process = i32::try_from(process.id()).expect("process ids fit");
    kill(Pid::from_raw(process), signal).expect("it is ours and runs");
}
