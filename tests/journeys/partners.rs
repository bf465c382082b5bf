//! Administrators manage the partners.

use std::process::Output;

use omklap_tests::{Ledger, Process, Request};
use serde_json::{Value, json};

fn haag_wonen() -> Value {
    json!({
        "kind": "housing-corporation", "name": "Haag Wonen", "regions": ["haaglanden"],
        "contactPoints": {"general": "070 555 0100"},
        "clients": [{"clientId": "haag-wonen-erp", "roles": ["housing-corporation"], "purpose": "tenancy"}],
    })
}

fn by_an_administrator(ledger: &Ledger, request: Request) -> Request {
    request.with_token(&ledger.administrator())
}

fn write(ledger: &Ledger, organisation: &str, body: &Value) -> Request {
    let path = format!("/v1/organisations/{organisation}");
    by_an_administrator(ledger, ledger.request(reqwest::Method::PUT, &path)).json(body)
}

fn ask(ledger: &Ledger) -> Request {
    let claims = json!({"client_id": "haag-wonen-erp", "role": null, "purpose": null});
    ledger.get("/v1/trajectories").with_token(&ledger.token_claiming(&claims))
}

#[test]
fn an_organisation_is_added_once_and_changed_by_who_saw_its_version() {
    let ledger = Ledger::empty();
    let _ =
        write(&ledger, "haag-wonen", &haag_wonen()).header("if-none-match", "*").answer().with_status(201);
    let again = write(&ledger, "haag-wonen", &haag_wonen()).header("if-none-match", "*").answer();
    assert_eq!(again.with_status(412).problem(), "organisation-changed");
    let unseen = write(&ledger, "haag-wonen", &haag_wonen()).answer();
    assert_eq!(unseen.with_status(428).problem(), "version-required");
}

#[test]
fn an_organisation_is_added_changed_and_disabled() {
    let ledger = Ledger::empty();
    assert_eq!(ask(&ledger).answer().with_status(403).problem(), "client-not-admitted");
    let added =
        write(&ledger, "haag-wonen", &haag_wonen()).header("if-none-match", "*").answer().with_status(201);
    assert_eq!(
        (added.header("etag"), &added.body["clients"][0]["issuer"]),
        (Some("\"1\""), &json!("development"))
    );
    let _ = ask(&ledger).answer().with_status(200);

    let mut without = haag_wonen();
    without["clients"] = json!([]);
    let _ = write(&ledger, "haag-wonen", &without).seen("\"1\"").answer().with_status(200);
    let path = "/v1/organisations/haag-wonen";
    let read = by_an_administrator(&ledger, ledger.get(path)).answer().with_status(200);
    assert!(read.header("etag").is_some_and(|tag| tag.starts_with("\"2.")), "{:?}", read.header("etag"));
    assert_eq!(read.body["clients"][0]["disabled"], true);
    assert_eq!(ask(&ledger).answer().with_status(403).problem(), "client-not-admitted");

    let mut disabled = haag_wonen();
    let _ = write(&ledger, "haag-wonen", &disabled).seen("\"2\"").answer().with_status(200);
    let _ = ask(&ledger).answer().with_status(200);
    disabled["disabled"] = true.into();
    let _ = write(&ledger, "haag-wonen", &disabled).seen("\"3\"").answer().with_status(200);
    assert_eq!(ask(&ledger).answer().with_status(403).problem(), "client-not-admitted");
    let stale = write(&ledger, "haag-wonen", &haag_wonen()).seen("\"3\"").answer().with_status(412);
    assert_eq!(stale.body["version"], 4);
}

