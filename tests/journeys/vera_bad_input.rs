//! Messages of VERA that are wrong: each kind of fault, in each kind of message, gets the right status and every
//! fault at once, and nothing is half recorded.

use omklap_tests::{Answer, Case, Ledger, Request};
use serde_json::{Value, json};

use crate::complexes::corporation;
use crate::vera::{TODAY, lease, numbered, offer, patch, post, publication, published};

/// A request that is refused: what it is, the status, and the request.
type Refusal<'a> = (&'static str, u16, Box<dyn Fn() -> Request + 'a>);

/// A kind of message, right until something is put into it.
struct Kind {
    is_new: bool,
    path: String,
    message: Value,
    /// A field with a date.
    date: &'static str,
    /// A field with a code, and a code of another list.
    code: (&'static str, &'static str),
}

#[test]
fn a_code_that_is_unknown_or_of_another_list_is_named_in_every_kind_of_message() {
    let (ledger, _, kinds) = ledger();
    for kind in &kinds {
        let (field, of_another) = kind.code;
        for (code, fault) in [("QQQ", "onbekende-code"), (of_another, "code-van-andere-lijst")] {
            kind.refused(&ledger, &[(field, json!({"code": code}))], &[&format!("/{field}/code [{fault}]")]);
        }
    }
}

#[test]
fn a_code_that_has_ended_is_refused_by_the_day_of_the_message() {
    let (ledger, _, kinds) = ledger();
    let ended = ("contractvorm", json!({"code": "ONB"}));
    kinds[0].refused(&ledger, std::slice::from_ref(&ended), &["/contractvorm/code [vervallen-code]"]);
    kinds[1].refused(&ledger, &[ended], &["/contractvorm/code [vervallen-code]"]);
    let label = json!({"idExtern": "VHE-77", "toegankelijkheidslabel": {"code": "GEL"}});
    let refused = post(&ledger, "eenheden", &label).answer().with_status(400);
    assert!(refused.text.contains("/toegankelijkheidslabel/code [vervallen-code]"), "{}", refused.text);
}

#[test]
fn a_date_with_the_day_first_is_named_in_every_kind_of_message() {
    let (ledger, _, kinds) = ledger();
    for kind in &kinds {
        let fault = format!("/{} [geen-datum]", kind.date);
        let refused = kind.refused(&ledger, &[(kind.date, json!("01-06-2026"))], &[&fault]);
        assert_eq!(refused.text.matches("01-06-2026").count(), 1, "the words of the fault: {}", refused.text);
    }
}

#[test]
fn a_citizen_service_number_and_an_income_are_named_and_not_repeated_in_any_kind_of_message() {
    let (ledger, _, kinds) = ledger();
    let forbidden = [
        ("relatie", json!({"bsn": "111222333", "inkomens": [{"bedrag": 31_234}]})),
        ("rekeninkomen", json!(31_234.5)),
        ("label", json!("BSN 111222333")),
        ("aanvullendeDoelgroep", json!({"code": "PSY"})),
    ];
    let faults = [
        "/relatie/bsn [bsn]",
        "/relatie/inkomens [inkomen]",
        "/rekeninkomen [inkomen]",
        "/label [bsn]",
        "/aanvullendeDoelgroep/code [bijzondere-doelgroep]",
    ];
    for kind in &kinds {
        let refused = kind.refused(&ledger, &forbidden, &faults);
        for value in ["111222333", "31234", "PSY"] {
            assert!(!refused.text.contains(value), "{} {value}: {}", kind.path, refused.text);
        }
    }
}

#[test]
fn every_fault_of_every_sort_comes_at_once_and_its_number_is_free_for_the_right_message() {
    let (ledger, _, kinds) = ledger();
    for (at, kind) in kinds.iter().enumerate() {
        let (field, of_another) = kind.code;
        let mut wrong = kind.message.clone();
        wrong[field] = json!({"code": of_another});
        wrong[kind.date] = json!("1 juni 2026");
        wrong["rekeninkomen"] = json!(1);
        let number = format!("N-{at}");
        let before = recorded(&ledger);
        let refused = numbered(kind.request(&ledger, &wrong), &number).answer().with_status(400);
        let lines = refused.body["omschrijving"].as_str().expect("words").lines().count();
        assert_eq!(lines, 4, "a heading and three faults: {}", refused.text);
        assert_eq!(recorded(&ledger), before, "{}", kind.path);
    }
    let publication = &kinds[1];
    numbered(publication.request(&ledger, &publication.message), "N-1").answer().with_status(200);
}

