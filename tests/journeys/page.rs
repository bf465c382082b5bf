//! The page for people: what a person sees and reports, and what it says when something is wrong.

use std::thread;

use omklap_tests::{Browser, Case, Ledger, Screen, sample_fact};
use serde_json::{Value, json};
use sqlx::Executor;

/// A guide and a case of hers.
struct Desk {
    ledger: Ledger,
    case: Case,
    browser: Browser,
}

/// Corine of the demo is signed in, and her organisation has one case.
fn desk() -> Desk {
    desk_with_client("Sam de Boer")
}

fn desk_with_client(name: &str) -> Desk {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered").with("careProvider", "cosis").with("clientName", name);
    let answer = ledger
        .post("/v1/trajectories")
        .by("cosis")
        .json(&intake.on("2026-10-01").happening("2026-10-01".parse().expect("a day")))
        .answer()
        .with_status(201);
    let id = answer.body["trajectoryId"].as_str().expect("an id").to_owned();
    let mut case = ledger.opens("intake-registered");
    (case.id, case.partners.care_provider) = (id, "cosis".to_owned());
    let browser = Browser::at(ledger.address());
    browser.sign_in("Corine");
    Desk { ledger, case, browser }
}

impl Desk {
    fn form(&self, kind: &str) -> String {
        format!("/cases/{}/report/{kind}", self.case.id)
    }

    fn facts(&self) -> Vec<Value> {
        let page = self.ledger.get(&self.case.events()).by("cosis").answer().with_status(200);
        page.body["items"].as_array().expect("items").clone()
    }

    /// Sends the form of a kind as it is, with these fields typed.
    fn send(&self, kind: &str, screen: &Screen, typed: &[(&str, &str)]) -> Screen {
        let fields = screen.typed(typed);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.browser.post(&self.form(kind), &fields)
    }
}

const RECORD: (&str, &str) = ("do", "record");

const STEP: [(&str, &str); 2] = [("/step", "income-arranged"), ("/notes", "Uitkering loopt.")];

#[test]
fn a_form_that_is_posted_twice_records_one_fact() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    assert_eq!(form.status, 200, "{}", form.html);
    let typed = [STEP[0], STEP[1], RECORD];
    for _ in 0..2 {
        let sent = desk.send("preparation-step-completed", &form, &typed);
        let done = format!("/cases/{}?done=2", desk.case.id);
        assert_eq!((sent.status, sent.location), (303, Some(done)), "{}", sent.html);
    }
    assert_eq!(desk.facts().len(), 2);
    let case = desk.browser.open(&format!("/cases/{}?done=2", desk.case.id));
    assert!(case.html.contains("Vastgelegd: "), "{}", case.html);
}

#[test]
fn a_refused_form_names_every_field_and_keeps_what_was_typed() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    let refused = desk.send("preparation-step-completed", &form, &[("/notes", "Uitkering loopt."), RECORD]);
    assert_eq!(refused.status, 400);
    assert!(refused.html.contains("Er is niets vastgelegd"));
    assert!(refused.html.contains(r##"<a href="#/step">"##), "{}", refused.html);
    assert!(refused.html.contains(r#"aria-invalid="true""#));
    assert!(refused.fields().contains(&("/notes".to_owned(), "Uitkering loopt.".to_owned())));
    assert_eq!(desk.facts().len(), 1);
}

#[test]
fn a_form_that_is_tried_says_what_would_follow_and_records_nothing() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    let tried = desk.send("preparation-step-completed", &form, &[STEP[0], ("do", "try")]);
    assert_eq!(tried.status, 200);
    assert!(tried.html.contains("Dit kan worden vastgelegd"), "{}", tried.html);
    assert_eq!(desk.facts().len(), 1);
}

#[test]
fn who_reports_after_somebody_else_is_shown_what_came_meanwhile_and_records_it_with_one_more_press() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    let meanwhile = json!({"type": "privacy-explained", "occurredOn": "2026-10-05", "sharedWith": ["housing-corporation"]});
    let _ = desk
        .ledger
        .post(&desk.case.events())
        .by("cosis")
        .seen("*")
        .json(&meanwhile)
        .answer()
        .with_status(201);
    let stale = desk.send("preparation-step-completed", &form, &[STEP[0], STEP[1], RECORD]);
    assert_eq!(stale.status, 412);
    assert!(stale.html.contains("Privacy uitgelegd"), "{}", stale.html);
    assert!(stale.fields().contains(&("/notes".to_owned(), "Uitkering loopt.".to_owned())));
    let sent = desk.send("preparation-step-completed", &stale, &[RECORD]);
    assert_eq!(sent.status, 303, "{}", sent.html);
    assert_eq!(desk.facts().len(), 3);
}

#[test]
fn a_fact_that_became_impossible_while_it_was_typed_is_refused_in_words() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("readiness-revoked"));
    let typed = [("/reason", "Toch nog niet."), RECORD];
    let refused = desk.send("readiness-revoked", &form, &typed);
    assert_eq!(refused.status, 409);
    assert!(refused.html.contains("Er is niets vastgelegd"), "{}", refused.html);
    assert!(refused.fields().contains(&("/reason".to_owned(), "Toch nog niet.".to_owned())));
}

