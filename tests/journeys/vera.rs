//! A corporation's allocation system works with the ledger in the messages of VERA.

use omklap_tests::{Answer, Case, Ledger, Request, sample_fact};
use reqwest::Method;
use serde_json::{Value, json};

use crate::complexes::corporation;

/// The day on which the ledgers of these tests are.
pub const TODAY: &str = "2026-11-01";

#[test]
fn a_publication_opens_a_vacancy_and_a_withdrawn_one_closes_it() {
    let ledger = Ledger::empty();
    let opened = post(&ledger, "publicaties", &publication()).answer().with_status(201);
    let id = opened.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(opened.header("location"), Some(format!("/vera/v4/publicaties/{id}").as_str()));
    let vacancy = vacancy(&ledger, &id);
    assert_eq!((&vacancy["status"], &vacancy["home"]["rentCents"]), (&json!("open"), &json!(40_000)));
    let by_hand = json!({"status": {"code": "ING"}, "detailStatus": {"code": "HAN"}});
    patch(&ledger, &format!("publicaties/{id}"), &by_hand).answer().with_status(200);
    assert_eq!(self::vacancy(&ledger, &id)["status"], "open", "mediated by hand");
    let renovated = json!({"status": {"code": "ING"}, "detailStatus": {"code": "REN"}});
    patch(&ledger, &format!("publicaties/{id}"), &renovated).answer().with_status(200);
    assert_eq!(self::vacancy(&ledger, &id)["status"], "withdrawn");
    let again = patch(&ledger, &format!("publicaties/{id}"), &renovated).answer().with_status(409);
    assert_eq!(again.body["code"], "not-admitted", "{}", again.text);
}

#[test]
fn every_fault_of_a_message_is_named_at_once_in_a_foutbericht() {
    let ledger = Ledger::empty();
    let mut wrong = publication();
    wrong["opleverdatum"] = json!("01-06-2026");
    wrong["rekeninkomen"] = json!(21_000.5);
    wrong["status"] = json!({"code": "DIS"});
    wrong["label"] = json!("BSN 111222333");
    let refused = post(&ledger, "publicaties", &wrong).answer().with_status(400);
    assert_eq!(refused.header("content-type"), Some("application/json"));
    let text = refused.body["omschrijving"].as_str().expect("words");
    for expected in [
        "/opleverdatum [geen-datum]",
        "/rekeninkomen [inkomen]",
        "/status/code [code-van-andere-lijst]",
        "/label [bsn]",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!text.contains("111222333") && !text.contains("21000"), "{text}");
    assert_eq!(ledger.rows("streams"), 0, "nothing was recorded");
}

#[test]
fn a_message_with_the_same_number_is_recorded_once_and_another_one_is_refused() {
    let ledger = Ledger::empty();
    let sent = |body: &Value| numbered(post(&ledger, "publicaties", body), "B-1").answer();
    let first = sent(&publication()).with_status(201);
    assert_eq!(sent(&publication()).with_status(201).body, first.body);
    let mut other = publication();
    other["eenheden"][0]["rekenhuur"] = json!(410);
    assert_eq!(sent(&other).with_status(409).body["code"], "idempotency-key-reused");
    assert_eq!(ledger.rows("streams"), 1);
    let twice = post(&ledger, "publicaties", &publication()).answer().with_status(409);
    assert_eq!(twice.body["code"], "already-there");
}

#[test]
fn only_a_corporation_speaks_vera_and_only_for_itself() {
    let ledger = Ledger::empty();
    let provider = ledger.post("/vera/v4/publicaties").json(&publication());
    assert_eq!(provider.answer().with_status(403).body["code"], "role-not-admitted");
    let other =
        post(&ledger, "publicaties", &publication()).header("X-Stuurgegevens-Zender-Organisatie", "woonzorg");
    assert_eq!(other.answer().with_status(403).body["code"], "not-yours-to-report");
    let unknown = ledger.get("/vera/v4/zoekprofielen").by("stadswonen").answer().with_status(404);
    assert_eq!(unknown.body["code"], "no-such-path");
    let anonymous = ledger.get("/vera/v4/openapi.json").anonymous().answer().with_status(200);
    assert_eq!(anonymous.body["servers"][0]["url"], "/vera/v4");
}

