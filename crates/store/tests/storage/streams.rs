//! Streams beside the trajectory: recorded as facts of a case are, checked, and passed over by the feed.

use std::collections::BTreeSet;

use crate::story::*;
use omklap_domain::allocation::{Complex, ComplexFact, StreamFact, StreamId, StreamKind};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::allocation::check::StreamFinding;
use omklap_store::allocation::{ListedStreams, NotRecorded, RecordedFacts, StreamReport, StreamTarget};
use omklap_store::tree::Pace;
use omklap_store::{CheckpointSigner, EventContent, Metadata, Once, Seen, Subject};
use serde_json::{Value, json};
use sqlx::Executor;

#[tokio::test]
async fn a_report_is_recorded_with_its_row_in_two_statements_and_read_back() {
    let story = Story::begins().await;
    let recorded = story.begins_complex(described()).await.expect("admitted");
    let again = story.reports_on(recorded.id, [with(described(), "homes", 30)]).await.expect("admitted");
    assert_eq!((recorded.first_sequence, again.first_sequence, again.history.version()), (1, 2, 2));
    let stream = story.ledger.load_stream::<Complex>(recorded.id).await.expect("readable").expect("there");
    assert_eq!(stream.events[1].hash, again.hashes[0]);
    assert_eq!(stream.history().state().described.expect("described").homes, 30);
    let row: (i64, String, String) = sqlx::query_as("SELECT version, organisation, region FROM streams")
        .fetch_one(story.database.pool())
        .await
        .expect("a row");
    assert_eq!(row, (2, "stadswonen".to_owned(), "noord-limburg".to_owned()));
}

#[tokio::test]
async fn a_report_under_one_key_is_recorded_once() {
    let story = Story::begins().await;
    let report = || {
        let once = Once { client: "stadswonen".to_owned(), key: "k-1".to_owned(), request_hash: [7; 32] };
        StreamReport { once: Some(once), ..begins(described()) }
    };
    let first = story.ledger.record_facts(report()).await.expect("admitted");
    let repeat = story.ledger.record_facts(report()).await.expect("the same answer");
    assert_eq!((first.event_ids, first.hashes), (repeat.event_ids, repeat.hashes));
    let other = StreamReport { facts: vec![read(with(described(), "homes", 9))], ..report() };
    let other = StreamReport { once: other.once.map(|once| Once { request_hash: [8; 32], ..once }), ..other };
    assert!(matches!(story.ledger.record_facts(other).await, Err(NotRecorded::KeyReused)));
    assert_eq!(story.events().await, 1);
}

#[tokio::test]
async fn nothing_is_recorded_of_a_report_that_is_refused_or_only_tried() {
    let story = Story::begins().await;
    let tried = StreamReport { dry_run: true, ..begins(described()) };
    story.ledger.record_facts(tried).await.expect("it would be admitted");
    let elsewhere = with(described(), "municipality", "0957");
    let refused = StreamReport { facts: vec![read(described()), read(elsewhere)], ..begins(described()) };
    let refused = story.ledger.record_facts(refused).await.expect_err("a neighbourhood elsewhere");
    assert!(matches!(refused, NotRecorded::Refused { index: 1, .. }), "{refused}");
    assert_eq!(story.events().await, 0);
}

#[tokio::test]
async fn a_complex_begins_once_and_again_after_all_of_it_was_retracted() {
    let story = Story::begins().await;
    let id = story.begins_complex(described()).await.expect("admitted").id;
    let again = story.begins_complex(described()).await.expect_err("it is there");
    assert!(matches!(again, NotRecorded::AlreadyThere), "{again}");
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-03-01", "corrects": 1});
    story.reports_on(id, [retracted]).await.expect("admitted");
    assert!(matches!(story.reports_on(id, [described()]).await, Err(NotRecorded::NotFound)));
    assert_eq!(story.begins_complex(described()).await.expect("again").first_sequence, 3);
}