#[test]
fn a_form_without_the_version_that_was_seen_gets_it_and_is_not_recorded_blindly() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    let without = desk.send("preparation-step-completed", &form, &[STEP[0], ("version", ""), RECORD]);
    assert_eq!(without.status, 428, "{}", without.html);
    assert_eq!(desk.facts().len(), 1);
    let sent = desk.send("preparation-step-completed", &without, &[RECORD]);
    assert_eq!(sent.status, 303, "{}", sent.html);
}

#[test]
fn a_form_of_another_site_or_of_nobody_changes_nothing() {
    let desk = desk();
    for (site, path) in [("cross-site", desk.form("privacy-explained")), ("none", "/sign-out".to_owned())] {
        let refused = desk.browser.post_from(site, &path, &[("do", "record")]);
        assert_eq!(refused.status, 403, "{site}");
    }
    assert_eq!(desk.facts().len(), 1);
    assert_eq!(desk.browser.open("/worklist").status, 200, "still signed in");
}

#[test]
fn a_session_of_another_server_or_none_is_asked_to_sign_in_and_a_typed_form_is_kept() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    desk.browser.set_cookie("omklap", "a-session-of-another-server");
    let signed_out = desk.browser.open("/worklist");
    assert_eq!((signed_out.status, signed_out.location.as_deref()), (303, Some("/")));
    let kept = desk.send("preparation-step-completed", &form, &[STEP[0], STEP[1], RECORD]);
    assert_eq!(kept.status, 401);
    assert!(kept.html.contains("Uitkering loopt."), "{}", kept.html);
    desk.browser.sign_in("Corine");
    let sent = desk.send("preparation-step-completed", &kept, &[RECORD]);
    assert_eq!(sent.status, 303, "{}", sent.html);
    assert_eq!(desk.facts().len(), 2);
}

#[test]
fn a_form_of_one_person_is_not_sent_by_the_next_who_signed_in_in_another_tab() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    desk.browser.sign_in("Karel");
    let refused = desk.send("preparation-step-completed", &form, &[STEP[0], STEP[1], RECORD]);
    assert_eq!(refused.status, 409);
    assert!(refused.html.contains("U bent nu iemand anders"), "{}", refused.html);
    assert_eq!(desk.facts().len(), 1);
}

#[test]
fn a_case_that_is_not_for_this_person_looks_like_one_that_is_not_there() {
    let desk = desk();
    // Her organisation is a partner of the ledger, and not of this case.
    let _ = desk.ledger.get("/v1/trajectories").by("leger-des-heils").answer().with_status(200);
    desk.browser.sign_in("Naima");
    let hidden = desk.browser.open(&format!("/cases/{}", desk.case.id));
    let missing = desk.browser.open("/cases/0199a3b4-c5d6-7e8f-9012-3456789abcde");
    assert_eq!((hidden.status, missing.status), (404, 404));
    assert_eq!(hidden.html, missing.html);
}

#[test]
fn an_address_that_is_none_is_a_page_in_words() {
    let desk = desk();
    let _ = desk.ledger.get("/v1/trajectories").by("leger-des-heils").answer().with_status(200);
    desk.browser.sign_in("Naima");
    for path in [
        "/cases/7",
        "/cases/7/replay",
        "/cases/7/report/rent-missed",
        "/vacancies/7",
        "/seekers/nowhere",
        "/seekers/amsterdam?cursor=a&cursor=b",
        "/worklist?mine=perhaps",
    ] {
        let page = desk.browser.open(path);
        assert!([400, 404].contains(&page.status), "{path}: {}", page.status);
        assert!(
            page.html.starts_with("<!DOCTYPE html>") && page.html.contains("<h1>"),
            "{path}: {}",
            page.html
        );
    }
}