#[test]
fn candidates_have_no_rank_and_no_reasons() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let case = ledger.matching();
    let found = get(&ledger, &format!("kandidaten?publicatie={id}")).with_status(200);
    let expected = json!([{
        "id": format!("{}.{id}", case.id),
        "publicatie": {"id": id},
        "status": {"code": "POT", "naam": "Potentiele kandidaat", "soort": {"code": "KANDIDAATSTATUS"}},
        "eenheid": "http://127.0.0.1:8080/vera/v4/eenheden/VHE-77"
    }]);
    assert_eq!(found.body, expected);
    let missing = get(&ledger, "kandidaten").with_status(400);
    assert!(missing.body["omschrijving"].as_str().expect("words").contains("publicatie [verplicht]"));
}

#[test]
fn an_offer_is_a_draft_until_it_is_weighed_and_agreed() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let case = ledger.matching();
    let draft = json!({"idExtern": "A-1", "kandidaat": {"id": format!("{}.{id}", case.id)}});
    let refused = post(&ledger, "aanbiedingen", &draft).answer().with_status(400);
    let words = refused.body["omschrijving"].as_str().expect("words");
    assert_eq!(words.matches("[concept]").count(), 7, "{words}");
    let offered = post(&ledger, "aanbiedingen", &offer(&case, &id)).answer().with_status(201);
    assert_eq!(offered.body["status"]["code"], "AAN");
    let listed = get(&ledger, "aanbiedingen").with_status(200);
    assert_eq!(listed.body[0]["id"], offered.body["id"]);
    assert!(!listed.text.contains("geheim"), "{}", listed.text);
}

#[test]
fn a_ground_of_the_law_does_not_use_up_the_offer_of_a_client() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let case = ledger.matching();
    let offered = post(&ledger, "aanbiedingen", &offer(&case, &id)).answer().with_status(201);
    let path = format!("aanbiedingen/{}", offered.body["id"].as_str().expect("an id"));
    let no_permit = json!({"status": {"code": "GEW"}, "detailStatus": {"code": "GER"}});
    patch(&ledger, &path, &no_permit).answer().with_status(200);
    let timeline = json!(case.timeline()).to_string();
    assert!(timeline.contains("offer-withdrawn") && !timeline.contains("offer-refused"), "{timeline}");
    let listed = get(&ledger, "aanbiedingen").with_status(200);
    assert_eq!(listed.body[0]["status"]["code"], "ING", "{}", listed.text);
}

#[test]
fn a_priority_is_shown_to_the_nominated_corporation_only() {
    let ledger = Ledger::empty();
    let case = ledger.matching();
    let own = get(&ledger, "voorrangsregelingen").with_status(200);
    assert_eq!((&own.body[0]["id"], &own.body[0]["detailSoort"]["code"]), (&json!(case.id), &json!("UIT")));
    let profile = get(&ledger, "voorrangsregeling-profielen").with_status(200);
    assert!(profile.body[0]["maximumBrutoHuur"].is_i64(), "{}", profile.text);
    let other = ledger.get("/vera/v4/voorrangsregelingen").by("woonzorg").in_role("housing-corporation");
    assert_eq!(other.answer().with_status(200).body, json!([]));
}