#[test]
fn a_registration_says_who_made_it_in_the_ledger_and_in_the_access_log() {
    let ledger = Ledger::empty();
    let added = write(&ledger, "haag-wonen", &haag_wonen()).header("if-none-match", "*").answer();
    let _ = added.with_status(201);
    let read = |sql: &'static str| {
        let rows = ledger.in_the_database(async |owner| sqlx::query_scalar(sql).fetch_all(owner).await);
        let rows: Vec<Value> = rows.expect("an owner may");
        rows
    };
    let events = read(
        "SELECT json_build_object('says', payload, 'by', metadata) FROM events WHERE aggregate_id = 'haag-wonen'",
    );
    let [event] = &events[..] else { panic!("one registration: {events:?}") };
    assert_eq!(event["says"]["type"], "organisation-registered");
    assert_eq!(event["says"]["clients"]["haag-wonen-erp"]["roles"], json!(["housing-corporation"]));
    assert!(!event.to_string().contains("070 555"), "how to reach a desk is in no event");
    assert_eq!(event["by"]["role"], "administrator");
    assert_eq!(event["by"]["tokenDigest"].as_str().map(str::len), Some(64));
    let lines = read("SELECT to_json(access_log) FROM access_log");
    let [line] = &lines[..] else { panic!("one line: {lines:?}") };
    let (action, role, trajectories) = (&line["action"], &line["role"], &line["trajectories"]);
    assert_eq!((action, role, trajectories), (&json!("register"), &json!("administrator"), &json!([])));
    assert_eq!(line["actor"], event["by"]["actor"]);
}

#[test]
fn a_registration_that_is_refused_leaves_nothing() {
    let ledger = Ledger::empty();
    let _ = write(&ledger, "haag-wonen", &haag_wonen()).seen("\"7\"").answer().with_status(412);
    let mut other = haag_wonen();
    let _ = write(&ledger, "haag-wonen", &other).header("if-none-match", "*").answer().with_status(201);
    other["name"] = json!("Another");
    let taken = write(&ledger, "another", &other).header("if-none-match", "*").answer().with_status(409);
    assert_eq!(taken.problem(), "client-taken");
    assert_eq!(ledger.rows("organisations"), 1);
    assert_eq!(ledger.rows("access_log"), 1);
    assert_eq!(ledger.rows("events"), 1);
}

#[test]
fn a_command_names_everything_that_is_not_known_and_what_was_probably_meant() {
    let ledger = Process::start();
    let refuses = |line: &str, named: &[&str]| refuses(&ledger, line, named);
    for (more, named) in [
        (
            "--region amsterdm --region nowherre --region zeeland",
            &["no amsterdm; did you mean amsterdam?", "no nowherre", "haaglanden"][..],
        ),
        ("--client anker --role auditor", &["--role auditor", "care-provider, there is no"]),
        ("--client anker --issuer developmnt", &["no developmnt; did you mean development?"]),
    ] {
        refuses(&format!("{ADD} {more}"), named);
    }
    does(&ledger, &format!("{ADD} --client anker-ecd --purpose guidance"), "added");
    refuses("partner add anker --kind auditor", &["anker is registered as a care-provider", "auditor"]);
    refuses("partner disable ankr", &["there is no ankr; did you mean anker?"]);
    refuses("partner disable anker --client anker-edc", &["no anker-edc; did you mean anker-ecd?"]);
    let listed = String::from_utf8_lossy(&ledger.omklap(&["partner", "list"]).stdout).into_owned();
    assert!(listed.contains("anker-ecd") && !listed.contains("nowherre"), "{listed}");
}

/// A command fails without a result, and names all of these.
#[track_caller]
fn refuses(ledger: &Process, line: &str, named: &[&str]) {
    let ran = run(ledger, line);
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.code() == Some(1) && ran.stdout.is_empty(), "{line}: {said}");
    assert!(named.iter().all(|name| said.contains(name)), "{line}: {said}");
}

/// A command ends with this outcome. Returns what it shows.
#[track_caller]
fn does(ledger: &Process, line: &str, outcome: &str) -> Value {
    let ran = run(ledger, &format!("{line} --json"));
    let shown: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{line}: {ran:?}"));
    assert_eq!((ran.status.code(), &shown["outcome"]), (Some(0), &json!(outcome)), "{line}");
    shown
}

