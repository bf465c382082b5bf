//! The figures of a region year by year, and as CSV: the same numbers as the figures of one year, and
//! the same ones left out.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger};
use serde_json::Value;

const YEARS: &str = "/v1/regions/amsterdam/figures/years?fromYear=2021&toYear=2024";

#[test]
fn a_year_of_a_series_is_the_answer_about_that_year_in_every_role() {
    let ledger = Ledger::empty();
    let cases = several(&ledger);
    for role in Role::ALL {
        let series = cases[0].read_by(role, YEARS).with_status(200).body;
        let items = series["items"].as_array().expect("years");
        assert_eq!(items.len(), 4, "{role:?}");
        for (year, item) in (2021..).zip(items) {
            let one = format!("/v1/regions/amsterdam/figures?from={year}-01-01&to={year}-12-31");
            assert_eq!(*item, cases[0].read_by(role, &one).with_status(200).body, "{role:?} in {year}");
        }
    }
}

#[test]
fn the_plan_of_a_region_is_shown_beside_the_homes_that_were_offered() {
    let ledger = Ledger::empty();
    let cases = several(&ledger);
    let path = "/v1/regions/amsterdam/figures?from=2021-01-01&to=2021-12-31";
    let homes = cases[0].read_by(Role::MatchingPoint, path).with_status(200).body["homes"].clone();
    assert_eq!(homes["targetAYear"], 1850, "the plan of the set: {homes}");
    assert!(homes.get("offered").is_some() && homes.get("let").is_some(), "{homes}");
}

#[test]
fn the_csv_has_every_number_of_the_json_and_leaves_out_the_same() {
    let ledger = Ledger::empty();
    let (cases, mut left_out) = (several(&ledger), 0);
    let one = "/v1/regions/amsterdam/figures?from=2021-01-01&to=2021-12-31";
    for role in [Role::MatchingPoint, Role::Municipality, Role::Guide] {
        for path in [one, YEARS] {
            let json = cases[0].read_by(role, path).with_status(200).body;
            let csv = as_csv(&ledger, &cases[0], role, path);
            assert!(csv.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")), "{path}");
            let (withheld, shown) = numbers(&json);
            let rows = rows(&csv.text);
            assert_eq!(rows.iter().filter(|row| row[7].is_empty()).count(), withheld, "{role:?} {path}");
            assert_eq!(rows.len(), withheld + shown, "{role:?} {path}");
            left_out += withheld;
        }
    }
    assert!(left_out > 0, "a count of few people is left out somewhere");
}

#[test]
fn the_csv_names_its_columns_and_ends_its_lines_as_rfc_4180_says() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let csv = as_csv(&ledger, &case, Role::Auditor, YEARS).text;
    assert!(csv.starts_with("region,agreementSet,from,to,on,figure,measure,value\r\n"), "{csv}");
    assert_eq!(csv.matches('\n').count(), csv.matches("\r\n").count());
    let first = rows(&csv)[0].clone();
    assert_eq!(
        (first[0].as_str(), first[2].as_str(), first[5].as_str()),
        ("amsterdam", "2021-01-01", "flip-rate")
    );
}

#[test]
fn csv_is_for_a_caller_that_prefers_it() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let kind = |accept: &str| {
        let request = ledger.get(YEARS).as_viewer(&case.partners.viewer(Role::Auditor, &case.id));
        let answer = request.header("accept", accept).answer().with_status(200);
        assert!(answer.header("vary").is_some_and(|vary| vary.to_lowercase().contains("accept")), "{accept}");
        answer.header("content-type").expect("a type").split(';').next().expect("one").to_owned()
    };
    for csv in ["text/csv", "text/csv, application/json;q=0.9", "TEXT/CSV;q=0.5, text/html"] {
        assert_eq!(kind(csv), "text/csv", "{csv}");
    }
    for json in ["*/*", "application/json", "text/csv;q=0.1, application/json", "text/html", "nonsense"] {
        assert_eq!(kind(json), "application/json", "{json}");
    }
}

#[test]
fn a_series_of_too_many_or_of_coming_years_is_refused() {
    let ledger = Ledger::empty();
    for (query, code, at) in [
        ("toYear=2026", "still-to-come", "toYear"),
        ("fromYear=2025&toYear=2024", "ends-before-it-begins", "toYear"),
        ("fromYear=2010&toYear=2024", "too-many", "fromYear"),
        ("fromYear=21", "not-as-agreed", "fromYear"),
        ("fromYear=1899", "not-as-agreed", "fromYear"),
        ("year=2021", "unknown-parameter", "year"),
    ] {
        let refused = ledger.get(&format!("/v1/regions/amsterdam/figures/years?{query}")).answer();
        assert_eq!(refused.with_status(400).errors(), [(code, at)], "{query}");
    }
    let nowhere = ledger.get("/v1/regions/nowhere/figures/years").answer().with_status(404);
    assert_eq!(nowhere.problem(), "no-such-region");
}

// The words of these tests.

/// Enough cases that some counts are shown, and some are too small.
fn several(ledger: &Ledger) -> Vec<Case> {
    let mut cases: Vec<Case> = (0..11).map(|_| ledger.housed()).collect();
    cases.push(ledger.flipped());
    cases
}

fn as_csv(ledger: &Ledger, case: &Case, role: Role, path: &str) -> Answer {
    let request = ledger.get(path).as_viewer(&case.partners.viewer(role, &case.id));
    request.header("accept", "text/csv").answer().with_status(200)
}

/// The rows under the names of the columns. No cell of these has a comma.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let lines = csv.split("\r\n").skip(1).filter(|line| !line.is_empty());
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// How many numbers of figures are withheld, and how many are shown.
fn numbers(value: &Value) -> (usize, usize) {
    let all = |values: Vec<&Value>| {
        let counted = values.into_iter().map(numbers);
        counted.fold((0, 0), |(null, shown), one| (null + one.0, shown + one.1))
    };
    match value {
        Value::Null => (1, 0),
        Value::Number(_) => (0, 1),
        Value::Array(values) => all(values.iter().collect()),
        Value::Object(fields) => {
            let is_number = |name: &str| !["suppressedBelow", "version", "number", "level"].contains(&name);
            all(fields.iter().filter(|(name, _)| is_number(name)).map(|(_, value)| value).collect())
        }
        _ => (0, 0),
    }
}