#[test]
fn every_page_is_kept_out_of_frames_and_caches_and_runs_nothing_inline() {
    let desk = desk();
    for path in ["/", "/worklist", "/cases", "/partners", "/toegankelijkheid"] {
        let page = desk.browser.open(path);
        assert_eq!(page.status, 200, "{path}: {}", page.html);
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        let policy = &page.headers["content-security-policy"];
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(!page.html.contains(" style=") && !page.html.contains(" onclick="), "{path}");
    }
}

/// A person of the demo in each role, with the organisation.
const PEOPLE: [(&str, &str, &str); 10] = [
    ("Corine", "cosis", "guide"),
    ("Henriëtte", "leger-des-heils", "care-provider"),
    ("Ruud", "leger-des-heils", "nuisance-desk"),
    ("Petra", "haag-wonen", "housing-corporation"),
    ("Otto", "corporatie-amsterdam-noord", "nuisance-officer"),
    ("Faisal", "gemeente-den-haag", "wmo-consultant"),
    ("Anne", "matching-point", "matching-point"),
    ("Karel", "auditor", "auditor"),
    ("Joke", "gemeente-amsterdam", "municipality"),
    ("Laura", "leger-des-heils", "client"),
];

#[test]
fn every_screen_of_the_menu_opens_in_every_role() {
    let desk = desk();
    for (person, organisation, role) in PEOPLE {
        // The tests register an organisation when it first asks for something.
        let me = desk.ledger.get("/v1/me").by(organisation).in_role(role);
        let me = if role == "client" { me.as_client_of(&desk.case.id) } else { me };
        let _ = me.answer().with_status(200);
        let browser = Browser::at(desk.ledger.address());
        browser.sign_in(person);
        for path in [
            "/worklist",
            "/worklist?mine=false&overdue=true",
            "/cases",
            "/seekers",
            "/seekers/amsterdam",
            "/rounds/amsterdam",
            "/vacancies",
            "/figures/amsterdam",
            "/verify",
            "/partners",
        ] {
            let page = browser.open(path);
            // One region is no choice.
            let goes_on =
                page.status == 303 && page.location.as_deref().is_some_and(|to| to.starts_with(path));
            assert!(page.status == 200 || goes_on, "{person} at {path}: {}", page.html);
        }
    }
}

#[test]
fn lists_name_the_client_and_show_the_own_number() {
    let desk = desk();
    let recorded = Ledger::empty().housed().timeline();
    let facts: Vec<Value> = recorded.iter().map(|entry| entry["fact"].clone()).collect();
    let of_cosis = json!(facts).to_string().replace("\"de-vaart\"", "\"cosis\"");
    let case = desk.ledger.imports(&serde_json::from_str(&of_cosis).expect("JSON"));
    let reference = desk.ledger.request(reqwest::Method::PUT, &format!("{}/reference", case.path()));
    let _ = reference.by("cosis").json(&json!({ "reference": "ZV-7" })).answer().with_status(200);
    for path in ["/worklist", "/cases"] {
        let page = desk.browser.open(path);
        assert!(page.html.contains("<bdi>Sam de Boer</bdi>"), "{path}: {}", page.html);
        assert!(page.html.contains("<bdi>ZV-7</bdi>"), "{path}: {}", page.html);
        let (head, _) = page.html.split_once("</head>").expect("a head");
        assert!(!head.contains("Sam de Boer"), "{path}");
    }
}

#[test]
fn long_names_and_names_from_right_to_left_stand_apart_and_in_no_title_or_address() {
    let long = "שם ".repeat(60) + "<b>";
    let desk = desk_with_client(long.trim());
    let page = desk.browser.open(&format!("/cases/{}", desk.case.id));
    assert!(page.html.contains(&format!("<bdi>{}&lt;b&gt;</bdi>", "שם ".repeat(60))), "{}", page.html);
    let (head, _) = page.html.split_once("</head>").expect("a head");
    assert!(!head.contains("שם"), "{head}");
}