fn run(ledger: &Process, line: &str) -> Output {
    ledger.omklap(&line.split(' ').collect::<Vec<_>>())
}

const ADD: &str = "partner add anker --kind care-provider";

/// A ledger with one partner that somebody added, and that partner.
fn with_anker() -> (Process, Value) {
    let ledger = Process::start();
    let details = "--name Anker --region amsterdam --contact desk=020 --client ecd --purpose guidance";
    let anker = does(&ledger, &format!("{ADD} {details} --role guide"), "added");
    does(&ledger, &format!("{ADD} {details} --role guide"), "unchanged");
    (ledger, anker)
}

#[test]
fn a_partner_is_not_mended_with_what_cannot_be_registered() {
    let (ledger, anker) = with_anker();
    let (name, point) = ("a".repeat(121), "0".repeat(201));
    refuses(
        &ledger,
        &format!("partner mend anker --name {name} --contact desk={point}"),
        &["/name", "/contactPoints/desk"],
    );
    let mended = does(&ledger, "partner mend anker", "mended");
    assert_eq!((&mended["name"], &mended["contactPoints"]), (&anker["name"], &anker["contactPoints"]));
}

#[test]
fn adding_to_a_partner_takes_nothing_away() {
    let (ledger, _) = with_anker();
    let grown = does(&ledger, &format!("{ADD} --region almere --client ecd --role nuisance-desk"), "changed");
    assert_eq!(grown["regions"], json!(["almere", "amsterdam"]));
    assert_eq!(grown["clients"][0]["roles"], json!(["guide", "nuisance-desk"]));
    for (more, named) in [
        ("--name Ander", "--name anker: it is registered as Anker"),
        ("--contact desk=010", "--contact desk: it is registered as 020"),
        ("--client ecd --purpose research", "--purpose research: ecd is registered with guidance"),
    ] {
        refuses(&ledger, &format!("{ADD} {more}"), &[named, "partner change"]);
    }
    let without = "--purpose: for which purpose does erp process the data?";
    refuses(&ledger, &format!("{ADD} --client erp"), &[without]);
}

#[test]
fn changing_a_partner_names_what_it_changes() {
    let (ledger, anker) = with_anker();
    does(&ledger, &format!("{ADD} --region almere --client ecd --role nuisance-desk"), "changed");
    let change = "partner change anker --name Ander --contact desk=010 --drop-region almere --client ecd --role guide --purpose care";
    let changed = does(&ledger, change, "changed");
    assert_eq!((&changed["name"], &changed["contactPoints"]["desk"]), (&json!("Ander"), &json!("010")));
    assert_eq!(changed["regions"], json!(["amsterdam"]));
    assert_eq!(changed["clients"][0]["roles"], anker["clients"][0]["roles"]);
    assert_eq!(changed["clients"][0]["purpose"], "care");
    refuses(&ledger, "partner change anker", &["what is to change about anker?"]);
    let unknown = "--drop-region haarlem: there is no haarlem";
    refuses(&ledger, "partner change anker --drop-region haarlem", &[unknown]);
    refuses(&ledger, "partner change ankr --name A", &["there is no ankr; did you mean anker?"]);
    let dutch = String::from_utf8_lossy(&run(&ledger, "partner list --lang nl").stdout).into_owned();
    assert!(dutch.contains("Ander (anker), zorgaanbieder, regio's amsterdam"), "{dutch}");
    let refused =
        String::from_utf8_lossy(&run(&ledger, "partner change ankr --name A --lang nl").stderr).into_owned();
    assert!(refused.contains("organisatie: ankr bestaat niet; bedoelde u anker?"), "{refused}");
    let refused =
        String::from_utf8_lossy(&run(&ledger, "partner change ankr --name A --json").stderr).into_owned();
    // A slow machine may say more beside it.
    let refused = refused.lines().find_map(|line| serde_json::from_str::<Value>(line).ok()).expect("JSON");
    assert!(refused["error"].as_str().is_some_and(|why| why.contains("there is no ankr")), "{refused}");
    assert!(!dutch.contains("care-provider") && !dutch.contains("guide,"), "{dutch}");
}