#[tokio::test]
async fn of_two_reports_on_one_version_one_is_stale() {
    let story = Story::begins().await;
    let id = story.begins_complex(described()).await.expect("admitted").id;
    let tag = story.ledger.version_tag(id, 1, begins(described()).recorded_at);
    let seen = || StreamReport {
        target: StreamTarget::Existing { id, seen: Seen::Version(1, tag) },
        ..begins(with(described(), "homes", 30))
    };
    story.ledger.record_facts(seen()).await.expect("the first");
    let second = story.ledger.record_facts(seen()).await.expect_err("the second");
    assert!(matches!(second, NotRecorded::Stale { version: 2 }), "{second}");
}

#[tokio::test]
async fn another_corporation_neither_reports_nor_learns_what_is_there() {
    let story = Story::begins().await;
    let id = story.begins_complex(described()).await.expect("admitted").id;
    let by_another =
        |report: StreamReport<Complex>| StreamReport { reporter: corporation("woonzorg"), ..report };
    let on_it = by_another(on(id, [described()]));
    assert!(matches!(story.ledger.record_facts(on_it).await, Err(NotRecorded::NotFound)));
    let begun = by_another(begins(described()));
    assert!(matches!(story.ledger.record_facts(begun).await, Err(NotRecorded::NotTheirs(_))));
}

#[tokio::test]
async fn a_list_shows_a_corporation_its_own_and_a_matching_point_its_region() {
    let story = Story::begins().await;
    story.begins_complex(described()).await.expect("admitted");
    let listed = async |viewer: &Viewer| {
        let list =
            ListedStreams { viewer, organisation: None, region: None, status: None, after: None, limit: 10 };
        story.ledger.list_streams::<Complex>(&list).await.expect("readable").len()
    };
    assert_eq!(listed(&corporation("stadswonen")).await, 1);
    assert_eq!(listed(&corporation("woonzorg")).await, 0);
    let point = Viewer { role: Role::MatchingPoint, ..corporation("transferpunt") };
    assert_eq!(listed(&point).await, 1);
    assert_eq!(listed(&Viewer { regions: BTreeSet::new(), ..point.clone() }).await, 0);
    assert_eq!(listed(&Viewer { role: Role::Client, ..point }).await, 0);
}

#[tokio::test]
async fn the_feed_has_streams_and_cases_in_one_order_and_the_events_of_each() {
    let story = Story::begins().await;
    let first = story.opened().await;
    let complex = story.begins_complex(described()).await.expect("admitted").id;
    let second = story.opened().await;
    let feed = story.ledger.feed();
    let page = feed.whole_events_after(0, 10).await.expect("readable");
    let complex = Subject::Stream(StreamKind::Complex, complex);
    let subjects: Vec<_> = page.iter().map(|event| event.subject).collect();
    assert_eq!(subjects, [first.into(), complex, second.into()]);
    let of_one = feed.events_of(complex, 0, page[2].position, 10).await.expect("readable");
    assert_eq!(of_one.iter().map(|event| event.position).collect::<Vec<_>>(), [page[1].position]);
    let EventContent::OfStream(fact) = &page[1].event else { panic!("{page:?}") };
    assert_eq!((fact.sequence, fact.fact_type), (1, "complex-described"));
    assert_eq!(fact.fact.as_ref().expect("it is whole")["homes"], described()["homes"]);
}

#[tokio::test]
async fn a_check_names_a_row_that_differs_and_a_rebuild_writes_it_again() {
    let story = Story::begins().await;
    story.begins_complex(described()).await.expect("admitted");
    assert_eq!(story.findings().await, []);
    story.owner("UPDATE streams SET region = 'amsterdam'").await;
    assert_eq!(story.findings().await, [StreamFinding::RowDiffers]);
    assert_eq!(story.ledger.rebuild_streams().await.expect("rebuilt").mended, 1);
    assert_eq!(story.findings().await, []);
    story.owner("DELETE FROM streams").await;
    assert_eq!(story.findings().await, [StreamFinding::RowDiffers]);
    assert_eq!(story.ledger.rebuild_streams().await.expect("rebuilt").mended, 1);
}