#[test]
fn a_home_goes_from_its_publication_to_the_lease_and_the_allocation_comes_back() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let mut case = ledger.matching();
    let offered = post(&ledger, "aanbiedingen", &offer(&case, &id)).answer().with_status(201);
    let key = offered.body["id"].as_str().expect("an id").to_owned();
    case.read_again();
    let offer_id = key.split_once('.').expect("a case and an offer").1;
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id)).leads_to("contracting");
    let allocated = get(&ledger, "toewijzingen").with_status(200);
    assert_eq!((&allocated.body[0]["id"], &allocated.body[0]["rekenhuur"]), (&json!(key), &json!(400.0)));
    let leased = post(&ledger, "huurovereenkomsten", &lease(&case, TODAY, 400.0)).answer().with_status(201);
    assert_eq!(leased.body["detailSoort"]["code"], "ONB", "{}", leased.text);
    assert_eq!(case.state()["phase"], "housed");
    let with_its_lease = get(&ledger, "toewijzingen").with_status(200);
    let named = format!("/vera/v4/huurovereenkomsten/{}", leased.body["id"].as_str().expect("an id"));
    assert!(with_its_lease.text.contains(&named), "{}", with_its_lease.text);
    let let_out = json!({"status": {"code": "AFG"}, "detailStatus": {"code": "TOE"}});
    patch(&ledger, &format!("publicaties/{id}"), &let_out).answer().with_status(200);
    assert_eq!(vacancy(&ledger, &id)["status"], "let");
}

#[test]
fn a_dwelling_in_another_case_is_the_same_dwelling_in_every_message() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let mut again = publication();
    again["idExtern"] = json!("PUB-2");
    again["eenheden"][0]["idExtern"] = json!("vhe-77");
    let refused = post(&ledger, "publicaties", &again).answer().with_status(409);
    assert!(refused.text.contains("[unit-vacant-already]"), "{}", refused.text);
    assert_eq!(get(&ledger, "eenheden/vhe-77").with_status(200).body["id"], "VHE-77", "as it was reported");
    let dearer = json!({"idExtern": "vhe-77", "rekenhuur": 410.00});
    post(&ledger, "eenheden", &dearer).answer().with_status(200);
    patch(&ledger, "eenheden/Vhe-77", &json!({"idExtern": "Vhe-77", "kamersAantal": 2}))
        .answer()
        .with_status(200);
    let home = vacancy(&ledger, &id)["home"].clone();
    assert_eq!((&home["rentCents"], &home["rooms"]), (&json!(41_000), &json!(2)));
    let mut case = ledger.matching();
    let mut offer = offer(&case, &id);
    offer["eenheid"] = json!("https://vastgoed.example/v4/eenheden/VHE-77");
    let offered = post(&ledger, "aanbiedingen", &offer).answer().with_status(201);
    let key = offered.body["id"].as_str().expect("an id").to_owned();
    case.read_again();
    let offer_id = key.split_once('.').expect("a case and an offer").1;
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id));
    let allocated = json!({"aanbieding": {"id": key}, "eenheid": {"idExtern": "VHE-77"}});
    post(&ledger, "toewijzingen", &allocated).answer().with_status(200);
    post(&ledger, "huurovereenkomsten", &lease(&case, TODAY, 410.0)).answer().with_status(201);
    assert!(get(&ledger, "toewijzingen").with_status(200).text.contains("/huurovereenkomsten/"));
}

#[test]
fn the_flip_is_the_end_of_one_lease_and_the_begin_of_another() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    case.reports_all(["aftercare-agreed", "flip-approved"]);
    let flip = case.next("contract-flipped");
    let old = format!("{}.1ea50001-0000-4000-8000-000000000001", case.id);
    let renamed = json!({"eindeReden": {"code": "OPZ"}, "eindeDetailReden": {"code": "WIJ"}});
    patch(&ledger, &format!("huurovereenkomsten/{old}"), &renamed).answer().with_status(200);
    let version = case.version;
    case.read_again();
    assert_eq!(case.version, version, "nobody left the home");
    let begins_on = flip["ownLeaseStartsOn"].as_str().expect("a day");
    let own = post(&ledger, "huurovereenkomsten", &lease(&case, begins_on, 690.0)).answer();
    assert_eq!(own.status, 201, "{}", own.text);
    assert_eq!(case.state()["phase"], "follow-up");
    let by_the_landlord = json!({"huurovereenkomst": {"id": old}, "eindeReden": {"code": "ONT"}});
    let refused = post(&ledger, "huuropzeggingen", &by_the_landlord).answer().with_status(400);
    assert!(refused.text.contains("/eindeReden [geen-feit]"), "{}", refused.text);
}