#[test]
fn a_publication_of_ten_thousand_homes_is_one_fault() {
    let (ledger, _, kinds) = ledger();
    for kind in &kinds[..2] {
        let many = json!(vec![json!({"idExtern": "VHE-1"}); 10_000]);
        // Longer than any list of a request may be, so it is not read as a message.
        let refused = kind.refused(&ledger, &[("eenheden", many)], &["/eenheden [te-veel]"]);
        assert!(refused.text.len() < 1_000, "{}", refused.text);
        let several = json!(vec![json!({"idExtern": "VHE-1"}); 900]);
        kind.refused(&ledger, &[("eenheden", several)], &["/eenheden [te-veel]"]);
    }
}

#[test]
fn an_address_that_fits_several_forms_is_read_and_one_that_fits_none_is_named() {
    let ledger = Ledger::empty();
    // An `Eenheidadres`, a `Postadres` and an `Adres-basis` at once: no `oneOf` would take it.
    let mut several = publication();
    several["eenheden"][0]["adres"] = json!({
        "straatnaam": "Dorpsstraat", "huisnummer": "1", "postcode": "1111AA", "gemeente": {"code": "0363"},
        "postbus": "12", "woonplaats": {"naam": "Amsterdam"}
    });
    post(&ledger, "publicaties", &several).answer().with_status(201);
    for (at, none) in [json!("Dorpsstraat 1"), json!([]), json!({"gemeente": "Amsterdam"})].iter().enumerate()
    {
        let mut wrong = publication();
        wrong["idExtern"] = json!(format!("PUB-{at}"));
        wrong["eenheden"][0]["adres"] = none.clone();
        let before = recorded(&ledger);
        let refused = post(&ledger, "publicaties", &wrong).answer().with_status(400);
        assert!(refused.text.contains("/eenheden/0/adres/gemeente/code [verplicht]"), "{}", refused.text);
        assert_eq!(recorded(&ledger), before);
    }
}

#[test]
fn the_same_number_with_another_body_is_refused_in_every_kind_of_message() {
    let (ledger, _, kinds) = ledger();
    // One that was accepted: the lease and the offer are admitted once, so they come in their order.
    let accepted = &kinds[1];
    numbered(accepted.request(&ledger, &accepted.message), "R-1").answer().with_status(200);
    for kind in &kinds {
        let mut other = kind.message.clone();
        other["omschrijving"] = json!("iets anders");
        let before = recorded(&ledger);
        let refused = numbered(kind.request(&ledger, &other), "R-1").answer().with_status(409);
        assert_eq!(refused.body["code"], "idempotency-key-reused", "{}", kind.path);
        assert_eq!(recorded(&ledger), before, "{}", kind.path);
    }
}