#[tokio::test]
async fn the_tree_covers_streams_and_finds_one_that_was_changed_or_cut_off() {
    let story = Story::begins().await;
    let id = story.begins_complex(described()).await.expect("admitted").id;
    story.reports_on(id, [with(described(), "homes", 30)]).await.expect("admitted");
    let signer = story.database.signer();
    signer.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed");
    assert_eq!(wrong_in(&signer).await, Vec::<String>::new());
    story.owner("SET session_replication_role = replica; UPDATE events SET payload = replace(payload::text, '30', '99')::json WHERE sequence = 2").await;
    assert_eq!(wrong_in(&signer).await.len(), 1);
    assert!(story.ledger.load_stream::<Complex>(id).await.is_err(), "it is not shown");
    story.owner("SET session_replication_role = replica; DELETE FROM events WHERE sequence = 2").await;
    assert!(!wrong_in(&signer).await.is_empty());
}

// The words of these tests.

impl Story {
    pub async fn begins_complex(&self, fact: Value) -> Result<RecordedFacts<Complex>, NotRecorded> {
        self.ledger.record_facts(begins(fact)).await
    }

    async fn reports_on(
        &self,
        id: StreamId,
        facts: impl IntoIterator<Item = Value>,
    ) -> Result<RecordedFacts<Complex>, NotRecorded> {
        self.ledger.record_facts(on(id, facts)).await
    }

    async fn events(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM events")
            .fetch_one(self.database.pool())
            .await
            .expect("a count")
    }

    async fn findings(&self) -> Vec<StreamFinding> {
        let mut findings = Vec::new();
        self.ledger.check_streams(|_, finding| findings.push(finding)).await.expect("checked");
        findings
    }

    async fn owner(&self, statement: &str) {
        let mut owner = self.database.as_owner().await;
        owner.execute(statement).await.expect("an owner may");
    }
}

/// What is wrong with the tree and its events.
async fn wrong_in(signer: &CheckpointSigner) -> Vec<String> {
    let mut findings = Vec::new();
    let report = |_, found: Vec<omklap_store::tree::LedgerFinding>| {
        findings.extend(found.iter().map(ToString::to_string));
    };
    signer.tree.check(&signer.keys, &signer.checkpoints_file, report).await.expect("checked");
    findings
}

pub fn described() -> Value {
    json!({
        "type": "complex-described", "occurredOn": "2026-02-02", "complex": "C-118", "corporation": "stadswonen",
        "region": "noord-limburg", "municipality": "0983", "neighbourhood": "BU09830101", "homes": 24
    })
}

fn with(mut fact: Value, field: &str, value: impl Into<Value>) -> Value {
    fact[field] = value.into();
    fact
}

fn read(fact: Value) -> ComplexFact {
    serde_json::from_value(fact).expect("a fact")
}

fn begins(fact: Value) -> StreamReport<Complex> {
    let fact = read(fact);
    let id = fact.stream().expect("it names its complex");
    StreamReport {
        target: StreamTarget::New(id),
        facts: vec![fact],
        reporter: corporation("stadswonen"),
        metadata: Metadata::from([("actor".to_owned(), "u-7f3a".to_owned())]),
        recorded_at: code("2026-03-02T09:00:00Z"),
        today: code("2026-03-02"),
        register: std::sync::Arc::default(),
        once: None,
        dry_run: false,
    }
}

fn on(id: StreamId, facts: impl IntoIterator<Item = Value>) -> StreamReport<Complex> {
    let target = StreamTarget::Existing { id, seen: Seen::Any };
    StreamReport { target, facts: facts.into_iter().map(read).collect(), ..begins(described()) }
}

fn corporation(organisation: &str) -> Viewer {
    let regions = BTreeSet::from([code("noord-limburg")]);
    Viewer { role: Role::HousingCorporation, organisation: code(organisation), regions, trajectory: None }
}