#[test]
fn a_notice_that_was_approved_ends_the_lease_on_its_day_and_the_lease_comes_back_in_the_allocation() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    let three_parties = json!({"id": "three-parties", "version": 1});
    case.reports(sample_fact("agreement-set-changed").with("agreementSet", three_parties));
    case.reports("housed-under-three-party-lease");
    let lease = format!("{}.1ea50001-0000-4000-8000-000000000001", case.id);
    let mut notice = json!({
        "idExtern": "OPZ-1", "huurovereenkomst": {"id": lease}, "status": {"code": "AAN"},
        "eindeReden": {"code": "OPZ"}, "opzegdatum": "2026-12-31",
        "extra-attributen": [
            {"naam": "omklap.ondertekend-door", "waarde": "client,care-provider,housing-corporation"},
            {"naam": "omklap.volgende-plek", "waarde": "Bij zijn zus."},
            {"naam": "omklap.document", "waarde": "BEEINDIGING-9"}
        ]
    });
    post(&ledger, "huuropzeggingen", &notice).answer().with_status(200);
    let agreed = |case: &Case| json!(case.timeline()).to_string().contains("lease-end-agreed");
    assert!(!agreed(&case), "it was not approved yet");
    notice["status"] = json!({"code": "GOE"});
    post(&ledger, "huuropzeggingen", &notice).answer().with_status(200);
    assert!(agreed(&case) && json!(case.timeline()).to_string().contains(r#""endsOn":"2026-12-31""#));
    let allocated = get(&ledger, "toewijzingen").with_status(200);
    assert!(allocated.text.contains(&format!("/vera/v4/huurovereenkomsten/{lease}")), "{}", allocated.text);
}

#[test]
fn no_other_corporation_and_no_other_role_learns_of_a_case() {
    let stages: [fn(&Ledger) -> Case; 5] = [
        |ledger| ledger.ready(),
        |ledger| ledger.matching(),
        |ledger| ledger.offered(),
        |ledger| ledger.housed(),
        |ledger| ledger.flipped(),
    ];
    let lists = ["aanbiedingen", "toewijzingen", "voorrangsregelingen", "voorrangsregeling-profielen"];
    for (at, stage) in stages.into_iter().enumerate() {
        let ledger = Ledger::empty();
        let case = stage(&ledger);
        for list in lists.map(|list| format!("/vera/v4/{list}")) {
            let other = ledger.get(&list).by("woonzorg").in_role("housing-corporation").answer();
            assert_eq!((other.status, &other.body), (200, &json!([])), "{list} at {at}");
            let provider = ledger.get(&list).answer().with_status(403);
            assert!(!provider.text.contains(&case.id), "{list} at {at}");
        }
        let theirs = lease(&case, TODAY, 1.0);
        let to_another = ledger.post("/vera/v4/huurovereenkomsten").json(&theirs);
        let to_another = to_another.by("woonzorg").in_role("housing-corporation").answer().with_status(404);
        assert_eq!(to_another.body["code"], "no-such-trajectory");
    }
}

#[test]
fn what_a_corporation_may_not_see_changes_no_byte_of_a_message() {
    let lists = ["voorrangsregelingen", "voorrangsregeling-profielen", "aanbiedingen", "toewijzingen"];
    let answers = [false, true].map(|other| {
        let ledger = Ledger::empty();
        let id = published(&ledger);
        let mut case = ledger.opens("intake-registered");
        let profile = sample_fact("outflow-profile-set").with("guidanceLevel", if other { 4 } else { 1 });
        case.reports(profile.with("reachAtNight", other).with("financialSupport", other));
        case.reports_all([
            "readiness-confirmed",
            "housing-requested",
            "corporation-assigned",
            "dwelling-offered",
        ]);
        let paths = lists.map(str::to_owned).into_iter().chain([format!("kandidaten?publicatie={id}")]);
        let texts = paths.map(|path| get(&ledger, &path).with_status(200).text.replace(&case.id, "case"));
        texts.collect::<Vec<_>>()
    });
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].iter().filter(|text| text.contains("case")).count() >= 3, "{answers:?}");
}