#[test]
fn a_disabled_program_is_admitted_again_by_enabling_it_alone() {
    let (ledger, _) = with_anker();
    does(&ledger, "partner disable anker --client ecd", "disabled");
    let grown = does(&ledger, &format!("{ADD} --client ecd --role care-provider"), "changed");
    assert_eq!(grown["clients"][0]["disabled"], true);
    does(&ledger, "partner enable anker --client ecd", "enabled");
    does(&ledger, "partner enable anker", "unchanged");
    refuses(&ledger, "partner enable anker --client edc", &["there is no edc"]);
}

#[test]
fn everything_that_is_wrong_with_an_organisation_is_named_at_once() {
    let ledger = Ledger::empty();
    let body =
        json!({"kind": "bank", "regions": ["Haag"], "clients": [{"clientId": "", "roles": []}], "colour": 1});
    let answer = write(&ledger, "x", &body).header("if-none-match", "*").answer().with_status(400);
    let mut errors = answer.errors();
    errors.sort_unstable();
    assert_eq!(
        errors,
        [
            ("not-as-agreed", "/clients/0/clientId"),
            ("not-as-agreed", "/regions/0"),
            ("not-one-of", "/kind"),
            ("required", "/name"),
            ("too-few", "/clients/0/roles"),
            ("unknown-field", "/colour"),
        ]
    );
    let mut body = haag_wonen();
    body["clients"] = json!([
        {"clientId": "a", "roles": ["guide"], "issuer": "elsewhere"}, {"clientId": "a", "roles": ["nuisance-officer"]}
    ]);
    let answer = write(&ledger, "haag-wonen", &body).header("if-none-match", "*").answer().with_status(400);
    let expected = [
        ("not-one-of", "/clients/0/roles"),
        ("not-one-of", "/clients/0/issuer"),
        ("repeated", "/clients/1/clientId"),
    ];
    assert_eq!(answer.errors(), expected);
}

#[test]
fn a_client_stays_with_its_organisation() {
    let ledger = Ledger::empty();
    let _ =
        write(&ledger, "haag-wonen", &haag_wonen()).header("if-none-match", "*").answer().with_status(201);
    let answer =
        write(&ledger, "staedion", &haag_wonen()).header("if-none-match", "*").answer().with_status(409);
    assert_eq!(
        (answer.problem(), answer.errors()),
        ("client-taken", vec![("repeated", "/clients/0/clientId")])
    );
    assert_eq!(ledger.rows("organisations"), 1, "nothing was written");
}

#[test]
fn partners_are_listed_page_by_page_and_an_administrator_reads_no_trajectory() {
    let ledger = Ledger::empty();
    for name in ["c", "a", "b"] {
        let body = json!({"kind": "auditor", "name": name, "regions": []});
        let _ = write(&ledger, name, &body).header("if-none-match", "*").answer().with_status(201);
    }
    let page =
        by_an_administrator(&ledger, ledger.get("/v1/organisations?limit=2")).answer().with_status(200);
    let ids: Vec<_> =
        page.body["items"].as_array().expect("items").iter().map(|item| &item["organisationId"]).collect();
    assert_eq!(ids, ["a", "b"]);
    assert!(page.next().is_some());
    let none = by_an_administrator(&ledger, ledger.get("/v1/organisations/nobody")).answer().with_status(404);
    assert_eq!(none.problem(), "no-such-organisation");
    let administrator =
        by_an_administrator(&ledger, ledger.get("/v1/trajectories")).answer().with_status(403);
    assert_eq!(administrator.problem(), "insufficient-scope", "an administrator does not read trajectories");
}
