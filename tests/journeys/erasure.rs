//! Erased texts are found nowhere any more, and the history stays as it was signed.

use std::fs;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use omklap_domain::visibility::Role;
use omklap_tests::{Case, Process, files, sample_fact};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Texts that are in no program and in no other case.
const PLANTED: [&str; 5] = [
    "Quirijn van Zwaluwenburg",
    "q.zwaluwenburg@voorbeeld.test",
    "hoort 's nachts de koelkast zingen",
    "wil liever niet meer delen, zegt de buurvrouw",
    "sleutel-van-zwaluwenburg-1",
];

/// A case with the planted texts in reports that are recorded, repeated, refused, tried and
/// corrected.
fn report_planted_texts(ledger: &Process) -> Case {
    let [name, contact, signal, reason, key] = PLANTED;
    let intake = sample_fact("intake-registered").with("clientName", name).with("clientContact", contact);
    let mut case = ledger.opens(intake);
    case.reports("consent-given");
    let withdrawn = sample_fact("consent-withdrawn").with("reason", reason);
    let fact = case.next(withdrawn.clone());
    for _ in 0..2 {
        case.reporting(&fact).once(key).answer().with_status(201);
    }
    case.read_again();
    let refused = case.next(withdrawn.with("scope", "nothing"));
    case.reporting(&refused).once(key).answer().with_status(400);
    case.reporting(&case.next("consent-given")).once(key).seen("*").answer().with_status(409);
    let again = case.next(sample_fact("consent-withdrawn").with("reason", signal));
    case.reporting(&again).seen("*").answer().with_status(409);
    let dry_run = format!("{}?dryRun=true", case.events());
    let _ = ledger.post(&dry_run).seen("*").once(key).json(&again).answer();
    let wrong = sample_fact("consent-given").with("reason", "x");
    let mut correction = case.next(sample_fact("event-corrected").with("corrects", 2).with("reason", signal));
    correction["replacement"] = case.next(wrong.without("reason"));
    let _ = case.reporting(&correction).seen("*").answer();
    case
}

#[test]
fn no_planted_word_survives_an_erasure() {
    let mut ledger = Process::start();
    let case = report_planted_texts(&ledger);
    let _ = other_case(&ledger);
    let before = case.timeline();
    assert!(before.iter().any(|entry| entry.to_string().contains(PLANTED[0])), "it was recorded");
    sign(&case);

    let erased = ledger.omklap(&["subject", "erase", &case.id, "--ground", "consent-withdrawn"]);
    assert!(erased.status.success(), "{}", String::from_utf8_lossy(&erased.stderr));

    let after = case.timeline();
    assert_eq!(after.last().expect("facts")["fact"]["type"], "personal-data-erased");
    assert!(after[0].get("fact").is_none(), "{:#}", after[0]);
    assert!(after[0]["factInPart"].get("clientName").is_none(), "{:#}", after[0]);
    assert!(after[0]["erased"].as_array().is_some_and(|erased| erased.contains(&Value::from("/clientName"))));
    let hashes = |entries: &[Value]| entries.iter().map(|entry| entry["hash"].clone()).collect::<Vec<_>>();
    assert_eq!(hashes(&after)[..before.len()], hashes(&before), "the history is unchanged");
    // All events, earlier and later ones, are in their chains and in the tree as they were signed.
    for signed in [before.len() + 1, before.len() + 2] {
        assert_checked(&ledger, signed);
        sign(&case);
    }
    assert_shown_as_erased(&ledger, &case);
    assert_not_stored(&mut ledger);
}

/// Asserts that the feed, the replay and the case file say that texts were erased, and show neither
/// texts nor commitments.
fn assert_shown_as_erased(ledger: &Process, case: &Case) {
    for way in [
        "/v1/feed?detail=full".to_owned(),
        format!("{}/replay", case.path()),
        format!("{}/case-file", case.path()),
    ] {
        let answer = ledger.get(&way).answer().with_status(200);
        assert_not_in(&way, answer.text.as_bytes());
        let first = [&answer.body["items"][0], &answer.body["items"][0]["entry"], &answer.body];
        let is_marked =
            first.into_iter().any(|part| part["erased"].as_array().is_some_and(|erased| !erased.is_empty()));
        assert!(is_marked, "{way} does not say that a text was erased: {}", answer.text);
        let shows_commitment = answer.body["items"].to_string().contains("commitment");
        assert!(!shows_commitment, "{way} shows a commitment instead of a text");
    }
}

