//! Private texts are returned to callers that may read them, and are stored nowhere in clear.

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, Process, kinds, sample_fact};
use sqlx::PgConnection;

/// Names and texts of the facts in these journeys, which are private.
const PRIVATE: [&str; 6] = [
    "Sam de Boer",
    "06 00 00 00 00",
    "music until four",
    "the neighbour below",
    "old friends live there",
    "no longer wants this",
];

fn report_private_texts(case: &mut Case) {
    case.reports_all(["consent-given", "consent-withdrawn", "nuisance-reported"]);
    let refused = case.next(sample_fact("nuisance-reported").with("caseId", "nothing"));
    case.reporting(&refused).answer().with_status(400);
    case.refuses("nuisance-reported", ["nuisance-case-id-taken"]);
    // The nuisance desk also sees who reported the nuisance.
    let timeline =
        case.read_by(Role::NuisanceDesk, &format!("{}?limit=500", case.events())).with_status(200).text;
    assert!(PRIVATE.iter().all(|text| timeline.contains(text)), "{timeline}");
}

#[test]
fn no_table_holds_a_private_text() {
    let ledger = Ledger::empty();
    report_private_texts(&mut ledger.housed());
    let everything = ledger.in_the_database(everything);
    assert!(everything.contains("intake-registered"));
    for text in PRIVATE {
        assert!(!everything.contains(text) && !everything.contains(&hexadecimal(text)), "{text}");
    }
}

#[test]
fn no_log_and_no_figure_holds_a_private_text() {
    let ledger = Process::start();
    report_private_texts(&mut ledger.housed());
    let metrics = ledger.metrics();
    let log = ledger.log();
    assert!(log.contains("POST") && metrics.contains("http_requests_total"));
    for text in PRIVATE {
        assert!(!log.contains(text) && !metrics.contains(text), "{text}");
    }
}

#[test]
fn every_text_of_every_kind_of_fact_is_sealed() {
    let ledger = Ledger::empty();
    let case = ledger.scaled_up();
    for kind in kinds() {
        let _ = case.reporting(&case.next(kind)).seen("*").answer();
    }
    let plain = "SELECT string_agg(payload::text, ' '), count(*) FROM events";
    let (events, recorded): (String, i64) =
        ledger.in_the_database(async |owner| sqlx::query_as(plain).fetch_one(owner).await.expect("events"));
    let spaces = i64::try_from(events.matches(' ').count()).expect("few");
    assert_eq!(spaces, recorded - 1, "sealed events have no texts and therefore no spaces: {events}");
}

/// The bytes of a text as PostgreSQL prints them.
fn hexadecimal(text: &str) -> String {
    text.bytes()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Every row of every table, as text.
async fn everything(owner: &mut PgConnection) -> String {
    let tables =
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'keys')";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *owner).await.expect("tables");
    let mut everything = String::new();
    for table in tables {
        let rows = format!("SELECT coalesce(string_agg(row::text, ' '), '') FROM {table} AS row");
        everything += &sqlx::query_scalar::<_, String>(&rows).fetch_one(&mut *owner).await.expect("rows");
    }
    everything
}
