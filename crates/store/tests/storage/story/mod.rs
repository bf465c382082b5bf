//! The vocabulary of the tests of the ledger.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::RegisteredByMistake;
use omklap_store::access_log::{Accessor, Action, Line, Trace};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{Ledger, Metadata, Once, OperatorKey, RecordError, Recorded, Report, Seen, Target};
use serde_json::json;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// A ledger on a database of its own.
pub struct Story {
    pub ledger: Ledger,
    pub database: ScratchDatabase,
}

impl Story {
    pub async fn begins() -> Self {
        let database = ScratchDatabase::create().await;
        Self { ledger: ledger_on(database.pool().clone()), database }
    }

    /// Opens a trajectory.
    pub async fn opened(&self) -> TrajectoryId {
        let id = new_id();
        self.ledger.record(opens(id, [intake()])).await.expect("an intake is admitted");
        id
    }

    /// Records more facts of a trajectory.
    pub async fn goes_on(&self, id: TrajectoryId, facts: impl Into<Vec<Fact>>) -> Recorded {
        self.ledger.record(reports(id, facts)).await.expect("admitted")
    }

    /// Records a whole case, fact by fact, on the day of its last fact.
    pub async fn record_case(&self, facts: &[Fact]) -> TrajectoryId {
        let id = new_id();
        let today = facts.iter().map(Fact::occurred_on).max().expect("a story has facts");
        for fact in facts {
            // The case that it names exists.
            if let Fact::RegisteredByMistake(RegisteredByMistake { same_as: Some(other), .. }) = fact {
                self.ledger.record(opens(*other, [intake()])).await.ok();
            }
        }
        let recorded_at = code(&format!("{today}T09:00:00Z"));
        let (first, rest) = facts.split_at(1);
        let opening = Report { today, recorded_at, ..opens(id, first) };
        self.ledger.record(opening).await.expect("admitted");
        for fact in rest {
            let next = Report { today, recorded_at, ..reports(id, [fact.clone()]) };
            self.ledger.record(next).await.expect("admitted");
        }
        id
    }

    /// The facts of a trajectory as JSON, with their private texts decrypted.
    pub async fn texts(&self, id: TrajectoryId) -> String {
        let mut facts = self.facts(id).await;
        self.ledger.open_texts(facts.iter_mut().map(|fact| (id, fact))).await.expect("the texts open");
        serde_json::to_string(&facts).expect("facts are JSON")
    }

    pub async fn facts(&self, id: TrajectoryId) -> Vec<Fact> {
        self.ledger.load(id).await.expect("readable").expect("there").history().into()
    }

    pub async fn version(&self, id: TrajectoryId) -> u64 {
        self.ledger.load(id).await.expect("readable").map_or(0, |stream| stream.version())
    }
}

pub fn ledger_on(pool: sqlx::PgPool) -> Ledger {
    Ledger::new(pool, OperatorKey::of_tests(), Arc::new(AgreementSets::shipped()))
}

pub fn new_id() -> TrajectoryId {
    TrajectoryId(Uuid::from_u128(rand::random()))
}

pub fn opens(id: TrajectoryId, facts: impl Into<Vec<Fact>>) -> Report {
    Report {
        trajectory: Target::New(id),
        facts: facts.into(),
        reporter: None,
        metadata: Metadata::from([("actor".to_owned(), "u-7f3a".to_owned())]),
        recorded_at: "2026-03-02T09:00:00.123456789Z".parse().expect("an instant"),
        today: "2026-03-02".parse().expect("a day"),
        once: None,
        dry_run: false,
        register: None,
        reference: None,
        access: Line::new(case_worker(), Action::Report, code("2026-03-02T09:00:00Z"), vec![id]),
    }
}

pub fn case_worker() -> Accessor {
    let trace =
        Trace { trace_id: Uuid::from_u128(7), span_id: "00f067aa0ba902b7".to_owned(), parent_span_id: None };
    let [actor, organisation, role, purpose, client] =
        ["u-7f3a", "de-vaart", "care-provider", "case-work", "de-vaart-ecd"].map(str::to_owned);
    Accessor { actor, organisation, role, purpose, client, trace }
}