/// Asserts that no planted text is in the database, the log or any file.
fn assert_not_stored(ledger: &mut Process) {
    let dump = ledger.dump();
    assert!(dump.contains("personal-data-erased") && dump.contains("access_log"));
    holds_every_table(&dump);
    assert_not_in("the dump", dump.as_bytes());
    assert_not_in("the log", ledger.log().as_bytes());
    assert!(ledger.stop(), "the server stops, and PostgreSQL writes everything to its files");
    for file in files(&ledger.directory().join("data")) {
        assert_not_in(&file.display().to_string(), &fs::read(&file).unwrap_or_default());
    }
}

/// Another case of the same ledger, whose texts are not erased.
fn other_case(ledger: &Process) -> Case {
    ledger.opens("intake-registered")
}

/// Has everything that is recorded until now signed. A case file needs a signed checkpoint.
fn sign(case: &Case) {
    case.read_by(Role::CareProvider, &format!("{}/case-file", case.path())).with_status(200);
}

/// Asserts that a full check finds no differences and at least this number of signed events, beside which
/// there are registrations. It derives chains, read models, the tree and the checkpoints inside and
/// outside the database again, and compares them.
fn assert_checked(ledger: &Process, signed: usize) {
    let checked = ledger.omklap(&["check", "--all"]);
    let printed = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success(), "{printed}");
    assert!(printed.contains("2 trajectories with 6 events checked, 0 differences"), "{printed}");
    let chains = printed.lines().find(|line| line.contains(" of them signed, 0 differences"));
    let mut numbers = chains.expect("the ledger was checked").split(' ').filter_map(|word| word.parse().ok());
    assert!(numbers.nth(1).is_some_and(|number: usize| number >= signed), "{printed}");
}

