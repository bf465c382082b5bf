//! The half year's notice reaches the corporations of the region, without a name (S2, Noord-Limburg).

use omklap_tests::{Answer, Ledger, sample_fact};
use serde_json::{Value, json};

const PATH: &str = "/v1/regions/amsterdam/outflow";

fn read_by(ledger: &Ledger, organisation: &str, role: &str) -> Answer {
    ledger.get(PATH).by(organisation).in_role(role).answer()
}

fn announced(ledger: &Ledger, many: usize) {
    for _ in 0..many {
        let mut case = ledger.preparing();
        let soon =
            ledger.now().to_zoned(jiff::tz::TimeZone::UTC).date().saturating_add(jiff::ToSpan::months(5));
        case.reports(sample_fact("outflow-announced").with("expectedOn", soon.to_string()));
        case.reports("outflow-profile-set");
    }
    // A notice is made at the end of a quarter, as it was known then.
    ledger.minutes_pass(60 * 24 * 100);
}

#[test]
fn a_corporation_reads_how_many_are_expected_and_nobody_is_pointed_at() {
    let ledger = Ledger::empty();
    announced(&ledger, 1);
    for (organisation, role) in [
        ("stadswonen", "housing-corporation"),
        ("gemeente-amsterdam", "municipality"),
        ("gemeente-amsterdam", "wmo-consultant"),
        ("transferpunt", "matching-point"),
    ] {
        let notice = read_by(&ledger, organisation, role).with_status(200);
        assert_eq!(notice.body["quarters"].as_array().map(Vec::len), Some(4), "{}", notice.text);
        for hidden in ["Sam de Boer", "de-vaart", "trajectoryId", "0363"] {
            assert!(!notice.text.contains(hidden), "{hidden}: {}", notice.text);
        }
        let counts: Vec<&Value> =
            notice.body["quarters"].as_array().expect("quarters").iter().map(|one| &one["clients"]).collect();
        assert!(
            counts.iter().all(|count| **count == json!(0) || count.is_null()),
            "one is too few: {counts:?}"
        );
    }
}

#[test]
fn a_provider_that_could_announce_clients_itself_reads_no_count() {
    let ledger = Ledger::empty();
    announced(&ledger, 6);
    let sums = |organisation: &str, role: &str| -> Vec<Value> {
        let notice = read_by(&ledger, organisation, role).with_status(200).body;
        notice["quarters"].as_array().expect("quarters").iter().map(|one| one["clients"].clone()).collect()
    };
    assert!(sums("stadswonen", "housing-corporation").contains(&json!(6)), "six are enough to count");
    for role in ["care-provider", "guide", "nuisance-desk"] {
        assert_eq!(sums("de-vaart", role), [Value::Null, Value::Null, Value::Null, Value::Null], "{role}");
    }
    let nowhere = ledger.get("/v1/regions/nowhere/outflow").by("stadswonen").in_role("housing-corporation");
    assert_eq!(nowhere.answer().with_status(404).problem(), "no-such-region");
}