#[test]
fn after_the_flip_nothing_says_that_a_tenant_came_from_an_institution() {
    let ledger = Ledger::empty();
    let case = ledger.flipped();
    for list in ["voorrangsregelingen", "voorrangsregeling-profielen"] {
        assert!(!get(&ledger, list).with_status(200).text.contains(&case.id), "{list}");
    }
}

pub fn post(ledger: &Ledger, path: &str, body: &Value) -> Request {
    corporation(ledger.post(&format!("/vera/v4/{path}")).json(body))
}

pub fn patch(ledger: &Ledger, path: &str, body: &Value) -> Request {
    corporation(ledger.request(Method::PATCH, &format!("/vera/v4/{path}")).json(body))
}

pub fn get(ledger: &Ledger, path: &str) -> Answer {
    corporation(ledger.get(&format!("/vera/v4/{path}"))).answer()
}

pub fn numbered(request: Request, number: &str) -> Request {
    request.header("X-Stuurgegevens-Referentienummer", number)
}

pub fn vacancy(ledger: &Ledger, id: &str) -> Value {
    corporation(ledger.get(&format!("/v1/vacancies/{id}"))).answer().with_status(200).body["vacancy"].clone()
}

/// The id of the vacancy of a new publication.
pub fn published(ledger: &Ledger) -> String {
    let opened = post(ledger, "publicaties", &publication()).answer().with_status(201);
    opened.body["id"].as_str().expect("an id").to_owned()
}

pub fn publication() -> Value {
    json!({
        "idExtern": "PUB-1",
        "status": {"code": "GEP"},
        "model": {"code": "DIS"},
        "detailModel": {"code": "OMK"},
        "opleverdatum": "2026-10-01",
        "eenheden": [{
            "idExtern": "VHE-77",
            "rekenhuur": 400.00,
            "adres": {"gemeente": {"code": "0363"}}
        }],
        "extra-attributen": [
            {"naam": "omklap.overlastdossier", "waarde": "nee"},
            {"naam": "omklap.contractvormen", "waarde": "intermediary"},
            {"naam": "omklap.regio", "waarde": "amsterdam"}
        ]
    })
}

/// A new lease of the dwelling of these tests.
pub fn lease(case: &Case, begins_on: &str, rent: f64) -> Value {
    json!({
        "idExtern": "HO-9",
        "soort": {"code": "HUU"},
        "detailSoort": {"code": "ONB"},
        "status": {"code": "LOP"},
        "begindatum": begins_on,
        "rekenhuur": rent,
        "eenheden": ["https://vastgoed.example/v4/eenheden/VHE-77"],
        "extra-attributen": [
            {"naam": "omklap.traject", "waarde": case.id},
            {"naam": "omklap.contractvormen", "waarde": "intermediary"}
        ]
    })
}

pub fn offer(case: &Case, vacancy: &str) -> Value {
    let words = ["wensen", "profiel", "woning", "buurt", "netwerk", "dagbesteding"];
    let mut said: Vec<Value> = words
        .iter()
        .map(|word| json!({"naam": format!("omklap.overweging-{word}"), "waarde": "geheim"}))
        .collect();
    said.push(json!({"naam": "omklap.akkoord", "waarde": "care-provider,housing-corporation"}));
    json!({
        "idExtern": "A-1",
        "kandidaat": {"id": format!("{}.{vacancy}", case.id)},
        "extra-attributen": said
    })
}
