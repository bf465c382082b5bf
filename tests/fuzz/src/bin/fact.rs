//! A report as it arrives: the published schema and the reader. What the schema takes and the reader reads
//! is written as it was read, and read again as it is stored.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omklap::http::request::schema_check::Vocabulary;
use omklap_domain::trajectory::Fact;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let complaints = Vocabulary::of_trajectories().complaints(&value, "");
    for complaint in &complaints {
        assert!(!format!("{complaint:?}").is_empty());
    }
    let Ok(fact) = serde_json::from_value::<Fact>(value) else { return };
    let written = serde_json::to_string(&fact).expect("a fact is JSON");
    assert_eq!(serde_json::from_str::<Fact>(&written).expect("it was read before"), fact);
    assert_eq!(Fact::read(fact.fact_type(), &written).expect("it was read before"), fact);
});