/// Asserts that the dump has the rows of every table of every schema.
fn holds_every_table(dump: &str) {
    let tables = dump.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")?.strip_suffix(" ("));
    let tables: Vec<_> = tables.collect();
    assert!(tables.len() > 15 && tables.contains(&"keys.data_keys"), "{tables:?}");
    let parted = |table: &str| dump.contains(&format!("ONLY {table} ATTACH PARTITION"));
    for table in tables {
        assert!(dump.contains(&format!("COPY {table} (")) || parted(table), "{table}");
    }
}

#[test]
fn the_text_of_a_rectified_fact_alone_can_be_erased() {
    let ledger = Process::start();
    let case = ledger.opens(sample_fact("intake-registered").with("clientName", PLANTED[0]));
    let mut correction = case.next(sample_fact("event-corrected").with("corrects", 1));
    correction["replacement"] = case.next(sample_fact("intake-registered").with("clientName", "Kees"));
    correction["replacement"]["occurredOn"] = "2021-01-04".into();
    case.reporting(&correction).answer().with_status(201);
    let erase = ["subject", "erase", &case.id, "--ground", "rectified", "--facts", "1"];
    let erased = ledger.omklap(&erase);
    assert!(erased.status.success(), "{}", String::from_utf8_lossy(&erased.stderr));
    let timeline: String = case.timeline().iter().map(Value::to_string).collect();
    assert!(!timeline.contains(PLANTED[0]) && timeline.contains("Kees"), "{timeline}");
}

#[test]
fn no_partner_can_report_an_erasure() {
    let ledger = Process::start();
    let case = ledger.opens("intake-registered");
    let fact = serde_json::json!(
        {"type": "personal-data-erased", "occurredOn": "2026-01-01", "ground": "objected"});
    let refused = case.reporting(&fact).answer();
    assert!(refused.status >= 400, "{}", refused.text);
    let timeline: String = case.timeline().iter().map(Value::to_string).collect();
    assert!(timeline.contains("clientName"), "{timeline}");
}

#[test]
fn processing_is_restricted_and_released() {
    let ledger = Process::start();
    let case = ledger.opens("intake-registered");
    let restrict = ["subject", "restrict", &case.id, "--ground", "accuracy-contested"];
    assert!(ledger.omklap(&restrict).status.success());
    assert!(!ledger.omklap(&restrict).status.success(), "it is restricted already");
    assert!(ledger.omklap(&["subject", "lift", &case.id]).status.success());
    let kinds: Vec<_> = case.timeline().iter().map(|entry| entry["type"].clone()).collect();
    assert_eq!(kinds, ["intake-registered", "processing-restricted", "restriction-lifted"]);
}

#[test]
fn an_export_gives_a_client_everything_that_is_held() {
    let ledger = Process::start();
    let case = report_planted_texts(&ledger);
    let [json, read, log] = exported(&ledger, &case);
    let whole: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(whole["events"].as_array().map(Vec::len), Some(case.timeline().len()));
    for part in ["/held/trajectories/0/phase", "/held/contributions/0/region", "/accessLog/0/action"] {
        assert!(whole.pointer(part).is_some(), "{part}");
    }
    assert!(read.contains(PLANTED[0]) && read.contains("intake-registered"));
    assert!(log.contains("u-7f3a (de-vaart, zorgaanbieder) meldde"), "{log}");
    assert!(!log.contains(PLANTED[0]), "{log}");
}

#[test]
fn a_client_does_not_see_who_reported_the_nuisance() {
    let ledger = Process::start();
    let mut case = ledger.housed();
    let reported = sample_fact("nuisance-reported").with("reporter", PLANTED[0]);
    let mut correction = case.next(sample_fact("event-corrected").with("corrects", case.version + 1));
    correction["replacement"] = case.next(reported.clone());
    case.reports(reported);
    case.reporting(&correction).answer().with_status(201);
    let restrict = ["subject", "restrict", &case.id, "--ground", "accuracy-contested"];
    assert!(
        ledger.omklap(&restrict).status.success(),
        "a restricted case is exported to the client all the same"
    );
    let pages = exported(&ledger, &case);
    for page in &pages {
        assert!(!page.contains(PLANTED[0]), "{page}");
    }
    let [json, read, _] = pages;
    assert!(
        json.contains("\"pointer\": \"/replacement/reporter\"") && json.contains("music until four"),
        "{json}"
    );
    assert!(read.contains("melder: *niet verstrekt") && read.contains("music until four"), "{read}");
}

#[test]
fn an_erasure_that_erases_nothing_is_refused() {
    let ledger = Process::start();
    let mut case = ledger.opens("intake-registered");
    case.reports("privacy-explained");
    let erase = |facts: &[&str]| {
        let erased =
            ledger.omklap(&[&["subject", "erase", &case.id, "--ground", "rectified"], facts].concat());
        let printed = [erased.stdout, erased.stderr].concat();
        (erased.status.success(), String::from_utf8_lossy(&printed).into_owned())
    };
    for facts in ["99", "0", "2", "1,1"] {
        let (done, printed) = erase(&["--facts", facts]);
        assert!(!done && printed.contains("fact "), "{facts}: {printed}");
    }
    assert_eq!(case.timeline().len(), 2, "nothing was recorded");
    let (done, printed) = erase(&["--facts", "1"]);
    assert!(done && printed.contains("erased, 2 texts"), "{printed}");
    for again in [&["--facts", "1"][..], &[]] {
        let (done, printed) = erase(again);
        assert!(!done && printed.contains("left to erase"), "{printed}");
    }
    assert_eq!(case.timeline().len(), 3);
}

/// The export for a client: JSON for programs, the facts, and the access log.
fn exported(ledger: &Process, case: &Case) -> [String; 3] {
    let folder = ledger.directory().join("for-the-client");
    let to = folder.display().to_string();
    let exported = ledger.omklap(&["subject", "export", &case.id, "--to", &to]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    ["subject.json", "facts.md", "access-log.md"]
        .map(|page| fs::read_to_string(folder.join(page)).expect("written"))
}

/// Asserts that no planted text is in these bytes, in any of its possible encodings.
fn assert_not_in(place: &str, bytes: &[u8]) {
    static SEARCH: LazyLock<(Vec<Vec<u8>>, AhoCorasick)> = LazyLock::new(|| {
        let forms: Vec<_> = PLANTED.into_iter().flat_map(encodings).collect();
        let search = AhoCorasick::new(&forms).expect("few and short");
        (forms, search)
    });
    let (forms, search) = &*SEARCH;
    if let Some(found) = search.find(bytes) {
        panic!("{} is in {place}", String::from_utf8_lossy(&forms[found.pattern()]));
    }
}

fn encodings(text: &str) -> Vec<Vec<u8>> {
    let digest = Sha256::digest(text.as_bytes());
    let mut forms = vec![text.as_bytes().to_vec(), digest.to_vec()];
    for bytes in [text.as_bytes(), &digest[..]] {
        let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        forms.push(hex.to_uppercase().into_bytes());
        forms.push(hex.into_bytes());
        forms.push(base64(bytes).into_bytes());
    }
    forms
}

/// RFC 4648 without padding, as it would be in the middle of a longer text.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = |chunk: &[u8]| chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
    let whole = bytes.chunks_exact(3).flat_map(|chunk| {
        let bits = bits(chunk);
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[(bits >> shift) as usize & 63]))
    });
    whole.collect()
}
