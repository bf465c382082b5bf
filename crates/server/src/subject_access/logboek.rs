//! The access log as the standard *Logboek dataverwerkingen* writes it (Logius, component Logboek,
//! interface), for a central register of the processing of personal data.

use std::collections::BTreeSet;

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_store::access_log::{Access, Action};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The kind of pseudonym that identifies the standard's *Betrokkene* here: a trajectory.
const SUBJECT: &str = "omklap-trajectory";

/// Converts lines of the access log to records of the standard.
#[derive(Clone, Debug)]
pub struct Logboek {
    /// The register of processing activities, as a URI; the name of what was done follows it.
    register: String,
    /// The spans that have a record, of the requests of this one instant.
    recorded: (Timestamp, BTreeSet<String>),
}

impl Logboek {
    /// The log of an organisation that publishes its processing activities under this URI.
    #[must_use]
    pub fn of(register: &str) -> Self {
        let register = register.trim_end_matches('/').to_owned();
        Self { register, recorded: (Timestamp::MIN, BTreeSet::new()) }
    }

    /// The records of a line, which have to come in the order of time: one for each trajectory,
    /// because a record is about one person. The first of a request has the span of the request,
    /// and the others are its children.
    pub fn records(&mut self, access: &Access) -> Vec<Value> {
        if self.recorded.0 != access.position.at {
            self.recorded = (access.position.at, BTreeSet::new());
        }
        access.trajectories.iter().map(|trajectory| self.record(access, *trajectory)).collect()
    }

    fn record(&mut self, access: &Access, trajectory: TrajectoryId) -> Value {
        let (trace, action) = (&access.by.trace, name(access.action));
        let is_first = self.recorded.1.insert(trace.span_id.clone());
        let mut attributes = json!({
            "dpl.core.processing_activity_id": format!("{}/{action}", self.register),
            "dpl.core.data_subject_id": trajectory,
            "dpl.core.data_subject_id_type": SUBJECT,
        });
        let mut record = json!({
            "trace_id": trace.trace_id.simple().to_string(),
            "span_id": trace.span_id,
            // A refusal is not a failure of the system.
            "status_code": "STATUS_CODE_UNSET",
            "name": action,
            "start_time": in_milliseconds(access.started_at),
            "end_time": in_milliseconds(access.position.at),
            "resource": {"attributes": {"name": "omklap", "version": env!("CARGO_PKG_VERSION"), "client": access.by.client}},
        });
        if !is_first {
            record["span_id"] = child(access, trajectory).into();
            record["parent_span_id"] = trace.span_id.as_str().into();
        } else if let Some(caller) = &trace.parent_span_id {
            attributes["dpl.core.foreign_operation.trace_id"] = record["trace_id"].clone();
            attributes["dpl.core.foreign_operation.span_id"] = caller.as_str().into();
        }
        record["attributes"] = attributes;
        record
    }
}

/// The action, as the log names it.
fn name(action: Action) -> String {
    let named = serde_json::to_value(action).expect("a word is JSON");
    named.as_str().expect("an action is a word").to_owned()
}

fn in_milliseconds(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The span of a further person of the same request. It is derived, so it is always the same.
fn child(access: &Access, trajectory: TrajectoryId) -> String {
    let digest = Sha256::new()
        .chain_update(access.position.access_id.as_bytes())
        .chain_update(trajectory.0.as_bytes())
        .finalize();
    let first = digest.first_chunk().expect("a digest has 32 bytes");
    format!("{:016x}", u64::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use omklap_store::access_log::{AccessOutcome, Accessor, Position, Trace};
    use uuid::Uuid;

    use super::*;

    /// The required and the optional fields of the standard's interface.
    const REQUIRED: [&str; 7] =
        ["attributes", "end_time", "name", "span_id", "start_time", "status_code", "trace_id"];
    const OPTIONAL: [&str; 2] = ["parent_span_id", "resource"];
    const CORE: [&str; 3] =
        ["dpl.core.data_subject_id", "dpl.core.data_subject_id_type", "dpl.core.processing_activity_id"];
    const FOREIGN: [&str; 2] = ["dpl.core.foreign_operation.span_id", "dpl.core.foreign_operation.trace_id"];

    fn line(trajectories: u128, caller: Option<&str>) -> Access {
        let at: Timestamp = "2026-11-01T09:00:00.123456Z".parse().expect("an instant");
        let trace = Trace {
            trace_id: Uuid::from_u128(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736),
            span_id: "00f067aa0ba902b7".to_owned(),
            parent_span_id: caller.map(str::to_owned),
        };
        let [actor, organisation, role, purpose, client] =
            ["u-7f3a", "de-vaart", "care-provider", "case-work", "de-vaart-ecd"].map(str::to_owned);
        Access {
            position: Position { at, access_id: Uuid::from_u128(1) },
            started_at: at,
            action: Action::List,
            outcome: AccessOutcome::Given,
            trajectories: (1..=trajectories).map(|id| TrajectoryId(Uuid::from_u128(id))).collect(),
            categories: vec!["course".to_owned()],
            registration: None,
            by: Accessor { actor, organisation, role, purpose, client, trace },
        }
    }

    fn names(value: &Value) -> Vec<&str> {
        value.as_object().expect("an object").keys().map(String::as_str).collect()
    }

    #[test]
    fn a_record_has_the_fields_of_the_standard_and_no_others() {
        let records =
            Logboek::of("https://register.example.org/omklap/").records(&line(2, Some("b2e339a595246e01")));
        for record in &records {
            assert!(REQUIRED.iter().all(|field| record.get(field).is_some()), "{record}");
            let known = |name: &&str| REQUIRED.contains(name) || OPTIONAL.contains(name);
            assert!(names(record).iter().all(known), "{record}");
            let attributes = names(&record["attributes"]);
            assert!(CORE.iter().all(|field| attributes.contains(field)), "{record}");
            assert!(attributes.iter().all(|name| CORE.contains(name) || FOREIGN.contains(name)), "{record}");
            assert_eq!(record["trace_id"].as_str().map(str::len), Some(32));
            assert_eq!(record["span_id"].as_str().map(str::len), Some(16));
        }
        let first = &records[0];
        assert_eq!(first["end_time"], "2026-11-01T09:00:00.123Z");
        assert_eq!(
            first["attributes"]["dpl.core.processing_activity_id"],
            "https://register.example.org/omklap/list"
        );
        assert_eq!(first["attributes"]["dpl.core.foreign_operation.span_id"], "b2e339a595246e01");
    }

    #[test]
    fn a_record_is_about_one_person_and_no_two_have_a_span_in_common() {
        let mut logboek = Logboek::of("https://register.example.org");
        let records = [logboek.records(&line(3, None)), logboek.records(&line(1, None))].concat();
        let subjects: Vec<_> =
            records.iter().map(|record| &record["attributes"]["dpl.core.data_subject_id"]).collect();
        assert_eq!((subjects.len(), subjects[0]), (4, subjects[3]));
        let spans: BTreeSet<_> = records[..3].iter().map(|record| record["span_id"].to_string()).collect();
        assert_eq!(spans.len(), 3);
        assert!(records[1..].iter().all(|record| record["parent_span_id"] == "00f067aa0ba902b7"));
        assert!(records[0].get("parent_span_id").is_none());
    }

    #[test]
    fn nobody_who_works_with_the_case_is_named() {
        let records = Logboek::of("https://register.example.org").records(&line(1, None));
        let record = records[0].to_string();
        assert!(!record.contains("u-7f3a") && !record.contains("case-work"), "{record}");
    }
}