#[test]
fn who_saw_the_case_is_listed_in_sentences() {
    let desk = desk();
    let _ = desk.browser.open(&format!("/cases/{}", desk.case.id));
    let seen = desk.browser.open(&format!("/cases/{}/seen", desk.case.id));
    assert_eq!(seen.status, 200, "{}", seen.html);
    assert!(seen.html.contains("cosis-ct1") && seen.html.contains("las het traject"), "{}", seen.html);
}

#[test]
fn a_corrected_fact_is_struck_through_with_its_reason() {
    let desk = desk();
    let events = desk.case.events();
    let report = |fact: &Value| {
        let _ = desk.ledger.post(&events).by("cosis").seen("*").json(fact).answer().with_status(201);
    };
    report(
        &json!({"type": "preparation-step-completed", "occurredOn": "2026-10-05", "step": "income-arranged"}),
    );
    report(
        &json!({"type": "event-corrected", "occurredOn": "2026-10-06", "corrects": 2, "reason": "Verkeerde cliënt."}),
    );
    let page = desk.browser.open(&format!("/cases/{}", desk.case.id));
    assert!(page.html.contains("<del>Stap van de voorbereiding</del>"), "{}", page.html);
    assert!(page.html.contains("Verkeerde cliënt."));
}

#[test]
fn a_case_of_ten_thousand_facts_is_shown_in_parts_replayed_and_takes_another_fact() {
    let desk = desk();
    let fact = json!({"type": "case-discussed", "occurredOn": "2026-10-05", "bottleneck": "income", "outcome": "Wacht op de bewindvoerder."});
    let many: Value = vec![fact; 10_000].into();
    let _ = desk.ledger.post(&desk.case.events()).by("cosis").seen("*").json(&many).answer().with_status(201);
    let case = format!("/cases/{}", desk.case.id);
    let mut next = case.clone();
    for _ in 0..3 {
        let page = desk.browser.open(&next);
        assert_eq!(page.status, 200, "{}", page.html);
        assert!(page.html.len() < 600_000, "{} bytes", page.html.len());
        assert!(page.html.matches("Wacht op de bewindvoerder.").count() > 100, "a part of the course");
        let mut links = page.html.split("href=\"").filter_map(|part| part.split('"').next());
        let link = links.find(|link| link.contains("after=")).expect("the next part").replace("&amp;", "&");
        next = if link.starts_with('?') { format!("{case}{link}") } else { link };
    }
    let replay = desk.browser.open(&format!("{case}/replay"));
    assert_eq!(replay.status, 200, "{}", &replay.html[..replay.html.len().min(2_000)]);
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    assert_eq!(form.status, 200, "{}", form.html);
    let sent = desk.send("preparation-step-completed", &form, &[STEP[0], STEP[1], RECORD]);
    assert_eq!(sent.status, 303, "{}", sent.html);
}

#[test]
fn a_ledger_that_does_not_answer_keeps_what_was_typed_and_records_it_once_with_the_next_press() {
    let desk = desk();
    let form = desk.browser.open(&desk.form("preparation-step-completed"));
    let typed = [STEP[0], STEP[1], RECORD];
    let sent = desk.ledger.in_the_database(async |owner| {
        owner.execute("BEGIN; LOCK TABLE events IN SHARE MODE").await.expect("the owner may");
        let sent = thread::scope(|scope| {
            scope.spawn(|| desk.send("preparation-step-completed", &form, &typed)).join().expect("an answer")
        });
        owner.execute("ROLLBACK").await.expect("the lock is released");
        sent
    });
    assert_eq!(sent.status, 503, "{}", sent.html);
    assert!(sent.html.contains("Het register"), "{}", sent.html);
    assert!(sent.fields().contains(&("/notes".to_owned(), "Uitkering loopt.".to_owned())));
    let key = |screen: &Screen| screen.fields().into_iter().find(|(name, _)| name == "key");
    assert_eq!(key(&sent), key(&form), "the same key: nothing is recorded twice");
    for _ in 0..2 {
        let again = desk.send("preparation-step-completed", &sent, &[RECORD]);
        assert_eq!(again.status, 303, "{}", again.html);
    }
    assert_eq!(desk.facts().len(), 2);
}
