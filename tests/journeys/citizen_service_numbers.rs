//! A citizen service number (BSN) is refused in every text of every request, so that none is
//! stored.

use omklap_tests::{Answer, Document, Ledger, kinds, sample_fact, with_text};
use rand::Rng;
use serde_json::{Value, json};

/// Nine digits that pass the eleven test, or fail it by one.
fn nine_digits(passing: bool) -> String {
    loop {
        let digits: [u32; 9] = std::array::from_fn(|_| rand::rng().random_range(0..10));
        let weighed: u32 = (2..=9).rev().zip(digits).map(|(weight, digit)| weight * digit).sum();
        // The last digit has the weight -1.
        let passes = weighed % 11 == digits[8] && digits.iter().any(|digit| *digit != 0);
        if passes == passing {
            return digits.iter().map(ToString::to_string).collect();
        }
    }
}

fn is_refused_as_number(answer: &Answer, pointer: &str) -> bool {
    let codes = ["citizen-service-number", "possible-citizen-service-number"];
    codes.iter().any(|code| answer.errors().contains(&(code, pointer)))
}

/// Tries one text of one request with a number that passes the eleven test and with one that fails
/// it.
fn try_numbers(pointer: &str, body: &Value, what: &str, send: impl Fn(&Value) -> Answer) {
    let number = nine_digits(true);
    for text in [
        number.clone(),
        format!("bsn {number}."),
        format!("{} {} {}", &number[..4], &number[4..6], &number[6..]),
    ] {
        let answer = send(&with_text(body.clone(), pointer, &text));
        assert!(is_refused_as_number(&answer, pointer), "{what} {pointer}: {text} leads to {}", answer.text);
        assert_eq!(answer.status, 400, "{what} {pointer}");
        assert!(!answer.text.contains(&number), "{what} {pointer}: the problem repeats it");
    }
    let other = nine_digits(false);
    let answer = send(&with_text(body.clone(), pointer, &other));
    assert!(!is_refused_as_number(&answer, pointer), "{what} {pointer}: {other} is not one");
}

#[test]
fn a_citizen_service_number_is_refused_in_every_text_of_every_fact() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let document = Document::published(&ledger);
    let (mut tried, events) = (0, ledger.facts());
    for kind in kinds() {
        let (fact, texts) = (case.next(sample_fact(kind)), document.texts(document.fact(kind)));
        for pointer in texts.iter().filter(|pointer| *pointer != "/type") {
            let dry_run = format!("{}?dryRun=true", case.events());
            try_numbers(pointer, &fact, kind, |fact| ledger.post(&dry_run).seen("*").json(fact).answer());
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} texts");
    assert_eq!(ledger.facts(), events);
    for (language, what_to_do) in
        [("en", "put the word for it before"), ("nl", "zet het woord daarvoor voor")]
    {
        for code in ["citizen-service-number", "possible-citizen-service-number"] {
            let page = ledger.get(&format!("/problems/{code}")).header("accept-language", language).answer();
            let text = page.with_status(200).text.to_lowercase();
            assert!(text.contains("bsn") && text.contains(what_to_do), "{text}");
        }
    }
}

#[test]
fn a_citizen_service_number_is_refused_in_organisations_and_subscriptions() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let document = Document::published(&ledger);
    let body_of = |path: &str, method: &str| {
        let texts = document.texts(document.body_of(path, method));
        assert!(!texts.is_empty(), "{path} takes no text");
        texts
    };
    let administrator = ledger.administrator();
    for pointer in body_of("/organisations/{organisationId}", "put") {
        let put = || ledger.request(reqwest::Method::PUT, "/v1/organisations/a-partner");
        let put = || put().with_token(&administrator).header("if-none-match", "*");
        try_numbers(&pointer, &json!({}), "an organisation", |body| put().json(body).answer());
    }
    for pointer in body_of("/trajectories/{trajectoryId}/reference", "put") {
        let put = || ledger.request(reqwest::Method::PUT, &format!("{}/reference", case.path()));
        try_numbers(&pointer, &json!({}), "an own case number", |body| put().json(body).answer());
    }
    for pointer in body_of("/subscriptions", "post") {
        let post = || ledger.post("/v1/subscriptions");
        try_numbers(&pointer, &json!({}), "a subscription", |body| post().json(body).answer());
    }
}