#[test]
fn every_refusal_is_a_foutbericht_in_one_language_whatever_the_reader_prefers() {
    let (ledger, case, kinds) = ledger();
    let new = &kinds[0];
    let list =
        |name: &str| ledger.get(&format!("/vera/v4/{name}")).by("stadswonen").in_role("housing-corporation");
    let raw = |body: &str| corporation(ledger.post("/vera/v4/publicaties").body(body.to_owned()));
    let with = |field: &str, value: Value| {
        let mut wrong = new.message.clone();
        wrong[field] = value;
        wrong
    };
    let many = json!(vec![json!({"idExtern": "VHE-1"}); 10_000]);
    let unit = json!([{"idExtern": "VHE-77", "rekenhuur": 400, "adres": {"gemeente": {"code": "0363"}}}]);
    let refusals: [Refusal<'_>; 17] = [
        ("anonymous", 401, Box::new(|| list("eenheden").anonymous())),
        ("no token", 401, Box::new(|| list("eenheden").with_token("geen.token.hier"))),
        ("scope", 403, Box::new(|| list("eenheden").with_scopes("figures:read"))),
        ("role", 403, Box::new(|| ledger.get("/vera/v4/eenheden"))),
        ("path", 404, Box::new(|| list("zoekprofielen"))),
        ("unit", 404, Box::new(|| list("eenheden/VHE-0"))),
        ("offer", 404, Box::new(|| patch(&ledger, "aanbiedingen/x", &json!({})))),
        (
            "method",
            405,
            Box::new(|| corporation(ledger.request(reqwest::Method::DELETE, "/vera/v4/eenheden"))),
        ),
        ("parameter", 400, Box::new(|| list("kandidaten"))),
        ("no JSON", 400, Box::new(|| raw("{"))),
        ("twice", 400, Box::new(|| raw(r#"{"status": "GEP", "status": "ING"}"#))),
        (
            "media type",
            415,
            Box::new(|| raw("{}").without("content-type").header("content-type", "text/plain")),
        ),
        ("list", 400, Box::new(|| post(&ledger, "publicaties", &with("eenheden", many.clone())))),
        ("number", 400, Box::new(|| numbered(post(&ledger, "publicaties", &new.message), "x y"))),
        (
            "sender",
            403,
            Box::new(|| {
                post(&ledger, "publicaties", &new.message)
                    .header("X-Stuurgegevens-Zender-Organisatie", "woonzorg")
            }),
        ),
        ("rule", 409, Box::new(|| post(&ledger, "publicaties", &with("eenheden", unit.clone())))),
        ("draft", 400, Box::new(|| post(&ledger, "aanbiedingen", &json!({"kandidaat": {"id": case.id}})))),
    ];
    for (what, status, request) in refusals {
        let [english, dutch] =
            ["en", "nl"].map(|language| request().header("accept-language", language).answer());
        assert_eq!((english.status, &english.body), (status, &dutch.body), "{what}: {}", english.text);
        assert_eq!(english.header("content-language"), Some("nl"), "{what}");
        assert!(english.body["code"].is_string(), "{what}: {}", english.text);
        let words = format!(
            " {} ",
            english.body["omschrijving"].as_str().expect("words").replace(['.', ',', ';', ':'], " ")
        );
        for word in [" the ", " this ", " not ", " must ", " there ", " and ", " with "] {
            assert!(!words.contains(word), "{what} {word}: {words}");
        }
    }
}

impl Kind {
    fn request(&self, ledger: &Ledger, body: &Value) -> Request {
        if self.is_new { post(ledger, &self.path, body) } else { patch(ledger, &self.path, body) }
    }

    /// The message with these fields instead is refused with these faults, and no fact is recorded.
    #[track_caller]
    fn refused(&self, ledger: &Ledger, fields: &[(&str, Value)], faults: &[&str]) -> Answer {
        let mut wrong = self.message.clone();
        for (field, value) in fields {
            wrong[*field] = value.clone();
        }
        let before = recorded(ledger);
        let refused = self.request(ledger, &wrong).answer();
        assert_eq!(refused.status, 400, "{}: {}", self.path, refused.text);
        for fault in faults {
            assert!(refused.text.contains(fault), "{} {fault}: {}", self.path, refused.text);
        }
        assert_eq!(recorded(ledger), before, "{}: nothing is half recorded", self.path);
        refused
    }
}

/// How much is recorded: facts, streams and numbers.
fn recorded(ledger: &Ledger) -> (i64, i64) {
    (ledger.facts(), ledger.rows("streams"))
}

/// A ledger with a vacancy, a client who may get it and another who lives in a home, and a right message of each
/// kind about them.
fn ledger() -> (Ledger, Case, Vec<Kind>) {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let housed = ledger.housed();
    let case = ledger.matching();
    let of_housed = format!("{}.1ea50001-0000-4000-8000-000000000001", housed.id);
    let mut new = publication();
    new["idExtern"] = json!("PUB-2");
    new["eenheden"][0]["idExtern"] = json!("VHE-79");
    let kind = |is_new, path: &str, message: Value, date, code| Kind {
        is_new,
        path: path.to_owned(),
        message,
        date,
        code,
    };
    let ended = json!({
        "einddatum": "2026-12-31",
        "eindeReden": {"code": "OPZ"},
        "extra-attributen": [
            {"naam": "omklap.ondertekend-door", "waarde": "client,care-provider"},
            {"naam": "omklap.volgende-plek", "waarde": "Bij zijn zus."},
            {"naam": "omklap.document", "waarde": "BEEINDIGING-9"}
        ]
    });
    let mut notice = ended.clone();
    notice["huurovereenkomst"] = json!({"id": of_housed});
    notice["opzegdatum"] = json!("2026-12-31");
    let kinds = vec![
        kind(true, "publicaties", new, "opleverdatum", ("status", "DIS")),
        kind(false, &format!("publicaties/{id}"), json!({"etage": 1}), "opleverdatum", ("status", "DIS")),
        kind(true, "aanbiedingen", offer(&case, &id), "datum", ("status", "DIS")),
        kind(true, "huurovereenkomsten", lease(&case, TODAY, 400.0), "begindatum", ("soort", "DIS")),
        kind(false, &format!("huurovereenkomsten/{of_housed}"), ended, "einddatum", ("eindeReden", "DIS")),
        kind(true, "huuropzeggingen", notice, "opzegdatum", ("eindeReden", "DIS")),
    ];
    (ledger, case, kinds)
}