/// A code, a day or an instant that is known to be well-formed.
pub fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("well written")
}

pub fn reports(id: TrajectoryId, facts: impl Into<Vec<Fact>>) -> Report {
    Report { trajectory: Target::Existing { id, seen: Seen::Any }, ..opens(id, facts) }
}

/// A report with the version that its reporter saw. Its tag is right because every fact of these
/// tests is recorded at the same instant.
pub fn seen(ledger: &Ledger, version: u64, report: Report) -> Report {
    let id = report.trajectory.id();
    let tag = ledger.version_tag(id, version, report.recorded_at);
    Report { trajectory: Target::Existing { id, seen: Seen::Version(version, tag) }, ..report }
}

pub fn once(key: &str, report: Report) -> Report {
    let body = serde_json::to_vec(&report.facts).expect("facts are JSON");
    let request_hash = std::array::from_fn(|at| {
        body.iter().skip(at).step_by(32).fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
    });
    Report { once: Some(Once { client: "de-vaart".to_owned(), key: key.to_owned(), request_hash }), ..report }
}

pub fn fact(json: serde_json::Value) -> Fact {
    serde_json::from_value(json).expect("a fact")
}

pub fn intake() -> Fact {
    fact(json!({
        "type": "intake-registered", "occurredOn": "2026-02-02", "clientName": "Ada de Wit",
        "origin": "sheltered-housing", "careProvider": "de-vaart", "municipality": "venlo", "region": "noord-limburg",
        "agreementSet": {"id": "noord-limburg", "version": 1}
    }))
}

pub fn privacy_explained() -> Fact {
    fact(
        json!({"type": "privacy-explained", "occurredOn": "2026-02-03", "sharedWith": ["housing-corporation"]}),
    )
}

pub fn outflow_announced() -> Fact {
    fact(json!({"type": "outflow-announced", "occurredOn": "2026-02-04", "expectedOn": "2026-09-01"}))
}

pub fn case_discussed(outcome: &str) -> Fact {
    fact(
        json!({"type": "case-discussed", "occurredOn": "2026-02-05", "bottleneck": "income", "outcome": outcome}),
    )
}

pub fn other_agreements() -> Fact {
    fact(json!({
        "type": "agreement-set-changed", "occurredOn": "2026-02-04",
        "agreementSet": {"id": "eindhoven", "version": 1}, "reason": "verhuisd"
    }))
}

/// A fact that is not admitted before the client has moved in.
pub fn welcome_talk() -> Fact {
    fact(json!({"type": "welcome-talk-held", "occurredOn": "2026-02-05"}))
}

/// The columns of a table, except those that the database makes.
pub async fn columns_given(owner: &mut PgConnection, table: &str) -> String {
    let columns = "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";
    sqlx::query_scalar(columns).bind(table).fetch_one(owner).await.expect("the catalogue")
}

/// The error of a report that must fail.
pub fn error(outcome: Result<Recorded, RecordError>) -> RecordError {
    outcome.expect_err("the report must fail")
}

/// The facts of each case in `demo/`.
/// A client with an open offer: the first facts of a demo case, with a home that no other case holds.
pub fn client_with_an_offer() -> Vec<Fact> {
    let case = include_str!("../../../../../demo/08-mila-a-refused-offer-and-a-second-one.ndjson");
    let case = case.replace("KW-7719", "KW-1");
    let facts: Vec<Fact> = case.lines().map(|line| serde_json::from_str(line).expect("a fact")).collect();
    let offered = facts.iter().position(|fact| matches!(fact, Fact::DwellingOffered(_)));
    facts[..=offered.expect("a home is offered")].to_vec()
}

pub fn demo_cases() -> Vec<Vec<Fact>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let files = std::fs::read_dir(folder).expect("the demo cases").map(|file| file.expect("readable").path());
    let cases = files.filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"));
    let read = |path| std::fs::read_to_string(path).expect("readable");
    cases
        .map(|path| read(path).lines().map(|line| serde_json::from_str(line).expect("a fact")).collect())
        .collect()
}
